"""What a summary shows of a reason: table, entry and field first, on one line, and how often a provision failed."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_etsi.report.html import summary_table
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import group_reason
from pytest_etsi.report.terminal_summary import render

WHERE = "15-Intf/Intf-LAN: Disclosed Information (camera/ixit/15-Intf.yaml:10)"


def results(reason: str, *, verdict: str = "FAIL", settle: str = "", fails: int = 1) -> dict[str, Any]:
    """Of one unit, with so many evaluations."""
    evaluation = {
        "node": "etsi/camera/x",
        "entry": "Intf-LAN",
        "source": "suite",
        "verdict": verdict,
        "cause": "judgement" if verdict == "INCONCLUSIVE" else None,
        "reason": reason,
        "settle": settle,
        "findings": [],
    }
    unit = {"unit": "a", "verdict": verdict, "evaluations": [evaluation] * fails}
    group = {
        "group": "5.6-2",
        "verdict": verdict,
        "reason": f"5.6-2-2/a Intf-LAN: {reason}",
        "cases": [{"case": "5.6-2-2", "units": [unit]}],
    }
    return {"profile": {"path": "camera.yaml"}, "groups": [group], "overall": verdict, "counts": {verdict: 1}}


def shown(of: dict[str, Any]) -> str:
    return group_reason(of["groups"][0])


def test_a_reason_stands_on_one_line_as_it_is() -> None:
    assert (
        shown(results(f"{WHERE}:\n tells its  version")) == f"5.6-2-2/a Intf-LAN: {WHERE}: tells its version"
    )


@pytest.mark.parametrize(
    ("verdict", "fails", "count"),
    [("FAIL", 3, "3 FAIL, the first: "), ("FAIL", 1, ""), ("INCONCLUSIVE", 3, "")],
)
def test_several_fails_of_a_provision_are_counted(verdict: str, fails: int, count: str) -> None:
    said = shown(results("tells its version", verdict=verdict, fails=fails))

    assert said == f"{count}5.6-2-2/a Intf-LAN: tells its version"


def test_a_group_that_passes_needs_no_reason() -> None:
    assert shown(results("whatever", verdict="PASS")) == ""


def test_what_would_settle_it_stands_on_one_line_for_all_entries_of_a_unit() -> None:
    settle = f"Judge and record it with fingerprint sha256:ab12: is it\n needed? To be considered: {WHERE}: its version"
    of = results("no judgement is recorded", verdict="INCONCLUSIVE", settle=settle, fails=2)

    (mine,) = steps(of)
    assert [(item.unit, item.entries, item.text) for item in mine.items] == [
        ("5.6-2-2/a", ["Intf-LAN", "Intf-LAN"], "Judge and record it: is it needed?".partition(": ")[2])
    ]


def test_html_shows_the_reason_whole_and_change_no_result() -> None:
    of = results(f"{WHERE}: tells its version")
    before = copy.deepcopy(of)
    page = summary_table(of)

    assert f"{WHERE}: tells its version" in page
    assert of == before


@pytest.mark.parametrize(("cause", "said"), [("information", True), ("permission", False)])
def test_how_many_units_wait_for_a_look_at_drafts_is_said_first(cause: str, said: bool) -> None:
    of = results("is drafted", verdict="INCONCLUSIVE", fails=2)
    for evaluation in of["groups"][0]["cases"][0]["units"][0]["evaluations"]:
        evaluation["cause"] = cause
        evaluation["findings"] = [{"kind": "unknown", "aspect": "drafted", "message": "is drafted"}]

    assert ("drafts: 1 unit waits for a person's look" in " ".join(render(of, width=140).split())) is said
