"""Documents that are drafted can be refuted, and confirm nothing, until a person has taken the marks away."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest
from contradictions import Change, load_changed, worse
from yaml_text import dumped, loaded

from pytest_etsi import Verdict
from pytest_etsi.assessment.evaluation import Evaluation
from pytest_etsi.assessment.examine import _desk, examine
from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.questions import _assumed, inquire
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.results import _evaluations, _Tally
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.assessment.plan import PlannedEvaluation
    from pytest_etsi.profile import Profile

Entries = list[dict[str, Any]]


def marked(directory: Path, *changes: Change, mark: Callable[[str, Any], dict[str, Any]]) -> Profile:
    """The camera with every table rewritten by `mark`: from its id and content to the document."""
    load_changed(directory, *changes)
    for path in (directory / "ixit").glob("*.yaml"):
        ((table, content),) = loaded(path.read_text(encoding="utf-8")).items()
        path.write_text(dumped(mark(table, content)), encoding="utf-8")
    return load_profile(directory)


def all_drafted(table: str, content: Entries | dict[str, Any]) -> dict[str, Any]:
    """Every entry, and that there are no further ones."""
    for entry in [content] if isinstance(content, dict) else content:
        entry["drafted"] = "survey/services.json"
    return {"drafted": {table: "survey/services.json"}, table: content}


def entries_drafted(table: str, content: Entries | dict[str, Any]) -> dict[str, Any]:
    """Every entry, while the tables say that there are no further ones."""
    return {table: all_drafted(table, content)[table]}


def no_marks(table: str, content: Entries | dict[str, Any]) -> dict[str, Any]:
    """The marks that stay when a person has taken all of them away one by one."""
    for entry in [content] if isinstance(content, dict) else content:
        entry["drafted"] = {}
    return {"drafted": {}, table: content}


def planned_of(profile: Profile) -> Iterator[PlannedEvaluation]:
    yield from (one for one in make_plan(profile, load_units()).evaluations if one.applies is not False)


def outcomes(profile: Profile) -> dict[str, tuple[Verdict, Cause | None, str]]:
    """What the conceptual units come to."""
    return {
        f"{one.unit.id} {one.entry}": (outcome.verdict, outcome.cause, outcome.reason)
        for one in planned_of(profile)
        if not one.unit.functional
        for outcome in [examine(profile, one).outcome]
    }


READS_NOTHING = {"4-1-1/a"}
"""The unit about the reasons in the ICS, which reads no table."""


@pytest.mark.parametrize("mark", [all_drafted, entries_drafted])
def test_no_unit_passes_on_documents_that_are_all_drafted(tmp_path, mark):
    profile = marked(tmp_path / "camera", mark=mark)
    passed = {
        unit.partition(" ")[0] for unit, (verdict, *_) in outcomes(profile).items() if verdict is Verdict.PASS
    }

    assert passed <= READS_NOTHING


def test_no_unit_passes_on_them_whatever_is_seen_of_the_device(tmp_path):
    profile = marked(tmp_path / "camera", mark=all_drafted)
    run = cast("Any", _desk(profile))
    by_themselves = [one.unit for one in planned_of(profile) if not one.drafted]
    concluded = {
        one.unit.id: Evaluation(run, one, None, "suite").conclude(Outcome(Verdict.PASS, "nothing was found"))
        for one in planned_of(profile)
        if one.drafted
    }

    assert {one["verdict"] for one in concluded.values()} == {"INCONCLUSIVE"}
    assert {one["cause"] for one in concluded.values()} == {"information"}
    assert all("nobody has checked it" in one["reason"] for one in concluded.values())
    # What is drafted in the IXIT changes nothing of units that read nothing of it.
    assert not any(unit.reads for unit in by_themselves)


def test_no_unit_passes_on_them_by_a_judgement_alone(tmp_path):
    profile = marked(tmp_path / "camera", mark=all_drafted)
    alone = [one for one in planned_of(profile) if not one.automated and one.judged and one.unit.reads]
    judged = [replace(one, judged=_assumed(one), judgement="valid") for one in alone]
    found = [result for one in (*alone, *judged) for result in _evaluations(one, (), (), _Tally(str))]

    assert len(judged) > 10
    assert {one["verdict"] for one in found} == {"INCONCLUSIVE"}
    assert {one["cause"] for one in found} == {"information"}


def test_marks_that_are_taken_away_leave_nothing_behind(tmp_path):
    before = load_changed(tmp_path / "before")
    after = marked(tmp_path / "after", mark=no_marks)

    assert outcomes(after) == outcomes(before)
    assert after.drafts == ()


def test_what_contradicts_a_draft_is_a_violation_like_any_other(tmp_path):
    change = worse("11-ComMech", "ComMech-Web", "facts.tls.versions", ["SSLv3"])
    profile = marked(tmp_path / "camera", change, mark=entries_drafted)
    failed = {
        unit: reason for unit, (verdict, _, reason) in outcomes(profile).items() if verdict is Verdict.FAIL
    }

    assert "5.5-1-1/c ComMech-Web" in failed
    assert "SSLv3" in failed["5.5-1-1/c ComMech-Web"]


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        ({"ID": "x", "facts.tls": "survey/tls-443.json"}, Verdict.FAIL),
        ({"ID": "x"}, Verdict.INCONCLUSIVE),
        ({"facts.tls": "yes"}, Verdict.INCONCLUSIVE),
        ({"ID": "x", "Cryptographic Details": "x", "facts.protocol": "x"}, Verdict.INCONCLUSIVE),
        ({}, Verdict.INCONCLUSIVE),
    ],
)
def test_a_drafted_fact_was_seen_of_the_device_and_counts_whatever_the_ics_claims(tmp_path, marks, verdict):
    def mark(table: str, content: Entries) -> dict[str, Any]:
        if table == "11-ComMech":
            content[0]["drafted"] = marks
        return {table: content}

    weak = worse("11-ComMech", "ComMech-Web", "facts.tls.versions", ["SSLv3"])
    unclaimed = worse("ics", "", "5.5-1", None)
    profile = marked(tmp_path / "camera", weak, unclaimed, mark=mark)

    assert outcomes(profile)["5.5-1-1/c ComMech-Web"][0] is verdict


def test_a_judgement_does_not_stand_in_for_the_look_at_a_draft_and_counts_after_it(tmp_path):
    judged = ("5.1-5-1/a", "AuthMech-web")
    drafted = marked(tmp_path / "camera", mark=all_drafted)
    checked = load_changed(tmp_path / "checked")
    found = {}
    for profile in (drafted, checked):
        (planned,) = [one for one in planned_of(profile) if one.key == judged]
        assert planned.judged.status == "valid"
        found[profile] = examine(profile, planned).outcome.verdict

    assert found == {drafted: Verdict.INCONCLUSIVE, checked: Verdict.PASS}


def test_who_reads_one_drafted_fact_is_told_where_it_is_and_what_to_do(tmp_path):
    def mark(table: str, content: Entries) -> dict[str, Any]:
        if table == "1-AuthMech":
            content[0]["drafted"] = {"facts.brute_force": "survey/guesses.json"}
        return {table: content}

    profile = marked(tmp_path / "camera", mark=mark)
    before = outcomes(load_changed(tmp_path / "before"))
    changed = {unit: found for unit, found in outcomes(profile).items() if found != before[unit]}

    assert changed.keys() == {"5.1-5-1/a AuthMech-web"}
    ((verdict, cause, reason),) = changed.values()
    assert (verdict, cause) == (Verdict.INCONCLUSIVE, Cause.INFORMATION)
    assert reason.startswith("1-AuthMech/AuthMech-web: facts.brute_force (camera/ixit/01-AuthMech.yaml:")


def test_that_a_drafted_table_has_no_further_entries_is_not_known(tmp_path):
    def mark(table: str, content: Entries) -> dict[str, Any]:
        return (
            {"drafted": {table: "survey/services.json"}, table: []}
            if table == "15-Intf"
            else {table: content}
        )

    profile = marked(tmp_path / "camera", mark=mark)
    (planned,) = [one for one in planned_of(profile) if one.unit.id == "5.6-4-1/a"]
    outcome = examine(profile, planned).outcome

    assert (outcome.verdict, outcome.cause) == (Verdict.INCONCLUSIVE, Cause.INFORMATION)
    assert "15-Intf (camera/ixit/15-Intf.yaml:" in outcome.reason
    assert "that there are no further entries is drafted" in outcome.reason


def test_an_entry_is_not_out_of_scope_by_what_is_drafted(tmp_path):
    def mark(table: str, content: Entries) -> dict[str, Any]:
        if table == "1-AuthMech":
            content[0]["drafted"] = {"facts.password": "survey/x.json"}
        return {table: content}

    profile = marked(tmp_path / "camera", mark=mark)
    plan = make_plan(profile, load_units())

    # The unit is about pre-installed passwords, and this one is user-defined: by a draft.
    assert plan.get("5.1-2-1/a", "AuthMech-web").applies is None
    assert make_plan(load_changed(tmp_path / "before"), load_units()).get("5.1-2-1/a", "AuthMech-web") is None


def test_what_is_open_for_another_reason_stays_open_for_that(tmp_path):
    profile = marked(tmp_path / "camera", mark=all_drafted)
    (planned, *_) = planned_of(profile)
    evaluation = Evaluation(cast("Any", _desk(profile)), planned, None, "suite")
    for draft in profile.drafts[:2]:
        evaluation.read(draft)
    record = evaluation.conclude(
        Outcome(Verdict.INCONCLUSIVE, "not permitted: fuzz", Cause.PERMISSION, "Permit it")
    )

    assert (record["cause"], record["reason"]) == ("permission", "not permitted: fuzz")
    assert [one["aspect"] for one in record["findings"]] == ["drafted"] * len(record["findings"])
    assert record["findings"]


@pytest.mark.parametrize(
    ("drafted", "verdict"),
    [({"23-ResMech"}, Verdict.INCONCLUSIVE), (set(), Verdict.FAIL)],
    ids=["drafted", "complete"],
)
def test_that_an_entry_lacks_refutes_nothing_while_nobody_has_completed_the_table(tmp_path, drafted, verdict):
    def mark(table: str, content: Entries) -> dict[str, Any]:
        if table == "23-ResMech":
            content = []
        return {"drafted": {table: "x"}, table: content} if table in drafted else {table: content}

    profile = marked(tmp_path / "camera", mark=mark)
    found = {unit: one for unit, one in outcomes(profile).items() if unit.startswith("5.9-1-1/a")}

    assert {one[0] for one in found.values()} == {verdict}
    assert all("23-ResMech" in one[2] for one in found.values()), found


def test_a_service_beyond_drafted_entries_is_open_and_one_that_differs_is_a_violation(tmp_path):
    profile = marked(tmp_path / "camera", mark=all_drafted)
    run = cast("Any", _desk(profile))
    planned = next(one for one in planned_of(profile) if one.unit.id == "5.1-5-2/a")
    beyond = Finding("violation", "completeness", "tcp/23 offers a login", expected="an entry of 1-AuthMech")
    differs = Finding("violation", "channel", "tcp/443 takes TLSv1.0")
    found = {}
    for violations in ((beyond,), (beyond, differs)):
        record = Evaluation(run, planned, None, "suite").conclude(
            Outcome(Verdict.FAIL, str(Findings(violations)), findings=violations)
        )
        found[len(violations)] = record["verdict"], record["reason"]

    assert found[1][0] == "INCONCLUSIVE"
    assert found[1][1].endswith("besides: tcp/23 offers a login")
    assert found[2] == ("FAIL", "tcp/443 takes TLSv1.0")


def test_nobody_is_asked_what_no_answer_settles_before_the_drafts_are_checked(tmp_path):
    profile = marked(tmp_path / "camera", mark=all_drafted)
    inquiry = inquire(profile, make_plan(profile, load_units()))

    assert not [one.planned.key for one in inquiry.open if hasattr(one, "planned") and one.planned.unit.reads]
    assert any("nobody has checked it" in one.reason for one in inquiry.unsettled)


def test_no_condition_is_absent_by_drafts(tmp_path):
    unstated = worse("ics", "", "conditions", None)
    profile = marked(tmp_path / "camera", unstated, mark=all_drafted)
    before = load_changed(tmp_path / "before", unstated)
    conditions = [one.id for one in edition(profile.edition).conditions]

    absent = {
        profile: {name for name in conditions if condition_holds(profile, name).holds is False}
        for profile in (before, profile)
    }

    assert len(absent[before]) > 1
    assert absent[profile] == {
        "4"
    }  # that it is no constrained device stands in the profile, where nothing is drafted
