"""Disclosure policies: whom to write to, when a report is acknowledged, and how often its status is told.

A time counts only for what its own clause is about. What the maker gives itself to mend a flaw, to rate it, or asks the
reporter to wait is no time for news; nor is what stands around the text. A thing is *stated* where a sentence promises
it with its time, *absent* where no sentence of a document that was read whole speaks of anything like it, and *open*
otherwise: then a person reads the passages that are handed over, the most telling first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from pytest_etsi.assessment.published.harmless import Context, limits_nothing
from pytest_etsi.assessment.published.ordinary import uncommon
from pytest_etsi.assessment.published.promises import channels_in, promises_of
from pytest_etsi.assessment.published.said import Vocabulary, languages_of, said_in
from pytest_etsi.assessment.published.times import spans
from pytest_etsi.assessment.published.whole import out_of_the_ordinary, speaking_of_itself
from pytest_etsi.assessment.standing import (
    footnoted,
    in_force,
    is_announced,
    is_provisional,
    is_unbinding,
    is_unfilled,
)
from pytest_etsi.probes.webdocs import Kind
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.assessment.published.promises import Promise
    from pytest_etsi.assessment.published.said import Said
    from pytest_etsi.assessment.published.times import Span
    from pytest_etsi.probes.webdocs import Passage, WebDocument

__all__ = ["LIMITED", "Item", "Policy", "is_no_policy_yet", "read_policy", "speaks_of_disclosure"]

State = Literal["stated", "open", "absent"]

_SPELT_MAIL = re.compile(r"[\w.+-]{1,40} ?[\[({] ?(?:at|@|arroba|chiocciola) ?[\])}] ?[\w-]{1,60}")
_LONGEST_DAYS = 31
"""Days within which somebody may be answered; what takes longer is a time for something else."""
_ADDRESSED = re.compile(
    r"\b(?:(?:send|tell) us|(?:envie|escriba)nos|(?:inviate|scrivete)ci|(?:senden|schicken) sie uns|envoyez[- ]nous)\b"
)
"""What asks for a report, and in a promise would be a request of something else."""
LIMITED = "the text has sentences that may limit it, or say that it is for something else, or over"
"""Why a thing is open that is promised with its time."""


class Item(NamedTuple):
    """One thing that a policy has to say.

    Attributes:
        state: whether it does.
        why: of what is open, or absent, in a phrase.
        said: the sentences, the most telling first.
    """

    state: State
    why: str = ""
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Policy:
    """What a policy says of the three things that 5.2-1-2 b asks for.

    Attributes:
        contact: whom to write to.
        acknowledgement: when a report is acknowledged.
        updates: how often the status is told until it is resolved.
    """

    contact: Item
    acknowledgement: Item
    updates: Item


def speaks_of_disclosure(document: WebDocument) -> bool | None:
    """Whether a document deals with weaknesses at all; None: it is in no language that is known."""
    languages = languages_of(document)
    if not languages:
        return None
    subject = Vocabulary("published-policy.json", languages)["subject"]
    return any(subject.search(one.plain) for one in said_in(document.own))


_FEW_WORDS = 100
"""Words of a text below which "coming soon" is said of all of it."""


def is_no_policy_yet(document: WebDocument) -> tuple[Said, ...]:
    """The sentences by which a text may be no policy for the device: announced, unfilled, or for something else."""
    languages = languages_of(document)
    scope = Vocabulary("published-policy.json", languages)["scope"]
    short = len(document.own_text.split()) < _FEW_WORDS
    return tuple(
        one
        for one in said_in(document.own)
        if is_unfilled(one.text)
        or is_provisional(one.plain, languages)
        or scope.search(one.plain)
        or (short and languages and is_announced(one.plain, languages))
    ) or speaking_of_itself(document)


def read_policy(document: WebDocument) -> Policy:
    """What a policy says; of one that was not read whole, or in no language that is known, nothing is absent."""
    languages = languages_of(document)
    words = Vocabulary("published-policy.json", languages)
    own = in_force(document.own)
    said = list(said_in(own))
    sure = (
        bool(languages)
        and document.whole
        and len(own) == len(document.own)
        and not any(_may_say_it(one, words) for one in document.outside)
    )
    reversed_ = _is_of_others(said, words)
    promises = [] if reversed_ else list(promises_of(said, words))
    limits = [one for one in said if _is_limit(one, words)] or list(out_of_the_ordinary(document, "policy"))
    times = [] if reversed_ else list(_times_of_anything(said, words))
    acknowledgement = _acknowledgement(said, promises, words, sure=sure)
    updates = _updates(said, promises, words, sure=sure)
    return Policy(
        _contact(document, said, words, sure=sure),
        _limited(_doubted(acknowledgement, [one for one, span in times if not span.recurs]), limits),
        _limited(_doubted(updates, [one for one, span in times if span.recurs]), limits),
    )


def _is_limit(one: Said, words: Vocabulary) -> bool:
    """Whether a sentence takes something from all promises of the text, wherever it stands."""
    return (
        bool(words["scope"].search(one.plain))
        or is_unfilled(one.text)
        or is_provisional(one.plain, words.of_languages)
        or is_unbinding(one.plain, words.of_languages)
    )


def _may_say_it(one: Passage, words: Vocabulary) -> bool:
    """Whether what is hidden, or shown in a picture, may be a promise."""
    if one.kind is Kind.PICTURE:
        short = plain(one.text)
        return any(words[about].search(short) for about in ("subject", "reacts", "told"))
    return one.kind is Kind.HIDDEN


def _times_of_anything(said: Iterable[Said], words: Vocabulary) -> Iterator[tuple[Said, Span]]:
    """Sentences with a short time that belongs to nothing else that is known: a promise in words that are not."""
    for one in said:
        if any(words[about].search(one.plain) for about in ("others", "asks", "embargo")):
            continue
        for span in spans(one.plain):
            of_work = any(words[about].search(one.plain) for about in ("fix", "triage"))
            # What comes again and again may be news, in whatever words, also where it is told until when it comes.
            if span.recurs or (not of_work and span.most <= _LONGEST_DAYS):
                yield one, span


def _doubted(item: Item, times: Sequence[Said]) -> Item:
    if item.state != "absent" or not times:
        return item
    return Item("open", f"{item.why}, and times are named in other words", tuple(dict.fromkeys(times)))


def _limited(item: Item, by: Sequence[Said]) -> Item:
    if item.state != "stated" or not by:
        return item
    return Item("open", LIMITED, tuple(dict.fromkeys((*by[:3], *item.said))))


def _acknowledgement(
    said: Sequence[Said], promises: Sequence[Promise], words: Vocabulary, *, sure: bool
) -> Item:
    timed = [one for one in promises if one.about in {"receipt", "answer"} and not one.span.recurs]
    speaks = [
        one
        for one in said
        if any(words[about].search(one.plain) for about in ("receipt", "answer", "automatic", "reacts"))
        and one.passage.kind is not Kind.HEADING
        and not words["others"].search(one.plain)
        and (words["receipt"].search(one.plain) or not words["embargo"].search(one.plain))
    ]
    return _item(timed, speaks, words, sure=sure, what="the acknowledgement of a report", also=("automatic",))


def _updates(said: Sequence[Said], promises: Sequence[Promise], words: Vocabulary, *, sure: bool) -> Item:
    timed = [one for one in promises if one.about == "update" and one.span.recurs]
    speaks = [
        one
        for one in said
        if words["update"].search(one.plain)
        or (
            words["told"].search(one.plain)
            and one.passage.kind is not Kind.HEADING
            and not any(words[about].search(one.plain) for about in ("asks", "embargo", "others"))
            and not _only_receipt(one.plain, words)
        )
    ]
    return _item(timed, speaks, words, sure=sure, what="status updates until the resolution")


def _only_receipt(text: str, words: Vocabulary) -> bool:
    """Whether the words by which something is told belong to the receipt: "we confirm to you in this message"."""
    return bool(words["receipt"].search(text)) and not words["update"].search(text)


def _item(
    timed: Sequence[Promise],
    speaks: Sequence[Said],
    words: Vocabulary,
    *,
    sure: bool,
    what: str,
    also: tuple[str, ...] = (),
) -> Item:
    ordered = tuple(
        dict.fromkeys([*(one.said for one in timed), *sorted(speaks, key=lambda one: _rank(one, words))])
    )
    if timed:
        firm = [one for one in timed if _is_firm(one.said, words)]
        groups = {one.said.passage.chapter for one in timed}
        others = {
            one.passage.chapter
            for one in speaks
            if _names_time(one, words) or words["vague"].search(one.plain)
        }
        if len(firm) < len(timed):
            return Item("open", f"{what} is promised, in words that may limit it", ordered)
        if len(groups | others) > 1 and (len({one.span.most for one in timed}) > 1 or others - groups):
            return Item("open", f"{what} is promised in several chapters, and not alike", ordered)
        return Item("stated", "", ordered)
    if speaks:
        if any(words[concept].search(one.plain) for concept in also for one in speaks):
            return Item("open", f"{what} is automatic, and no time is said", ordered)
        return Item("open", f"{what}: no sentence promises it together with its time", ordered)
    if sure:
        return Item("absent", f"no sentence speaks of {what}")
    return Item("open", f"{what} was not found, and the text was not read whole or its language is not known")


def _is_firm(said: Said, words: Vocabulary) -> bool:
    """Whether the maker promises it, to everybody, and now: no word in it limits or denies it."""
    text = words["while"].sub(" ", said.plain)
    topic = plain(said.passage.chapter[-1]) if said.passage.chapter else ""
    if said.text.endswith("?") or footnoted(said.text) or words["elsewhere"].search(f"{topic} {text}"):
        return False
    asked = Context("question", words.of_languages)
    title = " ".join(said.passage.chapter[:1])
    headings = " ".join(one for one in said.passage.chapter[1:] if not limits_nothing(one, asked))
    if uncommon(text, "policy", words.of_languages, title) or uncommon(
        headings, "heading", words.of_languages
    ):
        return False
    promised = said.passage.kind is Kind.TABLE_ROW or words["maker"].search(text)  # a row leaves the verb out
    return bool(promised) and not words["doubt"].search(text)


def _rank(said: Said, words: Vocabulary) -> int:
    """The most telling first: what names the thing, in words that a person has to weigh."""
    firm = words["receipt"].search(said.plain) or words["update"].search(said.plain)
    return (0 if firm or words["automatic"].search(said.plain) else 2) + (
        0 if words["vague"].search(said.plain) else 1
    )


def _names_time(said: Said, words: Vocabulary) -> bool:
    return bool(spans(said.plain)) and bool(
        words["receipt"].search(said.plain) or words["update"].search(said.plain)
    )


def _is_of_others(said: Sequence[Said], words: Vocabulary) -> bool:
    """Whether the text is about flaws that the maker finds in products of others: its sentences mostly are."""
    naming = [one for one in said if words["others"].search(one.plain)]
    promising = [
        one for one in said if any(words[about].search(one.plain) for about in ("receipt", "update"))
    ]
    return len(naming) >= 2 and len(naming) * 2 >= len(promising) + 1


def _contact(document: WebDocument, said: Sequence[Said], words: Vocabulary, *, sure: bool) -> Item:
    found = [one for one in said if channels_in(one.text, one.passage)]
    firm = [one for one in found if words["subject"].search(one.plain)]
    unlimited = [
        one
        for one in found
        if not words["elsewhere"].search(one.plain)
        and (
            not words["doubt"].search(_ADDRESSED.sub(" ", one.plain))
            or limits_nothing(one.text, Context("contact", words.of_languages))
        )
    ]
    if firm or unlimited:
        return Item("stated", "", tuple(dict.fromkeys((*firm, *unlimited, *found))))
    if found:
        return Item("open", "an address is named, for something else or with a limit", tuple(found))
    speaks = [one for one in said if words["channel"].search(one.plain) or _SPELT_MAIL.search(one.plain)]
    outside = [one for one in said_in(document.outside) if channels_in(one.text, one.passage)]
    if speaks:
        return Item("open", "a channel is named, and no address of it is recognised", tuple(speaks))
    if outside or document.forms:
        return Item("open", "an address stands beside the policy, which does not name it", tuple(outside))
    if sure:
        return Item("absent", "no address, form or telephone number for reports")
    return Item("open", "no contact was found, and the text was not read whole or its language is not known")
