"""The `unit` decorator, which ties a test function to units of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar, get_args

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.profile import Entry, Ixit

    F = TypeVar("F", bound=Callable[..., Any])

__all__ = ["NEEDS", "STATES", "Condition", "Need", "Scope", "State", "UnitMark", "unit", "units_of"]

Need = Literal["brute-force", "change-credentials", "update", "outage", "erase", "fuzz", "console"]
NEEDS: dict[str, str] = {
    "brute-force": "sends a bounded number of wrong credentials, which may lock an account for a while",
    "change-credentials": "changes credentials and changes them back",
    "update": "installs software on the device",
    "outage": "cuts power or network of the device",
    "erase": "erases user data or resets the device to factory default",
    "fuzz": "sends malformed input, which may crash the device",
    "console": "sends BREAK, Ctrl-C and keys that stop a boot loader over the serial console",
}
"""What a unit may do to the device, and what that means; each must be permitted by the profile."""

State = Literal["any", "initialized", "isolated", "updated", "factory-default", "erased"]
STATES: tuple[State, ...] = get_args(State)
"""The states of a device, in the order in which units are run: what cannot be undone last."""

_ATTRIBUTE = "__etsi_units__"
_NO_ANSWERS: Mapping[str, str] = MappingProxyType({})


class Condition(Protocol):
    """What brings an entry of an IXIT table into a scope."""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the questions that a person may be asked about an entry, see `profile.entry_questions`."""

    def holds(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> bool | None:
        """Whether it holds for an entry; None when neither the documents nor the answers tell."""

    def open(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> tuple[str, ...]:
        """Names of the questions that have to be answered to tell; none where it is told."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which entries of an IXIT table a unit concerns.

    Attributes:
        text: the scope in words, shown in the plan ("pre-installed passwords").
        condition: what brings an entry in.
    """

    text: str
    condition: Condition

    def concerns(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str] = _NO_ANSWERS) -> bool | None:
        """Whether an entry is in the scope; None when neither the documents nor a person's answers tell.

        Args:
            entry: of the table that the unit is evaluated over.
            ixit: all tables.
            answers: what a person has answered on the entry: name of the question -> answer.
        """
        return self.condition.holds(entry, ixit, answers)


@dataclass(frozen=True, slots=True)
class UnitMark:
    """What `unit` attached to a test function.

    Attributes:
        editions: where the function evaluates the unit of that id; empty: wherever the unit is the same.
        by_hand: what a person has to do and look at, where no program decides the unit yet; empty: one does, or
            refutes what it can before a person judges.
        expects_entries: that the table of the unit has no entries is no answer.
        partly: it runs without what it needs, too, see `unit`.
        reserved: why only a person may confirm it, where a program tries it and may refute it; empty: nobody has to.
        alone: why no program tries it; empty: one does.
    """

    unit: str
    editions: tuple[str, ...]
    needs: tuple[str, ...]
    state: State
    scope: Scope | None
    by_hand: str = ""
    expects_entries: bool = False
    partly: bool = False
    reserved: str = ""
    alone: str = ""


def unit(
    case: str,
    letter: str,
    *,
    editions: tuple[str, ...] = (),
    needs: Need | tuple[Need, ...] = (),
    state: State = "initialized",
    scope: Scope | None = None,
    by_hand: str = "",
    expects_entries: bool = False,
    partly: bool = False,
    reserved: str = "",
    alone: str = "",
) -> Callable[[F], F]:
    """Make a test function the evaluation of a test unit.

    The unit's IXIT table in the catalogue decides the argument that the function is parametrized with
    (``1-AuthMech`` gives ``auth_mech``); `scope` decides over which entries. May be stacked, for units that are
    evaluated alike although their meaning differs.

    Args:
        case: id of the test case, "5.1-5-2".
        letter: letter of the unit, "b".
        editions: editions in which the function evaluates the unit of that id, where the rule does not say so: without
            it, the function evaluates the unit of the first edition that has the id, and every unit that the catalogue
            says is the same, whatever its id there. An id may mean another thing in another edition.
        needs: what the unit does to the device, see `NEEDS`.
        state: the state in which the device has to be, or is brought by the unit, see `STATES`.
        scope: which entries of the unit's table are concerned; None: all.
        by_hand: what a person has to do, for a functional unit that no program decides yet; it asks for a judgement.
        expects_entries: that the table has no entries is no answer where the provision is claimed: a person has to
            see why. Otherwise nothing is concerned.
        partly: half a permission is half a unit: what `needs` names is needed for a part of the unit only. It runs in
            any case, refutes by what can be seen without, and is open (``permission``) where the rest begins.
        reserved: why only a person may confirm a functional unit, which a program tries and may refute; the person is
            told all that the program saw, and `by_hand` says what is left to do.
        alone: why no program tries a functional unit that a person does by hand.

    Raises:
        ValueError: a need is unknown, or what is left to a person does not say what the person has to do.
    """
    wanted = (needs,) if isinstance(needs, str) else tuple(needs)
    unknown = [need for need in wanted if need not in NEEDS]
    if unknown:
        raise ValueError(f"unit {case}/{letter}: unknown need {unknown[0]!r}; known: {', '.join(NEEDS)}")
    if (reserved or alone) and not by_hand:
        raise ValueError(f"unit {case}/{letter}: reserved for a person, and by_hand does not say what to do")
    mark = UnitMark(
        f"{case}/{letter}",
        tuple(editions),
        wanted,
        state,
        scope,
        by_hand,
        expects_entries,
        partly,
        reserved,
        alone,
    )

    def decorate(function: F) -> F:
        setattr(function, _ATTRIBUTE, (mark, *units_of(function)))
        return function

    return decorate


def units_of(function: Callable[..., Any]) -> tuple[UnitMark, ...]:
    """The units that a function evaluates, in the order of its decorators."""
    marks: tuple[UnitMark, ...] = getattr(function, _ATTRIBUTE, ())
    return marks
