"""Groups, or signature algorithms: what is offered next, after what was chosen so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["READ", "Pool"]

READ = 10
"""So many groups of a hello are surely read: mbedTLS keeps about a dozen."""


@dataclass(slots=True)
class Pool:
    """What can be offered of one kind, and what of it was chosen.

    Attributes:
        all: everything that is asked for, likely ones first.
        needed: stays on offer though it was chosen: the curve of the server's own certificate, without which that
            cannot be used; 0: none. It stands behind what may be chosen first, and before where long lists are cut.
        spared: stays on offer too, at the end, and is not asked for: a server may have nothing else.
        seen: chosen, in the order of choice; may hold what was never offered.
        whole: offer everything, nothing left out.
        passed: was on offer before what is needed, and that was chosen.
    """

    all: tuple[int, ...]
    needed: int = 0
    spared: tuple[int, ...] = ()
    seen: list[int] = field(default_factory=list)
    whole: bool = False
    passed: set[int] = field(default_factory=set)

    def offer(self) -> tuple[int, ...]:
        """What to offer next."""
        if self.whole:
            return (*(number for number in self.all if number not in self.spared), *self.spared)
        left = self.left()
        if not self.needed:
            return (*left, *self.spared)
        return (*left[: READ - 1], self.needed, *left[READ - 1 :], *self.spared)

    def left(self) -> tuple[int, ...]:
        """What is still asked for."""
        gone = {*self.seen, *self.passed, *self.spared, self.needed}
        return tuple(number for number in self.all if number not in gone)

    def saw(self, number: int) -> Literal["new", "needed", "unheeded"]:
        """Note a choice.

        Returns:
            "new" when it tells something and was asked for; "needed" when it is what stays on offer; "unheeded" when it
            was left out, or was never on offer.
        """
        fresh = number not in self.seen
        if number and fresh:
            self.seen.append(number)
        if number == self.needed or number in self.spared:
            return "needed"
        return "new" if fresh and number in self.all else "unheeded"

    def pass_over(self) -> bool:
        """Leave out what a server passed over for what is needed; whether anything is left to ask for."""
        self.passed.update(self.left()[: READ - 1])
        return bool(self.left())
