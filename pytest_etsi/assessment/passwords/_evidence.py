"""Evidence in bits: how much shorter a description makes a text than even drawing, and what that chance is."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LITERAL = 0.80
"""Chance that a character stands for itself, in both codes."""


@dataclass(frozen=True, slots=True)
class Piece:
    start: int
    end: int
    kind: str
    bits: float


@dataclass(frozen=True, slots=True)
class Evidence:
    bits: float
    pieces: tuple[Piece, ...]


def shortest(text: str, size: int, pieces: Iterable[Piece]) -> Evidence:
    """The shortest description of `text` by the pieces and single characters, and what it saves."""
    by_start: dict[int, list[Piece]] = defaultdict(list)
    for piece in pieces:
        by_start[piece.start].append(piece)
    even = math.log2(size)
    literal_bits = even - math.log2(LITERAL)
    best: list[tuple[float, Piece | None]] = [(math.inf, None)] * (len(text) + 1)
    best[0] = (0.0, None)
    for i in range(len(text)):
        here = best[i][0]
        literal = Piece(i, i + 1, "literal", literal_bits)
        for piece in (literal, *by_start[i]):
            if here + piece.bits < best[piece.end][0]:
                best[piece.end] = (here + piece.bits, piece)
    used: list[Piece] = []
    at = len(text)
    while at > 0:
        step = best[at][1]
        assert step is not None  # noqa: S101 - every place is reached by single characters
        used.append(step)
        at = step.start
    return Evidence(len(text) * even - best[len(text)][0], tuple(reversed(used)))


def at_least(count: int, total: int, chance: float) -> float:
    """Bits of evidence in `count` hits out of `total`, each with `chance`: Chernoff's bound."""
    share = count / total
    if chance <= 0 or share <= chance:
        return math.inf if chance <= 0 < count else 0.0
    distance = share * math.log2(share / chance)
    if share < 1:
        distance += (1 - share) * math.log2((1 - share) / (1 - chance))
    return total * distance


def chance_of(bits: float) -> str:
    return f"1 in {2 ** min(bits, 200):.1e}"
