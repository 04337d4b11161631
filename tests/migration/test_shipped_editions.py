"""The shipped profiles in the later edition: made by the program from one set of truths, whole, and right on paper."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path

import pytest

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.assessment.migrating import migrate
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile, shipped_profiles
from pytest_etsi.standard import edition

SHIPPED = Path(__file__).parents[2] / "device_profiles"
SECOND = edition("2.1.1")
BOTH = pytest.mark.parametrize("name", ["virtual-camera", "constrained-sensor"])


@cache
def later(name: str) -> Profile:
    return load_profile(f"{name}-2.1.1")


@BOTH
def test_the_files_are_what_the_program_makes_of_the_first_edition(name: str, tmp_path: Path) -> None:
    shutil.copytree(SHIPPED / name, tmp_path / name)
    (tmp_path / "schema").mkdir()
    into = tmp_path / f"{name}-2.1.1"
    made = migrate(
        tmp_path / name, "2.1.1", into=into, additions=tmp_path / name / "edition-2.1.1", name=f"{name}-2.1.1"
    )
    (into / "left-to-do.md").unlink()
    here, there = (
        {
            path.relative_to(folder): path.read_text(encoding="utf-8")
            for path in folder.rglob("*.*")
            if path.is_file()
        }
        for folder in (into, SHIPPED / f"{name}-2.1.1")
    )

    # Where they differ: ./dev editions
    assert here == there
    # What has no place any more stands there as a comment.
    assert {one.left.kind for one in made.left} == {"no-place"}


@BOTH
def test_they_are_found_by_name_and_say_all_that_the_edition_asks_for(name: str) -> None:
    profile = later(name)

    assert f"{name}-2.1.1" in shipped_profiles()
    assert profile.edition == "2.1.1"
    assert (profile.open_problems, profile.drafts) == ((), ())
    assert profile.ics.rows.keys() == {one.id for one in SECOND.provisions}
    assert profile.ics.conditions.keys() == {one.id for one in SECOND.conditions}
    assert [str(one) for one in ics_findings(profile)] == []


@BOTH
def test_nothing_is_refuted_on_paper(name: str) -> None:
    profile = later(name)
    planned = make_plan(profile, load_units()).evaluations
    failed = {
        (one.unit.id, one.entry, outcome.reason)
        for one in planned
        if (outcome := examine(profile, one).outcome).verdict == "FAIL"
    }

    assert failed == set()


def test_every_conceptual_unit_of_the_camera_is_decided_with_its_judgements() -> None:
    profile = later("virtual-camera")
    planned = [one for one in make_plan(profile, load_units()).evaluations if one.applies is not False]
    open_ = {
        (one.unit.id, one.entry): outcome.reason
        for one in planned
        if not one.unit.functional
        and (outcome := examine(profile, one).outcome).verdict == "INCONCLUSIVE"
        # What is fetched is seen in the run.
        and one.unit.automation != "documentation-fetch"
    }

    assert len(planned) > 300
    assert open_ == {}


def test_every_judgement_of_the_camera_is_about_what_is_there() -> None:
    from pytest_etsi.assessment.judgement import find

    profile = later("virtual-camera")
    units = {unit.id: unit for unit in SECOND.units}
    states = {
        (one.unit, one.entry): find(profile, units[one.unit], one.entry).status for one in profile.judgements
    }

    assert {key: state for key, state in states.items() if state != "valid"} == {}
