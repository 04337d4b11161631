"""Guidance: whether a published document tells the user how to change an authentication value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, note, unknown, violation
from pytest_etsi.assessment.reading.answers import lacks
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.probes.webdocs import WebDocument
    from pytest_etsi.profile.entries import AuthMechEntry, UserInfoEntry

__all__ = ["change_is_documented", "change_is_possible", "is_named", "value_can_be_changed"]

_CHANGE = re.compile(r"chang\w*|replac\w*|reset\w*|renew\w*|new")
_WORDS_APART = 4
_FEW_WORDS = 40
_ENGLISH = frozenset({"the", "and", "of", "to", "your", "you", "with", "for", "can"})


def is_named(user_info: UserInfoEntry) -> Findings:
    """Whether 2-UserInfo names a documentation of the mechanisms for change (5.1-4-1 a)."""
    field = "Documentation of Change Mechanisms"
    if user_info[field].strip():
        return Findings()
    message = "no documentation of change mechanisms is named"
    return Findings((violation(user_info, field, message, aspect="guidance", expected="where it is"),))


def change_is_possible(entry: AuthMechEntry) -> Findings:
    """What contradicts that the value of an entry can be changed at all, as guidance would have to tell (5.1-4-1 a)."""
    change = entry.facts.change
    if change is None or change.supported is not False:
        return Findings()
    message = "no user and no administrator can change it"
    expected = "a way to change it"
    return Findings(
        (
            violation(
                entry, "facts.change.supported", message, aspect="guidance", expected=expected, found="false"
            ),
        )
    )


_FIXED = re.compile(
    r"\W*(?:the |its |this |it |and |but )*(?:(?:pass(?:word|code|phrase)|pin|key|code|value|token|it) )?"
    r"(?:is fixed|cannot be changed|can never be changed|is not changeable|is unchangeable)[\s.;]*",
    re.IGNORECASE,
)


def value_can_be_changed(entry: AuthMechEntry) -> Findings:
    """What refutes that user or administrator can change the value at all (5.1-4-1 a, edition 2.1.1)."""
    field = "Authentication Factor"
    found = [
        *lacks(entry, field, expected="what is presented, and who sets it"),
        *change_is_possible(entry),
    ]
    said = next((one for one in re.split(r"(?<=[.;,])\s+", entry[field]) if _FIXED.fullmatch(one)), "")
    changeable = entry.facts.change is not None and entry.facts.change.supported
    if said and changeable:
        found.append(unknown(entry, field, f"facts.change says that it can be changed; the text: {said!r}"))
    elif said and not found:
        message = f"says that the value stays: {said!r}"
        found.append(violation(entry, field, message, aspect="guidance", expected="a way to change it"))
    elif not found and not changeable:
        found.append(note(entry, field, "facts.change does not say whether the value can be changed"))
    return Findings(found)


def change_is_documented(entry: AuthMechEntry, document: WebDocument) -> Findings:
    """What refutes that a published document tells the user how to change the value of an entry (5.1-4-1 a)."""
    mentions = tuple(entry.facts.mentions)
    where = document.url
    if document.status in (404, 410):
        return Findings(
            (
                Finding(
                    "violation",
                    "guidance",
                    f"{where} is not there (HTTP {document.status})",
                    expected="the published guidance",
                ),
            )
        )
    if not document.available:
        return Findings((Finding("unknown", "guidance", f"{where} answered HTTP {document.status}"),))
    if not document.readable or document.truncated:
        return Findings((Finding("unknown", "guidance", f"a program cannot read {where}: {document.note}"),))
    if not mentions:
        return Findings(
            (
                Finding(
                    "unknown",
                    "guidance",
                    f"{entry} does not say by which words the guidance refers to it (facts.mentions)",
                ),
            )
        )
    words = re.findall(r"\w+", document.text.lower())
    if len(words) < _FEW_WORDS:
        reason = f"{where} has hardly any text that a program can read; it may be built by a script"
        return Findings((Finding("unknown", "guidance", reason),))
    if sum(word in _ENGLISH for word in words) * 20 < len(words):
        reason = f"{where} does not seem to be in English, in which alone a program can look for guidance"
        return Findings((Finding("unknown", "guidance", reason),))
    if any(_stands_near_a_change(mention, words) for mention in mentions):
        return Findings()
    return Findings(
        (
            Finding(
                "violation",
                "guidance",
                f"{where} does not say how to change the value of {entry}: no passage speaks of changing "
                f"{listed(map(repr, mentions), last='or')}",
                expected="steps to change it",
            ),
        )
    )


def _stands_near_a_change(mention: str, words: list[str]) -> bool:
    """Whether a word of changing stands within a few words of a mention."""
    sought = re.findall(r"\w+", mention.lower())
    if not sought:
        return False
    for start in range(len(words) - len(sought) + 1):
        if words[start : start + len(sought)] == sought:
            end = start + len(sought)
            around = (*words[max(0, start - _WORDS_APART - 1) : start], *words[end : end + _WORDS_APART + 1])
            if any(_CHANGE.fullmatch(word) for word in around):
                return True
    return False
