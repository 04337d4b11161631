"""Changes for the worse in the documents of the virtual camera, and what every conceptual unit says of them."""

from __future__ import annotations

import copy
import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from camera_copy import CAMERA, camera_in
from yaml_text import dumped, loaded

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, _load, load_profile
from pytest_etsi.profile._yaml import read_yaml
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pytest_etsi.profile import Problem
    from pytest_etsi.profile._yaml import Node

__all__ = [
    "Change",
    "all_changes",
    "beside",
    "load_changed",
    "units_that",
    "worse",
    "write_changed",
]


@dataclass(frozen=True)
class Change:
    """A change of the camera's documents.

    Attributes:
        table: "7-UpdMech", or "ics".
        entry: ID of the entry; "": the single record of the table, or the ICS; "*": every entry of the table.
        field: a field of the pro forma, or a dotted path such as "facts.tls.versions"; "": the entry as a whole. In the
            ICS "5.3-1", "5.3-1.detail" or "conditions.5".
        value: what stands there instead; None: it is deleted. With field "" a mapping is appended as a new entry.
        fails: ids of exactly the units that have to FAIL.
        also: further changes that belong to it; their `fails` do not count.
    """

    table: str
    entry: str
    field: str
    value: Any
    fails: frozenset[str]
    also: tuple[Change, ...] = ()

    def apply(self, documents: dict[str, Any]) -> None:
        """Make the change in the documents (table id -> entries or record; "ics" -> ICS)."""
        content = documents[self.table]
        if self.field == "" and self.entry == "":
            content.append(copy.deepcopy(self.value))
        elif self.field == "":
            kept = [one for one in content if self.entry not in ("*", one["ID"])]
            assert len(kept) < len(content), f"{self.table} has no entry {self.entry}"
            content[:] = kept
        else:
            for target in self._targets(content):
                self._set(target)
        for further in self.also:
            further.apply(documents)

    def _targets(self, content: Any) -> list[dict[str, Any]]:
        if self.entry == "":
            return [content]
        found = [one for one in content if self.entry in ("*", one["ID"])]
        assert found, f"{self.table} has no entry {self.entry}"
        return found

    def _set(self, target: dict[str, Any]) -> None:
        *parents, last = self._path(target)
        for name in parents:
            target = target.setdefault(name, {})
        if self.value is None:
            target.pop(last, None)
        else:
            target[last] = copy.deepcopy(self.value)

    def _path(self, target: dict[str, Any]) -> list[str]:
        if self.table == "ics":
            # The dot inside the id of a provision is none between names.
            return [self.field] if self.field in target else self.field.rsplit(".", 1)
        return self.field.split(".") if self.field.startswith(("facts", "access")) else [self.field]


def worse(
    table: str, entry: str, field: str, value: object, *fails: str, also: tuple[Change, ...] = ()
) -> Change:
    """A change for the worse, with the units that have to fail."""
    return Change(table, entry, field, value, frozenset(fails), also)


def beside(table: str, entry: str, field: str, value: object) -> Change:
    """A change that belongs to another one."""
    return Change(table, entry, field, value, frozenset())


@cache
def _documents() -> tuple[dict[str, Any], dict[str, Path]]:
    """The camera's documents (table id -> entries or record; "ics" -> ICS), and the file of each table."""
    files: dict[str, Path] = {}
    content: dict[str, Any] = {"ics": loaded((CAMERA / "ics.yaml").read_text(encoding="utf-8"))}
    for path in sorted((CAMERA / "ixit").glob("*.yaml")):
        for table, entries in loaded(path.read_text(encoding="utf-8")).items():
            content[table] = entries
            files[table] = path
    return content, files


def write_changed(directory: Path, *changes: Change) -> Path:
    """Write the camera's profile with the changes into `directory`; gives the profile's file."""
    unchanged, files = _documents()
    tables = {change.table for one in changes for change in (one, *one.also)}
    documents = unchanged | {table: copy.deepcopy(unchanged[table]) for table in tables}
    for change in changes:
        change.apply(documents)
    camera_in(directory)
    for table in tables:
        path, written = (
            (directory / "ics.yaml", documents["ics"])
            if table == "ics"
            else (directory / "ixit" / files[table].name, {table: documents[table]})
        )
        path.write_text(dumped(written), encoding="utf-8")
    _drop_judgements_without_entry(directory / "judgements.yaml", documents)
    return directory / "profile.yaml"


def _drop_judgements_without_entry(path: Path, documents: dict[str, Any]) -> None:
    """What was judged of an entry that is gone is gone as well."""
    judged = _judgements()
    there = {
        table: {one["ID"] for one in entries}
        for table, entries in documents.items()
        if isinstance(entries, list)
    }
    kept = [
        one
        for one in judged
        if "entry" not in one or one["entry"] in there[edition("1.1.1").unit(one["unit"]).iterates or ""]
    ]
    if len(kept) < len(judged):
        path.write_text(dumped(kept), encoding="utf-8")


@cache
def _judgements() -> list[dict[str, Any]]:
    judged: list[dict[str, Any]] = loaded((CAMERA / "judgements.yaml").read_text(encoding="utf-8"))
    return judged


def units_that(verdict: str, profile: Profile) -> dict[str, list[str]]:
    """The conceptual units of which an evaluation has that verdict; unit id -> their reasons."""
    found: dict[str, list[str]] = {}
    conceptual = [unit.id for unit in edition(profile.edition).units if not unit.functional]
    for planned in make_plan(profile, load_units(), only=conceptual).evaluations:
        if planned.function is None or planned.applies is False:
            continue
        outcome = examine(profile, planned).outcome
        if outcome.verdict == verdict:
            found.setdefault(planned.unit.id, []).append(f"{planned.entry or ''}: {outcome.reason}")
    return found


def load_changed(directory: Path, *changes: Change) -> Profile:
    """The camera's profile with the changes."""
    with patch.object(_load, "read_yaml", lambda content, shown: _read_once(content)):
        return load_profile(write_changed(directory, *changes))


@cache
def _read_once(content: bytes) -> tuple[Node | None, list[Problem]]:
    """The YAML of a file as `load_profile` reads it: of two dozen files a change concerns one or two."""
    root, problems = read_yaml(content, "a changed document")
    assert not problems, problems
    return root, problems


def all_changes() -> dict[str, Change]:
    """Every change of the modules ``changes_*.py`` beside this one."""
    found: dict[str, Change] = {}
    for path in sorted(Path(__file__).parent.glob("changes_*.py")):
        changes: dict[str, Change] = importlib.import_module(path.stem).CHANGES
        double = found.keys() & changes.keys()
        assert not double, f"{path.name} names again: {', '.join(double)}"
        found |= changes
    return found
