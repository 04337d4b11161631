"""Which communication mechanisms lie beneath another, or beneath a login: "inside the channel of ComMech-Tls".

What lies beneath gives its guarantees to what it carries. Two mechanisms that data refer to are two ways unless one is
said to be a layer of the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.reading.lexicon import words
from pytest_etsi.assessment.reading.sentences import clauses, sentences, stance
from pytest_etsi.profile.unread import remembered
from pytest_etsi.profile.words import plain

if TYPE_CHECKING:
    from pytest_etsi.profile import Ixit
    from pytest_etsi.profile.entries import AuthMechEntry, ComMechEntry

__all__ = ["Beneath", "beneath"]

_INSIDE = words(
    r"inside|within|over|on top of|through|via|tunn?el\w*|carried|layer\w*|in|under|protected by|encapsulat\w*"
    r"|above|atop",
    r"innerhalb|uber|durch|im|in|getunnelt|gekapselt|auf",
    r"dans|sur|a l'interieur|par|encapsul\w*|dentro|sobre|a traves|por|encapsulad\w*|all'interno|nel\w*|tramite"
    r"|attraverso",
    r"binnen|via|door|in|wewnatrz|w|poprzez|przez|em|pelo|pela|uvnitr|pres|v|inuti|genom|over|i",
    unspaced=r"内|中|上",
)
_NEAR = 60
"""Characters between the word and the ID: "inside the protected channel of ComMech-Tls"."""


@dataclass(frozen=True, slots=True)
class Beneath:
    """What lies beneath a mechanism.

    Attributes:
        mechanisms: those that it is said to be carried by, with what carries them in turn.
        perhaps: those that it names without saying so.
    """

    mechanisms: tuple[ComMechEntry, ...] = ()
    perhaps: tuple[ComMechEntry, ...] = ()

    @property
    def guarantees(self) -> frozenset[str]:
        """What the mechanisms beneath guarantee by their facts."""
        return frozenset(one for mechanism in self.mechanisms for one in mechanism.facts.guarantees)

    @property
    def untold(self) -> tuple[ComMechEntry, ...]:
        """Those beneath whose facts state no guarantees, and those that may lie beneath."""
        return (*(one for one in self.mechanisms if not one.facts.guarantees), *self.perhaps)


@remembered(maxsize=4096)
def beneath(entry: ComMechEntry | AuthMechEntry, ixit: Ixit) -> Beneath:
    """The mechanisms beneath an entry of 11-ComMech or 1-AuthMech, by descriptions; a circle ends where it began."""
    found: dict[str, ComMechEntry] = {}
    perhaps: dict[str, ComMechEntry] = {}
    waiting: list[ComMechEntry | AuthMechEntry] = [entry]
    while waiting:
        upper = waiting.pop()
        for lower, sure in _named(upper, ixit):
            if lower is entry or lower.id in found:
                continue
            if sure:
                found[lower.id] = lower
                waiting.append(lower)
            else:
                perhaps[lower.id] = lower
    return Beneath(tuple(found.values()), tuple(one for name, one in perhaps.items() if name not in found))


def _named(entry: ComMechEntry | AuthMechEntry, ixit: Ixit) -> list[tuple[ComMechEntry, bool]]:
    """The mechanisms that a description names, and whether it says without doubt that they carry this one."""
    named = []
    described = sentences(entry["Description"])
    for other in ixit.com_mech:
        if other is entry:
            continue
        name = re.compile(rf"(?<![\w.-]){re.escape(other.id)}(?![\w-])")
        said = [one for one in described if name.search(one)]
        if said and not all(stance(one, name) == "denied" for one in said):
            sure = any(stance(one, name) == "stated" and _is_inside(one, name) for one in said)
            named.append((other, sure))
    return named


def _is_inside(sentence: str, name: re.Pattern[str]) -> bool:
    for clause in clauses(sentence):
        if match := name.search(clause):
            return _INSIDE.search(plain(clause[max(0, match.start() - _NEAR) : match.start()])) is not None
    return False
