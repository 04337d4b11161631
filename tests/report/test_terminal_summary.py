"""The summary of a whole run on a terminal: what fails by cause first, and what to do by who can do it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from camera_run import evaluations_of

from pytest_etsi.report.failures import failures, headline, listed_units
from pytest_etsi.report.kept import Kept
from pytest_etsi.report.markdown import summary
from pytest_etsi.report.page import Page
from pytest_etsi.report.steps import WHO, Steps, steps
from pytest_etsi.report.terminal_summary import render


def shown(results: dict[str, Any], **how: Any) -> str:
    return render(results, path="etsi-results/results.json", again="pytest --etsi-profile=camera.yaml", **how)


def test_the_causes_come_first_with_everything_that_is_needed_to_act(results: dict[str, Any]) -> None:
    lines = shown(results).splitlines()

    assert lines[0] == "FAIL: 19 evaluations of 12 provisions fail from 5 causes"
    fourth = lines[
        lines.index("F4  6 wrong attempts in a row got through on account 'owner' and nothing locked.") :
    ]
    assert fourth[1:10] == [
        "    (expected a lock after 5 wrong attempts, found 6 got through)",
        "    50 wrong attempts in a row got through on account 'owner'. (expected a lock",
        "    after 5 wrong attempts, found 50 got through)",
        "    fails      5.1-5-2/b AuthMech-web",
        "    documents  1-AuthMech/AuthMech-web: facts.brute_force",
        "               (device_profiles/virtual-camera/ixit/01-AuthMech.yaml:48)",
        "    evidence   etsi-results/evidence/5.1-5-2_b/AuthMech-web/01-identity.json",
        "               etsi-results/evidence/5.1-5-2_b/AuthMech-web/02-guessing.json",
        "               etsi-results/evidence/5.1-5-2_b/AuthMech-web/03-guessing-measured",
    ]
    assert "    again      pytest --etsi-profile=camera.yaml --etsi-only=5.1-5-2/b" in lines


def test_every_evaluation_that_fails_is_listed(results: dict[str, Any]) -> None:
    listed = " ; ".join(listed_units(one.refuted) for one in failures(results))

    for unit, found in evaluations_of(results):
        if found["verdict"] == "FAIL":
            assert unit in listed
            assert (found["entry"] or "") in listed


@pytest.mark.parametrize("width", [60, 80, 140])
def test_it_fits_and_is_plain(results: dict[str, Any], width: int) -> None:
    text = shown(results, width=width).replace(
        results["record"]["hash"], ""
    )  # to be copied, as the commands are
    lines = [line for line in text.splitlines() if not line.startswith("    again ")]

    assert max(map(len, lines)) <= width
    assert "\x1b" not in "".join(lines)
    assert not any("..." in line for line in lines)


def test_every_provision_has_its_title_and_says_where_to_read_on(results: dict[str, Any]) -> None:
    text = " ".join(shown(results).split())

    for group in results["groups"]:
        assert group["title"] in text
    assert "Passwords are unique per device or set by the user [F2]" in text
    assert (
        "5.2-1 M Y INCONCLUSIVE Public vulnerability disclosure policy with contact and timelines [judgement: 2]"
        in text
    )


def test_what_to_do_is_grouped_by_who_can_do_it_with_how_much_it_settles(results: dict[str, Any]) -> None:
    first, second = steps(results)

    assert (first.who.causes, first.evaluations, len(first.provisions), len(first.alone)) == (
        ("FAIL",),
        19,
        12,
        10,
    )
    assert [item.unit for item in first.items] == ["F1", "F2", "F3", "F4", "F5"]
    assert (second.who.causes, second.evaluations) == (("judgement",), 121)
    assert sum(item.evaluations for item in second.items) == 121
    assert second.settles == "121 evaluations of 26 provisions, 24 of which wait for nothing else"


@pytest.mark.parametrize(
    ("provisions", "alone", "words"),
    [
        (["5.1-1"], ["5.1-1"], "which waits for nothing else"),
        (["5.1-1", "5.1-2"], ["5.1-1", "5.1-2"], "which wait for nothing else"),
        (["5.1-1", "5.1-2"], ["5.1-2"], "1 of which wait for nothing else"),
        (["5.1-1", "5.1-2"], [], "which wait for others too"),
        (["5.1-1"], [], "which waits for others too"),
    ],
)
def test_how_much_one_can_do_alone_is_said_in_words(
    provisions: list[str], alone: list[str], words: str
) -> None:
    step = Steps(WHO[0], evaluations=3, provisions=provisions, alone=alone)

    assert step.settles.partition(", ")[2] == words


def test_what_opens_most_comes_before_what_opens_little(results: dict[str, Any]) -> None:
    changed = copy.deepcopy(results)
    for unit, found in evaluations_of(changed):
        if found["verdict"] == "INCONCLUSIVE":
            found |= {
                "cause": "information" if unit.startswith("6-") else "permission",
                "settle": f"settle {unit}",
            }
    causes = [one.who.causes for one in steps(changed)]

    assert causes[0] == ("FAIL",)
    assert "permission" in causes[1]
    assert causes[2] == ("information",)


def test_an_answer_of_the_ics_waits_too() -> None:
    ics = {
        "verdict": "INCONCLUSIVE",
        "cause": "information",
        "reason": "no row",
        "settle": "add a row for 6-1",
    }
    group = {"group": "6-1", "verdict": "INCONCLUSIVE", "ics": ics, "cases": []}
    (mine,) = steps({"groups": [group]})

    assert (mine.alone, [item.text for item in mine.items]) == (["6-1"], ["add a row for 6-1"])


def test_nothing_is_said_where_nothing_fails() -> None:
    assert headline([]) == ""
    assert steps({"groups": [{"group": "6-1", "verdict": "PASS", "cases": []}]}) == []


def test_results_that_were_written_without_causes_have_them_too(results: dict[str, Any]) -> None:
    former = copy.deepcopy(results)
    del former["origins"]
    for _, found in evaluations_of(former):
        found.pop("origins", None)
        found["findings"] = [{k: v for k, v in one.items() if k != "origin"} for one in found["findings"]]
    before = copy.deepcopy(former)

    assert headline(failures(former)) == headline(failures(results))
    assert former == before


def test_what_was_not_run_is_counted_with_its_reason_in_every_summary(
    results: dict[str, Any], kept: Kept
) -> None:
    why = ["the run was interrupted"] * 1200 + ["it was not selected"]
    changed = copy.deepcopy(results) | {
        "not_run": [{"unit": "5.1-1-2/a", "entry": None, "why": one} for one in why]
    }

    page, markdown = Page().text(Kept(kept.directory, changed)), summary(changed)
    for text in (shown(changed), page, markdown):
        assert "1,200 planned evaluations not run: the run was interrupted" in text
        assert "1 planned evaluation not run: it was not selected" in text
    assert "not run:" not in shown(results)
