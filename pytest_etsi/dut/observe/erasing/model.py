"""What was seen of a deletion function: plain data, without any verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pytest_etsi.verdict import Cause

__all__ = ["Erasing", "Look", "Moment"]

Moment = Literal["before", "created", "at once", "later"]


@dataclass(frozen=True, slots=True)
class Look:
    """One look for the marker by one way in.

    Attributes:
        way: the operation, or the request, in words.
        moment: before it was put there, after that, right after the deletion, or at the end.
        found: it was there, in whatever encoding.
        readable: the way gave something to look in.
        detail: why it gave nothing; empty: it did.
        declared: the documents name it as a way on which these data show.
    """

    way: str
    moment: Moment
    found: bool
    readable: bool
    detail: str = ""
    declared: bool = True


@dataclass(frozen=True, slots=True)
class Erasing:
    """One deletion function, carried out on data of its own.

    Attributes:
        entry: ID of the entry of 25-DelFunc.
        operation: what started it; empty: nothing was known that does.
        target: where it deletes, "device" or "service".
        marker: what was put there.
        looks: looks for it, in order.
        early: operations that must not start it, and after which the data were gone.
        others: operations by which another user without elevated rights tried to delete the data, whether they were
            gone then on any way (None: that could not be tried), and what was answered where it was not done.
        carried_out: it was, with all that its operation takes.
        answered: where it was not, what was asked has answered, and otherwise than a success does.
        detail: why it was not; empty: it was.
        told: what tells the user that the data are gone: in words, and whether it did.
        told_falsely: what told so although the deletion was kept from succeeding.
        provoked: the deletion was kept from succeeding once, and the data were still there; None: that was not tried.
        alive: a session from before goes on after the deletion; None: there was none, or it cannot be told.
        changed: data of somebody else that are others now, in words.
        blind: ways into the device that after the deletion did not show either what was put there anew, each with why;
            they were not searched.
        waited_s: seconds after the deletion at which the last look began.
        gaps: what could not be seen, a sentence each.
        cause: why that is open.
        settle: what would settle it, one sentence; empty: as the unit says.
    """

    entry: str
    operation: str
    target: str
    marker: str = ""
    looks: tuple[Look, ...] = ()
    early: tuple[str, ...] = ()
    others: tuple[tuple[str, bool | None, str], ...] = ()
    carried_out: bool = False
    answered: bool = False
    detail: str = ""
    told: tuple[tuple[str, bool], ...] = ()
    told_falsely: tuple[str, ...] = ()
    provoked: bool | None = None
    alive: bool | None = None
    changed: tuple[str, ...] = ()
    blind: tuple[tuple[str, str], ...] = ()
    waited_s: float = 0.0
    gaps: tuple[str, ...] = ()
    cause: Cause = Cause.BENCH
    settle: str = ""

    def at(self, moment: Moment) -> tuple[Look, ...]:
        """The looks of one moment."""
        return tuple(one for one in self.looks if one.moment == moment)

    def found(self, moment: Moment) -> tuple[Look, ...]:
        """Those that found the marker then."""
        return tuple(one for one in self.at(moment) if one.found)

    @property
    def ways(self) -> tuple[str, ...]:
        """The ways on which it was seen before the deletion."""
        return tuple(dict.fromkeys(one.way for one in self.found("created")))

    @property
    def created(self) -> bool:
        """Whether it was put there: it was seen on each way that the documents name, and on none of them before."""
        declared = [one for one in self.at("created") if one.declared]
        return bool(declared) and all(one.found for one in declared) and not self.found("before")

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)
