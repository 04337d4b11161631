"""What an operation is to those who run it: its driver, its result, and the person who may be needed for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import httpx

from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "Attendant",
    "Came",
    "Driver",
    "Operation",
    "OperationFailedError",
    "OperationResult",
    "OtherwiseError",
    "Step",
    "Told",
    "wait_until",
]

Operation = Callable[..., object]
"""An operation that a project adds: called with the `Dut` and keyword arguments; an exception means it failed. What it
returns is the value that it gives."""

_Declared = TypeVar("_Declared", contravariant=True)

_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 0.5
_PART = 0.05
"""Of the time that was waited, so much is the next pause."""
_SHOWN = 2000
"""Characters of a text in the transcript."""


class OperationFailedError(Exception):
    """An operation did not do what the profile says it does."""


class OtherwiseError(OperationFailedError):
    """What was asked has answered, and otherwise than a success does; it tells more than silence."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done, and what came back, in words without anything that was handed over.

    Attributes:
        did: what was done.
        came: what came back.
        at_s: seconds since the operation began.
    """

    did: str
    came: str
    at_s: float

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {"did": self.did, "came": printable(self.came, _SHOWN), "at_s": round(self.at_s, 3)}


@dataclass(slots=True)
class Came:
    """What came back from a driver; it is filled in while the driver works, so that a failure leaves what was seen.

    Attributes:
        text: what the value is picked from.
        steps: the transcript.
        files: what a person gave, as evidence: name and content.
    """

    text: str = ""
    steps: list[Step] = field(default_factory=list)
    files: list[tuple[str, bytes]] = field(default_factory=list)
    began: float = field(default_factory=time.monotonic)

    def note(self, did: str, came: str) -> None:
        """Add a step to the transcript."""
        self.steps.append(Step(did, came, time.monotonic() - self.began))


@dataclass(frozen=True, slots=True)
class OperationResult:
    """What came of an operation.

    Attributes:
        done: it did what the profile says it does.
        value: what it gives, as text; None: the profile names no value.
        detail: why it is not done; empty: it is.
        answered: what was asked has answered, be it otherwise than a success does.
        transcript: what was done and what came back.
        duration_s: seconds that it took.
    """

    name: str
    kind: str
    done: bool
    value: str | None
    detail: str
    answered: bool
    transcript: tuple[Step, ...]
    duration_s: float

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "operation": self.name,
            "kind": self.kind,
            "done": self.done,
            "value": None if self.value is None else printable(self.value, _SHOWN),
            "detail": self.detail,
            "answered": self.answered,
            "transcript": [step.to_json() for step in self.transcript],
            "duration_s": round(self.duration_s, 3),
        }


class Driver(Protocol[_Declared]):
    """Carries out the operations of one kind."""

    def run(self, declared: _Declared, arguments: Mapping[str, str], came: Came) -> None:
        """Do it, and leave what came back in `came`; an exception means that it failed.

        Args:
            declared: what the profile says.
            arguments: what fills ``{name}`` in it.
            came: takes what came back, and each step on the way.
        """


@dataclass(frozen=True, slots=True)
class Told:
    """What a person said: whether it was done, the answer to the question, and a file as it was given."""

    done: bool
    answer: str = ""
    file: tuple[str, bytes] | None = None


class Attendant(Protocol):
    """A person at the bench."""

    def ask(self, instruction: str, *, question: str | None, wants: str | None) -> Told:
        """Have something done by hand.

        Args:
            instruction: what is to be done.
            question: what is asked then; None: only whether it was done.
            wants: "photo" or "file": what is to be given; None: nothing.
        """


def wait_until(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Ask `condition` until it holds, for at most `within_s` seconds; connection errors count as not yet.

    The longer it takes, the longer is the pause, since to ask may be to log in: that it holds is noticed late by a
    twentieth of the time that it took, and by half a second at most.
    """
    began = time.monotonic()
    end = began + within_s
    while True:
        try:
            if condition():
                return True
        except (httpx.HTTPError, OSError):
            pass
        now = time.monotonic()
        if now >= end:
            return False
        pause_s = min(_LONGEST_PAUSE_S, max(_PAUSE_S, (now - began) * _PART))
        time.sleep(min(pause_s, end - now))
