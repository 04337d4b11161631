"""Where the device facade hands every observation to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Recorder", "Sink"]

_Seen = TypeVar("_Seen")


class Sink(Protocol):
    """Something that keeps evidence; the evidence store's scope of one evaluation is one."""

    def add(self, name: str, content: Any) -> object:
        """Keep `content` (bytes, text, or JSON-able builtins) under a name derived from `name`."""


class Recorder:
    """Hands observations to the sink of the evaluation that is running, and new secrets to the redactor.

    Observations made while no evaluation runs (at start and end of the run) are kept until `drain` is called.
    """

    def __init__(self) -> None:
        self._sink: Sink | None = None
        self._kept: list[tuple[str, Any]] = []
        self._once: dict[str, tuple[Any, list[tuple[str, Any]]]] = {}
        self._gathering: list[tuple[str, Any]] | None = None

    def attach(self, sink: Sink | None) -> None:
        """Hand what follows to `sink`; None: keep it until asked for."""
        self._sink = sink

    def observed(self, name: str, content: Any) -> None:
        """Keep an observation as evidence. `content`: builtins, text, bytes, or anything with ``to_json()``."""
        to_json = getattr(content, "to_json", None)
        plain = to_json() if callable(to_json) else content
        if self._gathering is not None:
            self._gathering.append((name, plain))
        elif self._sink is None:
            self._kept.append((name, plain))
        else:
            self._sink.add(name, plain)

    def once(self, key: str, observe: Callable[[], _Seen]) -> _Seen:
        """What `observe` gives, done once in a run however many evaluations ask for it.

        Each of them is handed all that was observed meanwhile, so that its evidence does not depend on which of them
        came first. It is handed on at the end: nothing that happens to the evidence interrupts what is being done. What
        ends in an exception has not been done, and is tried anew.

        Args:
            key: tells what is done from everything else that is done once.
            observe: does it.
        """
        if key not in self._once:
            gathered: list[tuple[str, Any]] = []
            before, self._gathering = self._gathering, gathered
            try:
                self._once[key] = observe(), gathered
            except BaseException:
                self._gathering = before
                self._hand_on(gathered)
                raise
            self._gathering = before
        seen: _Seen
        seen, gathered = self._once[key]
        self._hand_on(gathered)
        return seen

    def _hand_on(self, gathered: Iterable[tuple[str, Any]]) -> None:
        for name, content in gathered:
            self.observed(name, content)

    def drain(self) -> Iterable[tuple[str, Any]]:
        """What was observed while no evaluation was running, once."""
        kept, self._kept = self._kept, []
        return kept
