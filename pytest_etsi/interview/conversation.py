"""Asking a competent person the open questions in a terminal, one after the other; each answer is kept at once."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console, Group
from rich.text import Text

from pytest_etsi.interview.screen import observed_of, screen
from pytest_etsi.profile import External, Judgement, Source
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.assessment.questions import Question

__all__ = ["Interview"]

_VERDICTS = {"p": Verdict.PASS, "f": Verdict.FAIL, "n": Verdict.NOT_APPLICABLE, "i": Verdict.INCONCLUSIVE}
_HELP = "p PASS · f FAIL · n not applicable · i inconclusive · s skip · b back · q quit"
_LONG_HELP = f"""p, f, n, i    give the answer; then come the reason and evidence, each on a line of its own
k             where it was judged before: the same answer still holds, for the same reason
s             leave the question open
b             go back to the one before
q             leave; everything answered is saved, and the next call goes on
{".": <14}at any further prompt: throw this answer away and choose again"""
_LEAST = 10
"""Fewest characters of a rationale: less is no reason that a second laboratory could follow."""

Step = Literal["next", "back", "quit"]


_OPEN = ("missing", "stale", "open")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_CANCEL = "."
_LONGEST_LINE = 4000
"""Characters; terminals cut longer lines without a word."""


class _CancelledError(Exception):
    """The person has thought better of an answer."""


@dataclass
class Interview:
    """A conversation over open questions.

    Attributes:
        ask: shows a prompt and gives what was typed; EOFError or KeyboardInterrupt ends the conversation.
        keep: records a judgement; called after each answer.
        assessor: who answers; "": is asked once.
        today: date of the judgements.
        given: the judgements of this conversation, by unit and entry.
    """

    console: Console
    ask: Callable[[str], str]
    keep: Callable[[Judgement], None]
    assessor: str = ""
    today: datetime.date | None = None
    given: dict[tuple[str, str | None], Judgement] = field(default_factory=dict)

    def run(self, questions: Sequence[Question]) -> None:
        """Go through the questions until the last one, or until the person leaves."""
        try:
            self._introduce()
            place, forward = 0, True
            while 0 <= place < len(questions):
                if forward and _key(questions[place]) in self.given:
                    place += 1  # answered together with another one
                    continue
                self.console.clear()
                step = self.one(questions[place], place + 1, len(questions), questions[place + 1 :])
                if step == "quit":
                    break
                forward = step != "back"
                place = place + 1 if forward else max(0, place - 1)
        except (EOFError, KeyboardInterrupt):
            self.console.print()
        answered = sum(_key(question) in self.given for question in questions)
        left = len(questions) - answered
        more = "; the next call goes on with them" if left and answered else ""
        self.console.print(f"{answered} answered and saved, {left} left{more}.")

    def one(self, question: Question, number: int, total: int, others: Sequence[Question] = ()) -> Step:
        """Ask one question; what is answered is in `given`.

        Args:
            question: what is asked.
            number: which one it is.
            total: of how many.
            others: questions that are still to come; those about the same unit may take the same answer.
        """
        self._introduce()
        mine = self.given.get(_key(question))
        self.console.print(screen(replace(question, earlier=mine) if mine else question, number, total))
        while True:
            key = self.ask(f"{_HELP}\n> ").strip().lower()
            if key in ("?", "h", "help"):
                self.console.print(Text(_LONG_HELP))
                continue
            if key in ("q", "quit"):
                return "quit"
            if key in ("b", "back"):
                return "back"
            if key in ("s", "skip"):
                return "next"
            if key in ("k", "keep") and self._kept(question):
                return "next"
            verdict = _VERDICTS.get(key) or next((one for one in Verdict if str(one).lower() == key), None)
            if verdict is None:
                self.console.print(Text("Type one of the letters.", style="yellow"))
                continue
            try:
                judgement = self._judged(question, verdict)
            except _CancelledError:
                continue
            self._keep(question, judgement)
            self._tell_of_others(judgement)
            self._together(judgement, [one for one in others if self._takes_the_same(one, question)])
            return "next"

    def _introduce(self) -> None:
        while not self.assessor.strip():
            self.assessor = self.ask("Who assesses (name, laboratory)? ")

    def _keep(self, question: Question, judgement: Judgement) -> None:
        self.keep(judgement)
        self.given[_key(question)] = judgement

    def _judged(self, question: Question, verdict: Verdict) -> Judgement:
        """The judgement, with its reason and what it rests on."""
        rationale = self._said("Why? (a sentence that a second laboratory can follow; . to choose again)\n> ")
        while len(rationale) < _LEAST:
            self.console.print(
                Text(f"At least {_LEAST} characters: a reason that somebody else can follow.", style="yellow")
            )
            rationale = self._said("Why?\n> ")
        external = self._external()
        planned = question.planned
        return Judgement(
            unit=planned.unit.id,
            entry=planned.entry,
            verdict=verdict,
            assessor=" ".join(self.assessor.split()),
            date=self._today(),
            rationale=rationale,
            basis="external-evidence" if external else "own-examination",
            evidence=self._files(),
            fingerprint=planned.fingerprint,
            source=Source("", 0, 0, "file"),
            external=external,
        )

    def _today(self) -> datetime.date:
        return self.today or datetime.datetime.now(tz=datetime.UTC).date()

    def _external(self) -> External | None:
        """The certificate or report of someone else that the answer rests on."""
        document = self.ask(
            "A certificate or report of someone else it rests on, with its number (empty: none)\n> "
        )
        if not document.strip():
            return None
        issuer = self._some_text("Who issued it?\n> ")
        scope = self._some_text("What does it cover (product, versions, which part of the question)?\n> ")
        while True:
            typed = self._said("Valid until (2027-12-31; empty: it does not say)\n> ")
            try:
                until = datetime.date.fromisoformat(typed) if typed else None
            except ValueError:
                self.console.print(Text("Write the date as 2027-12-31.", style="yellow"))
                continue
            if until is not None and until < self._today():
                self.console.print(
                    Text("It is not valid any more, so it carries no judgement.", style="yellow")
                )
                raise _CancelledError
            return External(" ".join(document.split()), issuer, scope, until)

    def _some_text(self, prompt: str) -> str:
        text = ""
        while not text:
            text = self._said(prompt)
        return text

    def _said(self, prompt: str) -> str:
        """One line of text; what a terminal cannot have meant is asked for again.

        Raises:
            _CancelledError: the person wants to choose again.
        """
        while True:
            typed = self.ask(prompt)
            if typed.strip() == _CANCEL:
                raise _CancelledError
            if _CONTROL.search(typed.replace("\t", " ")):
                self.console.print(Text("That has control characters in it; type it again.", style="yellow"))
            elif len(typed) >= _LONGEST_LINE:
                self.console.print(
                    Text(f"That may have been cut: at most {_LONGEST_LINE} characters.", style="yellow")
                )
            else:
                return " ".join(typed.split())

    def _files(self) -> tuple[Path, ...]:
        """Files that support the answer, until an empty line; one that is not there is asked for again."""
        files: list[Path] = []
        while True:
            typed = self._said("A file that supports it (empty: none, or no more)\n> ")
            if not typed:
                return tuple(files)
            path = Path(typed).expanduser()
            if path.is_file():
                files.append(path.absolute())
            else:
                what = "a directory" if path.is_dir() else "not there"
                self.console.print(Text(f"{typed} is {what}; name a file", style="yellow"))

    # The same question for several entries

    def _takes_the_same(self, one: Question, question: Question) -> bool:
        return (
            one.planned.unit.id == question.planned.unit.id
            and one.state in _OPEN
            and not one.refuted
            and _key(one) not in self.given
        )

    def _kept(self, question: Question) -> bool:
        """Give an earlier judgement anew, for the same reason, after what has changed was seen."""
        earlier = question.earlier
        if question.state != "stale" or earlier is None or self._expired(earlier):
            self.console.print(Text("There is no earlier answer that could still hold.", style="yellow"))
            return False
        said = (
            self.ask(f"Still {earlier.verdict}, for the same reason, after what has changed? y/n\n> ")
            .strip()
            .lower()
        )
        if said[:1] != "y":
            return False
        anew = replace(
            earlier,
            assessor=" ".join(self.assessor.split()),
            date=self._today(),
            fingerprint=question.planned.fingerprint,
        )
        self._keep(question, anew)
        return True

    def _expired(self, judgement: Judgement) -> bool:
        end = judgement.external.valid_until if judgement.external is not None else None
        return end is not None and end < self._today()

    def _tell_of_others(self, judgement: Judgement) -> None:
        """A changed mind does not change what was answered together with it before; say so."""
        mark = f"(Answered together with {judgement.entry}.)"
        same = [
            one.entry
            for one in self.given.values()
            if one.unit == judgement.unit
            and one.rationale.endswith(mark)
            and one.verdict is not judgement.verdict
        ]
        if same:
            self.console.print(
                Text(
                    f"Answered together with it before, and still {', '.join(map(str, same))}: as then.",
                    style="yellow",
                )
            )

    def _together(self, judgement: Judgement, others: Sequence[Question]) -> None:
        """Offer to give the same answer for other entries; each is shown and confirmed on its own."""
        if not others:
            return
        lines = [f"  {number}  {one.planned.entry}" for number, one in enumerate(others, start=1)]
        self.console.print(Text(f"The same question is open for {_entries(len(others))}:"))
        self.console.print(Text("\n".join(lines)))
        chosen = self._chosen(len(others))
        for place, number in enumerate(chosen, start=1):
            one = others[number - 1]
            self.console.print(
                Group(
                    Text(
                        f"{place} of {len(chosen)}: {one.planned.unit.id} · {one.planned.entry}", style="bold"
                    ),
                    Text(one.asks),
                    *observed_of(one),
                    Text(f"{judgement.verdict}: {judgement.rationale}"),
                )
            )
            said = ""
            while said not in ("y", "n", "q", "s"):
                said = (
                    self.ask("Does that hold here as well? y, n, or q for no further ones\n> ")
                    .strip()
                    .lower()[:1]
                )
            if said == "q":
                return
            if said == "y":
                together = f"{judgement.rationale} (Answered together with {judgement.entry}.)"
                planned = one.planned
                self._keep(
                    one,
                    replace(
                        judgement, entry=planned.entry, fingerprint=planned.fingerprint, rationale=together
                    ),
                )

    def _chosen(self, count: int) -> list[int]:
        while True:
            typed = (
                self.ask("Consider the same answer for which? (numbers, a for all; empty: none)\n> ")
                .strip()
                .lower()
            )
            if not typed:
                return []
            if typed in ("a", "all"):
                return list(range(1, count + 1))
            numbers = _numbers(typed)
            if numbers and all(1 <= number <= count for number in numbers):
                return list(dict.fromkeys(numbers))
            self.console.print(Text(f"Type numbers from 1 to {count}.", style="yellow"))


def _numbers(typed: str) -> list[int]:
    """Numbers and ranges (``1 3-5``); none where it is something else."""
    found: list[int] = []
    for part in re.split(r"[ ,;]+", typed.strip(" ,;")):
        match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        if match is None:
            return []
        found.extend(range(int(match[1]), min(int(match[2] or match[1]), 99_999) + 1))
    return found


def _key(question: Question) -> tuple[str, str | None]:
    return question.planned.unit.id, question.planned.entry


def _entries(count: int) -> str:
    return "1 further entry" if count == 1 else f"{count} further entries"
