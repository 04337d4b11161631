"""Dictionaries that have the same keys, in half the room: their keys stand in one table for all of them (PEP 412).

A run keeps several for each evaluation, to its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["alike"]


class _Evaluation:
    """The attributes of one are a dictionary whose keys it shares with those of the others."""


class _Line(_Evaluation):
    """Of one kind are those that get the same keys in the same order."""


_KINDS = {"evaluation": _Evaluation, "line": _Line}


def alike(kind: str, pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A dictionary of these keys and values; it may be changed as any other, which costs the room that was saved.

    Args:
        kind: "evaluation" of the results, or "line" of the record.
        pairs: the keys and their values.
    """
    made = _KINDS[kind]()
    for key, value in pairs:
        setattr(made, key, value)
    return vars(made)
