"""What judgements were made on, kept beside them, so that a stale one can be compared with what there is now.

The file ``judgements.judged.jsonl`` lies beside ``judgements.yaml``. Each line is an object with a ``digest`` and the
``content`` that has it; lines are only ever added. It holds nothing that the documents do not hold, and no part of them
that says how a program reaches the device.
"""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

__all__ = ["JudgedFile", "digest_of", "digest_of_encoded", "encoded", "judged_file"]


def digest_of(content: object) -> str:
    """Hash of builtins, the same for the same content: "sha256:..."."""
    return digest_of_encoded(encoded(content))


def digest_of_encoded(text: str) -> str:
    """The same of builtins that are `encoded` already."""
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


encoded = json.JSONEncoder(sort_keys=True, ensure_ascii=True, default=str, check_circular=False).encode
"""Builtins as the text of which the digest is made. No document holds itself: its reader refuses what would."""


def judged_file(judgements: Path) -> Path:
    """Where the content of the judgements in a document is kept."""
    return judgements.with_name(f"{judgements.stem}.judged.jsonl")


class JudgedFile:
    """The contents in a file, by digest; a file that is not there holds none.

    A line that is torn or damaged, or whose content does not have its digest, is left out: what it held is then not on
    record.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._contents: dict[str, Any] | None = None

    def get(self, digest: str) -> Any | None:
        """The content with a digest, which may be shortened; None: it is not on record."""
        contents = self._read()
        if digest in contents:
            return contents[digest]
        found = [key for key in contents if key.startswith(digest)] if len(digest) > len("sha256:") else []
        return contents[found[0]] if len(found) == 1 else None

    def add(self, contents: Mapping[str, Any]) -> None:
        """Add what is not there yet.

        Raises:
            OSError: it cannot be written.
        """
        known = self._read()
        fresh = {digest: content for digest, content in contents.items() if digest not in known}
        if not fresh:
            return
        lines = "".join(
            json.dumps({"digest": digest, "content": content}, ensure_ascii=False, default=str) + "\n"
            for digest, content in fresh.items()
        )
        with self._path.open("a", encoding="utf-8", newline="\n") as file:
            # A line that was torn must not swallow the next one.
            if file.tell() and not self._ends_with_a_line():
                lines = f"\n{lines}"
            file.write(lines)
            file.flush()
            os.fsync(file.fileno())
        known.update(fresh)

    def _ends_with_a_line(self) -> bool:
        with self._path.open("rb") as file:
            file.seek(-1, os.SEEK_END)
            return file.read(1) == b"\n"

    def _read(self) -> dict[str, Any]:
        if self._contents is None:
            self._contents = {}
            if self._path.exists():
                with self._path.open(encoding="utf-8", errors="replace") as file:
                    self._contents.update(_parsed(file))
        return self._contents


def _parsed(lines: Iterable[str]) -> Iterable[tuple[str, Any]]:
    for line in lines:
        try:
            entry = json.loads(line)
            digest, content = entry["digest"], entry["content"]
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
        if digest == digest_of(content):
            yield digest, content
