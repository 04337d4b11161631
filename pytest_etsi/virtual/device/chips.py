"""What the chips of the camera keep, and what they say of their locks to a reader on the bench."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pytest_etsi.virtual.flaws import StorageFlaw

if TYPE_CHECKING:
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["Chips"]


class Chips:
    """Processor, memory and secure element; they outlive a start and a factory reset.

    Args:
        token: the device token, as the factory has written it into the secure element.
        flaws: the weaknesses to show.
    """

    def __init__(self, token: str, flaws: frozenset[Flaw]) -> None:
        self._token, self._flaws = token, flaws
        self._first = token
        self._resets = 0

    def status(self) -> dict[str, str]:
        """What a reader at the bench is told; of the token only what tells it from another one."""

        def locked(flaw: Flaw) -> str:
            return "open" if flaw in self._flaws else "locked"

        return {
            "fuses": locked(StorageFlaw.FUSES_OPEN),
            "element": locked(StorageFlaw.ELEMENT_UNLOCKED),
            "flash": "clear" if StorageFlaw.FLASH_IN_CLEAR in self._flaws else "encrypted",
            "system": "writable" if StorageFlaw.SYSTEM_WRITABLE in self._flaws else "verified",
            "token": hashlib.sha256(f"{self._token}/{self._resets}".encode()).hexdigest()[:16],
        }

    def settle(self, token: object) -> bool:
        """Whether somebody who changes settings may write the token, which only a flaw lets happen."""
        if StorageFlaw.TOKEN_IS_A_SETTING in self._flaws and isinstance(token, str):
            self._token = token
            return True
        return False

    def put_back(self) -> None:
        """Write what the factory has written, as the bench can whatever the locks are."""
        self._token, self._resets = self._first, 0

    def reset(self) -> None:
        """The camera was brought into factory default."""
        if StorageFlaw.TOKEN_NEW_AFTER_RESET in self._flaws:
            self._resets += 1
