"""What a probe returns: frozen observations that become builtins, and text that a terminal can bear."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

if TYPE_CHECKING:
    from collections.abc import Hashable

__all__ = ["Json", "Observation", "as_json", "printable"]

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


def printable(data: bytes | str, limit: int = 400, *, lines: bool = False) -> str:
    r"""Give text from a device in a form that cannot act on a terminal or hide in a report.

    Control characters, escape sequences, bidirectional overrides and other invisible characters become
    `\x1b`-like escapes. Bytes are read as UTF-8 where they are, otherwise byte by byte.

    Args:
        data: what the device sent.
        limit: most characters of the input to show; the number left out is appended.
        lines: keep line feeds and tabs.
    """
    if isinstance(data, bytes):
        head = data[: limit * 4]
        try:
            text = head.decode()
        except UnicodeDecodeError as error:
            # A multi-byte character cut by the limit is no reason to read everything byte by byte.
            cut = len(data) > len(head) and error.start >= len(head) - 3
            text = head[: error.start].decode() if cut else head.decode("latin-1")
    else:
        text = data
    if len(text) <= limit and text.isprintable() and len(data) <= limit * 4:
        return text
    kept = text[:limit]
    shown = "".join(
        char if (lines and char in "\n\t") or char.isprintable() else _escape(char) for char in kept
    )
    left_out = max(len(data), len(text)) - len(kept) if len(text) > limit or len(data) > limit * 4 else 0
    return f"{shown}… (+{left_out})" if left_out > 0 else shown


def _escape(char: str) -> str:
    short = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(char)
    if short:
        return short
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


_PLAIN = frozenset((type(None), bool, int, float, str))
"""What is in JSON as it is, and is most of what there is."""


@cache
def _names_of(kind: type[Any]) -> tuple[str, ...]:
    """The names of the fields of a dataclass."""
    return tuple(field.name for field in dataclasses.fields(kind))


def as_json(value: Any) -> Json:
    """Turn an observation, or what is in it, into builtins; bytes become text, byte by byte (latin-1).

    Raises:
        TypeError: a part of it has no form in JSON.
    """
    kind = type(value)
    if kind in _PLAIN:
        plain: Json = value
        return plain
    if isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, bytes | bytearray):
        return bytes(value).decode("latin-1")
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {name: as_json(getattr(value, name)) for name in _names_of(cast("Hashable", kind))}
    if isinstance(value, Mapping):
        return {str(key): as_json(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return [as_json(item) for item in sorted(value)]
    if isinstance(value, tuple) and hasattr(value, "_fields"):  # a named tuple
        return {name: as_json(item) for name, item in zip(value._fields, value, strict=True)}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    raise TypeError(f"an observation holds a {type(value).__name__}, which has no form in JSON")


class Observation:
    """Base of what a probe saw: a frozen dataclass, without any verdict."""

    __slots__ = ()

    def to_json(self) -> dict[str, Json]:
        """Give the observation as builtins, for evidence."""
        found = as_json(self)
        assert isinstance(found, dict)  # noqa: S101 - observations are dataclasses
        return found
