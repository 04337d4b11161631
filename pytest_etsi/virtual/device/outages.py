"""How a camera takes outages badly: each of these behaviours belongs to a flaw; without one, none of it happens."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pytest_etsi.virtual.flaws import Flaw, OutageFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Outages"]

_TOO_MANY = 3
_STORING_S = 0.5
"""Seconds that a careless camera takes to store a name."""
_STARTING_S = 0.8
"""Seconds for which a careless camera must not lose its power at the start."""


class Outages:
    """What the active flaws make of an outage.

    Attributes:
        away: the service did not answer when it was last asked.
        cuts: how often the power came back after it was cut.
        spare: another camera is in the place of the first.
        restart: starts the camera anew.

    Args:
        flaws: of this camera.
    """

    def __init__(self, flaws: frozenset[Flaw]) -> None:
        self._flaws = flaws
        self._failed = 0
        self._offset = 0
        self._seen: int | None = None
        self._named_at: float | None = None
        self._torn = False
        self._on_at: float | None = None
        self._cut_starting = False
        self.away = False
        self.cuts = 0
        self.spare = False
        self.restart: Callable[[], None] = lambda: None

    # Power and link -----------------------------------------------------------------------------------------

    def loses_settings(self, *, power: bool) -> bool:
        """Whether settings are lost with the power, or with the link."""
        flaw = OutageFlaw.SETTINGS_LOST_WITH_POWER if power else OutageFlaw.SETTINGS_LOST_WITH_LINK
        return flaw in self._flaws

    @property
    def loses_viewers(self) -> bool:
        """Whether all accounts but the owner's are lost with the power."""
        return OutageFlaw.ACCOUNTS_LOST_WITH_POWER in self._flaws

    @property
    def stays_shut(self) -> bool:
        """Whether no port is opened again after the link was away, until the next start."""
        return OutageFlaw.LINK_NEEDS_RESTART in self._flaws

    @property
    def powered(self) -> bool:
        """Whether its supply is on."""
        return self._on_at is not None

    def named(self) -> None:
        """The owner has given the camera a name."""
        self._named_at = time.monotonic()

    def switched(self, *, on: bool) -> None:
        """The supply was switched."""
        now = time.monotonic()
        if on:
            self._on_at = now
            return
        self._torn = self._named_at is not None and now - self._named_at < _STORING_S
        self._cut_starting = self._on_at is not None and now - self._on_at < _STARTING_S
        self._on_at = None

    def stored(self, name: str) -> str:
        """A name as it is after the power was cut."""
        torn, self._torn = self._torn, False
        return name[: len(name) // 2] if torn and OutageFlaw.SETTING_TORN_BY_CUT in self._flaws else name

    @property
    def comes_up_dead(self) -> bool:
        """Whether no port is opened after a cut of the power; the next one mends it."""
        if self._cut_starting and OutageFlaw.DEAD_AFTER_CUT_STARTING in self._flaws:
            return True
        return OutageFlaw.DEAD_AFTER_POWER in self._flaws and self.cuts % 2 == 1

    @property
    def silent(self) -> bool:
        """Whether nothing is reported: after a cut of the power, which the next one mends, or by another camera."""
        if self.spare and OutageFlaw.SPARE_STAYS_OFFLINE in self._flaws:
            return True
        return OutageFlaw.SILENT_AFTER_POWER in self._flaws and self.cuts % 2 == 1

    @property
    def refuses_setup(self) -> bool:
        """Whether the first start cannot be done."""
        return self.spare and OutageFlaw.SPARE_REFUSES_SETUP in self._flaws

    @property
    def opens_a_port(self) -> bool:
        """Whether a port is open that was not before the power was cut."""
        return OutageFlaw.PORT_OPENS_WITH_POWER in self._flaws and self.cuts > 0

    # The service --------------------------------------------------------------------------------------------

    def failed(self) -> None:
        """The service could not be reached."""
        self.away = True
        self._failed += 1
        if OutageFlaw.RESTARTS_OFFLINE in self._flaws and self._failed == _TOO_MANY:
            self._failed = 0
            self.restart()

    def reached(self) -> None:
        """The service has answered."""
        self.away, self._failed = False, 0

    def count(self, counted: int) -> int:
        """What is told of a count: what came to it while the service was away is lost, or told twice."""
        missed = max(0, counted - self._seen) if self.away and self._seen is not None else 0
        self._seen = counted
        if OutageFlaw.EVENTS_LOST_OFFLINE in self._flaws:
            self._offset -= missed
        elif OutageFlaw.EVENTS_TWICE in self._flaws:
            self._offset += missed
        return max(0, counted + self._offset)

    @property
    def refuses_logins(self) -> bool:
        """Whether nobody is let in now."""
        return self.away and OutageFlaw.LOGIN_NEEDS_SERVICE in self._flaws

    @property
    def gives_no_picture(self) -> bool:
        """Whether there is no picture now."""
        return self.away and OutageFlaw.PICTURE_NEEDS_SERVICE in self._flaws
