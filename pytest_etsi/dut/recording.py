"""Where the device facade hands every observation to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        self._secrets: list[str] = []

    def attach(self, sink: Sink | None) -> None:
        """Hand what follows to `sink`; None: keep it until asked for."""
        self._sink = sink

    def observed(self, name: str, content: Any) -> None:
        """Keep an observation as evidence. `content`: builtins, text, bytes, or anything with ``to_json()``."""
        to_json = getattr(content, "to_json", None)
        plain = to_json() if callable(to_json) else content
        if self._sink is None:
            self._kept.append((name, plain))
        else:
            self._sink.add(name, plain)

    def drain(self) -> Iterable[tuple[str, Any]]:
        """What was observed while no evaluation was running, once."""
        kept, self._kept = self._kept, []
        return kept
