"""That there is none is an answer to some questions and none to others, in whatever words it is given."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of, profile_of

from pytest_etsi import criteria
from pytest_etsi.assessment import scopes
from pytest_etsi.assessment.criteria import interfaces, software, telemetry, update_use

NONE = ("None", "n/a", "N.A.", "nil", "--", "Nothing", "Does not apply", "Keine", "Sans objet", "不适用")
OPEN = ("", "tbd", "?", "to be defined", "see annex")


@pytest.mark.parametrize("text", NONE)
def test_an_interface_may_disclose_nothing(text: str) -> None:
    interface = {"Type": "network", "Disclosed Information": text}
    ixit = ixit_of({"15-Intf": [{"ID": "one", **interface}]})

    assert not interfaces.disclosure_is_harmless(ixit.intf[0], ixit).violations
    assert not interfaces.disclosure_is_needed(ixit.intf[0]).violations


@pytest.mark.parametrize("text", OPEN)
def test_an_interface_of_which_nothing_is_said_is_refuted(text: str) -> None:
    entry = entry_of("15-Intf", {"Type": "network", "Disclosed Information": text})

    assert interfaces.disclosure_is_needed(entry).violations


@pytest.mark.parametrize(("texts", "refuted"), [(NONE, False), (OPEN, True)])
def test_no_function_has_to_stay_for_an_alert_but_that_has_to_be_said(texts, refuted) -> None:
    for text in texts:
        entry = entry_of("20-SecBoot", {"Notification Functionality": text})

        assert bool(software.alert_functions(entry).violations) is refuted, text


@pytest.mark.parametrize("text", NONE)
def test_an_alert_over_the_network_needs_a_function(text: str) -> None:
    boot = {
        "User Notification": "A mail.",
        "Notification Functionality": text,
        "facts": {"alerts_on": ["mail"]},
    }

    assert software.alert(entry_of("20-SecBoot", boot)).violations


@pytest.mark.parametrize(("texts", "applies"), [(NONE, False), (("No notification.",), False), (OPEN, None)])
def test_updates_notify_nobody_only_where_that_is_said(texts, applies) -> None:
    for text in texts:
        entry = entry_of("7-UpdMech", {"User Notification": text, "facts": {"transport": "network"}})

        assert scopes.notifying_update.concerns(entry, None) is applies, text
        assert update_use.noticeable(entry).violations, text


@pytest.mark.parametrize("text", ["n/a", "Not applicable.", "Nie dotyczy", "entfällt", "不适用"])
@pytest.mark.parametrize("facts", [{"transport": "cable"}, {"transport": "local"}, {}])
def test_a_notice_that_does_not_apply_is_for_a_person_unless_updates_come_over_the_network(
    text, facts
) -> None:
    entry = entry_of("7-UpdMech", {"User Notification": text, "facts": facts})

    for found in (
        update_use.noticeable(entry),
        update_use.tells_risks(entry),
        update_use.announces_disruption(entry),
    ):
        assert not found.violations
        assert found.unknowns


@pytest.mark.parametrize("text", [*NONE, "No telemetry is collected."])
def test_an_entry_that_says_that_there_is_no_telemetry_is_for_a_person(text: str) -> None:
    content = {"Description": text, "Purpose": text, "Security Examination": text}
    found = telemetry.some_examination(ixit_of({"24-TelData": [{"ID": "one", **content}]}))

    assert not found.violations
    assert found.unknowns


@pytest.mark.parametrize("text", NONE)
def test_no_examination_of_telemetry_is_none_in_whatever_words(text: str) -> None:
    ixit = ixit_of({"24-TelData": [{"ID": "one", "Description": "Crashes.", "Security Examination": text}]})

    assert telemetry.states_examination(ixit.tel_data[0]) is False
    assert telemetry.some_examination(ixit).violations


@pytest.mark.parametrize(
    ("detail", "refuted"),
    [
        *((text, True) for text in NONE),
        ("", True),
        ("tbd", True),
        ("pending", True),
        ("Not supported.", True),
        ("See annex.", False),
        ("No memory protection unit is in the processor.", False),
    ],
)
def test_a_recommendation_is_left_out_for_a_reason(detail: str, refuted: bool) -> None:
    profile = profile_of({}, ics={"5.6-8": {"support": "N", "detail": detail}})

    assert bool(criteria.ics.justifications(profile.ics, "1.1.1").violations) is refuted
