"""What is an answer: what came after a stimulus, would not have come without it, and is more than its echo."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.serial.recognise import shapes

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.serial.console import Console
    from pytest_etsi.probes.serial.stimuli import Stimulus

__all__ = ["Baseline", "Exchange", "ask"]

_MOST_SHAPES = 5000
_STEP_S = 0.05
_MOST_TEXT = 64 * 1024
_QUIET, _AT_MOST = 2, 6
"""Times that an answer may take, for which it has to be quiet before it shows what comes unasked; and is waited for."""
_PROMPTED = re.compile(r"(\S{0,40}[#$>%:])\s*(.*)")


@dataclass(slots=True)
class Baseline:
    """What a console says unasked: the shapes of its lines, and prompts that it draws anew by itself.

    Attributes:
        lines: shapes of lines.
        talks: whether it has said anything at all.
        talks_on: whether it goes on saying things while nothing is sent.
        typed: words that were typed, whose echo may come late.
    """

    lines: set[str] = field(default_factory=set)
    talks: bool = False
    talks_on: bool = False
    typed: dict[str, None] = field(default_factory=dict)

    def add(self, text: str) -> None:
        """Take over what came unasked."""
        if text.strip() and len(self.lines) < _MOST_SHAPES:
            self.lines |= shapes(text)
            self.talks = True

    def without(self, text: str) -> str:
        """The lines of a text that are not known from it, also behind a prompt that is drawn anew."""
        lines = text.split("\n")
        known = {line for line in set(lines) if self._knows(line)}
        return "\n".join(line for line in lines if line not in known)

    def news(self, text: str) -> str:
        """What of a text may be an answer: on a quiet console all of it, on one that talks on what is not known.

        What is cut off at either end is known when a known line begins or ends so.
        """
        if not self.talks_on:
            return text
        first, _, rest = text.partition("\n")
        if self._knows_a_part(first, str.endswith):
            text = rest
        head, _, last = text.rpartition("\n")
        if last and self._knows_a_part(last, str.startswith):
            text = head
        return self.without(text)

    def is_typed(self, line: str) -> bool:
        """Whether a line holds nothing but words that were typed, such as an echo that comes late.

        It may be read while it comes: the end of the first word then, or the beginning of the last.
        """
        for word in sorted(self.typed, key=len, reverse=True):
            line = line.replace(word, "\0")
        first, *others = (part.strip() for part in line.split("\0"))
        if not others:
            return not first or any(word.startswith(first) or word.endswith(first) for word in self.typed)
        *between, last = others
        return (
            not any(between)
            and any(word.endswith(first) for word in self.typed)
            and any(word.startswith(last) for word in self.typed)
        )

    def _knows_a_part(self, line: str, fits: Callable[[str, str], bool]) -> bool:
        return all(any(fits(known, shape) for known in self.lines) for shape in shapes(line))

    def _knows(self, line: str) -> bool:
        for shape in shapes(line):
            if shape in self.lines:
                return True
            match = _PROMPTED.match(shape)
            if match and match[1] in self.lines:
                return not match[2] or match[2] in self.lines
            return False
        return True


@dataclass(frozen=True, slots=True)
class Exchange:
    """A stimulus and what came of it.

    Attributes:
        raw: all that came, as text.
        answer: what of it is an answer; empty: nothing.
        echo: what was typed came back.
        waited_s: seconds.
        unasked: what came when nothing had been sent for a while; it is no answer.
    """

    raw: str
    answer: str
    echo: bool
    waited_s: float
    unasked: str = ""


def ask(
    console: Console,
    stimulus: Stimulus,
    baseline: Baseline,
    *,
    answer_s: float,
    until: str = "",
    pace_s: float | None = None,
) -> Exchange:
    """Send something and listen.

    On a console that talks by itself an answer has to come twice, and not while nothing is sent.

    Args:
        console: the console.
        stimulus: what is sent.
        baseline: what it says unasked.
        answer_s: seconds that an answer may take.
        until: text that ends the waiting; empty: quiet after an answer does.
        pace_s: seconds between characters; None: the line's.
    """
    seen = _once(console, stimulus, baseline, answer_s, until, pace_s)
    if not seen.answer or not baseline.talks or until:
        return seen
    # What is still being answered of what was sent before comes late, and not unasked.
    console.quiet(_QUIET * answer_s, _AT_MOST * answer_s)
    mark = console.mark()
    console.read_for(answer_s)
    control = console.text(mark, limit=_MOST_TEXT)
    if control.strip():
        # What comes while nothing is sent is no answer.
        baseline.talks_on = True
        baseline.add(control)
    again = _once(console, stimulus, baseline, answer_s, until, pace_s)
    both = shapes(baseline.news(seen.answer)) & shapes(again.answer)
    answer = "\n".join(line for line in again.answer.split("\n") if shapes(line) & both)
    return Exchange(seen.raw + again.raw, answer, seen.echo, seen.waited_s + again.waited_s, control)


def _once(
    console: Console,
    stimulus: Stimulus,
    baseline: Baseline,
    answer_s: float,
    until: str,
    pace_s: float | None,
) -> Exchange:
    mark, deadline = console.mark(), Deadline(answer_s)
    if stimulus.data:
        console.send(stimulus.data, pace_s=pace_s)
        deadline = Deadline(answer_s)
    else:
        console.send_break()
        deadline = Deadline(answer_s)
    while not deadline.expired:
        heard = console.log.wait(console.log.end, min(_STEP_S, deadline.left()))
        text = console.text(mark, limit=_MOST_TEXT)
        if until and until in text:
            break
        if not until and not heard and text.strip() and _rest(text, stimulus, baseline)[0]:
            break
    text = console.text(mark, limit=_MOST_TEXT)
    answer, echo = _rest(text, stimulus, baseline)
    return Exchange(text, answer, echo, deadline.elapsed)


def _rest(text: str, stimulus: Stimulus, baseline: Baseline) -> tuple[str, bool]:
    """What is left of a text without echo and baseline, and whether there was an echo."""
    typed = stimulus.data.decode("latin-1").strip("\r\n")
    if typed and typed.isprintable():
        baseline.typed.setdefault(typed)
    echo = False
    lines = []
    for line in text.split("\n"):
        if typed in baseline.typed and typed in line:
            echo = True
            line = line.replace(typed, "", 1)
        elif line.strip() and baseline.is_typed(line):
            echo = True
            line = ""
        lines.append(line)
    rest = "\n".join(lines)
    if not typed.isprintable() or not typed:
        # Control characters may come back as they are, or written out.
        name = {"\x03": "^C", "\x04": "^D", "\x1b": "^["}.get(typed, "")
        if name:
            baseline.typed.setdefault(name)
        if name and name in rest:
            echo, rest = True, rest.replace(name, "")
    blank = not rest.strip()
    echo = echo or (blank and bool(text))
    return ("" if blank else baseline.news(rest).strip("\n"), echo)
