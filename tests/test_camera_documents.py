"""The virtual camera's documents are complete: every conceptual unit passes, and each judgement is bound to its answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import isqrt
from typing import TYPE_CHECKING

import pytest
from suite_runs import run_suite

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.judgement import needs_judgement
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Outcome, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.assessment.planned import Plan, PlannedEvaluation

CATALOGUE = edition("1.1.1")
CONCEPTUAL = [unit for unit in CATALOGUE.units if not unit.functional]
AT_THE_DEVICE = {"5.1-4-1/a"}
"""Conceptual units that fetch a published document, which only a running camera has."""

NOTHING_CONCERNED = {
    "5.3-1-1/a": "every component can be updated",
    "5.4-3-1/b": "no critical value is hard-coded in source code",
    "5.6-3-1/b": "its one radio is needed at times",
    "5.6-4-1/b": "its one accessible debug interface is needed at times",
}
"""Conceptual units that concern nothing of the camera; the other units of their cases do."""

Key = tuple[str, str | None]


@cache
def camera() -> Profile:
    return load_profile("virtual-camera")


def plan_of(profile: Profile) -> Plan:
    return make_plan(profile, load_units())


def conceptual(plan: Plan) -> list[PlannedEvaluation]:
    return [one for one in plan.evaluations if not one.unit.functional and one.unit.id not in AT_THE_DEVICE]


def outcomes(profile: Profile) -> dict[Key, Outcome]:
    return {one.key: examine(profile, one).outcome for one in conceptual(plan_of(profile))}


def verdicts(profile: Profile) -> dict[Key, Verdict]:
    return {key: outcome.verdict for key, outcome in outcomes(profile).items()}


def others(profile: Profile) -> dict[Key, Verdict]:
    """The conceptual evaluations that are not PASS, without those that concern nothing."""
    found = verdicts(profile)
    for name in NOTHING_CONCERNED:
        assert found.pop((name, None)) is Verdict.NOT_APPLICABLE
    return {key: verdict for key, verdict in found.items() if verdict is not Verdict.PASS}


def test_every_conceptual_unit_passes_on_paper() -> None:
    assert others(camera()) == {}


def test_every_pass_on_paper_says_which_entry_was_examined_or_how_many() -> None:
    passed = {
        key: outcome.reason.partition("judged by")[0]
        for key, outcome in outcomes(camera()).items()
        if outcome.verdict is Verdict.PASS
    }
    assert len(passed) > 300

    silent = {
        (unit, entry): said
        for (unit, entry), said in passed.items()
        if not (f"{CATALOGUE.unit(unit).iterates}/{entry}" in said if entry else said.strip("; "))
    }
    assert silent == {}


def test_every_conceptual_case_passes_in_a_run(tmp_path: Path) -> None:
    run = run_suite(tmp_path, "virtual-camera", "-k", "conceptual")
    cases = {
        case["case"]: case["verdict"]
        for group in run.results["groups"]
        for case in group["cases"]
        if case["kind"] == "conceptual"
    }

    assert cases == dict.fromkeys((case.id for case in CATALOGUE.cases if case.kind == "conceptual"), "PASS")
    assert len(cases) == 62
    assert {unit.id for unit in CONCEPTUAL} - NOTHING_CONCERNED.keys() <= run.units("PASS")


def test_a_judgement_that_is_taken_away_is_missed_exactly_there() -> None:
    """Many are taken away together, in two ways such that any two are apart in one of them."""
    profile = camera()
    states = {one.key: one.judgement for one in plan_of(profile).evaluations}
    numbered = list(enumerate(profile.judgements))
    side = isqrt(len(numbered)) + 1
    for together in (lambda number: number % side, lambda number: number // side):
        for group in {together(number) for number, _ in numbered}:
            taken = [one for number, one in numbered if together(number) == group]
            left = tuple(one for number, one in numbered if together(number) != group)
            plan = plan_of(replace(profile, judgements=left))
            changed = {one.key: one.judgement for one in plan.evaluations if one.judgement != states[one.key]}
            assert changed == {(one.unit, one.entry): without_judgement(one.unit) for one in taken}


def without_judgement(unit: str) -> str:
    """The state of the judgement in the plan where there is none."""
    wanted = CATALOGUE.unit(unit)
    return "missing" if needs_judgement(wanted) or wanted.functional else "none"


@pytest.mark.parametrize("number", [0, 40, 80, 120, 160])
def test_without_a_judgement_exactly_its_unit_is_inconclusive(number: int) -> None:
    profile = camera()
    needed = [
        one
        for one in profile.judgements
        if needs_judgement(CATALOGUE.unit(one.unit)) and one.unit not in AT_THE_DEVICE
    ]
    judgement = needed[number]
    without = replace(profile, judgements=tuple(one for one in profile.judgements if one is not judgement))

    assert others(without) == {(judgement.unit, judgement.entry): Verdict.INCONCLUSIVE}
