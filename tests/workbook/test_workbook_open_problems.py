"""A workbook with answers that are not understood: taken in, marked, and workable by editing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from pytest_etsi.profile import load_profile
from pytest_etsi.profile.workbook import WorkbookError, export_workbook, import_workbook
from tests.workbook.workbook_files import IXIT, edited, exported, profile_in

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook


def marked(file: Path) -> dict[str, str]:
    """The cells of a workbook below its headers that have a remark: sheet and cell -> remark."""
    book = openpyxl.load_workbook(file)
    return {
        f"{sheet.title} {cell.coordinate}": cell.comment.text
        for sheet in book.worksheets
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.comment is not None
    }


def test_answers_outside_the_set_come_in_and_are_marked_until_they_are_corrected(tmp_path: Path) -> None:
    file = tmp_path / "camera.xlsx"
    profile = profile_in(tmp_path / "device")
    exported(profile, file)

    def answer(book: Workbook) -> None:
        book["15-Intf"]["C2"] = "optical"
        book["15-Intf"]["F2"] = "perhaps"

    made = import_workbook(edited(file, answer), tmp_path / "device" / "back")
    assert len(made.open_problems) == 2
    profile.write_text(
        profile.read_text().replace("ics.yaml", "back/ics.yaml").replace("ixit.yaml", "back/ixit/")
    )
    (entry,) = load_profile(profile, environ={}).ixit.intf
    assert (entry.written("Type"), entry.written("Debug Interface")) == ("optical", "perhaps")

    again = tmp_path / "again.xlsx"
    export_workbook(profile, again, environ={})
    remarks = marked(again)
    assert remarks.keys() == {"15-Intf C2", "15-Intf F2"}
    assert remarks["15-Intf F2"] == 'expected yes or no, got "perhaps"'

    def correct(book: Workbook) -> None:
        book["15-Intf"]["C2"] = "network, for the LAN only"
        book["15-Intf"]["F2"] = "No (no port)"

    assert import_workbook(edited(again, correct), tmp_path / "corrected").open_problems == ()


def test_a_fact_a_row_of_the_ics_and_a_reference_are_marked_too(tmp_path: Path) -> None:
    profile = profile_in(
        tmp_path / "device",
        ics='"5.1-1": {support: mostly, detail: x}\n"5.1-3": Y\n',
        ixit=IXIT.replace("subject: user", "subject: nobody").replace("[UpdMech-net]", "Intf-lan"),
    )
    file = tmp_path / "camera.xlsx"
    export_workbook(profile, file, environ={})

    remarks = marked(file)
    assert remarks.keys() == {"ICS D2", "1-AuthMech H2", "6-SoftComp C2"}
    assert remarks["6-SoftComp C2"] == '7-UpdMech has no entry "Intf-lan"; it is in 15-Intf'
    assert openpyxl.load_workbook(file)["ICS"]["D4"].value == "Y"


@pytest.mark.parametrize(
    "lost",
    [
        '"24-TelData": perhaps\n',
        '"24-TelData":\n- ID: a\n- ID: a\n',
        '"24-TelData":\n- {ID: a, Colour: red}\n',
    ],
)
def test_what_no_cell_holds_is_not_lost_silently(tmp_path: Path, lost: str) -> None:
    profile = profile_in(tmp_path / "device", ixit=IXIT + lost)

    with pytest.raises(WorkbookError) as refused:
        export_workbook(profile, tmp_path / "camera.xlsx", environ={})
    assert "24-TelData" in str(refused.value)
    assert "a workbook has no cell for it" in str(refused.value)
    assert not (tmp_path / "camera.xlsx").exists()
