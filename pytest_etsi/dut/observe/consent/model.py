"""What was seen of consent: plain data, without any verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from pytest_etsi.verdict import Cause

__all__ = ["ConsentSeen", "Stage", "When"]

When = Literal["fresh", "refused", "given", "withdrawn", "restarted"]


@dataclass(frozen=True, slots=True)
class Stage:
    """The device after one answer of its user, in use.

    Attributes:
        when: before any answer, or after the one that it names.
        operation: what gave the answer; empty: there was none to give.
        done: it was given as described.
        answered: where it was not, what was asked has answered, and otherwise than a success does.
        detail: why it was not; empty: it was.
        given: what the device says of the consent then; None: that could not be read.
        recorded: data are recorded; None: that could not be read.
        renewed: they are others than before the answer.
        reported: the device told its service something new before that was looked at; None: that cannot be told.
        flows: connections to where such data go that began since the answer; None: nothing shows them.
        others: names that connections asked for, which went to the same port of where such data go, and how often:
            those that the documents do not give, and "no name".
        broken: operations that do not succeed then, in words.
        stored: what the documents say is stored of a consent, and whether it is, in the record of it; None: the record
            was not read, or could not be.
    """

    when: When
    operation: str = ""
    done: bool = True
    answered: bool = True
    detail: str = ""
    given: bool | None = None
    recorded: bool | None = None
    renewed: bool = False
    reported: bool | None = None
    flows: int | None = None
    others: tuple[tuple[str, int], ...] = ()
    broken: tuple[str, ...] = ()
    stored: tuple[tuple[str, bool], ...] | None = None


@dataclass(frozen=True, slots=True)
class ConsentSeen:
    """One kind of personal data, processed on consent.

    Attributes:
        entry: ID of the entry of 21-PersData.
        stages: in order.
        gaps: what could not be seen, a sentence each.
        cause: why that is open.
        settle: what would settle it, one sentence; empty: as the unit says.
    """

    entry: str
    stages: tuple[Stage, ...] = ()
    gaps: tuple[str, ...] = ()
    cause: Cause = Cause.BENCH
    settle: str = ""

    def at(self, when: When) -> Stage | None:
        """The stage; None: it did not come to that."""
        return next((one for one in self.stages if one.when == when), None)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)
