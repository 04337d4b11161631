"""SARIF 2.1.0: what FAILs as errors and what is open as notes, pointing into the documents."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from pytest_etsi.report.summary import evaluations
from pytest_etsi.report.told import evidence_files, where, without_fingerprint
from pytest_etsi.report.writer import Form, Json
from pytest_etsi.standard import UnknownIdError, edition
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.kept import Kept

__all__ = ["Sarif"]

_SOURCE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]{1,9})(?::(?P<column>[0-9]{1,9}))?")


class Sarif(Form):
    """A log with one run."""

    name: ClassVar[str] = "sarif"
    file: ClassVar[str] = "results.sarif"

    def text(self, kept: Kept) -> str:
        """The log."""
        return json.dumps(_log(kept.results), indent=1) + "\n"


def _log(results: Json) -> dict[str, Any]:
    found = list(_results(results))
    rules = list(dict.fromkeys(one["ruleId"] for one in found))
    number = {rule: at for at, rule in enumerate(rules)}
    for one in found:
        one["ruleIndex"] = number[one["ruleId"]]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "pytest-etsi",
                        "version": str(results["tool"].get("version", "")),
                        "rules": [_rule(rule, results) for rule in rules],
                    }
                },
                "automationDetails": {"id": f"etsi/{_quoted(str(results['profile'].get('name', '')))}/"},
                "invocations": [
                    {
                        "executionSuccessful": not results.get("not_run"),
                        **({"startTimeUtc": results["started"]} if results.get("started") else {}),
                        **({"endTimeUtc": results["finished"]} if results.get("finished") else {}),
                    }
                ],
                "columnKind": "unicodeCodePoints",
                "results": found,
                "properties": {"overall": results["overall"], "edition": results["edition"]},
            }
        ],
    }


def _rule(unit: str, results: Json) -> dict[str, Any]:
    group = next((one for one in results["groups"] for known, _ in evaluations(one) if known == unit), None)
    title = group["title"] if group else ""
    try:
        does = edition(results["edition"]).unit(unit).does
    except UnknownIdError:
        does = neutralised(title)
    name = neutralised(f"{group['group']} {title}" if group else unit)
    return {"id": unit, "shortDescription": {"text": name}, "fullDescription": {"text": does or name}}


def _results(results: Json) -> Iterator[dict[str, Any]]:
    for group in results["groups"]:
        for unit, one in evaluations(group):
            if one["verdict"] == "FAIL":
                violations = [found for found in one["findings"] if found.get("kind") == "violation"]
                for found in violations or [{"message": one["reason"]}]:
                    yield _result(unit, one, "error", str(found["message"]), [found])
            elif one["verdict"] == "INCONCLUSIVE":
                settle = without_fingerprint(one["settle"])
                text = f"{one['reason']}. To settle it: {settle}" if settle else one["reason"]
                yield _result(unit, one, "note", text, one["findings"])


def _result(unit: str, one: Json, level: str, text: str, findings: list[Json]) -> dict[str, Any]:
    name = neutralised(where(unit, one["entry"]))
    places = [place for found in findings if (place := _place(found))]
    unique = list({json.dumps(place): place for place in places}.values())
    shown = neutralised(text)
    identity = "\n".join((name, level, shown if level == "error" else neutralised(one["reason"])))
    files = dict.fromkeys(neutralised(file) for found in findings for file in evidence_files(found))
    return {
        "ruleId": unit,
        "level": level,
        "message": {"text": f"{name}: {shown}"},
        "locations": [
            {
                **({"physicalLocation": unique[0]} if unique else {}),
                "logicalLocations": [{"fullyQualifiedName": name, "kind": "object"}],
            }
        ],
        **(
            {
                "relatedLocations": [
                    {"id": at, "physicalLocation": place} for at, place in enumerate(unique[1:], 1)
                ]
            }
            if unique[1:]
            else {}
        ),
        "partialFingerprints": {"evaluation/v1": hashlib.sha256(identity.encode()).hexdigest()},
        "properties": {
            "verdict": one["verdict"],
            **({"cause": one["cause"]} if one["cause"] else {}),
            **({"origins": one["origins"]} if one.get("origins") else {}),
            **({"evidence": list(files)} if files else {}),
        },
    }


def _place(finding: Json) -> dict[str, Any] | None:
    """Where the documents say it; None: no one place does."""
    match = _SOURCE.fullmatch(str((finding.get("place") or {}).get("source", "")))
    if match is None:
        return None
    path = Path(match["file"])
    region = {"startLine": int(match["line"])}
    if match["column"]:
        region["startColumn"] = int(match["column"])
    address = f"{'file://' if path.is_absolute() else ''}{_quoted(path.as_posix())}"
    return {"artifactLocation": {"uri": address}, "region": region} if all(region.values()) else None


def _quoted(text: str) -> str:
    """As a part of an address, also what no encoding has: half of a surrogate pair."""
    return quote(text, errors="backslashreplace")
