"""What of a profile must not be shown."""

from __future__ import annotations

from pathlib import Path

from pytest_etsi.profile import load_profile

CAMERA = Path(__file__).parents[2] / "device_profiles" / "virtual-camera" / "profile.yaml"


def test_every_credential_of_the_access_parts_is_hidden_wherever_it_came_from() -> None:
    hidden = load_profile(CAMERA).redactions

    assert {
        "owner_password",
        "viewer_password",
        "stream_password",
        "control_token",
        "cloud_token",
        "neighbour_token",
    } == set(hidden)


def test_names_and_addresses_are_not_hidden() -> None:
    profile = load_profile(CAMERA)

    assert not {"owner", "stream", "application/json", *profile.access.network.hosts} & set(
        profile.redactions
    )
