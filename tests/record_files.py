"""Records as somebody would change them: by an editor, or with all hashes computed anew."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["change_line", "edit", "forge", "number_of"]


def edit(path: Path, change: Callable[[list[bytes]], object]) -> None:
    """Change the list of lines, each with its end, and write them as they then are."""
    lines = path.read_bytes().splitlines(keepends=True)
    change(lines)
    path.write_bytes(b"".join(lines))


def change_line(path: Path, number: int, old: bytes, new: bytes) -> None:
    """Replace a part of one line, which has to be in it."""

    def change(lines: list[bytes]) -> None:
        assert old in lines[number - 1]
        lines[number - 1] = lines[number - 1].replace(old, new, 1)

    edit(path, change)


def forge(path: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Change what the lines say, and compute all hashes anew."""
    records = [json.loads(line) for line in path.read_bytes().splitlines()]
    change(records)
    previous = hashlib.sha256(b"").hexdigest()
    lines = []
    for record in records:
        said = {key: value for key, value in record.items() if key not in ("previous", "hash")}
        body = json.dumps(said | {"previous": previous})
        previous = hashlib.sha256(body.encode()).hexdigest()
        lines.append(f'{body[:-1]}, "hash": "{previous}"}}\n')
    path.write_text("".join(lines), encoding="ascii")


def number_of(path: Path, unit: str) -> int:
    """The number of the first line about a unit."""
    lines = path.read_bytes().splitlines()
    return next(n for n, line in enumerate(lines, start=1) if json.loads(line).get("unit") == unit)
