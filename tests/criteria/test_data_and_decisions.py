"""Telemetry, consent, decisions and input validation: what documents refute, and what they leave to a person."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.criteria import decisions, personal_data, telemetry, validation

CRASHES = {
    "ID": "TelData-Crash",
    "Description": "Crash reports and restart counters.",
    "Purpose": "Finding faults of the software.",
    "Security Examination": "A job flags devices with more than 5 restarts an hour.",
}

# ---------------------------------------------------------------------------------------------------- telemetry


@pytest.mark.parametrize("text", ["", "none", "No.", "not performed", "n/a", "-"])
def test_telemetry_of_which_nothing_is_examined_refutes(text) -> None:
    ixit = ixit_of({"24-TelData": [CRASHES | {"Security Examination": text}]})

    assert telemetry.some_examination(ixit).violations
    assert scopes.examined_telemetry.concerns(ixit.tel_data[0], ixit) is False


def test_no_telemetry_has_no_examination() -> None:
    assert telemetry.some_examination(ixit_of({})).violations


def test_a_stated_examination_decides_and_prose_alone_does_not() -> None:
    prose = telemetry.some_examination(ixit_of({"24-TelData": [CRASHES]}))
    stated = telemetry.some_examination(ixit_of({"24-TelData": [CRASHES | {"facts": {"examined": True}}]}))

    assert not prose.violations
    assert prose.unknowns
    assert not stated


def test_facts_do_not_make_an_examination_of_an_empty_field() -> None:
    ixit = ixit_of({"24-TelData": [CRASHES | {"Security Examination": "", "facts": {"examined": True}}]})

    assert telemetry.some_examination(ixit).violations


def test_a_denial_in_a_sentence_stays_open() -> None:
    entry = entry_of(
        "24-TelData", CRASHES | {"Security Examination": "No manual review, but a job flags anomalies."}
    )

    assert telemetry.states_examination(entry) is None


def test_an_examination_of_other_data_is_noted() -> None:
    entry = entry_of(
        "24-TelData", CRASHES | {"Description": "Temperature.", "Security Examination": "Failed logins."}
    )
    found = telemetry.examination(entry)

    assert not found.violations
    assert found


@pytest.mark.parametrize("text", ["", "tbd"])
def test_personal_data_without_purpose_refute(text) -> None:
    ixit = ixit_of({"24-TelData": [CRASHES | {"Purpose": text}]})

    assert telemetry.necessity(ixit.tel_data[0], ixit).violations


def test_personal_data_beside_a_statement_that_none_are_needed_refute() -> None:
    data = {"ID": "PersData-Serial", "Description": "Serial number."}
    entry = CRASHES | {"Personal Data": "PersData-Serial", "facts": {"needs_personal_data": False}}
    ixit = ixit_of({"21-PersData": [data], "24-TelData": [entry]})
    good = ixit_of({"21-PersData": [data], "24-TelData": [entry | {"facts": {"needs_personal_data": True}}]})

    assert telemetry.necessity(ixit.tel_data[0], ixit).violations
    assert not telemetry.necessity(good.tel_data[0], good)


def test_a_catch_all_purpose_is_noted() -> None:
    ixit = ixit_of({"24-TelData": [CRASHES | {"Purpose": "For future improvements."}]})
    found = telemetry.necessity(ixit.tel_data[0], ixit)

    assert [finding.kind for finding in found] == ["note"]


# ------------------------------------------------------------------------------------------------------ consent

CONSENT = {
    "ID": "PersData-Clips",
    "Description": "Clips",
    "Obtaining Consent": "An unticked box with a text of its own before the upload is switched on.",
    "Withdrawing Consent": "App, Privacy, switch Cloud clips off.",
}


def consent(**changes):
    ixit = ixit_of({"21-PersData": [CONSENT | changes]})
    return personal_data.consent(ixit.pers_data[0], ixit.pers_data)


@pytest.mark.parametrize(
    "text",
    [
        "The box is pre-ticked and can be unticked.",
        "By using the app the user agrees.",
        "Continued use counts as agreement.",
        "Consent is implied.",
        "",
        "tbd",
    ],
)
def test_consent_that_is_no_choice_refutes(text) -> None:
    assert consent(**{"Obtaining Consent": text}).violations


@pytest.mark.parametrize(
    "text",
    [
        CONSENT["Obtaining Consent"],
        "Switch in the app, off until the user turns it on; nothing is pre-selected.",
        "The wizard asks; without an answer, no consent is assumed.",
        "Opt-in dialogue. Using the device does not count as consent.",
        "Asked in the set-up by two buttons of the same size, Allow and Not now.",
    ],
)
def test_consent_in_many_words_is_not_refuted(text) -> None:
    assert not consent(**{"Obtaining Consent": text}).violations


@pytest.mark.parametrize(
    ("how", "bad"), [("preselected", True), ("implied", True), ("explicit-action", False)]
)
def test_stated_ways_of_consent(how, bad) -> None:
    assert bool(consent(facts={"consent": True, "consent_by": how}).violations) is bad


@pytest.mark.parametrize("text", ["", "Not possible.", "cannot be withdrawn", "none", "irrevocable"])
def test_no_way_to_withdraw_refutes(text) -> None:
    assert personal_data.withdrawal(
        entry_of("21-PersData", CONSENT | {"Withdrawing Consent": text})
    ).violations


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("Delete the account in the app.", "note"),
        ("By e-mail to privacy@vendor.example.", "note"),
        ("Switch off.", ""),
    ],
)
def test_roundabout_ways_to_withdraw_are_noted(text, level) -> None:
    found = personal_data.withdrawal(entry_of("21-PersData", CONSENT | {"Withdrawing Consent": text}))

    assert [finding.kind for finding in found] == ([level] if level else [])


def test_what_rests_on_consent() -> None:
    def concerns(**changes):
        return scopes.processed_on_consent.concerns(entry_of("21-PersData", CONSENT | changes), None)

    assert concerns() is True
    assert concerns(**{"Obtaining Consent": ""}) is False
    assert concerns(**{"Obtaining Consent": "", "facts": {"consent": True}}) is True
    assert concerns(facts={"consent": False}) is None, "facts and prose contradict each other"


# ---------------------------------------------------------------------------------------------------- decisions

UPDATES = {
    "ID": "UserDec-Updates",
    "Description": "Whether updates are installed by themselves.",
    "Options": ["on (default)", "off"],
    "Triggered By": "Third step of the set-up.",
}


@pytest.mark.parametrize(
    ("topic", "options", "default", "bad"),
    [
        ("updates", ["on", "off"], "off", True),
        ("updates", ["on", "off"], "on", False),
        ("remote-access", ["on", "off"], "on", True),
        ("remote-access", ["on", "off"], "off", False),
        ("data-sharing", ["share", "do not share"], "share", True),
        ("data-sharing", ["share", "do not share"], "do not share", False),
        ("network", ["open", "WPA3"], "open", True),
        ("network", ["open", "WPA3"], "WPA3", False),
        ("password", ["admin", "own"], "admin", True),
        ("other", ["on", "off"], "off", False),
    ],
)
def test_stated_defaults(topic, options, default, bad) -> None:
    facts = {"topic": topic, "options": options, "default": default}
    entry = entry_of("26-UserDec", UPDATES | {"Options": options, "facts": facts})

    assert bool(decisions.default(entry).violations) is bad


def test_a_marked_default_in_the_options_counts_with_a_stated_topic() -> None:
    off = UPDATES | {"Options": ["on", "off (default)"], "facts": {"topic": "updates"}}
    on = UPDATES | {"facts": {"topic": "updates"}}

    assert decisions.default(entry_of("26-UserDec", off)).violations
    assert not decisions.default(entry_of("26-UserDec", on))


def test_without_a_topic_only_the_unmistakable_refutes() -> None:
    off = UPDATES | {"Options": ["on", "off (default)"]}
    wep = UPDATES | {"Description": "Wi-Fi security.", "Options": ["WEP (default)", "WPA2"]}

    assert not decisions.default(entry_of("26-UserDec", off)).violations
    assert decisions.default(entry_of("26-UserDec", wep)).violations


def test_a_default_that_is_no_option_refutes() -> None:
    facts = {"options": ["on", "off"], "default": "sometimes"}

    assert decisions.default(entry_of("26-UserDec", UPDATES | {"facts": facts})).violations


def test_a_missing_default_is_open() -> None:
    found = decisions.default(entry_of("26-UserDec", UPDATES | {"Options": ["on", "off"]}))

    assert [finding.kind for finding in found] == ["unknown"]


def test_a_decision_asked_twice_refutes() -> None:
    ixit = ixit_of({"26-UserDec": [UPDATES, UPDATES | {"ID": "UserDec-Again"}]})
    once = ixit_of({"26-UserDec": [UPDATES]})

    assert decisions.needed(ixit.user_dec[0], ixit.user_dec).violations
    assert not decisions.needed(once.user_dec[0], once.user_dec)


@pytest.mark.parametrize("field", ["Description", "Options"])
def test_a_decision_that_says_nothing_refutes(field) -> None:
    ixit = ixit_of({"26-UserDec": [UPDATES | {field: "tbd"}]})

    assert decisions.needed(ixit.user_dec[0], ixit.user_dec).violations


# --------------------------------------------------------------------------------------------------- validation

WEB = {"ID": "UserIntf-Web", "Description": "Web page."}
API = {"ID": "ExtAPI-Cloud", "Description": "Commands of the cloud."}
CLOUD = {"ID": "ComMech-Cloud", "Description": "MQTT", "facts": {"remote": True}}
LOCAL = {"ID": "ComMech-Local", "Description": "HTTPS", "facts": {"remote": False}}
SOURCES = {"27-UserIntf": [WEB], "28-ExtAPI": [API], "11-ComMech": [CLOUD, LOCAL]}


def method(*sources: str, **facts):
    return {
        "ID": "InpVal-All",
        "Description": "Type, length and range of each value are checked; others are refused.",
        "facts": {"sources": list(sources), **facts},
    }


def test_every_source_has_to_be_named() -> None:
    whole = method("UserIntf-Web", "ExtAPI-Cloud", "ComMech-Cloud")

    assert not validation.coverage(ixit_of(SOURCES | {"29-InpVal": [whole]}))
    for left_out in whole["facts"]["sources"]:
        named = [name for name in whole["facts"]["sources"] if name != left_out]
        violations = validation.coverage(ixit_of(SOURCES | {"29-InpVal": [method(*named)]})).violations
        assert len(violations) == 1
        assert left_out in str(violations)


def test_a_source_that_does_not_exist_refutes() -> None:
    named = method("UserIntf-Web", "ExtAPI-Cloud", "ComMech-Cloud", "UserIntf-Voice")

    assert "UserIntf-Voice" in str(validation.coverage(ixit_of(SOURCES | {"29-InpVal": [named]})).violations)


def test_sources_without_any_method_refute_and_no_sources_need_none() -> None:
    assert validation.coverage(ixit_of(SOURCES)).violations
    assert not validation.coverage(ixit_of({}))


def test_a_method_without_stated_sources_leaves_coverage_to_a_person() -> None:
    prose = {"ID": "InpVal-All", "Description": "All inputs are checked."}
    found = validation.coverage(ixit_of(SOURCES | {"29-InpVal": [prose]}))

    assert not found.violations
    assert found


@pytest.mark.parametrize(
    ("where", "bad"),
    [
        (["browser"], True),
        (["app", "browser"], True),
        (["browser", "device"], False),
        (["service"], False),
        ([], False),
    ],
)
def test_validation_in_the_client_alone_refutes(where, bad) -> None:
    entry = entry_of("29-InpVal", method(where=where))

    assert bool(validation.effective(entry).violations) is bad


def test_a_method_that_says_nothing_refutes() -> None:
    assert validation.effective(entry_of("29-InpVal", {"Description": "n/a"})).violations
