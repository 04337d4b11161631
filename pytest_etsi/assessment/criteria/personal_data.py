"""Consent to the processing of personal data (6-2 and 6-3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Findings
from pytest_etsi.assessment.reading.answers import affirmed, lacks, note, repeated, violation
from pytest_etsi.assessment.reading.lexicon import words
from pytest_etsi.assessment.reading.sentences import stated

if TYPE_CHECKING:
    from pytest_etsi.profile import IxitTable
    from pytest_etsi.profile.entries import PersDataEntry

__all__ = ["consent", "withdrawal"]

_NOT_FREE = re.compile(
    r"\b(?:pre-?(?:ticked|checked|selected)|opt-?out (?:box|only)|checked by default|ticked by default"
    r"|by (?:using|continuing to use|purchasing|buying|switching on) (?:the|this|our|your) \w+"
    r"|(?:continued|further) use (?:means|implies|is taken as|counts as)|(?:implied|tacit|implicit) consent|silence"
    r"|consent is (?:implied|assumed|deemed))\b",
    re.IGNORECASE,
)
_TAKEN_FOR_GRANTED = words(
    r"implicit(?:ly)?|implied|tacit(?:ly)?|(?:counts?|taken|regarded|treated|deemed) as (?:consent|agreement"
    r"|acceptance|agreed)"
    r"|(?:is|are) (?:assumed|deemed|presumed)|by default",
    r"gilt (?:.* )?als (?:erteilt|einwilligung|zustimmung)|stillschweigend\w*|konkludent\w*|implizit\w*|vorausgesetzt"
    r"|vorangekreuzt|vorausgewahlt",
    r"vaut (?:consentement|acceptation|accord)|tacite\w*|implicite\w*|repute\w* (?:donne|acquis)|precoche\w*",
    r"se (?:entiende|considera|presume) (?:otorgado|dado|aceptado)|implicit[oa]s?|implicitamente|tacit[oa]s?"
    r"|equivale a",
    r"si (?:intende|considera|presume) (?:prestato|dato|accettato)|vale come consenso|implicitamente|tacitamente",
    r"geldt als (?:toestemming|akkoord)|impliciet\w*|stilzwijgend\w*|vooraf aangevinkt",
    r"(?:oznacza|rownoznaczn\w+) (?:.* )?zgod\w+|dorozumian\w+|domnieman\w+|milczac\w+",
    r"considera-se (?:dado|aceite|prestado)|tacitamente|pre-selecionad\w+",
    r"(?:poklada|povazuje) se za (?:udeleny|souhlas)|mlcky|konkludentn\w+|implicitn\w+",
    r"(?:raknas|galler|tolkas) som (?:samtycke|godkannande)|underforsta\w*|forkryssad\w*",
    unspaced=r"視为同意|视为同意|視為同意|默认同意|默示|同意したものとみなし",
)
"""Consent that nobody gives: implied, assumed or ticked beforehand; on `plain` text."""
_IMPOSSIBLE = re.compile(
    r"[\s\W]*(?:(?:it is |this is )?(?:not possible|impossible|not supported|not foreseen|not provided|irrevocable)"
    r"|(?:consent )?cannot be (?:withdrawn|revoked|undone)|no(?:ne|t available)?)[\s\W]*",
    re.IGNORECASE,
)
_ROUNDABOUT = re.compile(
    r"\b(?:delet\w+ (?:the |your )?account|writ\w+ to|e-?mail to|call\w* (?:the )?support|contact\w* (?:the )?support"
    r"|letter)\b",
    re.IGNORECASE,
)


def consent(entry: PersDataEntry, table: IxitTable) -> Findings:
    """What refutes that consent is a free, obvious and explicit choice (6-2-1 a)."""
    field = "Obtaining Consent"
    found = list(lacks(entry, field, expected="how the consumer opts in"))
    if entry.facts.consent_by in ("preselected", "implied"):
        found.append(
            violation(
                entry,
                "facts.consent_by",
                f"consent is {entry.facts.consent_by}, which is no explicit choice",
                expected="an action of the consumer",
                found=entry.facts.consent_by,
            )
        )
    if said := affirmed(entry[field], _NOT_FREE) or stated(entry[field], _TAKEN_FOR_GRANTED):
        found.append(
            violation(entry, field, f"is no free and explicit choice: {said!r}", expected="an opt-in")
        )
    if same := repeated(table, field, 2).get(entry.id):
        found.append(
            note(entry, field, f"is the same for {', '.join(same)}: is it one consent for several purposes?")
        )
    return Findings(found)


def withdrawal(entry: PersDataEntry) -> Findings:
    """What refutes that consent can be withdrawn at any time by settings of device and service (6-3-1 a)."""
    field = "Withdrawing Consent"
    found = list(lacks(entry, field, expected="how the consumer takes the consent back"))
    if not found and _IMPOSSIBLE.fullmatch(entry[field]):
        found.append(
            violation(entry, field, f"offers no way: {entry[field].strip()!r}", expected="a way at any time")
        )
    if entry.facts.withdrawal == "impossible":
        found.append(
            violation(
                entry,
                "facts.withdrawal",
                "offers no way to withdraw",
                expected="a way at any time",
                found="impossible",
            )
        )
    elif entry.facts.withdrawal in ("account-deletion", "support") or _ROUNDABOUT.search(entry[field]):
        found.append(note(entry, field, "is it a setting, and the only way?"))
    return Findings(found)
