"""Two results of different editions side by side: what became of a unit is compared with what it was."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_etsi.report.comparison import compared

Told = list[tuple[str, str, str | None, str]]


def results(edition: str, verdicts: dict[tuple[str, str | None], str], ics: str = "PASS") -> dict[str, Any]:
    """Results of an edition with these verdicts: unit and entry -> verdict."""
    groups: dict[str, dict[str, Any]] = {}
    for (unit, entry), verdict in verdicts.items():
        case, _, letter = unit.partition("/")
        name = case.rpartition("-")[0]
        claim = {"verdict": ics, "cause": None, "reason": f"of {name}"}
        group = groups.setdefault(name, {"group": name, "ics": claim, "cases": []})
        one = {"entry": entry, "verdict": verdict, "cause": None, "reason": "so it is", "judgement": None}
        group["cases"].append({"case": case, "units": [{"unit": letter, "evaluations": [one]}]})
    return {
        "edition": edition,
        "overall": "PASS",
        "dut": {"manufacturer": "Example Devices", "model": "Cam"},
        "profile": {},
        "tool": {},
        "groups": list(groups.values()),
    }


def told(old: dict[str, Any], new: dict[str, Any]) -> Told:
    return [(one.kind, one.unit, one.entry, one.reason) for one in compared(old, new).changes]


def test_a_unit_that_was_renumbered_is_compared_with_what_it_was() -> None:
    before, now = results("1.1.1", {("6-3-1/a", "P"): "PASS"}), results("2.1.1", {("6-3A-1/a", "P"): "FAIL"})

    assert told(before, now) == [("new", "6-3A-1/a", "P", "(was 6-3-1/a) so it is")]


def test_each_part_of_a_split_unit_is_compared_with_the_whole() -> None:
    before = results("1.1.1", {("5.13-1-1/b", "InpVal"): "FAIL"})
    now = results("2.1.1", {("5.13-1A-1/b", "InpVal"): "PASS", ("5.13-1B-1/b", "InpVal"): "FAIL"})

    assert [one[:3] for one in told(before, now)] == [
        ("fixed", "5.13-1A-1/b", "InpVal"),
        ("failing", "5.13-1B-1/b", "InpVal"),
    ]


def test_a_unit_that_asks_another_thing_says_so() -> None:
    before = results("1.1.1", {("5.1-4-1/a", "A"): "PASS"})
    now = results("2.1.1", {("5.1-4-1/a", "A"): "PASS", ("5.1-4-1/b", "A"): "FAIL"})

    assert told(before, now) == [
        ("new", "5.1-4-1/b", "A", "(was 5.1-4-1/a; another thing is asked than before) so it is"),
        ("added", "5.1-4-1/a", "A", "so it is"),
    ]


def test_a_unit_of_which_nothing_came_is_gone_and_not_that_of_its_id() -> None:
    before = results("1.1.1", {("6-1-2/a", None): "FAIL"})
    now = results("2.1.1", {("6-1-2/a", None): "PASS"})

    assert [one[:3] for one in told(before, now)] == [
        ("gone", "1.1.1 6-1-2/a", None),
        ("added", "6-1-2/a", None),
    ]


def test_what_the_ics_claims_is_compared_by_provision() -> None:
    before = results("1.1.1", {("5.6-4-2/a", "I"): "PASS"})
    now = results("2.1.1", {("5.6-4A-2/a", "I"): "PASS", ("5.6-4B-1/a", "I"): "PASS"}, ics="FAIL")

    found = [one[:2] for one in told(before, now) if one[0] == "new"]
    assert found == [("new", "ICS 5.6-4A"), ("new", "ICS 5.6-4B")]


@pytest.mark.parametrize(("verdict", "kind"), [("FAIL", "new"), ("INCONCLUSIVE", "lost")])
def test_it_goes_back_to_the_earlier_edition_too(verdict: str, kind: str) -> None:
    before, now = results("2.1.1", {("6-3A-1/a", "P"): "PASS"}), results("1.1.1", {("6-3-1/a", "P"): verdict})

    assert told(before, now) == [(kind, "6-3-1/a", "P", "(was 6-3A-1/a) so it is")]
    assert compared(before, now).is_worse


def test_units_of_one_edition_are_compared_as_they_are() -> None:
    one = results("1.1.1", {("6-1-2/a", None): "PASS"})

    assert told(one, one) == []
