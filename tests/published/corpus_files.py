"""The corpus: pages of makers with what is right for them, in two halves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.published.frames import framed

__all__ = ["Sample", "policies", "replacements", "supports"]

_PLACE = Path(__file__).parent / "corpus"


@dataclass(frozen=True)
class Sample:
    """A document with what is right for it.

    Attributes:
        id: its name.
        held_out: it was not looked at while the rules were tuned.
        right: PASS, FAIL or open, by the question.
        first: words of the passage that a person has to see first; empty: none is demanded.
        model: the device.
        period: Support Period of its IXIT.
    """

    id: str
    held_out: bool
    content: dict[str, Any]

    @property
    def right(self) -> dict[str, str]:
        return {name: self.content[name] for name in "abcde" if name in self.content}

    @property
    def first(self) -> str:
        return self.content.get("first", "")

    @property
    def model(self) -> str:
        return self.content.get("model", "")

    @property
    def period(self) -> str:
        return self.content.get("period", "")

    def document(self) -> Any:
        return framed(
            self.content["text"],
            self.content["frame"],
            language=self.content["language"],
            url=f"https://maker.example/{self.id}",
        )


@cache
def _read(name: str) -> tuple[Sample, ...]:
    written = yaml.safe_load((_PLACE / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(Sample(one["id"], one.get("held_out", name.endswith("held-out")), one) for one in written)


def policies() -> tuple[Sample, ...]:
    return (*_read("policies-tuned"), *_read("policies-held-out"))


def supports() -> tuple[Sample, ...]:
    return (*_read("support-tuned"), *_read("support-held-out"))


def replacements() -> tuple[Sample, ...]:
    return _read("replacement")
