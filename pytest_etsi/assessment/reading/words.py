"""Whether a text says something: answers left open, answers that there is none, and answers that say no more.

Read narrowly: a text says nothing only if every word of it does. What is meant matters, so it is told apart:

- `unanswered`: empty, "tbd", "lorem ipsum": nobody has answered yet;
- `left_blank`: "at least ? years": a part of it is still to be answered;
- `there_is_none`: "None", "nil", "--": answered, there is none;
- `does_not_apply`: "N.A.", "Does not apply": answered, the question is not one of this device;
- `elsewhere`: "see annex": the answer may lie where no program looks;
- `says_nothing`: any of these, or only that something is not done ("not supported").

The words of `there_is_none` and `does_not_apply` are those of `pytest_etsi.profile.words`.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pytest_etsi.assessment.reading.sentences import spoken
from pytest_etsi.profile.words import (
    bare,
    does_not_apply,
    forms,
    is_form,
    none_first,
    opens_with_none,
    plain,
    there_is_none,
)

__all__ = [
    "does_not_apply",
    "elsewhere",
    "left_blank",
    "none_first",
    "opens_with_nothing",
    "rules_out",
    "says_nothing",
    "there_is_none",
    "unanswered",
]

# What says nothing ------------------------------------------------------------------------------------------

_SETTLED = (
    "defined|determined|decided|confirmed|specified|clarified|settled|agreed|set|finali[sz]ed|filled(?: in)?"
)
_DONE = f"{_SETTLED}|done|added|completed|provided|supplied|described|announced"
_UNANSWERED = forms(
    r"t\.?b\.?[dac]|to ?do|wip|xxx+|unknown|pending|open|later|in progress",
    rf"(?:(?:still|yet) )?(?:to|will|shall) be (?:{_DONE})(?: (?:later|soon|yet))?",
    rf"(?:(?:still|yet) )?(?:to|will|shall) be (?:{_SETTLED}) (?:with|by|before|until|at|after) .*",
    r"not (?:yet )?(?:known|defined|decided|specified|written)|not yet available",
    r"test|dummy|example|placeholder|foo|bar|asdf\w*|text|description",
    r"(?:insert|enter|add) (?:text|description|answer)(?: here)?",
    r"keine? angaben?|k\.? ?a|unbekannt|(?:noch )?offen|(?:noch )?zu (?:klaren|bestimmen|definieren)"
    r"|(?:wird )?nachgereicht|folgt"
    r"|(?:wird|werden) (?:.* )?(?:noch|spater) (?:.* )?(?:festgelegt|erganzt|nachgereicht|bestimmt|definiert|geklart)"
    r"|(?:steht|stehen) noch nicht fest",
    r"(?:reste )?a (?:definir|completer|preciser|determiner|confirmer)|inconnue?|en attente",
    r"(?:por|a) (?:definir|determinar|confirmar|completar)|pendiente|desconocid[oa]",
    r"da (?:definire|completare|stabilire|confermare|determinare)|sconosciut[oa]",
    r"nog (?:(?:nader )?te bepalen|in te vullen|onbekend)|onbekend",
    r"do (?:uzupełnienia|ustalenia|okreslenia|potwierdzenia)|nieznan[aey]",
    r"(?:por|a) (?:preencher|definir|confirmar)|desconhecid[oa]",
    r"(?:bude )?(?:upresneno|doplneno|urceno)|neznam[ya]|k doplneni",
    r"(?:ska )?(?:faststallas|bestammas|kompletteras)(?: senare)?|okan[dt]",
    r"待定|未知|未定|不明|未記入",
)
_UNITS = (
    r"(?:years?|months?|weeks?|days?|hours?|jahren?|monaten?|wochen?|tagen?|stunden?|ann[ée]es?|ans?|mois|jours?|a[ñn]os?"
    r"|meses|d[ií]as|anni|mesi|giorni|jaar|maanden|dagen|lat|lata|anos|let|roky|[åa]r)"
)
_BLANK = re.compile(
    r"(?<![\w?])\?{1,3}(?![\w?])|(?<!\w)(?:xx+|nn+|__+)(?= )|<[^<>]*\b(?:date|years?|number|name|value|fill\w*"
    r"|insert)\b[^<>]*>"
    rf"|(?<![\w.])(?:[xn]|\u2026|\.\.\.) ?(?={_UNITS}\b)"
    r"|\b(?:dd|tt|jj|mm)[./-](?:mm[./-])?(?:yy|aa|jj)+\b|\byyyy(?:[./-]mm)?|\b(?:\d\d?\.){0,2}20(?:xx|yy|nn|__|\?\?)",
    re.IGNORECASE,
)
"""A place that is left to be filled: "at least ? years", "until <date>"; a question that ends in its mark has none."""
_IN_BRACKETS = re.compile(
    r"\[\s*(?:(?:insert|fill|enter|add|your)\b[^\]]*|date|years?|months?|days?|number|name|value|period|duration"
    r"|t\.?b\.?[dac]\.?|to ?do|x+|\?+|\u2026|\.\.\.|_+|\u25cf|\u2022)\s*\](?!\()",
    re.IGNORECASE,
)
"""The same in brackets, which otherwise hold what an answer only points to: "[insert period]", "[TBD] years"."""
_ELSEWHERE = forms(
    r"(?:see|cf\.?|refer to) (?:above|below|attachment|annex|other document|documentation)|(?:same )?as above|ditto",
    r"s(?:\.|iehe) ?(?:oben|unten|anlage|anhang)|dito",
    r"voir (?:ci-dessus|ci-dessous|annexe)|idem",
    r"ver (?:arriba|abajo|anexo|acima|abaixo)|vedi (?:sopra|sotto|allegato)|zie (?:boven|onder|bijlage)",
    r"同上",
)
_NOT_DONE = forms(
    r"(?:is |was )?not (?:supported|implemented|fulfilled|met|required|available|done)|unsupported|unfulfilled"
)


def unanswered(text: str) -> bool:
    """Whether nobody has answered yet: an empty text, "tbd", "to be defined", a filler; not "none" nor "n/a"."""
    short = bare(text)
    if not short:
        return not there_is_none(text)
    return short.startswith("lorem ipsum") or is_form(_UNANSWERED, short)


@lru_cache(maxsize=4096)
def left_blank(text: str) -> bool:
    """Whether an answer has a place that is left to be filled in: "updates for at least ? years"."""
    return (_BLANK.search(spoken(text)) or _IN_BRACKETS.search(text)) is not None


def elsewhere(text: str) -> bool:
    """Whether a text only says that the answer stands in another place, without naming it: "see annex", "ditto"."""
    return is_form(_ELSEWHERE, text)


@lru_cache(maxsize=4096)
def says_nothing(text: str) -> bool:
    """Whether an answer says nothing in any of the ways above."""
    kinds = (unanswered, there_is_none, does_not_apply, elsewhere)
    return any(kind(text) for kind in kinds) or is_form(_NOT_DONE, text)


# What there is none of --------------------------------------------------------------------------------------

_SOON = re.compile(r"(?:t\.?b\.?[dac]|todo|to be \w+)(?![\w-])")
_FEW_WORDS = 6
_MOST_WORDS = 14
_BUT = re.compile(
    r"\b(?:but|except\w*|without|unless|until|only|just|more than|less than|other than|besides|apart|beyond|instead"
    r"|none of|not (?:all|every|only)|ausser|nur|ohne|sauf|sans|salvo|excepto|sin|eccetto|tranne|senza|behalve|zonder"
    r"|oprocz|bez|exceto|sem)\b"
)
"""Words with which something may be there after all: "Nothing but the serial number", "none without consent"."""
_MADE = r"(?:collect|send|transmit|gather|process|record|generat|use|offer|provide|have|contain)e?"
_WHO = r"(?:we|(?:the|this|our) (?:device|product|dut|firmware|software|app|service|manufacturer|vendor))"
_DENIED = re.compile(
    rf"there (?:is|are|was|were) (?:no|not any|none)\b.*|there (?:is|are)n't any\b.*"
    rf"|{_WHO} (?:(?:do|does) not|don't|doesn't) {_MADE}\b.*|{_WHO} (?:{_MADE}s?|has) no(?:ne)?\b.*"
    r"|(?:no )?\w+(?: \w+)? (?:is|are) (?:(?:not|never) )?(?:collected|sent|transmitted|gathered|processed|recorded"
    r"|generated|used|offered|provided|available|present|implemented)(?: (?:at all|(?:by|from|on|in) [\w ]+))?"
    r"|es (?:gibt|werden|wird) keine?\b.*|il n'y a (?:pas|aucune?)\b.*"
    r"|[\w ]+?:? (?:entfallt|entfaellt|keine|none|n/a)|\w+(?:なし|無し|ありません|しません)"
)
_NEGATED = re.compile(
    r"\b(?:no|not|none|never|keine?|entfallt|entfaellt|aucune?|pas|n/a)\b|n't\b|なし|無し|せん"
)


def rules_out(text: str) -> bool:
    """Whether a short text says as a whole that there is none of its subject: "No telemetry", "There is no service"."""
    short = bare(text)
    words = len(plain(text).split())
    if words > _MOST_WORDS or _BUT.search(short):
        return False
    if words <= _FEW_WORDS and opens_with_none(text):
        return True
    return _DENIED.fullmatch(short) is not None and _NEGATED.search(short) is not None


def opens_with_nothing(text: str) -> bool:
    """Whether a text says nothing, or begins with a word by which it may: "None; contract", "TBD by the lawyer"."""
    return says_nothing(text) or opens_with_none(text) or _SOON.match(plain(text)) is not None
