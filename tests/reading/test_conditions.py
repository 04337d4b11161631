"""Whether a condition holds: what the documents show, what the ICS states, and what was not understood."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.reading import conditions
from pytest_etsi.assessment.reading.conditions import ConditionState
from pytest_etsi.profile.unread import note
from tests.criteria.documents import ixit_of

SHOWN = {True: "1-AuthMech has it", False: "1-AuthMech has no entries", None: "1-AuthMech does not tell"}


class NotUnderstood:
    """Something that was read and could not be understood."""

    def __init__(self, text="line 7"):
        self.text = text

    def __str__(self):
        return self.text


def state(monkeypatch, shown, declared=None, *, heard=(), unread=None, spoken=""):
    def reader(_profile):
        note(heard)
        return shown, SHOWN[shown]

    monkeypatch.setattr(conditions, "_CONDITIONS", {"1": reader})
    monkeypatch.setattr(conditions, "_spoken_of", lambda *_: spoken)
    ics = SimpleNamespace(
        conditions={} if declared is None else {"1": declared},
        unread={} if unread is None else {"condition 1": unread},
    )
    return conditions.condition_holds(SimpleNamespace(edition="1.1.1", ics=ics, ixit=None), "1")


@pytest.mark.parametrize(
    ("shown", "declared", "holds", "reason"),
    [
        (True, None, True, SHOWN[True]),
        (False, None, False, SHOWN[False]),
        (None, None, None, SHOWN[None]),
        # What the documents show counts, whatever is stated.
        (True, True, True, SHOWN[True]),
        (True, False, True, f"{SHOWN[True]}, which contradicts the statement in the ICS"),
        # What they do not show is stated.
        (False, True, True, "stated in the ICS"),
        (None, True, True, "stated in the ICS"),
        (False, False, False, "stated to be absent in the ICS"),
        (None, False, False, "stated to be absent in the ICS"),
    ],
)
def test_what_the_documents_show_counts_and_otherwise_what_the_ics_states(
    monkeypatch, shown, declared, holds, reason
):
    found = state(monkeypatch, shown, declared)

    assert (found.holds, found.reason) == (holds, reason)
    assert (found.shown, found.declared, found.documents) == (shown, declared, SHOWN[shown])


@pytest.mark.parametrize(
    ("shown", "declared", "contradicted"),
    [
        (True, False, True),
        (True, True, False),
        (True, None, False),
        (False, False, False),
        (None, False, False),
        (False, True, False),
        (None, None, False),
    ],
)
def test_the_ics_is_contradicted_where_it_denies_what_is_shown(shown, declared, contradicted):
    assert ConditionState("1", "", None, "", declared, shown, "").contradicted is contradicted


@pytest.mark.parametrize(("shown", "holds"), [(True, True), (False, None), (None, None)])
def test_nothing_is_absent_by_what_could_not_be_understood(monkeypatch, shown, holds):
    found = state(monkeypatch, shown, heard=[NotUnderstood("line 7"), NotUnderstood("line 9")])

    assert found.shown is holds
    assert found.holds is holds
    assert found.reason == (SHOWN[True] if shown else "line 7 and 1 more")


@pytest.mark.parametrize(
    ("shown", "declared", "holds"),
    [(True, None, True), (False, None, None), (None, None, None), (None, True, True)],
)
def test_a_statement_of_the_ics_that_could_not_be_understood_leaves_open_what_is_not_shown(
    monkeypatch, shown, declared, holds
):
    found = state(monkeypatch, shown, declared, unread=NotUnderstood("ics.yaml:3"))

    assert found.holds is holds
    assert (found.reason == "ics.yaml:3") is (holds is None)


@pytest.mark.parametrize(
    ("shown", "declared", "holds"),
    [(None, False, None), (False, False, False), (None, True, True), (None, None, None), (True, False, True)],
)
def test_what_is_denied_and_spoken_of_in_prose_is_open_where_the_tables_do_not_tell(
    monkeypatch, shown, declared, holds
):
    found = state(monkeypatch, shown, declared, spoken="prose speaks of it")

    assert found.holds is holds
    assert found.reason.startswith("prose speaks of it") is (declared is False and shown is None)


# How a table tells ------------------------------------------------------------------------------------------


class Table(list):
    """A table of made-up entries."""

    id = "24-TelData"


def entries(*answers):
    return Table(SimpleNamespace(id=f"E{number}", answer=one) for number, one in enumerate(answers))


@pytest.mark.parametrize(
    ("answers", "shown", "reason"),
    [
        ((), False, "24-TelData has no entries"),
        ((False,), False, "24-TelData has no entry that is a lamp"),
        ((False, None), None, "24-TelData does not tell of E1 whether it is a lamp"),
        ((False, None, True), True, "24-TelData has a lamp: E2"),
        ((True,) * 5, True, "24-TelData has a lamp: E0, E1, E2 and 2 more"),
    ],
)
def test_one_entry_shows_it_and_one_that_does_not_tell_leaves_it_open(answers, shown, reason):
    assert conditions._some(entries(*answers), "a lamp", lambda one: one.answer) == (shown, reason)


@pytest.mark.parametrize(
    ("answers", "shown", "reason"),
    [
        ((), False, "24-TelData has no entries"),
        ((True,), True, "24-TelData has E0"),
        ((False, True), True, "24-TelData has E1"),
        ((False, False), None, "24-TelData has only E0, E1, which says that there is nothing"),
    ],
)
def test_an_entry_that_says_that_there_is_nothing_is_none(monkeypatch, answers, shown, reason):
    monkeypatch.setattr(conditions.claims, "says_there_is_nothing", lambda one: not one.answer)
    profile = SimpleNamespace(ixit=SimpleNamespace(tel_data=entries(*answers)))

    assert conditions._any_entry("tel_data")(profile) == (shown, reason)


# The conditions ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("constrained", "stated", "is_so", "is_not"),
    [
        (True, {}, True, False),
        (True, {"5": True}, True, False),
        (False, {}, False, True),
        (None, {}, False, True),
        # Condition 5 is the opposite of 4.
        (None, {"5": False}, True, False),
        (None, {"4": True}, False, False),
        (None, {"4": True, "5": False}, False, False),
        # An ICS that denies one of the two must not have denied both.
        (None, {"4": False, "5": False}, False, True),
        (None, {"4": False}, False, True),
        (None, {"5": True}, False, True),
    ],
)
def test_a_device_is_constrained_or_not_by_the_profile_or_by_the_opposite_statement(
    constrained, stated, is_so, is_not
):
    profile = SimpleNamespace(
        dut=SimpleNamespace(constrained=constrained), ics=SimpleNamespace(conditions=stated)
    )

    assert conditions._constrained(profile)[0] is is_so
    assert conditions._not_constrained(profile)[0] is is_not


def documents_of(**tables):
    named = {"auth_mech": "1-AuthMech", "soft_comp": "6-SoftComp", "upd_mech": "7-UpdMech",
             "com_mech": "11-ComMech", "pers_data": "21-PersData"}  # fmt: skip
    content = {
        named[name]: [{"ID": f"E{number}"} | entry for number, entry in enumerate(given)]
        for name, given in tables.items()
    }
    return SimpleNamespace(ixit=ixit_of(content))


def test_nothing_is_told_of_software_that_is_not_listed():
    empty, listed = documents_of(), documents_of(soft_comp=[{}])

    assert conditions._not_updatable(empty)[0] is None
    assert conditions._not_all_immutable(empty)[0] is None
    assert conditions._not_updatable(listed)[0] is True
    assert conditions._no_limit_on_updates(empty)[0] is None
    assert conditions._no_limit_on_updates(documents_of(upd_mech=[{}]))[0] is True


NETWORK = {"interface": "network"}
LOCK, DELAY = {"max_attempts": 5, "lockout_s": 60}, {"delay_s": 1}


@pytest.mark.parametrize(
    ("logins", "shown"),
    [
        ([], None),
        ([NETWORK], None),
        ([NETWORK | {"brute_force": LOCK}], True),
        ([NETWORK | {"brute_force": DELAY}], True),
        ([NETWORK | {"brute_force": {"scope": "account"}}], None),
        ([NETWORK | {"brute_force": LOCK}, NETWORK], None),
        ([NETWORK | {"brute_force": LOCK}, {"interface": "local"}], True),
        ([{"interface": "local", "brute_force": LOCK}], None),
    ],
)
def test_no_limit_keeps_a_device_from_a_prevention_that_each_login_over_the_network_has(logins, shown):
    profile = documents_of(auth_mech=[{"facts": facts} for facts in logins])

    assert conditions._no_limit_on_prevention(profile)[0] is shown


@pytest.mark.parametrize(
    ("peers", "facts", "any_data", "sensitive"),
    [
        (["associated-service"], {"sensitive": True}, True, True),
        (["other-device", "associated-service"], {"sensitive": True}, True, True),
        (["associated-service"], {"sensitive": False}, True, False),
        (["associated-service"], {}, True, None),
        (["other-device"], {"sensitive": True}, None, None),
        ([], {"sensitive": True}, None, None),
    ],
)
def test_data_go_to_a_service_by_a_mechanism_that_leads_to_one(peers, facts, any_data, sensitive):
    mechanisms = [{"facts": {"peer": peer}} for peer in peers]
    data = {"Communication Mechanisms": [f"E{number}" for number in range(len(peers))], "facts": facts}
    profile = documents_of(com_mech=mechanisms, pers_data=[data])

    assert conditions._to_services(profile, sensitive=False)[0] is any_data
    assert conditions._to_services(profile, sensitive=True)[0] is sensitive


@pytest.mark.parametrize(
    ("number", "table", "field", "said"),
    [
        *((one, "auth_mech", "Authentication Factor", "A password.") for one in ("1", "a")),
        *((one, "auth_mech", "Authentication Factor", "A pre-installed password.") for one in ("2", "b")),
        *((one, "auth_mech", "Description", "User authentication.") for one in ("8", "d")),
        *((one, "upd_mech", "Description", "A network-based update.") for one in ("11", "j")),
    ],
)
def test_prose_speaks_of_what_a_condition_is_about_unless_it_denies_something(number, table, field, said):
    def spoken(text, condition=number):
        return conditions._spoken_of(documents_of(**{table: [{}, {field: text}]}), condition)

    assert "speaks of" in spoken(said)
    assert not spoken(f"No: {said}")
    assert not spoken("Something else.")
    assert not spoken(said, "9")
