"""The virtual camera's documents are complete: every conceptual unit passes, and each judgement is bound to its answers."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from suite_runs import run_suite

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.judgement import needs_judgement
from pytest_etsi.assessment.plan import Plan, make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.assessment.plan import PlannedEvaluation

CATALOGUE = edition("1.1.1")
CONCEPTUAL = [unit for unit in CATALOGUE.units if not unit.functional]
AT_THE_DEVICE = {"5.1-4-1/a"}
"""Conceptual units that fetch a published document, which only a running camera has."""

Key = tuple[str, str | None]


@cache
def camera() -> Profile:
    return load_profile("virtual-camera")


def plan_of(profile: Profile) -> Plan:
    return make_plan(profile, load_units())


def conceptual(plan: Plan) -> list[PlannedEvaluation]:
    return [one for one in plan.evaluations if not one.unit.functional and one.unit.id not in AT_THE_DEVICE]


def verdicts(profile: Profile) -> dict[Key, Verdict]:
    return {one.key: examine(profile, one).outcome.verdict for one in conceptual(plan_of(profile))}


def test_nothing_is_left_out_of_scope_as_a_whole() -> None:
    unconcerned = {one.unit.id for one in conceptual(plan_of(camera())) if one.applies is False}

    assert unconcerned == set()


def test_every_conceptual_unit_passes_on_paper() -> None:
    others = {key: verdict for key, verdict in verdicts(camera()).items() if verdict is not Verdict.PASS}

    assert others == {}


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
    assert {unit.id for unit in CONCEPTUAL} <= run.units("PASS")


def test_a_judgement_that_is_taken_away_is_missed_exactly_there() -> None:
    profile = camera()
    states = {one.key: one.judgement for one in plan_of(profile).evaluations}
    for judgement in profile.judgements:
        without = replace(
            profile, judgements=tuple(one for one in profile.judgements if one is not judgement)
        )
        changed = {
            one.key: one.judgement for one in plan_of(without).evaluations if one.judgement != states[one.key]
        }
        wanted = CATALOGUE.unit(judgement.unit)
        left = "missing" if needs_judgement(wanted) or wanted.functional else "none"
        assert changed == {(judgement.unit, judgement.entry): left}


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

    assert {key: verdict for key, verdict in verdicts(without).items() if verdict is not Verdict.PASS} == {
        (judgement.unit, judgement.entry): Verdict.INCONCLUSIVE
    }
