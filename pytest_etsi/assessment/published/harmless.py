"""Sentences that cannot take back what a text promises, by their kind: a greeting, a question, what a maker makes.

What takes a promise back has no end, but kinds of sentences that do not are few: the maker tells what it makes, asks
who reads, names the languages that it writes in, says that nobody has to register, that it sues nobody, what it
publishes afterwards. Each kind is known by the form of its whole sentence, whose parts are filled in; what is filled in
is looked through for what could limit, end, doubt or point at the text. A sentence of no such kind is not harmless.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment.published.dates import days_in
from pytest_etsi.assessment.published.ordinary import folded
from pytest_etsi.assessment.published.times import spans
from pytest_etsi.assessment.standing import footnoted

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FIRM", "Context", "is_conditional", "is_over", "limits_nothing", "takes_back"]

_DATA, _WHOLE = "published-harmless.json", "published-whole.json"
_LONGEST = 320
"""Characters of a sentence of a known form."""
_ADDRESS = re.compile(r"\(?(?:\S*@\S+|https?://\S+|www\.\S+)|\+\d[\d ()/-]{6,20}\d")
FIRM = re.compile(
    r"(?:[A-Z\u00c0-\u00de][\w&.-]* ){1,4}(?:GmbH|AG|KG|SE|Ltd|Limited|Inc|LLC|plc|S\.?A\.?S?|S\.?L\.?|S\.?p\.?A|"
    r"S\.?r\.?l|B\.?V|N\.?V|Oy|Oyj|AB|AS|SARL|sp\. z o\.o|S\.A)\b\.?"
)
"""A name with its legal form."""
_FEWEST_LETTERS = 3
_ALWAYS = ("takes-back", "document", "nobody")
_OF_ITS_OWN = ("turns", "nothing", "whiles")
_FORBIDDEN = {
    "rest": ("limit", "past", "others", *_OF_ITS_OWN),
    "nouns": ("limit", "past", "clauses", "others", *_OF_ITS_OWN),
    "listed": ("points", "promised", "clauses", "nothing", "whiles"),
    "who": ("points", "promised", "clauses", "others", *_OF_ITS_OWN),
    "one": ("points", "promised", "clauses", "others", *_OF_ITS_OWN),
    "thanked": ("points", "promised", *_OF_ITS_OWN),
    "strive": ("limit", "points", "promised", "relatives", *_OF_ITS_OWN),
    "thought": ("points", "promised", *_OF_ITS_OWN),
    "any": ("points", "promised", "others", "turns", "nothing"),
    "else": ("points", "promised", "others", "reports", "turns", "nothing"),
    "details": ("points", "promised", "others", "turns", "nothing"),
    "conduct": ("points", "promised", "turns"),
    "asked": ("points", "past", "bygone", "turns"),
    "free": ("points", "turns"),
}
"""What a part must not have that is filled in: none of these concepts, and none of `_ALWAYS`."""
_MOST_WORDS = {
    "nouns": 10,
    "who": 10,
    "one": 10,
    "thought": 10,
    "asked": 12,
    "any": 20,
    "details": 24,
    "free": 30,
}
_FEW_WORDS = 16
_SLOT = re.compile(rf"<({'|'.join(_FORBIDDEN)})>")
_PROMISED = ("receipt", "update", "answer", "reacts", "told")
_BREAKS = re.compile(r"[;()*\u2020]|\s-\s")
"""By which something else is said in the same sentence."""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the text in which a sentence stands.

    Attributes:
        subject: whose kinds are looked for: ``policy`` or ``support``.
        languages: of the text, two letters each.
        names: words of the maker's names.
        model: the designation of the device; empty: it plays no part.
        order: of day and month in dates.
    """

    subject: str
    languages: tuple[str, ...]
    names: frozenset[str] = frozenset()
    model: str = ""
    order: str = ""


def limits_nothing(text: str, context: Context) -> bool:
    """Whether a sentence, or a heading, is of a kind that limits nothing and takes nothing back."""
    if len(text) > _LONGEST or footnoted(text):
        return False
    short = _abstract(text, context)
    return bool(short) and any(
        (match := frame.fullmatch(short)) is not None and _is_clean(match, context.languages)
        for frame in _frames(context.subject, context.languages)
    )


def takes_back(
    text: str, languages: tuple[str, ...], names: frozenset[str] = frozenset(), *, asking: bool = False
) -> bool:
    """Whether a sentence has a word by which a text is said not to hold, or to hold for few, or that nothing is done.

    Args:
        text: the sentence, without phrases that are known to limit nothing.
        languages: of it.
        names: of the maker, which count for nothing.
        asking: it asks something of the reader, which may be not to do something.
    """
    short = " ".join(
        word for word in folded(_ADDRESS.sub(" ", text)).split() if word.strip(".,:;!?") not in names
    )
    denied = not asking and _concept("negations", languages).search(short) is not None
    if denied and any(_concept(one, languages).search(short) for one in ("promised", "turns", "reports")):
        return True
    of_it = ("takes-back", "nobody", "points") if asking else ("takes-back", "nobody")
    return any(_concept(one, languages).search(short) for one in of_it)


def is_conditional(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a sentence says until, if or while what it holds, or tells more of what it names: "which is closed"."""
    short = folded(text)
    return any(_concept(one, languages).search(short) is not None for one in ("whiles", "relatives"))


def is_over(text: str, languages: tuple[str, ...]) -> bool:
    """Whether a sentence speaks of something that has ended, or of an end."""
    return _concept("over", languages).search(folded(text)) is not None


def _abstract(text: str, context: Context) -> str:
    """A sentence in its folded form, with tokens for what is named: a day, a time, the model, the maker."""
    text = FIRM.sub(lambda firm: _name_in(firm[0], context.names) or firm[0], text)
    short = folded(_ADDRESS.sub(" ", text)).replace("\u00bf", "").replace("\u00a1", "")
    for day in reversed(days_in(short, context.order)):
        short = f"{short[: day.start]}DATE{short[day.end :]}"
    for span in reversed(spans(short)):
        short = f"{short[: span.start]}SPAN{short[span.end :]}"
    if context.model:
        short = re.sub(rf"(?<!\w){re.escape(folded(context.model))}(?!\w)", "MODEL", short)
    if names := [re.escape(one) for one in context.names if len(one) >= _FEWEST_LETTERS]:
        one = rf"(?:{'|'.join(sorted(names, key=len, reverse=True))})"
        short = re.sub(rf"\b{one}(?:[ -]{one})*\b", "MAKER", short)
    return " ".join(re.sub(r'["\u201c\u201d\u201e\u00ab\u00bb]', " ", short).split()).strip(" .:!_|-,;")


def _name_in(firm: str, names: Iterable[str]) -> str:
    """The maker's name as a firm has it that is called by it: "Larkspur Home Devices Ltd"; empty: it is another one."""
    words = folded(firm).split()
    return next((one for one in names if len(one) >= _FEWEST_LETTERS and one in words), "")


def _is_clean(match: re.Match[str], languages: tuple[str, ...]) -> bool:
    for name, filled in match.groupdict().items():
        kind = name.rstrip("0123456789")
        words = (filled or "").split()
        if (
            len(words) > _MOST_WORDS.get(kind, _FEW_WORDS)
            or "DATE" in words
            or ("SPAN" in words and kind != "free")
        ):
            return False
        if _BREAKS.search(filled or "") or (kind == "one" and "," in (filled or "")):
            return False
        if any(_concept(one, languages).search(filled or "") for one in (*_ALWAYS, *_FORBIDDEN[kind])):
            return False
    return True


@cache
def _frames(subject: str, languages: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    data = read_json(_DATA)
    kinds = [data["kinds"][kind] for kind in data["of"][subject]]
    return tuple(
        re.compile(_expanded(frame, language))
        for forms in kinds
        for language in languages
        for frame in forms[language]
    )


def _expanded(frame: str, language: str) -> str:
    """A form with its words for things and languages put in, and a named group for each part that is filled in."""
    data = read_json(_DATA)
    one = rf"(?:{data['languages'][language]})"
    langs = rf"{one}(?:(?:{data['joined']})+ ?{one})*"
    frame = frame.replace("<thing>", f"(?:{data['things'][language]})").replace("<langs>", langs)
    frame = frame.replace("<span>", "SPAN").replace(r"MAKER(?: \w+)?", f"MAKER(?: (?:{data['firms']}))?")
    numbers = iter(range(len(frame)))
    return _SLOT.sub(lambda slot: f"(?P<{slot[1]}{next(numbers)}>[^?|]*?)", frame)


@cache
def _concept(name: str, languages: tuple[str, ...]) -> re.Pattern[str]:
    data = read_json(_DATA)
    words: Iterable[str]
    if name in data:
        words = (data[name][language] for language in languages)
    elif name == "promised":
        policy = read_json("published-policy.json")
        words = (policy[about][language] for about in _PROMISED for language in languages)
    else:
        words = (read_json(_WHOLE)[name][language] for language in languages)
    return re.compile(rf"(?:(?<!\w)|(?=,))(?:{'|'.join(words)})(?!\w)")
