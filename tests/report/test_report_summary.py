"""What a summary shows of a reason: what was found first, its place in the documents behind it."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from pytest_etsi.report.html import summary_table
from pytest_etsi.report.summary import group_reason, open_evaluations
from pytest_etsi.report.terminal import render

HOME = "/home/laboratory/devices/a camera"
FILE = f"{HOME}/ixit/15-Intf.yaml:10:5"
WHERE = f"{FILE}: 15-Intf/Intf-LAN: Disclosed Information"
PLACE = {"source": FILE, "entry": "15-Intf/Intf-LAN", "field": "Disclosed Information"}


def results(
    reason: str, *messages: str, verdict: str = "FAIL", settle: str = "", path: str = f"{HOME}/profile.yaml"
) -> dict[str, Any]:
    """Of one unit; `messages` are findings on `PLACE`."""
    evaluation = {
        "node": "etsi/camera/x",
        "entry": "Intf-LAN",
        "source": "suite",
        "verdict": verdict,
        "cause": "judgement" if verdict == "INCONCLUSIVE" else None,
        "reason": reason,
        "settle": settle,
        "findings": [
            {"kind": "violation", "aspect": "answer", "message": message, "place": PLACE}
            for message in messages
        ],
    }
    case = {"case": "5.6-2-2", "units": [{"unit": "a", "verdict": verdict, "evaluations": [evaluation]}]}
    group = {
        "group": "5.6-2",
        "verdict": verdict,
        "reason": f"5.6-2-2/a Intf-LAN: {reason}",
        "cases": [case],
    }
    return {"profile": {"path": path}, "groups": [group], "overall": verdict, "counts": {verdict: 1}}


def shown(of: dict[str, Any]) -> str:
    return group_reason(of["groups"][0], of)


def test_what_was_found_comes_before_its_place_which_is_shown_as_the_profile_names_it():
    of = results(f"{WHERE}: tells its version", "tells its version")

    assert shown(of) == "5.6-2-2/a Intf-LAN: tells its version (ixit/15-Intf.yaml:10:5)"


def test_each_finding_has_its_place_behind_it():
    of = results(
        f"{WHERE}: is short [NIST]; {WHERE}: is short and guessed", "is short", "is short and guessed"
    )

    assert shown(of) == (
        "5.6-2-2/a Intf-LAN: is short (ixit/15-Intf.yaml:10:5) [NIST]; "
        "is short and guessed (ixit/15-Intf.yaml:10:5)"
    )


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        (f"{HOME}/ics.yaml:7:3: 5.6-2 is answered N", "ics.yaml:7:3: 5.6-2 is answered N"),
        (f"contradicts facts.sensitive ({FILE})", "contradicts facts.sensitive (ixit/15-Intf.yaml:10:5)"),
        ("/home/other/ics.yaml:7:3: is answered N", "/home/other/ics.yaml:7:3: is answered N"),
        (f"the device serves {HOME}/index.html", f"the device serves {HOME}/index.html"),
    ],
)
def test_files_beside_the_profile_are_shown_without_their_directory(reason: str, expected: str):
    assert shown(results(reason)) == f"5.6-2-2/a Intf-LAN: {expected}"


@pytest.mark.parametrize("path", ["profile.yaml", "/profile.yaml", ""])
def test_where_the_profile_is_in_no_directory_nothing_is_left_out(path: str):
    of = results("https://192.0.2.1/a.yaml answers", path=path)

    assert shown(of) == "5.6-2-2/a Intf-LAN: https://192.0.2.1/a.yaml answers"


def test_a_directory_named_in_an_address_stays():
    of = results("http://192.0.2.1/docs/a.yaml:1:2 answers", path="docs/profile.yaml")

    assert shown(of) == "5.6-2-2/a Intf-LAN: http://192.0.2.1/docs/a.yaml:1:2 answers"


def test_the_place_in_what_would_settle_it_stands_behind_too():
    settle = f"Judge and record it: is it needed? To be considered: {WHERE}: tells its version"
    of = results("no judgement is recorded", "tells its version", verdict="INCONCLUSIVE", settle=settle)

    (step,) = open_evaluations(of)["judgement"]
    assert step.settle.endswith("To be considered: tells its version (ixit/15-Intf.yaml:10:5)")


def test_terminal_and_html_show_the_reason_whole_and_change_no_result():
    of = results(f"{WHERE}: tells its version", "tells its version")
    before = copy.deepcopy(of)
    terminal, page = render(of, width=80), summary_table(of)

    assert "5.6-2-2/a Intf-LAN: tells its" in terminal
    assert HOME not in terminal + page
    assert "tells its version (ixit/15-Intf.yaml:10:5)" in page
    assert of == before
