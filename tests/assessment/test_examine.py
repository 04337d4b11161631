"""Units evaluated on paper, without pytest and without the device."""

from __future__ import annotations

import pytest
from assessment_documents import documents, judgement, load
from assessment_suites import write_suite

from pytest_etsi import Verdict
from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import ProfileError
from pytest_etsi.verdict import Cause

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
SUITE = """
from pytest_etsi import unit

@unit("5.1-5-1", "a")
def test_prevention(auth_mech, user_info, vuln_types, etsi_ixit, etsi_ics, etsi_profile, etsi_judgement, etsi_evidence):
    assert auth_mech["Description"] != "bad", "it is bad"
    assert user_info.table == "2-UserInfo"
    assert len(vuln_types) == 0
    assert etsi_ixit is etsi_profile.ixit
    assert etsi_ics is etsi_profile.ics
    etsi_evidence.add("nothing", "kept")
    etsi_judgement.required(("have a look",))

@unit("5.1-5-2", "a")
def test_complete(etsi_dut):
    assert etsi_dut

@unit("5.1-5-2", "b", by_hand="Try it.")
def test_by_hand(auth_mech, etsi_dut, etsi_judgement):
    etsi_judgement.required(etsi_dut)

@unit("5.2-1-1", "a")
def test_broken(user_info):
    raise OSError("the suite is defective")
"""
WEB = ("5.1-5-1/a", "AuthMech-web")


@pytest.fixture
def examined(tmp_path):
    def run(unit, entry=None, change=None):
        content = documents()
        if change:
            change(content)
        profile = load(tmp_path, content)
        plan = make_plan(profile, load_units(write_suite(tmp_path / "suite", SUITE)))
        return examine(profile, plan.get(unit, entry)), plan.get(unit, entry).fingerprint

    return run


def test_what_the_person_has_to_look_at_is_told(examined):
    found, _ = examined(*WEB)

    assert (found.outcome.verdict, found.outcome.cause) == (OPEN, Cause.JUDGEMENT)
    assert "have a look" in found.considered
    assert found.question


def test_what_the_program_refutes_is_a_fail(examined):
    found, _ = examined(*WEB, lambda content: content["ixit"]["1-AuthMech"][0].update(Description="bad"))

    assert (found.outcome.verdict, found.outcome.reason, found.considered) == (FAIL, "it is bad", "")


def test_a_recorded_judgement_decides(examined):
    _, fingerprint = examined(*WEB)
    found, _ = examined(
        *WEB, lambda content: content.update(judgements=[judgement(WEB[0], fingerprint, WEB[1])])
    )

    assert found.outcome.verdict is PASS


def test_what_needs_the_device_stays_open(examined):
    found, _ = examined("5.1-5-2/a")

    assert (found.outcome.verdict, found.outcome.cause) == (OPEN, Cause.ACCESS)


def test_what_a_person_does_by_hand_is_asked_though_a_run_might_refute_it(examined):
    found, _ = examined("5.1-5-2/b", "AuthMech-web")

    assert (found.outcome.verdict, found.outcome.cause) == (OPEN, Cause.JUDGEMENT)
    assert found.question


def test_a_defect_of_the_suite_is_no_fail(examined):
    found, _ = examined("5.2-1-1/a")

    assert (found.outcome.verdict, found.outcome.cause) == (OPEN, Cause.ERROR)
    assert "the suite is defective" in found.outcome.reason


def test_what_no_function_evaluates_is_asked(examined):
    found, _ = examined("5.2-1-2/a")

    assert (found.outcome.verdict, found.outcome.cause) == (OPEN, Cause.JUDGEMENT)


def test_what_does_not_apply_is_said(examined):
    found, _ = examined("5.1-5-1/a", None, lambda content: content["ixit"].update({"1-AuthMech": []}))

    assert found.outcome.verdict is NONE


def _by_catalogues(tmp_path, catalogues):
    """What 5.1-3-1 d comes to for a login over TLS 1.0, by the choice of the profile; None: none is made."""
    content = documents() | ({} if catalogues is None else {"cryptography": catalogues})
    content["ixit"]["1-AuthMech"][0]["facts"]["tls"] = {"versions": ["TLSv1.0", "TLSv1.2"]}
    profile = load(tmp_path, content)
    plan = make_plan(profile, load_units(), only=["5.1-3-1/d"])
    return examine(profile, plan.get("5.1-3-1/d", "AuthMech-web")).outcome.verdict


@pytest.mark.parametrize(
    ("catalogues", "verdict"),
    [
        (None, OPEN),
        (["sog-is", "bsi", "nist"], OPEN),
        (["nist"], OPEN),
        (["sog-is", "bsi"], FAIL),
        (["bsi"], FAIL),
    ],
)
def test_the_profile_says_which_catalogues_of_cryptography_count(tmp_path, catalogues, verdict):
    assert _by_catalogues(tmp_path, catalogues) is verdict


@pytest.mark.parametrize("catalogues", [[], ["ansi"], ["bsi", "sogis"]])
def test_a_choice_of_no_known_catalogue_is_a_problem(tmp_path, catalogues):
    with pytest.raises(ProfileError, match="cryptography"):
        _by_catalogues(tmp_path, catalogues)
