"""Events while the device is cut off: caused, and looked for afterwards where they have to arrive, exactly once."""

from __future__ import annotations

import json
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe.outages.model import Delivered
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.facts import ResMechAccess

__all__ = ["Events"]

_CLOCK_S = 5.0
"""Seconds by which a clock of the device or its service may differ."""
_TWICE_S = 6.0
"""Seconds for which a second delivery is waited for."""


@dataclass(slots=True)
class Events:
    """The events of one outage.

    Args:
        dut: the device.
        access: says where those that were delivered show.
        event: the operation that causes one; None: there is none.
    """

    dut: Core
    access: ResMechAccess
    event: str | None
    _before: Any = None
    _began: float = 0.0
    _caused_at: float | None = None
    _early: bool = False

    @property
    def wanted(self) -> bool:
        """Whether there are any."""
        return self.event is not None and self.access.events is not None

    def prepare(self) -> str:
        """Look at what has been delivered so far; gives why nothing can be told, or nothing."""
        self._before = self._delivered()
        if self._before is None:
            return f"the operation {self.access.events} gives neither a number nor a list of events"
        return ""

    def cause(self) -> str:
        """Cause one, while the device is cut off; gives why that failed, or nothing."""
        self._began = time.time()
        try:
            result = self.dut.operations.attempt(self.event or "")
        except Inconclusive as error:
            return f"no event could be caused: {error.reason}"
        if not result.done:
            return f"no event could be caused: {result.detail}"
        self._caused_at = time.time()
        return ""

    def before_the_end(self) -> None:
        """Look whether it got through although the device is cut off."""
        self._early = self._caused_at is not None and bool(self._arrived())

    def after(self, within_s: float) -> Delivered | None:
        """Wait for it, and a little longer for a second one; None: none was caused."""
        if self._caused_at is None:
            return None
        ended = time.time()
        wait_until(lambda: bool(self._arrived()), within_s=within_s)
        if self._arrived() == 1:
            wait_until(lambda: (self._arrived() or 0) > 1, within_s=_TWICE_S)
        arrived = self._arrived()
        detail = f"{self._before_in_words()} before, {arrived} since"
        return Delivered(1, arrived, self._early, self._timely(ended), detail)

    def _before_in_words(self) -> str:
        return str(len(self._before) if isinstance(self._before, list) else self._before)

    def _delivered(self) -> Any:
        """A number, or a list; None: neither."""
        try:
            result = self.dut.operations.attempt(self.access.events or "")
            content = read_json(result.value or "")
        except (ValueError, Inconclusive):
            return None
        countable = isinstance(content, int | float) and not isinstance(content, bool)
        return content if countable or isinstance(content, list) else None

    def _new(self) -> list[Any] | None:
        now = self._delivered()
        if not isinstance(now, list) or not isinstance(self._before, list):
            return None
        left = Counter(json.dumps(one, sort_keys=True) for one in self._before)
        new = []
        for one in now:
            text = json.dumps(one, sort_keys=True)
            if left[text]:
                left[text] -= 1
            else:
                new.append(one)
        return new

    def _arrived(self) -> int | None:
        if isinstance(self._before, list):
            new = self._new()
            return None if new is None else len(new)
        now = self._delivered()
        return int(now - self._before) if isinstance(now, int | float) and self._before is not None else None

    def _timely(self, ended: float) -> int | None:
        """How many of the new ones tell a time at which it was caused, and not one after the outage."""
        new, key = self._new(), self.access.event_time
        if not new or key is None or self._caused_at is None:
            return None
        told = [_seconds(one.get(key)) if isinstance(one, dict) else None for one in new]
        if ended - self._caused_at <= _CLOCK_S:
            return None  # the clocks could hide the difference
        least, most = self._began - _CLOCK_S, self._caused_at + _CLOCK_S
        return sum(1 for at in told if at is not None and least <= at <= most)


def _seconds(value: object) -> float | None:
    """A time in seconds since the epoch; None: it is none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value / 1000 if value > 1e11 else float(value)
    if isinstance(value, str):
        try:
            return datetime.fromisoformat(value).timestamp()
        except ValueError:
            return None
    return None
