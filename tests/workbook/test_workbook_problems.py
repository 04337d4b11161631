"""What is wrong in a workbook is said with sheet and cell, all of it at once, and nothing is written."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING

import pytest

from tests.workbook.workbook_files import (
    edited,
    exported,
    open_problems_of,
    problems_of,
    profile_in,
    repacked,
    sheet_part,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from openpyxl import Workbook

COLUMNS_OF_7 = (
    "ID, Description, Security Guarantees, Cryptographic Details, Initiation and Interaction, Configuration, "
    "Update Checking, User Notification, facts, access"
)
AS_TEXT = "format the cell as text and write it again"


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


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    def change(book: Workbook) -> None:
        book[sheet][cell] = value

    return change


def check(file: Path, change: Callable[[Workbook], object], expected: list[str]) -> None:
    directory = file.parent / "back"

    assert problems_of(edited(file, change), directory) == [f"camera.xlsx: {line}" for line in expected]
    assert not directory.exists()


def check_whole(file: Path, change: Callable[[Workbook], object], expected: str) -> None:
    assert problems_of(edited(file, change), file.parent / "back") == [f"camera.xlsx: {expected}"]
    assert not (file.parent / "back").exists()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"),
    [
        ("1-AuthMech", "B2", "=1+1", "a formula, expected text; write its result"),
        ("ICS", "E3", '=HYPERLINK("http://192.0.2.1")', "a formula, expected text; write its result"),
        ("Conditions", "C3", "=TRUE()", "a formula, expected text; write its result"),
        ("2-UserInfo", "C2", "=1", "a formula, expected text; write its result"),
        ("About", "B3", "=1", "a formula, expected text; write its result"),
        ("1-AuthMech", "A1", "=1", "a formula, expected text; write its result"),
        ("1-AuthMech", "B2", "#REF!", f'the error "#REF!", expected text; {AS_TEXT}'),
        ("1-AuthMech", "H2", "#N/A", f'the error "#N/A", expected text; {AS_TEXT}'),
        ("ICS", "D2", "#N/A", f'the error "#N/A", expected text; {AS_TEXT}'),
        (
            "1-AuthMech",
            "B2",
            datetime.date(2026, 1, 31),
            f"a date or time (2026-01-31 00:00:00), expected text; {AS_TEXT}",
        ),
        ("1-AuthMech", "B2", datetime.time(12, 30), f"a date or time (12:30:00), expected text; {AS_TEXT}"),
        ("1-AuthMech", "B2", 1.4, f"the number 1.4, expected text; {AS_TEXT}"),
        ("1-AuthMech", "A2", 123456789012, f"the number 123456789012, expected text; {AS_TEXT}"),
    ],
)
def test_a_cell_that_is_no_text_is_refused(
    file: Path, sheet: str, cell: str, value: object, expected: str
) -> None:
    problems = problems_of(edited(file, put(sheet, cell, value)), file.parent / "back")

    assert problems[0] == f"camera.xlsx: sheet {sheet}, cell {cell}: {expected}"
    assert not (file.parent / "back").exists()


def test_of_a_cell_that_cannot_be_read_nothing_more_is_said(file: Path) -> None:
    check(
        file,
        put("15-Intf", "D2", "=1"),
        ["sheet 15-Intf, cell D2: a formula, expected text; write its result"],
    )


def test_a_percentage_is_refused_though_it_is_a_whole_number(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["1-AuthMech"]["B2"] = 1
        book["1-AuthMech"]["B2"].number_format = "0%"

    check(file, change, [f"sheet 1-AuthMech, cell B2: the number 1, expected text; {AS_TEXT}"])


def test_a_formula_below_the_table_is_refused_too(file: Path) -> None:
    check(
        file,
        put("7-UpdMech", "B900", "=1"),
        [
            "sheet 7-UpdMech, cell A900: 7-UpdMech[1]: ID is missing",
            "sheet 7-UpdMech, cell B900: a formula, expected text; write its result",
        ],
    )


def test_merged_cells_are_refused(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["1-AuthMech"].merge_cells("C2:D3")
        book["ICS"].merge_cells("A1:B1")

    problems = problems_of(edited(file, change), file.parent / "back")
    assert "camera.xlsx: sheet ICS, cell A1: the cells A1:B1 are merged; split them again" in problems
    assert "camera.xlsx: sheet 1-AuthMech, cell C2: the cells C2:D3 are merged; split them again" in problems


@pytest.mark.parametrize(
    ("title", "hint"),
    [
        ("7-UpdMec", 'did you mean "7-UpdMech"?'),
        ("Budget", "a sheet of remarks has to be called Notes"),
        ("Not", "a sheet of remarks has to be called Notes"),
    ],
)
def test_an_unknown_sheet_is_an_error_that_names_the_nearest(file: Path, title: str, hint: str) -> None:
    check(
        file,
        lambda book: book.create_sheet(title),
        [f"sheet {title}: edition 1.1.1 has no sheet of this name; {hint}"],
    )


@pytest.mark.parametrize("title", ["Notes", "Notes of the laboratory"])
def test_a_sheet_of_notes_is_left_aside(file: Path, title: str) -> None:
    def change(book: Workbook) -> None:
        book.create_sheet(title)
        book[title]["A1"] = "=1"

    assert problems_of(edited(file, change), file.parent / "back") == []


def test_a_sheet_that_was_renamed_is_missing_and_unknown(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["7-UpdMech"].title = "UpdMech"

    problems = problems_of(edited(file, change), file.parent / "back")
    assert problems == [
        'camera.xlsx: sheet UpdMech: edition 1.1.1 has no sheet of this name; did you mean "7-UpdMech"?',
        "camera.xlsx: the sheet 7-UpdMech is missing; keep it with its header where there is nothing to say",
    ]


def test_a_sheet_of_the_other_edition_is_unknown(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["About"]["B3"] = "2.1.1"

    problems = problems_of(edited(file, change), file.parent / "back")
    assert (
        "camera.xlsx: the sheet 28-LogIntf is missing; keep it with its header where there is nothing to say"
        in problems
    )
    assert any(
        line.startswith("camera.xlsx: sheet 28-ExtAPI: edition 2.1.1 has no sheet of this name")
        for line in problems
    )


def test_a_chart_in_place_of_a_sheet_is_an_error(file: Path) -> None:
    def change(book: Workbook) -> None:
        book.remove(book["7-UpdMech"])
        book.create_chartsheet("7-UpdMech")

    check_whole(file, change, "has a sheet of charts; take it out")


def test_without_its_first_sheet_it_is_another_workbook(file: Path) -> None:
    check(
        file,
        lambda book: book.remove(book["About"]),
        ["the sheet About is missing; expected a workbook as pytest-etsi ixit export writes it"],
    )


@pytest.mark.parametrize(
    ("cell", "value", "expected"),
    [
        ("B2", "2", 'format: expected 1, got "2"'),
        ("B2", None, "format: expected 1, got nothing"),
        ("B3", "1.1.2", 'edition: expected 1.1.1 or 2.1.1, got "1.1.2"'),
        ("A3", "editon", "edition: expected 1.1.1 or 2.1.1, got nothing"),
    ],
)
def test_format_and_edition_have_to_be_known(file: Path, cell: str, value: str | None, expected: str) -> None:
    check(file, put("About", cell, value), [f"sheet About: {expected}"])


def test_a_second_row_of_the_edition_is_refused(file: Path) -> None:
    check(file, put("About", "A4", "edition"), ['sheet About, cell A4: a second row "edition"'])


def test_missing_second_and_unknown_columns_are_named(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["1-AuthMech"]["C1"] = "Authentification Factor"
        book["7-UpdMech"]["C1"] = "Description"
        book["ICS"]["E1"] = None
        for cell in book["24-TelData"][1]:
            cell.value = None

    problems = problems_of(edited(file, change), file.parent / "back")
    columns_of_24 = [
        "ID",
        "Description",
        "Purpose",
        "Security Examination",
        "Personal Data",
        "facts",
        "access",
    ]
    quoted = ", ".join(f'"{name}"' for name in columns_of_24)
    assert [line.removeprefix("camera.xlsx: sheet ") for line in problems] == [
        'ICS, row 1: the column "detail" is missing; expected provision, support, detail',
        "ICS, cell E2: a value in a column without a header; write the column's name in row 1",
        '1-AuthMech, row 1: the column "Authentication Factor" is missing',
        '1-AuthMech, cell C1: unknown column "Authentification Factor"; did you mean "Authentication Factor"?',
        f'7-UpdMech, row 1: the column "Security Guarantees" is missing; expected {COLUMNS_OF_7}',
        '7-UpdMech, cell C1: a second column "Description"; first in B1',
        f"24-TelData, row 1: the columns {quoted} are missing; expected {', '.join(columns_of_24)}",
    ]


def test_columns_may_stand_in_any_order(file: Path) -> None:
    def change(book: Workbook) -> None:
        sheet = book["7-UpdMech"]
        for row in (1, 2):
            sheet.cell(row, 1).value, sheet.cell(row, 2).value = (
                sheet.cell(row, 2).value,
                sheet.cell(row, 1).value,
            )

    assert problems_of(edited(file, change), file.parent / "back") == []
    assert "  - ID: UpdMech-net\n" in (file.parent / "back" / "ixit" / "07-UpdMech.yaml").read_text()


def test_a_value_beside_the_table_is_not_lost_silently(file: Path) -> None:
    check(
        file,
        put("7-UpdMech", "M4", "remark"),
        ["sheet 7-UpdMech, cell M4: a value in a column without a header; write the column's name in row 1"],
    )


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"),
    [
        (
            "6-SoftComp",
            "C2",
            "[UpdMech-net, ]]",
            "cell C2: Update Mechanism: is not YAML: did not find expected <document start>",
        ),
        ("6-SoftComp", "B2", "yaml:", "cell B2: Description: expected YAML, got nothing but a remark"),
        (
            "6-SoftComp",
            "B2",
            'yaml: "',
            "cell B2: Description: is not YAML: found unexpected end of stream (while scanning a quoted scalar)",
        ),
        (
            "6-SoftComp",
            "B2",
            "${secrets:x}",
            'cell B2: 6-SoftComp/SoftComp-app: Description: "${secrets:x}" is no placeholder, expected ${env:NAME} or ${secret:NAME}; did you mean ${secret:...}?',
        ),
        (
            "4-Conf",
            "A2",
            "Confirmation of Vulnerability Action",
            'cell A2: 4-Conf: unknown field "Confirmation of Vulnerability Action"; did you mean "Confirmation of Vulnerability Actions"?',
        ),
        (
            "4-Conf",
            "A2",
            "Confirmation of Secure Development",
            'cell A6: 4-Conf: a second row for "Confirmation of Secure Development"; first in row 2',
        ),
        (
            "4-Conf",
            "B3",
            "yes",
            'cell B3: an answer to "Confirmation of Vulnerability Monitoring", which is left out; take the # away',
        ),
        ("ICS", "A2", "5.1-2", "cell A3: ICS 5.1-2: a second row for the provision; first in row 2"),
        ("ICS", "A2", "passwords", 'cell A2: ICS: edition 1.1.1 has no provision "passwords"'),
        ("ICS", "A2", None, "cell A2: ICS: the provision is missing"),
        ("Conditions", "A3", "1", 'cell A3: ICS conditions: a second row for "1"; first in row 2'),
        (
            "Conditions",
            "A3",
            "99",
            'cell A3: ICS conditions: edition 1.1.1 has no condition "99"; known: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13',
        ),
        ("Conditions", "A3", None, "cell A3: ICS conditions: the id is missing"),
        (
            "1-AuthMech",
            "I2",
            "driver: https-form\nchange: {url: 'https://192.0.2.7/', session_of: AuthMech-we}",
            'cell I2, line 2: 1-AuthMech/AuthMech-web: access.change.session_of: 1-AuthMech has no entry "AuthMech-we"; did you mean "AuthMech-web"?',
        ),
    ],
)
def test_a_mistake_in_a_cell_is_named_with_what_was_expected(
    file: Path, sheet: str, cell: str, value: object, expected: str
) -> None:
    problems = problems_of(edited(file, put(sheet, cell, value)), file.parent / "back")

    assert f"camera.xlsx: sheet {sheet}, {expected}" in problems
    assert not (file.parent / "back").exists()


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "expected"),
    [
        ("1-AuthMech", "A2", None, "cell A2: 1-AuthMech[0]: ID is missing"),
        (
            "1-AuthMech",
            "A2",
            "Auth Mech",
            'cell A2: 1-AuthMech[0]: ID: expected letters, digits, "-", "_", "." or "+", got "Auth Mech"; taken as Auth-Mech',
        ),
        (
            "1-AuthMech",
            "A3",
            "AuthMech-web",
            "cell A3: 1-AuthMech/AuthMech-web: a second entry of this ID; first in row 2",
        ),
        (
            "15-Intf",
            "C2",
            "network, radio",
            'cell C2: 15-Intf/Intf-lan: Type: expected one or more of network, logical, physical, air, got "network, radio"',
        ),
        (
            "15-Intf",
            "F2",
            "perhaps",
            'cell F2: 15-Intf/Intf-lan: Debug Interface: expected yes or no, got "perhaps"',
        ),
        (
            "6-SoftComp",
            "C2",
            "UpdMech-nte",
            'cell C2: 6-SoftComp/SoftComp-app: Update Mechanism: 7-UpdMech has no entry "UpdMech-nte"; did you mean "UpdMech-net"?',
        ),
        (
            "6-SoftComp",
            "C2",
            "[UpdMech-net, UpdMech-7]",
            'cell C2: 6-SoftComp/SoftComp-app: Update Mechanism: 7-UpdMech has no entry "UpdMech-7"; did you mean "UpdMech-net"?',
        ),
        (
            "4-Conf",
            "B6",
            "perhaps",
            'cell B6: 4-Conf: Confirmation of Secure Development: expected yes or no, got "perhaps"',
        ),
        ("ICS", "D2", "X", 'cell D2: ICS 5.1-1: support: expected one of Y, N, N/A, got "X"'),
        ("ICS", "D2", None, "cell A2: ICS 5.1-1: support is missing, expected one of Y, N, N/A"),
        ("Conditions", "C2", "maybe", 'cell C2: ICS conditions: 1: expected true or false, got "maybe"'),
        (
            "1-AuthMech",
            "H2",
            "subject: user\nsubject: user",
            'cell H2, line 2: facts: duplicate key "subject"; first in line 1',
        ),
        (
            "1-AuthMech",
            "H2",
            "subject: user\nchange:\n  suported: true",
            'cell H2, line 3: 1-AuthMech/AuthMech-web: facts.change: unknown key "suported"; did you mean "supported"?',
        ),
        (
            "1-AuthMech",
            "H2",
            "subject: nobody",
            'cell H2: 1-AuthMech/AuthMech-web: facts.subject: expected one of user, machine, got "nobody"',
        ),
        (
            "1-AuthMech",
            "H2",
            "subject user",
            'cell H2: 1-AuthMech/AuthMech-web: facts: expected a mapping, got "subject user"',
        ),
        ("1-AuthMech", "H2", "# a remark", "cell H2: facts: expected YAML, got nothing but a remark"),
        (
            "1-AuthMech",
            "H2",
            "a: 1\n  b: 2",
            'cell H2, line 2: facts: is not YAML: mapping values are not allowed in this context; put a text that contains ": " in quotation marks',
        ),
        (
            "1-AuthMech",
            "H2",
            "a: !!python/object:os.system x",
            "cell H2: facts: the tag tag:yaml.org,2002:python/object:os.system, expected plain YAML without tags",
        ),
    ],
)
def test_what_cannot_be_understood_is_taken_as_it_stands_and_named_with_its_cell(
    file: Path, sheet: str, cell: str, value: object, expected: str
) -> None:
    noted = open_problems_of(edited(file, put(sheet, cell, value)), file.parent / "back")

    assert f"camera.xlsx: sheet {sheet}, {expected}" in noted


def test_all_problems_are_found_at_once_in_the_order_of_the_workbook(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["15-Intf"]["C2"] = "radio"
        book["ICS"]["D3"] = "X"
        book["ICS"]["D2"] = "=1"
        book["1-AuthMech"]["H3"] = "subject: nobody"
        book["1-AuthMech"]["B2"] = datetime.date(2026, 1, 31)
        book.create_sheet("Budget")
        book["7-UpdMech"]["AA9"] = "stray"
        book["7-UpdMech"]["B9"] = "no ID"

    lines = problems_of(edited(file, change), file.parent / "back")
    assert [line.partition(": ")[2].partition(": ")[0] for line in lines] == [
        "sheet Budget",
        "sheet ICS, cell D2",
        "sheet ICS, cell D3",
        "sheet 1-AuthMech, cell B2",
        "sheet 1-AuthMech, cell H3",
        "sheet 7-UpdMech, cell A9",
        "sheet 7-UpdMech, cell AA9",
        "sheet 15-Intf, cell C2",
    ]


def test_a_placeholder_is_not_compared_with_what_a_field_may_hold(file: Path) -> None:
    def change(book: Workbook) -> None:
        book["ICS"]["D2"] = "${env:SUPPORT}"
        book["Conditions"]["C2"] = "${env:ONE}"
        book["15-Intf"]["C2"] = "${env:TYPE}"
        book["6-SoftComp"]["C2"] = "${secret:UPDATE}"
        book["1-AuthMech"]["I2"] = "port: ${env:PORT}\npassword: ${secret:P}"

    assert problems_of(edited(file, change), file.parent / "back") == []
    assert "support: ${env:SUPPORT}" in (file.parent / "back" / "ics.yaml").read_text()


def test_a_placeholder_does_not_hide_a_mistake_beside_it(file: Path) -> None:
    where = "sheet 1-AuthMech, cell I2: 1-AuthMech/AuthMech-web"

    check(
        file,
        put("1-AuthMech", "I2", "{port: '${env:PORT}', guess_budget: many}"),
        [f'{where}: access.guess_budget: expected an integer of at least 0, got "many"'],
    )


def test_line_ends_of_spreadsheet_programs_are_read_as_such(file: Path) -> None:
    check_in = file.parent / "back" / "ixit" / "07-UpdMech.yaml"

    assert problems_of(edited(file, put("7-UpdMech", "B2", "one_x000D_\ntwo")), file.parent / "back") == []
    assert "    Description: |-\n      one\n      two\n" in check_in.read_text()


def test_a_control_character_is_refused(file: Path) -> None:
    check(
        file,
        put("7-UpdMech", "B2", "one_x0007_two"),
        ["sheet 7-UpdMech, cell B2: the control character U+0007; take it out"],
    )


def test_a_cell_given_twice_is_refused(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")

    def change(parts: dict[str, bytes]) -> None:
        again = b'<c r="B2" t="inlineStr"><is><t>other</t></is></c></row></sheetData>'
        parts[part] = parts[part].replace(b"</row></sheetData>", again)

    assert problems_of(repacked(file, change), file.parent / "back") == [
        "camera.xlsx: sheet 7-UpdMech, cell B2: the cell is given twice; open the workbook and save it again"
    ]


def test_rows_in_any_order_are_all_read(file: Path) -> None:
    part = sheet_part(file, "7-UpdMech")

    def change(parts: dict[str, bytes]) -> None:
        late = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>U-%d</t></is></c></row>'
        rows = b"".join(late % (n, n, n) for n in (9, 5, 7))
        parts[part] = parts[part].replace(b"</sheetData>", rows + b"</sheetData>")

    assert problems_of(repacked(file, change), file.parent / "back") == []
    written = (file.parent / "back" / "ixit" / "07-UpdMech.yaml").read_text()
    assert [line for line in written.splitlines() if "U-" in line] == [
        "  - ID: U-5",
        "  - ID: U-7",
        "  - ID: U-9",
    ]
