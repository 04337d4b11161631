"""An ICS with what is known about its conditions, what its rows are about, and the form of what does not fit in it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment._data import read_json
from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_etsi.profile import IcsRow, Profile
    from pytest_etsi.standard import Edition, Provision

__all__ = ["IcsFinding", "IcsSheet", "Rule", "called", "finding", "quoted", "share_a_subject"]

Level = Literal["error", "warning"]
Rule = Literal[
    "missing-row",
    "no-justification",
    "na-on-unconditional-row",
    "na-although-condition-holds",
    "na-while-condition-unknown",
    "na-is-circular",
    "n-on-mandatory-provision",
    "n-only-restates",
    "y-but-not-done",
    "y-without-condition",
    "y-against-condition",
    "all-rows-one-story",
    "one-text-for-many-rows",
    "condition-denied-but-shown",
    "condition-denied-but-spoken-of",
    "condition-stated-but-not-shown",
    "conditions-contradict",
    "row-against-table",
]


@dataclass(frozen=True, slots=True)
class IcsFinding:
    """One thing about the ICS that does not fit.

    Attributes:
        about: id of the provision, or "condition 12", "feature g".
        rule: which of the rules, in words.
        level: ``error``: the ICS lacks something that it has to have, or contradicts itself, the pro forma or the other
            documents. ``warning``: it may be right, and somebody has to look.
        message: one sentence, with file and line of the row.
        expected: what was expected instead.
    """

    about: str
    rule: Rule
    level: Level
    message: str
    expected: str = ""

    def __str__(self) -> str:
        return f"{self.message}; expected {self.expected}" if self.expected else self.message

    def to_json(self) -> dict[str, str]:
        """The finding as builtins."""
        return asdict(self)


class IcsSheet:
    """An ICS with what is known about its conditions.

    Attributes:
        states: condition or feature -> what is known of it, in the standard's order.
        reference: what the answers have to do with each other, see ``data/ics.json``.
        subject: conditions without which a provision has nothing to be about.
    """

    def __init__(self, profile: Profile) -> None:
        self.ics = profile.ics
        self.ixit = profile.ixit
        self.catalogue: Edition = edition(profile.edition)
        self.provisions = self.catalogue.provisions
        self.states = {one.id: condition_holds(profile, one.id) for one in self.catalogue.conditions}
        self.reference: Mapping[str, Any] = read_json("ics.json")[profile.edition]
        self.subject = frozenset(self.reference["subject"])

    @cached_property
    def answered(self) -> Sequence[tuple[Provision, IcsRow]]:
        """The provisions that have a row, with it."""
        return [(one, self.ics.rows[one.id]) for one in self.provisions if one.id in self.ics.rows]

    def stated(self, literal: str) -> bool | None:
        """What the ICS states of "12" or "!12", otherwise what is known of it; None: nothing."""
        state = self.states[literal.removeprefix("!")]
        value = state.holds if state.declared is None else state.declared
        return None if value is None else value != literal.startswith("!")

    def place(self, condition: str) -> str:
        """Where the ICS states something of a condition."""
        return str(self.ics.condition_sources.get(condition, self.ics.source))

    def why(self, conditions: Iterable[str], wanted: bool | None) -> str:
        """The conditions that hold, do not, or are unknown, each with its reason."""
        verb = {True: "holds", False: "does not hold", None: "is unknown"}[wanted]
        states = (self.states[name] for name in conditions)
        return "; ".join(
            f"{called(state.id)} {verb} ({state.reason.rstrip('.')})"
            for state in states
            if state.holds is wanted
        )


def called(condition: str) -> str:
    """A condition or feature as a message names it: "condition 12", "feature g"."""
    return f"{'condition' if condition.isdecimal() else 'feature'} {condition}"


def finding(about: str, rule: Rule, level: Level, message: str, expected: str = "") -> IcsFinding:
    """A finding whose message is bounded and cannot steer a terminal."""
    return IcsFinding(about, rule, level, sentence(message), expected)


def quoted(text: str) -> str:
    """A justification as a message quotes it: on one line, shortened."""
    line = " ".join(text.split())
    return f'"{line if len(line) <= 60 else line[:56] + " ..."}"'


def share_a_subject(edition_id: str, provisions: Iterable[Provision]) -> bool:
    """Whether there is something that all provisions are about, so that one reason may be that of all."""
    return bool(
        set.intersection(*(set(_subjects(edition_id, one.id, one.conditional)) for one in provisions))
    )


@cache
def _subjects(edition_id: str, provision: str, conditional: tuple[str, ...]) -> frozenset[str]:
    """The conditions of a provision, the features that it has in the newer edition, and what these imply.

    Edition 1.1.1 leaves many provisions unconditional that plainly share a subject, such as personal data.
    """
    later = edition("2.1.1")
    known = {one.id for one in later.provisions}
    features = set(later.provision(provision).conditional) if provision in known else set()
    implied = {
        rule["then"]
        for rule in read_json("ics.json")["2.1.1"]["implications"]
        if rule["when"] in features and not rule["then"].startswith("!")
    }
    return frozenset({f"{edition_id} {name}" for name in conditional} | features | implied)
