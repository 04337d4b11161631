"""Whether what was written is still what is there: evidence, the record, and the results made from it.

Every piece of evidence is in the record with its hash. What was altered, exchanged or taken away makes the evaluations
that rest on it INCONCLUSIVE: whatever they came to cannot be examined again.
"""

from __future__ import annotations

import hashlib
import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.follows import what_does_not_follow
from pytest_etsi.assessment.journal import JournalError, read_chain
from pytest_etsi.assessment.results import digest_of
from pytest_etsi.bounds import ending
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.assessment.journal import Chain, Journal

__all__ = [
    "Checked",
    "Damage",
    "added_evidence",
    "check_directory",
    "damaged_evidence",
    "head_of",
    "lost_lines",
    "with_damage",
]

_OF_NO_VERDICT = ("interrupted", "project-tests")
_ALTERED = "it was altered: its hash is not the one in the record"
_SETTLE = "Find out what has changed it, and run the unit again in a new run."


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is not as it was written.

    Attributes:
        file: path below the directory of the results, with slashes; of a line of the record with its number.
        problem: what is wrong with it.
        unit: the unit whose evaluation rests on it; None: none does.
        entry: the IXIT entry of that evaluation.
        line: number of the evaluation's line in the record.
    """

    file: str
    problem: str
    unit: str | None = None
    entry: str | None = None
    line: int | None = None

    def to_json(self) -> dict[str, str | int | None]:
        """The damage as it stands in the results."""
        return {"file": self.file, "problem": self.problem, "unit": self.unit, "entry": self.entry}

    def __str__(self) -> str:
        about = f" of {' '.join(part for part in (self.unit, self.entry) if part)}" if self.unit else ""
        return f"{self.file}{about}: {self.problem}"


def damaged_evidence(directory: Path, records: Iterable[Mapping[str, Any]]) -> list[Damage]:
    """The evidence that `records` name and that is missing, or is not what it was when it was written.

    Args:
        directory: of the results.
        records: lines of the journal, the first one first.
    """
    shelf = _Shelf(directory)
    found = []
    for number, record in enumerate(records, start=1):
        for item in record.get("evidence", ()):
            problem = shelf.problem_of(item)
            if problem:
                found.append(Damage(item["file"], problem, record.get("unit"), record.get("entry"), number))
    return found


def added_evidence(directory: Path, records: Iterable[Mapping[str, Any]]) -> list[Damage]:
    """Files among the evidence that no line of the record names.

    Not those that a resume has set aside, nor those of a project's tests that evaluate nothing: no verdict rests on
    them.
    """
    named = {item["file"] for record in records for item in record.get("evidence", ())}
    found = []
    for path in sorted((directory / "evidence").rglob("*")):
        file = path.relative_to(directory).as_posix()
        is_content = path.is_symlink() or not path.is_dir()
        if is_content and file not in named and file.split("/")[1] not in _OF_NO_VERDICT:
            found.append(Damage(file, "no line of the record names it: it was added, or renamed"))
    return found


class _Shelf:
    """The evidence of a directory of results. Whether a part of a path is a link is asked once for each."""

    def __init__(self, directory: Path) -> None:
        self._directory = os.fspath(directory)
        self._linked: dict[str, str] = {"": ""}

    def problem_of(self, item: Mapping[str, Any]) -> str:
        """What is wrong with a piece of evidence; empty: it is what was written."""
        relative = PurePosixPath(item["file"])
        if relative.is_absolute() or ".." in relative.parts:
            return "it is outside the directory of the results"
        linked = self._link(relative.as_posix().rpartition("/")[0])
        if linked:
            return f"{linked} is a link, not the directory that was made for it"
        try:
            return _difference(f"{self._directory}/{relative}", item)
        except FileNotFoundError:
            return "it is missing"
        except OSError as error:
            return f"it cannot be read: {error.strerror or error}"

    def _link(self, folder: str) -> str:
        """The first part of a path that is a link; empty: none is."""
        known = self._linked.get(folder)
        if known is None:
            known = self._link(folder.rpartition("/")[0])
            if not known and Path(self._directory, folder).is_symlink():
                known = folder
            self._linked[folder] = known
        return known


def _difference(path: str, item: Mapping[str, Any]) -> str:
    # Neither what a link leads to nor a pipe, which would be waited for, is what was written.
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        about = os.fstat(handle)
        if not stat.S_ISREG(about.st_mode):
            return "it is no longer a file"
        if about.st_size != item["size"]:
            return f"it was altered: it had {item['size']:,} bytes and now has {about.st_size:,}"
        digest = hashlib.sha256()
        while block := os.read(handle, 1 << 18):
            digest.update(block)
    finally:
        os.close(handle)
    return "" if digest.hexdigest() == item["sha256"] else _ALTERED


def lost_lines(journal: Journal, records: Sequence[Mapping[str, Any]]) -> list[Damage]:
    """What of the record is no longer on disk as it was written during this run.

    Args:
        journal: the open journal.
        records: its lines.
    """
    lost = journal.first_lost()
    if lost is None:
        return []
    first, problem = lost
    name = journal.path.name
    found = [
        Damage(
            f"{name}:{number}",
            problem if number == first else f"see line {first}",
            record["unit"],
            record["entry"],
            number,
        )
        for number, record in enumerate(records, start=1)
        if number >= first and record["record"] == "evaluation"
    ]
    return found if found and found[0].line == first else [Damage(f"{name}:{first}", problem), *found]


def with_damage(records: Iterable[Mapping[str, Any]], damaged: Iterable[Damage]) -> list[Mapping[str, Any]]:
    """The lines of the record, with every evaluation INCONCLUSIVE that rests on something that is damaged."""
    by_line: dict[int, Damage] = {}
    for damage in damaged:
        if damage.line is not None:
            by_line.setdefault(damage.line, damage)
    return [
        _undone(record, by_line[number]) if number in by_line and record["record"] == "evaluation" else record
        for number, record in enumerate(records, start=1)
    ]


def _undone(record: Mapping[str, Any], damage: Damage) -> dict[str, Any]:
    return {
        **record,
        "verdict": str(Verdict.INCONCLUSIVE),
        "cause": str(Cause.ERROR),
        "reason": f"it was {record['verdict']}, but {damage.file} is not as it was written: {damage.problem}",
        "settle": _SETTLE,
    }


def head_of(path: Path) -> dict[str, Any] | None:
    """Where results stand in the record: ``lines`` and the ``hash`` of the last; None: they do not say."""
    return _head(_results(path)[0])


def _head(results: object) -> dict[str, Any] | None:
    record = results.get("record") if isinstance(results, dict) else None
    fits = (
        isinstance(record, dict)
        and isinstance(record.get("hash"), str)
        and isinstance(record.get("lines"), int)
    )
    return record if fits else None


def _results(path: Path) -> tuple[object, str]:
    """What results.json says, and why it cannot be read; empty: it can."""
    try:
        return json.loads(ending(path).read_bytes()), ""
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        return None, f"it was altered: it is truncated, or no JSON, at {where}"
    except (OSError, ValueError, RecursionError) as error:
        return None, f"it was altered: it cannot be read: {error}"


# Afterwards -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Checked:
    """A directory of results that was looked through.

    Attributes:
        chain: its record.
        evidence: how many pieces of evidence the record names.
        finished: whether the run came to its end.
        damaged: what is not as it was written.
    """

    chain: Chain
    evidence: int
    finished: bool
    damaged: list[Damage]


def check_directory(directory: Path) -> Checked:
    """Compare everything in a directory of results with the hashes that were written with it.

    Raises:
        pytest_etsi.assessment.journal.JournalError: the record itself cannot be believed; names file and line.
        OSError: there is no record, or it cannot be read.
    """
    from pytest_etsi.assessment.lines import problem_of

    path = directory / "record.jsonl"
    chain = read_chain(path, problem_of)
    if not chain.records or chain.records[0]["record"] != "start":
        raise JournalError(f"{path}:1: the run has no beginning")
    finished = chain.records[-1]["record"] == "finish"
    damaged = damaged_evidence(directory, chain.records)
    if finished:
        # What a run that was cut short has left is not named yet; a resume sets it aside.
        damaged += added_evidence(directory, chain.records)
    there = (directory / "results.json").exists()
    results, unreadable = _results(directory / "results.json") if there else (None, "")
    problem = unreadable or _problem_of_results(results, chain, there=there, finished=finished)
    if problem:
        damaged.append(Damage("results.json", problem))
    elif finished and isinstance(results, dict):
        wrong = what_does_not_follow(results, chain.records)
        damaged += [Damage("results.json", one) for one in wrong]
    number = sum(len(record.get("evidence", ())) for record in chain.records)
    return Checked(chain, number, finished, damaged)


def _problem_of_results(results: object, chain: Chain, *, there: bool, finished: bool) -> str:
    """Why the results are not those that were made from the record; empty: they are, or none have to be there yet."""
    if not there:
        return "it is missing, although the record says that it was written" if finished else ""
    head = _head(results)
    if not isinstance(results, dict) or head is None:
        return (
            "it was altered: expected an object with the lines and the last hash of the record under record"
        )
    if head["hash"] not in chain.hashes:
        return f"the record does not have the line with the hash {head['hash']} from which it was made"
    line = chain.hashes.index(head["hash"])
    if finished and line != len(chain.hashes) - 1:
        return f"it was made from the first {line + 1} lines of the record, which has {len(chain.hashes)}"
    said = chain.records[line]
    try:
        fits = said["record"] == "finish" and said["results"] == digest_of(results)
    except (ValueError, RecursionError):
        fits = False
    return "" if fits else f"it was altered: its hash is not the one in record.jsonl:{line + 1}"
