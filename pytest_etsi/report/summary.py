"""What every summary of the results shows: which provisions, with which reason, and what is left to do."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_etsi.assessment.results import NOT_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "CAUSES",
    "NOT_RUN",
    "Open",
    "condensed",
    "evaluations",
    "group_reason",
    "open_evaluations",
    "shown_groups",
    "waiting_for_drafts",
]

CAUSES: dict[str, str] = {
    "permission": "allow it with --etsi-allow or under `permissions:` in the profile",
    "access": "give the program a way to reach it, under `access` in the profile or the IXIT entry",
    "information": "complete the documents",
    "judgement": "let a competent person conclude and record it in the profile's judgements",
    "bench": "put the bench in order and run again",
    "error": "look at the traceback: most likely a defect of the suite or of a test of the project",
    "not run": "deselected, or the run ended before: run them",
}
"""Causes in the order in which they are best worked off, with what to do; last what was not even tried."""


_FINGERPRINT = re.compile(r" with fingerprint sha256:[0-9a-f]+(?:-[0-9a-f]+)?")
"""Too long to read; it is in results.json and in the plan."""


class Open(NamedTuple):
    """An evaluation that is INCONCLUSIVE."""

    unit: str
    entry: str | None
    cause: str
    reason: str
    settle: str

    @property
    def where(self) -> str:
        """Unit and entry: ``5.1-5-2/b AuthMech-web``."""
        return f"{self.unit} {self.entry}" if self.entry else self.unit


def evaluations(group: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The evaluations of a group, each with the id of its unit."""
    for case in group.get("cases", ()):
        for unit in case.get("units", ()):
            for evaluation in unit.get("evaluations", ()):
                yield f"{case['case']}/{unit['unit']}", evaluation


def shown_groups(results: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The groups that a table by provision shows: those of scenarios with test units, and whatever is FAIL."""
    automated = _automated(results)
    groups: list[Mapping[str, Any]] = list(results.get("groups", ()))
    return [group for group in groups if _scenario(group) in automated or group["verdict"] == "FAIL"]


def condensed(results: Mapping[str, Any]) -> dict[tuple[str, str], Counter[str]]:
    """Scenario and why it is not shown group by group -> its verdicts.

    "left to judgement": they rest on documents and judgements alone; "not run": nothing of them was tried.
    """
    shown = {id(group) for group in shown_groups(results)}
    left: dict[tuple[str, str], Counter[str]] = {}
    for group in results.get("groups", ()):
        if id(group) not in shown:
            skipped = any(item.get("reason") == NOT_RUN for _, item in evaluations(group))
            why = NOT_RUN if skipped else "left to judgement"
            left.setdefault((_scenario(group), why), Counter())[str(group["verdict"])] += 1
    return left


def _automated(results: Mapping[str, Any]) -> set[str]:
    return {
        _scenario(group)
        for group in results.get("groups", ())
        if any(
            item.get("source") in ("suite", "project") and item.get("reason") != NOT_RUN
            for _, item in evaluations(group)
        )
    }


def _scenario(group: Mapping[str, Any]) -> str:
    return str(group["group"]).partition("-")[0]


def group_reason(group: Mapping[str, Any]) -> str:
    """One line saying why a group is FAIL, INCONCLUSIVE or NOT APPLICABLE, and how often it FAILed; empty for PASS."""
    if group["verdict"] == "PASS":
        return ""
    failed = sum(item["verdict"] == "FAIL" for _, item in evaluations(group))
    count = f"{failed} FAIL, the first: " if group["verdict"] == "FAIL" and failed > 1 else ""
    return count + _one_line(group.get("reason") or "")


def open_evaluations(results: Mapping[str, Any]) -> dict[str, list[Open]]:
    """What is INCONCLUSIVE in the groups that are shown, by cause, in the order of `CAUSES`."""
    found: dict[str, list[Open]] = {cause: [] for cause in CAUSES}
    for group in shown_groups(results):
        for unit, item in evaluations(group):
            if item["verdict"] == "INCONCLUSIVE":
                cause = NOT_RUN if item.get("reason") == NOT_RUN else item.get("cause") or "error"
                found.setdefault(cause, []).append(
                    Open(
                        unit,
                        item.get("entry"),
                        cause,
                        _one_line(item.get("reason", "")),
                        _FINGERPRINT.sub("", _one_line(item.get("settle", ""))),
                    )
                )
    return {cause: items for cause, items in found.items() if items}


def waiting_for_drafts(results: Mapping[str, Any]) -> int:
    """How many units wait for a person to look at what was drafted."""
    return len(
        {
            unit
            for group in results.get("groups", ())
            for unit, item in evaluations(group)
            if item["verdict"] == "INCONCLUSIVE" and item.get("cause") == "information"
            if any(finding.get("aspect") == "drafted" for finding in item.get("findings", ()))
        }
    )


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
