"""Findings of whether a published text covers an entry: shared by what is asked of manuals, guidance and notices."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.coverage.denial import Stance
from pytest_etsi.assessment.coverage.itself import of_itself
from pytest_etsi.assessment.coverage.looking import How, Status
from pytest_etsi.assessment.coverage.plain import plain, unusual
from pytest_etsi.assessment.coverage.sought import named_at, quoted
from pytest_etsi.assessment.findings import Finding, Findings, place, unknown, violation
from pytest_etsi.assessment.reading.sentences import shortened
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.webdocs.model import Kind
from pytest_etsi.text import listed
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_etsi.assessment.coverage import Coverage, Hit, Part, Sought, Text
    from pytest_etsi.assessment.coverage.plain import Subject
    from pytest_etsi.profile import Entry

__all__ = [
    "cited",
    "for_a_person",
    "not_covered",
    "of_the_product",
    "one_language",
    "plainly",
    "sections",
    "shown",
    "where_understood",
]

_ASPECT = "guidance"


def cited(hits: Iterable[Hit], most: int = 3) -> str:
    """The passages in quotes, with their places, those to be read first in front."""
    quotes = dict.fromkeys(hit.part.quoted for hit in hits)
    return printable("; ".join(list(quotes)[:most]), 900)


def for_a_person(
    entry: Entry, field: str | None, message: str, *, found: str = "", settle: str = ""
) -> Finding:
    """Something that a person has to read."""
    made = unknown(entry, field, message, aspect=_ASPECT, found=found)
    return Finding(
        made.kind,
        made.aspect,
        made.message,
        made.expected,
        made.found,
        place=made.place,
        cause=Cause.JUDGEMENT,
        settle=settle,
    )


def shown(entry: Entry, field: str | None, coverage: Coverage) -> Finding:
    """Where it is covered, for who reads it."""
    return Finding(
        "note",
        _ASPECT,
        f"{coverage.sought.name} is told in {cited(coverage.named, 1)}",
        place=place(entry, field),
    )


def not_covered(entry: Entry, field: str | None, coverage: Coverage, what: str) -> Iterator[Finding]:
    """What keeps a text from covering an entry; nothing where it does.

    Args:
        entry: the entry.
        field: of it, that says what is looked for.
        coverage: what came of looking for it.
        what: the text, in words: "the documentation of sensors".
    """
    sought = coverage.sought
    if coverage.status is Status.ABSENT:
        message = f"{what} does not mention {sought.name}; looked for {coverage.looked_for}"
        yield violation(entry, field, message, aspect=_ASPECT, expected="a passage on it")
    elif coverage.status is Status.DENIED:
        message = f"{what} names {sought.name} only to deny it"
        yield violation(
            entry, field, message, aspect=_ASPECT, expected="a passage on it", found=cited(coverage.hits)
        )
    elif coverage.status is Status.PARTLY:
        message = f"{what} names {sought.name} in part; not found: {listed(coverage.missing)}"
        yield for_a_person(
            entry, field, message, found=cited(coverage.hits), settle="read whether other words name the rest"
        )
    elif coverage.status is Status.OTHERWISE:
        message = f"{what} names {sought.name} in other words than the IXIT gives ({listed(map(repr, sought.words))})"
        settle = "read whether it is meant, or correct facts.mentions"
        yield for_a_person(entry, field, message, found=cited(coverage.named), settle=settle)
    elif coverage.status is Status.UNSURE:
        yield for_a_person(
            entry, field, f"{what} may speak of {sought.name}: {_why(coverage)}", found=cited(coverage.hits),
            settle="read whether the passage is on it",
        )  # fmt: skip
    elif coverage.status is Status.NOT_SHOWN:
        looked = f"; looked for {coverage.looked_for}" if coverage.looked_for else ""
        message = f"{sought.name} was not found in {what}, which shows nothing: {coverage.why}{looked}"
        yield for_a_person(
            entry, field, message, settle="say under facts.mentions by which words the document refers to it"
        )


_WHY = {
    How.UMBRELLA: "an umbrella term stands there",
    How.NEARLY: "a word stands there that is nearly the same",
    How.NEGATED: "it stands there beside a negation",
    How.BESIDE: "it stands there where something else is spoken of, or is not shown as text",
    How.DENIED: "a part of it is denied there",
    How.NAMED: "it is named there",
}


def _why(coverage: Coverage) -> str:
    return listed(dict.fromkeys(_WHY[hit.how] for hit in coverage.hits))


def one_language(
    entry: Entry, field: str | None, coverage: Coverage, text: Text, what: str
) -> Iterator[Finding]:
    """A text in several languages that speaks of it in some of them only, so that not all users can read it."""
    named = coverage.named_in()
    lacking = [language for language in text.written_in if language not in named]
    if coverage.status is Status.COVERED and named and lacking:
        spoken = f"in {listed(sorted(named))} only, and has parts in {listed(lacking)}"
        message = f"{what} speaks of {coverage.sought.name} {spoken}"
        yield for_a_person(
            entry,
            field,
            message,
            found=cited(coverage.named),
            settle="see whether the users can read one of them",
        )


_MOST_SENTENCES = 3
_MOST_WORDS = 6
"""Unusual words that a person is told."""


def plainly(
    entry: Entry,
    field: str,
    what: str,
    text: Text,
    examine: Callable[[Text], tuple[Findings, tuple[Hit, ...]]],
    subject: Subject,
    names: Sequence[str],
    sought: Sought | None = None,
) -> Findings:
    """What is found in a text; what is found covered has to come of its plain sentences alone, too.

    Neither that nor that something is missing is said of a text with sentences that are not understood.

    Args:
        entry: the entry.
        field: of it, that is asked about.
        what: the text, in words.
        text: what was published.
        examine: gives the findings of a text, and the passages that name the entry.
        subject: what the text is.
        names: that are ordinary words there: of product and maker, and those that the IXIT gives.
        sought: what the examination looks for; None: nothing that has a name.
    """
    found, named = examine(text)
    if found.unknowns and not found.violations:
        return found
    if found.violations:
        odd = list(islice(_unread(text, subject, names, sought), _MOST_SENTENCES))
        if not odd:
            return found
        message = f"{found.violations[0].message}; and it has sentences that a program does not understand"
        quotes = "; ".join(filter(None, (found.violations[0].found, _quotes(odd))))
        settle = "read whether they tell it"
        kept = [one for one in found if one not in found.violations]
        return Findings(
            [for_a_person(entry, field, message, found=quotes, settle=settle), *kept], found.examined
        )
    again, _ = examine(plain(text, subject, names))
    if not again.violations and not again.unknowns:
        odd = list(islice(of_itself(text, subject, names, sought), _MOST_SENTENCES))
        if not odd:
            return Findings(again, again.examined)
        message = (
            f"{what} speaks of {_of(entry, sought)}, and has sentences that may say that it does not hold"
        )
        settle = "read whether they limit what the text tells"
        return Findings(
            [for_a_person(entry, field, message, found=_quotes(odd), settle=settle), *found], found.examined
        )
    words = dict.fromkeys(word for part in _near(named, text) for word in unusual(part, subject, names))
    told = f" ({listed([repr(word) for word in list(words)[:_MOST_WORDS]])})" if words else ""
    message = (
        f"{what} speaks of {_of(entry, sought)}, and not in a plain sentence that nothing may limit{told}"
    )
    settle = "read whether the passage says it of every device, as it is now"
    return Findings(
        [for_a_person(entry, field, message, found=cited(named), settle=settle), *found], found.examined
    )


def where_understood(
    found: Findings,
    entry: Entry,
    field: str,
    what: str,
    text: Text,
    subject: Subject,
    names: Sequence[str],
    sought: Sought | None = None,
) -> Findings:
    """Findings of a unit that a person confirms; nothing is lacking, nor all told, where sentences are not understood.

    Violations are to be those by absence alone: what a text has is a finding all the same.
    """
    if found.unknowns and not found.violations:
        return found
    of_text = _unread if found.violations else of_itself
    odd = list(islice(of_text(text, subject, names, sought), _MOST_SENTENCES))
    if not odd:
        return found
    said = [one.message for one in found.violations] or [
        f"{what} has sentences that may say that it does not hold"
    ]
    kept = [one for one in found if one not in found.violations]
    settle = "read whether they tell what seems to be missing, or limit what the text tells"
    message = f"{'; '.join(said)}; not all of it is understood" if found.violations else said[0]
    quotes = "; ".join(filter(None, (*(one.found for one in found.violations), _quotes(odd))))
    return Findings([for_a_person(entry, field, message, found=quotes, settle=settle), *kept], found.examined)


def _unread(
    text: Text, subject: Subject, names: Sequence[str], sought: Sought | None
) -> Iterator[tuple[Part, str]]:
    """The sentences that may tell what seems to be missing: those that are not understood, but for what deny it."""
    for part, sentence in of_itself(text, subject, names):
        places = named_at(sought, sentence, part.language) if sought is not None else ()
        if not places or {part.stance_in(sentence, *place) for place in places} != {Stance.DENIED}:
            yield part, sentence


def _quotes(odd: Iterable[tuple[Part, str]]) -> str:
    return "; ".join(f"{shortened(sentence, 200)!r} ({part.passage.place})" for part, sentence in odd)


def _of(entry: Entry, sought: Sought | None) -> str:
    return entry.id if sought is None else sought.name


def _near(named: Sequence[Hit], text: Text) -> Iterator[Part]:
    """The first passages that name it, and what stands below those that are headings."""
    for hit in named[:3]:
        heading = hit.part.passage.kind is Kind.HEADING
        yield from text.chapter_of(hit.part)[:4] if heading else (hit.part,)


def sections(entry: Entry, field: str, text: Text, what: str) -> Iterator[Finding]:
    """What shows that a text lacks a section which the IXIT names in quotes.

    A title that stands in the text without being a heading, or a text without headings, is for a person.
    """
    headings = [
        vocabulary.folded(part.passage.text) for part in text.parts if part.passage.kind is Kind.HEADING
    ]
    for title in quoted(entry[field]):
        short = vocabulary.folded(title)
        if any(short in heading for heading in headings):
            continue
        if text.whole and headings and not any(short in part.short for part in text.parts):
            message = f"{what} has no section {title!r}, which the IXIT names"
            yield violation(entry, field, message, aspect=_ASPECT, expected=f"a section {title!r}")
        else:
            yield for_a_person(entry, field, f"{what} has no heading {title!r}, which the IXIT names")


def of_the_product(
    entry: Entry, field: str, text: Text, what: str, product: Sequence[str]
) -> Iterator[Finding]:
    """A text that names neither the maker nor the model, which may be one on something else."""
    pattern = vocabulary.literal(tuple(product))
    if not any(pattern.search(part.short) for part in text.parts):
        message = f"{what} names neither {listed(product, last='nor')}"
        yield for_a_person(entry, field, message, settle="see whether it is on this product")
