"""Recorded judgements: which one answers a unit, and whether it is still about what was judged."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.profile import Entry, Judgement, Profile
    from pytest_etsi.standard import Unit

__all__ = ["JudgementState", "Status", "find", "fingerprint", "needs_judgement"]

Status = Literal["valid", "failed", "open", "stale", "missing"]


@dataclass(frozen=True, slots=True)
class JudgementState:
    """What the profile has recorded on one evaluation.

    Attributes:
        status: valid: recorded on exactly this, and it holds (or nothing is concerned); failed: recorded on
            exactly this, and it does not hold; open: recorded on exactly this, without a conclusion; stale:
            recorded on something that has changed since; missing: nothing recorded.
        judgement: the one that counts; None when missing.
        fingerprint: what a judgement made now has to carry.
        question: what a competent person has to answer.
    """

    status: Status
    judgement: Judgement | None
    fingerprint: str
    question: str

    @property
    def verdict(self) -> Verdict:
        """What the judgement makes of the evaluation: INCONCLUSIVE when missing or stale."""
        if self.judgement is None or self.status in ("stale", "missing"):
            return Verdict.INCONCLUSIVE
        return Verdict(self.judgement.verdict)

    @property
    def cause(self) -> Cause | None:
        """Set where the verdict is INCONCLUSIVE."""
        return Cause.JUDGEMENT if self.verdict is Verdict.INCONCLUSIVE else None

    @property
    def reason(self) -> str:
        """One sentence for the record."""
        if self.judgement is None:
            return "no judgement is recorded"
        by = f"{sentence(self.judgement.assessor)} ({self.judgement.date})"
        if self.status == "stale":
            return f"the judgement by {by} is about an earlier state of the documents or the software"
        if self.verdict is Verdict.INCONCLUSIVE:
            return f"{by} could not conclude: {sentence(self.judgement.rationale)}"
        return f"judged by {by}: {sentence(self.judgement.rationale)}"

    @property
    def settle(self) -> str:
        """What would settle it; empty where a judgement stands."""
        if self.verdict is not Verdict.INCONCLUSIVE:
            return ""
        again = "Judge again" if self.status == "stale" else "Judge"
        return f"{again} and record it with fingerprint {self.fingerprint}: {self.question}"

    def to_json(self) -> dict[str, Any] | None:
        """The judgement as it stands in the record; None when missing."""
        if self.judgement is None:
            return None
        return {
            "status": self.status,
            "verdict": str(self.judgement.verdict),
            "assessor": self.judgement.assessor,
            "date": str(self.judgement.date),
            "basis": self.judgement.basis,
            "rationale": self.judgement.rationale,
            "evidence": [str(path) for path in self.judgement.evidence],
            "fingerprint": self.judgement.fingerprint,
        }


def needs_judgement(unit: Unit) -> bool:
    """Whether only a person can confirm the unit, whatever a program finds: a conceptual assess unit."""
    return unit.mode == "assess" and not unit.functional


def fingerprint(profile: Profile, unit: Unit, entry: str | None) -> str:
    """Hash over everything a judgement of this evaluation is about: "sha256:...".

    That is the unit in its edition; the IXIT entry without the part that says how a program reaches it; the
    fields that the unit reads in other tables; the ICS rows of all recommendations, for the group about the ICS
    itself; the DUT's software version, for a functional unit.
    """
    # The editions give some units of one id another meaning.
    about: dict[str, Any] = {"format": 1, "edition": profile.edition, "unit": unit.id}
    if unit.iterates is not None:
        table = profile.ixit.tables[unit.iterates]
        chosen = [item for item in table if entry is None or item.id == entry]
        about["entries"] = [_document(item) for item in chosen]
    everything = "*" in unit.reads
    for table_id in _tables(profile) if everything else unit.reads:
        if table_id == unit.iterates:
            continue
        fields = None if everything else unit.reads[table_id]
        about.setdefault("reads", {})[table_id] = [
            _fields(item, fields) for item in profile.ixit.tables[table_id]
        ]
    if unit.case.rpartition("-")[0] in ALWAYS_ASSESSED:
        about["ics"] = {
            row_id: [row.support, row.detail]
            for row_id, row in sorted(profile.ics.rows.items())
            if edition(profile.edition).provision(row_id).status == "R"
        }
    if unit.functional:
        about["software"] = profile.dut.software
    text = json.dumps(about, sort_keys=True, ensure_ascii=True, default=str)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


def _tables(profile: Profile) -> Iterable[str]:
    return (table.id for table in edition(profile.edition).tables)


def _document(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.raw.items() if name != "access"}


def _fields(entry: Entry, fields: tuple[str, ...] | None) -> dict[str, Any]:
    raw = _document(entry)
    return raw if fields is None else {"ID": entry.id, **{name: raw.get(name, "") for name in fields}}


def find(profile: Profile, unit: Unit, entry: str | None) -> JudgementState:
    """The judgement that answers an evaluation, and whether it still is about what it was made on.

    A judgement may carry a shortened fingerprint; the documents see to it that it is long enough.
    """
    asked = fingerprint(profile, unit, entry)
    recorded = [one for one in profile.judgements if (one.unit, one.entry) == (unit.id, entry)]
    fresh = [one for one in recorded if one.fingerprint and asked.startswith(one.fingerprint)]
    if not recorded:
        return JudgementState("missing", None, asked, unit.does)
    if not fresh:
        return JudgementState("stale", recorded[-1], asked, unit.does)
    failed = [one for one in fresh if Verdict(one.verdict) is Verdict.FAIL]
    open_ = [one for one in fresh if Verdict(one.verdict) is Verdict.INCONCLUSIVE]
    status: Status = "failed" if failed else "open" if open_ else "valid"
    return JudgementState(status, (failed or open_ or fresh)[-1], asked, unit.does)
