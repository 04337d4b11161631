"""Documents with tables of the other edition: where these say that there is none, the table that lacks says so too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import load, write_profile

if TYPE_CHECKING:
    from pathlib import Path

_PHY = """\
"15-PhyIntf":
- ID: PhyIntf-Lan
  Description: Ethernet.
"""
_LOG = """\
"28-LogIntf":
- ID: LogIntf-Web
  Description: Web page.
"""


def _lacking(tmp_path: Path, edition: str, table: str, others: str) -> tuple[bool, list[str], list[str]]:
    """Whether a table says without doubt that it has no entries; hints that it is missing; ids of its entries."""
    path = write_profile(tmp_path, edition_id=edition)
    ixit = tmp_path / "ixit.yaml"
    ixit.write_text(others + ixit.read_text().replace(f'"{table}": []\n', ""))
    profile = load(path.parent)
    read = profile.ixit.table(table)
    hints = [one.hint for one in profile.open_problems if f"{table} is missing" in one.message]
    sure = not hints and not read.unread
    return sure, hints, [entry.id for entry in read]


@pytest.mark.parametrize(
    ("edition", "table", "others"),
    [
        ("1.1.1", "15-Intf", '"15-PhyIntf": []\n"28-LogIntf": []\n'),
        ("1.1.1", "15-Intf", '"15-PhyIntf": none\n"28-LogIntf": There are none.\n'),
        ("1.1.1", "28-ExtAPI", '"28-LogIntf": []\n'),
        ("1.1.1", "11-ComMech", '"11-SecComMech": []\n"28-LogIntf": []\n'),
        ("2.1.1", "15-PhyIntf", '"15-Intf": []\n'),
        ("2.1.1", "28-LogIntf", '"15-Intf": []\n"28-ExtAPI": []\n'),
        ("2.1.1", "11-SecComMech", '"11-ComMech": []\n'),
    ],
)
def test_none_in_the_words_of_another_edition_is_none(
    tmp_path: Path, edition: str, table: str, others: str
) -> None:
    sure, hints, entries = _lacking(tmp_path, edition, table, others)

    assert (sure, hints, entries) == (True, [], [])


@pytest.mark.parametrize(
    ("edition", "table", "others"),
    [
        ("1.1.1", "15-Intf", '"15-PhyIntf": []\n'),
        ("1.1.1", "15-Intf", '"28-LogIntf": []\n'),
        ("1.1.1", "15-Intf", '"15-PhyIntf": []\n' + _LOG),
        ("1.1.1", "15-Intf", _PHY + '"28-LogIntf": []\n'),
        ("1.1.1", "15-Intf", '"15-PhyIntf":\n"28-LogIntf": []\n'),
        ("1.1.1", "15-Intf", '"15-PhyIntf": to be filled in\n"28-LogIntf": []\n'),
        ("1.1.1", "11-ComMech", '"11-SecComMech": []\n'),
        ("2.1.1", "28-LogIntf", '"28-ExtAPI": []\n'),
    ],
    ids=[
        "one of two",
        "the other of two",
        "entries in one",
        "entries in the other",
        "nothing written",
        "words that do not say so",
        "what is not secured is elsewhere",
        "the other edition's one of two",
    ],
)
def test_less_than_that_leaves_the_table_missing_and_the_hint_names_where_it_would_be(
    tmp_path: Path, edition: str, table: str, others: str
) -> None:
    sure, hints, entries = _lacking(tmp_path, edition, table, others)

    assert (sure, entries) == (False, [])
    (hint,) = hints
    assert hint.startswith("another edition says in ")
    assert f'write "{table}": [] if' in hint


def test_a_table_of_another_edition_that_is_given_twice_has_to_be_empty_both_times(tmp_path: Path) -> None:
    path = write_profile(tmp_path, edition_id="1.1.1")
    ixit = tmp_path / "ixit.yaml"
    (tmp_path / "ixit").mkdir()
    (tmp_path / "ixit" / "a.yaml").write_text(
        ixit.read_text().replace('"28-ExtAPI": []\n', '"28-LogIntf": []\n')
    )
    (tmp_path / "ixit" / "b.yaml").write_text(_LOG)
    path.write_text(path.read_text().replace("ixit.yaml", "ixit/"))

    assert [one.message for one in load(tmp_path).open_problems if "is missing" in one.message] == [
        "the table 28-ExtAPI is missing"
    ]


def test_a_mark_that_a_table_of_another_edition_is_a_draft_is_kept(tmp_path: Path) -> None:
    others = '"28-LogIntf": []\ndrafted: {"28-LogIntf": survey/01.json}\n'

    sure, hints, _ = _lacking(tmp_path, "1.1.1", "28-ExtAPI", others)

    assert (sure, hints) == (False, [])
