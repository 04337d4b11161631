"""A whole run in which everything came to PASS: the kept one, with its record and results written anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from camera_run import camera_run, evaluations_of
from record_files import forge

from pytest_etsi.assessment.results import digest_of, write_results

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["passed_run", "rewrite"]

_OPEN = ("FAIL", "INCONCLUSIVE")
_PASS = {"verdict": "PASS", "cause": None}


def passed_run(directory: Path) -> Path:
    """Lay it into a directory; gives the directory of its results. Every hash fits, and every level follows."""
    made = camera_run(directory)
    rewrite(made, _all_pass)
    return made


def rewrite(
    directory: Path, change: Callable[[dict[str, Any], list[dict[str, Any]]], None]
) -> dict[str, Any]:
    """Change results and record of a run, and write both as if they had always been so; gives the results."""
    record, path = directory / "record.jsonl", directory / "results.json"
    results: dict[str, Any] = json.loads(path.read_bytes())

    def changed(records: list[dict[str, Any]]) -> None:
        change(results, records)
        records[-1]["results"] = digest_of(results)
        records[-1]["overall"] = results["overall"]

    forge(record, changed)
    lines = record.read_bytes().splitlines()
    results["record"] = {"lines": len(lines), "hash": json.loads(lines[-1])["hash"]}
    write_results(path, results)
    return results


def _all_pass(results: dict[str, Any], records: list[dict[str, Any]]) -> None:
    found = [one for _, one in evaluations_of(results)]
    found += [one for one in records if one["record"] == "evaluation"]
    for group in results["groups"]:
        found += [group, *group["cases"], *(unit for case in group["cases"] for unit in case["units"])]
    for one in found:
        if one["verdict"] in _OPEN:
            one |= _PASS
            if "reason" in one:
                one["reason"] = "it was examined, and nothing speaks against it"
    for case in (case for group in results["groups"] for case in group["cases"]):
        case.pop("cause", None)
    results |= {"overall": "PASS", "overall_mandatory": "PASS", "origins": []}
