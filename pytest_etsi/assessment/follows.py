"""Whether results follow from what they were made of: the record below them, and each level from the one below it.

Hashes show that a file is as it was written. This shows, without device and documents, that what was written is right.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.rollup import (
    GroupVerdict,
    IcsCheck,
    case_verdict,
    group_verdict,
    mandatory,
    overall,
    readings,
    unit_verdict,
)
from pytest_etsi.standard import UnknownIdError, edition
from pytest_etsi.verdict import Verdict, combine

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_etsi.standard import Case

__all__ = ["what_does_not_follow"]


def what_does_not_follow(results: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> list[str]:
    """What in the results does not follow, each with its place and what was expected; empty: everything does.

    Args:
        results: as read from results.json.
        records: the lines of the record.
    """
    try:
        return [*_evaluations(results, records), *_levels(results)]
    except (KeyError, TypeError, ValueError, AttributeError, UnknownIdError) as error:
        return [f"they lack what they are to be made of: {type(error).__name__}: {error}"]


def _evaluations(results: Mapping[str, Any], records: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Evaluations that are recorded otherwise than they stand in the results; damaged ones were turned knowingly."""
    damaged = {(one["unit"], one["entry"]) for one in results.get("integrity") or ()}
    selected = {unit for unit, _ in _each(results)}
    recorded = Counter(
        (one["unit"], one["entry"], one["node"], one["verdict"])
        for one in records
        if one["record"] == "evaluation"
        and one["unit"] in selected
        and (one["unit"], one["entry"]) not in damaged
    )
    stand = Counter(
        (unit, one["entry"], one["node"], one["verdict"])
        for unit, one in _each(results)
        if (unit, one["entry"]) not in damaged
    )
    for unit, entry, _, verdict in recorded - stand:
        yield f"{_named(unit, entry)}: the record says {verdict}, and the results do not"
    for unit, entry, node, verdict in stand - recorded:
        # What rests on documents or a judgement alone has no test, and no line.
        if node is None:
            continue
        yield f"{_named(unit, entry)}: {verdict} is not in the record"


def _each(results: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group in results["groups"]:
        for case in group["cases"]:
            for unit in case["units"]:
                for one in unit["evaluations"]:
                    yield f"{case['case']}/{unit['unit']}", one


def _levels(results: Mapping[str, Any]) -> Iterator[str]:
    catalogue = edition(results["edition"])
    partial = bool(results["partial"])
    seen = []
    for group in results["groups"]:
        for case in group["cases"]:
            known = catalogue.case(case["case"])
            rules = {unit.letter: unit.combine for unit in known.units}
            for unit in case["units"]:
                entries, whole = _by_entry(unit["evaluations"])
                expected = unit_verdict(entries, rule=rules[unit["unit"]], whole=whole)
                yield from _differs(f"{case['case']}/{unit['unit']}", unit["verdict"], expected)
            missing = partial and len(case["units"]) < len(known.units)
            yield from _differs(case["case"], case["verdict"], _case(known, case["units"]), limited=missing)
        ics = IcsCheck(Verdict(group["ics"]["verdict"]), True, "")
        expected = group_verdict(ics, (Verdict(case["verdict"]) for case in group["cases"]))
        yield from _differs(group["group"], group["verdict"], expected, limited=partial)
        seen.append(GroupVerdict(Verdict(group["verdict"]), group["status"], ics.releases))
    yield from _differs("overall", results["overall"], overall(seen, partial=partial))
    yield from _differs("overall_mandatory", results["overall_mandatory"], mandatory(seen, partial=partial))


def _by_entry(
    found: Sequence[Mapping[str, Any]],
) -> tuple[dict[str | None, list[Verdict]], list[Verdict]]:
    """The verdicts of each entry, and those of a project's own tests on none that is planned."""
    planned = [one for one in found if one["source"] != "project"]
    concerned = not planned or any(
        one["verdict"] != Verdict.NOT_APPLICABLE or one["decided_by"] != "documents" for one in planned
    )
    entries: dict[str | None, list[Verdict]] = {}
    for one in planned:
        entries.setdefault(one["entry"], []).append(Verdict(one["verdict"]))
    whole: list[Verdict] = []
    for one in found:
        verdict = Verdict(one["verdict"])
        if one["source"] == "project" and (concerned or verdict is not Verdict.PASS):
            entries.get(one["entry"], whole).append(verdict)
    return entries, whole


def _case(known: Case, units: Sequence[Mapping[str, Any]]) -> Verdict:
    alternative = {letter for letters in known.alternatives for letter in letters}
    verdicts = [Verdict(unit["verdict"]) for unit in units if unit["unit"] not in alternative]
    if any(unit["unit"] in alternative for unit in units):
        by: dict[str, dict[str | None, Verdict]]
        by = {letter: {None: Verdict.INCONCLUSIVE} for letter in alternative}
        for unit in units:
            entries, whole = _by_entry(unit["evaluations"])
            by[unit["unit"]] = {entry: combine(found) for entry, found in entries.items()}
            if whole:
                by[unit["unit"]][None] = combine([*whole, *entries.get(None, ())])
        verdicts.append(readings(by, known.alternatives, one_is_enough=known.one_is_enough).verdict)
    return case_verdict(verdicts)


def _differs(where: str, stands: str, expected: Verdict, *, limited: bool = False) -> Iterator[str]:
    """What is wrong with a verdict; of a part of what belongs below, a PASS stands as INCONCLUSIVE."""
    allowed = {str(expected)} | (
        {str(Verdict.INCONCLUSIVE)} if limited and expected is not Verdict.FAIL else set()
    )
    if stands not in allowed:
        yield f"{where}: {stands} does not follow from what is below it, which gives {expected}"


def _named(unit: str, entry: str | None) -> str:
    return f"{unit} {entry}" if entry else unit
