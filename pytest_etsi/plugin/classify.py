"""From what a test function raised to a verdict, and to the exception that other plugins should see instead."""

from __future__ import annotations

import sysconfig
import unittest
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

from pytest_etsi.plugin.compat import Skipped
from pytest_etsi.verdict import Cause, Inconclusive, NotApplicable, Verdict, Violation

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Finding", "NotApplicableSkip", "Phase", "classify", "convert"]

Phase = Literal["setup", "call", "teardown"]

NO_REASON = "no reason was given"


class NotApplicableSkip(Skipped):
    """NOT APPLICABLE as pytest, pytest-html and Allure know it: a skip."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What an exception says about an evaluation.

    Attributes:
        cause: set for INCONCLUSIVE.
        settle: one sentence saying what would settle it; empty where nobody said.
    """

    verdict: Verdict
    reason: str
    cause: Cause | None = None
    settle: str = ""


def classify(error: BaseException | None, phase: Phase, own: frozenset[Path]) -> Finding | None:
    """The verdict after a phase of an evaluation; None: none yet, or none at all (interrupted).

    Args:
        error: what was raised.
        phase: an assertion that fails while fixtures are set up says nothing about the device.
        own: files and directories whose assertions are about the device, even inside an installed package.
    """
    if error is None:
        return Finding(Verdict.PASS, "") if phase == "call" else None
    if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit | pytest.exit.Exception):
        return None
    if isinstance(error, Inconclusive):
        return Finding(Verdict.INCONCLUSIVE, error.reason or NO_REASON, error.cause, error.settle)
    if isinstance(error, NotApplicable):
        return Finding(Verdict.NOT_APPLICABLE, error.reason or NO_REASON)
    if isinstance(error, NotApplicableSkip):
        return Finding(Verdict.NOT_APPLICABLE, str(error.msg) or NO_REASON)
    if isinstance(error, AssertionError) and phase == "call":
        if isinstance(error, Violation) or _is_about_the_device(error.__traceback__, own):
            return Finding(Verdict.FAIL, _first_line(error))
        return _unforeseen(f"an assertion inside a library failed: {_first_line(error)}")
    if isinstance(error, pytest.skip.Exception | unittest.SkipTest):
        return _unforeseen(f"skipped, not evaluated: {_first_line(error)}")
    if isinstance(error, pytest.xfail.Exception):
        return _unforeseen(f"expected to fail, not evaluated: {_first_line(error)}")
    if isinstance(error, pytest.fail.Exception):
        return _unforeseen(f"ended without a verdict: {_first_line(error)}")
    return _unforeseen(f"{type(error).__name__}: {_first_line(error)}")


def convert(error: BaseException, phase: Phase, own: frozenset[Path]) -> BaseException:
    """The exception whose class tells pytest, pytest-html and Allure what `classify` has found.

    Failed means violated, broken means INCONCLUSIVE, skipped means NOT APPLICABLE; `error` itself where it does so
    already.
    """
    finding = classify(error, phase, own)
    if finding is None:
        return error
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return error if isinstance(error, NotApplicableSkip) else NotApplicableSkip(finding.reason)
    misleading = (
        AssertionError,
        pytest.fail.Exception,
        pytest.skip.Exception,
        pytest.xfail.Exception,
        unittest.SkipTest,
    )
    if finding.verdict is Verdict.INCONCLUSIVE and isinstance(error, misleading):
        return Inconclusive(finding.reason, cause=finding.cause or Cause.ERROR, settle=finding.settle)
    return error


def _unforeseen(reason: str) -> Finding:
    return Finding(Verdict.INCONCLUSIVE, reason, Cause.ERROR)


def _first_line(error: BaseException) -> str:
    message = getattr(error, "msg", None)
    text = str(message) if isinstance(message, str) and message else str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), NO_REASON)


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
