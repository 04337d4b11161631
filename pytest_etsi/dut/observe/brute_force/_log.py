"""The log of a guessing attack: every attempt, and what was left out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.auth import Attempt, Outcome

__all__ = ["GuessingLog", "LoggedAttempt"]


@dataclass(frozen=True, slots=True)
class LoggedAttempt:
    """One attempt, with what distinguishes it from the others.

    Attributes:
        t_s: when it was sent, in seconds since the attack began.
        connection: number of the connection, from 1.
        source: local address it came from; "" is the usual one.
        credential: whether the right password was sent. A right one that is refused proves a silent lock.
        phase: part of the procedure.
        way: by what it might avoid being counted, in words; "": by nothing of its own.
    """

    t_s: float
    phase: str
    account: str
    credential: Literal["right", "wrong"]
    connection: int
    source: str
    attempt: Attempt
    way: str = ""

    @property
    def outcome(self) -> Outcome:
        """What came of it."""
        return self.attempt.outcome

    @property
    def end_s(self) -> float:
        """When the answer was there, in seconds since the attack began."""
        return self.t_s + self.attempt.latency_s

    @property
    def through(self) -> bool:
        """Whether the value was examined."""
        return self.outcome in {"refused", "accepted"}

    def to_json(self) -> dict[str, Any]:
        """Builtins only; no password is among them."""
        return {**asdict(self), "t_s": round(self.t_s, 3), "attempt": self.attempt.to_json()}


@dataclass(frozen=True, slots=True)
class GuessingLog:
    """Every attempt of a bounded guessing attack on one account, in order.

    Attributes:
        budget: most wrong passwords that were to be sent until a first lock.
        not_tried: parts of the procedure that were left out, and why.
        unseen: what the documents state and this attack could not observe, and why.
    """

    entry: str
    attempts: tuple[LoggedAttempt, ...]
    budget: int
    not_tried: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()

    @property
    def guesses(self) -> int:
        """Wrong passwords sent."""
        return sum(logged.credential == "wrong" for logged in self.attempts)

    @property
    def summary(self) -> str:
        """What was tried and what was left out, for the record."""
        first = next((logged for logged in self.attempts if logged.attempt.outcome == "locked"), None)
        lock = (
            f", first seen locked after {first.t_s:.1f} s ({first.attempt.status})"
            if first is not None
            else ""
        )
        without = (*self.not_tried, *self.unseen)
        left_out = f"; not tried: {'; '.join(without)}" if without else ""
        return f"{self.guesses} wrong passwords over {self.connections} connections{lock}{left_out}"

    @property
    def connections(self) -> int:
        """Connections used."""
        return len({logged.connection for logged in self.attempts})

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "entry": self.entry,
            "budget": self.budget,
            "not_tried": list(self.not_tried),
            "unseen": list(self.unseen),
            "attempts": [logged.to_json() for logged in self.attempts],
        }
