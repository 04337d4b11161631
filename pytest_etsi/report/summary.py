"""What every summary of the results shows: which provisions, with which reason, and what is left to do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.results import NOT_RUN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "NOT_RUN",
    "condensed",
    "device_of",
    "evaluations",
    "group_reason",
    "in_short",
    "left_out",
    "shown_groups",
    "unreviewed",
    "waiting_for_drafts",
]


def device_of(results: Mapping[str, Any]) -> str:
    """The device and its software, as the profile names them: ``Example Devices ExampleCam 2 1.4.2``."""
    dut = results.get("dut", {})
    return " ".join(dut[key] for key in ("manufacturer", "model", "software") if dut.get(key))


def evaluations(group: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The evaluations of a group, each with the id of its unit."""
    for case in group.get("cases", ()):
        for unit in case.get("units", ()):
            for evaluation in unit.get("evaluations", ()):
                yield f"{case['case']}/{unit['unit']}", evaluation


def left_out(results: Mapping[str, Any]) -> list[str]:
    """How many planned evaluations were not run, and why: ``9 planned evaluations not run: it was not selected``."""
    why = Counter(str(one["why"]) for one in results.get("not_run") or ())
    return [
        f"{number:,} planned evaluation{'' if number == 1 else 's'} not run: {reason}"
        for reason, number in why.most_common()
    ]


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


def in_short(group: Mapping[str, Any]) -> str:
    """Where to read on: the causes of a group that FAILs (``F1, F2``), or for what how many wait (``judgement: 2``)."""
    if group["verdict"] == "FAIL":
        origins = {one for _, item in evaluations(group) for one in item.get("origins", ())}
        ics = ["ICS"] if (group.get("ics") or {}).get("verdict") == "FAIL" else []
        return ", ".join([*sorted(origins, key=lambda one: int(one[1:])), *ics])
    if group["verdict"] != "INCONCLUSIVE":
        return ""
    waits = Counter(
        NOT_RUN if item.get("reason") == NOT_RUN else item.get("cause") or "error"
        for _, item in evaluations(group)
        if item["verdict"] == "INCONCLUSIVE"
    )
    ics = ["ICS"] if (group.get("ics") or {}).get("verdict") == "INCONCLUSIVE" else []
    return ", ".join([*(f"{cause}: {number}" for cause, number in waits.most_common()), *ics])


def group_reason(group: Mapping[str, Any]) -> str:
    """One line saying why a group is FAIL, INCONCLUSIVE or NOT APPLICABLE, and how often it FAILed; empty for PASS."""
    if group["verdict"] == "PASS":
        return ""
    failed = sum(item["verdict"] == "FAIL" for _, item in evaluations(group))
    count = f"{failed} FAIL, the first: " if group["verdict"] == "FAIL" and failed > 1 else ""
    return count + _one_line(group.get("reason") or "")


def unreviewed(results: Mapping[str, Any]) -> list[str]:
    """The evaluations that rest on a judgement which no second person has reviewed; where the laboratory demands it."""
    if not (results.get("laboratory") or {}).get("four_eyes"):
        return []
    return [
        " ".join(filter(None, (unit, item.get("entry"))))
        for group in results.get("groups", ())
        for unit, item in evaluations(group)
        if (judged := item.get("judgement"))
        if judged.get("reviewed_by", judged["assessor"]) == judged["assessor"]
    ]


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
