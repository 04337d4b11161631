"""What the camera knows of its upkeep since it was switched on: the update offered, and the service connector."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.device import updates
from pytest_etsi.virtual.device.identity import SOFTWARE
from pytest_etsi.virtual.device.updates import Offer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CONNECTOR_S", "Upkeep"]

CONNECTOR_S = 900.0
"""Seconds for which the owner opens the service connector."""


class Upkeep:
    """Kept in RAM only: without power the connector is closed, and the service offers again what there is.

    Args:
        clock: seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._connector_until = 0.0
        self.offer: Offer | None = None

    def take_offer(self, value: Any) -> None:
        """Take over what the service says of an update; raises `ValueError` for what is no offer.

        None is the answer that there is nothing new. An offer of an older version counts as nothing new.
        """
        offer = None if value is None else Offer.read(value)
        self.offer = offer if offer and offer.is_newer_than(SOFTWARE) else None

    def notice(self, settings: Mapping[str, Any]) -> str:
        """What the page "Live" says of an update; empty: nothing."""
        return updates.notice(self.offer, settings, self._now())

    def status(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """What ``GET /api/updates`` tells."""
        offer = self.offer
        day = updates.planned(settings, self._now()) if offer else None
        return {
            "installed": SOFTWARE,
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
