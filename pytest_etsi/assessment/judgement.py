"""Recorded judgements: which one answers a unit, and whether it is still about what was judged."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi import clock
from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.rollup import ALWAYS_ASSESSED
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.judged_file import digest_of, digest_of_encoded, encoded
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pytest_etsi.profile import Entry, EntryAnswer, Judgement, Profile
    from pytest_etsi.standard import Unit

__all__ = [
    "GONE",
    "SILENT",
    "JudgementState",
    "Status",
    "about_parts",
    "base_of",
    "expired",
    "find",
    "fingerprint",
    "is_about",
    "needs_judgement",
    "state_of",
    "with_mark",
    "written_entries",
]

Status = Literal["valid", "failed", "open", "stale", "missing"]


@dataclass(frozen=True, slots=True)
class JudgementState:
    """What the profile has recorded on one evaluation.

    Attributes:
        status: valid: recorded on exactly this, and it holds (or nothing is concerned); failed: recorded on
            exactly this, and it does not hold; open: recorded on exactly this, without a conclusion; stale:
            recorded on something that has changed since, or resting on evidence that has expired; missing: nothing
            recorded.
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
        if (
            self.status == "stale"
            and self.judgement.fingerprint
            and is_about(self.judgement, self.fingerprint)
        ):
            if clock.today() is None:
                return f"whether the judgement by {by} rests on evidence that is valid cannot be told: {clock.doubt()}"
            return f"the judgement by {by} rests on evidence that is not valid any more: {self.judgement.external}"
        if self.status == "stale" and base_of(self.fingerprint).startswith(
            base_of(self.judgement.fingerprint) or "-"
        ):
            return f"the judgement by {by} is about a published page that {_SINCE[_mark(self.fingerprint)]}"
        if self.status == "stale":
            return f"the judgement by {by} is about an earlier state of the documents or the software"
        if self.verdict is Verdict.INCONCLUSIVE:
            return f"{by} could not conclude: {sentence(self.judgement.rationale)}"
        rests = f" [rests on {sentence(str(self.judgement.external))}]" if self.judgement.external else ""
        unbound = _mark(self.fingerprint) not in ("", SILENT) and not _mark(self.judgement.fingerprint)
        loose = " [not bound to what is published: record it with the present fingerprint]" if unbound else ""
        return f"judged by {by}: {sentence(self.judgement.rationale)}{rests}{loose}"

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
            "external": _external(self.judgement),
            "evidence": [str(path) for path in self.judgement.evidence],
            "fingerprint": self.judgement.fingerprint,
        } | _review(self.judgement)


def _review(judgement: Judgement) -> dict[str, str]:
    if not judgement.reviewed_by:
        return {}
    return {"reviewed_by": judgement.reviewed_by, "reviewed_on": str(judgement.reviewed_on)}


def _external(judgement: Judgement) -> dict[str, str | None] | None:
    given = judgement.external
    if given is None:
        return None
    end = str(given.valid_until) if given.valid_until else None
    return {
        "document": given.document, "issuer": given.issuer, "scope": given.scope, "valid_until": end,
    }  # fmt: skip


def expired(judgement: Judgement | EntryAnswer) -> bool:
    """Whether the evidence of someone else that a judgement rests on is not valid, or cannot be told to be."""
    end = judgement.external.valid_until if judgement.external is not None else None
    return end is not None and ((present := clock.today()) is None or end < present)


def needs_judgement(unit: Unit) -> bool:
    """Whether only a person can confirm the unit, whatever a program finds: a conceptual assess unit."""
    return unit.mode == "assess" and not unit.functional


def fingerprint(profile: Profile, unit: Unit, entry: str | None) -> str:
    """Hash over everything a judgement of this evaluation is about (`about_parts`): "sha256:..."."""
    before, behind = _encoded_around(profile, unit)
    without = _not_read(profile, unit)
    entries = [_encoded_entry(profile, one.table, one.id, without) for one in _entries(profile, unit, entry)]
    return digest_of_encoded(f"{before}{', '.join(entries)}{behind}")


@lru_cache(maxsize=1024)
def _encoded_around(profile: Profile, unit: Unit) -> tuple[str, str]:
    """What stands before and behind the entries in the text that is hashed: the same for all evaluations of a unit."""
    whole = encoded(_about(profile, unit, ()))
    before, entries, behind = whole.partition('"entries": [')  # no text within quotes has quotes of its own
    return before + entries, behind


@lru_cache(maxsize=1024)
def _encoded_entry(profile: Profile, table: str, entry: str, without: frozenset[str]) -> str:
    """An entry in that text: each is a part of several fingerprints."""
    return encoded(_without(written_entries(profile)[table, entry], without))


def about_parts(profile: Profile, unit: Unit, entry: str | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Everything a judgement of this evaluation is about, as builtins, in two parts.

    The first is the unit in its edition; the IXIT entry without the part that says how a program reaches it; the ICS
    rows of all recommendations, for the group about the ICS itself; the DUT's software version, for a functional unit.
    Its hash is the fingerprint. The second is what the unit reads in other tables; the first has its digest only
    (``reads``).
    """
    return _about(profile, unit, _entries(profile, unit, entry)), dict(_read_parts(profile, unit))


def _entries(profile: Profile, unit: Unit, entry: str | None) -> Iterable[Entry]:
    """The entries of the unit's own table that an evaluation is about."""
    if unit.iterates is None:
        return ()
    table = profile.ixit.tables[unit.iterates]
    one = table.get(entry) if entry is not None else None
    return table if one is None else (one,)


def _not_read(profile: Profile, unit: Unit) -> frozenset[str]:
    """The fields of its entries that the edition has added and the unit does not read."""
    table = unit.iterates or ""
    added = edition(profile.edition).added_fields.get(table, frozenset())
    return added.difference(unit.reads.get(table, added))


def _about(profile: Profile, unit: Unit, entries: Iterable[Entry]) -> dict[str, Any]:
    # The editions give some units of one id another meaning.
    about: dict[str, Any] = {"format": 2, "edition": profile.edition, "unit": unit.id}
    if unit.iterates is not None:
        written, without = written_entries(profile), _not_read(profile, unit)
        about["entries"] = [_without(written[one.table, one.id], without) for one in entries]
    about["reads"] = digest_of(dict(_read_parts(profile, unit)))
    if unit.case.rpartition("-")[0] in ALWAYS_ASSESSED:
        about["ics"] = {
            row_id: [row.support, row.detail]
            for row_id, row in sorted(profile.ics.rows.items())
            if edition(profile.edition).provision(row_id).status == "R"
        }
    if unit.functional:
        about["software"] = profile.dut.software
    return about


def _without(entry: dict[str, Any], fields: frozenset[str]) -> dict[str, Any]:
    """An entry without the fields that an edition added and the unit does not read.

    Who moves to that edition fills them in one after the other, and has changed nothing of what was judged.
    """
    return {name: value for name, value in entry.items() if name not in fields} if fields else entry


def _read_parts(profile: Profile, unit: Unit) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    everything = "*" in unit.reads
    for table_id in _tables(profile) if everything else unit.reads:
        if table_id != unit.iterates:
            fields = None if everything else unit.reads[table_id]
            yield table_id, [_fields(profile, item, fields) for item in profile.ixit.tables[table_id]]


def _tables(profile: Profile) -> Iterable[str]:
    return (table.id for table in edition(profile.edition).tables)


@lru_cache(maxsize=8)
def written_entries(profile: Profile) -> Mapping[tuple[str, str], dict[str, Any]]:
    """Every entry as it is written but for `access`, by table and ID: each is part of dozens of fingerprints.

    Nor does it count that something is drafted: who takes a mark away has changed nothing of what was judged.
    """
    return {
        (entry.table, entry.id): {
            name: value for name, value in entry.raw.items() if name not in ("access", MARK)
        }
        for table in profile.ixit
        for entry in table
    }


def _fields(profile: Profile, entry: Entry, fields: tuple[str, ...] | None) -> dict[str, Any]:
    raw = written_entries(profile)[entry.table, entry.id]
    return raw if fields is None else {"ID": entry.id, **{name: raw.get(name, "") for name in fields}}


def find(
    profile: Profile, unit: Unit, entry: str | None, *, by_hand: str = "", mark: str = ""
) -> JudgementState:
    """The judgement that answers an evaluation, and whether it still is about what it was made on.

    A judgement may carry a shortened fingerprint; the documents see to it that it is long enough.

    Args:
        profile: the device's documents.
        unit: what is evaluated.
        entry: ID of the IXIT entry; None: the unit is not repeated.
        by_hand: what the person has to do, where no program decides the unit.
        mark: of the published pages that the unit is about, as they are now; empty: of none, or not known.
    """
    asked = with_mark(fingerprint(profile, unit, entry), mark)
    question = f"{unit.does} {by_hand}" if by_hand else unit.does
    return state_of(_recorded(profile).get((unit.id, entry), ()), asked, question)


def state_of(recorded: Sequence[Judgement], asked: str, question: str) -> JudgementState:
    """Which of the judgements on one evaluation counts, and whether it still does.

    Args:
        recorded: in the order of the documents.
        asked: fingerprint of what is there now.
        question: what a person has to answer.
    """
    fresh = [one for one in recorded if is_about(one, asked) and not expired(one)]
    if not recorded:
        return JudgementState("missing", None, asked, question)
    if not fresh:
        return JudgementState("stale", recorded[-1], asked, question)
    failed = [one for one in fresh if Verdict(one.verdict) is Verdict.FAIL]
    open_ = [one for one in fresh if Verdict(one.verdict) is Verdict.INCONCLUSIVE]
    status: Status = "failed" if failed else "open" if open_ else "valid"
    return JudgementState(status, (failed or open_ or fresh)[-1], asked, question)


def is_about(judgement: Judgement | EntryAnswer, asked: str) -> bool:
    """Whether a recorded answer is about what has this fingerprint; its own may be shortened."""
    base, mark, now = base_of(judgement.fingerprint), _mark(judgement.fingerprint), _mark(asked)
    if not base or not base_of(asked).startswith(base) or now == GONE:
        return False
    # Where nothing was fetched, or nothing had been, there is nothing to compare.
    return not mark or not now or mark == now


GONE = "0" * 16
"""Instead of the mark of published pages: one of them is not there any more."""
SILENT = "f" * 16
"""The same: one of them cannot be fetched, so that nobody can tell whether it is as it was."""
_SINCE = defaultdict(
    lambda: "has changed since",
    {
        GONE: "is not there any more",
        SILENT: "cannot be fetched now, so that nothing says that it is as it was",
    },
)


def base_of(fingerprint: str) -> str:
    """A fingerprint without the mark of published pages."""
    return fingerprint.partition("-")[0]


def _mark(fingerprint: str) -> str:
    return fingerprint.partition("-")[2]


def with_mark(fingerprint: str, mark: str) -> str:
    """A fingerprint with the mark of the published pages that a judgement is about (``sha256:...-9f86d081884c7d65``).

    A person judges what a page shows, and a page changes without any document of the manufacturer.
    """
    return f"{base_of(fingerprint)}-{mark}" if fingerprint and mark else fingerprint


@lru_cache(maxsize=8)
def _recorded(profile: Profile) -> Mapping[tuple[str, str | None], list[Judgement]]:
    found: dict[tuple[str, str | None], list[Judgement]] = {}
    for judgement in profile.judgements:
        found.setdefault((judgement.unit, judgement.entry), []).append(judgement)
    return found
