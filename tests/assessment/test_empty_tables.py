"""A table without entries where the documents should have some: a person says why, and nothing is a PASS."""

from __future__ import annotations

from dataclasses import replace

import pytest
from assessment_documents import documents, judgement, load
from assessment_suites import write_suite

from pytest_etsi import Verdict
from pytest_etsi.assessment.judgement import fingerprint
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause

UNIT = "5.1-5-1/a"
SUITE = """
from pytest_etsi import unit

@unit("5.1-5-1", "a", expects_entries=True)
def test_prevention(auth_mech): ...
"""


@pytest.fixture
def concluded(tmp_path):
    """Evaluates the unit without any entry, with a judgement of that verdict: (verdict, cause, decided_by)."""

    def evaluate(verdict=None):
        content = documents()
        content["ixit"]["1-AuthMech"] = []
        profile = load(tmp_path, content)
        if verdict is not None:
            unit = next(one for one in edition("1.1.1").units if one.id == UNIT)
            content["judgements"] = [judgement(UNIT, fingerprint(profile, unit, None))]
            profile = load(tmp_path, content)
            profile = replace(profile, judgements=(replace(profile.judgements[0], verdict=verdict),))
        assessment = Assessment(
            profile, output=tmp_path / "out", suite=write_suite(tmp_path / "suite", SUITE)
        )
        try:
            with assessment.begin(assessment.plan.get(UNIT), "etsi/lamp/x") as evaluation:
                evaluation.check()
        finally:
            assessment.abandon()
        assert evaluation.record is not None
        return tuple(evaluation.record[part] for part in ("verdict", "cause", "decided_by"))

    return evaluate


def test_an_empty_table_without_a_judgement_is_open(concluded):
    assert concluded() == (str(Verdict.INCONCLUSIVE), str(Cause.JUDGEMENT), "judgement")


@pytest.mark.parametrize("judged", [Verdict.PASS, Verdict.NOT_APPLICABLE])
def test_an_empty_table_that_a_person_explains_concerns_nothing(concluded, judged):
    assert concluded(judged) == (str(Verdict.NOT_APPLICABLE), None, "judgement")


def test_an_empty_table_that_a_person_finds_incomplete_fails(concluded):
    assert concluded(Verdict.FAIL) == (str(Verdict.FAIL), None, "judgement")
