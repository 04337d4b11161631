"""The documented description of how passwords are generated, as prose."""

from __future__ import annotations

import re

from pytest_etsi.assessment.findings import Finding
from pytest_etsi.assessment.reading.words import says_nothing

_DEVICES = r"(?:devices|units|cameras|products|samples|appliances|routers|hubs|sensors|locks)"
_WHO = r"(?:mac(?:[ -]?address)?|serial(?:[ -]?number)?|ssid|model(?:[ -]?(?:name|number))?)"
_KIND_OF = r"(?:default |initial |factory )?"
_SAME = (
    rf"\b(?:(?:the |a )?(?:same|identical|common|universal|shared) {_KIND_OF}(?:password|value|pin)"
    r"(?: is (?:used|set|installed|programmed))?"
    rf" (?:for|on|in|across|by) (?:all|every|each) (?:{_DEVICES}|device|unit)"
    r"|(?:password|pin)s? (?:is|are) (?:the same|identical|equal) (?:for|on|in|across) (?:all|every|each)"
    rf"|all {_DEVICES} (?:share|have|use|get|ship with) the same {_KIND_OF}(?:password|pin))\b"
)
_COUNTED = (
    r"\b(?:passwords?|pins?) (?:is|are) (?:simply |just )?(?:sequential(?:ly)?|consecutive(?:ly)?|counted up"
    r"|incremented|incrementing|numbered consecutively)\b"
)
_IS_PUBLIC = (
    r"\b(?:password|pin) (?:is|equals|corresponds to|consists of) (?:equal to |identical to |simply |just )?"
    r"(?:the )?(?:(?:first|last|final) (?:\w+ )?(?:digits|characters|bytes|letters|octets) of (?:the )?)?"
    rf"(?:device'?s? )?{_WHO}(?=\s*(?:[.;,]|$|of the (?:device|unit)))"
)
_SHARED_SAID = "The description says that devices share the password."
_REFUTED: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("uniqueness", re.compile(_SAME, re.IGNORECASE), _SHARED_SAID),
    (
        "regularity",
        re.compile(_COUNTED, re.IGNORECASE),
        "The description says that passwords are counted up.",
    ),
    (
        "relation",
        re.compile(_IS_PUBLIC, re.IGNORECASE),
        "The description says that the password is, or is part of, public data.",
    ),
)
_SAME_IN_SHORT = re.compile(
    r"(?:the )?(?:same|identical) (?:for|on) all(?: (?:the )?\w+)?\s*\.?", re.IGNORECASE
)
_NEGATION = re.compile(
    r"\b(?:no|not|never|none|neither|nor|without|cannot|avoid\w*|instead|rather|unlike|except\w*|previous\w*"
    r"|former\w*|older|legacy|old|earlier|until|before|unless|prior|only in|was|were|would|could|if|example"
    r"|attack\w*|exclude\w*|prevent\w*|reject\w*|forbid\w*|discard\w*|rules? out|differs?|salt\w*|random\w*|key\w*"
    r"|secret\w*|plus|followed by|combined|and|encrypted|hashed|user)\b|n't\b|\?",
    re.IGNORECASE,
)


def generation_prose_findings(text: str) -> tuple[Finding, ...]:
    """Refute a prose description of how passwords are generated, only where it is unambiguous.

    Found are: nothing or a placeholder; that devices share the password; that passwords are counted up; that
    the password is public data. A sentence with any sign of negation, contrast or a further input is left to
    a person.

    Returns:
        Findings of the aspects ``description``, ``uniqueness``, ``regularity`` and ``relation``; empty when
        the text gives no certain ground, which confirms nothing.
    """
    plain = " ".join(text.split())
    if says_nothing(plain):
        message = "The generation of the password is not described."
        quoted = repr(plain[:40])
        return (
            Finding("violation", "uniqueness", message, expected="a description", found=quoted),
            *(
                Finding("unknown", aspect, message, expected="a description", found=quoted)
                for aspect in ("regularity", "patterns", "relation", "complexity")
            ),
        )
    if _SAME_IN_SHORT.fullmatch(plain):
        return (Finding("violation", "uniqueness", _SHARED_SAID, found=repr(plain)),)
    findings: dict[tuple[str, str], Finding] = {}
    for sentence in re.split(r"(?<=[.!;?])\s+", plain):
        if _NEGATION.search(sentence):
            continue
        for aspect, pattern, message in _REFUTED:
            if found := pattern.search(sentence):
                finding = Finding("violation", aspect, message, found=repr(found.group()[:80]))
                findings.setdefault((aspect, message), finding)
    return tuple(findings.values())
