"""What a search of an image may take, and what it has seen: one account for all of its parts."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field

from pytest_etsi import bounds
from pytest_etsi.probes.image._model import NotRead
from pytest_etsi.probes.observation import printable

__all__ = ["Account", "SpentError", "UnreadableError"]

_MOST_TOLD = 50


class UnreadableError(Exception):
    """A container, or a part of it, cannot be read; the message says why."""


class SpentError(Exception):
    """The search has taken all that it may; the message says of what."""


@dataclass(slots=True)
class Account:
    """The account of one search.

    Attributes:
        left: bytes that may still be unpacked.
        parts: parts that may still be opened.
        until: end of its time, by the monotonic clock.
    """

    left: int = bounds.IMAGE.most
    parts: int = bounds.IMAGE.items
    until: float = field(default_factory=lambda: time.monotonic() + bounds.IMAGE_SEARCH.step_s)
    containers: Counter[str] = field(default_factory=Counter)
    files: int = 0
    searched: int = 0
    not_read: list[NotRead] = field(default_factory=list)
    not_read_count: int = 0

    def take(self, number: int) -> None:
        """Count bytes that were unpacked.

        Raises:
            SpentError: there are too many, or the time is over.
        """
        self.left -= number
        if self.left < 0:
            raise SpentError(f"more than {bounds.IMAGE.most} bytes come out of it")
        if time.monotonic() > self.until:
            raise SpentError(f"it takes longer than {bounds.IMAGE_SEARCH.step_s:g} s")

    def part(self) -> None:
        """Count a part that is opened.

        Raises:
            SpentError: there are too many.
        """
        self.parts -= 1
        if self.parts < 0:
            raise SpentError(f"it has more than {bounds.IMAGE.items} parts")
        self.take(0)

    def gap(self, place: str, why: str) -> None:
        """Note that something was not read."""
        self.not_read_count += 1
        if len(self.not_read) < _MOST_TOLD:
            self.not_read.append(NotRead(place, printable(why, 200)))
