"""Functions that are tried, and values that are read, before and after something was done to the device."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.outages.model import FunctionTry
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.outages.model import Phase

__all__ = ["changed", "functions_of", "values_of"]


def functions_of(dut: Core, names: Iterable[str], phase: Phase) -> tuple[FunctionTry, ...]:
    """Try functions, one after the other; one that nothing answers a second time."""
    tried = []
    for name in dict.fromkeys(names):
        one = _tried(dut, name, phase)
        tried.append(one if one.works or one.answered else _tried(dut, name, phase))
    return tuple(tried)


def _tried(dut: Core, name: str, phase: Phase) -> FunctionTry:
    try:
        result = dut.operations.attempt(name)
    except Inconclusive as error:  # such as a login that nobody answers
        return FunctionTry(name, phase, works=False, detail=error.reason, answered=False)
    return FunctionTry(name, phase, result.done, result.detail, result.answered)


def values_of(dut: Core, names: Iterable[str]) -> dict[str, str | None]:
    """The values of operations; None: there is none."""
    values: dict[str, str | None] = {}
    for name in names:
        values[name] = None
        with contextlib.suppress(Inconclusive):
            values[name] = dut.operations.attempt(name).value
    return values


def changed(before: Mapping[str, str | None], after: Mapping[str, str | None]) -> tuple[str, ...]:
    """What is another value now; a value that could not be had, before or after, is none."""
    return tuple(
        f"{name} gave {before[name]!r} before and {after[name]!r} after"
        for name in before
        if before[name] is not None and after[name] is not None and before[name] != after[name]
    )
