"""Partial runs of one device put together: one record and one result of everything that any of them has evaluated.

Only runs of the same device with the same documents, by the same version, are parts of one whole. What two of them have
found out differently is a conflict: it is shown, and settled by whoever says which part is to be believed, and the
merged record says so. The results are made from the merged record as those of any run, so that `verify` holds for them.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_etsi.assessment.earlier import ResumeError, check_device, differences
from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.assessment.journal import Journal
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.results import build_results, digest_of, dut_identity, masked, write_results
from pytest_etsi.assessment.suite import load_units, suite_fingerprint, suite_path
from pytest_etsi.assessment.tool import tool_identity
from pytest_etsi.redaction import Redactor
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from pytest_etsi.profile import Profile

__all__ = ["Conflict", "MergeError", "Part", "conflicts", "merge", "read_part"]

Key: TypeAlias = tuple[str, str | None, str | None]


class MergeError(ValueError):
    """Something cannot be merged; says what, and why."""


@dataclass(frozen=True)
class Part:
    """A run that has ended, as it was written.

    Attributes:
        directory: of its results.
        records: the lines of its record.
        hash: of the last one.
    """

    directory: Path
    records: list[dict[str, Any]]
    hash: str

    @property
    def first(self) -> dict[str, Any]:
        """The line with which it begins."""
        return self.records[0]

    @cached_property
    def evaluations(self) -> dict[Key, dict[str, Any]]:
        """What it has evaluated, by unit, entry, and the node of a project's own test."""
        found: dict[Key, dict[str, Any]] = {}
        for record in self.records:
            if record["record"] == "evaluation":
                node = record["node"] if record["source"] == "project" else None
                found[record["unit"], record["entry"], node] = record
        return found

    def to_json(self) -> dict[str, Any]:
        """How the merged record names it."""
        return {
            "hash": self.hash,
            "lines": len(self.records),
            "started": self.first["started"],
            "finished": self.records[-1]["finished"],
            "selection": self.first["selection"],
            "permissions": self.first["permissions"],
        }


@dataclass(frozen=True)
class Conflict:
    """What two parts have found out differently.

    Attributes:
        found: the evaluation of each part that has one.
    """

    unit: str
    entry: str | None
    found: list[tuple[Part, dict[str, Any]]] = field(repr=False)

    def __str__(self) -> str:
        where = " ".join(filter(None, (self.unit, self.entry)))
        said = "; ".join(
            f"{part.directory}: {one['verdict']}: {' '.join(str(one['reason']).split())}"
            for part, one in self.found
        )
        return f"{where}: {said}"


def read_part(directory: Path) -> Part:
    """A run to be merged, after everything in its directory was checked.

    Raises:
        MergeError: it has not ended, or something in it is not as it was written.
        pytest_etsi.assessment.journal.JournalError: its record cannot be believed.
        OSError: there is none, or it cannot be read.
    """
    checked = check_directory(directory)
    if checked.damaged:
        raise MergeError("\n".join(f"{directory}/{damage}" for damage in checked.damaged))
    if not checked.finished:
        raise MergeError(f"{directory}: the run has not ended; --etsi-resume goes on with it")
    results = json.loads((directory / "results.json").read_bytes())
    if results.get("integrity"):
        raise MergeError(f"{directory}: at its end something was not as it had been written; run it again")
    return Part(directory, checked.chain.records, checked.chain.hashes[-1])


def check_parts(parts: Sequence[Part], profile: Profile) -> None:
    """Make sure that all are of one device, with the documents of the profile, by this version of the tool.

    Raises:
        MergeError: they are not; says what differs.
    """
    now = {
        "tool": tool_identity(),
        "edition": profile.edition,
        # A virtual device has another serial number in each run, and no run is a part of another's.
        "dut": parts[0].first["dut"] if profile.virtual else dut_identity(profile),
        "profile": {"fingerprint": profile.fingerprint},
        "suite": suite_fingerprint(suite_path()),
    }
    for part in parts:
        if changed := differences(part.first, now, without=("the permissions", "the selection", "the plan")):
            raise MergeError(f"{part.directory}: it is no part of one whole: {'; '.join(changed)}")
        before = _identity(parts[0], "start")
        try:
            for observed in filter(None, (_identity(part, "start"), _identity(part, "end"))):
                if before is not None:
                    check_device(part.directory, before, observed)
        except ResumeError as error:
            raise MergeError(str(error).partition(" Undo that")[0]) from None
    if len({part.hash for part in parts}) < len(parts):
        raise MergeError("one run is given twice")


def conflicts(parts: Sequence[Part]) -> list[Conflict]:
    """What the parts have found out differently."""
    found: dict[Key, list[tuple[Part, dict[str, Any]]]] = {}
    for part in parts:
        for key, record in part.evaluations.items():
            found.setdefault(key, []).append((part, record))
    return [
        Conflict(unit, entry, each)
        for (unit, entry, _), each in found.items()
        if len({(one["verdict"], one["cause"]) for _, one in each}) > 1
    ]


def merge(
    parts: Sequence[Part], profile: Profile, output: Path, *, preferred: Part | None = None
) -> dict[str, Any]:
    """Write record, results and evidence of all parts together; gives the results.

    Args:
        parts: two or more.
        profile: the documents that all of them were run with.
        output: a directory that does not exist yet.
        preferred: the part that is believed where it is in conflict with another.

    Raises:
        MergeError: they are no parts of one whole, or a conflict is not settled; nothing is written.
        OSError: it cannot be written.
    """
    parts = sorted(parts, key=lambda part: str(part.first["started"]))
    check_parts(parts, profile)
    open_ = conflicts(parts)
    unsettled = [
        one for one in open_ if preferred is None or all(part is not preferred for part, _ in one.found)
    ]
    if unsettled:
        raise MergeError("\n".join(map(str, unsettled)))
    if output.exists():
        raise MergeError(f"{output}: it is there already")
    fresh = output.with_name(f".{output.name}.part")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        fresh.mkdir(parents=True)
        results = _write(parts, profile, fresh, open_, preferred)
        fresh.rename(output)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return results


def _write(
    parts: Sequence[Part],
    profile: Profile,
    output: Path,
    settled: Sequence[Conflict],
    preferred: Part | None,
) -> dict[str, Any]:
    plan = make_plan(
        profile,
        load_units(suite_path()),
        allow={need for part in parts for need in part.first["permissions"]},
        only=_selection(parts),
    )
    said = {
        "parts": [part.to_json() for part in parts],
        "settled": [_settled(one, preferred) for one in settled if preferred is not None],
    }
    first = parts[0].first | {
        "permissions": list(plan.permissions),
        "selection": list(plan.selection),
        "plan": plan.fingerprint,
        "merged": said,
    }
    with Journal(output / "record.jsonl") as journal:
        first = _with_evidence({"evidence": [], **first}, parts[0], output, 1)
        journal.append(first, at_once=False)
        for record in _lines(parts, preferred, output):
            journal.append(record, at_once=False)
        finished = max(str(part.records[-1]["finished"]) for part in parts)
        meta = {
            "started": first["started"],
            "finished": finished,
            "tool": first["tool"],
            "dut_at_start": next(filter(None, (_identity(part, "start") for part in parts)), None),
            "dut_at_end": next(filter(None, (_identity(part, "end") for part in reversed(parts))), None),
        }
        results = masked(build_results(profile, plan, journal.records, meta), Redactor(profile.redactions))
        results |= {"dut": first["dut"], "profile": first["profile"], "integrity": [], "merged": said}
        results["documents"] = first["evidence"]
        journal.append(
            {
                "record": "finish",
                "finished": finished,
                "overall": results["overall"],
                "results": digest_of(results),
            }
        )
        results["record"] = {"lines": len(journal.records), "hash": journal.head}
    write_results(output / "results.json", results)
    return results


def _selection(parts: Sequence[Part]) -> tuple[str, ...]:
    """What all parts together have looked at; empty: everything."""
    if any(not part.first["selection"] for part in parts):
        return ()
    named = tuple(dict.fromkeys(one for part in parts for one in part.first["selection"]))
    catalogue = edition(parts[0].first["edition"])
    units = {unit.id for name in named for unit in catalogue.select(name)}
    return () if units == {unit.id for unit in catalogue.units} else named


def _settled(one: Conflict, preferred: Part | None) -> dict[str, Any]:
    return {
        "unit": one.unit,
        "entry": one.entry,
        "found": [
            {"hash": part.hash, "verdict": found["verdict"], "taken": part is preferred}
            for part, found in one.found
        ],
    }


def _lines(parts: Sequence[Part], preferred: Part | None, output: Path) -> Iterable[dict[str, Any]]:
    """What goes into the merged record; the evidence that it names is copied on the way."""
    taken: dict[Key, Part] = {}
    for part in [*parts, *([preferred] if preferred is not None else [])]:
        taken |= dict.fromkeys(part.evaluations, part)
    # That a device was the same at both ends of each part is part of what is known.
    for number, part in enumerate(parts, start=1):
        kept = {id(one) for key, one in part.evaluations.items() if taken[key] is part}
        for record in part.records[1:]:
            if record["record"] == "identity" or id(record) in kept:
                yield _with_evidence(record, part, output, number)


def _with_evidence(record: Mapping[str, Any], part: Part, output: Path, number: int) -> dict[str, Any]:
    """A line, with its evidence in the merged directory; where another part has a file of that name, under another."""
    names: dict[str, str] = {}
    for item in record["evidence"]:
        name = str(item["file"])
        if (output / name).exists():
            name = f"evidence/part-{number}/{name.removeprefix('evidence/')}"
        (output / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(part.directory / item["file"], output / name, follow_symlinks=False)
        names[item["file"]] = name
    evidence = [{**item, "file": names[item["file"]]} for item in record["evidence"]]
    if "findings" not in record:
        return {**record, "evidence": evidence}
    findings = [
        {**one, "evidence": [names.get(name, name) for name in one["evidence"]]} if "evidence" in one else one
        for one in record["findings"]
    ]
    return {**record, "evidence": evidence, "findings": findings}


def _identity(part: Part, when: str) -> dict[str, Any] | None:
    seen = [one for one in part.records if one["record"] == "identity" and one["when"] == when]
    if not seen:
        return None
    observed: dict[str, Any] = (seen[0] if when == "start" else seen[-1])["observed"]
    return observed
