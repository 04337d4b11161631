"""A sequence of findings as tests use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment import findings
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.assessment.evaluation import UnitJudgement
    from pytest_etsi.assessment.findings import Finding

__all__ = ["Findings"]


ASPECTS = frozenset({
    "answer", "attack", "behaviour", "best-practice", "channel", "completeness", "complexity", "description",
    "guidance", "impracticability", "justification", "means", "patterns", "recognition", "regularity", "relation",
    "rule", "suitability", "uniqueness",
})  # fmt: skip
"""Every question that a finding may answer. One that is misspelt must not look like one that found nothing."""


class Findings(tuple["Finding", ...]):
    """Findings in order. An assertion that prints them is already a reason.

    Raises:
        ValueError: a finding, or a question, is about none of `ASPECTS`.
    """

    __slots__ = ()

    def __new__(cls, found: Iterable[Finding] = ()) -> Findings:
        """The findings, in order."""
        made = super().__new__(cls, found)
        _known(finding.aspect for finding in made)
        return made

    @property
    def violations(self) -> Findings:
        """Those that refute."""
        return Findings(findings.violations(self))

    @property
    def unknowns(self) -> Findings:
        """Those that leave something open."""
        return Findings(findings.unknowns(self))

    def about(self, *aspects: str) -> Findings:
        """Those that answer one of these questions."""
        _known(aspects)
        return Findings(finding for finding in self if finding.aspect in aspects)

    def besides(self, *aspects: str) -> Findings:
        """Those that answer any other question."""
        _known(aspects)
        return Findings(finding for finding in self if finding.aspect not in aspects)

    def decide(
        self,
        judgement: UnitJudgement | None = None,
        *,
        cause: Cause | str = Cause.INFORMATION,
        settle: str = "",
    ) -> None:
        """End the evaluation where a program cannot decide.

        Args:
            judgement: for a unit that a person may settle; where one is recorded, it decides.
            cause: why it is open otherwise.
            settle: what would settle it, one sentence.

        Raises:
            Inconclusive: a finding leaves something open, and no valid judgement settles it.
            Violation: the judgement is that the unit does not hold.
        """
        if not self.unknowns:
            return
        if judgement is not None and judgement.recorded is not None:
            judgement.required(self.unknowns)
            return
        inconclusive(str(self.unknowns), cause=cause, settle=settle)

    def __str__(self) -> str:
        return "; ".join(str(finding) for finding in self) or "nothing found"

    __repr__ = __str__


def _known(aspects: Iterable[str]) -> None:
    unknown = sorted(set(aspects) - ASPECTS)
    if unknown:
        raise ValueError(f"no finding is about {unknown[0]!r}; known: {', '.join(sorted(ASPECTS))}")
