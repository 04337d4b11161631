"""What the templates of the test report show, made from the results."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_etsi.report.failures import failures, headline, listed_units
from pytest_etsi.report.page._together import ITSELF, together
from pytest_etsi.report.plausibility import of_results
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import device_of, evaluations, in_short, left_out, unreviewed
from pytest_etsi.report.told import KINDS, documented, evidence_files, kind_of, reviewed, without_fingerprint
from pytest_etsi.report.views import PLAIN
from pytest_etsi.standard import UnknownIdError, edition
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.report.failures import Failure
    from pytest_etsi.report.kept import Evidence, Kept
    from pytest_etsi.report.steps import Item, Steps
    from pytest_etsi.report.writer import Json

__all__ = ["View"]

_EVIDENCE_BYTES = 60_000
"""Larger evidence is named with its hash, and left where it is."""
_ON_PAPER = 20
"""Entries that are named with something to do."""
_FILES_ON_PAPER = 5000
"""Files of evidence that are listed there."""
_ALL_EVIDENCE_BYTES = 20_000_000
"""How much evidence a page holds; beyond that it is named."""
_DECIDED = {
    "program": "program",
    "judgement": "a person's judgement",
    "documents": "the documents (ICS, IXIT)",
}
_MARKS = {"PASS": "P", "FAIL": "F", "INCONCLUSIVE": "I", "NOT APPLICABLE": "-"}


class Line(NamedTuple):
    """A line of the cover; without a value it is to be filled in by hand."""

    label: str
    value: str


@dataclass
class UnitShown:
    """A unit, with what it does in our words, the verdict of every evaluation, and what is shown of them."""

    id: str
    verdict: str
    does: str
    every: list[str]
    evaluations: list[dict[str, Any]]

    @property
    def verdicts(self) -> str:
        """The verdicts of its evaluations, for the filter."""
        return ",".join(dict.fromkeys(self.every))

    @property
    def counts(self) -> str:
        """``3 PASS, 1 FAIL``."""
        return ", ".join(
            f"{self.every.count(verdict):,} {verdict}" for verdict in _MARKS if verdict in self.every
        )


@dataclass
class View:
    """Everything that the page shows.

    Attributes:
        at_once: how many evaluations it draws at once.
        paper: evaluations that differ in their entry alone are told together.
    """

    kept: Kept
    at_once: int
    paper: bool = False
    _held: int = field(default=0, init=False)

    @property
    def results(self) -> Json:
        """The results."""
        return self.kept.results

    @cached_property
    def lazy(self) -> bool:
        """Whether evaluations are drawn when they are looked at."""
        return sum(1 for group in self.results["groups"] for _ in evaluations(group)) > self.at_once

    @property
    def itself(self) -> str:
        """What stands for an entry where several are told at once."""
        return ITSELF

    @property
    def plain_about_views(self) -> str:
        """What a view is not."""
        return PLAIN

    @property
    def title(self) -> str:
        """Of the window: what was tested."""
        return device_of(self.results)

    @property
    def standards(self) -> str:
        """The method."""
        try:
            known = edition(self.results["edition"])
        except UnknownIdError:
            return f"ETSI TS 103 701, edition {self.results['edition']}"
        return f"{known.test_specification}, for {known.standard}"

    @property
    def laboratory(self) -> Json:
        """Who tests for whom."""
        given: Json = self.results.get("laboratory") or {}
        return given

    @cached_property
    def four_eyes(self) -> bool:
        """Whether each judgement has to be reviewed."""
        return bool(self.laboratory.get("four_eyes"))

    @property
    def unreviewed(self) -> list[str]:
        """Where a review is demanded, the evaluations whose judgement has none."""
        return unreviewed(self.results)

    @property
    def report_number(self) -> str:
        """Empty: to be filled in."""
        return str(self.laboratory.get("report_number", ""))

    @property
    def cover(self) -> list[tuple[str, list[Line]]]:
        """The parts of the cover, as ISO/IEC 17025 clause 7.8.2 has them."""
        given, dut, results = self.laboratory, self.results["dut"], self.results
        tool = results["tool"]

        def of(label: str, key: str) -> Line:
            value = given.get(key, "")
            return Line(label, ", ".join(value) if isinstance(value, list) else str(value))

        item = [
            Line(label, str(dut[key]))
            for label, key in (
                ("Manufacturer", "manufacturer"),
                ("Model", "model"),
                ("Hardware version", "hardware"),
                ("Software version", "software"),
                ("Serial number", "serial"),
                ("MAC address", "mac"),
                ("Network name", "ssid"),
            )
            if dut.get(key) or key in ("manufacturer", "model", "hardware", "software")
        ]
        own = f"{tool.get('name')} {tool.get('version')}"
        return [
            ("Laboratory", [
                of("Name", "name"), of("Address", "address"), of("Accreditation", "accreditation"),
                of("Place of the tests", "location"),
            ]),
            ("Customer", [of("Name", "customer"), of("Contact", "customer_contact")]),
            ("Item tested", [*item, of("Received on", "received"), of("Condition when received", "condition")]),
            ("Tests", [
                Line("Method", self.standards),
                Line("Carried out from", _day_and_time(results.get("started"))),
                Line("to", _day_and_time(results.get("finished"))),
                Line("By program", own),
                Line("Selection", ", ".join(results.get("selection") or ()) or "all test groups"),
                of("Additions to, deviations and exclusions from the method", "deviations"),
            ]),
            ("Report", [
                of("Number", "report_number"), of("Date of issue", "issued"), of("Tested by", "tested_by"),
                of("Authorised by", "authorised_by"),
            ]),
        ]  # fmt: skip

    @property
    def decision_rule(self) -> str:
        """How verdicts rise; what was agreed on, where the laboratory has said it."""
        return str(self.laboratory.get("decision_rule", ""))

    # What came out ------------------------------------------------------------------------------------------

    @cached_property
    def failures(self) -> list[Failure]:
        """What FAILs, by cause."""
        return failures(self.results)

    @property
    def headline(self) -> str:
        """How much fails from how many causes."""
        return headline(self.failures)

    @cached_property
    def steps(self) -> list[Steps]:
        """What is left to do."""
        return steps(self.results)

    def named(self, item: Item) -> str:
        """The entries of something to do; on paper, which has them at the unit, not all of many."""
        most = _ON_PAPER if self.paper else len(item.entries)
        return abridged(item.entries, most) + (", as the unit names them" if len(item.entries) > most else "")

    @property
    def ics_findings(self) -> list[str]:
        """What does not fit in the ICS."""
        return of_results(self.results)

    @property
    def scenarios(self) -> list[tuple[str, str, list[Json]]]:
        """Number, title and groups of each scenario."""
        try:
            titles = edition(self.results["edition"]).scenarios
        except UnknownIdError:
            titles = {}
        by = groupby(self.results["groups"], key=lambda group: str(group["group"]).rpartition("-")[0])
        return [(number, titles.get(number, ""), list(groups)) for number, groups in by]

    def mark(self, verdict: str) -> str:
        """A verdict as one letter, so that it is told apart without colour."""
        return _MARKS[verdict]

    def in_short(self, group: Json) -> str:
        """Where to read on about a group."""
        return in_short(group)

    def listed(self, failure: Failure) -> str:
        """Every evaluation that fails from it."""
        return listed_units(failure.refuted) or f"the ICS: {', '.join(failure.provisions)}"

    def units(self, case: Json) -> list[UnitShown]:
        """The units of a case."""
        return [
            UnitShown(
                f"{case['case']}/{unit['unit']}",
                unit["verdict"],
                self._does.get(f"{case['case']}/{unit['unit']}", ""),
                [one["verdict"] for one in unit["evaluations"]],
                self._all_shown(unit["evaluations"]),
            )
            for unit in case["units"]
        ]

    @cached_property
    def _does(self) -> dict[str, str]:
        try:
            return {unit.id: unit.does for unit in edition(self.results["edition"]).units}
        except UnknownIdError:
            return {}

    def purpose(self, case: Json) -> str:
        """What a test case is about."""
        try:
            return edition(self.results["edition"]).case(case["case"]).purpose
        except UnknownIdError:
            return ""

    def _all_shown(self, evaluations: Iterable[Json]) -> list[dict[str, Any]]:
        shown = map(self._shown, evaluations)
        return together(shown) if self.paper else list(shown)

    def _shown(self, evaluation: Json) -> dict[str, Any]:
        """An evaluation as the page shows it: builtins only, since there may be tens of thousands."""
        verdict = evaluation["verdict"]
        parts = {
            "decided by": f"{_DECIDED.get(evaluation['decided_by'], evaluation['decided_by'])}"
            f"{', in a test of the project' if evaluation.get('source') == 'project' else ''}",
            f"what would {'mend' if verdict == 'FAIL' else 'settle'} it": without_fingerprint(
                evaluation["settle"]
            ),
            "judgement": _judged(evaluation["judgement"], self.four_eyes) if evaluation["judgement"] else "",
        }
        return {
            "verdict": verdict,
            "class": verdict.replace(" ", "-"),
            "where": evaluation["entry"] or "the device as a whole",
            "cause": evaluation["cause"],
            "reason": evaluation["reason"],
            "parts": [pair for pair in parts.items() if pair[1]],
            "carried_out": f"{evaluation['started']}, {evaluation.get('duration_s')} s"
            if evaluation.get("started")
            else "",
            "entries": (),
            "evidence": self.links(item["file"] for item in evaluation["evidence"]),
            "findings": [self._finding(one, verdict) for one in evaluation["findings"]],
        }

    def _finding(self, finding: Json, verdict: str) -> dict[str, Any]:
        kind = kind_of(finding)
        parts = {
            "expected": finding.get("expected", ""),
            "found": finding.get("found", ""),
            "documents": documented(finding),
            "reference": finding.get("source", ""),
            "to settle it": without_fingerprint(finding.get("settle", "")),
        }
        return {
            "kind": kind,
            "label": "left to the person" if kind == "unknown" and verdict == "PASS" else KINDS[kind],
            "message": finding["message"],
            "origin": finding.get("origin", ""),
            "parts": [pair for pair in parts.items() if pair[1]],
            "evidence": self.links(evidence_files(finding)),
        }

    @property
    def left_out(self) -> list[str]:
        """How many planned evaluations were not run, and why."""
        return left_out(self.results)

    @property
    def not_examined(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What was not examined, with the reason: what was not run, and what is not applicable."""
        left = [
            (" ".join(filter(None, (one["unit"], one["entry"]))), one["why"])
            for one in self.results.get("not_run") or ()
        ]
        groups = [
            (group["group"], group["reason"] or group["ics"]["reason"])
            for group in self.results["groups"]
            if group["verdict"] == "NOT APPLICABLE"
        ]
        parts = [
            (f"{case['case']}/{unit['unit']} {one['entry'] or ''}".strip(), one["reason"])
            for group in self.results["groups"]
            if group["verdict"] != "NOT APPLICABLE"
            for case in group["cases"]
            for unit in case["units"]
            for one in unit["evaluations"]
            if one["verdict"] == "NOT APPLICABLE"
        ]
        every = [
            ("Planned, and not run", left),
            ("Provisions that do not apply", groups),
            ("Units that concern nothing in the device", parts),
        ]
        return [(title, rows) for title, rows in every if rows]

    # Evidence -----------------------------------------------------------------------------------------------

    @cached_property
    def evidence(self) -> list[tuple[Evidence, list[str]]]:
        """Every different content once, with the files that have it."""
        return [] if self.too_many_files else [(self._read(names[0]), names) for names in self._same.values()]

    @property
    def too_many_files(self) -> bool:
        """Whether paper has no room for all of them."""
        return self.paper and len(self._same) > _FILES_ON_PAPER

    @cached_property
    def _same(self) -> dict[str, list[str]]:
        """Hash of a content -> the files that have it."""
        files: dict[str, list[str]] = {}
        for file, item in self.kept.items.items():
            files.setdefault(item["sha256"], []).append(file)
        return files

    def _read(self, file: str) -> Evidence:
        most = _EVIDENCE_BYTES if self._held < _ALL_EVIDENCE_BYTES else 0
        one = self.kept.evidence(file, most)
        self._held += len(one.text)
        return one

    def links(self, files: Iterable[str]) -> list[tuple[str, str]]:
        """Files of evidence, each with where it is on the page; empty: the results do not name it."""
        return [(file.removeprefix("evidence/"), self._anchors.get(file, "")) for file in files]

    @cached_property
    def _anchors(self) -> dict[str, str]:
        return {file: f"e-{item['sha256'][:16]}" for file, item in self.kept.items.items()}

    @property
    def observed(self) -> Iterator[tuple[str, str]]:
        """As whom the device was observed."""
        for when, key in (("before the tests", "dut_at_start"), ("after the tests", "dut_at_end")):
            seen = self.results.get(key)
            if isinstance(seen, dict):
                said = seen.get("observed", seen)
                parts = said.items() if isinstance(said, dict) else ()
                yield (
                    when,
                    ", ".join(f"{name} {value}" for name, value in parts) or str(seen.get("detail", "")),
                )


def _judged(judgement: Json, four_eyes: bool) -> str:
    """The judgement, with who made it, when, on what, and why."""
    external = judgement.get("external")
    stale = judgement.get("status") not in (None, "valid")
    parts = [
        f"{judgement['verdict']} by {judgement['assessor']} on {judgement['date']}",
        f" ({judgement['status']})" if stale else "",
        reviewed(judgement, demanded=four_eyes),
        f", resting on {external['document']} by {external['issuer']} ({external['scope']})"
        if external
        else "",
        f": {judgement['rationale']}",
        f" (with {', '.join(judgement['evidence'])})" if judgement.get("evidence") else "",
    ]
    return "".join(parts)


def _day_and_time(time: object) -> str:
    """``2026-11-30 10:41:58 UTC`` of a time of the record."""
    text = str(time or "")
    return f"{text[:10]} {text[11:19]} UTC" if len(text) >= 19 else text
