"""Whether an answer says that there is none of what its field asks: in a word, with a remark, or in a sentence.

"None.", "None; the cable is trusted" and "Users are not informed" are one answer to User Notification; "None on the
device; the cloud locks the account" is another, and for a person. So each field has words for what it asks, and for
what may be named instead. Whoever names something, in a part of the answer that denies nothing, has not said that
there is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.reading.field_words import FIELD_WORDS
from pytest_etsi.assessment.reading.lexicon import NEGATION
from pytest_etsi.assessment.reading.sentences import denies, sentences, spoken
from pytest_etsi.profile.words import opens_with_none, plain, there_is_none

if TYPE_CHECKING:
    from pytest_etsi.assessment.reading.field_words import FieldWords

__all__ = ["Answer", "says_none"]

Answer = Literal["none", "open", ""]
"""There is none; there may be none, which a person has to read; or nothing of the kind."""

_PRONOUN = re.compile(
    r"(?:none|nothing|nil|keine[rs]?|nichts|aucune?|rien|ningun[oa]?|nada|nessun[oa]?|niente|nulla|geen|niets|brak|nic"
    r"|zadn\w+|nenhuma?|ingen|inget|inga)\b|[无無]|なし"
)
_A_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|ten|twenty|each|every|eine[nrm]?|zwei|drei|funf|zehn|jede[rnm]?|un"
    r"|deux|trois|cinq|dix"
    r"|chaque|dos|tres|cinco|diez|cada|due|tre|cinque|dieci|ogni|twee|drie|vijf|tien|elke)\b"
)
_YET = re.compile(
    r"\b(?:but|except\w*|without|unless|until|before|if|when|just|more than|less than|other than|besides|apart"
    r"|beyond|instead"
    r"|always|that|which|who|second|again|twice|per|third|sondern|aber|ausser|ohne|wenn|bevor|bis|mais|sauf|sans"
    r"|avant|si|pero|salvo|sin"
    r"|sino|cuando|ma"
    r"|tranne|senza|prima|maar|behalve|zonder|ale|oprocz|mas|exceto|sem|jen|men|utom)\b"
)
"""Words with which something may be there after all, or need not be."""
_EXCUSE = re.compile(
    r"\b(?:silent\w*|quietly|loops?|internal|confidential|marketing|trust\w*|risk\w*|own (?:app|network)"
    r"|routers?|home|planned"
    r"|plans?|next (?:year|release)|later|future|at present|currently|so far|cost\w*|budget|soldered|potted"
    r"|welded|accepts? it"
    r"|heimnetz\w*|vertrau\w*|geplant|derzeit|spater|prevue?s?|actuellement|confiance|previst[oa]s?|actualmente"
    r"|attualmente"
    r"|vertrouw\w*|gepland|momenteel|planowan\w*|obecnie|atualmente|planovan\w*|betrodd\w*|planera\w*)\b"
)
"""Remarks on why there is none, which name none."""
_CONCORD = re.compile(
    r"\b(?:ne|ningun\w*|aucune?|nessun\w*|nenhum\w*|zadn\w*)\b|\bn'"
    r"|\b(?:and|or|nor|und|et|ni|y|e|en|och) (?:no|not|nor|keine?|pas|geen|inga?)\b"
)
"""Negations that only go along with another one: "no ... ningún", "no lockout and no delay"."""
_NEITHER = re.compile(r"\bneither\b.*\bnor\b|\bweder\b.*\bnoch\b|\bni\b.*\bni\b")
_NO_NEED = re.compile(r"(?:none|nothing|no (?!longer)\w+) (?:is |are )?(?:needed|necessary|required)\b")
_MOST_WORDS = 40
_FEW_WORDS = 8


@lru_cache(maxsize=4096)
def says_none(argument: str, field: str, text: str) -> Answer:
    """Whether an answer says that there is none of what its field asks.

    Args:
        argument: the table by its argument name: "auth_mech".
        field: of the table.
        text: the answer.
    """
    if there_is_none(text):
        return "none"
    asked = FIELD_WORDS.get((argument, field))
    if asked is None:
        return ""
    parts = _parts(text)
    opened = bool(parts) and _opens(parts[0], asked)
    denied = [part for part in parts if asked.denied.search(plain(part))]
    if not opened and not denied:
        return ""
    rest = parts[opened:]
    counts = asked.figures and _A_NUMBER.search(plain(text))
    if spoken(text) != text or counts or any(_names(part, asked) for part in rest):
        return "open" if opened and _PRONOUN.match(plain(parts[0])) else ""
    bare = opened and there_is_none(parts[0])
    untold = [part for part in rest if part not in denied and not _EXCUSE.search(plain(part))]
    if asked.needless or (untold and not bare) or len(text.split()) > _MOST_WORDS:
        return "open"
    firm = [part for part in (*denied, *parts[:opened]) if not there_is_none(part)]
    return "none" if all(map(_is_plain_denial, firm)) and not _NO_NEED.match(plain(text)) else "open"


def _is_plain_denial(part: str) -> bool:
    """Whether a part denies all of its subject, once: not "what cannot be verified never gets past"."""
    line = plain(part)
    once = len(NEGATION.findall(_CONCORD.sub(" ", line))) <= 1 or _NEITHER.search(line) is not None
    return once and not _YET.search(line)


def _parts(text: str) -> list[str]:
    """The parts of an answer that may say different things: sentences, and what commas, colons and dashes part."""
    found = []
    for sentence in sentences(spoken(text)):
        found += re.split(r"[,;:\uff0c\u3001]\s*|[.!?\u3002]\s*$|\s[-\u2013\u2014]+\s|\(|\)", sentence)
    return [part.strip() for part in found if part.strip(" .!?\u3002")]


def _opens(part: str, asked: FieldWords) -> bool:
    """Whether an answer begins by saying that there is none: "None for this mode", "No particular measures"."""
    if there_is_none(part):
        return True
    line = plain(part)
    if len(line.split()) > _FEW_WORDS or not opens_with_none(part):
        return False
    return bool(_PRONOUN.match(line) or asked.denied.match(line))


def _names(part: str, asked: FieldWords) -> bool:
    line = plain(part)
    said = asked.named.search(line) or asked.subject.search(line)
    return said is not None and not denies(part) and not asked.denied.search(line)
