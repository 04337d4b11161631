"""One evaluation told in lines: verdict, reason, every finding with its place and evidence, and what would settle it.

Every form that shows an evaluation as text shows these lines; none of them is shortened.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any

    from pytest_etsi.report.writer import Json

__all__ = [
    "documented",
    "evidence_files",
    "finding_lines",
    "reviewed",
    "summary_of",
    "told",
    "where",
    "without_fingerprint",
]

_FINGERPRINT = re.compile(r" with fingerprint sha256:[0-9a-f]+(?:-[0-9a-f]+)?")
"""Too long to read; it is in results.json and in the plan."""
KINDS = {"violation": "against it", "unknown": "open", "note": "to look at"}
"""What a finding means, by its kind, the weightiest first."""


def where(unit: str, entry: object) -> str:
    """Unit and entry: ``5.1-5-2/b AuthMech-web``."""
    return f"{unit} {entry}" if entry else unit


def without_fingerprint(text: object) -> str:
    """What would settle something, without the fingerprint that a judgement has to carry, on one line."""
    return _FINGERPRINT.sub("", " ".join(str(text).split()))


def summary_of(record: Json) -> str:
    """Verdict and reason in a line: ``FAIL: tcp/23 offers a login that 1-AuthMech does not list``."""
    cause = f" ({record['cause']})" if record.get("cause") else ""
    return f"{record['verdict']}{cause}: {record['reason']}"


def told(record: Json, about: Json) -> list[str]:
    """The whole evaluation.

    Args:
        record: the evaluation, as it is recorded.
        about: titles of what it belongs to.
    """
    return list(_told(record, about))


def _told(record: Json, about: Mapping[str, Any]) -> Iterator[str]:
    cause = f" ({record['cause']})" if record.get("cause") else ""
    yield f"{record['verdict']}{cause}: {where(record['unit'], record.get('entry'))}"
    if about.get("group_title"):
        yield f"{about['group']} {about['group_title']}"
    yield ""
    findings = sorted(record.get("findings", ()), key=lambda one: tuple(KINDS).index(kind_of(one)))
    reason = " ".join(str(record.get("reason", "")).split())
    if reason:
        yield reason
    if settle := without_fingerprint(record.get("settle", "")):
        yield f"to {'mend' if record['verdict'] == 'FAIL' else 'settle'} it: {settle}"
    for number, finding in enumerate(findings, start=1):
        yield ""
        yield from finding_lines(finding, f"{number}. ")
    named = {file for finding in findings for file in evidence_files(finding)}
    rest = [item["file"] for item in record.get("evidence", ()) if item["file"] not in named]
    if rest:
        yield ""
        yield from (f"evidence: {file}" for file in rest)


def finding_lines(finding: Json, number: str = "") -> Iterator[str]:
    """A finding: what was seen, what was expected and found, what the documents say where, and the evidence."""
    indent = " " * len(number)
    source = f" [{finding['source']}]" if finding.get("source") else ""
    yield f"{number}{KINDS[kind_of(finding)]}: {' '.join(str(finding.get('message', '')).split())}{source}"
    for key in ("expected", "found"):
        if finding.get(key):
            yield f"{indent}{key}: {' '.join(str(finding[key]).split())}"
    if says := documented(finding):
        yield f"{indent}documents: {says}"
    if finding.get("settle"):
        yield f"{indent}to settle it: {without_fingerprint(finding['settle'])}"
    yield from (f"{indent}evidence: {file}" for file in evidence_files(finding))


def reviewed(judgement: Json, *, demanded: bool = False) -> str:
    """Who has reviewed a judgement, to be put behind who made it; that nobody has, where that is demanded."""
    if by := judgement.get("reviewed_by"):
        return f", reviewed by {by} on {judgement.get('reviewed_on')}"
    return ", not reviewed by a second person" if demanded else ""


def kind_of(finding: Json) -> str:
    """What a finding means for the verdict; one of a project's own may not say it."""
    kind = str(finding.get("kind"))
    return kind if kind in KINDS else "note"


def documented(finding: Json) -> str:
    """Where the documents say what was expected: ``1-AuthMech/AuthMech-web: facts.tls (ixit/01-AuthMech.yaml:33)``."""
    place = finding.get("place") or {}
    named = ": ".join(str(place[key]) for key in ("entry", "field") if place.get(key))
    source = place.get("source", "")
    return f"{named} ({source})" if named and source else named or str(source)


def evidence_files(finding: Json) -> Sequence[str]:
    """The files that show what was observed."""
    return tuple(finding.get("evidence") or ())
