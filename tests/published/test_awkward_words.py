"""Sentences that are written against the rules: promises to some, of another time, denied, or in words that none knows."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_etsi.assessment.published.policy import read_policy
from pytest_etsi.assessment.published.replacement import read_plan, read_reason
from pytest_etsi.assessment.published.support import ends_of, names_model, read_period
from tests.published.frames import framed

INTRODUCED = "# Policy on vulnerabilities\n\nPlease tell us about the security vulnerabilities that you find in our products.\n\n"
END = date(2031, 12, 31)


def states(text, language="en"):
    read = read_policy(
        framed((INTRODUCED if language == "en" else "# Policy\n\n") + text, "bare", language=language)
    )
    return [read.contact.state, read.acknowledgement.state, read.updates.state]


@pytest.mark.parametrize(
    "text",
    [
        "We confirm receipt within 3 days. Every two weeks we publish advisories. We keep you informed. a@m.example",
        "a@m.example. We confirm receipt within 5 days. You are asked to send us an update on your plans every 14 days.",
        "a@m.example. Reporters acknowledge receipt of our terms within 5 days. We send status updates every week.",
        "a@m.example. We acknowledge your report within 3 days. We ask for weekly status updates until the fix.",
        "a@m.example. We acknowledge reports within 3 days, and send you news every 30 days where there is progress.",
        "press@m.example for the press. We acknowledge reports within 3 days and send you weekly status updates.",
        "Do not write to a@m.example. We acknowledge reports within 3 days and send you weekly status updates.",
        "a@m.example. Customers of the Gold plan get an answer within 1 day, and weekly status updates.",
        "a@m.example. We acknowledge within 3 days. We do not send status updates, but review reports every week.",
        "a@m.example. In the past, we acknowledged reports within 3 days and sent weekly status updates.",
        (
            "This policy covers our website only. a@m.example. We acknowledge reports within 3 days and send weekly status "
            "updates until resolution."
        ),
        "a@m.example. We will not acknowledge reports within 3 days. Status updates every week are not provided.",
        "a@m.example. If you are a registered partner we confirm receipt within 2 days and send status updates weekly.",
        "a@m.example. Our desk acknowledges tickets about orders within 2 days and sends a status update every day.",
        (
            "## Privacy requests\n\na@m.example. We confirm receipt of your request within 3 days and send you status updates "
            "every week."
        ),
        "a@m.example. Do we acknowledge receipt within 3 days? Do we send you status updates every week?",
    ],
)
def test_no_promise_is_made_of_what_is_none(text):
    assert states(text) != ["stated"] * 3


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (
            "en",
            "a@m.example. You can expect a first reply within two days, and a note on where things are each fortnight.",
        ),
        (
            "en",
            "a@m.example. We get back to you in 48 hours. Afterwards, you hear from us weekly until it is sorted.",
        ),
        (
            "de",
            "a@m.example. Innerhalb von drei Tagen erhalten Sie Rückmeldung. Alle zwei Wochen sagen wir, wie es steht.",
        ),
        (
            "fr",
            "a@m.example. Une première réponse vous parvient sous 72 heures. Puis nous revenons vers vous tous les 15 jours.",
        ),
        (
            "es",
            "a@m.example. Recibirá respuesta en un máximo de 3 días. Le mantendremos al tanto cada semana.",
        ),
        (
            "it",
            "a@m.example. Vi risponderemo entro 3 giorni. Ogni settimana riceverete notizie sul vostro caso.",
        ),
        ("nl", "a@m.example. U hoort binnen 3 dagen van ons. Daarna krijgt u iedere week bericht."),
        ("pl", "a@m.example. Odezwiemy się w ciągu 3 dni. Co tydzień damy znać, na jakim etapie jesteśmy."),
        ("fi", "a@m.example. Saat kuittauksen kolmessa päivässä. Viikoittain kerromme missä mennään."),
        ("sv", "a@m.example. Vi hör av oss inom tre dagar. Varje vecka berättar vi hur långt vi har kommit."),
    ],
)
def test_a_promise_in_other_words_is_not_taken_for_none(language, text):
    assert "absent" not in states(text, language)


@pytest.mark.parametrize(
    "text",
    [
        "# Devices\n\nA20: security updates until 31 December 2031 only in the United States.",
        "# A20\n\nThe A20 does not receive security updates until 31 December 2031.",
        "# A20\n\nWe plan security updates for the A20 until 31 December 2031, subject to change without notice.",
        "# A20\n\nThe extended support plan (paid subscription) gives the A20 security updates until 31 December 2031.",
        "# A20\n\nSecurity updates for the chip inside the A20 by its vendor end on 31 December 2031.",
        "# A20\n\nLast update of this page: 31 December 2031. The A20 gets security updates.",
        "# News\n\nUpdates until 31 December 2031 are promised for the A20 by our competitors.",
        "# A20\n\nFor business customers, the A20 is supported with security updates until 31 December 2031.",
        "# A20\n\nOn 31 December 2031 we will decide how long the A20 gets security updates.",
        "# A20\n\nThe guarantee and support of the A20 end on 31 December 2031.",
        "# Support\n\nUntil 31 December 2031 you can buy the A20 with security updates.",
        "# Support\n\nThe A20 app gets security updates until 31 December 2031.",
        "# Support\n\nThe A20 hub software on your PC gets security updates until 31 December 2031.",
        "# Support\n\nOur goal is to give the A20 security updates until 31 December 2031.",
        "# Devices\n\nThe A20 Pro and the A20-2 get security updates until 31 December 2031.",
        "# A20\n\nSecurity updates of the A20 until 31 December 2031. Updates of its camera module until 1 May 2028.",
    ],
)
def test_no_period_is_made_of_what_is_none(text):
    assert read_period(framed(text, "bare"), "A20").state != "stated"


@pytest.mark.parametrize(
    "text",
    [
        "# A20\n\nSupport end date: Dec 2031",
        "# Support\n\n**Model:** A20 (black)\n\nSecurity updates: until at least 31 December 2031",
        "# A20\n\nAfter 31 December 2031 there are no more security updates for the A20.",
        "# All\n\n| A20, A21 | updates until 31 December 2031 |\n|---|---|\n| B1 | updates until 1 May 2030 |",
    ],
)
def test_a_period_is_found_as_people_write_it(text):
    assert read_period(framed(text, "bare"), "A20").ends == (END,)


TABLE = "\n\n| Model | Security updates until |\n|---|---|\n| EC2 | 31 December 2031 |\n| EC3 | 1 May 2030 |"


@pytest.mark.parametrize(
    ("key", "state"),
    [
        ("Key: EC2 = ExampleCam 2, EC3 = ExampleCam 3.", "stated"),
        ("EC2 = ExampleCam 2\n\nEC3 = ExampleCam 3", "stated"),
        # Explained as another one, as two, or not at all; and a name that only begins so.
        ("Key: EC2 = ExampleCam 2 Pro, EC3 = ExampleCam 2-B.", "open"),
        ("Key: EC2 = ExampleCam 2. In the shop EC2 = ExampleCam 20.", "open"),
        ("We make the ExampleCam 2 and other cameras.", "open"),
        ("Key: EC = ExampleCam 2.", "open"),
    ],
)
def test_a_short_name_is_the_model_where_the_page_explains_it_so(key, state):
    period = read_period(framed(f"# Support\n\n{key}{TABLE}", "bare"), "ExampleCam 2")

    assert (period.state == "stated") is (state == "stated")
    assert not period.ends or state != "stated" or period.ends == (END,)


def test_what_goes_on_behind_a_short_name_is_another_model():
    for text, model in (
        ("EC2 = ExampleCam 2\n\nThe EC2 Pro gets security updates until 31 December 2031.", "ExampleCam 2"),
        ("We make A20 and A20 Pro.\n\nThe A20 Pro gets security updates until 31 December 2031.", "A20"),
        ("We make A20 and B7.\n\nThe B7 gets security updates until 31 December 2031.", "A20"),
    ):
        assert read_period(framed(f"# Support\n\n{text}", "bare"), model).state != "stated"


@pytest.mark.parametrize(
    ("text", "model", "named"),
    [
        ("the a20, in black", "A20", True),
        ("a20 pro", "A20", False),
        ("a20-2", "A20", False),
        ("xa20", "A20", False),
        ("examplecam 2: security", "ExampleCam 2", True),
        ("examplecam 2 s", "ExampleCam 2", True),
        ("examplecam 21", "ExampleCam 2", False),
        ("a20 and a20 pro", "A20", True),
    ],
)
def test_a_model_is_named_by_its_exact_designation(text, model, named):
    assert names_model(text, model) is named


def test_an_end_of_the_documents_is_a_day_or_a_duration_with_its_beginning():
    assert ends_of("Security updates until 2031-12-31.") == (END,)
    assert ends_of("Five years from 1 March 2026.") == (date(2031, 3, 1),)
    assert ends_of("Five years.") == ends_of("04/05/2031") == ()


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("If no updates are shown, this is because the device is not connected to the internet.", "open"),
        ("There are no updates for the A20, because its memory cannot be written again.", "stated"),
        ("There are no updates for the A20. The reason: its memory cannot be written again.", "stated"),
        (
            "There are no updates for the A20. It is white and it is made of plastic, as you like it.",
            "absent",
        ),
    ],
)
def test_a_reason_is_one_for_missing_updates(text, state):
    assert read_reason(framed(f"# A20\n\n{text}", "bare")).state == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("We replace a defective A20 within two years of purchase. Write to us.", "open"),
        ("Until 31 December 2033 we replace every A20. Write to us and send it back.", "stated"),
        ("We replace every A20. Write to us and send it back.", "open"),
        ("You may exchange the A20 within 14 days. Send it back with the label.", "open"),
    ],
)
def test_a_plan_of_replacement_has_period_and_method_and_is_no_guarantee(text, state):
    assert read_plan(framed(f"# A20\n\n{text}", "bare")).state == state
