"""A directory of results, read again: what every form of report is made from, without device, documents or pytest."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from pytest_etsi.bounds import ending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.report.views import View

__all__ = ["Evidence", "Kept", "UnreadableError", "check_written", "read_kept"]

_FORMATS = (1,)
_NEEDED = {"edition": str, "dut": dict, "overall": str, "groups": list, "profile": dict, "tool": dict}


class UnreadableError(ValueError):
    """Results cannot be read; says where, what is wrong, and what was expected."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of evidence.

    Attributes:
        file: path below the directory of the results, with slashes.
        size: in bytes.
        text: its content, as far as it is short, text, and what its hash says; empty otherwise.
        problem: why the content is not there; empty: it is.
    """

    file: str
    sha256: str
    size: int
    created: str
    text: str = ""
    problem: str = ""

    @property
    def damaged(self) -> bool:
        """Whether it is not there, or not what it was."""
        return self.problem.startswith("it is not ")


@dataclass(frozen=True)
class Kept:
    """Results, and the evidence beside them.

    Attributes:
        directory: where they are.
        results: what results.json says.
        views: how laws and labels see them, as far as somebody has asked for that.
    """

    directory: Path
    results: Mapping[str, Any]
    views: tuple[View, ...] = ()

    @cached_property
    def items(self) -> dict[str, dict[str, Any]]:
        """What the results say of each piece of evidence, by its file."""
        found: dict[str, dict[str, Any]] = {}
        for group in self.results["groups"]:
            for case in group["cases"]:
                for unit in case["units"]:
                    for evaluation in unit["evaluations"]:
                        for item in evaluation["evidence"]:
                            found.setdefault(item["file"], item)
        return found

    def evidence(self, file: str, most: int) -> Evidence:
        """A piece of evidence, with its content where it has at most so many bytes."""
        item = self.items[file]
        made = Evidence(file, item["sha256"], item["size"], item.get("created") or "")
        text, problem = _content(self.directory, made, most)
        return Evidence(made.file, made.sha256, made.size, made.created, text, problem)


def _content(directory: Path, item: Evidence, most: int) -> tuple[str, str]:
    relative = PurePosixPath(item.file)
    if relative.is_absolute() or ".." in relative.parts:
        return "", "it is outside the directory of the results"
    if item.size > most:
        return "", f"its {item.size:,} bytes are left where they are"
    path = directory / relative
    try:
        if path.is_symlink() or not path.is_file():
            return "", "it is not there"
        if path.stat().st_size != item.size:
            return "", "it is not what it was when it was written: its size is another"
        data = path.read_bytes()
    except OSError as error:
        return "", f"it cannot be read: {error.strerror or error}"
    if hashlib.sha256(data).hexdigest() != item.sha256:
        return "", "it is not what it was when it was written: its hash is another"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "", "it is no text"
    if path.suffix == ".json":
        try:
            text = json.dumps(json.loads(text), indent=1, ensure_ascii=False)
        except (ValueError, RecursionError):
            return text, ""
    return text, ""


def read_kept(place: Path) -> Kept:
    """The results in a directory, or in a file that has them.

    Raises:
        UnreadableError: there are none, or they are truncated, altered beyond reading, or something else.
    """
    path = place / "results.json" if place.is_dir() else place
    try:
        data = ending(path).read_bytes()
    except OSError as error:
        begun = (path.parent / "record.jsonl").is_file()
        more = "; the run has not ended: --etsi-resume goes on with it" if begun else ""
        raise UnreadableError(
            f"{path}: {error.strerror or error}; expected results, as a run leaves them{more}"
        ) from None
    try:
        results = json.loads(data)
    except json.JSONDecodeError as error:
        raise UnreadableError(
            f"{path}:{error.lineno}:{error.colno}: {error.msg}; the file is truncated, or no results.json"
        ) from None
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise UnreadableError(f"{path}: no results.json: {error}") from None
    _check(path, results)
    return Kept(path.parent, results)


def check_written(place: Path, kept: Kept) -> None:
    """Make sure that results are what the record beside them says that was written; without a record nobody can say.

    Args:
        place: where they were read from, as it was said.
        kept: what was read there.

    Raises:
        UnreadableError: they, or the record, are not as they were written.
    """
    from pytest_etsi.assessment.results import digest_of

    record = kept.directory / "record.jsonl"
    path = place / "results.json" if place.is_dir() else place
    if not record.exists():
        return
    stands = kept.results.get("record")
    number = stands.get("lines") if isinstance(stands, dict) else None
    if not isinstance(stands, dict) or not isinstance(number, int) or number < 1:
        raise UnreadableError(
            f"{path}: record: expected the line of {record.name} at which it was made; {_MORE}"
        )
    try:
        with ending(record).open("rb") as file:
            line = next(islice(file, number - 1, None), b"")
        said = json.loads(line) if line else None
    except (OSError, ValueError, RecursionError):
        said = None
    if not isinstance(said, dict) or said.get("hash") != stands.get("hash"):
        raise UnreadableError(
            f"{record}:{number}: expected the line at which {path.name} was made: the record is truncated, altered, or "
            f"of another run; {_MORE}"
        )
    if said.get("results") != digest_of(kept.results):
        raise UnreadableError(
            f"{path}: it was altered: its hash is not the one in {record}:{number}; {_MORE}"
        )


_MORE = "pytest-etsi verify says more"


def _check(path: Path, results: object) -> None:
    if not isinstance(results, dict):
        raise UnreadableError(f"{path}: expected an object, as results.json holds it")
    if results.get("format") not in _FORMATS:
        got = json.dumps(results.get("format"))[:40]
        raise UnreadableError(f"{path}: format: expected 1, got {got}; these are results of something else")
    for key, kind in _NEEDED.items():
        if not isinstance(results.get(key), kind):
            raise UnreadableError(f"{path}: {key}: expected {_KINDS[kind]}, as results.json holds it")
    from pytest_etsi.report.shape import first_problem

    if problem := first_problem(results):
        raise UnreadableError(f"{path}: {problem}")


_KINDS: dict[type, str] = {str: "a text", dict: "an object", list: "a list"}
