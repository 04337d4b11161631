"""What a watch has seen of published documents and verdicts, kept from one day to the next in one file."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.text import in_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["DamagedError", "Known", "State", "read_state", "write_state"]

_FORMAT = 1


class DamagedError(ValueError):
    """The file is there and is not as a watch writes it; says where, with its line."""


@dataclass(frozen=True, slots=True)
class Known:
    """A document as it was last seen.

    Attributes:
        since: when what it says now was first seen, ISO 8601, UTC.
        seen: when it was last there.
        sha256: of its text, or of its bytes where it has none; hex.
        text: its own text, a sentence a line, masked; empty: none could be read, or it is long.
        missing: since when it is not there or cannot be reached; empty: it is there.
    """

    since: str
    seen: str
    sha256: str
    text: str = ""
    missing: str = ""


@dataclass(frozen=True, slots=True)
class State:
    """What an earlier watch has left: documents by their address, and verdicts by unit and entry."""

    documents: Mapping[str, Known] = field(default_factory=dict)
    verdicts: Mapping[str, str] = field(default_factory=dict)


def read_state(path: Path) -> State | None:
    """What is kept there; None: nothing yet.

    Raises:
        DamagedError: it cannot be read, or is no state of a watch.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise DamagedError(f"{path}: {error.strerror or error}") from None
    try:
        text = data.decode()
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise DamagedError(f"{path}:{error.lineno}: {error.msg}") from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DamagedError(f"{path}:{line}: it is not in UTF-8") from None
    except (RecursionError, ValueError) as error:
        raise DamagedError(f"{path}:1: {error}") from None
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise DamagedError(f"{path}:1: expected an object with format {_FORMAT}")
    documents = _object(path, text, content, "documents")
    verdicts = _object(path, text, content, "verdicts")
    for name, verdict in verdicts.items():
        if not isinstance(verdict, str):
            raise DamagedError(f"{path}:{_line(text, name)}: {name}: expected a verdict")
    return State({name: _known(path, text, name, one) for name, one in documents.items()}, verdicts)


def write_state(path: Path, state: State) -> None:
    """Keep it, whole or not at all, for its owner only.

    Raises:
        OSError: it could not be written; what was there before still is.
    """
    content = {
        "format": _FORMAT,
        "documents": {name: asdict(one) for name, one in state.documents.items()},
        "verdicts": dict(state.verdicts),
    }
    text = in_json(json.dumps(content, indent=1, ensure_ascii=False)) + "\n"
    descriptor, made = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
            file.flush()
            os.fsync(file.fileno())
        os.replace(made, path)  # noqa: PTH105 - one of them is text
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(made)  # noqa: PTH108
        raise


def _object(path: Path, text: str, content: dict[str, Any], key: str) -> dict[str, Any]:
    found = content.get(key)
    if not isinstance(found, dict):
        raise DamagedError(f"{path}:{_line(text, key)}: {key}: expected an object")
    return found


def _known(path: Path, text: str, name: str, content: object) -> Known:
    try:
        made = Known(**content)  # type: ignore[arg-type]
    except TypeError:
        made = None
    if made is None or not all(isinstance(value, str) for value in asdict(made).values()):
        raise DamagedError(f"{path}:{_line(text, name)}: {name}: expected {', '.join(Known.__slots__)}")
    return made


def _line(text: str, key: str) -> int:
    """The line on which a key stands, counted from 1; 1: it does not."""
    at = text.find(in_json(json.dumps(key, ensure_ascii=False)))
    return text.count("\n", 0, max(at, 0)) + 1
