"""The rules of an ICS's plausibility one by one, on sheets of which only what a rule looks at is made up."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.ics import across, plausibility, tables
from pytest_etsi.assessment.ics.sheet import IcsSheet
from pytest_etsi.assessment.reading.conditions import ConditionState
from pytest_etsi.standard import edition

CATALOGUE = edition("1.1.1")


def state(name, declared=None, shown=None):
    holds = declared if shown is None else shown
    return ConditionState(
        name, f"meaning {name}", holds, f"reason {name}", declared, shown, f"documents {name}"
    )


def row(support, detail="By a part of the lamp."):
    return SimpleNamespace(support=support, detail=detail, source="ics.yaml:7")


def sheet(states=(), rows=(), ixit=None, subject=(), **reference):
    made = object.__new__(IcsSheet)
    made.ics = SimpleNamespace(rows=dict(rows), condition_sources={}, source="ics.yaml", unread={})
    made.ixit = ixit or SimpleNamespace(soft_comp=())
    made.catalogue, made.provisions = CATALOGUE, CATALOGUE.provisions
    made.states = {one.id: one for one in states}
    made.reference, made.subject = reference, frozenset(subject)
    return made


def rules(found):
    return [(one.about, one.rule, one.level) for one in found]


@pytest.mark.parametrize(
    ("first", "second", "count"),
    [
        (state("1", True), state("2", False), 1),
        (state("1", True), state("2"), 0),
        (state("1"), state("2"), 0),
        # Only one is stated, and the documents tell the other.
        (state("1", True), state("2", None, False), 1),
        (state("1", True, True), state("2", None, False), 1),
        (state("1", None, True), state("2", False), 1),
        # Nothing is stated: what the documents show is no matter of the ICS.
        (state("1", None, True), state("2", None, False), 0),
        # The documents show the opposite of the one that is stated, which is said of it already.
        (state("1", True, False), state("2", None, False), 0),
        (state("1", None, True), state("2", False, True), 0),
        # Both are stated: that the documents show the opposite of one is another thing.
        (state("1", True, False), state("2", False), 1),
    ],
)
def test_statements_that_exclude_each_other_are_told_unless_the_documents_told_it_of_one(
    first, second, count
):
    rule = {"when": "1", "then": "2", "because": "it follows"}
    known = sheet([first, second], implications=[rule])
    if (first.declared, first.shown) == (True, False):
        # The ICS's own word counts where both are stated.
        assert known.stated("1") is True

    assert len([*across.contradictions(known)]) == count


@pytest.mark.parametrize(("explained", "count"), [((True, True), 0), ((True, False), 1), ((False, False), 1)])
def test_a_claim_is_excused_where_every_component_explains_it(monkeypatch, explained, count):
    monkeypatch.setattr(across.claims, "explains_no_update", lambda one: one.explained)
    ixit = SimpleNamespace(soft_comp=[SimpleNamespace(explained=one) for one in explained])
    rule = {"provision": "5.3-1", "needs": "1", "unless": "explained", "because": "it takes updates"}
    known = sheet([state("1", False)], {"5.3-1": row("Y")}, ixit, claims=[rule])

    assert len([*across.presupposed(known)]) == count


@pytest.mark.parametrize(
    ("needs", "declared", "word"), [("1", False, "does not hold"), ("!1", True, "holds")]
)
def test_a_claim_says_which_condition_it_presupposes(needs, declared, word):
    rule = {"provision": "5.3-1", "needs": needs, "because": "it takes updates"}
    (found,) = across.presupposed(sheet([state("1", declared)], {"5.3-1": row("Y")}, claims=[rule]))

    assert f"condition 1 {word} (reason 1)" in found.message


@pytest.mark.parametrize(("declared", "word"), [(True, "holds"), (None, "may hold")])
def test_what_would_excuse_a_circular_answer_is_named_with_what_is_known_of_it(declared, word):
    rule = {"provision": "5.3-1", "conditions": ["1"], "excused_by": "2", "what": "mechanism"}
    known = sheet([state("1", False), state("2", declared)], {"5.3-1": row("N/A")}, rests_on=[rule])

    (found,) = across.circular(known)
    assert f"condition 2 {word} (reason 2)" in found.message


def alike(condition="12"):
    """Provisions that have exactly this condition."""
    return [one.id for one in CATALOGUE.provisions if one.conditional == (condition,)]


@pytest.mark.parametrize(("subject", "level"), [(["12"], "error"), (["9", "12"], "error"), ([], "warning")])
def test_rows_with_one_condition_tell_one_story_for_certain_where_it_is_what_they_are_about(subject, level):
    first, second, *_ = alike()
    found = across.stories(sheet([state("12")], {first: row("N/A"), second: row("Y")}, subject=subject))

    assert rules(found) == [(first, "all-rows-one-story", level)]


def test_of_many_rows_that_tell_another_story_the_first_is_named_and_the_others_counted():
    first, *others = alike()[:4]
    (found,) = across.stories(
        sheet([state("12")], {first: row("N/A"), **{one: row("N") for one in others}}, subject=["12"])
    )

    assert f"{others[0]} (ics.yaml:7) and {len(others) - 1} more" in found.message
    assert others[1] not in found.message


def test_rows_with_one_text_are_boilerplate_unless_it_says_what_is_not_done():
    unconnected = ["5.1-1", "5.2-1", "5.4-1", "5.6-1", "5.9-1"]

    def found(detail):
        return [*across.same_texts(sheet(rows={one: row("Y", detail) for one in unconnected}))]

    (told,) = found("By a part of the lamp that is described elsewhere.")
    assert "5.1-1, 5.2-1, 5.4-1, 5.6-1 and 1 more" in told.message
    assert not found("Not implemented.")
    assert not found("")


def test_an_answer_without_a_detail_is_told_from_one_that_says_nothing():
    mandatory = next(one for one in CATALOGUE.provisions if one.status == "M" and not one.conditional)
    empty, vain = (plausibility._unjustified(mandatory, row("Y", text), "warning") for text in ("", "n/a"))

    assert "has no detail" in empty.message
    assert 'says nothing but "n/a"' in vain.message


@pytest.mark.parametrize(("conditional", "expected"), [(True, "or N/A"), (False, "Y")])
def test_what_may_be_answered_to_a_mandatory_provision_depends_on_its_conditions(conditional, expected):
    provision = next(
        one for one in CATALOGUE.provisions if one.status == "M" and bool(one.conditional) is conditional
    )
    (found, *_) = plausibility._row_n(sheet(), provision, row("N", "It costs too much."))

    assert expected in found.expected
    assert ("N/A" in found.expected) is conditional


def test_only_the_conditions_in_the_state_that_is_asked_for_are_named():
    known = sheet([state("1", True), state("2", False), state("3")])

    assert known.why(["1", "2", "3"], False) == "condition 2 does not hold (reason 2)"
    assert known.why(["1", "2", "3"], None) == "condition 3 is unknown (reason 3)"


class Table(list):
    """A table of entries, with its id."""

    def __init__(self, name, *entries):
        super().__init__(entries)
        self.id = name


class Answers(dict):
    """An entry of prose and typed facts."""

    def __init__(self, facts=None, /, **prose):
        super().__init__({name.replace("_", " "): text for name, text in prose.items()})
        silent = ("max_days", "brute_force", "policy_acknowledge_days", "policy_status_days")
        self.facts = SimpleNamespace(**dict.fromkeys(silent) | (facts or {}))


def ixit(vulnerabilities=(), updates=(), logins=(), **user):
    return SimpleNamespace(
        vuln_types=Table("2-VulnTypes", *vulnerabilities),
        upd_proc=Table("8-UpdProc", *updates),
        auth_mech=Table("1-AuthMech", *logins),
        user_info=Answers(**user),
    )


FIX, RECEIPT = "Fixed within 30 days.", "Receipt is confirmed within 5 days."


@pytest.mark.parametrize("provision", ["5.2-1", "5.2-2", "5.3-8"])
@pytest.mark.parametrize(
    "documents",
    [
        ixit(vulnerabilities=[Answers(Time_Frame=FIX)]),
        ixit(vulnerabilities=[Answers(Action=FIX)]),
        ixit(updates=[Answers(Description=FIX)]),
        ixit(updates=[Answers(Time_Frame=FIX)]),
        ixit(vulnerabilities=[Answers({"max_days": 30})]),
        ixit(updates=[Answers({"max_days": 30})]),
    ],
)
def test_days_to_a_remedy_are_those_of_the_tables(provision, documents):
    def found(detail):
        return rules(tables.figures(sheet(rows={provision: row("Y", detail)}, ixit=documents)))

    assert found("Errors are fixed within 90 days.") == [(provision, "row-against-table", "warning")]
    assert found("Errors are fixed within 30 days.") == []
    assert found("Errors are fixed.") == []
    # News of it is no remedy.
    assert found("Status updates every 14 days.") == []


@pytest.mark.parametrize("provision", ["5.2-1", "5.2-2"])
@pytest.mark.parametrize(
    "documents",
    [
        ixit(vulnerabilities=[Answers(Action=RECEIPT)]),
        ixit(vulnerabilities=[Answers(Time_Frame=RECEIPT)]),
        ixit(Publication_of_Vulnerability_Disclosure_Policy=RECEIPT),
    ],
)
def test_days_to_an_acknowledgement_are_those_of_the_tables(provision, documents):
    def found(detail):
        return len([*tables.figures(sheet(rows={provision: row("Y", detail)}, ixit=documents))])

    assert found("We confirm the receipt within 14 days.") == 1
    assert found("We confirm the receipt within 5 days.") == 0
    # A remedy is another thing than a receipt.
    assert found("Errors are fixed within 14 days.") == 0


@pytest.mark.parametrize(
    ("fact", "detail", "what"),
    [
        (
            "policy_acknowledge_days",
            "We confirm the receipt within 14 days.",
            "other days to an acknowledgement",
        ),
        ("policy_status_days", "A status update every 14 days.", "other days between status updates"),
        ("policy_status_days", "Updates on the progress every 14 days.", "other days between status updates"),
    ],
)
def test_days_that_facts_of_the_policy_state_are_those_of_the_row(fact, detail, what):
    def found(days):
        known = ixit()
        setattr(known.user_info.facts, fact, days)
        return [*tables.figures(sheet(rows={"5.2-1": row("Y", detail)}, ixit=known))]

    (finding,) = found(7)
    assert what in finding.message
    assert found(14) == []


@pytest.mark.parametrize("provision", ["5.3-13", "5.3-14"])
@pytest.mark.parametrize(
    ("stated", "said", "count"),
    [
        ("Five years.", "Supported for two years.", 1),
        ("Five years.", "Supported for 5 years.", 0),
        ("Until 2031.", "Supported until 2029.", 1),
        ("Until 2031.", "Supported until 2031.", 0),
        ("Five years.", "Answers within 14 days.", 0),
        # What is shorter than a month is no time of support, but one within which something is done.
        ("Five years.", "Supported for 27 days.", 0),
    ],
)
def test_the_time_of_support_is_that_of_the_table(provision, stated, said, count):
    known = sheet(rows={provision: row("Y", said)}, ixit=ixit(Support_Period=stated))

    assert len([*tables.figures(known)]) == count


LOCK = SimpleNamespace(max_attempts=5, lockout_s=60, max_lockout_s=3600, delay_s=None, rates=())


@pytest.mark.parametrize(
    ("login", "said", "count"),
    [
        (Answers({"brute_force": LOCK}), "Locked for one minute.", 0),
        (Answers({"brute_force": LOCK}), "Locked for one hour.", 0),
        (Answers({"brute_force": LOCK}), "Locked for ten minutes.", 1),
        (Answers({"brute_force": LOCK}), "Locked after 5 attempts.", 0),
        (Answers({"brute_force": LOCK}), "Locked after 10 attempts.", 1),
        (
            Answers(Brute_Force_Prevention="After 5 attempts locked for one minute."),
            "Locked after 10 attempts.",
            1,
        ),
        (
            Answers(Brute_Force_Prevention="After 5 attempts locked for one minute."),
            "Locked after 5 attempts.",
            0,
        ),
    ],
)
def test_figures_of_guessing_are_those_of_the_table(login, said, count):
    known = sheet(rows={"5.1-5": row("Y", said)}, ixit=ixit(logins=[login]))

    assert len([*tables.figures(known)]) == count


@pytest.mark.parametrize("support", ["N", "N/A"])
def test_only_a_row_that_claims_something_is_held_against_the_tables(support):
    known = sheet(
        rows={"5.2-1": row(support, "Errors are fixed within 90 days.")},
        ixit=ixit(updates=[Answers(Time_Frame=FIX)]),
    )

    assert not [*tables.figures(known)]


def login(factor, states=("initialized",), interface="network", factors=()):
    return Answers(
        {"interface": interface, "states": states, "factors": factors}, Authentication_Factor=factor
    )


@pytest.mark.parametrize(
    ("mechanism", "against"),
    [
        (login("None."), ["5.5-4", "5.5-5"]),
        (login("None.", states=("factory-default",)), ["5.5-5"]),
        (login("TBD by the lawyer."), ["5.5-5"]),
        (login("A password."), []),
        (login("None.", interface="local"), []),
        (login("None.", factors=("password",)), []),
        (login(""), []),
    ],
)
def test_a_claim_of_authentication_is_held_against_a_mechanism_that_asks_for_nothing(mechanism, against):
    rows = {name: row("Y") for name in ("5.5-4", "5.5-5")}
    found = [*tables.without_factor(sheet(rows=rows, ixit=ixit(logins=[mechanism])))]

    assert [one.about for one in found] == against
    states = mechanism.facts.states[0]
    assert all(f"asks for nothing in {states}" in one.message for one in found)


def test_of_many_mechanisms_that_ask_for_nothing_two_are_named():
    logins = [login("None.") for _ in range(3)]
    (found,) = tables.without_factor(sheet(rows={"5.5-5": row("Y")}, ixit=ixit(logins=logins)))

    assert found.message.count("'Authentication Factor'") == 2
    assert "and 1 more" in found.message


def test_a_mechanism_that_is_for_no_state_is_named_without_one():
    (found,) = tables.without_factor(
        sheet(rows={"5.5-5": row("Y")}, ixit=ixit(logins=[login("None.", states=())]))
    )

    assert "asks for nothing: " in found.message


@pytest.mark.parametrize(
    ("detail", "answers", "count"),
    [
        ("With the consent of the user.", [False, False], 1),
        ("With the consent of the user.", [False, True], 0),
        ("With the consent of the user.", [False, None], 0),
        ("With the consent of the user.", [], 0),
        ("Without consent.", [True, False], 1),
        ("Without consent.", [None, False], 0),
        # One clause denies it and another does not.
        ("Without consent nothing is sent. Consent is asked for.", [True, False], 0),
        ("Nothing is asked.", [True], 0),
    ],
)
def test_a_consent_that_a_row_speaks_of_is_one_that_data_rest_on(monkeypatch, detail, answers, count):
    monkeypatch.setattr(tables.claims, "rests_on_consent", lambda one: one.facts.rests)
    documents = SimpleNamespace(pers_data=Table("21-PersData", *(Answers({"rests": one}) for one in answers)))
    known = sheet(rows={"6-2": row("Y", detail)}, ixit=documents)

    assert len([*tables.consent(known)]) == count


@pytest.mark.parametrize(
    ("answers", "about"),
    [
        ({"5.5-6": "Y", "5.5-7": "Y", "5.4-1": "Y"}, ["5.5-6"]),
        ({"5.5-6": "N", "5.5-7": "Y", "5.4-1": "Y"}, ["5.5-7"]),
        ({"5.4-1": "Y"}, ["5.4-1"]),
        ({"5.4-1": "N"}, []),
    ],
)
def test_a_password_that_is_no_parameter_is_told_once_of_the_first_row_that_claims_its_protection(
    monkeypatch, answers, about
):
    mechanism = SimpleNamespace(source=lambda: "ixit.yaml:3")
    documents = SimpleNamespace(sec_param=SimpleNamespace(id="10-SecParam", source="ixit.yaml:9"))
    known = sheet(rows={name: row(answer) for name, answer in answers.items()}, ixit=documents)
    monkeypatch.setattr(tables, "unlisted_password", lambda _: mechanism)

    assert [one.about for one in tables.passwords(known)] == about
    monkeypatch.setattr(tables, "unlisted_password", lambda _: None)
    assert not [*tables.passwords(known)]
