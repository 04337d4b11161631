"""Where the device facade hands every observation to."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Recorder", "Sink"]


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

    @contextmanager
    def gathering(self) -> Iterator[list[tuple[str, Any]]]:
        """Gather what is observed instead of handing it on.

        For what is done once in a run and serves several evaluations: each is then handed all of it, so that its
        evidence does not depend on which of them came first.
        """
        gathered: list[tuple[str, Any]] = []
        before, self._gathering = self._gathering, gathered
        try:
            yield gathered
        finally:
            self._gathering = before

    def drain(self) -> Iterable[tuple[str, Any]]:
        """What was observed while no evaluation was running, once."""
        kept, self._kept = self._kept, []
        return kept
