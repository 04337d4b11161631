"""Whether published documents open to all, whether something leads to them, and whether the designation is ours."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pytest_etsi import clock, criteria
from pytest_etsi.dut.observe.designation import DesignationSeen
from pytest_etsi.probes.webdocs import CertificateCheck, Hop, Origin, read_document, typed_text
from pytest_etsi.verdict import Cause
from tests.criteria.documents import ixit_of
from tests.published_pages import published

URL = "https://maker.example/support"
FIELD = criteria.support_period.SUPPORT
TEXT = "<body><p>We supply the lamp with security updates until 31 December 2031, and tell you here what comes then."


def info(**fields):
    return ixit_of({"2-UserInfo": fields}).user_info


def page(content=TEXT, *, url=URL, status=200):
    made = published(content, url=url, status=status, media_type="text/html")
    return replace(made, origin=replace(made.origin, hops=(Hop(url, status),)))


def unreached(**parts):
    return read_document(Origin(URL, **parts), b"")


def kinds(found):
    return [(one.kind, one.cause) for one in found]


def test_a_page_that_everyone_reaches_is_not_refuted():
    assert kinds(criteria.publications.open_to_all(info(), FIELD, [page()])) == []


@pytest.mark.parametrize(
    ("document", "kind", "cause"),
    [
        (page("<h1>Sign in</h1><form><input><input type=password></form>"), "violation", None),
        (page(status=401), "violation", None),
        (page(status=404), "violation", None),
        (page("<h1>Page not found</h1>"), "violation", None),
        (page(status=403), "unknown", Cause.JUDGEMENT),
        (page("<div id=root></div><script src=a.js></script>"), "unknown", Cause.JUDGEMENT),
        (page(b"\0\1\2".decode()), "unknown", Cause.JUDGEMENT),
        (unreached(error="no route"), "unknown", Cause.BENCH),
        (unreached(refused_host="other.example"), "unknown", Cause.ACCESS),
        (
            unreached(certificate=CertificateCheck(True, False, "x: its certificate has expired")),
            "violation",
            None,
        ),
        (
            unreached(certificate=CertificateCheck(True, False, "x: it is for another name")),
            "violation",
            None,
        ),
        (
            unreached(
                certificate=CertificateCheck(
                    True, False, "x: its certificate comes from an authority that is not trusted"
                )
            ),
            "unknown",
            Cause.BENCH,
        ),
        (unreached(circle=True, status=302), "violation", None),
        (unreached(circle=True, status=302, cookies=True), "unknown", Cause.JUDGEMENT),
        (typed_text("label", "until 2031"), "unknown", Cause.JUDGEMENT),
    ],
)
def test_a_hurdle_is_a_violation_only_where_it_shows(document, kind, cause):
    assert kinds(criteria.publications.open_to_all(info(), FIELD, [document])) == [(kind, cause)]


def test_a_certificate_is_not_held_against_a_clock_that_cannot_be_right(monkeypatch):
    monkeypatch.setattr(clock, "doubt", lambda: "the clock shows 1970")
    document = unreached(certificate=CertificateCheck(True, False, "x: its certificate has expired"))

    assert kinds(criteria.publications.open_to_all(info(), FIELD, [document])) == [("unknown", Cause.BENCH)]


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        (page(f'{TEXT} <a href="/support">Support</a>', url="https://maker.example/"), []),
        (page(f"{TEXT} See www.maker.example/support.", url="https://maker.example/"), []),
        (typed_text("quick start card", "Updates: maker.example/support/"), []),
        (page(f'{TEXT} <a href="/shop">Shop</a>', url="https://maker.example/"), [("violation", None)]),
        (page(url="https://maker.example/", status=404), [("violation", None)]),
        (
            page("<div id=root></div><script src=a.js></script>", url="https://maker.example/"),
            [("unknown", Cause.JUDGEMENT)],
        ),
    ],
)
def test_what_leads_to_a_document_names_its_address(pointer, found):
    assert kinds(criteria.publications.led_to(info(), FIELD, [page()], [pointer])) == found


def test_a_pointer_to_what_is_gone_leads_nowhere_and_none_is_asked_for():
    gone = page(status=404)
    pointer = page(f'{TEXT} <a href="/support">Support</a>', url="https://maker.example/")

    assert kinds(criteria.publications.led_to(info(), FIELD, [gone], [pointer])) == [("violation", None)]
    silent = unreached(error="no route")
    assert kinds(criteria.publications.led_to(info(), FIELD, [silent], [silent])) == [
        ("unknown", Cause.JUDGEMENT)
    ]
    assert kinds(criteria.publications.led_to(info(), FIELD, [page()], [])) == [
        ("unknown", Cause.INFORMATION)
    ]


def test_nothing_is_seen_to_lead_to_a_document_that_was_handed_over_with_the_profile():
    card = typed_text("quick start card", "Updates: maker.example/support/")
    handed_over = typed_text("policy.txt", TEXT)

    assert kinds(criteria.publications.led_to(info(), FIELD, [handed_over], [card])) == [
        ("unknown", Cause.JUDGEMENT)
    ]


@pytest.mark.parametrize(
    ("period", "text", "found"),
    [
        ("until 2031-12-31", TEXT, []),
        ("until 2030-12-31", TEXT, [("violation", None)]),
        ("five years from 2027-01-01", TEXT, []),  # which is the day behind
        ("until 2031-12-29", TEXT, [("violation", None)]),
        ("for five years", TEXT, [("unknown", Cause.INFORMATION)]),
        ("until 2031-12-31, the app until 2030-01-01", TEXT, [("unknown", Cause.JUDGEMENT)]),
        (
            "until 2031-12-31",
            TEXT.replace("until 31 December 2031", "for life"),
            [("violation", None)],
        ),
        ("until 2020-01-01", TEXT.replace("31 December 2031", "1 January 2020"), [("violation", None)]),
    ],
)
def test_a_published_period_is_held_against_the_documents_and_the_day(period, text, found):
    text = text.replace("<body>", "<body><h1>Lamp</h1>")
    assert (
        kinds(criteria.support_period.fits(info(**{"Support Period": period}), FIELD, [page(text)], "Lamp"))
        == found
    )


def test_what_was_not_seen_is_not_said_to_lack_anything():
    barred = page("<h1>Sign in</h1><form><input><input type=password></form>")
    made = info(**{"Support Period": "until 2031-12-31"})

    for found in (
        criteria.support_period.fits(made, FIELD, [barred], "Lamp"),
        criteria.support_period.reason(made, [barred]),
        criteria.support_period.plan(made, [barred]),
        criteria.disclosure_policy.says_what_it_has_to(made, [barred]),
    ):
        assert kinds(found) == [("unknown", Cause.JUDGEMENT)]


def test_two_documents_that_name_several_ends_are_shown_both():
    text = TEXT.replace("<body>", "<body><h1>Lamp</h1>")
    two = [page(text), page(text.replace("2031", "2029"))]
    found = criteria.support_period.fits(info(**{"Support Period": "until 2031-12-31"}), FIELD, two, "Lamp")

    assert kinds(found) == [("unknown", Cause.JUDGEMENT)]
    assert "2029-12-31" in found[0].message
    assert "2031-12-31" in found[0].message


SILENT = page(
    "<body><h1>Lamp</h1><p>For our customers: we are here for you, also with the Lamp, and always for the product."
)


@pytest.mark.parametrize("order", [1, -1])
def test_what_one_of_several_documents_states_the_others_need_not(order):
    period = page(TEXT.replace("<body>", "<body><h1>Lamp</h1>"))
    policy = page(
        "<body><p>Please report vulnerabilities of our lamps to us, by mail to a@m.example, at any time. We acknowledge"
        " reports within 3 days, and send you status updates every week."
    )
    made = info(**{"Support Period": "until 2031-12-31"})

    assert kinds(criteria.support_period.fits(made, FIELD, [period, SILENT][::order], "Lamp")) == []
    assert kinds(criteria.disclosure_policy.says_what_it_has_to(made, [policy, SILENT][::order])) == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_reason_and_a_plan_stand_in_one_of_several_documents(order):
    told = page(
        "<body><h1>Lamp</h1><p>The software of the Lamp cannot be updated because its chip has no room for a second one."
        " We replace it free of charge until 31 December 2031: send it to us, and we send you a new lamp."
    )

    for asked in (criteria.support_period.reason, criteria.support_period.plan):
        assert kinds(asked(info(), [told, SILENT][::order])) == []
        assert kinds(asked(info(), [SILENT])) == [("violation", None)]


@pytest.mark.parametrize(
    ("today", "found"),
    [
        (date(2031, 12, 31), []),
        (date(2032, 1, 1), [("violation", None)]),
        (None, [("unknown", Cause.BENCH)]),
    ],
)
def test_a_published_period_is_over_on_the_day_behind_its_end(today, found, monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: today)
    monkeypatch.setattr(clock, "doubt", lambda: "the clock cannot be right")
    text = TEXT.replace("<body>", "<body><h1>Lamp</h1>")
    made = info(**{"Support Period": "until 2031-12-31"})

    assert kinds(criteria.support_period.fits(made, FIELD, [page(text)], "Lamp")) == found


def test_days_that_may_be_the_end_are_told_with_the_question():
    text = TEXT.replace("<body>", "<body><h1>Lamp</h1>").replace("until 31 December 2031", "until 04/05/2031")
    made = info(**{"Support Period": "until 2031-05-04"})
    found = criteria.support_period.fits(made, FIELD, [page(text)], "Lamp")

    assert kinds(found) == [("unknown", Cause.JUDGEMENT)]
    assert "2031-05-04" in found[0].message
    assert "2031-04-05" in found[0].message


_24_WORDS = "We sell all of the lamps and shades that you want for every room of your house, in the colours that you like best."
_RUSSIAN = "Мы продаём лампы и абажуры для каждой комнаты вашего дома во всех цветах. " * 4


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{_24_WORDS} Come.", [("violation", None)]),
        (_24_WORDS, [("unknown", Cause.JUDGEMENT)]),
        (_RUSSIAN, [("unknown", Cause.JUDGEMENT)]),
    ],
)
def test_hardly_any_text_and_an_unknown_language_are_not_said_to_lack_a_policy(text, found):
    assert kinds(criteria.disclosure_policy.can_be_reached(info(), [page(f"<body><p>{text}")])) == found


@pytest.mark.parametrize(
    ("seen", "read", "ours"),
    [
        (DesignationSeen("ExampleCam 2", "read-model"), [], []),
        (DesignationSeen("Model: ExampleCam 2 rev B", "console"), [], []),
        (DesignationSeen("ExampleCam 2", "label", by_eye=True, photo="ab"), [], []),
        (DesignationSeen("ExampleCam 2", "label", by_eye=True), [Cause.JUDGEMENT], [Cause.JUDGEMENT]),
        (DesignationSeen("", "read-model"), [None], [Cause.BENCH]),
        (DesignationSeen("", "read-model", trouble="no answer"), [Cause.BENCH], [Cause.BENCH]),
        (DesignationSeen("ExampleCam 3", "read-model"), [], [None]),
        (DesignationSeen("ExampleCam 2 Pro", "read-model"), [], [Cause.JUDGEMENT]),
        (DesignationSeen("8f3a91c20d4e", "read-model"), [], [None]),
        (DesignationSeen("https://m.example/q?x=1", "label", by_eye=True, photo="ab"), [], [None]),
    ],
)
def test_the_designation_is_plain_text_and_ours(seen, read, ours):
    documented = info(**{"Model Designation": "ExampleCam 2; printed on the label."})

    assert [one.cause for one in criteria.designation.was_read(documented, seen)] == read
    found = criteria.designation.is_plain_and_ours(documented, seen, "ExampleCam 2")
    assert [one.cause for one in found] == ours
    assert all(one.kind == ("violation" if one.cause is None else "unknown") for one in found)


def test_a_designation_is_not_compared_where_the_documents_name_another():
    seen = DesignationSeen("ExampleCam 2", "read-model")
    found = criteria.designation.is_plain_and_ours(
        info(**{"Model Designation": "Lamp"}), seen, "ExampleCam 2"
    )

    assert kinds(found) == [("unknown", Cause.INFORMATION)]


def test_a_page_about_something_else_is_no_policy():
    other = page(
        "<body><h1>Shop</h1><p>"
        + "We sell lamps and shades for every room of your house, in all colours. " * 4
    )
    policy = page(
        "<body><p>Please report vulnerabilities of our lamps to us, by mail to a@m.example, at any time of the day."
    )

    assert kinds(criteria.disclosure_policy.can_be_reached(info(), [other])) == [("violation", None)]
    assert kinds(criteria.disclosure_policy.can_be_reached(info(), [policy])) == []


def test_a_security_txt_without_an_end_is_noted_and_refutes_nothing():
    text = "Contact: a@m.example\nPolicy: https://m.example/policy\n"
    document = published(text, url="https://m.example/.well-known/security.txt")
    document = replace(document, origin=replace(document.origin, hops=(Hop(document.url, 200),)))
    found = criteria.disclosure_policy.can_be_reached(info(), [document])

    assert [one.kind for one in found] == ["unknown", "note", "note"]  # it names the policy, and is none
    assert "no Expires" in found[1].message
