"""Answers to closed questions, as people write them: the field's own word, and the remark beside it.

"Yes; the team is briefed" is yes with a remark, "☒ no" is no, "Active (since first start)" is enabled. An answer is
taken only where every word that could answer says the same: "critical (key) / public (certificate)" has two answers,
"no deviations" beside a question for a confirmation none, and both are left to a person.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.profile.words import bare, does_not_apply, none_first, plain, there_is_none

if TYPE_CHECKING:
    from pytest_etsi.standard import Field

__all__ = ["ON_DEMAND", "Closed", "read_closed"]

ON_DEMAND = "on demand"
"""Neither enabled nor disabled: something is switched on for as long as it is needed."""


@dataclass(frozen=True, slots=True)
class Closed:
    """An answer to a closed question.

    Attributes:
        values: the field's own words, in the order written; of yes/no one, "yes" or "no".
        text: the answer in these words, with what else was written.
        second: the second answer of a field that asks for two; "": not given.
    """

    values: tuple[str, ...]
    text: str
    second: str = ""


def read_closed(field: Field, text: str) -> Closed | None:
    """The answer to a field with closed answers; None: it is not understood, or says two things at once."""
    if field.type == "yes/no" and text.strip() in _TICKS:
        return Closed(("yes",), "yes")
    ticked = "\n".join(_BULLET.sub("", line) for line in _ticked(text).splitlines())
    return _yes_no(field, ticked) if field.type == "yes/no" else _enum(field, ticked)


# What every answer has --------------------------------------------------------------------------------------

_EMPTY_BOX = re.compile(r"(?:[\u2610\u25a1\u2b1c]|\[ ?\])[^\u2610\u25a1\u2b1c\u2611\u2612\u2713\u2714\[\n]*")
_FULL_BOX = re.compile(r"[\u2611\u2612\u2713\u2714]|\[[xX]\]")
_TICKS = ("\u2611", "\u2713", "\u2714")
"""Alone they say yes; a crossed box alone may say either."""
_REMARK = re.compile(r"\([^()]*\)")
_BULLET = re.compile(r"^\s*(?:[-*\u2022\u2013\u2014]|\d+[.)])\s+")
_OPENING = "\"'.,;:!([{*_\n \u201c\u201d\u201e\u00ab\u00bb"
"""What may stand before the first word."""
_LABEL = re.compile(r"([^:;,.]{1,60}):\s+(?=\S)")
_DASH = re.compile("[\u2013\u2014]")
"""Sets a remark off, and joins no words."""


def _ticked(text: str) -> str:
    """An answer by boxes without those that are empty: "☒ yes ☐ no" is "yes"; others as they are."""
    if not _FULL_BOX.search(text):
        return text
    return _FULL_BOX.sub("\n", _EMPTY_BOX.sub("", text)).strip()


_WORD_ENDS = re.compile(r"(?!\w|-\w)")


def _starts(text: str, word: str) -> bool:
    return text.startswith(word) and _WORD_ENDS.match(text, len(word)) is not None


# Yes and no -------------------------------------------------------------------------------------------------

_YES = r"yes|true|ja|jawohl|oui|si|sim|tak|\u306f\u3044|\u662f"
_NO = r"no|false|nein|non|nee|nie|nao|\u3044\u3044\u3048|\u5426"
_A_YES = re.compile(rf"(?<!\w)(?:{_YES})(?!\w)")
_EITHER = re.compile(rf"(?:({_YES})|({_NO}))(?!\w|[/-]\w)")
_OTHER = re.compile(
    rf"\s*(?:[/|,;&+]|or\b|and\b|oder\b|und\b|ou\b|et\b|o\b|y\b|e\b)\s*(?:{_YES}|{_NO})(?!\w)"
)
_LETTER = re.compile(r"([yn])(?=\s*(?:$|[,;:(]|\.(?:\s|$)))")
_CONFIRMED = re.compile(
    r"(?:(?:we|i|hereby|is|it is) )*(?:confirm(?:ed|s)?|bestatigt|bestatigen|confirmee?|confirmons|confirmad[oa]"
    r"|confirmamos|confermat[oa]|confermiamo|bevestigd|potwierdz\w+|potvrzen[oa]|bekraftat|bekraftas)(?![\w/-]|\s*[:?])"
)
"""A yes to a question for a confirmation."""
_APART = re.compile(r"\s*(?:$|[^\w\s])")
"""What stands behind a "si" that is a yes, and not the "if" of another language."""
_SET_OFF = re.compile(
    r"\s*(?:$|[^\w\s]|(?:because|since|as|for|by|in|on|at|only|it|this|that|we|they|the|see|with|if|unless|but|except"
    r"|weil|da|fur|nur|siehe|wir|es|car|pour|voir|nous)\b)"
)
"""What may stand behind a "no" that is the answer, and does not belong to the next word as in "no deviations"."""


def _yes_no(field: Field, text: str) -> Closed | None:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    first = "\n".join(lines)
    answers = [_one(field, line) for line in lines] if len(lines) > 1 else []
    if field.second_part and len(answers) > 1 and None not in answers:
        # Two lines, an answer each: the label says which is which, otherwise their order does.
        seconds = [_is_second(field, line) for line in lines]
        at = seconds.index(True) if True in seconds else 1
        rest = [answer for index, answer in enumerate(answers) if index != at]
        return _said(rest[0], first, answers[at] or "") if len(set(rest)) == 1 else None
    told = {answer for answer in answers if answer is not None}
    if len(told) > 1:
        return None
    answer = _one(field, first) or (told.pop() if told and answers[0] is not None else None)
    return None if answer is None else _said(answer, first, _second(field, first))


def _said(answer: str | None, text: str, second: str) -> Closed | None:
    if answer is None:
        return None
    as_read = text if _starts(plain(text), answer) else f"{answer} ({text})" if " " in text else answer
    return Closed((answer,), as_read, second)


def _one(field: Field, text: str) -> str | None:
    """Yes or no as one line answers; the words before a colon name the question: "Cryptography: yes"."""
    short = plain(_DASH.sub(" - ", text)).lstrip(_OPENING)
    found = _EITHER.match(short)
    label = _LABEL.match(short)
    if found is None and label is not None and not none_first(short):
        short = short[label.end() :]
        found = _EITHER.match(short)
    if found is None:
        # Where a field is asked of some entries only, the answer that it does not apply says no.
        asks_to_confirm = field.name.startswith("Confirmation")
        letter = None if does_not_apply(short) else _LETTER.match(short)
        if letter is not None and not _OTHER.match(short[1:]):
            return "yes" if letter[1] == "y" else "no"
        if asks_to_confirm:
            return "yes" if _CONFIRMED.match(short) else None
        if field.applies_if:
            # "N/A for the logical part; yes for the other one" says two things at once.
            return "no" if bare(short) and none_first(short) and not _A_YES.search(short) else None
        return "no" if bare(short) and (there_is_none(short) or does_not_apply(short)) else None
    if _OTHER.match(short[found.end() :]) or (found[0] == "si" and not _APART.match(short, found.end())):
        return None
    if found[1]:
        return "yes"
    return "no" if _SET_OFF.match(short[found.end() :]) or _is_asked(field, short[found.end() :]) else None


def _is_asked(field: Field, rest: str) -> bool:
    """Whether the word behind a "no" is one of the question: "no debug interface", "no sensitive data"."""
    words = set(re.findall(r"\w{4,}", rest)[:3])
    asked = {word[:6] for word in re.findall(r"\w{4,}", plain(f"{field.name} {field.second_part or ''}"))}
    return any(word.startswith(stem) for word in words for stem in asked) and "Confirmation" not in field.name


def _is_second(field: Field, line: str) -> bool:
    label = _LABEL.match(line)
    asked = set(re.findall(r"\w{4,}", plain(field.second_part or "")))
    return label is not None and bool(asked & set(re.findall(r"\w{4,}", plain(label[1]))))


def _second(field: Field, text: str) -> str:
    """The second answer where it stands in the same line: "yes; side effects considered: yes"."""
    if not field.second_part or "yes/no" not in field.second_part:
        return ""
    for part in re.split(r"[;,.\n]", text)[1:]:
        label = _LABEL.match(part.strip() + " ")
        if label is not None and _is_second(field, part.strip()):
            return _one(field, part.strip()[label.end() :]) or ""
    return ""


# One of several, or several of many -------------------------------------------------------------------------

_SEPARATOR = re.compile(r"[,;/|\n]|\s(?:and|or|und|oder|et|ou|&|\+)\s")
_DEMAND = re.compile(
    r"\bon[ -](?:demand|request)\b|\bbei bedarf\b|\bauf (?:anforderung|verlangen)\b|\b(?:a|sur) (?:la )?demande\b"
)
_ALSO: dict[str, tuple[str, ...]] = {
    "enabled": ("active", "activated", "on", "aktiv", "aktiviert", "eingeschaltet", "actif", "activado"),
    "disabled": (
        "inactive",
        "deactivated",
        "off",
        "inaktiv",
        "deaktiviert",
        "ausgeschaltet",
        "inactif",
        "desactivado",
    ),
}
"""Other words for the state of a service or an interface."""


@lru_cache(maxsize=64)
def _forms(values: tuple[str, ...]) -> tuple[tuple[str, str, bool], ...]:
    """How each value may be written, the longest first: form, value, and whether nothing may follow but a remark."""
    forms = [(plain(value), value, False) for value in values]
    for value in values:
        state, _, more = value.partition(" ")
        also = _ALSO.get(state, ())
        if more:
            forms += [(f"{word} {more}", value, False) for word in also]
            also = (state, *also) if also else ()
        forms += [(word, value, bool(more)) for word in also]
        if more and not also and sum(one.split()[0] == state for one in values) == 1:
            forms.append((state, value, True))  # "power" for "power outage"
    return tuple(sorted(forms, key=lambda form: -len(form[0])))


def _value(field: Field, text: str) -> str | None:
    """The value with which a text begins."""
    for form, value, alone in _forms(field.values):
        if _starts(text, form) and not (alone and text[len(form) :].strip()[:1].isalnum()):
            return value
    return None


def _enum(field: Field, text: str) -> Closed | None:
    short = _REMARK.sub(" ", "\n".join(plain(line) for line in text.splitlines())).lstrip(_OPENING)
    own = any(_starts(short, plain(value)) for value in field.values)
    if not own and _DEMAND.search(plain(text)) and any(value.split()[0] in _ALSO for value in field.values):
        return Closed((ON_DEMAND,), text)
    found: dict[str, None] = {}
    for part in [short] if field.free_text else [part.strip() for part in _SEPARATOR.split(short)]:
        value = _value(field, part)
        if value is not None:
            found[value] = None
        elif part and (not found or (field.many and len(part.split()) == 1)):
            return None  # a single word is meant as a value, several are a remark
    if not found or (len(found) > 1 and not field.many):
        return None
    words = ", ".join(found)
    as_read = text if own else words if " " not in text.strip() else f"{words} ({text})"
    return Closed(tuple(found), as_read)
