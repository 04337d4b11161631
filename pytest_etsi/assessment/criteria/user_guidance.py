"""What instructions say: deleting data (5.11-3-1 b), and checking that the set-up is secure (5.12-3-1 b)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import Sought, look, vocabulary
from pytest_etsi.assessment.coverage.looking import Status
from pytest_etsi.assessment.coverage.plain import limiting_in, sentences
from pytest_etsi.assessment.coverage.sought import (
    familiar,
    names,
    quoted,
    sought_deletion,
)
from pytest_etsi.assessment.criteria._coverage import (
    cited,
    for_a_person,
    not_covered,
    one_language,
    plainly,
)
from pytest_etsi.assessment.findings import Finding, Findings, violation
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_etsi.assessment.coverage import Hit, Part, Text
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import DelFuncEntry

__all__ = ["check", "deletion"]

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
