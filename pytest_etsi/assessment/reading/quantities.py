"""Spans of time, years and numbers of attempts that a text states, each with what it is about.

Words vary, so a span is a range: "3 working days" may be up to a week with its end. Ranges of two texts contradict each
other only where none of the one meets one of the other.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Range", "apart", "attempts", "clauses", "spans_days", "years"]

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            "one ein eine einem einen einer un une uno una um uma een",
            "two zwei deux dos due dois twee",
            "three drei trois tres tre três drie",
            "four vier quatre cuatro quattro quatro",
            "five fünf cinq cinco cinque vijf",
            "six sechs seis sei zes",
            "seven sieben sept siete sette sete zeven",
            "eight acht huit ocho otto oito",
            "nine neun neuf nueve nove negen",
            "ten zehn dix diez dieci dez tien",
        ),
        start=1,
    )
    for word in words.split()
}
_NUMBER = rf"(\d{{1,5}}(?:[.,]\d{{1,2}})?|{'|'.join(map(re.escape, _NUMBERS))})"
_WORKING = (
    r"(?:working|business|week)[ -]?days?|(?:werk|arbeits)tag(?:en?)?|jours? ouvr\w+"
    r"|d[ií]as? (?:h[áa]biles|laborables|[úu]teis)|giorni lavorativi|werkdagen"
)
_UNITS: tuple[tuple[str, float, float], ...] = (
    (r"seconds?|secs?|sekunden?|secondes?|segundos?|secondi|seconden|s", 1 / 86400, 1 / 86400),
    (r"minutes?|mins?|minuten?|minutos?|minuti|minuut", 1 / 1440, 1 / 1440),
    (r"hours?|hrs?|stunden?|heures?|horas?|ore|uur|uren|h", 1 / 24, 1 / 24),
    (_WORKING, 1, 2.6),
    (r"days?|tag(?:en?)?|jours?|d[ií]as?|giorn[oi]|dag(?:en)?|dni|日|天", 1, 1),
    (r"weeks?|wochen?|semaines?|semanas?|settiman[ae]|wek?en?", 7, 7),
    (r"months?|monat(?:en?)?|mois|mes(?:es)?|mes[ei]|maand(?:en)?", 28, 31),
    (r"years?|jahr(?:en?)?|ans?|années?|años?|anni|anos?|jaar", 365, 366),
)  # fmt: skip
"""Words for a unit, and the days that it has at least and at most."""
_SPAN = re.compile(
    rf"(?<![\w.,-]){_NUMBER}(?:\s*\(\s*\d+\s*\))?[\s-]*(?:(?:full|calendar|consecutive|volle|ganze)\s+)?"
    rf"(?:{'|'.join(f'({words})' for words, _, _ in _UNITS)})(?![\w])",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\d.-])(20\d\d)(?=-\d\d|\b)(?!\.\d)")
_ATTEMPTS = re.compile(
    rf"(?<![\w.,-]){_NUMBER}\s+(?:(?:wrong|failed|unsuccessful|invalid|incorrect|consecutive|fehlgeschlagenen?|falschen?"
    r"|login|password|log-in)\s+){0,3}"
    r"(?:attempts?|tries|guesses|passwords?|logins?|(?:fehl)?versuchen?|tentatives?|intentos?|tentativ[ie]|tentativas?|pogingen)\b",
    re.IGNORECASE,
)


class Range(NamedTuple):
    """From the least to the most that is meant."""

    least: float
    most: float


def clauses(text: str) -> list[str]:
    """The clauses of a text, each of which is about one thing."""
    return [one for one in re.split(r"[.;!?\n](?:\s+|$)|,\s+|\s(?:and|und|et|y|e|en)\s", text) if one.strip()]


def spans_days(text: str, *, least: float = 0.0) -> Iterator[Range]:
    """The spans of time that a text names, in days; those of a unit of at least `least` days."""
    for match in _SPAN.finditer(text):
        number = _value(match[1])
        unit = next(index for index, one in enumerate(match.groups()[1:]) if one)
        _, low, high = _UNITS[unit]
        if low >= least:
            yield Range(number * low, number * high)


def years(text: str) -> Iterator[Range]:
    """The calendar years that a text names."""
    for match in _YEAR.finditer(text):
        yield Range(float(match[1]), float(match[1]))


def attempts(text: str) -> Iterator[Range]:
    """The numbers of attempts that a text names."""
    for match in _ATTEMPTS.finditer(text):
        number = _value(match[1])
        yield Range(number, number)


def apart(ours: Iterable[Range], theirs: Iterable[Range]) -> bool:
    """Whether both name something, and nothing that both may mean."""
    some, others = list(ours), list(theirs)
    return bool(some and others) and not any(
        one.least <= other.most and other.least <= one.most for one in some for other in others
    )


def _value(text: str) -> float:
    """What `_NUMBER` has found."""
    known = _NUMBERS.get(text.lower())
    return float(text.replace(",", ".")) if known is None else float(known)
