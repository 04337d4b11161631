"""What a person sees of a question in the terminal: the unit, the documents, what the program found, what changed."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.text import Text

from pytest_etsi.assessment._text import sentence

if TYPE_CHECKING:
    from rich.console import RenderableType

    from pytest_etsi.assessment.changes import Change
    from pytest_etsi.assessment.questions import Question

__all__ = ["difference", "observed_of", "screen"]

_MOST_CHANGES = 12
_MANY_ANSWERS = 4
"""More answers than these may push the question itself off the screen, so that it is repeated below them."""


def screen(question: Question, number: int, total: int) -> RenderableType:
    """Everything about a question, `number` of `total`."""
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
        *observed_of(question),
        Text(f"{planned.unit.id}{entry}: {question.asks}" if len(question.answers) > _MANY_ANSWERS else ""),
    ]
    return Group(*parts)


def observed_of(question: Question) -> list[RenderableType]:
    """What the documents say, field by field; what the program has found; and what was judged before."""
    parts: list[RenderableType] = []
    for answer in question.answers:
        parts.append(Text(f"{answer.name}  ({answer.where})", style="underline"))
        parts.append(Padding(Text(answer.text or "(nothing)"), (0, 0, 1, 2)))
    if question.refuted:
        parts.append(
            Text(f"Refuted by the program, whatever is judged: {question.refuted}", style="bold red")
        )
    if question.needs_device:
        parts.append(Text("A run with the device shows more than is known here.", style="yellow"))
    if question.findings:
        parts.append(Text(f"To be considered: {question.findings}", style="yellow"))
    if question.earlier is not None:
        parts += _earlier(question)
    return parts


def _earlier(question: Question) -> list[RenderableType]:
    """The judgement that is recorded; where it does not count any more, why, and what is different."""
    earlier = question.earlier
    assert earlier is not None  # noqa: S101 - the caller saw to it
    said = (
        f"{earlier.verdict} by {sentence(earlier.assessor)} ({earlier.date}): {sentence(earlier.rationale)}"
    )
    if not question.stale_because:
        return [Text("Judged before:", style="yellow"), Padding(Text(said), (0, 0, 1, 2))]
    parts: list[RenderableType] = [
        Text(f"Judged before, but {question.stale_because}.", style="yellow"),
        Padding(Text(said), (0, 0, 1, 2)),
    ]
    if question.changed is None:
        parts.append(
            Text("What it was about is not on record, so that the change cannot be shown.", style="dim")
        )
        return parts
    for change in question.changed[:_MOST_CHANGES]:
        where = f"  ({change.where})" if change.where else ""
        parts.append(Text(f"changed: {change.name}{where}", style="underline"))
        parts.append(Padding(difference(change), (0, 0, 1, 2)))
    if len(question.changed) > _MOST_CHANGES:
        more = len(question.changed) - _MOST_CHANGES
        parts.append(Text(f"and {more} more changes; --list --json shows all", style="dim"))
    return parts


def difference(change: Change) -> Text:
    """Then and now in one text: words that are gone as ``[-...-]``, words that are new as ``{+...+}``."""
    if change.before is None:
        return Text(f"{{+{change.after or ''}+}}", style="green")
    if change.after is None:
        return Text(f"[-{change.before}-]", style="red")
    old, new = (re.findall(r"\S+\s*", text) for text in (change.before, change.after))
    shown = Text()
    for kind, first, last, start, end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        gone, come = "".join(old[first:last]).rstrip(), "".join(new[start:end]).rstrip()
        if kind == "equal":
            shown.append(_shortened(gone) + " ")
            continue
        if gone:
            shown.append(f"[-{gone}-] ", style="red")
        if come:
            shown.append(f"{{+{come}+}} ", style="green")
    shown.rstrip()
    return shown


def _shortened(text: str) -> str:
    """Unchanged words, of a long passage only its ends."""
    words = text.split()
    return text if len(words) <= 24 else " ".join((*words[:10], "...", *words[-10:]))
