"""Asking many ports once, and those that stay silent again: what all techniques of asking share."""

from __future__ import annotations

import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.ports._pace import Pace

__all__ = ["Heard", "Technique", "ask"]

_PROGRESS_S = 0.1
_BATCH = 1000
"""Questions between two looks at the answers, where no pace holds them back."""
_TRIES = 2
_TRIES_WITH_LOSSES = 4


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


def ask(
    technique: Technique,
    ports: Iterable[int],
    pace: Pace,
    *,
    timeout_s: float,
    deadline: Deadline,
    progress: Callable[[int], None] | None = None,
) -> tuple[Heard, list[int]]:
    """Ask every port, and again those that stay silent.

    A port is asked twice; four times once an answer came only to a repeated question, for then silence may be a loss.

    Args:
        technique: how.
        ports: which, without repetitions.
        pace: how fast.
        timeout_s: seconds to wait for one answer.
        deadline: the end, whatever is left.
        progress: called some ten times a second with the number of ports that are done.

    Returns:
        The answers, and the ports that stayed silent or cannot be reached. A port that is in neither was not asked to
        the end.
    """
    found = Heard()
    silent: list[int] = []
    unasked = list(ports)
    waiting, left, again = iter(unasked), len(unasked), deque[int]()
    flying: set[int] = set()
    repeated: dict[int, int] = {}
    expiry: deque[tuple[float, list[int]]] = deque()
    next_report = 0.0
    while (left or again or flying) and not deadline.expired:
        now = time.monotonic()
        room = min(_BATCH, technique.capacity - len(flying), left + len(again))
        granted = pace.due(now, room) if room > 0 else 0
        heard = Heard()
        if granted:
            repeats = min(granted, len(again))
            batch = [again.popleft() for _ in range(repeats)] + list(islice(waiting, granted - repeats))
            left -= granted - repeats
            not_asked = technique.ask(batch, heard)
            again.extendleft(not_asked)
            flying.update(heard.pending)
            if not_asked and not flying:
                break
            if heard.pending:
                expiry.append((now + timeout_s, heard.pending))
        if flying or not granted:
            later = Heard()
            may_ask = bool(left or again) and len(flying) < technique.capacity and not technique.shortage
            technique.hear(_pause(may_ask, pace, expiry, now), later)
            for fresh, already in ((later.open, heard.open), (later.closed, heard.closed)):
                # Only those that are expected, and once: an answer may come twice, or after it was given up.
                already += [port for port in fresh if port in flying]
                flying.difference_update(fresh)
            heard.unreachable += [port for port in later.unreachable if port in flying]
            flying.difference_update(later.unreachable)
        found.open += heard.open
        found.closed += heard.closed
        _tell(pace, heard, repeated, timeout_s)
        fruitless, now = heard.unreachable, time.monotonic()
        while expiry and expiry[0][0] <= now:
            expired = [port for port in expiry.popleft()[1] if port in flying]
            flying.difference_update(expired)
            for port in expired:
                technique.give_up(port)
            fruitless += expired
        for port in fruitless:
            times = repeated[port] = repeated.get(port, 1) + 1
            (again if times <= (_TRIES_WITH_LOSSES if pace.losses else _TRIES) else silent).append(port)
        if progress and now >= next_report:
            next_report = now + _PROGRESS_S
            progress(len(found.open) + len(found.closed) + len(silent))
    return found, silent


def _pause(may_ask: bool, pace: Pace, expiry: deque[tuple[float, list[int]]], now: float) -> float:
    """Seconds to wait for answers before there is something else to do."""
    until = _PROGRESS_S
    if may_ask:
        until = min(until, pace.pause())
    if expiry:
        until = min(until, expiry[0][0] - now)
    return max(0.0, until)


def _tell(pace: Pace, heard: Heard, repeated: dict[int, int], timeout_s: float) -> None:
    """Let the pace know what the answers say about losses."""
    for port in (*heard.open, *heard.closed) if repeated else ():
        if port in repeated:
            pace.lost(time.monotonic(), timeout_s)
    pace.answered(len(heard.open) + len(heard.closed))
