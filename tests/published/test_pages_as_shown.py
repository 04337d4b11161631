"""What a reader sees of a page: nothing that is struck through or hidden, and merged cells for all that they cover."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.assessment.standing import footnoted, is_unfilled
from pytest_etsi.probes.webdocs import Kind
from tests.published_pages import published


def page(body):
    return published(f"<!doctype html><html><body><main>{body}</main></body></html>", media_type="text/html")


def rows(body):
    return [passage.cells for passage in page(f"<table>{body}</table>").passages]


@pytest.mark.parametrize(
    "body",
    [
        "<p>We answer <s>within 3 days</s> soon.</p>",
        "<p>We answer <del datetime='2026-01-01'>within 3 days</del> soon.</p>",
        "<p>We answer <strike>within <b>3</b> days</strike> soon.",
        "<p>We answer <span style='text-decoration: line-through red'>within 3 days</span> soon.</p>",
        "<p>We answer <span style='text-decoration-line:line-through'>within 3 days</span> soon.</p>",
    ],
)
def test_what_is_struck_through_is_not_said(body):
    assert page(body).own_text == "We answer soon."


def test_markdown_strikes_through_as_well():
    read = published(
        "We answer ~~within 3 days~~ soon.", url="https://maker.example/a.md", media_type="text/markdown"
    )

    assert read.own_text == "We answer soon."


def test_what_is_struck_through_ends_with_its_paragraph():
    assert page("<p>Old: <s>three days</p><p>New: ten days</p>").own_text.splitlines() == [
        "Old:",
        "New: ten days",
    ]


def test_what_is_hidden_within_a_sentence_or_a_row_is_no_part_of_it():
    read = page("<p>We <span style='display:none'>do not </span>answer.</p>")
    table = page("<table><tr><th>Model<th hidden>Until<tr><td>A20<td hidden>2031-12-31</table>")

    assert read.own_text == "We answer."
    assert table.own_text.splitlines() == ["Model", "Model: A20"]
    assert [one.text for one in (*read.outside, *table.outside)] == ["do not", "Until", "2031-12-31"]
    assert {one.kind for one in (*read.outside, *table.outside)} == {Kind.HIDDEN}


def test_words_for_a_picture_are_no_text_and_are_kept():
    read = page("<p>Sensors: <img src=a.png alt='microphone'> camera</p>")

    assert read.own_text == "Sensors: camera"
    assert [(one.kind, one.text) for one in read.outside] == [(Kind.PICTURE, "microphone")]
    assert [part.short for part in text_of([read]).aside] == ["microphone"]


def test_a_cell_counts_for_all_rows_and_columns_that_it_covers():
    found = rows(
        "<tr><th>Family<th>Model<th>From<th>Until"
        "<tr><td rowspan=2>Nook<td>N1<td colspan=2>2027"
        "<tr><td>N2<td>2026<td rowspan='0'>2031"
        "<tr><td>Nest<td>Mini<td>2025"
    )

    assert [tuple(cell for _, cell in row) for row in found[1:]] == [
        ("Nook", "N1", "2027", "2027"),
        ("Nook", "N2", "2026", "2031"),
        ("Nest", "Mini", "2025", "2031"),
    ]
    assert {tuple(head for head, _ in row) for row in found[1:]} == {("Family", "Model", "From", "Until")}


def test_headings_in_two_rows_are_read_together():
    found = rows(
        "<tr><th rowspan=2>Model<th colspan=2>Updates<tr><th>from<th>until<tr><td>A20<td>2026<td>2031"
        "<tr><td colspan=3>Discontinued<tr><td>A10<td>2020<td>2024"
    )

    assert found[2] == (("Model", "A20"), ("Updates from", "2026"), ("Updates until", "2031"))
    assert found[3] == (("", "Discontinued"),)
    assert found[4][2] == ("Updates until", "2024")


@pytest.mark.parametrize("span", ["1000000000", "-3", "x", ""])
def test_a_span_that_is_none_or_endless_is_bounded(span):
    found = rows(f"<tr><th>A<th>B<tr><td rowspan='{span}' colspan='{span}'>1<td>2<tr><td>3<td>4")

    assert sum(map(len, found)) < 200


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("within 2 days*", True),
        ("within 2 days *.", True),
        ("until 2031\u2020", True),
        ("5 * 3 days", False),
        ("**", False),
    ],
)
def test_a_mark_of_a_footnote_is_seen(text, is_one):
    assert footnoted(text) is is_one


def test_a_raised_number_is_a_mark_of_a_footnote():
    assert footnoted(page("<p>within 2 days<sup>1</sup></p>").own_text)
    assert page("<p>le 1<sup>er</sup> mars</p>").own_text == "le 1er mars"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("[COMPANY NAME] is committed to security", True),
        ("write to [insert e-mail address]", True),
        ("within [X] days", True),
        ("until {{ end_of_support }}", True),
        ("bis [DATUM]", True),
        ("See [PDF] or [1], [EN] and [Maker Ltd]", False),
        ("array[i]", False),
    ],
)
def test_a_gap_that_nobody_filled_in_is_seen(text, is_one):
    assert is_unfilled(text) is is_one
