"""Sentences that are written against the rules: promises to some, of another time, denied, or in words that none knows."""

from __future__ import annotations

from datetime import date

import pytest

from pytest_etsi.assessment.published.policy import read_policy
from pytest_etsi.assessment.published.replacement import read_plan, read_reason
from pytest_etsi.assessment.published.support import ends_of, names_model, read_period
from tests.published.frames import framed
from tests.published_pages import published

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
    ("text", "acknowledgement"),
    [
        ("We acknowledge reports and answer within 7 days.", "stated"),
        ("We acknowledge reports and start the fix within 7 days.", "open"),
        ("We acknowledge reports and triage them within 7 days.", "open"),
        ("We acknowledge reports and lift the embargo within 7 days.", "open"),
        ("We acknowledge your report. Please give us 90 days before you publish it.", "open"),
        ("Please give us 90 days to respond before you publish it.", "absent"),
        ("We fix flaws within 7 days and acknowledge reports.", "open"),
        ("We acknowledge reports within 3 days, and fix vulnerabilities within 90 days.", "stated"),
        ("We acknowledge reports within 7 days and fix the vulnerability.", "stated"),
        ("A note reaches you within 31 days.", "open"),  # in words that none knows
        ("A note reaches you within 32 days.", "absent"),
    ],
)
def test_a_time_is_for_what_its_own_part_of_the_sentence_speaks_of(text, acknowledgement):
    assert states(f"a@m.example. {text}")[1] == acknowledgement


RECEIPT, NEWS = "We acknowledge reports within 3 days.", "We send you status updates every week."
MORE = "We confirm receipt to everybody. You will receive news by mail."
OTHERS = [
    "We also look at products of others.",
    "Each vendor gets a note.",
    "The vendor has his time for it.",
]


@pytest.mark.parametrize(
    ("sentences", "stated"),
    [
        ([RECEIPT, NEWS], True),
        ([RECEIPT[:-1] + ", and send you status updates every week.", *OTHERS[:1]], True),
        ([RECEIPT, NEWS, *OTHERS[:1]], True),
        ([RECEIPT, NEWS, *OTHERS[:2]], False),
        ([RECEIPT, NEWS, "We confirm receipt to everybody.", *OTHERS[:2]], False),
        ([RECEIPT, NEWS, MORE, *OTHERS[:2]], False),  # what a vendor gets is no ordinary sentence of a policy
        ([RECEIPT, NEWS, MORE, *OTHERS], False),
    ],
)
def test_a_text_that_is_mostly_about_products_of_others_promises_nothing_of_ours(sentences, stated):
    read = states(" ".join(["a@m.example.", *sentences]))

    assert read[1:] == (["stated", "stated"] if stated else ["open", "open"])


@pytest.mark.parametrize(
    ("chapter", "acknowledgement"),
    [
        ("Whoever has our acknowledgement is not sued.", "open"),
        ("We acknowledge reports, and fix flaws within 90 days.", "open"),
        ("We acknowledge reports as soon as we can.", "open"),
        ("We acknowledge reports within 10 days.", "open"),
        ("We fix flaws within 90 days.", "stated"),
    ],
)
def test_what_another_chapter_says_otherwise_is_for_a_person(chapter, acknowledgement):
    text = f"## Reports\n\na@m.example. {RECEIPT}\n\n## More\n\n{chapter}"

    assert states(text)[1] == acknowledgement


def test_that_a_report_has_arrived_is_no_news_of_how_it_stands():
    assert states("a@m.example. We notify you that it has arrived: we acknowledge it within 3 days.") == [
        "stated",
        "stated",
        "absent",
    ]


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("We inform you of the resolution status | We do so every 7 days", ["stated", "absent", "stated"]),
        ("You receive a first response from us | within 3 days", ["stated", "stated", "absent"]),
        ("We acknowledge reports, and fix flaws | within 3 days", ["stated", "open", "absent"]),
    ],
)
def test_a_row_is_for_one_thing_or_for_a_person(row, state):
    assert states(f"a@m.example\n\n| What | When |\n|---|---|\n| {row} |\n") == state


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
    period = read_period(framed(text, "bare"), "A20")

    assert (period.state, period.ends) == ("stated", (END,))


@pytest.mark.parametrize(
    ("row", "state"),
    [
        ("A20 | 1 March 2026 | 31 December 2031", "stated"),
        ("A20 | 1 March 2026 | 31 December 2031, only in the USA", "open"),
        ("A20 | 1 March 2026 | until further notice", "absent"),
        ("A20 | 1 March 2026 | until further notice, only in the USA", "open"),
        ("A20 | 1 March 2026 | 300 days", "stated"),
        ("A20 | 1 March 2026 | 299 days", "open"),
        ("A20 | 2026 | 300 days", "open"),
        ("A20 | 1 March 2026 | 31 May 2031", "stated"),  # the month, and not "it may be"
        ("A20 | 1 March 2026 | 31 May 2031, may be longer", "open"),
        ("A20 | 1 March 2026 | five years from your purchase", "open"),
        (f"A20 {'w' * 39} | 1 March 2026 | 31 December 2031", "stated"),
        (f"A20 {'w' * 40} | 1 March 2026 | 31 December 2031", "open"),  # no name, but something about it
    ],
)
def test_a_row_states_a_period_of_its_model(row, state):
    table = (
        f"| Model | Launch | Security updates |\n|---|---|---|\n| {row} |\n| B7 | 1 May 2026 | 1 May 2030 |\n"
    )

    assert read_period(framed(f"# Support\n\n{table}", "bare"), "A20").state == state


@pytest.mark.parametrize(
    ("text", "end"),
    [
        (
            "Up to this it was released, the A20 gets security updates until 31 December 2031.",
            END,
        ),
        (
            "Introduced to last until long after, sold since 1 March 2026, the A20 gets security updates for five years.",
            date(2031, 3, 1),
        ),
        (
            "The A20 was launched on 1 March 2026. It gets security updates for five years from its launch.",
            date(2031, 3, 1),
        ),
        ("The A20 was launched in 2026. It gets security updates for five years from its launch.", None),
        ("The A20 was launched on 4/5/2026. It gets security updates for five years from its launch.", None),
        ("The A20 gets security updates for 300 days since 1 March 2026.", date(2027, 1, 1)),
        ("The A20 gets security updates until 31 May 2031.", date(2031, 5, 31)),
        ("The A20 gets security updates for five years since 1 May 2026.", date(2031, 5, 1)),
        ("The A20 was released on 1 May 2026 and gets security updates until 31 December 2031.", END),
        ("The A20 may get security updates until 31 May 2031.", None),
        ("The A20 gets security updates for 299 days since 1 March 2026.", None),
    ],
)
def test_a_day_begins_a_period_or_ends_it(text, end):
    period = read_period(framed(f"# A20\n\n{text}", "bare"), "A20")

    assert (period.state, period.ends) == ("stated", (end,)) if end else period.state != "stated"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("The A20 gets security updates until 31 December 2031 only in the USA.", "may limit it"),
        ("The A20 gets security updates for five years from your purchase.", "day of purchase"),
        ("The A20 gets security updates for five years.", "without a beginning"),
        ("The A20 gets security updates until 04/05/2031.", "read in several ways"),
        (
            "The A20 gets security updates for five years since 1 March 2026 or since 1 May 2026.",
            "several beginnings",
        ),
        ("The A20 gets security updates until further notice.", "no end is named"),
    ],
)
def test_what_keeps_a_period_from_being_stated_is_told(text, why):
    period = read_period(framed(f"# A20\n\n{text}", "bare"), "A20")

    assert period.state == ("absent" if "further notice" in text else "open")
    assert why in period.why


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
        ("examplecam 2 s", "ExampleCam 2", False),
        ("the examplecam 2 s, in black", "ExampleCam 2", False),
        ("model: examplecam 2 e", "ExampleCam 2", False),
        ("l'examplecam 2 a un an", "ExampleCam 2", True),
        ("examplecam 2 s/n 123", "ExampleCam 2", True),
        ("examplecam 21", "ExampleCam 2", False),
        ("a20 and a20 pro", "A20", True),
        ("a20+", "A20", False),
        ("a20 + charger", "A20", True),
        ("a20 (2nd gen)", "A20", False),
        ("a20 (2nd generation)", "A20", False),
        ("a20 general purpose", "A20", True),
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
        ("The A20 is white because you like it.", "open"),
        ("There are no updates for the A20. Admittedly because its memory is full.", "stated"),
        ("There are no updates for the A20. Regrettably because its memory is full.", "open"),
        ("The A20 is white and it is made of plastic, as you and your guests like it.", "absent"),
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
        ("Until 31 December 2033 we replace the lid of every A20. Write to us and send it back.", "open"),
        ("Until 31 December 2033 we replace every A20 Pro. Write to us and send it back.", "open"),
        ("Until 31 December 2033 we replace every A20. Write to us when you are a member.", "open"),
        ("Within 80 days we replace every A20. Write to us and send it back.", "open"),
        ("Every two years we replace every A20. Write to us and send it back.", "open"),
    ],
)
def test_a_plan_of_replacement_has_period_and_method_and_is_no_guarantee(text, state):
    assert read_plan(framed(f"# A20\n\n{text}", "bare"), "A20").state == state


@pytest.mark.parametrize(("days", "is_period"), [(80, True), (79, False)])
def test_a_short_time_is_that_of_a_delivery_and_no_period(days, is_period):
    text = f"# A20\n\nWithin {days} days we replace every A20. Write to us and send it back."
    told = read_plan(framed(text, "bare"), "A20")

    assert ("no period" not in told.why) == is_period


@pytest.mark.parametrize(
    ("made", "sure"),
    [
        (
            published("The lamp is white and it is made of plastic, as you and your guests like it. " * 3),
            True,
        ),
        (
            published(
                "The lamp is white and it is made of plastic, as you and your guests like it. " * 3,
                truncated=True,
            ),
            False,
        ),
        (published("Лампа белая, сделана из пластика и нравится вам и вашим гостям. " * 3), False),
    ],
    ids=["whole", "cut", "in an unknown language"],
)
def test_only_of_a_text_that_was_read_whole_and_understood_something_is_absent(made, sure):
    policy = read_policy(made)
    read = [policy.contact, policy.acknowledgement, policy.updates, read_plan(made), read_reason(made)]

    assert {one.state for one in read} == {"absent" if sure else "open"}
    assert read_period(made, "A20").state == ("absent" if sure else "open")


@pytest.mark.parametrize(
    ("link", "state"),
    [
        ("mailto:a@m.example", "stated"),
        ("tel:+4930555010", "stated"),
        ("https://m.example/form", "stated"),
        ("https://m.example/terms", "absent"),
        ("https://m.example/cdn-cgi/l/report", "absent"),
        ("#report", "absent"),
    ],
)
def test_a_link_by_which_the_maker_is_reached_is_a_contact(link, state):
    text = f"{INTRODUCED}Tell us [here]({link}) about a vulnerability of our lamps, in your own words and when you like."

    assert read_policy(framed(text, "bare")).contact.state == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        (
            "We acknowledge reports within 3 days, and notify you of the fix.",
            "stated",
        ),  # "notify" is no "not"
        ("Website operators acknowledge reports within 3 days.", "open"),  # nor "website" a "we"
    ],
)
def test_short_words_are_no_beginnings_of_longer_ones(text, state):
    assert states(f"a@m.example. {text}")[1] == state
