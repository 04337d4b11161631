"""Rows of the ICS that are proposals: they claim nothing, and say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from openpyxl import load_workbook

from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.skeleton import Answers, skeleton
from pytest_etsi.profile.summary import summary
from pytest_etsi.profile.workbook import export_workbook
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import Profile


def profile(folder: Path, row: str) -> Profile:
    for name, text in skeleton(Answers("Example", "Cam", "1", "2")).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "ics.yaml").write_text(f'"5.2-1": {row}\n', encoding="utf-8")
    return load_profile(folder)


@pytest.mark.parametrize(
    "mark", ["the answer of before", '""', "yes", "[5.2-1]"], ids=["evidence", "nothing", "yes", "list"]
)
def test_a_row_with_a_mark_is_no_claim_and_leaves_its_group_open(tmp_path: Path, mark: str) -> None:
    made = profile(tmp_path, f'{{support: Y, detail: "By a policy.", drafted: {mark}}}')
    (group,) = [one for one in make_plan(made, load_units()).groups if one.group.id == "5.2-1"]

    assert made.ics.rows == {}
    assert "is a proposal" in made.ics.unread["5.2-1"].problem.message
    assert group.assessed
    assert (group.ics.verdict, group.support) == (Verdict.INCONCLUSIVE, None)
    assert "drafted     1 ICS row;" in "\n".join(summary(made))
    assert made.open_problems == ()


@pytest.mark.parametrize("mark", ["false", '"no"', "null"])
def test_a_mark_that_says_no_is_none(tmp_path: Path, mark: str) -> None:
    made = profile(tmp_path, f'{{support: Y, detail: "By a policy.", drafted: {mark}}}')

    assert made.ics.rows["5.2-1"].support == "Y"
    assert made.drafts == ()


def test_a_workbook_does_not_make_an_answer_of_a_proposal(tmp_path: Path) -> None:
    profile(tmp_path, '{support: Y, detail: "By a policy.", drafted: before}')
    export_workbook(tmp_path, tmp_path / "cam.xlsx")
    rows = {row[0]: row[3] for row in load_workbook(tmp_path / "cam.xlsx")["ICS"].iter_rows(values_only=True)}

    assert rows["5.2-1"] == "proposed: Y"
