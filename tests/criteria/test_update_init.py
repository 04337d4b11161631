"""Consent to automatic updates, looking for updates, and what can be set, one documented fact at a time."""

from __future__ import annotations

from typing import Any

import pytest
from documents import entry_of, profile_of

from pytest_etsi.assessment.criteria import machines, update_init, update_options
from pytest_etsi.assessment.findings import Finding, Findings

NET = {
    "ID": "Net",
    "Description": "An update.",
    "Update Checking": "Every day.",
    "Configuration": "On or off.",
}
USB = {"ID": "Usb", "Description": "Another one.", "Update Checking": "By the owner."}
ASK = {
    "ID": "Ask",
    "Description": "Whether to install.",
    "Options": "yes; no",
    "Triggered By": "The first start.",
}


def ixit_of(decisions: list[dict[str, Any]], components: list[dict[str, Any]] = [], **facts: Any) -> Any:  # noqa: B006
    tables = {
        "7-UpdMech": [NET | {"facts": facts}, USB | {"facts": {"checked_by": "user"}}],
        "26-UserDec": decisions,
        "6-SoftComp": components,
    }
    return profile_of(tables, edition="2.1.1").ixit


def said(found: Findings) -> list[tuple[str, str]]:
    return [(one.kind, one.place.field if one.place else "") for one in found]


def asking(*facts: dict[str, Any], **fields: str) -> Any:
    return ixit_of([ASK | {"ID": f"Ask{number}", "facts": one} | fields for number, one in enumerate(facts)])


INIT = {"asked_during": "initialization"}
NAMED = {"update_mechanisms": ["Net"]}


@pytest.mark.parametrize(
    ("facts", "asked"),
    [
        ([INIT | NAMED], True),
        ([INIT | NAMED | {"topic": "other"}], True),
        ([INIT | {"update_mechanisms": ["Usb"]}], False),
        ([INIT | {"topic": "network"}], False),
        ([INIT | {"topic": "updates"}], None),
        ([INIT], None),
        ([NAMED], None),
        ([NAMED | {"asked_during": "operation"}], False),
        ([{"topic": "network"}, INIT | NAMED], True),
        ([], False),
    ],
)
def test_whether_consent_is_asked_is_told_by_the_decisions(facts, asked):
    ixit = asking(*facts)

    assert update_init.asked_at_initialization(ixit.upd_mech[0], ixit) is asked
    assert {one.id for one in update_init.consents(ixit)} == (
        {"Ask0"}
        if facts[:1] and facts[0].get("update_mechanisms") and "initialization" in facts[0].values()
        else {"Ask1"}
        if len(facts) > 1
        else set()
    )


@pytest.mark.parametrize("field", ["Description", "Options", "Triggered By"])
def test_the_question_says_what_is_asked_between_what_and_when(field):
    ixit = asking(INIT | NAMED, **{field: ""})

    assert said(update_init.asks_for_consent(ixit.upd_mech[0], ixit)) == [("violation", field)]


def test_of_two_questions_for_the_same_consent_the_whole_one_counts():
    ixit = ixit_of(
        [ASK | {"ID": "A", "Options": "", "facts": INIT | NAMED}, ASK | {"ID": "B", "facts": INIT | NAMED}]
    )

    assert update_init.asks_for_consent(ixit.upd_mech[0], ixit) == ()


def test_a_question_that_comes_later_refutes_where_no_other_decision_may_be_the_consent():
    later = {"asked_during": "operation"} | NAMED
    alone, beside = asking(later, {"topic": "network"}), asking(later, {"topic": "updates"} | INIT)
    found = update_init.asks_for_consent(alone.upd_mech[0], alone)

    assert said(found) == [("violation", "facts.asked_during")]
    assert found[0].place is not None
    assert found[0].place.entry.endswith("Ask0")
    assert said(update_init.asks_for_consent(beside.upd_mech[0], beside)) == [("unknown", "Description")]


def test_without_any_decision_nobody_is_asked():
    ixit = ixit_of([])
    found = update_init.asks_for_consent(ixit.upd_mech[0], ixit)

    assert [one.kind for one in found] == ["violation"]
    assert "has no decision by which the user agrees to the automatic updates of Net" in found[0].message


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("May Net install updates?", True),
        ("May Net-2 install updates?", None),
        ("May Internet be used?", None),
    ],
)
def test_a_decision_is_about_the_mechanism_that_its_words_name(words, asked):
    ixit = asking(INIT, Description=words)

    assert update_init.asked_at_initialization(ixit.upd_mech[0], ixit) is asked


@pytest.mark.parametrize(
    ("consent", "found"),
    [
        ({"granted": "on", "denied": "off"}, []),
        ({"granted": "on", "denied": "on"}, [("note", "facts.consent.denied")]),
        ({"granted": "on"}, []),
        ({"granted": "off"}, [("violation", "facts.consent.granted")]),
        ({"denied": "on"}, [("unknown", "Configuration")]),
        (None, [("unknown", "Configuration")]),
    ],
)
def test_consent_switches_the_mechanism_on_by_what_the_facts_say(consent, found):
    facts = {} if consent is None else {"consent": consent}
    entry = ixit_of([], **facts).upd_mech[0]

    assert said(update_init.enabled_by_consent(entry)) == found


APP = {"ID": "App", "Description": "x", "Update Mechanism": ["Net"]}
BOTH = {"ID": "Os", "Description": "x", "Update Mechanism": ["Net", "Usb"]}


def looking(components: list[dict[str, Any]], **facts: Any) -> list[Finding]:
    ixit = ixit_of([], components, **facts)
    return list(update_init.looks_for_updates(ixit.upd_mech[0], ixit))


@pytest.mark.parametrize(
    ("facts", "kinds"),
    [
        ({"check_after_init": True}, []),
        ({"check_during_init": True, "check_after_init": False}, []),
        ({"check_after_init": False}, []),  # during it, perhaps
        ({}, []),
        ({"checked_by": "service", "check_after_init": True}, []),
        ({"check_after_init": False, "check_during_init": False}, [("violation", "facts.check_after_init")]),
        ({"check_after_init": True, "checked_by": "user"}, [("violation", "facts.checked_by")]),
    ],
)
def test_a_mechanism_looks_for_updates_by_then_or_its_component_has_none_that_does(facts, kinds):
    assert said(Findings(looking([APP], **facts))) == kinds
    assert said(Findings(looking([BOTH], **facts))) == kinds  # the other one is looked at by its user only


NEVER = {"check_after_init": False, "check_during_init": False}


@pytest.mark.parametrize(
    ("checks", "kind"),
    [
        ([{"checked_by": "user"}, {"check_after_init": True}], "unknown"),  # one of them looks
        ([{"checked_by": "user"}, {}], "unknown"),  # or may
        ([{"checked_by": "user"}, {"checked_by": "user"}], "violation"),
        ([], "violation"),
    ],
)
def test_another_mechanism_of_the_component_that_may_look_leaves_it_to_the_reading(checks, kind):
    others = [USB | {"ID": f"Other{number}", "facts": facts} for number, facts in enumerate(checks)]
    component = {"ID": "App", "Description": "x", "Update Mechanism": ["Net", *(one["ID"] for one in others)]}
    tables = {"7-UpdMech": [NET | {"facts": NEVER}, *others], "6-SoftComp": [component]}
    ixit = profile_of(tables, edition="2.1.1").ixit
    (found,) = update_init.looks_for_updates(ixit.upd_mech[0], ixit)

    assert (found.kind, "by one reading" in found.message) == (kind, kind == "unknown")


def test_what_is_refuted_says_of_which_component_and_for_what_reason():
    (of_app,) = looking([APP], **NEVER)
    (of_nobody,) = looking([], **NEVER)

    assert "updates are looked for neither during nor after initialization, of App" in of_app.message
    assert (of_nobody.kind, of_nobody.cause) == ("unknown", "judgement")
    assert "no component has it" in of_nobody.message
    assert "updates are looked for neither during nor after" in of_nobody.message


def test_a_field_that_says_nothing_refutes_beside_what_the_facts_say():
    tables = {"7-UpdMech": [NET | {"Update Checking": "", "facts": NEVER}], "6-SoftComp": [APP]}
    alone = profile_of(tables, edition="2.1.1").ixit
    unused = profile_of(tables | {"6-SoftComp": []}, edition="2.1.1").ixit

    for ixit, kind in ((alone, "violation"), (unused, "unknown")):
        found = said(update_init.looks_for_updates(ixit.upd_mech[0], ixit))
        assert found == [("violation", "Update Checking"), (kind, "facts.check_after_init")]


@pytest.mark.parametrize(
    ("facts", "text", "kinds"),
    [
        ({"interaction": "automatic"}, "Fixed.", []),
        ({"interaction": "automatic"}, "", ["violation"]),
        ({"interaction": "simple", "user_options": ["enable"]}, "On or off.", []),
        ({"interaction": "simple", "user_options": ["postpone"]}, "Later.", ["violation"]),
        ({"interaction": "manual", "user_options": []}, "Nothing can be set.", ["violation"]),
        ({"interaction": "manual", "user_options": []}, "Automation on or off.", ["note"]),
        ({"interaction": "manual"}, "", ["violation"]),
        ({}, "Automation on or off.", ["note"]),
        ({}, "", ["violation"]),
    ],
)
def test_a_mechanism_can_be_automatic_by_itself_or_by_a_setting(facts, text, kinds):
    entry = entry_of("7-UpdMech", {"Configuration": text, "facts": facts})

    assert [one.kind for one in update_options.can_be_automatic(entry)] == kinds


@pytest.mark.parametrize("option", ["enable", "disable", "postpone"])
def test_each_option_that_only_the_words_have_is_open(option):
    wanted = ("enable", "disable", "postpone")
    words = {
        "enable": "It can be switched on.",
        "disable": "It can be switched off.",
        "postpone": "It can be delayed.",
    }
    facts = {"user_options": [one for one in wanted if one != option]}
    spoken, silent = (
        entry_of("7-UpdMech", {"Configuration": text, "facts": facts})
        for text in (words[option], "As described.")
    )

    assert said(update_options.each(spoken, "updates", wanted)) == [("unknown", "Configuration")]
    assert said(update_options.each(silent, "updates", wanted)) == [("violation", "facts.user_options")]


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"factors": ["certificate"]}, []),
        ({"factors": ["token"]}, [("note", "Authentication Factor")]),
        ({"factors": ["key"]}, [("note", "Authentication Factor")]),
        ({"factors": ["pin"]}, [("note", "Authentication Factor")]),
        ({}, [("note", "Authentication Factor")]),
        ({"factors": ["password"]}, [("violation", "facts.factors")]),
        ({"password": {"origin": "pre-installed"}}, [("violation", "facts.password")]),
    ],
)
def test_machines_do_without_passwords_by_their_factors(facts, found):
    entry = entry_of("1-AuthMech", {"Authentication Factor": "As the facts say.", "facts": facts})

    assert said(machines.without_password(entry)) == found


def test_a_driver_without_a_password_logs_in_by_none():
    entry = entry_of("1-AuthMech", {"access": {"driver": "mqtt", "host": "192.0.2.7", "port": 8883}})

    assert not machines.logs_in_by_password(entry)
