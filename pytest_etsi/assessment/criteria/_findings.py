"""A sequence of findings as tests use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment import findings
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Finding

__all__ = ["Findings"]


class Findings(tuple["Finding", ...]):
    """Findings in order. An assertion that prints them is already a reason."""

    __slots__ = ()

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
        return Findings(finding for finding in self if finding.aspect in aspects)

    def decide(self, *, cause: Cause | str = Cause.INFORMATION, settle: str = "") -> None:
        """End the evaluation where a program cannot decide.

        Raises:
            Inconclusive: a finding leaves something open.
        """
        if self.unknowns:
            inconclusive(str(self.unknowns), cause=cause, settle=settle)

    def __str__(self) -> str:
        return "; ".join(str(finding) for finding in self) or "nothing found"

    __repr__ = __str__
