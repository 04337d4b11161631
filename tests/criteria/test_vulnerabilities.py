"""How the manufacturer deals with vulnerabilities: what documents refute, and what they leave to a person."""

from __future__ import annotations

import pytest
from documents import ixit_of

from pytest_etsi.assessment.criteria import vulnerabilities

KIND = {"ID": "VulnTypes-net", "Description": "Remote.", "Action": "The security team fixes it."}
WATCH = {
    "ID": "VulnMon-one",
    "Description": "Weekly the feeds of the suppliers are matched with the component list; a patch is released.",
}


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


def told(time, facts=None, promised=None, others=()):
    """What is found of a time frame."""
    ixit = ixit_of({"3-VulnTypes": [KIND | {"Time Frame": time, "facts": facts or {}}, *others]})
    return list(vulnerabilities.time_frame(ixit.vuln_types[0], ixit.vuln_types, promised))


@pytest.mark.parametrize(
    ("time", "facts", "expected"),
    [
        ("Within 30 days.", {}, []),
        ("within the next release", {}, []),
        ("immediately", {}, []),
        ("as soon as possible", {}, ["violation"]),
        ("Best effort.", {}, ["violation"]),
        ("as soon as possible", {"max_days": 30}, ["violation"]),
        ("When the team has decided.", {}, ["note"]),
        ("When the team has decided.", {"max_days": 30}, []),
        ("", {}, ["violation"]),
        ("tbd", {}, ["violation"]),
    ],
)
def test_a_time_frame_has_a_limit(time, facts, expected) -> None:
    assert levels(told(time, facts)) == expected


@pytest.mark.parametrize(
    ("longest", "promised", "expected"),
    [(31, 30, ["violation"]), (30, 30, []), (29, 30, []), (31, None, []), (None, 30, [])],
)
def test_a_time_frame_keeps_what_the_policy_promises(longest, promised, expected) -> None:
    facts = {} if longest is None else {"max_days": longest}

    assert levels(told("Within some 30 days.", facts, promised)) == expected


def test_a_time_frame_that_stands_in_several_entries_is_noted() -> None:
    text = "Within 30 days after it was reported."
    others = [KIND | {"ID": f"VulnTypes-{name}", "Time Frame": text} for name in "ab"]

    assert levels(told(text, others=others)) == ["note"]
    assert not told(text, others=others[:1])


@pytest.mark.parametrize(
    ("action", "facts", "promised", "expected"),
    [
        ("The security team fixes it.", {"roles": ["security team"]}, None, []),
        ("The security team fixes it.", {}, None, ["note"]),
        ("", {"roles": ["security team"]}, None, ["violation"]),
        ("tbd", {"roles": ["security team"]}, None, ["violation"]),
        ("Fixed.", {"roles": ["security team"], "max_days": 90}, 30, ["violation"]),
        ("Fixed.", {"roles": ["security team"], "max_days": 30}, 30, []),
    ],
)
def test_a_kind_of_vulnerability_is_handled_by_somebody_in_time(action, facts, promised, expected) -> None:
    kind = KIND | {"Action": action, "Time Frame": "Within 30 days.", "facts": facts}
    policy = {"facts": {} if promised is None else {"policy_max_days": promised}}
    ixit = ixit_of({"3-VulnTypes": [kind], "2-UserInfo": policy})

    assert levels(vulnerabilities.handling(ixit.vuln_types[0], ixit)) == expected


CHECKS = [vulnerabilities.monitoring, vulnerabilities.identification, vulnerabilities.rectification]


@pytest.mark.parametrize("check", CHECKS)
def test_a_process_that_is_not_described_is_refuted(check) -> None:
    silent = [{"ID": "VulnMon-one", "Description": "tbd"}, {"ID": "VulnMon-two", "Description": ""}]

    assert levels(check(ixit_of({}))) == ["violation"]
    assert levels(check(ixit_of({"5-VulnMon": silent}))) == ["violation"] * 2
    assert not check(ixit_of({"5-VulnMon": [silent[1], WATCH]}))
    assert not check(ixit_of({"5-VulnMon": [WATCH]}))


@pytest.mark.parametrize(
    ("check", "description", "facts", "expected"),
    [
        (vulnerabilities.monitoring, "Somebody looks weekly.", {}, 1),
        (vulnerabilities.monitoring, "Somebody looks weekly.", {"sources": ["NVD"]}, 0),
        (vulnerabilities.monitoring, "The feeds are read.", {}, 1),
        (vulnerabilities.monitoring, "The feeds are read.", {"interval_days": 7}, 0),
        (vulnerabilities.monitoring, "Somebody looks.", {}, 1),
        (vulnerabilities.identification, "The feeds are read every week.", {}, 1),
        (vulnerabilities.rectification, "The feeds are read every week.", {}, 1),
    ],
)
def test_what_a_program_does_not_recognise_is_for_a_person(check, description, facts, expected) -> None:
    one = {"ID": "VulnMon-one", "Description": description, "facts": facts}

    assert levels(check(ixit_of({"5-VulnMon": [one]}))) == ["note"] * expected


def test_a_fix_without_a_way_to_bring_it_is_for_a_person() -> None:
    software = [{"ID": "SoftComp-os", "Description": "Firmware"}]
    update = [{"ID": "UpdMech-net"}]

    assert levels(vulnerabilities.rectification(ixit_of({"5-VulnMon": [WATCH], "6-SoftComp": software}))) == [
        "note"
    ]
    for more in ({"6-SoftComp": software, "7-UpdMech": update}, {"7-UpdMech": update}, {}):
        assert not vulnerabilities.rectification(ixit_of({"5-VulnMon": [WATCH], **more}))


def test_who_reads_the_policy_is_told_what_it_has_to_state() -> None:
    facts = {"policy_acknowledge_days": 5, "policy_status_days": 30}
    found = vulnerabilities.timelines(ixit_of({"2-UserInfo": {"facts": facts}}).user_info)

    assert [one.kind for one in found] == ["note", "note"]
    assert "the acknowledgement of a report within 5 days" in found[0].message
    assert "status updates at least every 30 days" in found[1].message
    assert not vulnerabilities.timelines(ixit_of({}).user_info)


@pytest.mark.parametrize(
    ("described", "expected"),
    [
        (["Weekly, feeds for the device."], ["note"]),
        (["Weekly, feeds for the device.", "Daily, those of the cloud service."], []),
        (["Weekly, feeds for device and back end."], []),
        ([], []),
    ],
)
def test_what_watches_over_the_services_is_asked_for_where_nothing_speaks_of_them(
    described, expected
) -> None:
    entries = [{"ID": f"Mon{number}", "Description": text} for number, text in enumerate(described)]

    assert levels(vulnerabilities.of_services(ixit_of({"5-VulnMon": entries}))) == expected
