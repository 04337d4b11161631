"""What a laboratory or a manufacturer opens: sheets, columns, choices, and cells that are text and nothing else."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest

from pytest_etsi.profile import ProfileError
from pytest_etsi.profile.workbook import WorkbookError, export_workbook, import_workbook
from pytest_etsi.standard import EDITIONS, edition
from tests.workbook.workbook_files import SHIPPED, exported, problems_of, profile_in

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return exported(SHIPPED, tmp_path_factory.mktemp("camera") / "camera.xlsx")


def rows_of(sheet: Worksheet) -> dict[str, tuple[str | None, ...]]:
    """First cell of each row -> the others."""
    return {str(first): tuple(others) for first, *others in sheet.iter_rows(values_only=True)}


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_there_is_a_sheet_for_each_table_after_three_general_ones(tmp_path: Path, edition_id: str) -> None:
    profile = profile_in(tmp_path / "device", ixit="", ics="{}\n", edition_id=edition_id)
    book = exported(profile, tmp_path / "device.xlsx")

    tables = [table.id for table in edition(edition_id).tables]
    assert book.sheetnames == ["About", "ICS", "Conditions", *tables]


@pytest.mark.parametrize("edition_id", EDITIONS)
def test_the_columns_are_those_of_the_pro_forma_then_facts_and_access(
    tmp_path: Path, edition_id: str
) -> None:
    profile = profile_in(tmp_path / "device", ixit="", ics="{}\n", edition_id=edition_id)
    book = exported(profile, tmp_path / "device.xlsx")

    for table in edition(edition_id).tables:
        names = [*(field.name for field in table.fields), "facts", "access"]
        sheet = book[table.id]
        if table.single:
            assert [cell.value for cell in sheet[1]] == ["field", "value", "meaning"]
            assert [cell.value.removeprefix("# ") for cell in sheet["A"][1:]] == names
        else:
            assert [cell.value for cell in sheet[1]] == names


def test_the_first_sheet_says_of_which_device_and_edition_it_is_and_how_to_fill_it_in(
    camera: Workbook,
) -> None:
    about = rows_of(camera["About"])

    assert about["format"] == ("1",)
    assert about["edition"] == ("1.1.1",)
    assert about["manufacturer"] == ("Example Devices",)
    assert about["model"] == ("ExampleCam 2",)
    assert about["hardware"] == ("B",)
    assert about["software"] == ("1.4.2",)
    assert "write under each heading what is true" in str(about["how to fill in"])


def test_the_ics_has_every_provision_with_its_status_as_printed(camera: Workbook) -> None:
    rows = rows_of(camera["ICS"])

    printed = {one.id: one.printed for one in edition("1.1.1").provisions if one.printed}
    assert {name: row[1] for name, row in rows.items() if name != "provision"} == printed
    assert rows["5.1-1"][2] == "Y"
    assert str(rows["5.1-1"][3]).startswith("The web password is set by the owner")


def test_conditions_are_yes_no_or_empty(tmp_path: Path) -> None:
    book = exported(profile_in(tmp_path / "device"), tmp_path / "device.xlsx")

    rows = rows_of(book["Conditions"])
    assert [rows[name][1] for name in ("1", "2", "3")] == ["yes", "no", None]


def test_the_header_stays_in_view_and_text_is_wrapped(camera: Workbook) -> None:
    for sheet in camera:
        assert sheet.freeze_panes == "B2"
        assert all(cell.alignment.wrap_text for cell in sheet[1])
    assert camera["1-AuthMech"]["B2"].alignment.wrap_text
    assert not camera["1-AuthMech"]["H2"].alignment.wrap_text


def test_each_heading_says_what_to_write(camera: Workbook) -> None:
    comment = camera["1-AuthMech"]["F1"].comment

    assert comment is not None
    assert "protocols, algorithms, key sizes" in comment.text
    for table in edition("1.1.1").tables:
        sheet = camera[table.id]
        assert table.single or all(cell.comment for cell in sheet[1])


def choices(sheet: Worksheet, cell: str) -> tuple[str, bool] | None:
    """What can be picked in a cell, and whether nothing else can be written."""
    for rule in sheet.data_validations.dataValidation:
        if cell in rule.sqref:
            return rule.formula1.strip('"'), bool(rule.showErrorMessage)
    return None


def test_answers_that_are_a_choice_can_be_picked(camera: Workbook) -> None:
    assert choices(camera["ICS"], "D2") == ("Y,N,N/A", True)
    assert choices(camera["Conditions"], "C2") == ("yes,no", True)
    assert choices(camera["4-Conf"], "B2") == ("yes,no", False)
    assert choices(camera["15-Intf"], "C2") == ("network,logical,physical,air", False)
    assert choices(camera["15-Intf"], "C900") == ("network,logical,physical,air", False)
    assert choices(camera["15-Intf"], "B2") is None


def test_what_is_typed_stays_text(camera: Workbook) -> None:
    sheet = camera["6-SoftComp"]

    assert sheet.column_dimensions["B"].number_format == "@"
    assert all(cell.number_format == "@" for row in sheet.iter_rows(min_row=2) for cell in row)


@pytest.mark.parametrize("text", ["=HYPERLINK(1)", "+1", "-1+2", "@SUM(1)", "=", "#REF!", "'='"])
def test_no_cell_is_ever_a_formula_or_an_error(tmp_path: Path, text: str) -> None:
    value = f'"{text}"'
    profile = profile_in(
        tmp_path / "device",
        ixit=f'"1-AuthMech": [{{ID: A, Description: {value}}}]\n"2-UserInfo": {{Support Period: {value}}}\n',
        ics=f'"5.1-1": {{support: Y, detail: {value}}}\n',
    )
    profile.write_text(profile.read_text().replace("CAM-200", value))
    book = exported(profile, tmp_path / "device.xlsx")

    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == text]
    assert [cell.data_type for cell in found] == ["s"] * 4
    assert all(cell.quotePrefix for cell in found if text[0] != "#")
    with zipfile.ZipFile(tmp_path / "device.xlsx") as archive:
        for name in archive.namelist():
            assert not re.search(rb"<f[ >/]", archive.read(name))


def test_facts_stand_as_yaml_in_a_column_of_their_own(tmp_path: Path) -> None:
    sheet = exported(profile_in(tmp_path / "device"), tmp_path / "device.xlsx")["1-AuthMech"]

    assert sheet["H2"].value == "subject: user\nendpoint: 443/tcp"
    assert sheet["I2"].value == "driver: https-form\nurl: https://192.0.2.7/login\npassword: ${secret:web}"
    assert sheet["H3"].value is None
    assert sheet.column_dimensions["H"].outlineLevel == 1


def test_a_single_record_shows_what_is_answered_without_value_and_left_out(tmp_path: Path) -> None:
    rows = rows_of(exported(profile_in(tmp_path / "device"), tmp_path / "device.xlsx")["4-Conf"])

    assert rows["Confirmation of Secure Development"][0] == "yes"
    assert rows["Confirmation of Update Procedures"][0] is None
    assert rows["# Confirmation of Vulnerability Actions"][0] is None
    assert "Only" not in rows


def test_a_workbook_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "device.xlsx"
    file.write_text("mine")

    with pytest.raises(WorkbookError, match=r"device\.xlsx: exists already"):
        export_workbook(profile_in(tmp_path / "device"), file)
    assert file.read_text() == "mine"


@pytest.mark.parametrize("name", ["device.xls", "workbook", "device.xlsx.txt"])
def test_a_name_that_spreadsheet_programs_would_not_open_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(WorkbookError, match=r"expected the name of a workbook, \*\.xlsx"):
        export_workbook(profile_in(tmp_path / "device"), tmp_path / name)
    assert not (tmp_path / name).exists()


def test_a_directory_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError, match="cannot be written: No such file or directory"):
        export_workbook(profile_in(tmp_path / "device"), tmp_path / "none" / "device.xlsx", environ={})


def test_unusable_documents_are_reported_as_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"ics.yaml:1:1: ICS: edition 1.1.1 has no provision"):
        export_workbook(
            profile_in(tmp_path / "device", ics='"9-9": {}\n'), tmp_path / "device.xlsx", environ={}
        )
    assert not (tmp_path / "device.xlsx").exists()


def test_what_is_longer_than_a_cell_is_an_error_with_its_line(tmp_path: Path) -> None:
    fits, wide, long = "x" * 32_767, "\U0001f3a5" * 16_384, "x" * 40_000
    profile = profile_in(
        tmp_path / "device",
        ixit=f'"1-AuthMech":\n- ID: A\n  Description: {fits}\n  Security Guarantees: {wide}\n'
        f"  facts:\n    mentions: [{long}]\n",
        ics=f'"5.1-1": {{support: Y, detail: {long}}}\n',
    )
    with pytest.raises(WorkbookError) as caught:
        export_workbook(profile, tmp_path / "device.xlsx", environ={})

    limit = "longer than a cell can hold, which is 32767 characters"
    assert [str(problem).rpartition("/device/")[2] for problem in caught.value.problems] == [
        f"profile.yaml: ICS 5.1-1: detail: {limit}",
        f"ixit.yaml:4:3: 1-AuthMech/A: Security Guarantees: {limit}",
        f"ixit.yaml:5:3: 1-AuthMech/A: facts: {limit}",
    ]
    assert not (tmp_path / "device.xlsx").exists()


def test_aliases_are_written_out_without_growing_beyond_a_cell(tmp_path: Path) -> None:
    # 900 uses of 30,000 characters are 27 MB for a single cell.
    uses = ", ".join(["*a"] * 900)
    profile = profile_in(
        tmp_path / "device",
        ixit=f'"1-AuthMech":\n- ID: A\n  facts:\n    mentions: [&a {"x" * 30_000}, {uses}]\n',
    )
    with pytest.raises(WorkbookError, match="1-AuthMech/A: facts: longer than a cell"):
        export_workbook(profile, tmp_path / "device.xlsx", environ={})


def test_an_exported_template_can_be_filled_in_by_hand(tmp_path: Path) -> None:
    file = tmp_path / "device.xlsx"
    book = exported(profile_in(tmp_path / "device", ixit="", ics="{}\n"), file)
    book["ICS"]["D2"], book["ICS"]["E2"] = "Y", "no password is shared"
    book["Conditions"]["C2"] = "yes"
    book["2-UserInfo"]["A11"], book["2-UserInfo"]["B11"] = "Support Period", "until 2031"
    book["7-UpdMech"]["A2"], book["7-UpdMech"]["B2"] = "UpdMech-net", "over the network"
    book["6-SoftComp"]["A3"] = "SoftComp-app"  # a row is left empty above
    book["6-SoftComp"]["C3"] = "UpdMech-net"
    book["15-Intf"]["A2"], book["15-Intf"]["F2"] = "Intf-lan", True
    book["15-Intf"]["B2"] = 5
    book.save(file)

    made = import_workbook(file, tmp_path / "back")
    assert (made.claims, made.entries) == (1, 3)
    assert problems_of(file, tmp_path / "again") == []
    components = (tmp_path / "back" / "ixit" / "06-SoftComp.yaml").read_text()
    assert components.endswith('"6-SoftComp":\n  - ID: SoftComp-app\n    Update Mechanism: UpdMech-net\n')
    assert "Support Period: until 2031\n" in (tmp_path / "back" / "ixit" / "02-UserInfo.yaml").read_text()
    assert (
        '  - ID: Intf-lan\n    Description: "5"\n    Debug Interface: "yes"\n'
        in (tmp_path / "back" / "ixit" / "15-Intf.yaml").read_text()
    )


def test_the_library_that_the_file_was_written_with_reads_every_answer(camera: Workbook) -> None:
    sheet = camera["7-UpdMech"]

    assert isinstance(camera, openpyxl.Workbook)
    assert sheet["A2"].value == "UpdMech-Network"
    assert str(sheet["B2"].value).startswith("Network-based. When the camera reports to the cloud service")
