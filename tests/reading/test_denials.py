# ruff: noqa: RUF001 - answers are written with such dashes and quotes
"""Answers that say that there is none: in a word, with a remark, in a sentence; and those that name one after all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.assessment.reading.denials import says_none
from pytest_etsi.assessment.reading.field_words import FIELD_WORDS
from pytest_etsi.standard import edition

BRUTE = ("auth_mech", "Brute Force Prevention")
NOTICE = ("upd_mech", "User Notification")
REVIEW = ("net_sec_impl", "Review/Evaluation Method")
POLICY = ("user_info", "Publication of Vulnerability Disclosure Policy")
NEED = ("soft_serv", "Justification")
BACK = ("pers_data", "Withdrawing Consent")
GUARANTEES = ("upd_mech", "Security Guarantees")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (BRUTE, "None."),
        (BRUTE, "None implemented for this mode."),
        (BRUTE, "None. Whoever switches it on accepts it."),
        (BRUTE, "None; nothing slows guessing down."),
        (BRUTE, "There isn't any."),
        (BRUTE, f"None. {'so ' * 39}"),
        (BRUTE, "None implemented for this mode of the lamp."),
        (BRUTE, "There is neither a lock nor a delay."),
        (("auth_mech", "Authentication Factor"), "Keine Anmeldung nötig."),
        (BRUTE, "NONE – THE NETWORK IS TRUSTED"),
        (BRUTE, "No lockout."),
        (BRUTE, "The number of attempts is unlimited."),
        (BRUTE, "Keine. Im Heimnetz nicht erforderlich."),
        (BRUTE, "Aucune mesure."),
        (BRUTE, "Ninguna medida."),
        (BRUTE, "Nessuna misura"),
        (BRUTE, "Geen maatregelen"),
        (BRUTE, "Brak zabezpieczeń"),
        (BRUTE, "Nenhuma."),
        (BRUTE, "Inga åtgärder."),
        (BRUTE, "なし"),
        (NOTICE, "Users are not informed."),
        (NOTICE, "The user is never told of it."),
        (NOTICE, "Der Nutzer wird nicht benachrichtigt."),
        (NOTICE, "El usuario no recibe ningún aviso."),
        (REVIEW, "It has not been reviewed."),
        (REVIEW, "None yet, planned for next year."),
        (REVIEW, "Es wurde keine Prüfung durchgeführt."),
        (POLICY, "It is not published."),
        (POLICY, "Non publiée."),
        (NEED, "No longer needed."),
        (NEED, "Wird nicht benötigt."),
        (BACK, "Cannot be withdrawn."),
        (BACK, "Nicht vorgesehen."),
        (GUARANTEES, "None. The cable is trusted."),
        (GUARANTEES, "No guarantees are given."),
        (("sec_param", "Security Guarantees"), "No guarantees are given."),
        (("sec_boot", "Security Guarantees"), "No guarantees are given."),
        (("sec_boot", "User Notification"), "Users are not informed."),
        (("upd_mech", "Update Checking"), "It never looks."),
        (("repl_sup", "Hardware Replacement"), "It cannot be replaced."),
        (("tel_data", "Security Examination"), "They are not examined."),
        (("inp_val", "Description"), "What is entered is not validated."),
        (("user_info", "Publication of Support Period"), "It is not published."),
        (("user_info", "Publication of Non-Updatable"), "It is not published."),
    ],
)
def test_an_answer_may_say_in_many_words_that_there_is_none(field, text) -> None:
    assert says_none(*field, text) == "none"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (BRUTE, "None on the device; the cloud locks the account."),
        (BRUTE, "None, except a lock."),
        (("auth_mech", "Authentication Factor"), "No factor; whoever is in the network may."),
        (BRUTE, "None; the password has 20 random characters."),
        (("com_mech", "Security Guarantees"), "None needed, the data are public."),
        (("auth_mech", "Security Guarantees"), "None needed, the data are public."),
        (("auth_mech", "Security Guarantees"), "No guarantees are given."),
        (("com_mech", "Security Guarantees"), "No guarantees are given."),
        (NOTICE, "Users are not informed until the update is done."),
        (("upd_mech", "Update Checking"), "None; every 24 h it is done elsewhere."),
        (BRUTE, f"None. {'so ' * 40}"),  # so long a remark has to be read
        (BRUTE, "No attempt is not limited."),
        (BRUTE, "No login goes without a lock."),
        (NOTICE, "None; a lamp blinks."),
        (NOTICE, "Keine; das Licht blinkt."),
        (NOTICE, "Aucune; le voyant clignote."),
        (NOTICE, "Ninguna; la pantalla lo dice."),
        (NOTICE, "Nessuna; lo schermo lo dice."),
        (NOTICE, "Geen; het lampje knippert."),
        (NOTICE, "Brak; dioda miga."),
        (NOTICE, "Nenhuma; o ecrã diz."),
        (NOTICE, "Žádné; kontrolka bliká."),
        (NOTICE, "Inga; lampan lyser."),
    ],
)
def test_a_remark_may_name_one_after_all_and_is_for_a_person(field, text) -> None:
    assert says_none(*field, text) == "open"


@pytest.mark.parametrize(
    ("field", "text"),
    [
        (BRUTE, "No more than five attempts are possible."),
        (BRUTE, "No attempt is answered within two seconds."),
        (BRUTE, "No lockout, but each attempt takes a second."),
        (BRUTE, "Not needed: the key has 128 bits."),
        (BRUTE, "Kein Sperren des Kontos, sondern Wartezeiten."),
        (BRUTE, "Pas de blocage, un délai qui double."),
        (NOTICE, "The app shows a banner. Users who are not logged in get an e-mail."),
        (NOTICE, "No sound is made; a light blinks."),
        (REVIEW, "The audit found no weakness."),
        (REVIEW, "The code was reviewed; the old version was not."),
        (POLICY, "https://example.com/policy (not published in print)"),
        (NEED, "Needed for set-up; no need for a cloud account."),
        (NEED, "The app talks to it."),
        (BACK, "A switch in the settings; no letter is needed."),
        (GUARANTEES, "Integrity. No confidentiality."),
        (("sec_mgmt", "Description"), "None; by hand"),
    ],
)
def test_whoever_names_something_has_not_said_that_there_is_none(field, text) -> None:
    assert says_none(*field, text) == ""


def test_every_field_with_words_of_its_own_is_one_of_the_standard() -> None:
    from pytest_etsi.profile.facts import argument_name

    fields = {
        (argument_name(table.id), field.name) for table in edition("1.1.1").tables for field in table.fields
    }

    assert set(FIELD_WORDS) <= fields


@given(st.sampled_from(sorted(FIELD_WORDS)), st.text(max_size=120))
def test_any_answer_can_be_read(field, text) -> None:
    assert says_none(*field, text) in ("none", "open", "")


@given(
    st.sampled_from(
        ["a lock after five tries", "a delay of 2 s", "20 random characters", "the cloud locks it"]
    )
)
def test_what_is_named_in_a_part_of_its_own_is_never_none(named) -> None:
    assert says_none(*BRUTE, f"None; {named}") != "none"
    assert says_none(*BRUTE, f"{named}. No captcha.") != "none"
