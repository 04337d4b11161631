"""PDF documents as passages: running titles, tables, hyphens, and those without text."""

from __future__ import annotations

import zlib

from pytest_etsi import bounds
from pytest_etsi.probes.webdocs import Hurdle, Kind
from pytest_etsi.probes.webdocs.pdf import read_pdf
from tests.published.pdf_files import laid_out, lines_of, pictures
from tests.published_pages import published

SENTENCE = (
    "We confirm the receipt of your report within three business days and tell you every week how it stands. "
)


def test_running_titles_are_told_from_the_text_that_they_interrupt():
    content = laid_out("# Reports", SENTENCE * 60, "# End", "Nothing more.", running="Maker - Policy")
    document = published(content)

    assert document.pages == 2
    assert [one.text for one in document.passages if one.kind is Kind.HEADER] == ["Maker - Policy"] * 2
    assert [one.text for one in document.passages if one.kind is Kind.FOOTER] == ["Page 1", "Page 2"]
    assert document.own_text.replace("\n", " ").count(SENTENCE.strip()) == 60
    assert [one.text for one in document.passages if one.kind is Kind.HEADING] == ["Reports", "End"]


def test_a_sentence_that_crosses_a_page_is_one():
    content = lines_of("Policy\n\nWe confirm the receipt of your", "report within three days. It is so.")
    document = published(content)

    assert "We confirm the receipt of your report within three days. It is so." in document.own_text


def test_a_word_that_is_cut_at_the_end_of_a_line_is_whole():
    document = published(lines_of("We send an acknow-\nledgement of the fi rst report."))

    assert document.own_text == "We send an acknowledgement of the first report."


def test_cells_of_a_table_stay_apart():
    rows = [
        ["Model", "Sold until", "Updates until"],
        ["A20", "2027-01-01", "2031-12-31"],
        ["A20 Pro", "2028", "2033"],
    ]
    document = published(laid_out("Until when there are updates:", rows))

    assert [one.cells for one in document.passages if one.kind is Kind.TABLE_ROW][1:] == [
        (("Model", "A20"), ("Sold until", "2027-01-01"), ("Updates until", "2031-12-31")),
        (("Model", "A20 Pro"), ("Sold until", "2028"), ("Updates until", "2033")),
    ]


def test_pictures_of_text_are_no_text_and_not_nothing_said():
    document = published(pictures())

    assert document.hurdle is Hurdle.UNREADABLE
    assert "pictures" in document.note
    assert not document.whole


def test_a_password_is_needed_where_it_is_and_not_where_only_changes_need_one():
    assert "password" in read_pdf(laid_out(SENTENCE, password="x")).problem
    assert read_pdf(laid_out(SENTENCE, owner="x")).problem == ""


def test_a_pdf_that_is_broken_too_large_or_none_says_so():
    assert read_pdf(b"%PDF-1.7 x").problem == "a broken PDF"
    assert read_pdf(b"text").problem == "no PDF"
    assert "more than" in read_pdf(b"%PDF-" + bytes(bounds.PDF.most)).problem


def test_licences_at_the_end_are_not_the_manuals_text():
    document = published(
        laid_out("# Use", SENTENCE, "# Open source licences", "libbluetooth is free software.")
    )

    assert [one.kind for one in document.passages if "libbluetooth" in one.text] == [Kind.LICENCE]


def test_a_pdf_that_is_a_bomb_ends_within_the_memory_of_its_process():
    packer = zlib.compressobj(1)
    packed = b"".join(packer.compress(b"BT ET\n" * 200_000) for _ in range(300)) + packer.flush()
    head = (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj "
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj 4 0 obj<</Filter/FlateDecode/Length "
    )
    bomb = (
        head
        + str(len(packed)).encode()
        + b">>stream\n"
        + packed
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
    )

    assert len(bomb) < 4 << 20
    assert "bounds of time and memory" in read_pdf(bomb).problem
