"""Which words a reason goes on with: those of what is read and of reasons given before, never a reason of their own.

What has followed the last words most often is offered: by the reasons for the same unit before those for others, by
these before the documents. Nothing is offered on an empty line, and never more than a clause at a time: a reason stays
the person's own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections import defaultdict
from dataclasses import dataclass, field
from heapq import nlargest
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["SIGNS", "Draft", "Source", "Words", "learnt", "pieces"]

_PIECE = re.compile(r"\s*(?:\w(?:[\w'\u2019./+-]*\w)?|[^\w\s])")
_DEEPEST = 4
"""Most words before that count."""
_LONGEST = 12
"""Most words that are offered at once."""
_ENDS = ".;:?!"
_STOPS = (*_ENDS, ",")
_SURE = 2
"""Words before that have to have stood so, for further words to be offered."""
_WEIGHTS = (3.0, 1.0, 1.0, 0.3)
"""Of the sources, the nearest first."""
_DEEPER = 8.0
"""How much more a word counts for each word before it that fits."""
_COMMON = 8
"""Words that are looked at where nothing is known of the next one."""
SIGNS = ",.;:?!)"
"""What follows a word without a space."""
_START = "\n"
_MOST_WORDS = 50_000
"""Words of a source beyond which no further ones are learnt."""


def pieces(text: str) -> list[str]:
    """The words and signs of a text, each with the space before it; the first as if one stood there."""
    return [found[0] for found in _PIECE.finditer(f" {' '.join(text.split())}")]


@dataclass
class Source:
    """Texts from which words are offered.

    They are taken apart when something is asked of them for the first time: who writes no reason does not wait for it.
    """

    _waiting: list[str] = field(default_factory=list)
    _after: dict[tuple[str, ...], dict[str, int]] = field(default_factory=dict)
    _known: list[tuple[str, str]] = field(default_factory=list)
    _totals: dict[tuple[str, ...], int] = field(default_factory=dict)
    _words: int = 0

    def learn(self, text: str) -> None:
        """Take the words of a text."""
        self._waiting.append(text)

    def often(self, context: tuple[str, ...]) -> int:
        """How often something has followed these words."""
        self._take_apart()
        return self._totals.get(context, 0)

    def after(self, context: tuple[str, ...], prefix: str) -> Iterator[tuple[str, int]]:
        """What has followed exactly these words, and begins with a prefix, with how often; of no words, any known."""
        self._take_apart()
        found = self._after.get(context)
        if found is None:
            return
        short = prefix.lower()
        if context or not short.strip():
            common = found.items() if context else nlargest(_COMMON, found.items(), key=itemgetter(1))
            yield from ((word, often) for word, often in common if word.lower().startswith(short))
            return
        at = bisect_left(self._known, (short, ""))
        while at < len(self._known) and self._known[at][0].startswith(short):
            word = self._known[at][1]
            yield word, found[word]
            at += 1

    def _take_apart(self) -> None:
        for text in self._waiting:
            told = pieces(text)
            self._words += len(told)
            if self._words > _MOST_WORDS:
                break
            self._count(told)
        self._waiting.clear()

    def _count(self, told: list[str]) -> None:
        low = [_START, *(one.lower() for one in told)]
        words = self._after.setdefault((), {})
        for place, one in enumerate(told, start=1):
            begins = low[place - 1] == _START or low[place - 1] in _ENDS
            word = _uncapitalised(one) if begins else one
            if word not in words:
                insort(self._known, (word.lower(), word))
            for depth in range(min(place, _DEEPEST) + 1):
                context = tuple(low[place - depth : place])
                after = self._after.setdefault(context, {})
                after[word] = after.get(word, 0) + 1
                self._totals[context] = self._totals.get(context, 0) + 1


@dataclass(frozen=True)
class Words:
    """Offers words.

    Attributes:
        sources: the nearest first; what a nearer one knows counts more.
    """

    sources: tuple[Source, ...]
    _known: dict[tuple[tuple[str, ...], str, int, int], list[str]] = field(
        default_factory=dict, compare=False
    )

    def offered(self, line: str, most: int = 2, *, whole: bool = False) -> tuple[str, ...]:
        """How the line may go on, the likeliest first: each to the end of a clause, or a few words on.

        Args:
            line: what stands there; empty: nothing is offered.
            most: at most so many ways, which differ in their first word.
            whole: the last word is known to be whole; otherwise it is one only where nothing goes on with it.
        """
        if not line.strip():
            return ()
        told, prefix = (pieces(line), "") if whole else _split(line)
        if prefix.strip() and any(self._fits([prefix.lower()], 1)) and not self._best(told, prefix, 1):
            told, prefix = [*told, prefix], ""
        ways = ("".join(self._on(told, prefix, word)) for word in self._best(told, prefix, most))
        return tuple(way for way in ways if way)

    def _on(self, told: list[str], prefix: str, word: str) -> Iterator[str]:
        """The rest of a word, and the words that follow it."""
        yield word[len(prefix) :]
        context = [*told, word]
        for _ in range(_LONGEST - 1):
            following = next(iter(self._best(context, "", 1, _SURE)), None)
            if context[-1].strip() in _STOPS or following is None:
                return
            yield following
            context.append(following)

    def _best(self, told: list[str], prefix: str, most: int, least: int = 0) -> list[str]:
        """The likeliest next words, or ends of the one that is begun; `least` words before it have to fit."""
        low = [_START, *(one.lower() for one in told)][-_DEEPEST:]
        key = (tuple(low), prefix, most, least)
        if key not in self._known:
            self._known[key] = self._likeliest(low, prefix, most, least)
        return self._known[key]

    def _likeliest(self, low: list[str], prefix: str, most: int, least: int) -> list[str]:
        begins = low[-1] == _START or low[-1] in _ENDS
        scores: dict[str, float] = defaultdict(float)
        if least and not any(self._fits(low, least)):
            return []
        for depth in range(min(len(low), _DEEPEST) + 1):
            context = tuple(low[len(low) - depth :] if depth else ())
            for weight, source in zip(_WEIGHTS, self.sources, strict=False):
                every = source.often(context)
                for word, often in source.after(context, prefix):
                    scores[word] += weight * _DEEPER**depth * often / (every + 1)
        found: dict[str, None] = {}
        for word, _ in sorted(scores.items(), key=lambda one: (-one[1], one[0])):
            shaped = (
                prefix + word[len(prefix) :] if prefix.strip() else _capitalised(word) if begins else word
            )
            if len(shaped) > len(prefix):
                found.setdefault(shaped)
            if len(found) >= most:
                break
        return list(found)

    def _fits(self, low: list[str], least: int) -> Iterator[bool]:
        """Whether the last words have stood so in a source, one for each."""
        context = tuple(low[-least:])
        return (source.often(context) > 0 for source in self.sources)


@dataclass
class Draft:
    """A line that is being written with words offered; how it is shown and which keys do it is the keyboard's.

    Attributes:
        words: what is offered.
        text: what stands there.
        spaced: the space at its end came with a word that was taken: a sign takes its place, and another is not needed.
    """

    words: Words
    text: str = ""
    spaced: bool = False

    def offered(self) -> tuple[str, ...]:
        """How it may go on, the likeliest first, as it would stand behind the text without a space of ours."""
        if self.spaced:
            return self.words.offered(self.text[:-1], whole=True)
        return self.words.offered(self.text)

    def type(self, char: str) -> None:
        """Take a key."""
        if self.spaced and char in SIGNS:
            self.text = self.text[:-1] + char
        elif not (self.spaced and char == " "):
            self.text += char
        self.spaced = False

    def take(self, offer: str, *, whole: bool = False) -> None:
        """Take what is offered: its first word, or all of it; with the space behind it."""
        before = self.text[:-1] if self.spaced else self.text
        found = _PIECE.match(offer)
        taken = offer if whole or found is None else found[0]
        self.text, self.spaced = f"{before}{taken} ", True


def learnt(texts: Iterable[str]) -> Source:
    """A source of some texts."""
    source = Source()
    for text in texts:
        source.learn(text)
    return source


def _split(line: str) -> tuple[list[str], str]:
    """The whole words of a line, and the one that is being written, with the space before it."""
    told = [found[0] for found in _PIECE.finditer(f" {line.lstrip()}")]
    if line[-1:].isspace():
        return told, " "
    if told and told[-1].strip()[-1:].isalnum():
        return told[:-1], told[-1]
    return told, ""


def _uncapitalised(word: str) -> str:
    """A word as it stands within a sentence: only its first letter was a capital."""
    bare = word.strip()
    plain = len(bare) > 1 and bare[0].isupper() and bare[1:].islower()
    return word.lower() if plain or (bare in ("A", "I") and bare == "A") else word


def _capitalised(word: str) -> str:
    bare = word.lstrip()
    return word[: len(word) - len(bare)] + bare[:1].upper() + bare[1:]
