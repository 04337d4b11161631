"""Values that may not be relied on: told by `validate`, and heard of by whoever reads one.

Most of them could not be understood, and are kept word for word; a draft is understood, and not yet checked.

A document may say what no program understands: an answer outside a closed set, a reference to nothing, a fact of the
wrong type. That ends no assessment. What stands for such a value is what stands for one that was left out, and reading
it is heard (`listening`), so that exactly what rests on it stays open. A result that is remembered tells again what was
heard when it was made (`remembered`).

What a program has drafted from what it saw of the device (`pytest_etsi.profile.drafts`) is read with its value. It can
refute, and it confirms nothing: whoever reads it hears of that in the same way.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, Literal, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_etsi.profile._errors import Problem

__all__ = ["Unread", "drafts_will_do", "listening", "note", "remembered"]

P = ParamSpec("P")
T = TypeVar("T")

Kind = Literal["answer", "reference", "fact", "entry", "table", "row", "judgement", "draft", "drafted table"]


@dataclass(frozen=True, slots=True)
class Unread:
    """A value that could not be understood, a part of the documents that lacks, or one that is only drafted.

    Attributes:
        problem: where it stands, and what was expected.
        place: file and line, as reasons name them.
        kind: what it is a part of; "draft": it is understood, and marked as drafted; "drafted table":
            nobody has checked whether it has further entries.
        part: "13-SoftServ/SoftServ-Web", "1-AuthMech", "ICS 5.1-1".
        field: name of the field, or the dotted path of a fact; "": the part as a whole.
        evidence: of a draft, what was looked at; "": the mark does not say.
        wrong: it is understood, and names what is not there: no other reading makes it right.
    """

    problem: Problem
    place: str
    kind: Kind
    part: str
    field: str = ""
    wrong: bool = False
    evidence: str = ""

    def __str__(self) -> str:
        return f"{self.problem.where or 'the documents'} ({self.place}): {self.problem.message}"

    @property
    def drafted(self) -> bool:
        """Whether it is understood, and only nobody has checked it yet."""
        return self.kind in ("draft", "drafted table")

    @property
    def settle(self) -> str:
        """What would settle it, one sentence."""
        if self.drafted:
            return f"Take the mark in {self.place} away when you have checked it"
        advice = f"; {self.problem.hint}" if self.problem.hint else ""
        return f"Correct {self.place}{advice}"


_LISTENERS: list[Callable[[Unread], None]] = []
"""Who hears what is read, the one that counts last. No context variable: observers read in threads of their own."""


def note(unread: Iterable[Unread]) -> None:
    """Tell who listens that these were read."""
    if _LISTENERS:
        for one in unread:
            _LISTENERS[-1](one)


@contextmanager
def listening(hear: Callable[[Unread], None]) -> Iterator[None]:
    """Have `hear` told of every value read meanwhile that could not be understood."""
    _LISTENERS.append(hear)
    try:
        yield
    finally:
        _LISTENERS.pop()


@contextmanager
def drafts_will_do() -> Iterator[None]:
    """Let drafts be read without a word: where a value only says where to look as well, no result rests on it."""
    outer = _LISTENERS[-1] if _LISTENERS else None
    with listening(lambda one: None if outer is None or one.drafted else outer(one)):
        yield


def remembered(maxsize: int) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """As `functools.lru_cache`, for a function that reads documents: what it came across is told at each call."""

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @lru_cache(maxsize=maxsize)
        def made(*args: Any) -> tuple[T, tuple[Unread, ...]]:
            heard: dict[Unread, None] = {}
            with listening(lambda one: heard.setdefault(one)):
                result = function(*args)  # type: ignore[call-arg]
            return result, tuple(heard)

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            assert not kwargs  # noqa: S101 - the key of what is remembered are the positions
            result, heard = made(*args)
            note(heard)
            return result

        return call

    return decorate
