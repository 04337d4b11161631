"""What a device exposes, by hand and at the bench, against the list."""

from __future__ import annotations

from typing import Any

import pytest
from documents import profile_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.exposure import Attached, Periods, Phase

LAN = {
    "ID": "Lan",
    "facts": {"type": ["physical"], "exposure": "required"},
    "access": {"responds": "^ethernet"},
}
JTAG = {
    "ID": "Jtag",
    "facts": {"type": ["physical"], "exposure": "not-required"},
    "access": {"responds": "^jtag"},
}
ITEM = {"what": "a socket", "interface": "Lan"}
ANSWERING = Attached(("ethernet: up",))


def profile(*found: dict[str, Any], whole: bool = True) -> Any:
    inventory = {"by": "A. Tester", "date": "2026-11-01", "whole": whole, "found": list(found)}
    return profile_of({"15-Intf": [LAN, JTAG]}, access={"inventory": inventory})


def kinds(found: criteria.Findings) -> list[str]:
    return [one.kind for one in found]


@pytest.mark.parametrize(
    ("found", "levels"),
    [
        ([ITEM], []),
        ([ITEM, {"what": "a hole"}], ["violation"]),
        ([ITEM, {"what": "pins on the board", "reached": False}], []),
        ([ITEM, {"what": "test points", "interface": "Jtag"}], ["violation"]),
        ([ITEM, {"what": "test points", "interface": "Jtag", "reached": False}], []),
        ([ITEM, {"what": "a plug", "interface": "None-such"}], ["unknown"]),
        ([], ["unknown"]),
    ],
)
def test_what_was_found_by_hand_is_compared_with_the_list(
    found: list[dict[str, Any]], levels: list[str]
) -> None:
    assert kinds(criteria.exposed.listed(profile(*found), ANSWERING)) == levels


@pytest.mark.parametrize(
    ("attached", "levels"),
    [
        (ANSWERING, []),
        (Attached(("ethernet: up", "usb: a disk")), ["violation"]),
        (Attached(("ethernet: up", "jtag: one device")), ["violation"]),
        (Attached(gap="nobody has looked"), ["unknown"]),
        # A bench that sees nothing it should see hears nothing.
        (Attached(()), ["unknown"]),
    ],
)
def test_what_responds_at_the_bench_is_compared_with_the_list(attached: Attached, levels: list[str]) -> None:
    assert kinds(criteria.exposed.listed(profile(ITEM), attached)) == levels


def test_silent_connectors_are_for_a_person_to_find() -> None:
    nobody = profile_of({"15-Intf": [LAN, JTAG]})

    assert kinds(criteria.exposed.listed(nobody, ANSWERING)) == ["unknown"]
    assert kinds(criteria.exposed.listed(profile(ITEM, whole=False), ANSWERING)) == ["unknown"]


@pytest.mark.parametrize(
    ("found", "attached", "levels"),
    [
        ([], ANSWERING, []),
        ([{"what": "test points", "interface": "Jtag"}], ANSWERING, ["violation"]),
        ([{"what": "test points", "interface": "Jtag", "reached": False}], ANSWERING, []),
        ([], Attached(("jtag: one device",)), ["violation"]),
    ],
)
def test_a_casing_that_guards_nothing_is_refuted(
    found: list[dict[str, Any]], attached: Attached, levels: list[str]
) -> None:
    documents = profile(*found)

    assert kinds(criteria.exposed.reached(documents.ixit.intf.get("Jtag"), documents, attached)) == levels


SCAN = {"scan": {"url": "http://192.0.2.9/radio"}, "seen": "lamp"}
OFF = Phase("idle", on=False, expected=False)
ON = Phase("in factory default", on=True, expected=True)


def intf(*, enabled: bool | None = False, **access: Any) -> Any:
    facts = {"type": ["air"], "exposure": "intermittent"} | ({} if enabled is None else {"enabled": enabled})
    given = {"ID": "Radio", "facts": facts, "access": access}
    return profile_of({"15-Intf": [given]}, access={"bench_hosts": ["192.0.2.9"]}).ixit.intf[0]


@pytest.mark.parametrize(
    ("seen", "levels"),
    [
        (Periods((OFF, ON), beacon=True), []),
        (Periods((Phase("idle", on=True, expected=False), ON), beacon=True), ["violation"]),
        (Periods((OFF, ON), beacon=None), ["unknown"]),
        (Periods((OFF, ON), beacon=False), ["unknown"]),
        (Periods((OFF,), beacon=True), ["unknown"]),
        (Periods((OFF, ON), beacon=True, gaps=("not listened to at start",)), ["unknown"]),
        (Periods(gaps=("no receiver",)), ["unknown"]),
    ],
)
def test_a_radio_is_off_where_a_receiver_that_hears_and_knows_it_does_not_hear_it(
    seen: Periods, levels: list[str]
) -> None:
    assert kinds(criteria.exposed.radio(intf(**SCAN), seen)) == levels
    assert kinds(criteria.exposed.periods(intf(**SCAN), seen)) == levels


def test_a_radio_whose_status_is_not_stated_is_open() -> None:
    found = criteria.exposed.radio(intf(enabled=None, **SCAN), Periods((OFF, ON), beacon=True))

    assert kinds(found) == ["unknown"]


def test_a_radio_that_is_enabled_and_not_heard_is_open() -> None:
    silent = Phase("idle", on=False, expected=True)

    assert "unknown" in kinds(
        criteria.exposed.radio(intf(enabled=True, **SCAN), Periods((silent,), beacon=True))
    )


@pytest.mark.parametrize(
    ("phases", "levels"),
    [
        ((Phase("enabled", on=True, expected=True), Phase("closed", on=False, expected=False)), []),
        ((Phase("enabled", on=True, expected=True), Phase("closed", on=True, expected=False)), ["violation"]),
        ((Phase("enabled", on=False, expected=True), Phase("closed", on=False, expected=False)), ["unknown"]),
    ],
)
def test_a_connector_is_off_where_it_answered_while_it_was_on(
    phases: tuple[Phase, ...], levels: list[str]
) -> None:
    assert kinds(criteria.exposed.periods(intf(), Periods(phases))) == levels


def second(*found: dict[str, Any], status: str = "enabled", **facts: Any) -> Any:
    inventory = {"by": "A. Tester", "date": "2026-11-01", "whole": True, "found": list(found)}
    lan = {"ID": "Lan", "Status": status, "facts": facts, "access": {"responds": "^ethernet"}}
    return profile_of({"15-PhyIntf": [lan]}, edition="2.1.1", access={"inventory": inventory})


@pytest.mark.parametrize(
    ("found", "lines", "levels"),
    [
        ([ITEM], ["ethernet: up"], []),
        ([{"what": "a Bluetooth module"}], ["ethernet: up"], ["violation"]),
        ([{"what": "a hole"}], ["ethernet: up"], ["note"]),
        ([ITEM], ["ethernet: up", "wifi: 2.4 GHz"], ["violation"]),
        ([ITEM], ["ethernet: up", "usb: a disk"], ["note"]),
        ([], [], []),
    ],
)
def test_a_network_interface_that_the_list_lacks_is_found(
    found: list[dict[str, Any]], lines: list[str], levels: list[str]
) -> None:
    assert kinds(criteria.exposed.unlisted_networks(second(*found), Attached(tuple(lines)))) == levels


@pytest.mark.parametrize(
    ("status", "lines", "levels", "debugging"),
    [
        ("enabled", ["ethernet: up"], [], ["unknown"]),
        ("disabled", ["ethernet: up"], ["violation"], ["violation"]),
        ("disabled", ["usb: a disk"], ["unknown"], ["unknown"]),
        ("enabled", [], ["unknown"], ["unknown"]),
        ("enabled at times", ["ethernet: up"], ["unknown"], ["unknown"]),
    ],
)
def test_what_responds_is_on(status: str, lines: list[str], levels: list[str], debugging: list[str]) -> None:
    entry, attached = second(status=status).ixit.intf[0], Attached(tuple(lines))

    assert kinds(criteria.exposed.at_the_bench(entry, attached)) == levels
    assert kinds(criteria.exposed.at_the_bench(entry, attached, debugging=True)) == debugging


@pytest.mark.parametrize(
    ("exposure", "there", "levels"),
    [
        ("not-required", True, ["violation"]),
        ("not-required", False, []),
        # Whoever has to be let in is let in: a lock in front of it shows to a person only.
        ("intermittent", True, ["note"]),
        ("intermittent", False, []),
    ],
)
def test_a_debug_port_that_was_reached_is_not_protected(
    exposure: str, there: bool, levels: list[str]
) -> None:
    known = second({"what": "pins", "interface": "Lan", "reached": there}, exposure=exposure)

    assert kinds(criteria.exposed.port_reached(known.ixit.intf[0], known, Attached())) == levels


def test_what_one_of_several_entries_has_is_listed() -> None:
    two = [{"ID": name, "Status": "enabled", "access": {"responds": f"^{name}"}} for name in ("lan", "wifi")]
    known = profile_of({"15-PhyIntf": two}, edition="2.1.1")

    assert kinds(criteria.exposed.unlisted_networks(known, Attached(("wifi: on", "lan: up")))) == []
