"""A migrated profile: nothing is dropped, the old one is not touched, and the list of what is left is complete."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from pytest_etsi.assessment.changes import changes
from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.assessment.judgement import find
from pytest_etsi.assessment.migrating import ExistsError, MigratedProfile, migrate
from pytest_etsi.cli.main import main
from pytest_etsi.profile import load_profile
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence, read_yaml
from pytest_etsi.profile.judged_file import JudgedFile, judged_file
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator

SECOND = edition("2.1.1")


def copied(name: str, folder: Path) -> Path:
    """A shipped profile as one of a user's own, and its folder."""
    shutil.copytree(load_profile(name).path.parent, folder / name, ignore=shutil.ignore_patterns("edition-*"))
    return folder / name


@pytest.fixture(scope="module", params=["virtual-camera", "constrained-sensor"])
def device(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, MigratedProfile, dict[Path, bytes]]:
    folder = copied(request.param, tmp_path_factory.mktemp("devices"))
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return folder, migrate(folder, "2.1.1"), before


def scalars(node: Node | None) -> Iterator[str]:
    if isinstance(node, Scalar):
        yield node.text
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from scalars(item)
    elif isinstance(node, Mapping):
        for item in node.items.values():
            yield from scalars(item)


def words(text: str) -> str:
    return " ".join(re.sub(r"(?m)^\s*#|[\\\\\"']", " ", text).split())


def test_the_old_documents_are_as_they_were(device: tuple[Path, MigratedProfile, dict[Path, bytes]]) -> None:
    _, _, before = device

    assert {path: path.read_bytes() for path in before} == before


def test_nothing_that_was_said_is_dropped(device: tuple[Path, MigratedProfile, dict[Path, bytes]]) -> None:
    folder, _, before = device
    new = [path for path in folder.rglob("*.yaml") if path not in before]
    text = words("\n".join(path.read_text(encoding="utf-8") for path in new))
    lost = {
        (path.name, said)
        for path, content in before.items()
        if path.suffix == ".yaml" and path.name != "judgements.yaml"
        for said in scalars(read_yaml(content, "")[0])
        if words(said) not in text
    }
    assert {said for _, said in lost} == {"ics.yaml", "ixit/", "judgements.yaml"}


def test_comments_are_kept(device: tuple[Path, MigratedProfile, dict[Path, bytes]]) -> None:
    folder, _, before = device
    new = [path for path in folder.rglob("*.yaml") if path not in before]
    text = words("\n".join(path.read_text(encoding="utf-8") for path in new))
    comments = {
        line.partition("# ")[2]
        for path, content in before.items()
        if path.suffix == ".yaml" and path.name != "judgements.yaml"
        for line in content.decode().splitlines()
        if re.match(r"\s*# |[^\"']* # ", line) and "yaml-language-server" not in line
    }

    assert comments
    assert {one for one in comments if words(one) not in text} == set()


def test_each_thing_left_stands_where_the_list_says(
    device: tuple[Path, MigratedProfile, dict[Path, bytes]],
) -> None:
    folder, made, _ = device
    listed = (folder / made.layout.left).read_text(encoding="utf-8")

    assert made.left
    for one in made.left:
        line = (folder / one.file).read_text(encoding="utf-8").splitlines()[one.line - 1]
        assert line.strip(), one
        assert str(one) in listed
        if one.left.kind in ("new-field", "new-row", "confirm-condition", "new-condition", "no-place"):
            assert line.strip().startswith("#"), one


def test_what_validate_finds_is_in_the_list(device: tuple[Path, MigratedProfile, dict[Path, bytes]]) -> None:
    folder, made, _ = device
    old, new = load_profile(folder), made.profile
    names = {one.left.name for one in made.left}
    places = {(one.file.as_posix(), one.line) for one in made.left}
    found = {(one.where, one.message) for one in new.open_problems} - {
        (one.where, one.message) for one in old.open_problems
    }
    drafted = {(Path(one.problem.file).relative_to(folder).as_posix(), one) for one in new.drafts}
    missing = {
        f"ICS {row.id}" for row in SECOND.provisions
        if row.printed and row.id not in new.ics.rows and row.id not in new.ics.unread
    }  # fmt: skip
    empty = {
        f"{table.id}/{entry.id}: {name}".replace("/:", ":")
        for table in new.ixit
        for entry in table
        for name in SECOND.added_fields[table.id]
        if name not in entry
    }

    assert found == set()
    assert missing <= names
    assert empty <= names | {f"{part}: {name}" for part, name in _whole(names)}
    for file, draft in drafted:
        by_name = {draft.part, f"{draft.part}: {draft.field}"} & names
        of_entry = draft.field.startswith("facts.") and f"{draft.part}: Resilience Measures" in names
        assert by_name or of_entry or (file, draft.problem.line) in places, draft
    old_rules = {(one.rule, one.about) for one in ics_findings(old)}
    about = {one.about for one in ics_findings(new) if (one.rule, one.about) not in old_rules}
    conditions = {one.left.name for one in made.left if "condition" in one.left.kind}
    assert {one for one in about if f"ICS {one}" not in names and one not in conditions} == set()


def _whole(names: set[str]) -> Iterator[tuple[str, str]]:
    for name in names:
        if name.startswith("28-LogIntf/LogIntf-") and ":" not in name:
            yield from ((name, field) for field in SECOND.added_fields["28-LogIntf"])


def test_drafts_let_nothing_pass_that_did_not(
    device: tuple[Path, MigratedProfile, dict[Path, bytes]],
) -> None:
    _, made, _ = device
    proposed = {one.left.name.removeprefix("ICS ") for one in made.left if one.left.kind == "confirm-row"}

    assert proposed
    assert proposed.isdisjoint(made.profile.ics.rows)
    assert proposed <= made.profile.ics.unread.keys()


def test_a_judgement_stands_where_unit_question_and_fields_are_the_same_and_is_stale_elsewhere(
    device: tuple[Path, MigratedProfile, dict[Path, bytes]],
) -> None:
    _, made, _ = device
    units = {unit.id: unit for unit in SECOND.units}
    states = {
        (one.unit, one.entry): find(made.profile, units[one.unit], one.entry).status
        for one in made.profile.judgements
    }
    again = {one.left.name for one in made.left if one.left.kind == "judge-again"}
    stale = {key for key, status in states.items() if status == "stale"}

    assert {f"judgement {unit}" + (f" {entry}" if entry else "") for unit, entry in stale} == again
    assert len(states) - len(stale) == made.judgements.kept
    assert all(units[unit].origin.edition == "1.1.1" for unit, _ in states.keys() - stale)


def test_a_stale_judgement_shows_what_is_different(tmp_path: Path) -> None:
    made = migrate(copied("virtual-camera", tmp_path), "2.1.1")
    judged = JudgedFile(judged_file(made.layout.folder / made.layout.judgements))
    judgement = next(one for one in made.profile.judgements if one.unit == "5.1-3-1/a")
    unit = SECOND.unit("5.1-3-1/a")
    found = changes(made.profile, unit, judgement.entry, judgement.fingerprint, judged)

    assert found is not None
    assert [(one.name, one.before, one.after) for one in found] == [
        ("what is asked", edition("1.1.1").unit("5.1-3-1/a").does, unit.does)
    ]


def test_an_existing_target_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    folder = copied("constrained-sensor", tmp_path)
    (folder / "ics-2.1.1.yaml").write_text("mine\n", encoding="utf-8")
    before = sorted(folder.rglob("*"))

    with pytest.raises(ExistsError, match=r"ics-2\.1\.1\.yaml exists already"):
        migrate(folder, "2.1.1")
    assert sorted(folder.rglob("*")) == before


def test_the_command_tells_numbers_and_names(tmp_path: Path) -> None:
    folder = copied("constrained-sensor", tmp_path)
    told = CliRunner().invoke(main, ["migrate", str(folder), "--to", "2.1.1", "--limit", "3"])

    assert told.exit_code == 0, told.output
    assert "new ICS rows to be written" in told.output
    assert f"{folder / 'ics-2.1.1.yaml'}:" in told.output
    again = CliRunner().invoke(main, ["migrate", str(folder), "--to", "2.1.1"])
    assert (again.exit_code, "exists already" in again.output) == (4, True)


def test_as_json_it_gives_everything_that_is_left(tmp_path: Path) -> None:
    folder = copied("constrained-sensor", tmp_path)
    told = CliRunner().invoke(
        main, ["migrate", str(folder), "--to", "2.1.1", "--into", str(tmp_path / "new"), "--json"]
    )
    content = json.loads(told.output)
    first = content["left"][0]

    assert (content["from"], content["to"]) == ("1.1.1", "2.1.1")
    assert content["judgements"] == {"kept": 0, "stale": 0, "without_place": 0}
    assert {one["kind"] for one in content["left"]} >= {"confirm-row", "new-row", "new-field"}
    assert (tmp_path / "new" / first["file"]).read_text(encoding="utf-8").splitlines()[first["line"] - 1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["virtual-camera", "--to", "2.1.1"], "--into"),
        (["virtual-camera", "--to", "9.9", "--into", "x"], "is none of"),
        (["virtual-camera", "--to", "1.1.1", "--into", "x"], "no way"),
        (["nowhere.yaml", "--to", "2.1.1", "--into", "x"], "no such file"),
    ],
)
def test_what_cannot_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = CliRunner().invoke(main, ["migrate", *arguments])

    assert told.exit_code in (2, 4)
    assert said in told.output
    assert list(tmp_path.iterdir()) == []
