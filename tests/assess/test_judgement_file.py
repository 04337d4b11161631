"""Judgements go into their document, and everything else in it stays as it is."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from yaml_text import loaded

from pytest_etsi.profile import Judgement, Source
from pytest_etsi.profile.judgement_file import JudgementFileError, judgement_file, record_judgements
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pathlib import Path

ONE = Judgement(
    unit="5.1-5-1/a",
    entry="AuthMech-web",
    verdict=Verdict.PASS,
    assessor="Jo Example, Example Laboratory",
    date=datetime.date(2026, 11, 26),
    rationale="The lock doubles up to a day.",
    basis="own-examination",
    evidence=(),
    fingerprint="sha256:" + "0" * 64,
    source=Source("", 0, 0, "file"),
)
WRITTEN = """\
# What was concluded.
- unit: 5.2-1-1/a   # first
  verdict: PASS
  assessor: Jo Example
  date: 2026-01-31
  basis: own-examination
  rationale: Public page.

# about the login
- unit: 5.1-5-1/a
  entry: AuthMech-web
  verdict: FAIL
  assessor: Jo Example
  date: 2026-01-31
  basis: own-examination
  rationale: Too short.
# about the end
- {unit: 6-1-1/a, verdict: PASS, assessor: Jo, date: 2026-01-31, basis: own-examination, rationale: Clear.}
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "judgements.yaml"


def read(path: Path) -> list[dict[str, object]]:
    judged: list[dict[str, object]] = loaded(path.read_text(encoding="utf-8"))
    return judged


@pytest.mark.parametrize("before", [None, "", "# nothing yet\n", "# nothing yet\n[]\n", "[]", "null\n"])
def test_the_first_judgement_goes_into_whatever_was_empty(path: Path, before: str | None) -> None:
    if before is not None:
        path.write_text(before, encoding="utf-8")
    record_judgements(path, [ONE])

    assert [(one["unit"], one["entry"]) for one in read(path)] == [("5.1-5-1/a", "AuthMech-web")]
    assert ("# nothing yet" in path.read_text(encoding="utf-8")) == bool(before and "#" in before)


def test_a_judgement_takes_the_place_of_the_one_before(path: Path) -> None:
    path.write_text(WRITTEN, encoding="utf-8")
    record_judgements(path, [ONE])

    assert [one["unit"] for one in read(path)] == ["5.2-1-1/a", "5.1-5-1/a", "6-1-1/a"]
    assert read(path)[1]["verdict"] == "PASS"
    text = path.read_text(encoding="utf-8")
    assert text.startswith(WRITTEN[: WRITTEN.index("- unit: 5.1-5-1/a")])
    assert text.endswith(WRITTEN[WRITTEN.index("# about the end") :])


def test_a_mark_of_the_encoding_stays_where_it_is(path: Path) -> None:
    path.write_text("\ufeff" + WRITTEN, encoding="utf-8")
    record_judgements(path, [ONE])

    assert path.read_text(encoding="utf-8").startswith(
        "\ufeff" + WRITTEN[: WRITTEN.index("- unit: 5.1-5-1/a")]
    )
    assert [one["unit"] for one in read(path)] == ["5.2-1-1/a", "5.1-5-1/a", "6-1-1/a"]


def test_a_judgement_of_another_entry_is_added(path: Path) -> None:
    path.write_text(WRITTEN, encoding="utf-8")
    record_judgements(path, [replace(ONE, entry="AuthMech-other")])

    assert path.read_text(encoding="utf-8").startswith(WRITTEN)
    assert len(read(path)) == 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("a: mapping\n", ":1: expected a list"),
        ("[{unit: x}]\n", ":1: write each judgement on lines of its own"),
        ("# which\n&all [{unit: x}]\n", ":2: write each judgement on lines of its own"),
        ("- [\n", ":2: not readable as YAML"),
        ("- unit: a\n  date: !!binary x\n", ":2: not readable as YAML"),
    ],
)
def test_what_cannot_be_added_to_is_left_alone(path: Path, content: str, words: str) -> None:
    path.write_text(content, encoding="utf-8")
    with pytest.raises(JudgementFileError, match=words):
        record_judgements(path, [ONE])

    assert path.read_text(encoding="utf-8") == content


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1).filter(
    lambda text: bool(text.strip())
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
@given(rationale=TEXT, assessor=TEXT)
def test_every_text_comes_back_as_it_was(path: Path, rationale: str, assessor: str) -> None:
    path.write_text(WRITTEN, encoding="utf-8")
    record_judgements(path, [replace(ONE, rationale=rationale, assessor=assessor, entry="other")])
    last = read(path)[-1]

    assert last["rationale"] == " ".join(rationale.split()).replace("${", "$${")
    assert last["assessor"] == assessor.replace("${", "$${")
    assert read(path)[:3] == loaded(WRITTEN)


def test_the_profile_says_where_its_judgements_are(tmp_path: Path) -> None:
    profile = tmp_path / "profile.yaml"
    profile.write_text("judgements: mine.yaml\n", encoding="utf-8")
    assert judgement_file(profile) == tmp_path / "mine.yaml"

    profile.write_text("judgements: []\n", encoding="utf-8")
    with pytest.raises(JudgementFileError, match=r"judgements\.yaml"):
        judgement_file(profile)
