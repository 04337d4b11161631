"""Functional units that no program decides: a person does them, and a judgement records what came out."""

from __future__ import annotations

import pytest
from assessment_documents import documents, judgement, load
from assessment_suites import write_suite

from pytest_etsi import Verdict
from pytest_etsi.assessment.run import Assessment

PASS, FAIL, OPEN = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
SUITE = """
from pytest_etsi import unit

@unit("5.2-1-2", "a", by_hand="Open the address as a stranger.")
def test_policy_is_online(etsi_judgement):
    etsi_judgement.required()
"""
UNIT = "5.2-1-2/a"


@pytest.fixture
def assess(tmp_path):
    def make(*judgements):
        content = documents() | {"judgements": list(judgements)}
        suite = write_suite(tmp_path / "suite", SUITE)
        return Assessment(load(tmp_path, content), output=tmp_path / "out", suite=suite)

    return make


def run(assessment):
    with assessment.begin(assessment.plan.get(UNIT), "node") as evaluation:
        evaluation.check()
        evaluation.judgement.required()
    return assessment.records[-1]


def test_what_the_person_has_to_do_is_said(assess):
    record = run(assess())

    assert (record["verdict"], record["cause"]) == (OPEN, "judgement")
    assert record["settle"].endswith("Open the address as a stranger.")


@pytest.mark.parametrize("verdict", ["PASS", "FAIL"])
def test_the_judgement_decides(assess, verdict):
    fingerprint = assess().plan.get(UNIT).fingerprint
    record = run(assess(judgement(UNIT, fingerprint, None) | {"verdict": verdict}))

    assert (record["verdict"], record["decided_by"]) == (verdict, "judgement")


def test_no_program_takes_part(assess):
    planned = assess().plan.get(UNIT)

    assert not planned.automated
    assert planned.judgement == "missing"
    assert planned.to_json()["by_hand"] == "Open the address as a stranger."
    assert planned.to_json()["judgement"]["required"]


def test_it_counts_in_the_results_also_when_it_was_not_run(assess):
    fingerprint = assess().plan.get(UNIT).fingerprint
    results = assess(judgement(UNIT, fingerprint, None)).close()

    group = next(one for one in results["groups"] if one["group"] == "5.2-1")
    case = next(one for one in group["cases"] if one["case"] == "5.2-1-2")
    assert case["units"][0]["evaluations"][0]["verdict"] == PASS
