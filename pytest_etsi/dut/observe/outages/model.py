"""What was seen of outages: plain data, without any verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

__all__ = ["Delivered", "Found", "FunctionTry", "Interruption", "OutageObservation", "WaySeen"]

Phase = Literal["before", "during", "after"]
Found = Literal["old", "new", "third", "unreadable"]


@dataclass(frozen=True, slots=True)
class FunctionTry:
    """A function that was tried: the operation, when, whether it worked, and whether anything answered at all."""

    operation: str
    phase: Phase
    works: bool
    detail: str = ""
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Delivered:
    """What came of an event that was caused while the outage lasted.

    Attributes:
        caused: how many were.
        arrived: how many have arrived since; None: that could not be told.
        early: it had arrived before the outage ended, so that nothing was kept back.
        times: how many of those that arrived tell a time within the outage; None: no time is told.
        detail: what was seen, in words.
    """

    caused: int
    arrived: int | None
    early: bool = False
    times: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Interruption:
    """One cut of the power in the midst of something.

    Attributes:
        during: what it hit.
        moment: when, in words.
        found: which value a setting has that was being written: the former one, the new one, a third one, or none that
            can be read; None: none was written, or that could not be looked at.
        detail: that value, or why there is none, in words.
        written: the device had confirmed it.
        recovered_s: seconds until everything was as before; None: it did not come to that.
        functions: what was tried afterwards.
        changed: operations whose value is another one afterwards, and how, in words.
        alive: something of the device was seen to work afterwards.
        failures: how often in a row it did not come back after such a cut, while it did after plain ones.
        gaps: what could not be seen, a sentence each.
    """

    during: Literal["writing", "starting"]
    moment: str
    found: Found | None = None
    detail: str = ""
    written: bool = False
    recovered_s: float | None = None
    functions: tuple[FunctionTry, ...] = ()
    changed: tuple[str, ...] = ()
    alive: bool = False
    failures: int = 0
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WaySeen:
    """One outage of one mechanism.

    Attributes:
        entry: ID of the entry of 23-ResMech, or 9-ReplSup.
        cut: the operation that caused it.
        kind: "network" or "power".
        took_place: it showed at the device or its service; without that, nothing else says anything.
        functions: what was tried.
        changed: operations whose value is another one afterwards, and how, in words.
        recovered_s: seconds until everything was as before; None: it did not come to that.
        hopeless: for its recovery it was waited as long as it may take already.
        alive: something of the device was seen to work after the outage.
        mended: where it was not as before, a start of it made it so: the bench had given back what it took.
        restarted: it started anew in an outage of the network; None: that could not be told.
        event: what came of the event; None: none was caused.
        ports: TCP ports that are open afterwards and were not before ("+8080"), or the other way round ("-443").
        gaps: what could not be seen, a sentence each.
    """

    entry: str
    cut: str
    kind: str
    took_place: bool = False
    functions: tuple[FunctionTry, ...] = ()
    changed: tuple[str, ...] = ()
    recovered_s: float | None = None
    hopeless: bool = False
    alive: bool = False
    mended: bool = False
    restarted: bool | None = None
    event: Delivered | None = None
    ports: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    def tried(self, phase: Phase) -> tuple[FunctionTry, ...]:
        """The functions that were tried then."""
        return tuple(one for one in self.functions if one.phase == phase)

    def worked(self, operation: str, phase: Phase) -> bool:
        """Whether a function worked then."""
        return any(one.works for one in self.tried(phase) if one.operation == operation)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class OutageObservation:
    """All outages of one kind.

    Attributes:
        ways: those that were tried.
        open: why there are no others, a sentence each.
        interruptions: cuts of the power in the midst of something, by the entry of 23-ResMech that has them tried.
        uninterrupted: why these are not all, a sentence each, likewise.
    """

    ways: tuple[WaySeen, ...] = ()
    open: tuple[str, ...] = ()
    interruptions: tuple[tuple[str, Interruption], ...] = ()
    uninterrupted: tuple[tuple[str, str], ...] = ()

    def of(self, entry: str) -> tuple[WaySeen, ...]:
        """Those of one entry."""
        return tuple(way for way in self.ways if way.entry == entry)

    def interrupted(self, entry: str) -> tuple[Interruption, ...]:
        """The cuts in the midst of something of one entry."""
        return tuple(one for of, one in self.interruptions if of == entry)

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "ways": [way.to_json() for way in self.ways],
            "open": list(self.open),
            "interruptions": [{"entry": entry} | asdict(one) for entry, one in self.interruptions],
            "uninterrupted": [list(one) for one in self.uninterrupted],
        }
