"""How a camera treats consent badly: each of these behaviours belongs to a flaw; without one, none of it happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.flaws import ConsentFlaw, Flaw

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Consent"]


class Consent:
    """What the active flaws make of the consent to diagnostics.

    Attributes:
        answers: the answers of the owner since the last factory reset, in order.

    Args:
        flaws: of this camera.
    """

    def __init__(self, flaws: frozenset[Flaw]) -> None:
        self._flaws = flaws
        self.answers: list[bool] = []

    def of_a_new_camera(self, settings: Mapping[str, Any]) -> dict[str, Any]:
        """The settings of a camera in factory default."""
        self.answers = []
        preset = ConsentFlaw.CONSENT_PRESET in self._flaws
        return {**settings, "diagnostics": True} if preset else dict(settings)

    def answer(self, changes: Mapping[str, Any]) -> None:
        """The owner changes settings.

        Raises:
            errors.ConflictError: by its flaw, the camera keeps the consent.
        """
        wanted = changes.get("diagnostics")
        if not isinstance(wanted, bool):
            return
        if ConsentFlaw.WITHDRAWAL_REFUSED in self._flaws and True in self.answers and not wanted:
            raise errors.ConflictError("diagnostics")
        self.answers.append(wanted)

    def sends(self, agreed: bool) -> bool:
        """Whether diagnostics go with a report."""
        answered, before = bool(self.answers), True in self.answers
        return (
            agreed
            or (ConsentFlaw.SENT_BEFORE_CONSENT in self._flaws and not answered)
            or (ConsentFlaw.SENT_DESPITE_REFUSAL in self._flaws and answered)
            or (ConsentFlaw.WITHDRAWAL_IGNORED in self._flaws and before)
        )

    def calls(self, agreed: bool) -> bool:
        """Whether a report goes to where diagnostics do."""
        despite = ConsentFlaw.CALLS_DESPITE_REFUSAL in self._flaws and bool(self.answers)
        return despite or self.sends(agreed)

    @property
    def comes_back(self) -> bool:
        """Whether a start gives the consent again."""
        return ConsentFlaw.CONSENT_COMES_BACK in self._flaws and True in self.answers

    def gives_no_picture(self, agreed: bool) -> bool:
        """Whether there is no picture for an owner who has answered so."""
        return ConsentFlaw.REFUSAL_COSTS_PICTURE in self._flaws and bool(self.answers) and not agreed
