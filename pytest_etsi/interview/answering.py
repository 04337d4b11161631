"""Taking one answer: the reason, and behind a key the certificate or the files that it rests on."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from rich.text import Text

from pytest_etsi.interview.keys import Offering
from pytest_etsi.profile import EntryAnswer, External, Judgement

if TYPE_CHECKING:
    from rich.console import Console

    from pytest_etsi.interview.keys import Keyboard
    from pytest_etsi.interview.words import Words

__all__ = ["Answering", "CancelledError", "Given", "Support", "counted", "said_of"]

Given: TypeAlias = "Judgement | EntryAnswer"
"""An answer: to a unit, or on an entry."""

_LEAST = 10
"""Fewest characters of a rationale: less is no reason that a second laboratory could follow."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CANCEL = "."
_LONGEST_LINE = 4000
"""Characters; terminals cut longer lines without a word."""


class CancelledError(Exception):
    """The person has thought better of an answer."""


@dataclass(frozen=True, slots=True)
class Support:
    """What an answer rests on beside its reason."""

    external: External | None = None
    files: tuple[Path, ...] = ()

    def __bool__(self) -> bool:
        return self.external is not None or bool(self.files)


@dataclass
class Answering:
    """Asks for the parts of an answer.

    Attributes:
        today: date of the judgements; None: the day on which they are given.
        words: what is offered while a reason is written; None: nothing.
        support: what the next answer rests on, where that was given before it.
    """

    console: Console
    keyboard: Keyboard
    today: datetime.date | None = None
    support: Support = field(default_factory=Support)
    words: Words | None = None

    def day(self) -> datetime.date:
        """The date of a judgement that is given now."""
        return self.today or datetime.datetime.now(tz=datetime.UTC).date()

    def reason(self) -> str:
        """The reason of an answer, long enough to be one.

        Raises:
            CancelledError: the person wants to choose again.
        """
        while len(said := self._said("Why? ", self.words)) < _LEAST:
            self.warn(
                f"At least {_LEAST} characters: a reason that somebody else can follow; . to choose again."
            )
        return said

    def taken_support(self) -> Support:
        """What this answer rests on; the next one rests on nothing of it."""
        support, self.support = self.support, Support()
        return support

    def ask_for_support(self) -> None:
        """Take certificate and files for the next answer."""
        try:
            self.support = Support(self._external(), self._files())
        except CancelledError:
            self.support = Support()
        if self.support:
            self.console.print("The next answer rests on it.")

    def has_expired(self, external: External | None) -> bool:
        """Whether evidence of someone else is not valid any more."""
        end = external.valid_until if external is not None else None
        return end is not None and end < self.day()

    def warn(self, text: str) -> None:
        """Say what was not understood."""
        self.console.print(Text(text, style="yellow"))

    def _external(self) -> External | None:
        document = self._said("A certificate or report of someone else, with its number (empty: none): ")
        if not document:
            return None
        issuer = self._some_text("Who issued it? ")
        scope = self._some_text("What does it cover (product, versions, which part of the question)? ")
        while True:
            typed = self._said("Valid until (2027-12-31; empty: it does not say): ")
            try:
                until = datetime.date.fromisoformat(typed) if typed else None
            except ValueError:
                self.warn("Write the date as 2027-12-31.")
                continue
            given = External(document, issuer, scope, until)
            if self.has_expired(given):
                self.warn("It is not valid any more, so it carries no judgement.")
                raise CancelledError
            return given

    def _files(self) -> tuple[Path, ...]:
        """Files that support the answer, until an empty line; one that is not there is asked for again."""
        files: list[Path] = []
        while typed := self._said("A file that supports it (empty: none, or no more): "):
            path = Path(typed).expanduser()
            if path.is_file():
                files.append(path.absolute())
            else:
                what = "a directory" if path.is_dir() else "not there"
                self.warn(f"{typed} is {what}; name a file")
        return tuple(files)

    def _some_text(self, prompt: str) -> str:
        while not (text := self._said(prompt)):
            pass
        return text

    def _said(self, prompt: str, words: Words | None = None) -> str:
        """One line of text; what a terminal cannot have meant is asked for again.

        Raises:
            CancelledError: the person wants to choose again.
        """
        while True:
            if words is not None and isinstance(self.keyboard, Offering):
                typed = self.keyboard.written(prompt, words)
            else:
                typed = self.keyboard.line(prompt)
            if typed.strip() == _CANCEL:
                raise CancelledError
            if _CONTROL.search(typed.replace("\t", " ")):
                self.warn("That has control characters in it; type it again.")
            elif len(typed) >= _LONGEST_LINE:
                self.warn(f"That may have been cut: at most {_LONGEST_LINE} characters.")
            else:
                return " ".join(typed.split())


def said_of(answer: Given) -> str:
    """An answer with its reason."""
    concluded = answer.verdict if isinstance(answer, Judgement) else answer.answer
    return f"{concluded}: {answer.rationale}"


def counted(count: int, what: str) -> str:
    """A number with its noun: "1 entry", "3 entries"."""
    plural = f"{what[:-1]}ies" if what.endswith("y") else f"{what}s"
    return f"{count} {what if count == 1 else plural}"
