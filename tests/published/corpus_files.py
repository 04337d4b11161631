"""The corpus: pages of makers with what is right for them: by the author of the rules, and by five others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.published.frames import framed

__all__ = ["BLIND", "PARTS", "PLACE", "Sample", "designations", "policies", "replacements", "supports"]

PLACE = Path(__file__).parent / "corpus"
PARTS = ("tuned", "held out", "second author", "second author, unseen")
"""The last was written together with the one before, and never looked at while the rules were mended after that."""
BLIND = ("third author", "fourth author", "fifth author", "sixth author")
"""Their authors knew neither the rules nor the other texts; they are measured, and no bar is set for them."""
_OF_FILE = {
    "held-out": "held out",
    "second": "second author",
    "third": "second author, unseen",
    "fourth": BLIND[0],
    "fifth": BLIND[1],
    "sixth": BLIND[2],
    "seventh": BLIND[3],
}


@dataclass(frozen=True)
class Sample:
    """A document with what is right for it.

    Attributes:
        id: its name.
        part: one of `PARTS`, or of `BLIND`.
        right: PASS, FAIL or open, by the question.
        first: words of the passage that a person has to see first; empty: none is demanded.
        model: the device.
        period: Support Period of its IXIT.
    """

    id: str
    part: str
    content: dict[str, Any]

    @property
    def right(self) -> dict[str, str]:
        return {name: self.content[name] for name in (*"abcde", "designation") if name in self.content}

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
    written = yaml.safe_load((PLACE / f"{name}.yaml").read_text(encoding="utf-8"))
    part = _OF_FILE.get(name.partition("-")[2], "tuned")
    return tuple(Sample(one["id"], "held out" if one.get("held_out") else part, one) for one in written)


def _all(subject: str, *parts: str) -> tuple[Sample, ...]:
    return tuple(one for part in parts for one in _read(f"{subject}-{part}"))


def policies() -> tuple[Sample, ...]:
    return _all("policies", "tuned", "held-out", "second", "third", "fourth", "fifth", "sixth", "seventh")


def supports() -> tuple[Sample, ...]:
    return _all("support", "tuned", "held-out", "second", "third", "fourth", "fifth", "sixth", "seventh")


def replacements() -> tuple[Sample, ...]:
    return (*_read("replacement"), *_all("replacement", "second", "fifth", "sixth", "seventh"))


def designations() -> tuple[Sample, ...]:
    """What devices say of themselves; they have no document."""
    return _all("designation", "fourth", "fifth", "sixth", "seventh")
