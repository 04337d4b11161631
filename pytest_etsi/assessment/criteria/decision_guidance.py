"""What instructions say of decisions at set-up: that there are any, and what to choose (5.12-2-1 b c)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import Coverage, Sought, look, vocabulary
from pytest_etsi.assessment.coverage.denial import PERHAPS, stance_of
from pytest_etsi.assessment.coverage.looking import Status
from pytest_etsi.assessment.coverage.plain import sentences
from pytest_etsi.assessment.coverage.sought import (
    familiar,
    named_at,
    sought_decision,
)
from pytest_etsi.assessment.criteria._coverage import (
    cited,
    for_a_person,
    not_covered,
    one_language,
    plainly,
    where_understood,
)
from pytest_etsi.assessment.findings import Finding, Findings, violation
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.assessment.coverage import Hit, Part, Text
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import UserDecEntry

__all__ = ["advice", "decision"]

_ASPECT = "guidance"


def decision(entry: UserDecEntry, ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Whether the guidance deals with a decision that matters for security (5.12-2-1 b).

    Args:
        entry: the decision.
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    facts = entry.facts
    names_ = (*product, *facts.mentions, *facts.options)

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        return _decision(entry, ixit, text)

    return plainly(entry, "Description", _SETUP, text, examine, "guidance", names_, _deciding(entry))


_SETUP = "the guidance on a secure set-up"


def _decision(entry: UserDecEntry, ixit: Ixit, text: Text) -> tuple[Findings, tuple[Hit, ...]]:
    what, field = _SETUP, "Description"
    coverage = _decided(entry, ixit, text)
    if coverage.status is Status.ABSENT and coverage.sought.file == "decisions" and not coverage.sought.words:
        # "from outside your home" is one of the names that no list has
        message = f"{what} does not name {entry.id} by its usual names"
        settle = "read whether it is told in others, and give these as facts.mentions"
        return Findings([for_a_person(entry, field, message, settle=settle)]), ()
    by_words = tuple(hit for hit in coverage.named if hit.concept == "")
    if coverage.named and not by_words:
        message = f"{what} speaks of what {entry.id} is about, and not in the words of the IXIT"
        return Findings([for_a_person(entry, field, message, found=cited(coverage.named))]), coverage.named
    if by_words and not any(
        _leaves_a_choice(entry, part) for part in text.around(hit.part for hit in by_words)
    ):
        message = f"{what} names {entry.id}, and no passage there tells what to choose or to do"
        return Findings([for_a_person(entry, field, message, found=cited(by_words))]), by_words
    around = text.around(hit.part for hit in by_words)
    if by_words and not any(_decides(entry, sentence, part) for part in around for sentence in _said(part)):
        message = f"no sentence of {what} tells to decide on {entry.id}, on this device"
        return Findings([for_a_person(entry, field, message, found=cited(by_words))]), by_words
    if settled := [one for part in around for one in _said(part) if _is_settled(entry, one, part)]:
        message = f"{what} may say that {entry.id} is not for the user to decide, or elsewhere"
        return Findings([for_a_person(entry, field, message, found=settled[0])]), by_words
    found = [*not_covered(entry, field, coverage, what), *one_language(entry, field, coverage, text, what)]
    return Findings(found, f"{entry.id}: {cited(by_words, 1)}"), by_words


def _said(part: Part) -> Iterable[str]:
    """The sentences of a passage that is read, and no heading: that says of nothing what is to be done."""
    return sentences(part) if part.language and part.passage.kind is not Kind.HEADING else ()


def _decides(entry: UserDecEntry, sentence: str, part: Part) -> bool:
    """Whether a sentence names the decision or an option and asks to do something, or asks to choose below its name.

    What it names on another device, or in a chapter on one, is to be decided there.
    """
    short, language = vocabulary.folded(sentence), part.language
    if any(_is_elsewhere(one, language, "phones") for one in (sentence, *part.chapter)):
        return False
    options = tuple(one for one in entry.facts.options if len(one) > _SHORTEST_OPTION)
    sought = _deciding(entry)
    named = named_at(sought, sentence, language) or (options and vocabulary.literal(options).search(short))
    chooses = any(vocabulary.says(one, short, language) for one in ("advice-firm", "choosing"))
    if named:
        return chooses or vocabulary.says("use", short, language)
    return chooses and any(named_at(sought, one, language) for one in part.chapter)


def _is_settled(entry: UserDecEntry, sentence: str, part: Part) -> bool:
    """Whether a sentence may say that somebody else decides, nothing can be changed, or it is done elsewhere."""
    if vocabulary.says("settled", vocabulary.folded(sentence), part.language):
        return True
    return bool(named_at(_deciding(entry), sentence, part.language)) and _is_elsewhere(
        sentence, part.language
    )


def _is_elsewhere(sentence: str, language: str, *kinds: str) -> bool:
    """Whether a sentence or a heading speaks of another device."""
    short = vocabulary.folded(sentence)
    return any(vocabulary.says(kind, short, language) for kind in ("other-devices", "kin", *kinds))


def _leaves_a_choice(entry: UserDecEntry, part: Part) -> bool:
    """Whether a passage tells to do something, advises it, or names an option."""
    if not part.language:
        return False
    options = tuple(one for one in entry.facts.options if len(one) > _SHORTEST_OPTION)
    told = any(vocabulary.says(manner, part.short, part.language) for manner in ("use", "advice"))
    return told or (bool(options) and vocabulary.literal(options).search(part.short) is not None)


_SHORTEST_OPTION = 3
"""Letters of an option; "on" and "off" stand in every text."""


def _deciding(entry: UserDecEntry) -> Sought:
    return sought_decision(entry.id, entry["Description"], entry.facts.topic, entry.facts.mentions)


def _decided(entry: UserDecEntry, ixit: Ixit, text: Text) -> Coverage:
    wanted = [_deciding(one) for one in ixit.user_dec]
    return look(next(one for one in familiar(wanted, text) if one.name == entry.id), text)


_WEAK = re.compile(r"(?<!\w)(?:wep(?:-?\d+)?|wpa(?![\s-]?[23])(?:[\s-]?tkip)?|tkip)(?!\w)")
_MIXED = re.compile(r"(?<!\w)wpa(?:/|\s*\+\s*|-)\s?wpa-?[23]")
_MISPRINT = re.compile(r"(?<!\w)wap-?[23]?(?!\w)|(?<!\w)wep-?[23](?!\w)")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+")


def advice(entry: UserDecEntry, ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Whether the guidance recommends a choice, and none that is known to be weak (5.12-2-1 c).

    Args:
        entry: the decision.
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    coverage = _decided(entry, ixit, text)
    parts = text.around(hit.part for hit in coverage.named)
    if weak := [one for one in _weak(entry, parts, _SETUP) if one.kind == "violation"]:
        return Findings(weak)
    names_ = (*product, *entry.facts.mentions, *entry.facts.options)
    found = _advice(entry, ixit, text)
    if not found.violations and not found.unknowns and (other := _other_request(entry, text)):
        message = f"{_SETUP} says something of {entry.id} that is on none of its options"
        return Findings([for_a_person(entry, "Options", message, found=other.quoted), *found], found.examined)
    # What is said of the options is said of the decision: "your camera has no WPA3".
    sought = _deciding(entry)
    if not found.violations:
        options = tuple(one for one in entry.facts.options if len(one) > _SHORTEST_OPTION)
        sought = replace(sought, words=(*sought.words, *options))
    return where_understood(found, entry, "Options", _SETUP, text, "guidance", names_, sought)


def _advice(entry: UserDecEntry, ixit: Ixit, text: Text) -> Findings:
    what, field = _SETUP, "Options"
    coverage = _decided(entry, ixit, text)
    if not coverage.named:
        return Findings(not_covered(entry, "Description", coverage, what))
    parts = text.around(hit.part for hit in coverage.named)
    found = [*_weak(entry, parts, what)]
    found += _against_the_ixit(entry, parts, what)
    speaking = [part for part in parts if _advises(entry, part)]
    advising = [part for part in speaking if not vocabulary.says("left-open", part.short, part.language)]
    if speaking and not advising:
        message = f"{what} leaves it to the user what to choose for {entry.id}"
        found.append(for_a_person(entry, field, message, found=speaking[0].quoted))
    elif not advising and text.whole:
        message = f"{what} speaks of {entry.id} and recommends no choice"
        found.append(
            violation(
                entry,
                field,
                message,
                aspect=_ASPECT,
                expected="a recommended choice",
                found=cited(coverage.named),
            )
        )
    elif not advising:
        found.append(
            for_a_person(
                entry, field, f"no recommendation was found, and {text.why}", found=cited(coverage.named)
            )
        )
    return Findings(found, f"{entry.id}: {advising[0].quoted}" if advising else "")


def _other_request(entry: UserDecEntry, text: Text) -> Part | None:
    """A passage, no heading, that names the decision, and neither one of its options nor that there is a choice."""
    options = [one for one in entry.facts.options if len(one) > _SHORTEST_OPTION]
    sought = _deciding(entry)
    for part in text.parts if options else ():
        for sentence in sentences(part) if part.language and part.passage.kind is not Kind.HEADING else ():
            short = vocabulary.folded(sentence)
            if (
                named_at(sought, sentence, part.language)
                and not any(_option(one).search(short) for one in options)
                and not any(vocabulary.says(one, short, part.language) for one in ("advice-firm", "choosing"))
            ):
                return part
    return None


def _advises(entry: UserDecEntry, part: Part) -> bool:
    """Whether a sentence gives advice, and does not only say between which options there is a choice."""
    options = entry.facts.options
    return bool(part.language) and any(
        vocabulary.says("advice-firm", sentence, part.language)
        or not options
        or not all(_option(one).search(sentence) for one in options)
        for sentence in _SENTENCE.split(part.short)
        if vocabulary.says("advice", sentence, part.language)
    )


def _against_the_ixit(entry: UserDecEntry, parts: Iterable[Part], what: str) -> Iterator[Finding]:
    """Advice that names an option other than the one that the IXIT says is recommended, and never that one."""
    recommended = entry.facts.recommended
    others = [one for one in entry.facts.options if one != recommended]
    if not recommended or recommended not in entry.facts.options:
        return
    sentences = [
        (part, sentence)
        for part in parts
        if part.language
        for sentence in _SENTENCE.split(part.short)
        if vocabulary.says("advice", sentence, part.language)
        and not vocabulary.says("against", sentence, part.language)
    ]
    if any(_option(recommended).search(sentence) for _, sentence in sentences):
        return
    for part, sentence in sentences:
        for other in others:
            match = _option(other).search(sentence)
            if match and stance_of(sentence, match.start(), match.end(), part.language) in PERHAPS:
                message = f"{what} seems to advise {other!r} for {entry.id}, and the IXIT {recommended!r}"
                yield for_a_person(entry, "Options", message, found=part.quoted)
                return


def _option(name: str) -> re.Pattern[str]:
    """What names an option; "on" and "off" do so only with what is done to a switch."""
    if len(name) > _SHORTEST_OPTION:
        return vocabulary.literal((name,))
    return re.compile(
        rf"\b(?:switch\w*|turn\w*|leav\w*|left|keep\w*|kept|set|stay\w*)\b[^.;]{{0,60}}?(?<!\w){re.escape(name)}(?!\w)"
    )


def _weak(entry: UserDecEntry, parts: Iterable[Part], what: str) -> Iterator[Finding]:
    for part in parts:
        for sentence in _SENTENCE.split(part.short):
            if not part.language or not vocabulary.says("advice-firm", sentence, part.language):
                continue
            weak = next(
                (
                    match
                    for match in _WEAK.finditer(sentence)
                    if stance_of(sentence, match.start(), match.end(), part.language) in PERHAPS
                ),
                None,
            )
            open_ = any(vocabulary.says(one, sentence, part.language) for one in ("against", "conditions"))
            if weak and not open_ and not _MIXED.search(sentence):
                message = f"{what} recommends {weak[0].upper()}, which is outdated"
                yield violation(
                    entry,
                    "Options",
                    message,
                    aspect=_ASPECT,
                    expected="advice for a secure choice",
                    found=part.quoted,
                )
            elif weak or _MISPRINT.search(sentence):
                message = (
                    f"{what} advises something that may be a misprint for an outdated choice, or includes one"
                )
                yield for_a_person(entry, "Options", message, found=part.quoted)
