"""What a device says after a failed secure boot, against the documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import captures
import pytest
from captures import BOOT, DEVICE, MECHANISM
from documents import entry_of, ixit_of

from pytest_etsi import criteria
from pytest_etsi.assessment.criteria._local import is_local
from pytest_etsi.dut import FailedBootObservation
from pytest_etsi.probes.capture import ConnectionAttempt, Flow


@pytest.mark.parametrize(
    ("flows", "level"),
    [
        ([], None),
        ([captures.flow("192.168.1.1", 53, transport="udp", protocol="dns")], None),
        ([captures.flow("203.0.113.5", 80)], "violation"),
        ([captures.flow()], "unknown"),
        ([captures.flow("203.0.113.5", 123, transport="udp", protocol="ntp")], "unknown"),
    ],
)
def test_only_documented_communication_is_left_after_a_detection(
    flows: list[Flow], level: str | None
) -> None:
    found = criteria.failed_boot.in_captures(
        BOOT, [captures.capture(*flows)], ixit_of({"11-ComMech": [MECHANISM]})
    )

    assert [one.kind for one in found] == ([level] if level else [])


@pytest.mark.parametrize(
    ("client", "packets", "levels"),
    [
        ("203.0.113.5", (1, 1), ["unknown"]),
        ("203.0.113.5", (1, 0), []),
        ("192.168.1.9", (1, 1), []),
    ],
)
def test_an_answer_to_a_wider_network_after_a_detection_is_left_to_a_person(
    client: str, packets: tuple[int, int], levels: list[str]
) -> None:
    flow = captures.flow(
        DEVICE, 123, client=client, transport="udp", protocol="", protection="unknown", packets=packets
    )
    ixit = ixit_of({"11-ComMech": [MECHANISM]})

    assert [
        one.kind for one in criteria.failed_boot.in_captures(BOOT, [captures.capture(flow)], ixit)
    ] == levels
    assert _watched(LIGHT, flow, at_gateway=False) == levels
    assert _watched(LIGHT, flow) == (["unknown"] if packets[1] else [])


@pytest.mark.parametrize(
    ("address", "local"),
    [
        ("10.1.2.3", True),
        ("172.16.0.1", True),
        ("172.31.255.1", True),
        ("172.32.0.1", False),
        ("192.168.1.1", True),
        ("169.254.7.7", True),
        ("127.0.0.1", True),
        ("224.0.0.251", True),
        ("239.255.255.250", True),
        ("255.255.255.255", True),
        ("198.51.100.1", False),
        ("fe80::1", True),
        ("fe80::1%eth0", True),
        ("fd12:3456::1", True),
        ("fc00::1", True),
        ("ff02::fb", True),
        ("::1", True),
        ("2001:db8::1", False),
        ("fcdn.example", False),
    ],
)
def test_addresses_of_a_local_network_are_known(address: str, local: bool) -> None:
    assert is_local(address) == local


def test_a_capture_after_a_detection_that_is_empty_or_cut_short_is_open() -> None:
    none = ixit_of({})

    (empty,) = criteria.failed_boot.in_captures(BOOT, [replace(captures.capture(), packets=0)], none)
    (cut,) = criteria.failed_boot.in_captures(BOOT, [captures.capture(missing=["lost"])], none)

    assert (empty.kind, "is empty" in empty.message) == ("unknown", True)
    assert (cut.kind, cut.message) == ("unknown", "a.pcap: lost")


LIGHT = {"facts": {"alerts_on": ["device"]}, "access": {"watch_s": 12}}
MAIL = {"facts": {"alerts_on": ["mail"], "alert_hosts": ["alert.example", "203.0.113.5:25"]}}


def _watched(
    content: dict[str, Any], *flows: Flow, attempts: tuple[ConnectionAttempt, ...] = (), **changes: Any
) -> list[str]:
    """Levels of the findings on a device that sent these flows after its alert."""
    sound = FailedBootObservation(
        captures.capture(captures.flow()),
        replace(captures.capture(*flows), attempts=attempts),
        "the light blinks",
        at_gateway=True,
    )
    found = criteria.failed_boot.watched(entry_of("20-SecBoot", content), replace(sound, **changes))
    return [one.kind for one in found]


def test_a_device_that_falls_silent_with_its_alert_passes() -> None:
    assert _watched(LIGHT) == []


def test_any_contact_with_a_wider_network_refutes_an_alert_on_the_device_alone() -> None:
    refused = ConnectionAttempt(1.0, DEVICE, "203.0.113.9", 443, "refused")

    assert _watched(LIGHT, captures.flow()) == ["violation"]
    assert _watched(LIGHT, captures.flow("203.0.113.5", 123, transport="udp", protocol="ntp")) == [
        "violation"
    ]
    assert _watched(LIGHT, attempts=(refused,)) == ["violation"]
    assert _watched(LIGHT, attempts=(refused._replace(client="192.0.2.250"),)) == []


def test_addresses_of_the_local_network_count_only_where_nothing_local_is_recorded() -> None:
    near = captures.flow("192.168.1.1", 443)

    assert _watched(LIGHT, near, at_gateway=False) == []
    assert _watched(LIGHT, near, at_gateway=True) == ["violation"]


def test_the_documented_hosts_of_an_alert_may_be_talked_to() -> None:
    assert _watched(MAIL, captures.flow("203.0.113.5", 25)) == []
    assert _watched(MAIL, captures.flow("203.0.113.5", 80)) == ["violation"]
    assert _watched(MAIL, captures.flow("203.0.113.6", 53, transport="udp", protocol="dns")) == ["unknown"]
    assert _watched({"facts": {"alerts_on": ["mail"]}}, captures.flow()) == ["unknown"]
    assert _watched({}, captures.flow()) == ["unknown"]


def test_a_host_of_an_alert_may_be_named_as_the_device_called_it() -> None:
    called = {"facts": {"alerts_on": ["mail"], "alert_hosts": ["api.example"]}}
    found = criteria.failed_boot.watched(
        entry_of("20-SecBoot", LIGHT),
        FailedBootObservation(
            captures.capture(captures.flow()),
            captures.capture(captures.flow()),
            "the light blinks",
            at_gateway=True,
        ),
    )

    assert _watched(called, captures.flow()) == []
    assert [one.expected for one in found.violations] == ["nothing beyond the local network"]


def test_silence_that_may_be_the_recorders_is_open() -> None:
    assert _watched(LIGHT, before=captures.capture()) == ["unknown"]
    assert _watched(LIGHT, after=None, alert="", open=("the operation failed",)) == ["unknown"]
    assert _watched(LIGHT, after=replace(captures.capture(), missing=("packets were lost",))) == ["unknown"]
    nothing = FailedBootObservation()
    assert criteria.failed_boot.watched(entry_of("20-SecBoot", LIGHT), nothing).unknowns
