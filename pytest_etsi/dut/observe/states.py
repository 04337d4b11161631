"""The states of the device: what is looked at in factory default, and the way back."""

from __future__ import annotations

import contextlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_etsi.bounds import changed
from pytest_etsi.dut.observe.first_start import INITIALIZE, RESET
from pytest_etsi.dut.observe.power import CYCLE, OFF, ON, cycle_power
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.dut.core import Core

__all__ = ["bring_back", "in_factory_default", "initialize", "is_itself"]

_READY_WITHIN_S = 120.0


@contextmanager
def in_factory_default(dut: Core) -> Iterator[None]:
    """Reset the device to factory default, and set it up again at the end of the block.

    Raises:
        Inconclusive: not permitted (``permission``), the profile does not say how (``access``), or it did not come back
            (``bench``).
    """
    if "erase" not in dut.permissions:
        inconclusive(
            "the device may not be reset to factory default",
            cause=Cause.PERMISSION,
            settle="allow it by the permission erase",
        )
    if INITIALIZE not in dut.operations:
        dut.operations.run(INITIALIZE)  # raises, and says what is missing
    dut.require_identity()

    def reset() -> None:
        dut.operations.run(RESET)
        dut.state = "factory-default"

    with changed(reset, lambda: initialize(dut)):
        yield


def initialize(dut: Core) -> None:
    """Set the device up again after a reset; where that fails, it is lost for what follows.

    Raises:
        Inconclusive: it did not come back (``bench``).
    """
    gap = "it did not come back into the initialized state after a reset"
    recover = dut.operations.recovery(RESET) or "set it up by hand as the profile describes"
    try:
        dut.operations.run(INITIALIZE)
    except Inconclusive as error:
        dut.is_lost(error.reason, recover)
        raise
    if not wait_until(lambda: is_itself(dut), within_s=_READY_WITHIN_S):
        dut.is_lost(gap, recover, back=lambda: is_itself(dut))
        inconclusive(f"the device: {gap}", cause=Cause.BENCH, settle=recover)
    dut.state = "initialized"


def bring_back(dut: Core, reason: str, back: Callable[[], bool] | None = None) -> bool:
    """Bring back a device that is not as before, by its power where that is possible; else it is lost.

    Args:
        dut: the device.
        reason: what happened, in one sentence.
        back: whether it is as before; None: whether it is the device that the profile describes.

    Returns:
        Whether it is as before.
    """
    is_back = back or (lambda: is_itself(dut))
    recover = next((text for name in (CYCLE, ON, OFF) if (text := dut.operations.recovery(name))), "")
    with contextlib.suppress(Inconclusive):
        cycle_power(dut)
    if wait_until(is_back, within_s=dut.profile.access.power.starts_within_s):
        return True
    if not is_itself(dut):
        dut.is_lost(
            reason,
            recover or "switch its power and its network off and on, by hand",
            back=lambda: is_itself(dut),
        )
    return False


def is_itself(dut: Core) -> bool:
    """Whether it is the device that the profile describes, in use."""
    return dut.observed_identity()["verified"] is True
