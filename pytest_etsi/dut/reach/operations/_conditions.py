"""What has to hold at the device before or after an operation: asked there, again until it holds, and never assumed."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.operations._console import Line
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import OperationResult
    from pytest_etsi.profile.operations import Condition

__all__ = ["held", "unmet"]

_PAUSE_S = 0.2
_LONGEST_LOOK_S = 2.0


def unmet(
    conditions: Iterable[Condition], dut: Device, attempt: Callable[[str], OperationResult]
) -> str | None:
    """The first condition that does not hold within its time, with what was seen instead; None: all hold."""
    for condition in conditions:
        holds, seen = held(condition, dut, attempt)
        if not holds:
            within = f" within {condition.within_s:g} s" if condition.within_s else ""
            return f"it does not hold{within} that {condition}" + (f": {seen}" if seen else "")
    return None


def held(
    condition: Condition,
    dut: Device,
    attempt: Callable[[str], OperationResult],
    *,
    within_s: float | None = None,
) -> tuple[bool, str]:
    """Whether a condition holds within its time, or another one, and what was seen last."""
    until = time.monotonic() + (condition.within_s if within_s is None else within_s)
    while True:
        left = until - time.monotonic()
        holds, seen = _holds(condition, dut, attempt, max(0.0, min(left, _LONGEST_LOOK_S)))
        if holds or time.monotonic() >= until:
            return holds, seen
        time.sleep(min(_PAUSE_S, max(0.0, until - time.monotonic())))


def _holds(
    condition: Condition, dut: Device, attempt: Callable[[str], OperationResult], look_s: float
) -> tuple[bool, str]:
    if condition.answers is not None:
        answering = dut.life.answering()
        return bool(answering) == condition.answers, f"{', '.join(answering) or 'nothing'} answers"
    if condition.identity:
        seen = dut.observed_identity()
        return seen["verified"] is True, str(seen["detail"])
    if condition.console is not None:
        said = Line(dut.console).says(condition.console, max(look_s, _PAUSE_S))
        return said is not None, "" if said is not None else "it says nothing like it"
    try:
        result = attempt(condition.succeeds or condition.value_of or "")
    except Inconclusive as error:  # such as a login that nobody answers yet
        return False, error.reason
    if condition.succeeds is not None:
        return result.done, result.detail
    if not result.done:
        return False, result.detail
    value = result.value or ""
    return re.fullmatch(condition.matches or "", value) is not None, f"it is {value!r}"
