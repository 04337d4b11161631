"""When a search may say "nothing else".

Absence is shown, never assumed. A refusal, silence, or the same answer to everything says that something is not there
only where the device proved, in the same run, that it would have answered otherwise. A *witness* is a question that it
has answered before; it is asked again between the parts of a search and at its end, and the parts between two good
answers count. `Watch` keeps the account for every probe, and is the one place that computes whether a search was
complete.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes._net import Deadline

__all__ = ["Watch", "Witness"]

T = TypeVar("T")

_PAUSES_S = (0.1, 0.3, 1.0, 2.0, 4.0, 8.0, 8.0)
"""Seconds between looks at a device that no longer answers as before: one that restarts is back after some twenty."""


class Witness(NamedTuple):
    """A question whose answer is known.

    Attributes:
        name: what is asked, for a person: ``tcp/22 accepts``.
        asks: asks again; True: answered as before.
    """

    name: str
    asks: Callable[[], bool]


class Watch:
    """The account of one search.

    Args:
        deadline: no look at a witness begins after it.
        pauses_s: seconds to wait before each further look at a witness that failed.
        sleep: waits; for tests.
    """

    def __init__(
        self,
        deadline: Deadline,
        *,
        pauses_s: tuple[float, ...] = _PAUSES_S,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._deadline = deadline
        self._pauses_s = pauses_s
        self._sleep = sleep
        self._witnesses: dict[str, Witness] = {}
        self._unwitnessed: dict[str, Callable[[], object]] = {}
        self._pending: dict[str, Callable[[], object]] = {}
        self._gaps: list[str] = []
        self._lost = ""
        self._ended = False
        self.looks = 0
        """How many times a witness was asked."""

    def add(self, name: str, asks: Callable[[], bool]) -> None:
        """Add a question that was answered just now; one of the same name is replaced."""
        self._witnesses[name] = Witness(name, asks)

    def forget(self, name: str) -> None:
        """Drop a witness, such as a port that was closed for a reason of its own."""
        self._witnesses.pop(name, None)

    def gap(self, what: str) -> None:
        """Note something that the search could not find out, in a sentence."""
        self._gaps.append(what)

    def part(self, what: str, asks: Callable[[], T]) -> T:
        """Ask the questions of a part, then the witnesses.

        Where one no longer answers, the device is waited for and the part is asked once more. What was found counts
        whatever becomes of the witnesses; what was not found counts only where they hold.

        Args:
            what: the part, for a person: ``ports 1 to 400``.
            asks: asks its questions; called a second time when a witness failed, and again by `end` where the part came
                before the first witness.

        Returns:
            What `asks` gave, of the last time.
        """
        if self._lost:
            # What is gone stays gone, but what is found counts: the questions are asked all the same.
            return asks()
        known = bool(self._witnesses)
        given = asks()
        if not known:
            self._unwitnessed[what] = asks
            return given
        failed = self._failed()
        if failed is None:
            return given
        if self._comes_back(failed):
            given = asks()
            failed = self._failed()
            if failed is None:
                return given
            if self._comes_back(failed):
                self._gaps.append(f"{failed.name} was no longer answered as before after {what}, twice")
                return given
        self._lost = f"{failed.name} is no longer answered as before since {what}"
        return given

    def check(self, what: str) -> tuple[str, ...]:
        """Ask the witnesses after questions that are not asked twice, such as one that the device may not survive.

        A witness that fails is a gap even where it is right again later, and no longer a witness where it is not. After
        the first loss nothing is waited for any more.

        Args:
            what: after what, for a person: ``tcp/80 was asked: GET /``.

        Returns:
            The names of the witnesses that are lost.
        """
        lost: list[str] = []
        for witness in tuple(self._witnesses.values()):
            self.looks += 1
            if witness.asks():
                continue
            if not self._lost and self._comes_back(witness):
                self._gaps.append(f"{witness.name} was away for a while after {what}")
                continue
            self.forget(witness.name)
            lost.append(witness.name)
            self._lost = self._lost or f"{witness.name} is no longer answered as before since {what}"
            self._gaps.append(f"{witness.name} is no longer answered as before since {what}")
        return tuple(lost)

    def end(self, *, nothing_answered: str = "nothing that was asked got an answer") -> None:
        """Ask the parts again that came before the first witness, and the witnesses a last time.

        Args:
            nothing_answered: what to say where there never was a witness.
        """
        if self._witnesses and not self._lost:
            early, self._unwitnessed = self._unwitnessed, {}
            for what, asks in early.items():
                self.part(what, asks)
        self.look()
        self._ended = True
        if not self._witnesses:
            self._gaps.append(nothing_answered)

    def later(self, what: str, asks: Callable[[], object]) -> None:
        """As `part`, where the next good answer of any kind (`answered`) vouches for it, or else the next `look`."""
        known = bool(self._witnesses)
        asks()
        (self._pending if known else self._unwitnessed)[what] = asks

    def answered(self) -> None:
        """A question was answered as only a device that is well answers: what was asked until now counts."""
        self._pending.clear()

    def look(self) -> None:
        """Ask the witnesses for the parts that wait for it; where one fails, these are asked once more."""
        pending, self._pending = self._pending, {}
        failed = self._failed() if pending and not self._lost else None
        if failed is None:
            return
        if not self._comes_back(failed):
            self._lost = f"{failed.name} is no longer answered as before since {next(iter(pending))}"
            return
        for what, asks in pending.items():
            self.part(what, asks)

    @property
    def gone(self) -> bool:
        """Whether the device no longer answers as before: going on shows nothing more."""
        return bool(self._lost)

    @property
    def gaps(self) -> tuple[str, ...]:
        """Why the search is not complete, a sentence each."""
        found = [*self._gaps, *([self._lost] if self._lost else [])]
        return tuple(dict.fromkeys(found))

    @property
    def complete(self) -> bool:
        """Whether what was not found is not there; never before the `end`."""
        return self._ended and not self.gaps

    def _failed(self) -> Witness | None:
        """The first witness that is not answered as before; None: all are."""
        for witness in self._witnesses.values():
            self.looks += 1
            if not witness.asks():
                return witness
        return None

    def _comes_back(self, witness: Witness) -> bool:
        for pause in self._pauses_s:
            if self._deadline.expired:
                return False
            self._sleep(self._deadline.left(pause))
            self.looks += 1
            if witness.asks():
                return True
        return False
