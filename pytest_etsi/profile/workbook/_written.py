"""The documents of an import, written all or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._load import MAX_TOTAL_BYTES
from pytest_etsi.profile._yaml import read_yaml
from pytest_etsi.profile.schema import schema_files

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Imported", "sizes", "write_documents"]

_SCHEMAS = ("ics.schema.json", "ixit.schema.json")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has written.

    Attributes:
        directory: where.
        edition: "1.1.1" or "2.1.1".
        device: the device that the workbook is about, in one line, as written; "": it is not said.
        files: what was written, relative to the directory.
        claims: rows of the ICS that are filled in.
        entries: entries of the IXIT tables, single records left aside.
        open_problems: what was taken as it stands and could not be understood, with its place.
        unrecognised: what stands in the document and in none of these, with its place.
        notes: a line for each sheet that was not read, and each file that the documents name and that is not there.
    """

    directory: Path
    edition: str
    device: str
    files: tuple[str, ...]
    claims: int
    entries: int
    notes: tuple[str, ...]
    open_problems: tuple[Problem, ...] = ()
    unrecognised: tuple[Problem, ...] = ()


def sizes(files: dict[str, str]) -> list[Problem]:
    """What is beyond the bounds of a profile's documents: name -> content."""
    found = [
        Problem("", 0, 0, "", f"cannot be written as {name}: {problem.message}")
        for name, content in files.items()
        for problem in read_yaml(content.encode(), name)[1]
    ]
    if sum(len(content.encode()) for content in files.values()) > MAX_TOTAL_BYTES:
        message = f"the documents exceed {MAX_TOTAL_BYTES // 1024 // 1024} MiB together"
        found.append(Problem("", 0, 0, "", message))
    return found


def write_documents(root: Path, files: dict[str, str]) -> tuple[str, ...] | Problem:
    """Write documents, and the schemas that they refer to; or why nothing was written.

    Args:
        root: the directory, made where it is missing.
        files: name -> content.
    """
    if there := _already_there(root, files):
        more = f", and {len(there) - 1} more" if len(there) > 1 else ""
        return Problem(str(there[0]), 0, 0, "", f"exists already{more}")
    # A schema that is there already came with the documents of a profile.
    schemas = {f"schema/{name}": content for name, content in schema_files().items() if name in _SCHEMAS}
    files = files | {name: content for name, content in schemas.items() if not (root / name).exists()}
    written: list[Path] = []
    path = root
    try:
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as target:
                written.append(path)
                target.write(content)
    except OSError as error:
        for done in written:
            done.unlink(missing_ok=True)
        return Problem(str(path), 0, 0, "", f"cannot be written: {error.strerror or error}")
    return tuple(files)


def _already_there(root: Path, files: dict[str, str]) -> list[Path]:
    """What is in the way: the files themselves, and others that a profile would read beside them."""
    same = [root / name for name in files if (root / name).exists() or (root / name).is_symlink()]
    ixit = root / "ixit"
    beside = (
        sorted(path for path in ixit.iterdir() if path.suffix in (".yaml", ".yml")) if ixit.is_dir() else []
    )
    return list(dict.fromkeys([*same, *beside]))
