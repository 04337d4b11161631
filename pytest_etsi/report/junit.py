"""Verdicts in JUnit reports: properties of each case, and of the run as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.report.plausibility import of_results
from pytest_etsi.report.writer import Json, Writer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import pytest

__all__ = ["JUnit"]


class JUnit(Writer):
    """Properties, which other plugins find on the reports of pytest too.

    Args:
        add_to_run: adds a property of the run as a whole, if a report is being written.
    """

    def __init__(self, add_to_run: Callable[[str, str], None]) -> None:
        self._add_to_run = add_to_run

    def concluded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Give the report the properties of the record, instead of those it may have of an earlier one."""
        others = [pair for pair in report.user_properties if not str(pair[0]).startswith("etsi_")]
        report.user_properties = [*others, *_of_case(record, about)]

    recorded = concluded

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Add what is said of each device."""
        for one in results.values():
            for name, value in _of_run(one):
                self._add_to_run(name, value)


def _of_case(record: Json, about: Json) -> Iterator[tuple[str, str]]:
    """What is said of one evaluation; empty values are left out."""
    named = {
        "etsi_device": record["device"],
        "etsi_provision": about["group"],
        "etsi_case": about["case"],
        "etsi_unit": record["unit"],
        "etsi_entry": record["entry"],
        "etsi_verdict": record["verdict"],
        "etsi_cause": record["cause"],
        "etsi_decided_by": record["decided_by"],
        "etsi_reason": record["reason"],
    }
    yield from ((name, _clean(value)) for name, value in named.items() if value)


def _of_run(results: Json) -> Iterator[tuple[str, str]]:
    """What is said of a device; the names carry the device's, because a run may assess several."""
    prefix = f"etsi.{results['profile']['name']}"
    for key in ("manufacturer", "model", "hardware", "software"):
        value = results.get("dut", {}).get(key)
        if value:
            yield f"{prefix}.dut.{key}", _clean(value)
    yield f"{prefix}.edition", _clean(results["edition"])
    yield f"{prefix}.overall", _clean(results["overall"])
    for verdict, number in results.get("counts", {}).items():
        yield f"{prefix}.count.{verdict.lower().replace(' ', '-')}", str(number)
    for number, line in enumerate(of_results(results), start=1):
        yield f"{prefix}.ics.{number}", _clean(line)


def _clean(value: object) -> str:
    """As text without the control characters that XML cannot hold."""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else " " for char in text)
