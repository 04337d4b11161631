"""Updates that are offered to the camera: how an offer reads, and what the camera tells its users of it."""

from __future__ import annotations

import datetime
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["NIGHT_ENDS_H", "Offer", "notice", "numbers", "planned"]

NIGHT_ENDS_H = 4
"""Hour of the day, in UTC, up to which updates are installed; they begin at a random minute from 2 on."""

_VERSION = re.compile(r"\d{1,3}(?:\.\d{1,3}){1,3}")
_HASH = re.compile(r"(?:[0-9a-f]{128})?")
_LONGEST_RISKS = 500
_LONGEST_INTERRUPTION_S = 3600


@dataclass(frozen=True, slots=True)
class Offer:
    """An update that could be installed.

    Attributes:
        version: of the software, such as ``1.4.3``.
        risks: what could happen without it, in words for the owner.
        interruption_s: for how long there is no picture while it is installed, in seconds.
        sha512: of the package, in hex, by which a damaged transfer is noticed early; empty: it is not told.
    """

    version: str
    risks: str
    interruption_s: int = 60
    sha512: str = ""

    @classmethod
    def read(cls, value: Any) -> Offer:
        """The offer in a JSON value from outside.

        Raises:
            ValueError: it is none; the message says what was expected.
        """
        try:
            offer = cls(**value)
        except TypeError:
            raise ValueError("expected an object with version, risks and interruption_s") from None
        if not (isinstance(offer.version, str) and _VERSION.fullmatch(offer.version)):
            raise ValueError("version: expected numbers and dots, such as 1.4.3")
        if not (isinstance(offer.risks, str) and 1 <= len(offer.risks.strip()) <= _LONGEST_RISKS):
            raise ValueError(f"risks: expected a text of 1 to {_LONGEST_RISKS} characters")
        if type(offer.interruption_s) is not int or not 0 <= offer.interruption_s <= _LONGEST_INTERRUPTION_S:
            raise ValueError(f"interruption_s: expected a number from 0 to {_LONGEST_INTERRUPTION_S}")
        if not (isinstance(offer.sha512, str) and _HASH.fullmatch(offer.sha512)):
            raise ValueError("sha512: expected 128 hexadecimal digits")
        return offer

    def to_json(self) -> dict[str, Any]:
        """As the service sends it."""
        return {name: value for name, value in asdict(self).items() if value != ""}

    def is_newer_than(self, version: str) -> bool:
        """Whether it would bring a higher version; the camera takes no other."""
        return numbers(self.version) > numbers(version)


def planned(settings: Mapping[str, Any], now: datetime.datetime) -> datetime.date | None:
    """The day in whose night an update is installed; None: the owner has switched that off.

    Args:
        settings: of the camera.
        now: in UTC.
    """
    if not settings["automatic_updates"]:
        return None
    night = now.date() + datetime.timedelta(days=now.hour >= NIGHT_ENDS_H)
    postponed = settings["postpone_updates_until"]
    return max(night, datetime.date.fromisoformat(postponed)) if postponed else night


def notice(offer: Offer | None, settings: Mapping[str, Any], now: datetime.datetime) -> str:
    """What the page "Live" says of an update; empty: nothing is offered, or the owner does not want to be told."""
    if offer is None or not settings["update_notifications"]:
        return ""
    day = planned(settings, now)
    when = (
        f"It will be installed between 2 and {NIGHT_ENDS_H} o'clock (UTC) in the night of {day}."
        if day
        else "Automatic installation is switched off; switch it on under Account to get it."
    )
    return (
        f"Security update {offer.version} is available. It removes this risk: {offer.risks} "
        f"{when} The picture is then interrupted for about {offer.interruption_s} seconds."
    )


def numbers(version: str) -> tuple[int, ...]:
    """A version as it is compared; raises `ValueError` for what is none."""
    return tuple(int(part) for part in version.split("."))
