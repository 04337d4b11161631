"""Asking many ports once, and those that stay silent again: what all techniques of asking share."""

from __future__ import annotations

import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.ports._pace import Pace

__all__ = ["MOST_REFUSED", "Asking", "Heard", "Technique"]

_PROGRESS_S = 0.1
_BATCH = 1000
"""Questions between two looks at the answers, where no pace holds them back."""
_TRIES = 2
_TRIES_WITH_LOSSES = 4
MOST_REFUSED = 3
"""Ports that refused and are kept in mind."""
_TRIES_OF_ONE = 3
"""Questions to a port whose answer is known, before it counts as silent: one lost packet says nothing."""


class Heard:
    """What came back, by port; `pending` are those that were asked and may still answer."""

    __slots__ = ("closed", "open", "pending", "unreachable")

    def __init__(self) -> None:
        self.open: list[int] = []
        self.closed: list[int] = []
        self.unreachable: list[int] = []
        self.pending: list[int] = []


class Technique(Protocol):
    """A way to ask a port whether it is open.

    Attributes:
        method: its name in the record.
        capacity: questions that may be unanswered at a time.
        shortage: what this machine is short of; empty: of nothing.
    """

    method: str
    capacity: int
    shortage: str

    def ask(self, ports: list[int], heard: Heard) -> list[int]:
        """Ask, and add to `heard` what is answered at once and what may be answered later.

        Returns:
            The ports that could not be asked because this machine is short of something.
        """

    def hear(self, seconds: float, heard: Heard) -> None:
        """Wait up to `seconds` for answers and add them to `heard`."""

    def give_up(self, port: int) -> None:
        """No answer is expected from this port any more."""

    def close(self) -> None:
        """Give everything back."""


class Asking:
    """Asks ports in parts, without waiting at the end of a part for those that may still answer.

    A port is asked twice; four times once an answer came only to a repeated question, for then silence may be a loss.

    Attributes:
        open: ports that accepted, of all parts.
        closed: ports that refused since `keep` was called.
        silent: ports that stayed silent, or cannot be reached, since `keep` was called.
        closed_before: how many refused before that, and
        silent_before: how many stayed silent.
        refused: some ports that refused, to be asked again.
    """

    def __init__(
        self,
        technique: Technique,
        pace: Pace,
        *,
        timeout_s: float,
        deadline: Deadline,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        """Ask nothing yet.

        Args:
            technique: how.
            pace: how fast.
            timeout_s: seconds to wait for one answer.
            deadline: the end, whatever is left.
            progress: called some ten times a second with the number of ports that are done.
        """
        self.open: list[int] = []
        self.closed: list[int] = []
        self.silent: list[int] = []
        self.closed_before = 0
        self.silent_before = 0
        self.refused: list[int] = []
        self._technique = technique
        self._pace = pace
        self._timeout_s = timeout_s
        self._deadline = deadline
        self._progress = progress
        self._next_report = 0.0
        self._again: deque[int] = deque()
        self._flying: set[int] = set()
        self._repeated: dict[int, int] = {}
        self._expiry: deque[tuple[float, list[int]]] = deque()

    @property
    def done(self) -> int:
        """How many ports have answered, or have been given up."""
        before = self.closed_before + self.silent_before
        return before + len(self.open) + len(self.closed) + len(self.silent)

    def ask(self, ports: Sequence[int], *, to_the_end: bool = False) -> None:
        """Ask these ports, and again those that stayed silent before.

        Args:
            ports: which; none of them twice.
            to_the_end: return only when no port may answer any more.
        """
        technique, pace, flying = self._technique, self._pace, self._flying
        waiting, left = iter(ports), len(ports)
        while (left or self._again or (to_the_end and flying)) and not self._deadline.expired:
            now = time.monotonic()
            room = min(_BATCH, technique.capacity - len(flying), left + len(self._again))
            granted = pace.due(now, room) if room > 0 else 0
            heard = Heard()
            if granted:
                repeats = min(granted, len(self._again))
                batch = [self._again.popleft() for _ in range(repeats)] + list(
                    islice(waiting, granted - repeats)
                )
                left -= granted - repeats
                not_asked = technique.ask(batch, heard)
                self._again.extendleft(not_asked)
                flying.update(heard.pending)
                if not_asked and not flying:
                    self._again.extend(waiting)
                    break
                if heard.pending:
                    self._expiry.append((now + self._timeout_s, heard.pending))
            if flying or not granted:
                may_ask = (
                    bool(left or self._again) and len(flying) < technique.capacity and not technique.shortage
                )
                self._hear(self._pause(may_ask, now), heard)
            self._take(heard)

    def again(self) -> None:
        """Ask everything once more that was said since `keep`, at half the pace."""
        self._pace.lost(time.monotonic(), 0.0)
        self.again_as_fast()

    def again_as_fast(self) -> None:
        """As `again`, at the same pace."""
        ports = [*self.closed, *self.silent]
        self.closed, self.silent = [], []
        # What is on its way was asked while the device may have been away: that question does not count.
        for port in (*ports, *self._flying):
            self._repeated.pop(port, None)
        self.ask(ports)

    def keep(self) -> None:
        """Let what was said so far stand."""
        self.closed_before += len(self.closed)
        self.silent_before += len(self.silent)
        self.closed, self.silent = [], []

    def answer_of(self, port: int) -> Literal["open", "closed", ""]:
        """Ask one port whose answer is known, up to three times, and wait; empty: no answer came."""
        for _ in range(_TRIES_OF_ONE):
            while not self._pace.due(time.monotonic(), 1):
                time.sleep(self._pace.pause())
            heard = Heard()
            self._technique.ask([port], heard)
            waiting = bool(heard.pending)
            end = time.monotonic() + self._deadline.left(self._timeout_s)
            while waiting and port not in heard.open and port not in heard.closed:
                left = end - time.monotonic()
                if left <= 0 or port in heard.unreachable:
                    break
                later = Heard()
                self._technique.hear(left, later)
                for mine, come in (
                    (heard.open, later.open),
                    (heard.closed, later.closed),
                    (heard.unreachable, later.unreachable),
                ):
                    if port in come:
                        mine.append(port)
                others = Heard()
                self._only_expected(later, others)
                self._take(others)
            if port in heard.open:
                return "open"
            if port in heard.closed:
                return "closed"
            if waiting and port not in heard.unreachable:
                self._technique.give_up(port)
        return ""

    def _hear(self, seconds: float, heard: Heard) -> None:
        later = Heard()
        self._technique.hear(seconds, later)
        self._only_expected(later, heard)

    def _only_expected(self, later: Heard, heard: Heard) -> None:
        """Take over the answers that are expected, each once: one may come twice, or after it was given up."""
        flying = self._flying
        for fresh, already in (
            (later.open, heard.open),
            (later.closed, heard.closed),
            (later.unreachable, heard.unreachable),
        ):
            already += [port for port in fresh if port in flying]
            flying.difference_update(fresh)

    def _take(self, heard: Heard) -> None:
        self.open += heard.open
        self.closed += heard.closed
        if len(self.refused) < MOST_REFUSED:
            self.refused += heard.closed[: MOST_REFUSED - len(self.refused)]
        self._tell(heard)
        fruitless, now = heard.unreachable, time.monotonic()
        while self._expiry and self._expiry[0][0] <= now:
            expired = [port for port in self._expiry.popleft()[1] if port in self._flying]
            self._flying.difference_update(expired)
            for port in expired:
                self._technique.give_up(port)
            fruitless += expired
        tries = _TRIES_WITH_LOSSES if self._pace.losses else _TRIES
        for port in fruitless:
            times = self._repeated[port] = self._repeated.get(port, 1) + 1
            (self._again if times <= tries else self.silent).append(port)
        if now >= self._next_report:
            self._next_report = now + _PROGRESS_S
            if self._progress is not None:
                self._progress(self.done)

    def _pause(self, may_ask: bool, now: float) -> float:
        """Seconds to wait for answers before there is something else to do."""
        until = _PROGRESS_S
        if may_ask:
            until = min(until, self._pace.pause())
        if self._expiry:
            until = min(until, self._expiry[0][0] - now)
        return max(0.0, until)

    def _tell(self, heard: Heard) -> None:
        """Let the pace know what the answers say about losses."""
        for port in (*heard.open, *heard.closed) if self._repeated else ():
            if port in self._repeated:
                self._pace.lost(time.monotonic(), self._timeout_s)
        self._pace.answered(len(heard.open) + len(heard.closed))
