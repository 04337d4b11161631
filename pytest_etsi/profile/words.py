"""How people write in a form that there is none, or that a question does not apply, in the languages of such forms.

It lies here because references are read with it ("none; mask ROM" names no entry); what more there is to say of an
answer is said by `pytest_etsi.assessment.reading.words`. A text counts by every word of it, never by one alone: "No
telemetry is sent without consent" says a good deal.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = [
    "bare",
    "does_not_apply",
    "forms",
    "is_form",
    "none_first",
    "opens_with_none",
    "plain",
    "there_is_none",
]

_LONGEST = 120
"""Characters beyond which no text is a form of saying nothing."""

_ACCENTS = re.compile("[\u0300-\u036f]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63]")
_QUOTES = re.compile("[\u2018\u2019\u02bc\u00b4`]")
_AND = r"\.?[ ,;:/|(-]*[,;:/|(-][ ,;:/|(-]*|\. "


def plain(text: str) -> str:
    """A text for comparison: lower case, on one line, without accents, with one kind of dash and of apostrophe."""
    if text.isascii():  # as most are, and what follows changes nothing else in them
        return " ".join(text.replace("`", "'").casefold().split())
    decomposed = unicodedata.normalize("NFKD", _QUOTES.sub("'", text))
    composed = unicodedata.normalize("NFC", _ACCENTS.sub("", decomposed))
    return " ".join(_DASHES.sub("-", composed).casefold().split())


@lru_cache(maxsize=2048)
def bare(text: str) -> str:
    """The same without punctuation at either end."""
    folded = plain(text)
    ends = [index for index, character in enumerate(folded) if character.isalnum()]
    return folded[ends[0] : ends[-1] + 1] if ends else ""


def forms(*languages: str, then: tuple[str, ...] = ()) -> re.Pattern[str]:
    """A pattern of one or several of these forms, written one after another: "none / nothing".

    Args:
        languages: alternatives as `bare` gives them, one regular expression a language.
        then: further alternatives, which may follow.
    """
    one, more = "|".join(languages), "|".join((*languages, *then))
    return re.compile(rf"(?:{one})(?:(?:{_AND})(?:{more}))*")


_NONE = (
    r"none(?: at all)?|nil|null|nothing(?: at all)?|no|not any|there (?:is|are)(?: none| not any|n't any)",
    r"kein(?:e[mnrs]?|erlei)?|nichts|nein|nicht vorhanden|es gibt keine[ns]?",
    r"aucune?|neant|rien|non|il n'y en a (?:pas|aucune?)",
    r"ningun[oa]?|nada|no hay(?: ningun[oa])?",
    r"nessun[oa]?|niente|nulla|non (?:presente|ce ne sono)",
    r"geen|niets|nee|niet aanwezig",
    r"brak|zadn[aey]|zaden|nie(?: ma)?",
    r"nenhuma?|nao(?: ha| existe)?",
    r"neni|nejsou|zadn(?:y|ych)",
    r"ingen(?:ting)?|inga|inget|finns (?:ej|inte)",
    r"[无無]|[没沒]有|[暂暫][无無]",
    r"(?:特に)?(?:なし|無し)|ない|ありません",
)
"""There is none: English, German, French, Spanish, Italian, Dutch, Polish, Portuguese, Czech, Swedish, Chinese,
Japanese. Words that may well be the ID of an entry (NIC) are left out.
"""

_NOT_APPLICABLE = (
    r"n ?[./]? ?/? ?a|n/?app(?:l(?:icable)?)?|(?:is |was )?not[ -](?:applicable|relevant)|inapplicable|irrelevant",
    r"(?:it |this )?(?:does not|doesn't|do not|don't) apply",
    r"entfallt|entfaellt|(?:trifft )?nicht (?:zu(?:treffend)?|anwendbar|relevant)|n\. ?z",
    r"sans objet|s\. ?o|non (?:applicable|concerne|pertinent)|ne s'applique pas",
    r"no (?:se )?aplica(?:ble)?|no procede|n/p",
    r"non (?:applicabile|pertinente)|non si applica",
    r"niet (?:van toepassing|relevant)|n\.? ?v\.? ?t",
    r"nie dotyczy|n[./] ?d",
    r"nao (?:se )?aplica(?:vel)?",
    r"nevztahuje se|neuplatnuje se|neni relevantni",
    r"(?:ar )?(?:ej|inte) (?:tillampligt?|aktuellt?|relevant)",
    r"不[适適]用",
    r"該当(?:なし|無し|しない|しません)|対象外|適用外",
)
"""The question does not apply, in the same languages."""

_THERE_IS_NONE = forms(*_NONE, then=_NOT_APPLICABLE)
_DOES_NOT_APPLY = forms(*_NOT_APPLICABLE, then=_NONE)
_NONE_FIRST = re.compile(
    rf"(?:{'|'.join((*_NONE, *_NOT_APPLICABLE))})(?=\.?(?: ?[,;:(]| -+ |$)|\. )"
    rf"|(?:{'|'.join(_NOT_APPLICABLE)}) (?:for|to|because|since|as|here|fur|auf|da|weil|pour|car|para|per|voor|dla)\b"
)
"""Such an answer at the beginning, and where a reason may follow: behind a mark, or behind the word of a reason."""
_OPENING = re.compile(
    # Words of one language that open sentences of another ("Non-personal data") count only with what follows them.
    r"(?:none|nil|nothing|no|not|n ?[./] ?a|n/?a|inapplicable|irrelevant|(?:it |this )?(?:does not|doesn't) apply"
    r"|kein(?:e[mnrs]?|erlei)?|nichts|nein|nicht|entfallt|entfaellt"
    r"|aucune?|neant|rien|sans objet|pas de|il n'y (?:en )?a (?:pas|aucune?)|ne s'applique pas"
    r"|non (?:applica|pertinent|concerne|presente|si|ci|vi|e|sono|viene|vengono)\w*"
    r"|ningun[oa]?|nada|nessun[oa]?|niente|nulla|geen|niets|niet|nee|brak|zadn[aey]|zaden|nie|nenhuma?|nao|neni"
    r"|nejsou|ingen|inga|inget)(?![\w']|-\w)"
    r"|[无無不]|[没沒]有|[暂暫][无無]|該当(?:なし|無し|し)|(?:特に)?(?:なし|無し)|対象外|適用外"
)


def is_form(pattern: re.Pattern[str], text: str) -> bool:
    """Whether a text as a whole is one of `forms`, or several."""
    short = bare(text)
    return len(short) <= _LONGEST and pattern.fullmatch(short) is not None


def there_is_none(text: str) -> bool:
    """Whether a text is the answer that there is none: "None.", "nil", "--", "keine", "なし"."""
    return plain(text).replace(" ", "").strip("-") == "" != text.strip() or is_form(_THERE_IS_NONE, text)


def does_not_apply(text: str) -> bool:
    """Whether a text is the answer that the question does not apply: "N.A.", "Does not apply", "entfällt"."""
    return is_form(_DOES_NOT_APPLY, text)


def none_first(text: str) -> bool:
    """Whether a text begins with such an answer and may go on with a reason: "none; in mask ROM", "N/A - no PIN"."""
    line = bare(text.strip().partition("\n")[0])
    return _NONE_FIRST.match(line) is not None or there_is_none(text) or does_not_apply(text)


def opens_with_none(text: str) -> bool:
    """Whether the first word is one with which there may be none, whatever follows: "No consent is asked for"."""
    return none_first(text) or _OPENING.match(bare(text)) is not None
