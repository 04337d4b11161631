"""What instructions say: deleting data (5.11-3-1 b), decisions at set-up (5.12-2-1 b c), checking it (5.12-3-1 b)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import Coverage, Sought, look, vocabulary
from pytest_etsi.assessment.coverage.denial import PERHAPS, stance_of
from pytest_etsi.assessment.coverage.looking import Status
from pytest_etsi.assessment.coverage.plain import limiting_in, sentences
from pytest_etsi.assessment.coverage.sought import (
    familiar,
    named_at,
    names,
    quoted,
    sought_decision,
    sought_deletion,
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
    from pytest_etsi.profile.entries import DelFuncEntry, UserDecEntry

__all__ = ["advice", "check", "decision", "deletion"]

_ASPECT = "guidance"


# Deletion ---------------------------------------------------------------------------------------------------


def deletion(entry: DelFuncEntry, ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """Whether the instructions deal with a deletion function (5.11-3-1 b).

    Args:
        entry: the function.
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    names_ = (*product, *entry.facts.mentions)

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        return _deletion(entry, ixit, text)

    return plainly(entry, "Description", _DELETION, text, examine, "guidance", names_, _erasing(entry))


_DELETION = "the documentation of deletion"


def _erasing(entry: DelFuncEntry) -> Sought:
    return sought_deletion(
        entry.id, entry["Description"], entry["Initiation and Interaction"], entry.facts.mentions
    )


def _deletion(entry: DelFuncEntry, ixit: Ixit, text: Text) -> tuple[Findings, tuple[Hit, ...]]:
    what, field = _DELETION, "Description"
    wanted = [_erasing(one) for one in ixit.del_func]
    sought = next(one for one in familiar(wanted, text) if one.name == entry.id)
    coverage = look(sought, text)
    telling = [hit for hit in coverage.named if _tells_to_delete(hit, text, sought)]
    found: list[Finding]
    if coverage.status is Status.OTHERWISE and not telling and sought.concepts != ("reset",):
        coverage = look(replace(sought, concepts=()), text)  # a cloud that is named in no passage on deleting
    examined = f"{entry.id}: {cited(telling, 1)}" if telling else ""
    if left := _left(telling, text):
        message = f"{what} may say that {entry.id} leaves data where they are"
        found = [for_a_person(entry, field, message, found=left[0].quoted, settle="read what it leaves")]
        return Findings(found, examined), coverage.named
    if coverage.status in {Status.COVERED, Status.PARTLY, Status.OTHERWISE} and not any(
        hit.concept == "" for hit in telling
    ):
        kind = (
            "described in other words than the IXIT's"
            if telling
            else "named, and no passage tells how it is started"
        )
        message = f"{what} may deal with {entry.id}: it is {kind}"
        found = [
            for_a_person(
                entry,
                field,
                message,
                found=cited(telling or coverage.named),
                settle="read whether it is this function",
            )
        ]
        return Findings(found, examined), coverage.named
    others = [one for one in wanted if one.name != entry.id]
    wide = _any_data(text) or (() if sought.words else _unnamed_steps(text, others))
    if coverage.status is Status.ABSENT and wide:
        message = (
            f"{what} does not name {entry.id}, and tells of deleting something that it gives no such name"
        )
        found = [for_a_person(entry, field, message, found="; ".join(part.quoted for part in wide[:2]))]
        return Findings(found), ()
    found = [
        *not_covered(entry, field, coverage, what),
        *one_language(entry, field, coverage, text, what),
    ]
    return Findings(found, examined), tuple(telling) or coverage.named


def _tells_to_delete(hit: Hit, text: Text, sought: Sought) -> bool:
    """Whether the passage, or the chapter that it is the title of, tells to do something by which data are deleted."""
    parts: tuple[Part, ...] = (hit.part,)
    if hit.part.passage.kind is Kind.HEADING or hit.part.passage.kind is Kind.LIST_STEP:
        parts = text.chapter_of(hit.part)
    return any(_erases(part, sought) for part in parts) and any(
        part.language and vocabulary.says("operate", part.short, part.language) for part in parts
    )


def _erases(part: Part, sought: Sought) -> bool:
    """Whether a sentence says that what the function is about is erased, on no other device, and in no part.

    To reset a device is to start it anew, or one setting, as often as to erase it; one can delete a picture; and a
    heading says of nothing what becomes of it.
    """
    language = part.language if part.passage.kind is not Kind.HEADING else ""
    for sentence in sentences(part) if language else ():
        short = vocabulary.folded(sentence)
        things = (
            vocabulary.pattern("deletion", one, language) for one in ("anything", "reset", *sought.concepts)
        )
        if (
            vocabulary.pattern("deletion", "erases", language).search(short)
            and (vocabulary.says("erasable", short, language) or any(one.search(short) for one in things))
            and not any(vocabulary.says(one, short, language) for one in ("phones", "other-devices", "kin"))
            and not limiting_in(short, language)
        ):
            return True
    return False


def _left(telling: Sequence[Hit], text: Text) -> list[Part]:
    """Passages beside what tells of deleting that speak of something that is kept: "Your data stay on the card"."""
    return [
        part
        for hit in telling
        for part in text.chapter_of(hit.part)
        if part.language and vocabulary.says("left", part.short, part.language)
    ]


def _any_data(text: Text) -> tuple[Part, ...]:
    """Passages on deleting all data that name no particular function: neither an account nor a server."""
    found = []
    for part in text.parts:
        if not part.language:
            continue

        def names(concept: str, part: Part = part) -> bool:
            return vocabulary.pattern("deletion", concept, part.language).search(part.short) is not None

        if names("anything") and names("verbs") and not names("account") and not names("service"):
            found.append(part)
    return tuple(found)


def _unnamed_steps(text: Text, others: Sequence[Sought]) -> tuple[Part, ...]:
    """Steps of chapters on deleting that are those of no other function: this one may be told in words of its own."""
    found: list[Part] = []
    for chapter in text.chapters.values():
        shown_by = [one for one in chapter if one.passage.kind in {Kind.LIST_STEP, Kind.HEADING}]
        if _says("verbs", chapter) and not any(names(other, one) for other in others for one in shown_by):
            found += [one for one in chapter if one.passage.kind is Kind.LIST_STEP and one.language]
    return tuple(found)


def _says(concept: str, parts: Iterable[Part]) -> bool:
    return any(
        part.language and vocabulary.pattern("deletion", concept, part.language).search(part.short)
        for part in parts
    )


# Decisions --------------------------------------------------------------------------------------------------


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
    found = [*not_covered(entry, field, coverage, what), *one_language(entry, field, coverage, text, what)]
    return Findings(found, f"{entry.id}: {cited(by_words, 1)}"), by_words


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


# The check of the set-up ------------------------------------------------------------------------------------


_CHECK = "the guidance on checking the set-up"


def check(ixit: Ixit, text: Text, product: Sequence[str] = ()) -> Findings:
    """What refutes that the guidance has the steps of a check, and which steps say nothing to expect (5.12-3-1 b).

    Args:
        ixit: the documents.
        text: what was published.
        product: names of the maker and the model.
    """
    field = "Documentation of Setup Check"
    of_check = Sought("a check")

    def examine(text: Text) -> tuple[Findings, tuple[Hit, ...]]:
        return _check(ixit, text), ()

    return plainly(ixit.user_info, field, _CHECK, text, examine, "checking", product, of_check)


def _check(ixit: Ixit, text: Text) -> Findings:
    what, field, entry = _CHECK, "Documentation of Setup Check", ixit.user_info
    parts = _of_the_check(entry[field], text)
    if not parts:
        if not text.whole:
            return Findings([for_a_person(entry, field, f"no check was found in {what}, and {text.why}")])
        if checking := [part for part in text.parts if _may_be_of_a_check(part)]:
            message = f"{what} has no chapter on a check, and passages that may be one"
            return Findings(
                [for_a_person(entry, field, message, found="; ".join(part.quoted for part in checking[:3]))]
            )
        message = f"{what} has no passage on a check"
        return Findings([violation(entry, field, message, aspect=_ASPECT, expected="the steps of the check")])
    steps = [part for part in parts if part.passage.kind is Kind.LIST_STEP]
    if not steps:
        message = f"{what} has no numbered steps that a program recognises"
        return Findings(
            [for_a_person(entry, field, message, found="; ".join(part.quoted for part in parts[:3]))]
        )
    expecting = [
        part for part in steps if part.language and vocabulary.says("expected", part.short, part.language)
    ]
    silent = [
        part
        for part in steps
        if part not in expecting and not (part.language and vocabulary.says("use", part.short, part.language))
    ]
    found = []
    if not expecting:
        message = f"none of the {len(steps)} steps in {what} says what should be seen"
        found.append(for_a_person(entry, field, message, found="; ".join(part.quoted for part in steps[:3])))
    elif silent:
        message = f"{len(silent)} of the {len(steps)} steps in {what} tell neither what to do nor what should be seen"
        found.append(for_a_person(entry, field, message, found="; ".join(part.quoted for part in silent[:3])))
    elif not any(vocabulary.says("secured", part.short, part.language) for part in expecting):
        message = (
            f"none of the {len(steps)} steps in {what} names something that is known to keep a device secure"
        )
        found.append(for_a_person(entry, field, message, found="; ".join(part.quoted for part in steps[:3])))
    return Findings(found, f"{len(steps)} steps, {len(expecting)} of them with what should be seen")


def _may_be_of_a_check(part: Part) -> bool:
    """Whether a passage speaks of checking, or is a step that says what should be seen, below a question on safety."""
    if not part.language:
        return False
    if vocabulary.says("check", part.short, part.language):
        return True
    return (
        part.passage.kind is Kind.LIST_STEP
        and vocabulary.says("expected", part.short, part.language)
        and any(
            one.rstrip().endswith("?") and vocabulary.says("secured", vocabulary.folded(one), part.language)
            for one in part.chapter
        )
    )


def _of_the_check(said: str, text: Text) -> tuple[Part, ...]:
    """The passages of the chapters that the IXIT names, or else of those whose headings speak of checking."""
    titles = {vocabulary.folded(title) for title in quoted(said)}
    named = tuple(
        part for part in text.parts if any(vocabulary.folded(one) in titles for one in part.chapter)
    )
    if named:
        return named
    return tuple(
        part
        for part in text.parts
        if part.language
        and any(vocabulary.says("check", vocabulary.folded(one), part.language) for one in part.chapter)
    )
