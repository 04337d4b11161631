"""From what a test function raised to a verdict, and to the exception that other plugins should see instead."""

from __future__ import annotations

import sysconfig
import unittest
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from pytest_etsi.plugin.compat import Skipped
from pytest_etsi.verdict import (
    NO_REASON,
    Cause,
    Inconclusive,
    NotApplicable,
    Outcome,
    Verdict,
    Violation,
    first_line,
    outcome_of,
)

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["NotApplicableSkip", "Phase", "classify", "convert"]

Phase = Literal["setup", "call", "teardown"]


class NotApplicableSkip(Skipped):
    """NOT APPLICABLE as pytest, pytest-html and Allure know it: a skip."""


def classify(error: BaseException | None, phase: Phase, own: frozenset[Path]) -> Outcome | None:
    """What a phase of an evaluation came to; None: nothing yet, or nothing at all (interrupted).

    Args:
        error: what was raised.
        phase: an assertion that fails while fixtures are set up says nothing about the device.
        own: files and directories whose assertions are about the device, even inside an installed package.
    """
    if error is None:
        return outcome_of(None) if phase == "call" else None
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | pytest.exit.Exception):
        return None
    if isinstance(error, Inconclusive | NotApplicable):
        return outcome_of(error)
    if isinstance(error, NotApplicableSkip):
        return Outcome(Verdict.NOT_APPLICABLE, str(error.msg) or NO_REASON)
    if isinstance(error, AssertionError):
        if phase != "call":
            return _unforeseen(f"{type(error).__name__}: {first_line(error) or NO_REASON}")
        if isinstance(error, Violation) or _is_about_the_device(error.__traceback__, own):
            return outcome_of(error)
        return _unforeseen(f"an assertion inside a library failed: {first_line(error) or NO_REASON}")
    if isinstance(error, pytest.skip.Exception | unittest.SkipTest):
        return _unforeseen(f"skipped, not evaluated: {first_line(error) or NO_REASON}")
    if isinstance(error, pytest.xfail.Exception):
        return _unforeseen(f"expected to fail, not evaluated: {first_line(error) or NO_REASON}")
    if isinstance(error, pytest.fail.Exception):
        return _unforeseen(f"ended without a verdict: {first_line(error) or NO_REASON}")
    return outcome_of(error)


def convert(error: BaseException, outcome: Outcome | None) -> BaseException:
    """The exception whose class tells pytest, pytest-html and Allure what `classify` has made of `error`.

    Failed means violated, broken means INCONCLUSIVE, skipped means NOT APPLICABLE; `error` itself where it does so
    already.
    """
    if outcome is None:
        return error
    if outcome.verdict is Verdict.NOT_APPLICABLE:
        return error if isinstance(error, NotApplicableSkip) else NotApplicableSkip(outcome.reason)
    misleading = (
        AssertionError,
        pytest.fail.Exception,
        pytest.skip.Exception,
        pytest.xfail.Exception,
        unittest.SkipTest,
    )
    if outcome.verdict is Verdict.INCONCLUSIVE and isinstance(error, misleading):
        return Inconclusive(
            outcome.reason,
            cause=outcome.cause or Cause.ERROR,
            settle=outcome.settle,
            findings=outcome.findings,
        )
    return error


def _unforeseen(reason: str) -> Outcome:
    return Outcome(Verdict.INCONCLUSIVE, reason, Cause.ERROR)


def _is_about_the_device(traceback: TracebackType | None, own: frozenset[Path]) -> bool:
    """Whether the assertion stands in the code of the suite or of the project, not in a library's."""
    file = ""
    while traceback is not None:
        # The methods of unittest are its way to write an assertion, which stands where they are called.
        if "__unittest" not in traceback.tb_frame.f_globals:
            file = traceback.tb_frame.f_code.co_filename
        traceback = traceback.tb_next
    if not file or file.startswith("<"):
        return False
    path = Path(file)
    if any(path == place or place in path.parents for place in own):
        return True
    if {"site-packages", "dist-packages"} & set(path.parts):
        return False
    return not any(place in path.parents for place in _libraries())


@cache
def _libraries() -> tuple[Path, ...]:
    """Where the standard library and this package itself live."""
    named = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib")}
    return (*(Path(place) for place in named if place), Path(__file__).parent.parent)
