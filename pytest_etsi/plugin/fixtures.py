"""Fixtures for every kind of access to the device, for the bundled test units and a project's own tests alike.

They need nothing but a device profile. Without one, a test that asks for them is skipped. With one profile they live as
long as the session, so that session fixtures of a project may build on them; with several, each test runs once for each
device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.assessment.evaluation import UnitJudgement
    from pytest_etsi.dut import Dut, Network
    from pytest_etsi.evidence import EvidenceScope
    from pytest_etsi.plugin.running import ProjectEvidence
    from pytest_etsi.probes.serial import Console
    from pytest_etsi.profile import Ics, Ixit, Profile

__all__ = [
    "etsi_cloud",
    "etsi_console",
    "etsi_dut",
    "etsi_evidence",
    "etsi_ics",
    "etsi_ixit",
    "etsi_judgement",
    "etsi_network",
    "etsi_profile",
]

NO_PROFILE = "needs a device profile: run pytest with --etsi-profile=PROFILE"


def _scope(fixture_name: str, config: pytest.Config) -> Any:  # noqa: ARG001 - called by pytest with these names
    """Session for one device, function for several."""
    profiles = config.getoption("etsi_profile") or config.getini("etsi_profile")
    return "session" if len(profiles) < 2 else "function"


def _device(request: pytest.FixtureRequest) -> Any:
    from pytest_etsi.plugin.devices import device_of

    device = device_of(request)
    if device is None:
        pytest.skip(NO_PROFILE)
    return device


@pytest.fixture(scope=_scope)
def etsi_profile(request: pytest.FixtureRequest) -> Profile:
    """The device profile: ``etsi_profile.dut.model``, ``.edition``, ``.access``, ``.permissions``.

    Example::

        def test_release_is_the_one_to_be_assessed(etsi_profile):
            assert etsi_profile.dut.software == "1.4.2"
    """
    profile: Profile = _device(request).profile
    return profile


@pytest.fixture(scope=_scope)
def etsi_dut(request: pytest.FixtureRequest, etsi_profile: Profile) -> Dut:  # noqa: ARG001 - parametrized by device
    """The device under test: who it is, its state, and every way to reach it. No other worker uses it meanwhile.

    Example::

        def test_device_is_the_right_one(etsi_dut):
            assert etsi_dut.observed_identity()["verified"]
    """
    dut: Dut = _device(request).use()
    return dut


@pytest.fixture(scope=_scope)
def etsi_network(etsi_dut: Dut) -> Network:
    """The device on the network: httpx and paramiko clients that reach the profile's hosts and no others.

    Example::

        def test_web_page_answers(etsi_network, etsi_ixit):
            with etsi_network.http() as client:
                assert client.get(etsi_ixit.auth_mech[0].access.url).status_code == 200
    """
    return etsi_dut.network


@pytest.fixture(scope=_scope)
def etsi_console(etsi_dut: Dut) -> Console:
    """The serial console (UART), opened: send, expect with a timeout; the transcript is kept as evidence.

    Example::

        def test_console_is_silent(etsi_console):
            etsi_console.send_line("root")
            assert not etsi_console.read_for(seconds=1)
    """
    return etsi_dut.console


@pytest.fixture(scope=_scope)
def etsi_cloud(etsi_dut: Dut) -> httpx.Client:
    """An httpx client for the associated service, with the profile's base URL, headers and trust.

    Example::

        def test_service_is_up(etsi_cloud):
            assert etsi_cloud.get("/v1/health").is_success
    """
    return etsi_dut.cloud


@pytest.fixture(scope=_scope)
def etsi_ixit(etsi_profile: Profile) -> Ixit:
    """The IXIT: tables as attributes (``etsi_ixit.auth_mech``), entries by ID, fields by their names in the pro forma.

    Example::

        def test_login_is_documented(etsi_ixit):
            assert etsi_ixit.auth_mech.get("AuthMech-web")["Description"]
    """
    return etsi_profile.ixit


@pytest.fixture(scope=_scope)
def etsi_ics(etsi_profile: Profile) -> Ics:
    """The ICS: what the manufacturer claims, by provision.

    Example::

        def test_passwords_are_claimed(etsi_ics):
            assert etsi_ics.rows["5.1-1"].support == "Y"
    """
    return etsi_profile.ics


@pytest.fixture
def etsi_evidence(request: pytest.FixtureRequest, etsi_profile: Profile) -> EvidenceScope | ProjectEvidence:  # noqa: ARG001
    """Keeps evidence beside what the probes keep by themselves: hashed, free of secrets, named by the unit.

    Example::

        def test_settings_are_kept(etsi_evidence, etsi_network):
            etsi_evidence.add("measurements", {"volts": [4.9, 5.0]})
    """
    from pytest_etsi.plugin.running import evidence_of

    kept: EvidenceScope | ProjectEvidence = evidence_of(request, _device(request))
    return kept


@pytest.fixture
def etsi_judgement(request: pytest.FixtureRequest, etsi_profile: Profile) -> UnitJudgement:  # noqa: ARG001
    """The recorded judgement of a competent person on the unit that the test evaluates.

    ``required()`` returns when a valid one holds; a failed one is a FAIL, a missing or stale one INCONCLUSIVE.

    Example::

        @unit("5.1-5-1", "a")
        def test_prevention_is_adequate(auth_mech, etsi_judgement):
            assert auth_mech["Brute Force Prevention"], "no prevention is documented"
            etsi_judgement.required()
    """
    from pytest_etsi.plugin.running import judgement_of

    return judgement_of(request, _device(request))
