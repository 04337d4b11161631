"""Files that are no Word documents, or hostile ones; and the command that takes documents."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from pytest_etsi.cli.main import main
from pytest_etsi.profile import load_profile
from tests.forms.form_files import SHIPPED, content, docx_file, markdown, refused, taken, word, word_document
from tests.work import at_most_cpu_s

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD = ["ID", "Description"]


def run(*arguments: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(main, ["ixit", "import", *map(str, arguments)], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def repacked(file: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    file.write_bytes(packed.getvalue())
    return file


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "is no .docx document; save it as .docx"),
        (b"ID;Description", "is no .docx document; save it as .docx"),
        (b"PK\x03\x04 and no more", "is a damaged document: file is not a zip file; get it again"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
            "is protected by a password, or a .doc file, expected a .docx document; save it as .docx without a password",
        ),
    ],
    ids=["empty", "text", "broken", "encrypted"],
)
def test_what_is_no_word_document_is_named(tmp_path: Path, raw: bytes, expected: str) -> None:
    (tmp_path / "d.docx").write_bytes(raw)

    assert refused(tmp_path, tmp_path / "d.docx") == [f"d.docx: {expected}"]


def test_a_file_that_is_not_there_is_named_with_the_others(tmp_path: Path) -> None:
    assert refused(tmp_path, tmp_path / "a.docx", tmp_path / "b.md") == [
        "a.docx: no such file",
        "b.md: no such file",
    ]


HOSTILE: dict[str, tuple[Callable[[dict[str, bytes]], object], str]] = {
    "bomb": (
        lambda parts: parts.update({"word/footnotes.xml": b" " * (65 * 1024 * 1024)}),
        "unpacks to more than 64 MiB, the limit for a document",
    ),
    "tags": (
        lambda parts: parts.update({"word/footnotes.xml": b"<a/>" * 3_000_001}),
        "has more than 3000000 tags, the limit for a document",
    ),
    "entities": (
        lambda parts: parts.update(
            {"word/document.xml": b"<!DOCTYPE x [<!ENTITY a 'b'>]>" + parts["word/document.xml"]}
        ),
        "has a document type in word/document.xml, which no word processor writes",
    ),
    "broken": (
        lambda parts: parts.update({"word/document.xml": b"<w:document"}),
        "is damaged and cannot be read: ",
    ),
    "deep": (
        lambda parts: parts.update(
            {
                "word/document.xml": parts["word/document.xml"].replace(
                    b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000
                )
            }
        ),
        "is damaged and cannot be read: ",
    ),
    "workbook": (
        lambda parts: (parts.pop("word/document.xml"), parts.update({"xl/workbook.xml": b"<a/>"})),
        "is a workbook, expected a .docx document; give its name the right ending",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused_in_bounded_time(tmp_path: Path, name: str) -> None:
    change, expected = HOSTILE[name]
    file = repacked(docx_file(tmp_path, word([HEAD, ["AuthMech-1", "x"]])), change)
    with at_most_cpu_s(20):
        (problem,) = refused(tmp_path, file)

    assert problem.startswith(f"d.docx: {expected}")


def test_a_cell_that_claims_to_be_a_million_columns_wide_is_not(tmp_path: Path) -> None:
    document = word([HEAD, ["AuthMech-1", "x"]])
    for row in document.tables[0].rows:
        row._tr.tc_lst[1].get_or_add_tcPr().get_or_add_gridSpan().val = 99_999
    with at_most_cpu_s(10):
        profile, _, _ = taken(tmp_path, docx_file(tmp_path, document))

    assert content(profile)["1-AuthMech"] == [{"ID": "AuthMech-1", "Description": "x"}]


def test_a_document_with_more_cells_than_are_read_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = docx_file(tmp_path, word([HEAD, ["AuthMech-1", "x"]]))
    row = b"<w:tr><w:tc><w:p/></w:tc><w:tc><w:p/></w:tc></w:tr>"

    def change(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(b"</w:tbl>", row * 501 + b"</w:tbl>")

    monkeypatch.setattr("pytest_etsi.profile.forms._blocks.MAX_CELLS", 1000)

    assert refused(tmp_path, repacked(file, change)) == [
        "d.docx: has more than 1000 cells in its tables, the limit for a document"
    ]


def test_pictures_stay_packed(tmp_path: Path) -> None:
    document = word([HEAD, ["AuthMech-1", "x"]])

    def change(parts: dict[str, bytes]) -> None:
        parts["word/media/image1.png"] = b"\0" * (80 * 1024 * 1024)

    with at_most_cpu_s(20):
        profile, _, _ = taken(tmp_path, repacked(docx_file(tmp_path, document), change))

    assert content(profile)["1-AuthMech"] == [{"ID": "AuthMech-1", "Description": "x"}]


# The command ------------------------------------------------------------------------------------------------


def test_the_command_says_what_came_in_and_what_did_not(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(
        "# Hello\n\n# IXIT 5-VulnMon\n\n## VulnMon-1\n\n### Method\n\nlists\n\n### Description\n\nx\n"
    )
    status, out, err = run(tmp_path / "d.md", tmp_path / "back")

    assert (status, err) == (0, "")
    lines = out.replace(f"{tmp_path}/", "").splitlines()
    assert lines[0] == "back: 0 ICS rows and 1 IXIT entry"
    assert lines[1] == "Nothing in it tells the edition of TS 103 701: taken as 1.1.1; --edition says it."
    assert lines[2].startswith(
        "28 of 29 IXIT tables are not there, and no file was written of them: 1-AuthMech, "
    )
    assert lines[3] == "There is no row of an ICS; ics.yaml has none filled in."
    assert lines[4] == "What could not be understood was taken as it stands:"
    assert lines[5].startswith(
        '  d.md:9:1: 5-VulnMon/VulnMon-1: unknown key "Method"; known: ID, Description'
    )
    assert lines[6:] == [
        "What was not taken as part of an ICS or IXIT:",
        '  d.md:1:1: not recognised: "Hello"',
        "Name the documents in a profile.yaml, paths relative to it; with one beside them:",
        "  format: 1",
        '  edition: "1.1.1"',
        '  dut: {manufacturer: ..., model: ..., hardware: "...", software: "..."}',
        "  ics: ics.yaml",
        "  ixit: ixit/",
        "Then check it with pytest-etsi validate.",
    ]


def test_word_and_markdown_go_together_and_a_workbook_goes_alone(tmp_path: Path) -> None:
    docx_file(tmp_path, word([HEAD, ["AuthMech-1", "x"]]))
    (tmp_path / "e.md").write_text("# IXIT 5-VulnMon\n\n## VulnMon-1\n\n### Description\n\nx\n")
    together = run(tmp_path / "d.docx", tmp_path / "e.md", "--edition", "2.1.1", tmp_path / "back")
    mixed = run(tmp_path / "d.docx", tmp_path / "f.xlsx", tmp_path / "other")
    two = run(tmp_path / "e.xlsx", tmp_path / "f.xlsx", tmp_path / "other")
    told = run(tmp_path / "e.xlsx", tmp_path / "other", "--edition", "2.1.1")

    assert "2 IXIT entries" in together[1]
    assert '  edition: "2.1.1"' in together[1]
    assert (mixed[0], two[0], told[0]) == (2, 2, 2)
    assert "cannot go with those" in mixed[2]
    assert "a workbook is imported alone" in two[2]
    assert "a workbook says itself which edition it follows" in told[2]


def test_documents_that_are_there_already_are_not_overwritten(tmp_path: Path) -> None:
    camera = load_profile(SHIPPED)
    word_document(camera, tmp_path / "camera.docx")
    (tmp_path / "camera.md").write_text(markdown(camera))
    first = run(tmp_path / "camera.docx", tmp_path / "back")
    second = run(tmp_path / "camera.md", tmp_path / "back")

    assert (first[0], second[0]) == (0, 4)
    assert second[2].replace(f"{tmp_path}/", "").splitlines() == [
        "back/ics.yaml: exists already, and 29 more",
        "1 problem; nothing was written",
    ]
