"""What the FAILs come from: violations of one thing have one origin, however many evaluations it refutes.

Told from what was recorded, so that it can be told again of every record. Two violations have one origin where they say
the same, where one look at one place of the documents has found both, or where both are about one port that no entry
names. Whatever shares nothing with another has an origin of its own, so that no FAIL is left out.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping, Sequence

__all__ = ["with_origins"]

_PORT = re.compile(r"\b(?:tcp|udp)/\d+(?: on \S+)?")


class _Sets:
    """Things that were found to belong together."""

    def __init__(self) -> None:
        self._above: dict[Hashable, Hashable] = {}

    def of(self, one: Hashable) -> Hashable:
        """What stands for all that belongs to `one`."""
        path = []
        while (above := self._above.setdefault(one, one)) != one:
            path.append(one)
            one = above
        self._above.update(dict.fromkeys(path, one))
        return one

    def join(self, one: Hashable, other: Hashable) -> None:
        self._above[self.of(other)] = self.of(one)


def with_origins(groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Mark the violations, the evaluations and the groups that FAIL with the ids of their origins.

    Args:
        groups: of the results; what is marked in them is changed, but no finding, which the record holds too.

    Returns:
        The origins, those that refute most first: ``id``, ``summary``, ``violations`` (how many different ones),
        ``provisions`` and ``evaluations`` (``unit``, ``entry``; none where it is the ICS).
    """
    sets = _Sets()
    failed = list(_failed(groups))
    for unit, evaluation, _ in failed:
        for key, finding in _violations(evaluation):
            place: Mapping[str, str] = finding.get("place") or {}
            if place.get("entry"):
                look = (unit, evaluation["entry"], finding.get("aspect"), place["entry"], place.get("field"))
                sets.join(look, key)
            elif found := _PORT.search(str(finding["message"])):
                sets.join(found[0].rstrip(":,;."), key)
    origins: dict[Hashable, dict[str, Any]] = {}
    for unit, evaluation, group in failed:
        about = {"unit": unit, "entry": evaluation["entry"]}
        for key, finding in _violations(evaluation):
            one = origins.setdefault(sets.of(key), _origin(finding["message"]))
            one["keys"][key] = None
            _add(one, group, about)
    for of in groups:
        if of["verdict"] == "FAIL" and of["ics"]["verdict"] == "FAIL":
            _add(origins.setdefault(("ICS", of["group"]), _origin(of["ics"]["reason"])), of["group"], None)
    ordered = sorted(origins.values(), key=lambda one: (-len(one["provisions"]), -len(one["evaluations"])))
    for number, one in enumerate(ordered, start=1):
        one["id"] = f"F{number}"
    ids = {key: one["id"] for one in ordered for key in one["keys"]}
    for _, evaluation, _ in failed:
        _mark(evaluation, ids)
    return [
        {
            "id": one["id"],
            "summary": one["summary"],
            "violations": max(len(one["keys"]), 1),
            "provisions": one["provisions"],
            "evaluations": one["evaluations"],
        }
        for one in ordered
    ]


def _origin(summary: object) -> dict[str, Any]:
    return {"summary": str(summary), "keys": {}, "provisions": [], "evaluations": []}


def _add(one: dict[str, Any], group: str, about: dict[str, Any] | None) -> None:
    if group not in one["provisions"]:
        one["provisions"].append(group)
    # The evaluations come one after the other, so that what was added last is all that can be there already.
    if about is not None and one["evaluations"][-1:] != [about]:
        one["evaluations"].append(about)


def _failed(groups: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, dict[str, Any], str]]:
    for group in groups:
        for case in group["cases"]:
            for unit in case["units"]:
                for evaluation in unit["evaluations"]:
                    if evaluation["verdict"] == "FAIL":
                        yield f"{case['case']}/{unit['unit']}", evaluation, group["group"]


def _violations(evaluation: Mapping[str, Any]) -> Iterator[tuple[Hashable, Mapping[str, Any]]]:
    """What refutes, each with what tells it from another; its reason where it is no finding, as of a judgement."""
    found = [one for one in evaluation["findings"] if one.get("kind") == "violation"]
    for finding in found:
        yield _key(finding), finding
    if not found:
        yield ("reason", evaluation["reason"]), {"message": evaluation["reason"], "aspect": "reason"}


def _key(finding: Mapping[str, Any]) -> Hashable:
    return "violation", finding.get("aspect"), finding["message"]


def _mark(evaluation: dict[str, Any], ids: Mapping[Hashable, str]) -> None:
    evaluation["origins"] = sorted(
        {ids[key] for key, _ in _violations(evaluation)}, key=lambda one: int(one[1:])
    )
    evaluation["findings"] = [
        {**finding, "origin": ids[_key(finding)]} if finding.get("kind") == "violation" else finding
        for finding in evaluation["findings"]
    ]
