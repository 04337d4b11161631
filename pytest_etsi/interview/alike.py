"""The same answer for several entries: offered where a unit comes again, or given for others at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.text import Text

from pytest_etsi.assessment.questions import Question
from pytest_etsi.interview.answering import counted
from pytest_etsi.profile import Judgement

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.assessment.agenda import Agenda, Asked
    from pytest_etsi.interview.answering import Answering, Given
    from pytest_etsi.interview.screen import Screen

__all__ = ["Alike"]

_REMARK = re.compile(r" \((?:As for|Answered together with) [^()]*\.\)$")


@dataclass
class Alike:
    """What was answered to a unit, for its other entries.

    Attributes:
        answering: where answers come from.
        given: the answers of the conversation.
        keep: records an answer.
        agenda: what is open; None: only what is asked at the moment.
        last: the judgement that was given last; None: none yet.
    """

    answering: Answering
    given: Mapping[tuple[str, str | None], Given]
    keep: Callable[[Given], None]
    agenda: Agenda | None = None
    last: Judgement | None = None

    def before(self, asked: Asked) -> Judgement | None:
        """The answer that was given last to the same unit for another entry; None: there is none."""
        if not isinstance(asked, Question) or asked.planned.entry is None:
            return None
        unit, entry = asked.planned.key
        found = [
            one
            for one in self.given.values()
            if isinstance(one, Judgement) and one.unit == unit and one.entry not in (None, entry)
        ]
        return found[-1] if found else None

    def made(self, judgement: Judgement, question: Question, remark: str) -> Judgement:
        """The same answer for another entry, bound to that one, with a remark that says so."""
        planned = question.planned
        return replace(
            judgement,
            entry=planned.entry,
            fingerprint=planned.fingerprint,
            rationale=f"{_REMARK.sub('', judgement.rationale)} {remark}",
            date=self.answering.day(),
        )

    def tell_of_others(self, answer: Given) -> None:
        """A changed mind does not change what was answered like it before; say so."""
        if not isinstance(answer, Judgement):
            return
        remarks = (f"(Answered together with {answer.entry}.)", f"(As for {answer.entry}.)")
        same = [
            str(one.entry)
            for one in self.given.values()
            if isinstance(one, Judgement)
            and one.unit == answer.unit
            and one.rationale.endswith(remarks)
            and one.verdict is not answer.verdict
        ]
        if same:
            self.answering.warn(f"Answered together with it before, and still {', '.join(same)}: as then.")

    def ask_for_others(self, screen: Screen) -> None:
        """Offer the answer that was given last for other entries; each is shown and confirmed on its own."""
        last, others = self.last, self._others()
        if last is None or not others:
            self.answering.warn("There is no answer that could be given for other entries.")
            return
        console = self.answering.console
        console.print(Text(f"{last.unit} is open for {counted(len(others), 'further entry')}:"))
        console.print(Text("\n".join(f"  {n}  {one.planned.entry}" for n, one in enumerate(others, 1))))
        chosen = self._chosen(len(others))
        for place, number in enumerate(chosen, start=1):
            one = others[number - 1]
            console.print(Text(f"{place} of {len(chosen)}: {last.unit} · {one.planned.entry}", style="bold"))
            console.print(*screen.others_answers(one), sep="\n")
            console.print(Text(f"{last.verdict}: {last.rationale}"))
            said = ""
            while said not in ("y", "n", "q", "s"):
                prompt = "Does that hold here as well? y, n, or q for no further ones > "
                said = self.answering.keyboard.key(prompt)
            if said == "q":
                return
            if said == "y":
                self.keep(self.made(last, one, f"(Answered together with {last.entry}.)"))

    def _others(self) -> list[Question]:
        """The questions of the same unit that are still open."""
        if self.agenda is None or self.last is None:
            return []
        return [
            one
            for one in self.agenda.asked
            if isinstance(one, Question)
            and one.planned.unit.id == self.last.unit
            and one.is_open
            and one.key not in self.given
        ]

    def _chosen(self, count: int) -> list[int]:
        while True:
            prompt = "For which? (numbers, a for all; empty: none) "
            typed = self.answering.keyboard.line(prompt).strip().lower()
            if not typed:
                return []
            if typed in ("a", "all"):
                return list(range(1, count + 1))
            numbers = _numbers(typed)
            if numbers and all(1 <= number <= count for number in numbers):
                return list(dict.fromkeys(numbers))
            self.answering.warn(f"Type numbers from 1 to {count}.")


def _numbers(typed: str) -> list[int]:
    """Numbers and ranges (``1 3-5``); none where it is something else."""
    found: list[int] = []
    for part in re.split(r"[ ,;]+", typed.strip(" ,;")):
        match = re.fullmatch(r"([0-9]{1,5})(?:-([0-9]{1,5}))?", part)
        if match is None:
            return []
        found.extend(range(int(match[1]), min(int(match[2] or match[1]), 99_999) + 1))
    return found
