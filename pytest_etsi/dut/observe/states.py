"""The states of the device: what is looked at in factory default, and the way back."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_etsi.bounds import changed
from pytest_etsi.dut.observe.first_start import INITIALIZE, RESET
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core

__all__ = ["in_factory_default"]

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

    def restore() -> None:
        dut.operations.run(INITIALIZE)
        if not wait_until(lambda: dut.observed_identity()["verified"] is True, within_s=_READY_WITHIN_S):
            inconclusive(
                "the device did not come back into the initialized state after a reset",
                cause=Cause.BENCH,
                settle=dut.operations.recovery(RESET) or "set it up by hand as the profile describes",
            )
        dut.state = "initialized"

    with changed(reset, restore):
        yield
