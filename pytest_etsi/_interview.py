"""Asking a competent person the open questions in a terminal, one after the other; each answer is kept at once."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console, Group
from rich.text import Text

from pytest_etsi._interview_screen import answers_of, screen
from pytest_etsi.profile import External, Judgement, Source
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_etsi.assessment.questions import Question

__all__ = ["Interview"]

_VERDICTS = {"p": Verdict.PASS, "f": Verdict.FAIL, "n": Verdict.NOT_APPLICABLE, "i": Verdict.INCONCLUSIVE}
_HELP = "p PASS · f FAIL · n not applicable · i inconclusive · s skip · b back · q quit"
_LEAST = 10
"""Fewest characters of a rationale: less is no reason that a second laboratory could follow."""

Step = Literal["next", "back", "quit"]


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
        self.console.print(f"{answered} answered, {len(questions) - answered} left.")

    def one(self, question: Question, number: int, total: int, others: Sequence[Question] = ()) -> Step:
        """Ask one question; what is answered is in `given`.

        Args:
            question: what is asked.
            number: which one it is.
            total: of how many.
            others: questions that are still to come; those about the same unit may take the same answer.
        """
        self._introduce()
        self.console.print(screen(question, number, total))
        while True:
            key = self.ask(f"{_HELP}\n> ").strip().lower()
            if key in ("q", "quit"):
                return "quit"
            if key in ("b", "back"):
                return "back"
            if key in ("s", "skip"):
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
        rationale = ""
        while len(" ".join(rationale.split())) < _LEAST:
            rationale = self.ask(
                "Why? (a sentence that a second laboratory can follow; empty: choose again)\n> "
            )
            if not rationale.strip():
                raise _CancelledError
        external = self._external()
        planned = question.planned
        return Judgement(
            unit=planned.unit.id,
            entry=planned.entry,
            verdict=verdict,
            assessor=" ".join(self.assessor.split()),
            date=self._today(),
            rationale=" ".join(rationale.split()),
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
            typed = self.ask("Valid until (2027-12-31; empty: it does not say)\n> ").strip()
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
            text = " ".join(self.ask(prompt).split())
        return text

    def _files(self) -> tuple[Path, ...]:
        """Files that support the answer, until an empty line; one that is not there is asked for again."""
        files: list[Path] = []
        while True:
            typed = self.ask("A file that supports it (empty: none, or no more)\n> ").strip()
            if not typed:
                return tuple(files)
            path = Path(typed).expanduser()
            if path.is_file():
                files.append(path.absolute())
            else:
                self.console.print(Text(f"no such file: {typed}", style="yellow"))

    # The same question for several entries

    def _takes_the_same(self, one: Question, question: Question) -> bool:
        return (
            one.planned.unit.id == question.planned.unit.id
            and not one.refuted
            and _key(one) not in self.given
        )

    def _together(self, judgement: Judgement, others: Sequence[Question]) -> None:
        """Offer to give the same answer for other entries; each is shown and confirmed on its own."""
        if not others:
            return
        lines = [f"  {number}  {one.planned.entry}" for number, one in enumerate(others, start=1)]
        self.console.print(Text(f"The same question is open for {_entries(len(others))}:"))
        self.console.print(Text("\n".join(lines)))
        chosen = self._chosen(len(others))
        for number in chosen:
            one = others[number - 1]
            self.console.print(
                Group(
                    Text(f"{one.planned.unit.id} · {one.planned.entry}", style="bold"),
                    *answers_of(one),
                    Text(f"To be considered: {one.findings}" if one.findings else "", style="yellow"),
                    Text(f"{judgement.verdict}: {judgement.rationale}"),
                )
            )
            said = ""
            while said not in ("y", "n"):
                said = self.ask("Does that hold here as well? y/n\n> ").strip().lower()[:1]
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
            numbers = [int(part) for part in re.findall(r"[0-9]{1,6}", typed)]
            if (
                numbers
                and all(1 <= number <= count for number in numbers)
                and re.fullmatch(r"[0-9 ,;]+", typed)
            ):
                return list(dict.fromkeys(numbers))
            self.console.print(Text(f"Type numbers from 1 to {count}.", style="yellow"))


def _key(question: Question) -> tuple[str, str | None]:
    return question.planned.unit.id, question.planned.entry


def _entries(count: int) -> str:
    return "1 further entry" if count == 1 else f"{count} further entries"
