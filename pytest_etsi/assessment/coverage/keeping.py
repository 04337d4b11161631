"""How long data are kept, as the IXIT and a text say it: understood and the same, understood and different, or neither.

Times come as numbers, in words, as ranges, as "a fortnight" or "for as long as we need". So it is not asked whether
a text names another time, but whether each sentence on keeping is one that a program understands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import vocabulary
from pytest_etsi.assessment.published.times import names_a_time, spans

if TYPE_CHECKING:
    from pytest_etsi.assessment.published.times import Span

__all__ = ["Kept", "is_not_kept", "kept_in", "speaks_of_keeping"]

_RANGE = re.compile(r"\d\D+\d")
_UNTIL, _NOT = "until it is deleted", "not kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """How long something is kept, as a text says it.

    Attributes:
        times: spans, each as days that it is at least and at most.
        otherwise: what else ends the keeping: that it is deleted, or that it does not begin.
        understood: it says nothing of it that a program does not understand.
    """

    times: frozenset[tuple[float, float]]
    otherwise: frozenset[str]
    understood: bool

    @property
    def says(self) -> bool:
        """Whether it says anything of it that is understood."""
        return bool(self.times or self.otherwise)

    def agrees(self, stated: Kept) -> bool:
        """Whether all that it says is what the other one states."""
        return (
            self.understood
            and self.otherwise <= stated.otherwise
            and all(any(_same(one, other) for other in stated.times) for one in self.times)
        )

    def contradicts(self, stated: Kept) -> bool:
        """Whether both give one time and nothing else, and these differ."""
        both = (self, stated)
        if any(len(one.times) != 1 or one.otherwise or not one.understood for one in both):
            return False
        return not self.agrees(stated)

    def __str__(self) -> str:
        said = [f"{most:g} days" for _, most in sorted(self.times)] + sorted(self.otherwise)
        return " and ".join(said) or "in words that a program does not understand"


def kept_in(text: str, language: str) -> Kept:
    """How long a folded text says that something is kept; what recurs is no such time."""
    found = [one for one in spans(text) if not one.recurs]
    rest = _without(text, [*found, *(one for one in spans(text) if one.recurs)])
    otherwise = set()
    until = vocabulary.pattern("manner", "until-deleted", language)
    if until.search(rest):
        otherwise.add(_UNTIL)
        rest = until.sub(" ", rest)
    if is_not_kept(rest, language):
        otherwise.add(_NOT)
    sure = not any(_RANGE.search(one.text) for one in found) and not _is_timed(rest)
    times = frozenset((one.least, one.most) for one in found)
    return Kept(times, frozenset(otherwise), sure and bool(times or otherwise))


def speaks_of_keeping(text: str, language: str, *, ours: bool) -> bool:
    """Whether a folded text says how long data are kept, or may say so.

    Args:
        text: folded.
        language: of it, two letters.
        ours: it names the data: then whatever it says of keeping may be a time.
    """
    keeps = vocabulary.says("keeping", text, language)
    timed = vocabulary.says("until-deleted", text, language) or _is_timed(text)
    return keeps and (ours or timed)


def is_not_kept(text: str, language: str) -> bool:
    """Whether a folded text says that something is not kept."""
    return vocabulary.says("not-kept", text, language)


def _is_timed(text: str) -> bool:
    return names_a_time(text) or any(sign.isdigit() for sign in text)


def _same(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _without(text: str, found: list[Span]) -> str:
    for one in sorted(found, key=lambda span: -span.start):
        text = f"{text[: one.start]} {text[one.end :]}"
    return text
