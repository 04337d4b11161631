"""What the camera knows of its upkeep since it was switched on: the update offered, and the service connector."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.device import updates
from pytest_etsi.virtual.device.identity import SOFTWARE
from pytest_etsi.virtual.device.updates import Offer
from pytest_etsi.virtual.flaws import UpdateFlaw

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.virtual.device.software import Software
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["CONNECTOR_S", "Upkeep"]

CONNECTOR_S = 900.0
"""Seconds for which the owner opens the service connector."""


class Upkeep:
    """Kept in RAM only: without power the connector is closed, and the service offers again what there is.

    Args:
        clock: seconds since the epoch.
        software: what runs; None: what left the factory.
        flaws: of this camera.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        software: Software | None = None,
        flaws: frozenset[Flaw] = frozenset(),
    ) -> None:
        self._clock = clock
        self._software = software
        self._flaws = flaws
        self._connector_until = 0.0
        self.offer: Offer | None = None

    def take_offer(self, value: Any) -> None:
        """Take over what the service says of an update; raises `ValueError` for what is no offer.

        None is the answer that there is nothing new. An offer of an older version counts as nothing new.
        """
        offer = None if value is None else Offer.read(value)
        running = self._software.version if self._software else SOFTWARE
        self.offer = offer if offer and offer.is_newer_than(running) else None

    @property
    def installed(self) -> str:
        """The version that the camera tells of."""
        return self._software.shown if self._software else SOFTWARE

    def due(self, settings: Mapping[str, Any]) -> bool:
        """Whether what is offered is installed in the coming night."""
        if UpdateFlaw.UPDATE_SETTINGS_IGNORED in self._flaws:
            return self.offer is not None
        if UpdateFlaw.AUTOMATIC_DOES_NOTHING in self._flaws:
            return False
        night = updates.planned({**settings, "postpone_updates_until": ""}, self._now())
        return (
            self.offer is not None and night is not None and updates.planned(settings, self._now()) == night
        )

    def notice(self, settings: Mapping[str, Any]) -> str:
        """What the page "Live" says of an update; empty: nothing."""
        if UpdateFlaw.NOTICE_MISSING in self._flaws:
            return ""
        if UpdateFlaw.NOTICE_SETTING_IGNORED in self._flaws:
            settings = {**settings, "update_notifications": True}
        return updates.notice(self.offer, settings, self._now())

    def status(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What ``GET /api/updates`` tells."""
        offer = self.offer
        day = updates.planned(settings, self._now()) if offer else None
        return {
            "installed": self.installed,
            "automatic": settings["automatic_updates"],
            "notifications": settings["update_notifications"],
            "offer": {**offer.to_json(), "planned": day.isoformat() if day else None} if offer else None,
            "notice": self.notice(settings) or None,
        }

    def open_connector(self, *, wanted: bool) -> None:
        """Open the service connector for `CONNECTOR_S`, or close it at once."""
        self._connector_until = self._clock() + CONNECTOR_S if wanted else 0.0

    @property
    def connector_s(self) -> float:
        """Seconds for which the service connector is still open; 0.0 when it is closed."""
        return min(CONNECTOR_S, max(0.0, self._connector_until - self._clock()))

    def today(self) -> datetime.date:
        """The date, in UTC."""
        return self._now().date()

    def _now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self._clock(), datetime.UTC)
