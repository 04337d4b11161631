"""What the service keeps of its customers: for each, what they have told it of themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Accounts"]


class Accounts:
    """Customers by the token with which they ask.

    Args:
        tokens: of the customers: the one whose camera it is, and others.
    """

    def __init__(self, tokens: Iterable[str]) -> None:
        self._kept: dict[str, dict[str, Any]] = {
            token: {"customer": number, "language": "en", "newsletter": bool(number % 2)}
            for number, token in enumerate(filter(None, tokens), start=1)
        }

    def of(self, token: str) -> dict[str, Any] | None:
        """What is kept of a customer; None: nothing, or there is none."""
        return self._kept.get(token)

    def forget_but(self, token: str) -> None:
        """Erase all others; only a flaw does it."""
        self._kept = {one: kept for one, kept in self._kept.items() if one == token}
