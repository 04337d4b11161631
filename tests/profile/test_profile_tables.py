"""Tables of a loaded profile."""

from __future__ import annotations

from pathlib import Path

import pytest

from pytest_etsi.profile import load_profile

CAMERA = Path(__file__).parents[2] / "device_profiles" / "virtual-camera" / "profile.yaml"


@pytest.mark.parametrize("name", ["24-TelData", "TelData", "tel_data"])
def test_table_without_entries_is_found_by_each_of_its_names(name: str) -> None:
    table = load_profile(CAMERA).ixit.table(name)

    assert (table.id, len(table)) == ("24-TelData", 0)
