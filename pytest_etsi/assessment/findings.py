"""What an examination found: data with the place in the documents, the observation, and what would mend or settle it.

A test unit decides by what was found::

    found = criteria.updates.trust(upd_mech, etsi_ixit)
    etsi_judgement.required(found)  # a violation is a FAIL; the rest goes to the person

    criteria.logins.undocumented(search, etsi_ixit.auth_mech).decide(examined=search)

Both tell whoever records the evaluation what was found (`heard_by`), and that goes into the record whole.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from pytest_etsi.profile.unread import listening
from pytest_etsi.verdict import Cause, Inconclusive, Violation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.profile.unread import Unread

__all__ = [
    "ASPECTS",
    "Asking",
    "Finding",
    "Findings",
    "Hearer",
    "Judge",
    "Kind",
    "Located",
    "Place",
    "heard_by",
    "located",
    "looked_at",
    "note",
    "notes",
    "place",
    "together",
    "unknown",
    "unknowns",
    "violation",
    "violations",
]

Kind = Literal["violation", "unknown", "note"]

ASPECTS = frozenset({
    "answer", "attack", "behaviour", "best-practice", "channel", "completeness", "complexity", "description",
    "drafted", "guidance", "impracticability", "justification", "means", "patterns", "recognition", "regularity",
    "relation", "rule", "suitability", "uniqueness",
})  # fmt: skip
"""Every question that a finding may answer. One that is misspelt must not look like one that found nothing."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the documents say something: ``7-UpdMech/UpdMech-Network: Description (ixit/07-UpdMech.yaml:12)``.

    Attributes:
        source: file and line.
        entry: table and ID of the entry, or the table; empty: the document as a whole.
        field: name of the field; empty: the entry as a whole.
    """

    source: str
    entry: str = ""
    field: str = ""

    def __str__(self) -> str:
        where = ": ".join(part for part in (self.entry, self.field) if part)
        return f"{where} ({self.source})" if where else self.source


class Located(Protocol):
    """What knows where it stands in the documents: an IXIT entry."""

    def source(self, field: str | None = None) -> object:
        """Where it begins, or where a field of it comes from; as text file and line."""


def place(entry: Located, field: str | None = None) -> Place:
    """Where an entry, or a field of it, stands."""
    return Place(str(entry.source(field)), str(entry), field or "")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found, ready for a report.

    Attributes:
        kind: ``violation``: certain enough to refute; ``unknown``: the program cannot decide this part, and a
            person or a missing fact has to; ``note``: worth reporting, refutes nothing.
        aspect: the question that it answers, one of `ASPECTS`.
        message: one sentence, without any secret.
        expected: what was expected, where that is a value of its own.
        found: what was observed, or read, instead.
        source: the public reference behind it, with section and date; empty when it rests on the documents alone.
        place: where the documents say what was expected, or lack it; None: no one place does.
        evidence: name of the observation or file that shows it; empty: all that the evaluation has observed.
        cause: why an unknown is open; None: as the unit says.
        settle: what would settle or mend it, one sentence; empty: as the unit says.
    """

    kind: Kind
    aspect: str
    message: str
    expected: str = ""
    found: str = ""
    source: str = ""
    place: Place | None = None
    evidence: str = ""
    cause: Cause | None = None
    settle: str = ""

    @property
    def of_absence(self) -> bool:
        """Whether it is that a table lacks an entry, which further entries could mend."""
        of_table = self.place is not None and "/" not in self.place.entry and not self.place.field
        return of_table or self.expected.startswith("an entry of ")

    def __str__(self) -> str:
        text = f"{self.message} [{self.source}]" if self.source else self.message
        if self.place is None:
            return text
        return f"{self.place}: {text}" if self.place.entry else f"{text} ({self.place})"

    def to_json(self) -> dict[str, object]:
        """The finding as builtins, for evidence and records; empty parts are left out."""
        parts = asdict(self) | {"cause": str(self.cause) if self.cause else None}
        if self.place is not None:
            parts["place"] = {name: value for name, value in asdict(self.place).items() if value}
        return {name: value for name, value in parts.items() if value}


# Making them ------------------------------------------------------------------------------------------------


def violation(
    entry: Located | None,
    field: str | None,
    message: str,
    *,
    aspect: str = "answer",
    expected: str = "",
    found: str = "",
    evidence: str = "",
) -> Finding:
    """Something certain enough to refute, with its place.

    Args:
        entry: the IXIT entry that it concerns; None: none of its own.
        field: name of the field that says it, or a dotted path into facts or access; None: the entry as a whole.
        message: one sentence.
        aspect: criteria on the documents answer one question each, so that one word for it will do.
        expected: what was expected.
        found: what was observed, or read, instead.
        evidence: name of the observation that shows it.
    """
    where = place(entry, field) if entry is not None else None
    return Finding("violation", aspect, message, expected, found, place=where, evidence=evidence)


def unknown(
    entry: Located | None,
    field: str | None,
    message: str,
    *,
    aspect: str = "answer",
    expected: str = "",
    found: str = "",
    evidence: str = "",
) -> Finding:
    """Something that a program cannot decide and a person, or a missing fact, has to; arguments as of `violation`."""
    where = place(entry, field) if entry is not None else None
    return Finding("unknown", aspect, message, expected, found, place=where, evidence=evidence)


def note(entry: Located, field: str | None, message: str, *, aspect: str = "answer") -> Finding:
    """Something that the person who judges ought to look at, with its place."""
    return Finding("note", aspect, message, place=place(entry, field))


def located(findings: Iterable[Finding], entry: Located, field: str | None = None) -> Iterator[Finding]:
    """Findings of an examination that knows no documents, with the place of what was examined."""
    for finding in findings:
        yield finding if finding.place is not None else replace(finding, place=place(entry, field))


# Picking them -----------------------------------------------------------------------------------------------


def violations(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that refute, in order; with `aspects` only those that answer one of these questions."""
    return _of("violation", findings, aspects)


def unknowns(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that leave something open, in order; with `aspects` only those on these questions."""
    return _of("unknown", findings, aspects)


def notes(findings: Iterable[Finding], *aspects: str) -> tuple[Finding, ...]:
    """The findings that only inform, in order; with `aspects` only those on these questions."""
    return _of("note", findings, aspects)


def _of(kind: Kind, findings: Iterable[Finding], aspects: tuple[str, ...]) -> tuple[Finding, ...]:
    return tuple(
        finding for finding in findings if finding.kind == kind and (not aspects or finding.aspect in aspects)
    )


# Deciding by them -------------------------------------------------------------------------------------------


class Judge(Protocol):
    """The judgement of a person on what is being evaluated."""

    @property
    def recorded(self) -> object | None:
        """What is recorded; None: nothing."""

    def required(self, about: object = "") -> object:
        """Let it decide, told what the program has found."""


@runtime_checkable
class Asking(Protocol):
    """A judge that asks a person here and now, where one is there to be asked."""

    def ask(self, about: Findings) -> bool:
        """Ask whether what was found settles it; whether there is an answer now."""


class Hearer(Protocol):
    """Who records what an evaluation has found."""

    def hear(self, findings: Findings, examined: str) -> None:
        """Take what was found, and what was examined, in a sentence; empty: the documents that the unit reads."""

    def read(self, unread: Unread) -> None:
        """Take that something was read which could not be understood."""


_MEND = "mend the bench, and run it again"
_HEARER: ContextVar[Hearer | None] = ContextVar("etsi_hearer", default=None)
_LOOKED_AT: ContextVar[list[Finding] | None] = ContextVar("etsi_looked_at", default=None)


@contextmanager
def heard_by(hearer: Hearer) -> Iterator[None]:
    """Tell `hearer` what is decided meanwhile, and what is read that could not be understood."""
    token, looked_at = _HEARER.set(hearer), _LOOKED_AT.set([])
    try:
        with listening(hearer.read):
            yield
    finally:
        _LOOKED_AT.reset(looked_at)
        _HEARER.reset(token)


def looked_at() -> tuple[Finding, ...]:
    """What was looked at for refutations since somebody hears: whoever judges has to look at the rest of it."""
    return tuple(_LOOKED_AT.get() or ())


class Findings(tuple[Finding, ...]):
    """Findings in order; as text already a reason.

    Args:
        found: the findings.
        examined: what was examined and how much, in a sentence, for a PASS: "35 recommendations, 4 of them left out".

    Raises:
        ValueError: a finding, or a question, is about none of `ASPECTS`.
    """

    examined: str

    def __new__(cls, found: Iterable[Finding] = (), examined: object = "") -> Findings:
        """The findings, in order."""
        made = super().__new__(cls, found)
        made.examined = str(examined)
        if made:
            _known(finding.aspect for finding in made)
        return made

    @property
    def violations(self) -> Findings:
        """Those that refute."""
        return Findings(violations(self), self.examined)

    @property
    def unknowns(self) -> Findings:
        """Those that leave something open."""
        return Findings(unknowns(self), self.examined)

    @property
    def besides_notes(self) -> Findings:
        """Those that refute or leave something open: what another unit has to say of the same entry."""
        return Findings((finding for finding in self if finding.kind != "note"), self.examined)

    def about(self, *aspects: str) -> Findings:
        """Those that answer one of these questions."""
        _known(aspects)
        return Findings((finding for finding in self if finding.aspect in aspects), self.examined)

    def besides(self, *aspects: str) -> Findings:
        """Those that answer any other question."""
        _known(aspects)
        return Findings((finding for finding in self if finding.aspect not in aspects), self.examined)

    def refute(self) -> None:
        """End the evaluation as a FAIL where something refutes; otherwise nothing is decided yet.

        Raises:
            Violation: a finding is a violation.
        """
        looked_at = _LOOKED_AT.get()
        if looked_at is not None:
            looked_at.extend(self)
        if self.violations:
            raise Violation(str(self.violations), findings=self)

    def decide(
        self,
        judgement: Judge | None = None,
        *,
        cause: Cause | str = Cause.INFORMATION,
        settle: str = "",
        examined: object = "",
    ) -> None:
        """Decide the evaluation, or this part of it, by what was found; it holds where nothing refutes or is open.

        Args:
            judgement: for a unit that a person may settle; where one is recorded, or a person answers now, it decides
                what is open.
            cause: why it is open otherwise, where a finding does not say.
            settle: what would settle it, one sentence, where a finding does not say.
            examined: what was examined and how much, which a PASS says; empty: what the findings say of it, or the
                documents that the unit reads.

        Raises:
            Violation: a finding refutes, or the judgement is that the unit does not hold.
            Inconclusive: a finding leaves something open, and no valid judgement settles it.
        """
        self.refute()
        stated = self._stating(Cause(cause), settle)
        _tell(stated, str(examined) or self.examined)
        open_ = stated.unknowns
        if not open_:
            return
        asked = judgement is not None and isinstance(judgement, Asking) and judgement.ask(open_)
        if judgement is not None and (asked or judgement.recorded is not None):
            judgement.required(open_)
            return
        raise Inconclusive(
            str(open_),
            cause=open_[0].cause or Cause(cause),
            settle="; ".join(dict.fromkeys(finding.settle for finding in open_ if finding.settle)),
            findings=stated,
        )

    def _stating(self, cause: Cause, settle: str) -> Findings:
        """With cause and what would settle it at each unknown that does not say.

        What a unit advises is no help where the bench has failed.
        """

        def stated(finding: Finding) -> Finding:
            of_bench = finding.cause is Cause.BENCH and cause is not Cause.BENCH
            advice = finding.settle or (_MEND if of_bench else settle)
            return replace(finding, cause=finding.cause or cause, settle=advice)

        found = (stated(one) if one.kind == "unknown" else one for one in self)
        return Findings(found, self.examined)

    def __str__(self) -> str:
        """All of them in a row; the place of several that follow each other is said once."""
        said: list[str] = []
        last: Place | None = None
        for text, where in {str(finding): finding.place for finding in self}.items():
            again = where is not None and where == last and where.entry
            said.append(text.removeprefix(f"{where}: ") if again else text)
            last = where
        # A sentence ends where the row does.
        return "; ".join([*(text.removesuffix(".") for text in said[:-1]), *said[-1:]]) or "nothing found"

    __repr__ = __str__


def together(*parts: Findings) -> Findings:
    """What several examinations have found, as one."""
    examined = "; ".join(dict.fromkeys(part.examined for part in parts if part.examined))
    return Findings(dict.fromkeys(finding for part in parts for finding in part), examined)


def _tell(findings: Findings, examined: str) -> None:
    hearer = _HEARER.get()
    if hearer is not None:
        hearer.hear(findings, examined)


def _known(aspects: Iterable[str]) -> None:
    if misspelt := set(aspects) - ASPECTS:
        raise ValueError(f"no finding is about {min(misspelt)!r}; known: {', '.join(sorted(ASPECTS))}")
