"""Files that are no workbooks, damaged ones, and ones made to do harm: refused with one line, in bounded time."""

from __future__ import annotations

import io
import random
import zipfile
from typing import TYPE_CHECKING

import pytest
from work import at_most_cpu_s

from pytest_etsi.profile.workbook import WorkbookError, import_workbook
from tests.workbook.workbook_files import exported, problems_of, profile_in, repacked, sheet_part

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BOUND_S = 20.0
"""Longest time that a refusal may take, in seconds; on a busy machine."""
AGAIN = "get it again"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The workbook of a small valid profile."""
    directory = tmp_path_factory.mktemp("written")
    exported(profile_in(directory / "device"), directory / "camera.xlsx")
    return (directory / "camera.xlsx").read_bytes()


@pytest.fixture
def file(written: bytes, tmp_path: Path) -> Path:
    """That workbook, to be changed."""
    (tmp_path / "camera.xlsx").write_bytes(written)
    return tmp_path / "camera.xlsx"


def zipped(**parts: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return content.getvalue()


def check(file: Path, expected: list[str]) -> None:
    with at_most_cpu_s(BOUND_S):
        found = problems_of(file, file.parent / "back")

    assert found == [f"camera.xlsx: {line}" for line in expected]
    assert not (file.parent / "back").exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is no .xlsx workbook; save it as .xlsx"),
        (b"ID;Description\r\n", "is no .xlsx workbook; save it as .xlsx"),
        (b'<?xml version="1.0"?><Workbook/>', "is no .xlsx workbook; save it as .xlsx"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
            "is protected by a password, or an .xls file, expected an .xlsx workbook; save it as .xlsx without a password",
        ),
        (b"PK\x03\x04 and nothing", f"is a damaged workbook: file is not a zip file; {AGAIN}"),
        (zipped(**{"a.txt": b"x"}), "is a ZIP archive, but no .xlsx workbook; save it as .xlsx"),
        (
            zipped(**{"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<x/>"}),
            "is a Word document, expected an .xlsx workbook; give its name the right ending",
        ),
        (
            zipped(**{"[Content_Types].xml": b"<Types/>", "xl/workbook.bin": b"x"}),
            "is an .xlsb workbook, expected an .xlsx workbook; save it as .xlsx",
        ),
        (
            zipped(mimetype=b"application/vnd.oasis.opendocument.spreadsheet", **{"content.xml": b"<x/>"}),
            "is an OpenDocument spreadsheet, expected an .xlsx workbook; save it as .xlsx",
        ),
    ],
    ids=["empty", "csv", "xml", "xls", "broken-zip", "other-zip", "docx", "xlsb", "ods"],
)
def test_another_kind_of_file_is_named(tmp_path: Path, content: bytes, expected: str) -> None:
    file = tmp_path / "camera.xlsx"
    file.write_bytes(content)

    check(file, [expected])


def test_a_file_that_is_not_there_is_an_error_that_names_the_nearest(file: Path) -> None:
    with pytest.raises(WorkbookError, match=r"camera.xls: no such file; there is camera.xlsx"):
        import_workbook(file.with_name("camera.xls"), file.parent / "back")


def test_a_directory_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "camera.xlsx").mkdir()

    check(tmp_path / "camera.xlsx", ["is a directory, expected a file"])


@pytest.mark.parametrize("kept", [0.1, 0.5, 0.9, 0.999])
def test_a_workbook_that_was_cut_off_is_damaged(file: Path, kept: float) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])

    check(file, [f"is a damaged workbook: file is not a zip file; {AGAIN}"])


def test_a_part_that_does_not_match_its_check_sum_is_damaged(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        part = archive.getinfo("xl/worksheets/sheet4.xml")
    at = content.find(part.CRC.to_bytes(4, "little"), part.header_offset)
    directory = content.rfind(part.CRC.to_bytes(4, "little"))
    content[at] ^= 0xFF
    content[directory] ^= 0xFF
    file.write_bytes(bytes(content))

    check(file, [f"is a damaged workbook: bad CRC-32 for file 'xl/worksheets/sheet4.xml'; {AGAIN}"])


def test_an_archive_with_a_password_is_refused(file: Path) -> None:
    content = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as archive:
        first = archive.infolist()[0]
    entry = content.rfind(b"PK\x01\x02" + bytes(0), 0, content.rfind(first.filename.encode()))
    content[entry + 8] |= 1
    content[first.header_offset + 6] |= 1
    file.write_bytes(bytes(content))

    check(file, ["is protected by a password; save it as .xlsx without a password"])


def test_a_file_beyond_the_limit_is_not_read(file: Path) -> None:
    with file.open("ab") as target:
        target.truncate(9 * 1024 * 1024)

    check(file, ["is larger than 8 MiB, the limit for a document"])


def test_an_archive_that_unpacks_to_too_much_is_refused_before_that(file: Path) -> None:
    repacked(file, lambda parts: parts.update({"xl/worksheets/sheet4.xml": b" " * (65 * 1024 * 1024)}))

    assert file.stat().st_size < 1024 * 1024
    check(file, ["unpacks to more than 64 MiB, the limit for a workbook"])


def test_what_is_no_xml_part_is_never_unpacked(file: Path) -> None:
    repacked(file, lambda parts: parts.update({"xl/media/image1.png": b"\0" * (65 * 1024 * 1024)}))

    assert problems_of(file, file.parent / "back") == []


def test_a_part_of_another_name_cannot_bring_in_what_was_not_looked_at(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")

    def change(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/hidden.bin"] = parts.pop(part)
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(part.removeprefix("xl/").encode(), b"worksheets/hidden.bin")

    repacked(file, change)
    assert problems_of(file, file.parent / "back") == [
        "camera.xlsx: the sheet 7-UpdMech is missing; keep it with its header where there is nothing to say"
    ]


def test_too_many_parts_are_refused(file: Path) -> None:
    repacked(file, lambda parts: parts.update({f"xl/extra{number}.xml": b"<x/>" for number in range(2_000)}))

    check(file, ["has more than 2000 parts, the limit for a workbook"])


def test_two_parts_of_one_name_are_refused(file: Path) -> None:
    with zipfile.ZipFile(file, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/workbook.xml", b"<x/>")

    check(file, ["is a damaged workbook: it has two parts of one name"])


def test_entities_that_grow_are_refused(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    repacked(file, lambda parts: parts.update({part: bomb + parts[part]}))

    check(file, [f"has a document type in {part}, which no spreadsheet program writes"])


def test_another_encoding_cannot_hide_entities(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")
    repacked(file, lambda parts: parts.update({part: parts[part].decode().encode("utf-16")}))

    check(file, [f"has {part} in an encoding other than UTF-8, which no spreadsheet program writes"])


def test_the_strict_form_is_named(file: Path) -> None:
    strict = (
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    )
    repacked(file, lambda parts: parts.update({"xl/workbook.xml": parts["xl/workbook.xml"].replace(*strict)}))

    check(file, ['is a workbook in the form "Strict Open XML"; save it as an ordinary .xlsx workbook'])


def cells(content: bytes) -> Callable[[dict[str, bytes], str], None]:
    def change(parts: dict[str, bytes], part: str) -> None:
        parts[part] = parts[part].replace(b"</sheetData>", content + b"</sheetData>")

    return change


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
            [
                "sheet 7-UpdMech: is not read further",
                "sheet 7-UpdMech, cell XFD1048576: lies outside of row 100000 and column 256",
            ],
        ),
        (
            b'<row r="2000000000"><c r="A2000000000"/></row>' + b'<row r="9"><c r="XFD9"/></row>' * 50_000,
            [],
        ),
        (
            b"<row>" + b"<c/>" * 600_000 + b"</row>",
            ["sheet 7-UpdMech: the workbook has more than 500000 cells"],
        ),
        (
            b"<row>" + b"<c/>" * 4_000_000 + b"</row>",
            ["has more than 3000000 tags, the limit for a workbook"],
        ),
        (
            b'<row r="9"><c r="A9"><f t="shared" si="0" ref="A9:Z999">'
            + b"A1+" * 100_000
            + b"A1</f></c>"
            + b'<c r="B9"><f t="shared" si="0"/></c>' * 2_000
            + b"</row>",
            None,
        ),
    ],
    ids=["last-corner", "far-but-empty", "many-cells", "many-tags", "shared-formulas"],
)
def test_a_sheet_made_to_take_long_does_not(file: Path, content: bytes, expected: list[str] | None) -> None:
    part = sheet_part(file, "7-UpdMech")
    repacked(file, lambda parts: cells(content)(parts, part))
    with at_most_cpu_s(BOUND_S):
        found = problems_of(file, file.parent / "back")

    if expected is None:
        assert "camera.xlsx: sheet 7-UpdMech, cell A9: a formula, expected text; write its result" in found
    else:
        assert found == [f"camera.xlsx: {line}" for line in expected]


def test_merged_cells_are_not_walked_through_and_named_up_to_a_number(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")
    merged = b"</sheetData><mergeCells>" + b'<mergeCell ref="B2:XFD1048576"/>' * 1_000 + b"</mergeCells>"
    repacked(file, lambda parts: parts.update({part: parts[part].replace(b"</sheetData>", merged)}))

    check(
        file,
        [
            "sheet 7-UpdMech: 980 more ranges of cells are merged",
            "sheet 7-UpdMech, cell B2: the cells B2:XFD1048576 are merged; split them again",
        ],
    )


def test_one_text_in_many_cells_is_counted_in_each(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")
    cell = b'<c r="%s%d" t="s"><v>0</v></c>'
    rows = b"".join(
        b"<row>" + b"".join(cell % (letter, row) for letter in (b"B", b"C", b"D")) + b"</row>"
        for row in range(3, 2_000)
    )

    def change(parts: dict[str, bytes]) -> None:
        cells(rows)(parts, part)
        main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts["xl/sharedStrings.xml"] = (
            b'<sst xmlns="' + main + b'"><si><t>' + b"x" * 30_000 + b"</t></si></sst>"
        )
        types = parts["[Content_Types].xml"].replace(
            b"</Types>",
            b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            b'spreadsheetml.sharedStrings+xml"/></Types>',
        )
        parts["[Content_Types].xml"] = types

    repacked(file, change)
    check(file, ["sheet 7-UpdMech: the workbook has more than 32 MiB of text"])


def test_cells_with_many_small_values_are_counted(file: Path) -> None:
    part = sheet_part(file, "1-AuthMech")
    facts = "mentions: [" + "a, " * 9_000 + "a]"
    rows = "".join(
        f'<row r="{row}"><c r="A{row}" t="inlineStr"><is><t>A{row}</t></is></c>'
        f'<c r="H{row}" t="inlineStr"><is><t>{facts}</t></is></c></row>'
        for row in range(10, 80)
    )
    repacked(file, lambda parts: cells(rows.encode())(parts, part))
    found = problems_of(file, file.parent / "back")

    limit = "takes the workbook over 500000 values, the limit; write less"
    # Where it is reached depends on what else the workbook holds.
    assert found[-1].startswith("camera.xlsx: sheet ")
    assert found[-1].endswith(limit)


def test_a_text_longer_than_a_cell_may_hold_is_refused(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")
    long = b'<row r="3"><c r="A3" t="inlineStr"><is><t>U</t></is></c><c r="B3" t="inlineStr"><is><t>%s</t></is></c></row>'
    repacked(file, lambda parts: cells(long % (b"x" * 40_000))(parts, part))

    check(file, ["sheet 7-UpdMech, cell B3: holds more text than a cell can; shorten it"])


def test_a_workbook_with_random_damage_gives_problems_and_nothing_else(file: Path) -> None:
    source = random.Random(7)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for number in range(60):
        name = source.choice([*parts])
        content = bytearray(parts[name])
        for _ in range(source.randint(1, 8)):
            at = source.randrange(len(content))
            kind = source.randrange(3)
            if kind == 0:
                content[at] = source.randrange(256)
            elif kind == 1:
                del content[at : at + source.randint(1, 40)]
            else:
                content[at:at] = content[source.randrange(len(content)) :][: source.randint(1, 40)]
        damaged = file.with_name(f"camera-{number}.xlsx")
        damaged.write_bytes(zipped(**(parts | {name: bytes(content)})))
        back = file.parent / f"back-{number}"
        found = problems_of(damaged, back)  # anything but WorkbookError is an error here

        assert bool(found) != back.exists()
