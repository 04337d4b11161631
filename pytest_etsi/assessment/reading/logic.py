"""Answers that may be unknown, put together."""

from __future__ import annotations

__all__ = ["any_of", "every", "negated"]


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
