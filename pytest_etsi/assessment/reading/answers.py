"""What every criterion on the documents uses: findings with their place, and careful reading of prose.

A program may refute a document for four reasons only: an answer is missing or says nothing; typed facts, enumerated
fields or references contradict the demand or each other; or a sentence states without doubt what must not be. That
prose lacks a certain word never refutes: a truthful answer may use other words. It is a note for the person instead.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, note, place, unknown, violation
from pytest_etsi.assessment.reading.denials import says_none
from pytest_etsi.assessment.reading.fields import asked
from pytest_etsi.assessment.reading.sentences import sentences, shortened, spoken
from pytest_etsi.assessment.reading.words import (
    does_not_apply,
    left_blank,
    says_nothing,
    there_is_none,
    unanswered,
)
from pytest_etsi.profile.unread import listening
from pytest_etsi.profile.unread import note as note_unread
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pytest_etsi.profile import Entry, Ixit, IxitTable
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        ComMechEntry,
        SecBootEntry,
        SecParamEntry,
        UpdMechEntry,
    )
    from pytest_etsi.profile.unread import Unread

__all__ = [
    "DOUBT",
    "NEGATED",
    "affirmed",
    "lacks",
    "not_guaranteed",
    "note",
    "place",
    "referrers",
    "repeated",
    "sentences",
    "shortened",
    "unknown",
    "violation",
]

DOUBT = re.compile(
    r"\b(?:no|not|nothing|nobody|never|none|neither|nor|without|cannot|don.?t|doesn.?t|isn.?t|aren.?t|won.?t|can.?t"
    r"|unless|except\w*|if|should|would|could|may|might|instead|rather|than|former\w*|previous\w*|earlier|old"
    r"|older|legacy|until|before"
    r"|was|were|had|remov\w+|disabl\w+|reject\w*|refus\w+|prevent\w*|avoid\w*|block\w*|forbid\w*|prohibit\w*|against"
    r"|protect\w* (?:from|against)|attack\w*|only in|test\w*|example\w*|factory(?! reset)|production|development|future"
    r"|planned)\b|n't\b|\?",
    re.IGNORECASE,
)
"""Words with which a sentence may mean the opposite, another time, or another place."""
NEGATED = re.compile(r"\b(?:no|not|none|neither|nor|never|without)\b|n't\b", re.IGNORECASE)
"""Words that deny, where others of doubt are no reason to pass over what a sentence says."""


def lacks(
    entry: Entry, *fields: str, expected: str = "an answer", or_none: bool = False
) -> Iterator[Finding]:
    """What is amiss with each of the fields that the standard asks of the entry and that do not answer.

    A violation where one is empty, says nothing, or says that there is none of what it asks; unknown where a remark may
    name one after all, or where the entry does not tell whether the field is asked of it.

    Args:
        entry: an entry.
        fields: of its table.
        expected: what they have to say.
        or_none: that there is none is an answer to their question: an interface may disclose nothing.
    """
    for field in fields:
        text = entry[field].strip()
        none = there_is_none(text) or does_not_apply(text)
        wanted = asked(entry, field)
        if wanted is False or (or_none and none):
            continue
        if wanted is None and (none or not text):
            said = shortened(text) or "nothing"
            message = f"says {said!r}, and the entry does not tell whether it is asked for"
            yield unknown(entry, field, message, expected=expected, found=text)
        elif not text:
            yield violation(entry, field, "is empty", expected=expected)
        elif unanswered(text):
            message = f"says nothing: {shortened(text)!r} is a placeholder"
            yield violation(entry, field, message, expected=expected, found=text)
        elif says_nothing(text):
            yield violation(entry, field, f"says nothing: {shortened(text)!r}", expected=expected, found=text)
        elif left_blank(text):
            message = f"holds a placeholder: {shortened(text)!r}"
            yield unknown(entry, field, message, expected=expected, found=text)
        elif not or_none:
            yield from _denied(entry, field, expected)


def _denied(entry: Entry, field: str, expected: str) -> Iterator[Finding]:
    text = entry[field]
    said = says_none(entry.argument_name, field, text)
    if said == "none":
        message = f"says that there is none: {shortened(text)!r}"
        yield violation(entry, field, message, expected=expected, found=text)
    elif said == "open":
        message = f"may say that there is none: {shortened(text)!r}"
        yield unknown(entry, field, message, expected=expected, found=text)


def not_guaranteed(
    entry: AuthMechEntry | ComMechEntry | SecBootEntry | SecParamEntry | UpdMechEntry,
    *demanded: str,
    of: str = "",
) -> Iterator[Finding]:
    """A violation for each demanded guarantee that `facts.guarantees` leaves out; none where it is left out itself.

    Args:
        entry: of a table with that fact.
        demanded: "authenticity", "integrity", "confidentiality".
        of: whose guarantees, for the message.
    """
    claimed = entry.facts.guarantees
    for missing in demanded if entry.facts.says("guarantees") else ():
        if missing not in claimed:
            yield violation(
                entry,
                "facts.guarantees",
                f"{missing} is not among the guarantees{f' of {of}' if of else ''}",
                expected=listed(demanded),
                found=", ".join(sorted(claimed)) or "none",
            )


def affirmed(text: str, pattern: re.Pattern[str], doubt: re.Pattern[str] = DOUBT) -> str:
    """The first sentence that says what `pattern` finds, and holds no word of doubt; empty: none does."""
    for sentence in sentences(text):
        if pattern.search(sentence) and not doubt.search(spoken(sentence)):
            return sentence
    return ""


@lru_cache(maxsize=64)
def repeated(table: IxitTable, field: str, least: int = 3) -> Mapping[str, tuple[str, ...]]:
    """Answers that stand word for word in several entries: entry ID -> IDs of all entries that share it.

    Args:
        table: an IXIT table.
        field: one of its fields.
        least: number of entries from which an answer counts as boilerplate.
    """
    found: dict[str, list[str]] = {}
    for entry in table:
        text = " ".join(entry.written(field).lower().split())
        if len(text) > 20:  # "none", "no user action" may well hold for several
            found.setdefault(text, []).append(entry.id)
    shared = [tuple(ids) for ids in found.values() if len(ids) >= least]
    return {name: ids for ids in shared for name in ids}


_TARGETS = {
    "Access": ("intf",),
    "Authentication Mechanism": ("auth_mech",),
    "Communication Mechanisms": ("com_mech",),
    "Interface": ("ext_api",),
    "Personal Data": ("pers_data",),
    "Secure Communication Mechanisms": ("com_mech",),
    "Source": ("user_intf", "ext_api"),
    "Update Mechanism": ("upd_mech",),
}
"""Fields that refer to other tables, in both editions -> the argument names of the tables."""


@lru_cache(maxsize=16)
def _referrers(ixit: Ixit) -> Mapping[tuple[str, str], tuple[Entry, ...]]:
    found: dict[tuple[str, str], dict[Entry, None]] = {}
    for entry in _entries(ixit):
        for field, ids in entry.references.items():
            for target, name in product(_TARGETS[field], ids):
                found.setdefault((target, name), {})[entry] = None
    return {key: tuple(entries) for key, entries in found.items()}


@lru_cache(maxsize=16)
def _unread_references(ixit: Ixit) -> Mapping[str, tuple[Unread, ...]]:
    """References into each table that cannot be followed: any of them may mean any of its entries."""
    found: dict[str, list[Unread]] = {}
    for entry in _entries(ixit):
        for field, one in entry.unread.items():
            for target in _TARGETS.get(field, ()):
                found.setdefault(target, []).append(one)
    return {target: tuple(several) for target, several in found.items()}


def _entries(ixit: Ixit) -> Iterator[Entry]:
    """All entries; what cannot be read of them is left to whoever asks for one."""
    with listening(lambda _: None):
        yield from [entry for table in ixit for entry in table]


def referrers(ixit: Ixit, entry: Entry) -> tuple[Entry, ...]:
    """The entries of any table that refer to an entry."""
    note_unread(_unread_references(ixit).get(entry.argument_name, ()))
    return _referrers(ixit).get((entry.argument_name, entry.id), ())


def first(findings: Iterable[Finding], most: int = 20) -> tuple[Finding, ...]:
    """At most so many findings, those that refute first: thousands of entries must not make as long a message."""
    kept: list[Finding] = []
    for number, finding in enumerate(sorted(findings, key=lambda one: one.kind != "violation")):
        if number == most:
            kept.append(Finding(finding.kind, finding.aspect, "and more of the same"))
            break
        kept.append(finding)
    return tuple(kept)
