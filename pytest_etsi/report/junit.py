"""Verdicts in JUnit reports: what became of each case with its whole reason, and properties of cases and of the run.

JUnit knows failures and errors: FAIL is a failure, INCONCLUSIVE an error or, where no run fails for it, skipped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from pytest_etsi.report.plausibility import of_results
from pytest_etsi.report.summary import evaluations
from pytest_etsi.report.told import summary_of, told, where
from pytest_etsi.report.writer import Json, Writer
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import pytest

__all__ = ["JUnit", "JUnitXml"]


class JUnitXml(Protocol):
    """What of pytest's JUnit report can be changed; nothing happens where none is written."""

    def add_property(self, name: str, value: str) -> None:
        """Add a property of the run as a whole."""

    def turn(self, report: pytest.TestReport, name: str, tag: str, message: str) -> None:
        """Give a case that is being written another name and, with a tag, another ending with a whole message."""

    def add(
        self,
        node: str,
        name: str,
        ending: tuple[str, str, str] | None,
        properties: Iterable[tuple[str, str]],
        duration_s: float,
    ) -> None:
        """Add a case that this process has not run: its tag, message and text; None: it has passed."""


class JUnit(Writer):
    """Cases and properties; the latter other plugins find on the reports of pytest too.

    Args:
        xml: the report of pytest.
        open_is_error: whether an INCONCLUSIVE is an error; otherwise it is skipped.
    """

    def __init__(self, xml: JUnitXml, *, open_is_error: bool = True) -> None:
        self._xml = xml
        self._tags = {Verdict.FAIL: "failure", Verdict.NOT_APPLICABLE: "skipped"}
        self._tags[Verdict.INCONCLUSIVE] = "error" if open_is_error else "skipped"
        self._written: set[str | None] = set()
        self._pairs: dict[tuple[str, str], tuple[str, str]] = {}

    def concluded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Give the report the properties of the record, instead of those it may have of an earlier one."""
        others = [pair for pair in report.user_properties if not str(pair[0]).startswith("etsi_")]
        report.user_properties = [*others, *self._properties(record, about["group"])]

    def recorded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Turn the case into what the record says, with the whole reason as message."""
        self.concluded(report, record, about)
        self._written.add(record.get("node"))
        suite = record.get("source", "suite") == "suite"
        tag = self._tags.get(Verdict(record["verdict"]), "")
        if suite:
            self._xml.turn(report, where(record["unit"], record["entry"]), tag, _clean(summary_of(record)))

    def _properties(self, record: Json, group: str) -> Iterator[tuple[str, str]]:
        """What is said of one evaluation: pytest keeps it to the end, so that there is one of each that is alike."""
        for pair in _of_case(record, group):
            yield pair if pair[0] == "etsi_reason" else self._pairs.setdefault(pair, pair)

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Add what is said of each device, and the cases of earlier parts of a run that was resumed."""
        for one in results.values():
            for name, value in _of_run(one):
                self._xml.add_property(name, value)
            for group in one.get("groups", ()):
                for unit, found in evaluations(group):
                    if found.get("node") and found["node"] not in self._written:
                        self._add_earlier(unit, found, group, one)

    def _add_earlier(self, unit: str, found: Json, group: Json, results: Json) -> None:
        record = {**found, "unit": unit, "device": results["profile"]["name"]}
        tag = self._tags.get(Verdict(found["verdict"]))
        text = "\n".join(told(record, {"group": group["group"], "group_title": group.get("title", "")}))
        ending = (tag, _clean(summary_of(record)), text) if tag else None
        properties = _of_case(record, group["group"])
        self._xml.add(
            found["node"], where(unit, found["entry"]), ending, properties, found.get("duration_s") or 0.0
        )


def _of_case(record: Json, group: str) -> Iterator[tuple[str, str]]:
    """What is said of one evaluation; empty values are left out."""
    named = {
        "etsi_device": record["device"],
        "etsi_provision": group,
        "etsi_case": record["unit"].partition("/")[0],
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
