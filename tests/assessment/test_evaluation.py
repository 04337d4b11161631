"""One evaluation by itself: what it rests on, what is open about it, who is asked, and what goes into its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest

from pytest_etsi.assessment import evaluation as evaluation_module
from pytest_etsi.assessment.evaluation import Evaluation
from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.judgement import JudgementState
from pytest_etsi.assessment.planned import PlannedEvaluation
from pytest_etsi.profile import Judgement, Source, load_profile
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile.unread import Unread
from pytest_etsi.profile.unread import note as tell
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive, NotApplicable, Outcome, Verdict, Violation

PASS, FAIL, OPEN, NONE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.NOT_APPLICABLE
CATALOGUE = edition("1.1.1")
PAPER, DEVICE = CATALOGUE.unit("5.1-5-1/a"), CATALOGUE.unit("5.1-5-2/b")
ENTRY = "AuthMech-Web"


class Evidence(SimpleNamespace):
    """The evidence of one evaluation, without a disk."""

    def add(self, name, _content):
        self.items.append(SimpleNamespace(file=name, to_json=lambda: {"file": name}))


class Run:
    """A run, as far as an evaluation needs it."""

    def __init__(self, profile):
        self.profile, self.shelf, self.asker = profile, None, None
        self.redact = SimpleNamespace(text=str, builtins=dict)
        self.evidence = self
        self.records, self.settled = [], 0

    def scope(self, _unit, _entry):
        return Evidence(items=[], in_short="")

    def settle(self):
        self.settled += 1

    def record(self, record):
        self.records.append(record)


@pytest.fixture(scope="module")
def profile():
    return load_profile("virtual-camera")


def judged(verdict="PASS"):
    return Judgement(
        unit=PAPER.id, entry=ENTRY, verdict=verdict, assessor="A. Person", date=date(2026, 11, 2),
        rationale="Looked at.", basis="own-examination", fingerprint="sha256:1", evidence=(),
        source=Source("judgements.yaml", 1, 1),
    )  # fmt: skip


def state(status="missing", verdict="PASS"):
    return JudgementState(
        status, None if status == "missing" else judged(verdict), "sha256:1", "does it hold?"
    )


@pytest.fixture
def begin(profile):
    def make(unit=DEVICE, *, status="missing", verdict="PASS", source="suite", entry=ENTRY, **planned):
        values = {"applies": True, "reason": ""} | planned
        one = PlannedEvaluation(
            unit, entry, unit.case.rpartition("-")[0], judged=state(status, verdict), **values
        )
        return Evaluation(Run(profile), one, "test_it", source)

    return make


def unread(kind="answer", *, part=f"1-AuthMech/{ENTRY}", field="Description", wrong=False, evidence=""):
    problem = Problem("ixit.yaml", 7, 3, f"{part}: {field}", "names nothing", "did you mean x?")
    return Unread(problem, "ixit.yaml:7", kind, part, field, wrong, evidence)


def violation(message="a login", field="Brute Force Prevention"):
    return Finding("violation", "answer", message, place=Place("ixit.yaml:9", f"1-AuthMech/{ENTRY}", field))


def unknown(message="not known", **changes):
    return Finding("unknown", "answer", message, **changes)


def note(message="look twice", **changes):
    return Finding("note", "answer", message, **changes)


BROKEN = Outcome(FAIL, "a login", findings=(violation(),))


def ended(evaluation, outcome):
    record = evaluation.conclude(outcome)
    return Verdict(record["verdict"]), record["cause"], record["reason"]


# What could not be understood -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "outcome", "expected", "says", "omits"),
    [
        ([False], Outcome(PASS, "clean"), OPEN, "names nothing", "clean"),
        ([False], BROKEN, OPEN, "names nothing; if it were left out: a login", "?"),
        ([False], Outcome(OPEN, "no way in", Cause.ACCESS), OPEN, "if it were left out: no way in", "?"),
        ([True], Outcome(PASS, "clean"), FAIL, "names nothing", "clean"),
        ([True], BROKEN, FAIL, "names nothing; a login", "?"),
        ([True, False], BROKEN, FAIL, "names nothing", "a login"),
    ],
)
def test_what_was_not_understood_is_no_pass_and_refutes_only_where_it_is_wrong(
    begin, wrong, outcome, expected, says, omits
):
    evaluation = begin(PAPER)
    evaluation.decided_by = "documents"
    for number, one in enumerate(wrong):
        evaluation.read(unread(wrong=one, field="Description" if not number else "Security Guarantees"))
    if outcome.verdict is PASS:
        evaluation.confirm = lambda: None
    verdict, cause, reason = ended(evaluation, outcome)

    assert (verdict, cause) == (expected, "information" if expected is OPEN else None)
    assert says in reason
    assert omits not in reason
    found = [one["message"] for one in evaluation.record["findings"]]
    assert found.count("names nothing") == len(wrong)
    assert ("a login" in found) == (outcome is BROKEN)


def test_what_would_settle_what_was_not_understood_is_said_once(begin):
    evaluation = begin()
    evaluation.read(unread())
    evaluation.read(unread(field="Security Guarantees"))

    assert evaluation.conclude(Outcome(PASS, "clean"))["settle"] == "Correct ixit.yaml:7; did you mean x?"


@pytest.mark.parametrize(
    ("status", "decided_by", "expected"),
    [
        ("valid", "judgement", PASS),
        ("valid", "program", OPEN),
        ("failed", "judgement", FAIL),
        ("stale", "judgement", OPEN),
    ],
)
def test_who_has_judged_the_words_themselves_has_the_last_word(begin, status, decided_by, expected):
    evaluation = begin(DEVICE, status=status, verdict="FAIL" if status == "failed" else "PASS")
    evaluation.read(unread())
    evaluation.decided_by = decided_by
    outcome = BROKEN if status == "failed" else Outcome(PASS, "clean")

    assert ended(evaluation, outcome)[0] is expected


def test_what_the_plan_could_not_understand_leaves_the_evaluation_open(begin):
    assert ended(begin(unread=(unread(),)), Outcome(PASS, "clean"))[0] is OPEN


def test_what_an_evaluation_reads_is_heard_until_it_ends_and_not_afterwards(begin):
    with begin() as outer:
        with begin() as inner:
            tell([unread()])
        Findings([note("said afterwards")]).decide()
    Findings([note("said to nobody")]).decide()

    assert inner.record["verdict"] == str(OPEN)
    assert [one["message"] for one in inner.record["findings"]] == ["names nothing"]
    assert [one["message"] for one in outer.record["findings"]] == ["said afterwards"]


# Whether it is concerned ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("outcome", "source", "expected"),
    [(Outcome(PASS, "clean"), "suite", OPEN), (BROKEN, "suite", OPEN), (BROKEN, "project", FAIL)],
)
def test_where_the_documents_do_not_tell_whether_it_is_concerned_nothing_is_decided(
    begin, outcome, source, expected
):
    evaluation = begin(applies=None, reason="nothing tells", settle="tell it", source=source)
    verdict, _, reason = ended(evaluation, outcome)

    assert verdict is expected
    if expected is OPEN:
        assert reason.startswith("nothing tells")
        assert evaluation.record["settle"] == "tell it"
        assert (len(evaluation.record["findings"]) == 1) == (outcome is BROKEN)


def test_a_reference_to_nothing_refutes_nothing_where_it_may_not_be_concerned(begin):
    evaluation = begin(PAPER, applies=None, reason="nothing tells")
    evaluation.read(unread(wrong=True))
    verdict, _, reason = ended(evaluation, Outcome(OPEN, "nothing tells", Cause.INFORMATION))

    assert verdict is OPEN
    assert "nothing tells" not in reason


@pytest.mark.parametrize(("unclaimed", "expected"), [(True, FAIL), (False, OPEN)])
def test_what_the_device_was_seen_to_do_refutes_though_nothing_is_claimed_yet(begin, unclaimed, expected):
    seen = unread("draft", field="facts.password", evidence="scan.json")
    evaluation = begin(applies=None, reason="no row", unclaimed=unclaimed, unread=(seen,))
    outcome = Outcome(FAIL, "short", findings=(violation("short", "facts.password.min_length"),))

    assert ended(evaluation, outcome)[0] is expected


# A person ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "verdict", "error"),
    [
        ("valid", "PASS", None),
        ("failed", "FAIL", Violation),
        ("valid", "NOT APPLICABLE", NotApplicable),
        ("open", "INCONCLUSIVE", Inconclusive),
        ("missing", "PASS", Inconclusive),
        ("stale", "PASS", Inconclusive),
    ],
)
def test_a_judgement_that_is_required_decides(begin, status, verdict, error):
    evaluation = begin(status=status, verdict=verdict)
    if error is None:
        assert evaluation.judgement.required().assessor == "A. Person"
    else:
        with pytest.raises(error):
            evaluation.judgement.required()

    assert evaluation.decided_by == "judgement"


@pytest.mark.parametrize(("status", "verdict"), [("failed", "FAIL"), ("open", "INCONCLUSIVE")])
def test_a_program_does_not_pass_what_a_person_could_not(begin, status, verdict):
    evaluation = begin(status=status, verdict=verdict)

    assert ended(evaluation, Outcome(PASS, "clean"))[0] is Verdict(verdict)
    assert evaluation.decided_by == "judgement"


@pytest.mark.parametrize("status", ["missing", "stale", "valid", "failed"])
@pytest.mark.parametrize("answers", [True, False])
def test_a_person_is_asked_about_what_is_open_unless_that_is_judged(begin, status, answers):
    evaluation = begin(status=status, verdict="FAIL" if status == "failed" else "PASS")
    asked = []

    def asker(planned, about):
        asked.append((planned.judgement, about))
        return judged() if answers else None

    evaluation._run.asker = asker
    given = evaluation.judgement.ask(Findings([unknown("one port"), note()]))

    open_ = status in ("missing", "stale")
    assert asked == [(status, "one port\nlook twice")] * open_
    assert given is (open_ and answers)
    assert (evaluation.judgement.state.status == "valid") == ((answers and open_) or status == "valid")


@pytest.mark.parametrize(
    ("source", "drafted", "asks"),
    [("suite", False, True), ("project", False, False), ("suite", True, False)],
)
def test_nobody_is_asked_in_vain(begin, source, drafted, asks):
    asked = []
    evaluation = begin(source=source)
    evaluation._run.asker = lambda *told: asked.append(told)
    evaluation.read(unread())
    if drafted:
        evaluation.read(unread("draft"))
    with pytest.raises(Inconclusive):
        evaluation.judgement.required("two passages")

    assert bool(asked) is asks


def test_who_judges_sees_what_was_found_before_once_and_without_what_refuted(begin):
    evaluation = begin()
    with evaluation.hearing():
        evaluation.hear(Findings([note("one"), violation(), unknown("two"), note("two")]), "")
        Findings([note("three"), note("one"), unknown("four")]).refute()
        seen = evaluation.seen_with(Findings([note("zero"), note("four")], "all of it"))

    assert [one.message for one in seen] == ["zero", "four", "one", "two", "three"]
    assert seen.examined == "all of it"
    assert seen[3].kind == "unknown"


@pytest.mark.parametrize("about", [Findings([note("read this")], "a page"), "read this"])
def test_who_judges_is_told_what_no_program_understood(begin, about):
    evaluation = begin(status="stale")
    evaluation.read(unread())
    with pytest.raises(Inconclusive) as open_:
        evaluation.judgement.required(about)

    told = open_.value.settle.partition("To be considered: ")[2]
    assert told.startswith("read this; ")
    assert told.endswith("names nothing")


def test_what_who_judges_was_told_goes_into_the_record(begin):
    evaluation = begin(PAPER, status="valid")
    evaluation.judgement.required(Findings([note("read this")], "a page"))
    record = evaluation.conclude(Outcome(PASS))

    assert [one["message"] for one in record["findings"]] == ["read this"]
    assert "a page" in record["reason"]
    assert "A. Person" in record["reason"]
    assert record["judgement"]["assessor"] == "A. Person"


def test_what_refutes_does_so_whatever_is_judged(begin):
    evaluation = begin(PAPER, status="valid")
    with pytest.raises(Violation, match="a login"):
        evaluation.judgement.required(Findings([note(), violation()]))

    assert evaluation.decided_by == "program"


# The record -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "evidence", "expected"),
    [
        (DEVICE, "b.json", ["2-b.json"]),
        (DEVICE, "none of them", ["1-a.json", "2-b.json"]),
        (DEVICE, "", ["1-a.json", "2-b.json"]),
        (PAPER, "b.json", None),
    ],
)
def test_what_was_seen_on_the_device_names_its_evidence(begin, unit, evidence, expected):
    evaluation = begin(unit)
    for name in ("1-a.json", "2-b.json"):
        evaluation.evidence.add(name, {})
    (found,) = evaluation.conclude(replace(BROKEN, findings=(replace(violation(), evidence=evidence),)))[
        "findings"
    ]

    assert found.get("evidence") == expected


def test_what_was_heard_and_what_ended_it_are_recorded_once(begin):
    evaluation = begin()
    evaluation.hear(Findings([note()]), "")
    evaluation.hear(Findings([violation()]), "")
    record = evaluation.conclude(BROKEN)

    assert [one["message"] for one in record["findings"]] == ["look twice", "a login"]
    assert evaluation.conclude(Outcome(PASS, "clean")) is record
    assert (record["judgement"], record["decided_by"], evaluation._run.settled) == (None, "program", 1)


@pytest.mark.parametrize(
    ("unit", "source", "heard", "expected"),
    [
        (DEVICE, "suite", None, OPEN),
        (DEVICE, "suite", "12 attempts", PASS),
        (DEVICE, "suite", "", OPEN),
        (DEVICE, "project", None, PASS),
    ],
)
def test_a_pass_says_what_was_examined(begin, unit, source, heard, expected):
    evaluation = begin(unit, source=source)
    if heard is not None:
        evaluation.hear(Findings(), heard)
    verdict, cause, reason = ended(evaluation, Outcome(PASS))

    assert verdict is expected
    assert cause == ("error" if expected is OPEN else None)
    if expected is PASS:
        assert (heard or "test_it found nothing") in reason


@pytest.mark.parametrize("outcome", [Outcome(PASS, "clean"), BROKEN])
@pytest.mark.parametrize("told_by", ["", "the maker says so"])
def test_who_told_that_it_is_concerned_is_named(begin, outcome, told_by):
    assert ended(begin(told_by=told_by), outcome)[2].endswith(told_by or outcome.reason)


@pytest.mark.parametrize(
    ("planned", "error"),
    [
        ({"applies": False, "reason": "no entry"}, NotApplicable),
        ({"applies": None, "reason": "nothing tells", "entry": None}, Inconclusive),
        ({"applies": None, "reason": "nothing tells"}, None),
        ({"missing_permissions": ("erase", "brute-force")}, Inconclusive),
        ({}, None),
    ],
)
def test_what_need_not_or_must_not_be_tried_ends_before_it_begins(begin, planned, error):
    evaluation = begin(**planned)
    if error is None:
        evaluation.check()
        return
    with pytest.raises(error) as ended_by:
        evaluation.check()

    if "missing_permissions" in planned:
        assert ended_by.value.cause is Cause.PERMISSION
        assert "--etsi-allow=erase,brute-force" in ended_by.value.settle


@pytest.mark.parametrize(("verdict", "says"), [("PASS", "nothing tells; judged by A. Person"), ("FAIL", "")])
def test_a_person_may_have_seen_why_there_is_no_entry(begin, verdict, says):
    status = "valid" if verdict == "PASS" else "failed"
    evaluation = begin(applies=None, reason="nothing tells", entry=None, status=status, verdict=verdict)
    with pytest.raises(NotApplicable if verdict == "PASS" else Violation) as ended_by:
        evaluation.check()

    assert says in str(ended_by.value)


@pytest.mark.parametrize(
    ("source", "own_edition", "says"),
    [("suite", True, True), ("project", True, False), ("suite", False, False)],
)
def test_where_a_reconstructed_condition_is_from_is_said(
    begin, profile, monkeypatch, source, own_edition, says
):
    evaluation = begin(source=source)
    case = SimpleNamespace(case=lambda _: SimpleNamespace(reconstructed="as it was inferred"))
    monkeypatch.setattr(evaluation_module, "edition", lambda _: case)
    if not own_edition:
        origin = SimpleNamespace(edition="another")
        monkeypatch.setattr(
            evaluation, "planned", replace(evaluation.planned, unit=replace(DEVICE, origin=origin))
        )

    assert ("as it was inferred" in ended(evaluation, BROKEN)[2]) is says


def test_an_interrupt_is_no_verdict(begin):
    evaluation = begin()
    with pytest.raises(KeyboardInterrupt), evaluation:
        raise KeyboardInterrupt

    assert evaluation._run.records == []
    with begin() as after:
        raise Violation("a login")
    assert [one["verdict"] for one in after._run.records] == [str(FAIL)]
