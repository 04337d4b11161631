"""``results.json``: everything that came out of an assessment, from which every report is made.

The keys are described in docs/reference-results.md; the schema is `pytest_etsi/report/results.schema.json`.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment._alike import alike
from pytest_etsi.assessment.doubts import despite_drafts
from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.assessment.judgement import needs_judgement
from pytest_etsi.assessment.origins import with_origins
from pytest_etsi.assessment.planned import ics_to_json
from pytest_etsi.assessment.reasons import of_group, of_open_unit, of_readings
from pytest_etsi.assessment.rollup import (
    GroupVerdict,
    Readings,
    case_verdict,
    group_verdict,
    mandatory,
    overall,
    readings,
    unit_readings,
    unit_verdict,
)
from pytest_etsi.text import in_json
from pytest_etsi.verdict import Cause, Outcome, Verdict, combine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pytest_etsi.assessment.planned import Plan, PlannedEvaluation, PlannedGroup
    from pytest_etsi.profile import Profile
    from pytest_etsi.redaction import Redactor
    from pytest_etsi.standard import Case, Unit

__all__ = [
    "ENDED_BEFORE",
    "FORMAT",
    "NOT_RUN",
    "build_results",
    "digest_of",
    "dut_identity",
    "masked",
    "write_results",
]

FORMAT = 1

NOT_RUN = "not run"
"""Reason of an evaluation that was planned but has no record."""

ENDED_BEFORE = "the run ended before it"
"""Why that is so where nobody knows better."""


def dut_identity(profile: Profile) -> dict[str, str]:
    """The device as the profile names it."""
    dut = profile.dut
    named = {"serial": dut.serial, "mac": dut.mac, "ssid": dut.ssid}
    return {
        "manufacturer": dut.manufacturer,
        "model": dut.model,
        "hardware": dut.hardware,
        "software": dut.software,
    } | {name: value for name, value in named.items() if value}


def _laboratory(profile: Profile) -> dict[str, Any] | None:
    """Who tests for whom, as far as the profile says; None: it says nothing."""
    return profile.laboratory.model_dump(mode="json", exclude_defaults=True) or None


def build_results(
    profile: Profile,
    plan: Plan,
    records: Iterable[Mapping[str, Any]],
    meta: Mapping[str, Any],
    why_not_run: Callable[[PlannedEvaluation], str] | None = None,
) -> dict[str, Any]:
    """The results of an assessment.

    Args:
        profile: the device's documents.
        plan: what was to be evaluated; every evaluation in it appears in the results.
        records: lines of the journal; those that are no evaluations are left aside.
        meta: started, finished, tool, dut_at_start and dut_at_end.
        why_not_run: says why a planned evaluation has no record; None: the run ended before it.
    """
    recorded: dict[str, list[Mapping[str, Any]]] = {}
    for record in records:
        if record.get("record", "evaluation") == "evaluation":
            recorded.setdefault(record["unit"], []).append(record)
    selected = {unit.id for unit in plan.units}
    tally = _Tally(why_not_run or (lambda _: ENDED_BEFORE))
    groups = [_group(group, plan, selected, recorded, tally) for group in plan.groups]
    seen = [
        GroupVerdict(Verdict(result["verdict"]), group.provision.status, group.ics.releases)
        for group, result in zip(plan.groups, groups, strict=True)
    ]
    partial = bool(plan.selection)
    for result in groups:
        tally.add("groups", Verdict(result["verdict"]))
    return {
        "format": FORMAT,
        "tool": meta.get("tool", {}),
        "edition": plan.edition,
        "started": meta.get("started"),
        "finished": meta.get("finished"),
        "profile": {"name": profile.name, "path": str(profile.path), "fingerprint": profile.fingerprint},
        "dut": dut_identity(profile),
        "laboratory": _laboratory(profile),
        "dut_at_start": meta.get("dut_at_start"),
        "dut_at_end": meta.get("dut_at_end"),
        "permissions": list(plan.permissions),
        "selection": list(plan.selection) or None,
        "partial": partial,
        "overall": str(overall(seen, partial=partial)),
        "overall_mandatory": str(mandatory(seen, partial=partial)),
        "counts": tally.counts["groups"],
        "counts_by": {level: tally.counts[level] for level in ("cases", "units", "evaluations")},
        "ics_findings": [finding.to_json() for finding in ics_findings(profile)],
        "origins": with_origins(groups),
        "not_run": tally.not_run,
        "groups": groups,
    }


@dataclass
class _Tally:
    """What is counted and collected on the way through groups, cases and units."""

    why_not_run: Callable[[PlannedEvaluation], str]
    not_run: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, dict[str, int]] = field(
        default_factory=lambda: {
            level: {str(verdict): 0 for verdict in Verdict}
            for level in ("groups", "cases", "units", "evaluations")
        }
    )

    def add(self, level: str, verdict: Verdict) -> None:
        self.counts[level][str(verdict)] += 1


def _group(
    group: PlannedGroup,
    plan: Plan,
    selected: set[str],
    recorded: Mapping[str, Sequence[Mapping[str, Any]]],
    tally: _Tally,
) -> dict[str, Any]:
    cases = [
        _case(case, units, group, plan, recorded, tally)
        for case in group.group.cases
        if (units := [unit for unit in case.units if unit.id in selected])
    ]
    verdict = group_verdict(
        group.ics,
        (Verdict(case["verdict"]) for case in cases),
        partial=any(unit.id not in selected for case in group.group.cases for unit in case.units),
    )
    reason, cause, settle = of_group(group, verdict, cases)
    return {
        "group": group.group.id,
        "title": group.group.title,
        "status": group.provision.status,
        "condition": list(group.provision.conditional),
        "support": group.support,
        "ics": ics_to_json(group),
        "verdict": str(verdict),
        "cause": cause,
        "reason": reason,
        "settle": settle,
        "cases": cases,
    }


def _case(
    case: Case,
    units: Sequence[Unit],
    group: PlannedGroup,
    plan: Plan,
    recorded: Mapping[str, Sequence[Mapping[str, Any]]],
    tally: _Tally,
) -> dict[str, Any]:
    judged = [_unit(unit, plan.for_unit(unit.id), recorded.get(unit.id, ()), tally) for unit in units]
    partial = group.assessed and len(units) < len(case.units)
    alternative = {letter for letters in case.alternatives for letter in letters}
    verdicts = [one.verdict for one in judged if one.letter not in alternative]
    read: Readings | None = None
    if any(one.letter in alternative for one in judged):
        by_entry: dict[str, Mapping[str | None, Verdict]]
        by_entry = {letter: {None: Verdict.INCONCLUSIVE} for letter in alternative}
        by_entry |= {one.letter: one.by_entry for one in judged}
        read = readings(by_entry, case.alternatives, one_is_enough=case.one_is_enough)
        verdicts.append(read.verdict)
    verdict = case_verdict(verdicts, partial=partial)
    tally.add("cases", verdict)
    shown = [one.to_json() for one in judged]
    why: dict[str, Any] = {}
    if verdict is Verdict.INCONCLUSIVE and not partial:
        if read is not None and read.differ:
            why = of_readings(case, read, shown)
        else:
            open_ = [
                of_open_unit(unit, one.read, one.to_json())
                for unit, one in zip(units, judged, strict=True)
                if one.read is not None and one.read.differ
            ]
            why = open_[0] if open_ else {}
    return {
        "case": case.id,
        "kind": case.kind,
        "verdict": str(verdict),
        **({"basis": case.reconstructed} if case.reconstructed else {}),
        **why,
        "units": shown,
    }


@dataclass(frozen=True)
class _Judged:
    """A unit with its verdict; `by_entry`: that of each entry, and under None what concerns the unit as a whole.

    Attributes:
        read: both readings, where it is open whether one entry that passes is enough; None: it is not open.
    """

    letter: str
    verdict: Verdict
    by_entry: Mapping[str | None, Verdict]
    shown: Sequence[Mapping[str, Any]]
    read: Readings | None = None

    def to_json(self) -> dict[str, Any]:
        return {"unit": self.letter, "verdict": str(self.verdict), "evaluations": list(self.shown)}


def _unit(
    unit: Unit, planned: Sequence[PlannedEvaluation], records: Sequence[Mapping[str, Any]], tally: _Tally
) -> _Judged:
    own = [record for record in records if record.get("source") == "project"]
    by_suite: dict[str | None, list[Mapping[str, Any]]] = {}
    for record in records:
        if record.get("source") != "project":
            by_suite.setdefault(record.get("entry"), []).append(record)
    entries: dict[str | None, list[Verdict]] = {}
    shown: list[dict[str, Any]] = []
    for evaluation in planned:
        results = _evaluations(evaluation, by_suite.get(evaluation.entry, ()), own, tally)
        shown.extend(results)
        if results:
            entries[evaluation.entry] = [Verdict(result["verdict"]) for result in results]
    concerned = any(evaluation.applies is not False for evaluation in planned)
    whole: list[Verdict] = []
    for record in sorted(own, key=lambda one: (str(one.get("entry") or ""), str(one.get("node")))):
        result = _from_record(record)
        shown.append(result)
        verdict = Verdict(result["verdict"])
        # Where the documents say that nothing is concerned, a project's own test can only speak against it.
        if not concerned and verdict is Verdict.PASS:
            continue
        entry = record.get("entry")
        if any(one.entry == entry for one in planned):
            entries.setdefault(entry, []).append(verdict)
        else:
            whole.append(verdict)
    verdict = unit_verdict(entries, rule=unit.combine, whole=whole)
    tally.add("units", verdict)
    for result in shown:
        tally.add("evaluations", Verdict(result["verdict"]))
    by_entry = {entry: combine(verdicts) for entry, verdicts in entries.items()}
    if whole:
        by_entry[None] = combine([*whole, *([by_entry[None]] if None in by_entry else [])])
    read = unit_readings(entries) if unit.combine == "open" else None
    return _Judged(unit.letter, verdict, by_entry, shown, read)


def _evaluations(
    planned: PlannedEvaluation,
    records: Sequence[Mapping[str, Any]],
    own: Sequence[Mapping[str, Any]],
    tally: _Tally,
) -> list[dict[str, Any]]:
    """What the suite (`records`), a judgement or the documents say of one planned evaluation."""
    run = [_from_record(record) for record in records]
    if run:
        return run
    if planned.applies is False:
        return [
            _without_run(
                planned, Verdict.NOT_APPLICABLE, planned.reason, source="documents", decided_by="documents"
            )
        ]
    if planned.automated:
        why = tally.why_not_run(planned)
        tally.not_run.append({"unit": planned.unit.id, "entry": planned.entry, "why": why})
        return [
            _without_run(
                planned,
                Verdict.INCONCLUSIVE,
                NOT_RUN,
                cause=Cause.ERROR,
                settle=f"Run the unit: {why}.",
            )
        ]
    judged = planned.judged
    covered = any(record.get("entry") in (planned.entry, None) for record in own)
    if covered and not needs_judgement(planned.unit) and (judged is None or judged.status == "missing"):
        return []
    if judged is None:
        raise ValueError(f"{planned.unit.id}: planned without its judgement")
    outcome = despite_drafts(
        Outcome(judged.verdict, judged.reason, judged.cause, judged.settle), planned.unread
    )
    return [
        _without_run(
            planned,
            outcome.verdict,
            outcome.reason,
            cause=outcome.cause,
            settle=outcome.settle,
            source="judgement",
            decided_by="judgement",
            judgement=judged.to_json(),
            findings=[finding.to_json() for finding in outcome.findings],
        )
    ]


def _without_run(
    planned: PlannedEvaluation,
    verdict: Verdict,
    reason: str,
    *,
    cause: Cause | None = None,
    settle: str = "",
    source: str = "suite",
    decided_by: str = "program",
    judgement: dict[str, Any] | None = None,
    findings: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "node": None,
        "entry": planned.entry,
        "source": source,
        "verdict": str(verdict),
        "cause": str(cause) if cause else None,
        "decided_by": decided_by,
        "reason": reason,
        "settle": settle,
        "judgement": judgement,
        "findings": list(findings),
        "evidence": [],
        "started": None,
        "duration_s": None,
    }


def _from_record(record: Mapping[str, Any]) -> dict[str, Any]:
    verdict = Verdict(record["verdict"])
    open_ = verdict is Verdict.INCONCLUSIVE
    said = {
        "node": record.get("node"),
        "entry": record.get("entry"),
        "source": record.get("source", "suite"),
        "verdict": str(verdict),
        "cause": str(Cause(record.get("cause") or Cause.ERROR)) if open_ else None,
        "decided_by": record.get("decided_by", "program"),
        "reason": record.get("reason", ""),
        "settle": record.get("settle", ""),
        "judgement": record.get("judgement"),
        "findings": record.get("findings", []),
        "evidence": record.get("evidence", []),
        "started": record.get("started"),
        "duration_s": record.get("duration_s"),
    }
    return alike("evaluation", said.items())


def masked(results: Mapping[str, Any], redact: Redactor) -> dict[str, Any]:
    """The results with the secrets masked in the texts that people wrote; ids stay as they are."""
    made: dict[str, Any] = _masked(results, redact)
    return made | {"laboratory": redact.builtins(made["laboratory"])}


def _masked(value: Any, redact: Redactor) -> Any:
    """The value itself where nothing in it had to be masked: of most of it there is no second copy."""
    if isinstance(value, dict):
        changed = {}
        for key, item in value.items():
            free = key in _FREE_TEXT and isinstance(item, str)
            made = redact.text(item) if free else _masked(item, redact)
            if (made != item) if free else (made is not item):
                changed[key] = made
        return value | changed if changed else value
    if isinstance(value, list):
        parts = [_masked(item, redact) for item in value]
        return value if all(one is item for one, item in zip(parts, value, strict=True)) else parts
    return value


_FREE_TEXT = frozenset({"reason", "settle", "detail", "rationale"})


def _json(value: Any, indent: str = "\n") -> Iterator[str]:
    """JSON, indented down to the evaluations, each of which stands on one line: to be read, compared and searched."""
    encode = _ENCODER.encode
    inner = f"{indent} "
    if isinstance(value, dict) and value and "node" not in value:
        for number, (key, item) in enumerate(value.items()):
            yield f"{',' if number else '{'}{inner}{encode(key)}: "
            yield from _json(item, inner)
        yield f"{indent}}}"
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for number, item in enumerate(value):
            yield f"{',' if number else '['}{inner}"
            yield from _json(item, inner)
        yield f"{indent}]"
    else:
        yield encode(value)


_ENCODER = json.JSONEncoder(ensure_ascii=False)


def digest_of(results: Mapping[str, Any]) -> str:
    """The hash of what the results say, but for where they stand in the record, which itself holds this hash.

    Raises:
        ValueError: they hold what JSON does not have.
    """
    said = {key: value for key, value in results.items() if key != "record"}
    digest = hashlib.sha256()
    for part in _compact(said):
        digest.update(part.encode("ascii"))
    return digest.hexdigest()


def _compact(said: Mapping[str, Any]) -> Iterator[str]:
    """JSON with its keys in order and without blanks; the groups one by one, since together they may be large."""
    encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
    if not said:
        yield "{}"
        return
    for number, key in enumerate(sorted(said)):
        yield f"{',' if number else '{'}{encode(key)}:"
        if key == "groups" and isinstance(said[key], list) and said[key]:
            yield from (f"{',' if index else '['}{encode(group)}" for index, group in enumerate(said[key]))
            yield "]"
        else:
            yield encode(said[key])
    yield "}"


def write_results(path: Path, results: Mapping[str, Any]) -> None:
    """Write the results; whatever happens meanwhile, the file is the old one or the whole new one."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.writelines(map(in_json, _json(results)))
            file.write("\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
