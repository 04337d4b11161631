"""How long the rest takes, told from the person's own pace."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pace"]

_FEWEST = 5
"""Answers from which a pace can be told."""
_LONGEST_S = 900.0
"""Seconds that one answer counts at most: who was away was not assessing."""


@dataclass
class Pace:
    """The time that answers take.

    Attributes:
        clock: seconds of a monotonic clock.
    """

    clock: Callable[[], float] = time.monotonic
    _spent: float = 0.0
    _answers: int = 0
    _since: float | None = field(default=None, init=False)

    def begin(self) -> None:
        """Something is shown to the person from now on."""
        if self._since is None:
            self._since = self.clock()

    def answered(self) -> None:
        """The person has answered a question."""
        now = self.clock()
        since = now if self._since is None else self._since
        self._spent += min(now - since, _LONGEST_S)
        self._answers += 1
        self._since = now

    def left(self, questions: int) -> str:
        """The time that so many questions take at this pace, in words; empty: too little was answered to tell."""
        if self._answers < _FEWEST or not questions:
            return ""
        minutes = round(self._spent / self._answers * questions / 60)
        if minutes < 1:
            return "less than a minute"
        hours, rest = divmod(minutes, 60)
        return f"about {hours} h {rest:02} min" if hours else f"about {rest} min"
