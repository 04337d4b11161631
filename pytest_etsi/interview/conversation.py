"""Asking a competent person what is open in a terminal, entry by entry; each answer is kept at once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from rich.text import Text

from pytest_etsi.assessment.agenda import visit_of
from pytest_etsi.assessment.questions import EntryAsked, Question
from pytest_etsi.interview.alike import Alike
from pytest_etsi.interview.answering import Answering, CancelledError, counted, said_of
from pytest_etsi.interview.pace import Pace
from pytest_etsi.interview.screen import Screen
from pytest_etsi.interview.wording import Wording
from pytest_etsi.profile import EntryAnswer, Judgement, Source
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    import datetime
    from collections.abc import Callable, Iterable, Sequence

    from rich.console import Console

    from pytest_etsi.assessment.agenda import Agenda, Asked, Visit
    from pytest_etsi.assessment.context import Context
    from pytest_etsi.interview.answering import Given
    from pytest_etsi.interview.keys import Keyboard

__all__ = ["Interview", "Step"]

Step = Literal["next", "back", "quit"]

_VERDICTS = {"p": Verdict.PASS, "f": Verdict.FAIL, "n": Verdict.NOT_APPLICABLE, "i": Verdict.INCONCLUSIVE}
_HELP = "p PASS · f FAIL · n not applicable · i inconclusive · s skip · b back · m more · ? all keys · q quit"
_LONG_HELP = """\
p f n i  the answer: PASS, FAIL, not applicable, inconclusive; then its reason on one line
=        the same answer for the same reason as for the entry that is shown with it
k        where it was judged before: the same answer still holds, for the same reason
o        the answer given last for other entries too, each shown and confirmed
e        first say what the answer rests on: a certificate or report of someone else, files
t m      in the pager: the text again; more (purpose, sources, the entries around it)
s x b    leave the question open; leave the whole entry; back to the question before
q        leave; everything answered is saved, and the next call goes on
.        at any line: throw this answer away and choose again
In a reason, words are offered in grey: Tab takes the next one, the right arrow all; the down arrow shows others."""
_NOWHERE = Source("", 0, 0, "file")
_PAGED = 1.5
"""Screens from which a text is shown in the pager."""
_LEAVES = frozenset({"q", "quit", "exit"})
"""What nobody is called who is asked for a name."""


@dataclass
class Interview:
    """A conversation over what is open.

    Attributes:
        keyboard: where the answers come from; EOFError or KeyboardInterrupt ends the conversation.
        keep: records an answer; called after each.
        assessor: who answers; "": is asked once.
        today: date of the judgements; None: the day on which they are given.
        given: the answers of this conversation, by what they answer.
        pace: how long answers take.
    """

    console: Console
    keyboard: Keyboard
    keep: Callable[[Given], None]
    assessor: str = ""
    today: datetime.date | None = None
    given: dict[tuple[str, str | None], Given] = field(default_factory=dict)
    pace: Pace = field(default_factory=Pace)

    def __post_init__(self) -> None:
        self._answering = Answering(self.console, self.keyboard, self.today)
        self._screen: Screen | None = None
        self._helped = False
        self._wording = Wording()
        self._alike = Alike(self._answering, self.given, self._keep)

    # Through the entries

    def run(self, agenda: Agenda) -> None:
        """Go through what is open until the last question, or until the person leaves."""
        self._alike.agenda = agenda
        visits = list(agenda.visits())
        count = sum(len(visit.questions) for visit in visits)
        try:
            self._introduce()
            about = f" about {len(visits)} entries and tables" if agenda.order == "entry" else ""
            self.console.print(f"{counted(count, 'question')}{about}.")
            self._walk(agenda, visits)
        except (EOFError, KeyboardInterrupt):
            self.console.print()
        asked = [one.key for visit in visits for one in visit.questions]
        answered = len(self.given)
        left = sum(key not in self.given for key in asked)
        more = "; the next call goes on with them" if left and answered else ""
        self.console.print(f"{answered} answered and saved, {left} left{more}.")
        if unsettled := len(agenda.inquiry.unsettled):
            self.console.print(f"{unsettled} that no judgement settles: --list says what would.")

    def _walk(self, agenda: Agenda, visits: list[Visit]) -> None:
        place = number = 0
        forward, shown = True, -1
        while place < len(visits):
            visit = visits[place]
            if number >= len(visit.questions):
                place, number = place + 1, 0
                continue
            asked = visit.questions[number]
            if forward and asked.key in self.given:
                number += 1  # answered together with another one
                continue
            if shown != place:
                if shown >= 0:
                    self.console.clear()
                self._show_visit(visit, agenda.context, self._heading(visits, place))
                shown = place
            before = self.given.get(asked.key)
            step = self._ask(asked, visit, number, agenda.context)
            if step == "quit":
                return
            forward = step != "back"
            if step == "back":
                place, number = (place, number - 1) if number else self._end_of_one_before(visits, place)
            elif step == "leave":
                place, number = place + 1, 0
            else:
                answer = self.given.get(asked.key)
                if isinstance(answer, EntryAnswer) and answer is not before:
                    visits[place] = self._told(agenda, visit, number, answer)
                number += 1

    def _end_of_one_before(self, visits: Sequence[Visit], place: int) -> tuple[int, int]:
        return (place - 1, len(visits[place - 1].questions) - 1) if place else (0, 0)

    def _told(self, agenda: Agenda, visit: Visit, number: int, answer: EntryAnswer) -> Visit:
        """The visit after a question about the entry was answered: other units concern it now, or none."""
        done = visit.questions[: number + 1]
        keys = {one.key for one in done}
        after = agenda.after(answer, visit)
        rest = tuple(one for one in after.questions if one.key not in keys)
        known = {one.planned.key for one in visit.unsettled}
        changed = replace(after, questions=(*done, *rest))
        for one in after.unsettled:
            if one.planned.key not in known:
                self.console.print(Text(f"{one.verdict}: {one.planned.unit.id}: {one.reason}", style="red"))
        if len(rest) != len(visit.questions) - number - 1:
            self.console.print(
                Text(f"{counted(len(rest), 'more question')} about the entry now.", style="dim")
            )
        return changed

    def _heading(self, visits: Sequence[Visit], place: int) -> str:
        left = sum(one.key not in self.given for visit in visits[place:] for one in visit.questions)
        parts = [f"{place + 1} of {len(visits)}", counted(len(visits[place].questions), "question")]
        time = self.pace.left(left)
        return " · ".join([*parts, f"{left} left" + (f", {time}" if time else "")])

    # One question

    def one(self, question: Question, context: Context, number: int, total: int) -> Step:
        """Ask one question for itself, as a run does; what is answered is in `given`.

        Args:
            question: what is asked.
            context: the documents that it is about.
            number: which one it is.
            total: of how many.
        """
        self._introduce()
        visit = visit_of(question)
        self._show_visit(visit, context, f"Question {number} of {total}")
        step = self._ask(question, visit, 0, context)
        return "next" if step == "leave" else step

    def _introduce(self) -> None:
        while not self.assessor.strip():
            said = self.keyboard.line("Who assesses (name, laboratory; q: quit)? ")
            if said.strip().lower() in _LEAVES:
                raise EOFError
            self.assessor = said

    def _show_visit(self, visit: Visit, context: Context, heading: str) -> None:
        if self._screen is None or self._screen.context is not context:
            self._screen = Screen(context)
        self.pace.begin()
        self._print(list(self._screen.visit(visit, heading)))

    def _ask(
        self, asked: Asked, visit: Visit, number: int, context: Context
    ) -> Literal["next", "back", "leave", "quit"]:
        """Show a question and take keys until it is answered or left."""
        self._wording.about(context.profile)
        self._answering.words = self._wording.words(asked)
        screen = self._screen or Screen(context)
        self.console.print(*screen.question(asked, visit, number + 1), sep="\n")
        mine = self.given.get(asked.key)
        if mine is not None:
            self.console.print(Text(f"Answered: {said_of(mine)}", style="green"))
        alike = self._alike.before(asked)
        if alike is not None:
            reason = alike.rationale if len(alike.rationale) <= 90 else f"{alike.rationale[:90]}..."
            rests = f" [rests on {alike.external}]" if alike.external else ""
            self.console.print(Text(f"= {alike.verdict} as for {alike.entry}: {reason}{rests}", style="dim"))
        choices = _choices(asked)
        while True:
            key = self.keyboard.key(self._prompt(asked, choices))
            if key in ("?", "h"):
                self.console.print(Text(_LONG_HELP))
            elif key == "q":
                return "quit"
            elif key == "b":
                return "back"
            elif key == "s":
                return "next"
            elif key == "x":
                return "leave"
            elif key == "t":
                self._page([*screen.visit(visit, ""), *screen.question(asked, visit, number + 1)])
            elif key == "m":
                self._page(list(screen.more(asked, visit)))
            elif key == "e":
                self._answering.ask_for_support()
            elif key == "o":
                self._alike.ask_for_others(screen)
            elif self._answered(asked, key, choices, alike):
                self.pace.answered()
                return "next"

    def _answered(
        self, asked: Asked, key: str, choices: dict[str, Verdict | str], alike: Judgement | None
    ) -> bool:
        """Take an answer, where the key gives one."""
        if key == "k":
            return self._kept(asked)
        if key == "=" and alike is not None and isinstance(asked, Question):
            self._keep(self._alike.made(alike, asked, f"(As for {alike.entry}.)"))
            return True
        if key not in choices:
            if key:
                self._answering.warn(f"{key} means nothing here; ? shows all keys.")
            return False
        try:
            answer = self._made(asked, choices[key], self._answering.reason())
        except CancelledError:
            return False
        self._keep(answer)
        self._alike.last = answer if isinstance(answer, Judgement) else self._alike.last
        self._alike.tell_of_others(answer)
        return True

    def _prompt(self, asked: Asked, choices: dict[str, Verdict | str]) -> str:
        if isinstance(asked, EntryAsked):
            return f"{' · '.join(f'{key} {answer}' for key, answer in choices.items())} · s b t m e ? q > "
        helped, self._helped = self._helped, True
        return "p f n i · s b t m e ? q > " if helped else f"{_HELP}\n> "

    def _made(self, asked: Asked, choice: Verdict | str, reason: str) -> Given:
        """The answer with its reason and what it rests on."""
        support = self._answering.taken_support()
        said: dict[str, Any] = {
            "assessor": " ".join(self.assessor.split()),
            "date": self._answering.day(),
            "rationale": reason,
            "basis": "external-evidence" if support.external else "own-examination",
            "evidence": support.files,
            "source": _NOWHERE,
            "external": support.external,
        }
        if isinstance(asked, EntryAsked):
            state = asked.asked
            return EntryAnswer(state.id, state.entry, str(choice), fingerprint=state.fingerprint, **said)
        unit, entry = asked.planned.key
        return Judgement(unit, entry, Verdict(choice), fingerprint=asked.planned.fingerprint, **said)

    def _keep(self, answer: Given) -> None:
        self.keep(answer)
        self.given[answer.key] = answer
        self._wording.given(answer)

    def _kept(self, asked: Asked) -> bool:
        """Give an earlier answer anew, for the same reason, after what has changed was seen."""
        earlier = asked.earlier
        if earlier is None or not asked.stale_because or self._answering.has_expired(earlier.external):
            self._answering.warn("There is no earlier answer that could still hold.")
            return False
        fingerprint = asked.asked.fingerprint if isinstance(asked, EntryAsked) else asked.planned.fingerprint
        by = " ".join(self.assessor.split())
        self._keep(replace(earlier, assessor=by, date=self._answering.day(), fingerprint=fingerprint))
        self.console.print(f"Still {said_of(earlier)}")
        return True

    # The terminal

    def _print(self, parts: Sequence[Text]) -> None:
        """Show a text; one that is much longer than the screen in the pager."""
        lines = sum(len(part.wrap(self.console, self.console.width)) for part in parts)
        if lines > self.console.height * _PAGED:
            self._page(parts)
        else:
            self.console.print(*parts, sep="\n")

    def _page(self, parts: Iterable[Text]) -> None:
        if not self.console.is_terminal:
            self.console.print(*parts, sep="\n")
            return
        os.environ.setdefault("LESS", "-R")  # colours as colours
        with self.console.pager(styles=True):
            self.console.print(*parts, sep="\n")


def _choices(asked: Asked) -> dict[str, Verdict | str]:
    """What the keys mean as an answer."""
    if isinstance(asked, Question):
        return dict(_VERDICTS)
    answers = asked.asked.question.answers
    if answers == ("yes", "no"):
        return {"y": "yes", "n": "no"}
    return {str(number): answer for number, answer in enumerate(answers, start=1)}
