"""With whom a device may talk after its alert, and which gaps concern an interface (5.7-2-2, 5.6-2-2 a)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import FailedBootObservation
from pytest_etsi.probes.capture import CaptureObservation, ConnectionAttempt, Flow
from pytest_etsi.probes.disclosure import DisclosureObservation
from tests.criteria.documents import entry_of, profile_of

DEVICE = "192.0.2.7"
FLOW = Flow(
    server="198.51.100.9", server_port=443, protocol="tls", protection="tls", transport="tcp", client=DEVICE,
    client_port=40_000, first_s=1.0, last_s=2.0, packets=(5, 5), octets=(500, 500),
)  # fmt: skip
SOUND = CaptureObservation("a.pcap", 10, 1.0, 2.0, (DEVICE,), True, (), {}, (FLOW,), {})


def levels(alerts_on, *attempts, at_gateway):
    entry = entry_of("20-SecBoot", {"facts": {"alerts_on": alerts_on}})
    after = replace(
        SOUND,
        flows=(),
        attempts=tuple(ConnectionAttempt(1.0, DEVICE, one, 443, "refused") for one in attempts),
    )
    seen = FailedBootObservation(SOUND, after, "the light blinks", at_gateway=at_gateway)
    return [finding.kind for finding in criteria.failed_boot.watched(entry, seen)]


@pytest.mark.parametrize("alerts_on", [["device"], ["serial"], ["device", "serial"]])
@pytest.mark.parametrize("at_gateway", [True, False])
def test_an_alert_on_the_device_itself_calls_nobody_in_a_wider_network(alerts_on, at_gateway):
    assert levels(alerts_on, at_gateway=at_gateway) == []
    assert levels(alerts_on, "203.0.113.9", at_gateway=at_gateway) == ["violation"]


LOCAL = [
    "192.168.1.9", "172.16.0.1", "172.31.255.254", "100.64.0.1", "100.127.255.254", "169.254.7.7", "::ffff:10.1.2.3",
    "fd12::9", "fe80::1%eth0", "ff02::fb", "ff05::2", "239.255.255.250",
]  # fmt: skip
WIDER = [
    "172.15.0.1",
    "172.32.0.1",
    "100.63.0.1",
    "100.128.0.1",
    "192.169.0.1",
    "fcm.example",
    "ff0e::1",
    "2001:db8::1",
]


@pytest.mark.parametrize("address", LOCAL)
def test_an_address_of_the_local_network_counts_only_where_nothing_local_is_recorded(address):
    assert levels(["device"], address, at_gateway=True) == ["violation"]
    assert levels(["device"], address, at_gateway=False) == []


@pytest.mark.parametrize("address", WIDER)
def test_an_address_that_only_begins_like_a_local_one_is_of_a_wider_network(address):
    assert levels(["device"], address, at_gateway=False) == ["violation"]


@pytest.mark.parametrize(
    ("types", "gap", "concerns"),
    [
        (["logical"], "tcp/443: it did not answer", True),
        (["logical"], "tcp/22: it did not answer", False),
        (["network", "logical"], "tcp/22: it did not answer", False),
        (["network"], "tcp/22: it did not answer", True),
    ],
)
def test_a_gap_at_another_port_concerns_only_what_carries_all_ports(types, gap, concerns):
    facts = {"type": types, "enabled": True, "endpoint": "443/tcp"}
    profile = profile_of({"15-Intf": [{"ID": "Intf", "Disclosed Information": "nothing", "facts": facts}]})
    seen = [DisclosureObservation("192.0.2.7", (), ("tcp/443 https",), (gap,))]

    assert bool(criteria.disclosure.undeclared(profile.ixit.intf[0], profile, seen).unknowns) is concerns
