"""Settings that are not looked at, or looked into too much: each belongs to a flaw."""

from __future__ import annotations

import re
from typing import Any

from pytest_etsi.virtual.flaws import Flaw, InputFlaw

__all__ = ["waved_through", "worked_out"]

_SUMS = {
    "timezone": (InputFlaw.SHELL_INJECTION, re.compile(r"\$\(\( *(\d{1,6}) *([*+]) *(\d{1,6}) *\)\)")),
    "name": (InputFlaw.TEMPLATE_INJECTION, re.compile(r"\{\{ *(\d{1,6}) *([*+]) *(\d{1,6}) *\}\}")),
}
"""Setting -> the flaw that has it worked out, and what stands for the interpreter behind: it knows * and + only."""


def waved_through(default: Any, value: Any, flaws: frozenset[Flaw]) -> bool:
    """Whether a value takes the place of `default` without a further look."""
    if InputFlaw.TYPES_UNCHECKED in flaws and isinstance(default, bool):
        return True
    return InputFlaw.VALUES_OUT_OF_RANGE in flaws and type(value) is type(default)


def worked_out(name: str, value: Any, flaws: frozenset[Flaw]) -> Any:
    """What becomes of the value of a setting before it is kept."""
    flaw, pattern = _SUMS.get(name, (None, None))
    if flaw not in flaws or pattern is None or not isinstance(value, str):
        return value
    return pattern.sub(_result, value)


def _result(sum_: re.Match[str]) -> str:
    left, right = int(sum_[1]), int(sum_[3])
    return str(left * right if sum_[2] == "*" else left + right)
