"""Verdicts, the causes of an open one, and how verdicts combine. Pure: no input, no output, no pytest.

The order FAIL, INCONCLUSIVE, PASS, NOT APPLICABLE holds at every level (unit over entries, case over units, group
over cases, overall over groups). TS 103 701 itself fixes only the test case; see `pytest_etsi.assessment.rollup`
for the one level that is reconstructed.

Exceptions::

    Exception
    ├── Inconclusive        neither PASS nor FAIL can be given; says why and what would settle it
    ├── NotApplicable       nothing in the device is concerned
    └── AssertionError
        └── Violation       a violation was observed or a contradiction found
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Literal, NoReturn, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "NO_REASON",
    "Cause",
    "Inconclusive",
    "NotApplicable",
    "Outcome",
    "Reported",
    "Rule",
    "Verdict",
    "Violation",
    "combine",
    "first_line",
    "inconclusive",
    "not_applicable",
    "outcome_of",
]

Rule = Literal["all", "any"]


class Verdict(StrEnum):
    """What can be said of a unit, a case, a group or the whole device."""

    PASS = "PASS"  # noqa: S105 - a verdict, not a password
    FAIL = "FAIL"
    INCONCLUSIVE = "INCONCLUSIVE"
    NOT_APPLICABLE = "NOT APPLICABLE"


class Cause(StrEnum):
    """Why a verdict is INCONCLUSIVE."""

    JUDGEMENT = "judgement"
    """A competent person has not concluded yet, or concluded on something that has changed since."""
    INFORMATION = "information"
    """The documents lack a fact that is needed."""
    ACCESS = "access"
    """The profile gives no way to reach what is to be observed."""
    PERMISSION = "permission"
    """The profile does not allow what the unit does to the device."""
    BENCH = "bench"
    """Equipment, a tool, or the way to the device failed."""
    ERROR = "error"
    """Something unforeseen; most likely a defect of the suite or of a project's own test."""


class Reported(Protocol):
    """What a verdict may rest on: something found, which goes into the record whole."""

    def to_json(self) -> dict[str, object]:
        """The finding as builtins."""


class Inconclusive(Exception):  # noqa: N818 - a verdict, not an error
    """Neither PASS nor FAIL can be given.

    Args:
        reason: what stands in the way, in one sentence.
        cause: the kind of obstacle.
        settle: one sentence saying what would settle it.
        findings: what was found, open parts among it.
    """

    def __init__(
        self, reason: str, *, cause: Cause, settle: str = "", findings: Iterable[Reported] = ()
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cause = cause
        self.settle = settle
        self.findings = tuple(findings)


class NotApplicable(Exception):  # noqa: N818 - a verdict, not an error
    """Nothing in the device is concerned."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Violation(AssertionError):  # noqa: N818 - a verdict, not an error
    """A violation was observed, or a contradiction found, outside a test function's own ``assert``.

    Args:
        reason: what was found, in one sentence.
        findings: what was found, violations among it.
    """

    def __init__(self, reason: str = "", *, findings: Iterable[Reported] = ()) -> None:
        super().__init__(reason)
        self.findings = tuple(findings)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an evaluation comes to.

    Attributes:
        reason: why; of a PASS what it rests on, empty where nobody said.
        cause: set for INCONCLUSIVE only.
        settle: what would settle it, one sentence; empty where nobody said.
        findings: what was found, whatever it means for the verdict.
    """

    verdict: Verdict
    reason: str = ""
    cause: Cause | None = None
    settle: str = ""
    findings: tuple[Reported, ...] = ()


NO_REASON = "no reason was given"
NO_MESSAGE = "an assertion without message failed"


def outcome_of(error: BaseException | None) -> Outcome:
    """What the way in which an evaluation ended means.

    None: PASS. An assertion: FAIL. `Inconclusive` and `NotApplicable`: what they say. Everything else:
    INCONCLUSIVE with cause ``error``, because a failure of the tester says nothing about the device.
    """
    if error is None:
        return Outcome(Verdict.PASS)
    if isinstance(error, Inconclusive):
        return Outcome(
            Verdict.INCONCLUSIVE, error.reason or NO_REASON, error.cause, error.settle, error.findings
        )
    if isinstance(error, NotApplicable):
        return Outcome(Verdict.NOT_APPLICABLE, error.reason or NO_REASON)
    if isinstance(error, Violation):
        return Outcome(Verdict.FAIL, first_line(error) or NO_MESSAGE, findings=error.findings)
    if isinstance(error, AssertionError):
        return Outcome(Verdict.FAIL, first_line(error) or NO_MESSAGE)
    said = first_line(error)
    return Outcome(
        Verdict.INCONCLUSIVE,
        f"{type(error).__name__}: {said}" if said else type(error).__name__,
        Cause.ERROR,
        "Look at the traceback: most likely a defect of the suite or of a project's own test.",
    )


def first_line(error: BaseException) -> str:
    """The first line of an exception's message that says something; empty: none does."""
    message = getattr(error, "msg", None)
    text = str(message) if isinstance(message, str) and message else str(error)
    return next((line.strip() for line in text.splitlines() if line.strip()), "")


def inconclusive(reason: str, *, cause: Cause | str, settle: str = "") -> NoReturn:
    """End the evaluation as INCONCLUSIVE.

    Raises:
        Inconclusive: always.
        ValueError: `cause` is none of `Cause`.
    """
    raise Inconclusive(reason, cause=Cause(cause), settle=settle)


def not_applicable(reason: str) -> NoReturn:
    """End the evaluation as NOT APPLICABLE.

    Raises:
        NotApplicable: always.
    """
    raise NotApplicable(reason)


_ORDER: dict[str, tuple[Verdict, ...]] = {
    "all": (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.NOT_APPLICABLE),
    "any": (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL, Verdict.NOT_APPLICABLE),
}


def combine(verdicts: Iterable[Verdict], *, rule: Rule = "all") -> Verdict:
    """The verdict of a level from the verdicts below it.

    Args:
        verdicts: in any order, any number of times each.
        rule: ``all``: every part has to hold; ``any``: one part that holds is enough.

    Returns:
        The first of FAIL, INCONCLUSIVE, PASS, NOT APPLICABLE that occurs (``any``: PASS, INCONCLUSIVE, FAIL,
        NOT APPLICABLE). Of nothing: INCONCLUSIVE, because a level on which nothing was evaluated is open;
        that nothing is concerned has to be said by an evaluation of its own.
    """
    present = frozenset(verdicts)
    for verdict in _ORDER[rule]:
        if verdict in present:
            return verdict
    return Verdict.INCONCLUSIVE
