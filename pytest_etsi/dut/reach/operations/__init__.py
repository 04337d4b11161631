"""Operations: what the profile knows how to do to the device, its bench and its service; one driver a kind."""

from __future__ import annotations

from pytest_etsi.dut.reach.operations._console import Line
from pytest_etsi.dut.reach.operations._model import (
    Attendant,
    Operation,
    OperationFailedError,
    OperationResult,
    OtherwiseError,
    Told,
    wait_until,
)
from pytest_etsi.dut.reach.operations._run import Operations

__all__ = [
    "Attendant",
    "Line",
    "Operation",
    "OperationFailedError",
    "OperationResult",
    "Operations",
    "OtherwiseError",
    "Told",
    "wait_until",
]
