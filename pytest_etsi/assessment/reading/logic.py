"""Answers that may be unknown, put together."""

from __future__ import annotations

__all__ = ["any_of", "every", "negated", "one_of"]


def every(*parts: bool | None) -> bool | None:
    """False if one is False, else None if one is unknown, else True."""
    if False in parts:
        return False
    return None if None in parts else True


def any_of(*parts: bool | None) -> bool | None:
    """True if one is True, else None if one is unknown, else False."""
    if True in parts:
        return True
    return None if None in parts else False


def negated(part: bool | None) -> bool | None:
    """The opposite; unknown stays unknown."""
    return None if part is None else not part


def one_of(value: object, *wanted: object) -> bool | None:
    """Whether a value is one of those wanted; unknown where it is not stated."""
    return None if value is None else value in wanted
