"""Asking a competent person the open questions in a terminal, one after the other; each answer is kept at once."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from pytest_etsi.profile import Judgement, Source
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import RenderableType

    from pytest_etsi.assessment.questions import Question

__all__ = ["Interview", "screen"]

_VERDICTS = {"p": Verdict.PASS, "f": Verdict.FAIL, "n": Verdict.NOT_APPLICABLE, "i": Verdict.INCONCLUSIVE}
_HELP = "p PASS · f FAIL · n not applicable · i cannot conclude · s skip · b back · q quit"
_LEAST = 10
"""Fewest characters of a rationale: less is no reason that a second laboratory could follow."""


def screen(question: Question, number: int, total: int) -> RenderableType:
    """Everything about a question: the unit, what the documents say, what the program found, and where it stands."""
    planned = question.planned
    entry = f" · {planned.entry}" if planned.entry else ""
    parts: list[RenderableType] = [
        Text(f"Question {number} of {total} · {planned.unit.id}{entry}", style="bold"),
        Text(question.title),
        Text(""),
        Text(question.asks),
        Text(f"Purpose of the case: {question.purpose}", style="dim"),
        Text(question.references, style="dim"),
        Text(""),
    ]
    for answer in question.answers:
        parts.append(Text(f"{answer.name}  ({answer.where})", style="underline"))
        parts.append(Padding(Text(answer.text or "(nothing)"), (0, 0, 1, 2)))
    if question.needs_device:
        parts.append(Text("A run with the device shows more than is known here.", style="yellow"))
    if question.findings:
        parts.append(Text(f"To be considered: {question.findings}", style="yellow"))
    if question.state == "stale":
        parts.append(
            Text("The recorded judgement is about an earlier state of the documents.", style="yellow")
        )
    return Group(*parts)


@dataclass
class Interview:
    """A conversation over open questions.

    Attributes:
        ask: shows a prompt and gives what was typed; EOFError or KeyboardInterrupt ends the conversation.
        keep: records a judgement; called after each answer.
        assessor: who answers; "": is asked once.
        today: date of the judgements.
        answered: how many questions were answered.
    """

    console: Console
    ask: Callable[[str], str]
    keep: Callable[[Judgement], None]
    assessor: str = ""
    today: datetime.date | None = None
    answered: int = 0

    def run(self, questions: Sequence[Question]) -> None:
        """Go through the questions until the last one, or until the person leaves."""
        try:
            while not self.assessor.strip():
                self.assessor = self.ask("Who assesses (name, laboratory)? ")
            place = 0
            while 0 <= place < len(questions):
                self.console.clear()
                self.console.print(screen(questions[place], place + 1, len(questions)))
                step = self._one(questions[place])
                if step == "quit":
                    break
                place = max(0, place - 1) if step == "back" else place + 1
        except (EOFError, KeyboardInterrupt):
            self.console.print()
        self.console.print(f"{self.answered} answered, {len(questions) - self.answered} left.")

    def _one(self, question: Question) -> Literal["next", "back", "quit"]:
        while True:
            key = self.ask(f"{_HELP}\n> ").strip().lower()[:1]
            if key == "q":
                return "quit"
            if key == "b":
                return "back"
            if key == "s":
                return "next"
            if key in _VERDICTS:
                self._record(question, _VERDICTS[key])
                return "next"
            self.console.print(Text("Type one of the letters.", style="yellow"))

    def _record(self, question: Question, verdict: Verdict) -> None:
        rationale = ""
        while len(" ".join(rationale.split())) < _LEAST:
            rationale = self.ask("Why? (a sentence that a second laboratory can follow)\n> ")
        evidence = self._evidence()
        planned = question.planned
        self.keep(
            Judgement(
                unit=planned.unit.id,
                entry=planned.entry,
                verdict=verdict,
                assessor=" ".join(self.assessor.split()),
                date=self.today or datetime.datetime.now(tz=datetime.UTC).date(),
                rationale=rationale,
                basis="external-evidence" if evidence else "own-examination",
                evidence=evidence,
                fingerprint=planned.fingerprint,
                source=Source("", 0, 0, "file"),
            )
        )
        self.answered += 1

    def _evidence(self) -> tuple[Path, ...]:
        """Files that support the answer, until an empty line; one that is not there is asked for again."""
        files: list[Path] = []
        while True:
            typed = self.ask("Evidence of someone else (a file; empty: none, or no more)\n> ").strip()
            if not typed:
                return tuple(files)
            path = Path(typed).expanduser()
            if path.is_file():
                files.append(path.absolute())
            else:
                self.console.print(Text(f"no such file: {typed}", style="yellow"))
