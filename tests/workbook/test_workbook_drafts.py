"""Marks of what is drafted go through a workbook, and can be taken away in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile import load_profile
from pytest_etsi.profile.workbook import import_workbook
from tests.workbook.workbook_files import edited, exported, profile_in

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook

    from pytest_etsi.profile import Profile

IXIT = """\
drafted: {"15-Intf": survey/services.json, "16-CodeMin": }
"1-AuthMech":
  - ID: AuthMech-web
    drafted: {ID: survey/services.json, facts.endpoint: survey/services.json}
    facts: {endpoint: 443/tcp}
  - ID: AuthMech-api
    Description: Login of apps
  - ID: AuthMech-odd
    drafted: yes
"4-Conf":
  drafted: survey/page.json
"16-CodeMin": []
"15-Intf":
  - ID: Intf-lan
    Type: network
"""


def there_and_back(directory: Path, change: object = None) -> tuple[Profile, Profile, Workbook]:
    profile = profile_in(directory / "device", ixit=IXIT)
    book = exported(profile, directory / "camera.xlsx")
    if callable(change):
        edited(directory / "camera.xlsx", change)
    before = load_profile(profile, environ={})
    import_workbook(directory / "camera.xlsx", directory / "device" / "back")
    profile.write_text(
        profile.read_text().replace("ics.yaml", "back/ics.yaml").replace("ixit.yaml", "back/ixit/")
    )
    return before, load_profile(profile, environ={}), book


def said(profile: Profile) -> list[tuple[str, str, str]]:
    return sorted((one.part, one.field, one.problem.message) for one in profile.drafts)


def test_marks_come_back_as_they_were(tmp_path):
    before, after, _ = there_and_back(tmp_path)

    assert len(said(before)) == 6
    assert said(after) == said(before)
    assert after.open_problems == ()


def test_a_row_of_a_mark_alone_is_about_the_table(tmp_path):
    *_, book = there_and_back(tmp_path)

    assert [cell.value for cell in book["16-CodeMin"][2]][-1] == "yes"
    assert [cell.value for cell in book["15-Intf"][3] if cell.value] == ["survey/services.json"]
    assert "drafted" not in [cell.value for cell in book["7-UpdMech"][1]]


def test_a_mark_is_taken_away_in_the_workbook(tmp_path):
    def checked(book: Workbook) -> None:
        for title in ("1-AuthMech", "15-Intf"):
            sheet = book[title]
            column = [cell.value for cell in sheet[1]].index("drafted") + 1
            for row in range(2, sheet.max_row + 1):
                sheet.cell(row, column).value = None

    _, after, _ = there_and_back(tmp_path, checked)

    assert {one.part for one in after.drafts} == {"4-Conf", "16-CodeMin"}
