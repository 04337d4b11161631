"""Documents that are not filled in yet: they contradict nothing, and what they leave out may be there all the same."""

from __future__ import annotations

import pytest
from assessment_documents import documents, load
from assessment_suites import write_suite

from pytest_etsi import Verdict
from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.run import Assessment
from pytest_etsi.verdict import Cause
from tests.criteria.documents import ixit_of

SUITE = """
from pytest_etsi import unit

@unit("5.6-6-1", "a")
def test_techniques(etsi_ixit): ...

@unit("5.6-1-2", "b")
def test_search(etsi_dut): ...
"""
CONCEPTUAL, FUNCTIONAL = "5.6-6-1/a", "5.6-1-2/b"


@pytest.fixture
def refuted(tmp_path):
    """Lets a program refute a unit: (verdict, cause, reason), with a row for its provision in the ICS or without."""

    def evaluate(unit, *, row):
        content = documents()
        if not row:
            del content["ics"][unit.rpartition("-")[0]]
        assessment = Assessment(
            load(tmp_path, content), output=tmp_path / "out", suite=write_suite(tmp_path / "suite", SUITE)
        )
        try:
            with assessment.begin(assessment.plan.get(unit), "etsi/lamp/x") as evaluation:
                evaluation.check()
                raise AssertionError("16-CodeMin has no entries")
        finally:
            assessment.abandon()
        return tuple(evaluation.record[part] for part in ("verdict", "cause", "reason"))

    return evaluate


def test_documents_of_a_provision_that_the_ics_has_no_row_for_refute_nothing(refuted):
    verdict, cause, reason = refuted(CONCEPTUAL, row=False)

    assert (verdict, cause) == (str(Verdict.INCONCLUSIVE), str(Cause.INFORMATION))
    assert "the ICS has no row for provision 5.6-6" in reason
    assert "16-CodeMin has no entries" in reason


def test_documents_of_a_provision_that_is_claimed_do(refuted):
    assert refuted(CONCEPTUAL, row=True)[0] == str(Verdict.FAIL)


@pytest.mark.parametrize("row", [True, False])
def test_what_a_device_is_seen_to_do_counts_whatever_is_claimed(refuted, row):
    assert refuted(FUNCTIONAL, row=row)[0] == str(Verdict.FAIL)


LOGIN = {"ID": "AuthMech-web", "Description": "Login of the owner."}
CHANNEL = {"ID": "ComMech-web", "Description": "The page of the device."}
PARAMETER = {"ID": "SecParam-password", "Description": "A password.", "Type": "critical"}


@pytest.mark.parametrize(
    ("tables", "concerned"),
    [
        ({}, False),
        ({"1-AuthMech": [LOGIN]}, None),
        ({"1-AuthMech": [LOGIN], "10-SecParam": [PARAMETER]}, None),
        (
            {
                "1-AuthMech": [LOGIN],
                "10-SecParam": [PARAMETER | {"Communication Mechanisms": ["ComMech-web"]}],
            },
            True,
        ),
    ],
    ids=[
        "no login",
        "a login and no parameter",
        "a parameter that says nothing",
        "a parameter that is carried",
    ],
)
def test_login_implies_a_critical_parameter_that_some_mechanism_may_carry(tables, concerned):
    ixit = ixit_of({"11-ComMech": [CHANNEL], **tables})
    (entry,) = ixit.com_mech

    assert scopes.carries_critical_parameter.concerns(entry, ixit) is concerned
