"""Cuts of the power in one run: counted, and never so soon after a start that a device takes them for a reset."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.profile.bench import PowerAccess

__all__ = ["CUTS", "PowerCuts"]

CUTS = frozenset({"power-off", "power-cycle"})
"""Names of operations that cut the power, whatever the profile says of them."""


class PowerCuts:
    """The account of one device.

    Attributes:
        made: cuts so far.
        asked_at: when power was last asked for, by the monotonic clock; None: never. A relay may switch at once, and
            take a minute to say so.

    Args:
        access: what the device stands.
        clock: seconds.
        sleep: waits for so many seconds.
    """

    def __init__(
        self,
        access: PowerAccess,
        *,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._access = access
        self._clock = clock
        self._sleep = sleep
        self._on_since: float | None = None
        self._soon = False
        self.made = 0
        self.asked_at: float | None = None

    @property
    def left(self) -> int:
        """How many more the device may have."""
        return max(0, self._access.most_cuts - self.made)

    def soon(self) -> None:
        """Let the next one come whenever it is asked for: it is to hit the start of the device."""
        self._soon = True

    def before(self, operation: str) -> None:
        """Wait until the power may be cut again, and count the cut.

        Raises:
            Inconclusive: the device has had as many as it may (``bench``).
        """
        if self.made >= self._access.most_cuts:
            inconclusive(
                f"{operation!r} would cut the power for the {self.made + 1}th time in this run, and "
                f"{self._access.most_cuts} times are allowed",
                cause=Cause.BENCH,
                settle="raise access.power.most_cuts where the device stands it, or run fewer units at once",
            )
        soon, self._soon = self._soon, False
        if self._on_since is not None and not soon:
            left = self._on_since + self._access.on_s - self._clock()
            if left > 0:
                self._sleep(left)
        self.made += 1

    def on(self, asked_at: float | None = None) -> None:
        """The power is on from now on; it was asked for at that time."""
        self._on_since = self._clock()
        self.asked_at = asked_at
