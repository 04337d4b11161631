"""What a run has found, for whoever judges after it: read from its results."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._text import plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.profile import Profile

__all__ = ["ResultsError", "seen_in"]

_SAME = ("manufacturer", "model", "hardware", "software")


class ResultsError(ValueError):
    """The results are none, or of something else; the message says which."""


def seen_in(path: Path, profile: Profile) -> dict[tuple[str, str | None], str]:
    """What a run has found: unit and entry -> verdict and reason, and each finding on a line of its own.

    Args:
        path: a ``results.json``, or the directory that holds it.
        profile: the documents of the same device; of another device, or software, the results say nothing.

    Raises:
        ResultsError: they cannot be read, or are of another device, software or edition.
    """
    file = path / "results.json" if path.is_dir() else path
    try:
        results = json.loads(file.read_text(encoding="utf-8"))
        of = {name: results["dut"][name] for name in _SAME} | {"edition": results["edition"]}
        found = dict(_evaluations(results))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ResultsError(f"{file}: no results of a run ({type(error).__name__})") from None
    mine = {name: getattr(profile.dut, name) for name in _SAME} | {"edition": profile.edition}
    other = [f"{name} {of[name]!r} instead of {mine[name]!r}" for name in mine if of[name] != mine[name]]
    if other:
        raise ResultsError(f"{file}: the results of something else: {', '.join(other)}")
    return found


def _evaluations(results: dict[str, Any]) -> Iterator[tuple[tuple[str, str | None], str]]:
    for group in results["groups"]:
        for case in group["cases"]:
            for unit in case["units"]:
                by_entry: dict[str | None, list[str]] = {}
                for one in unit["evaluations"]:
                    by_entry.setdefault(one["entry"], []).extend(_lines(one))
                for entry, lines in by_entry.items():
                    if lines:
                        yield (f"{case['case']}/{unit['unit']}", entry), "\n".join(dict.fromkeys(lines))


def _lines(evaluation: dict[str, Any]) -> Iterator[str]:
    reason = str(evaluation["reason"])
    # What the documents and judgements say is no news to who reads them.
    if evaluation["cause"] != "judgement" and evaluation["decided_by"] == "program":
        yield str(plain(f"{evaluation['verdict']}: {reason}"))
    for finding in evaluation["findings"]:
        message = str(finding["message"])
        if message not in reason:
            evidence = ", ".join(map(str, finding.get("evidence", ())))
            yield str(plain(f"{finding['kind']}: {message}" + (f" ({evidence})" if evidence else "")))
