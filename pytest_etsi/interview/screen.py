"""What a person sees in the terminal: an entry and what is around it, each question, and what lies behind keys."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rich.text import Text

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.context import answers_of
from pytest_etsi.assessment.questions import EntryAsked
from pytest_etsi.interview.marks import marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_etsi.assessment.agenda import Asked, Visit
    from pytest_etsi.assessment.changes import Change
    from pytest_etsi.assessment.context import Context, IxitAnswer
    from pytest_etsi.assessment.questions import Question
    from pytest_etsi.profile import Entry

__all__ = ["Screen", "difference"]

_MOST_CHANGES = 12
_MOST_PASSAGES = 3
_MOST_RELATED = 8
_MOST_ENTRIES = 20
"""Entries of a table that are shown to a question about the table as a whole."""


@dataclass
class Screen:
    """Puts into words what is asked, by the documents of one device.

    Attributes:
        context: the documents.
        seen: provisions whose row of the ICS was shown whole already.
        shown: fields of entries beside those visited that were shown already.
    """

    context: Context
    seen: set[str] = field(default_factory=set)
    shown: set[tuple[str, str, str]] = field(default_factory=set)

    def visit(self, visit: Visit, heading: str) -> Iterator[Text]:
        """What is visited: the texts that its questions are about, and where the documents speak of it elsewhere."""
        entry = self._entry(visit)
        where = f"  {_file(str(entry.source()))}" if entry is not None else ""
        yield Text.assemble((f"\n{visit.name}", "bold reverse"), (f"  {heading}{where}", "dim"))
        if entry is not None:
            fields = None if visit.whole else visit.reads.get(visit.table, ())
            yield from (self._answer(one) for one in answers_of(entry, fields))
            yield from self._facts(entry)
        yield from self._other_tables(visit, entry)
        if entry is not None and visit.whole:
            yield from self._around(entry, visit)
        for one in visit.unsettled:
            unit, about = one.planned.key
            name = unit if about == visit.entry else f"{unit} {about or ''}".strip()
            reason = ". ".join(part.rstrip(". ") for part in (one.reason, one.settle) if part)
            yield self._found(f"{one.verdict}, whatever is judged: {name}: ", reason)

    def question(self, asked: Asked, visit: Visit, number: int) -> Iterator[Text]:
        """One question about what is visited."""
        count = f" ({number} of {len(visit.questions)})" if len(visit.questions) > 1 else ""
        if isinstance(asked, EntryAsked):
            yield Text.assemble(
                (f"\nIs it concerned?{count} ", "bold magenta"), (asked.asked.question.asks, "bold")
            )
            units = ", ".join(dict.fromkeys(one.unit.id for one in asked.waiting))
            yield Text(f"The documents do not tell. On it depend: {units}.", style="dim")
            if asked.findings:
                yield self._found("Where it is concerned: ", asked.findings)
        else:
            unit = asked.planned.unit
            yield Text.assemble((f"\n{unit.id}{count} ", "bold magenta"), (asked.asks, "bold"))
            yield self._basis(asked)
            if asked.refuted:
                yield self._found("Refuted by the program, whatever is judged: ", asked.refuted)
            if asked.seen:
                yield self._found("The run: ", asked.seen)
            elif asked.needs_device:
                yield Text("A run with the device shows more than is known here.", style="yellow")
            if asked.findings:
                yield self._found("To be considered: ", asked.findings)
            if asked.beside:
                yield Text(f"Open beside it, whatever is judged: {asked.beside}", style="yellow")
        yield from _earlier(asked)

    def more(self, asked: Asked, visit: Visit) -> Iterator[Text]:
        """What lies behind a key: purpose, sources, the whole row of the ICS, and everything around the entry."""
        if not isinstance(asked, EntryAsked):
            unit = asked.planned.unit
            yield Text(f"{unit.id}: {asked.title}", style="bold")
            yield Text(f"Purpose of the case: {asked.purpose}")
            yield Text(f"What a program can tell: {unit.how}")
            yield Text(asked.references)
            yield Text(f"ICS {asked.planned.group}: {asked.ics or 'no row'}")
            for one in asked.answers:
                yield self._answer(one, whole=True)
        entry = self._entry(visit)
        if entry is None:
            return
        for passage in self.context.passages(entry):
            yield Text.assemble((f"named in {passage.entry}: {passage.field}: ", "bold"), passage.text)
        for other in self.context.related(entry):
            yield Text(f"\n{other}  {_file(str(other.source()))}", style="bold")
            yield from (self._answer(one) for one in answers_of(other))
            yield from self._facts(other)

    def others_answers(self, question: Question) -> Iterator[Text]:
        """What the same question reads of another entry."""
        yield from (self._answer(one, whole=True) for one in question.answers[:_MOST_ENTRIES])
        if question.findings:
            yield self._found("To be considered: ", question.findings)
        if question.seen:
            yield self._found("The run: ", question.seen)

    def _found(self, label: str, findings: str) -> Text:
        """What the program has found, each thing on a line of its own, with the name of the file alone."""
        said = findings.replace(f"{self.context.profile.path.parent}/", "")
        lines = said.splitlines()
        text = lines[0] if len(lines) == 1 else "".join(f"\n- {line}" for line in lines)
        return Text.assemble((label, "bold yellow"), (text, "yellow"))

    def _entry(self, visit: Visit) -> Entry | None:
        if visit.entry is None:
            return None
        return self.context.profile.ixit.tables[visit.table].get(visit.entry)

    def _answer(self, answer: IxitAnswer, *, whole: bool = False) -> Text:
        name = answer.name if whole else answer.field
        shown = Text.assemble((f"{name}: ", "bold"))
        shown.append_text(marked(answer.text or "(nothing)", self.context.ids))
        if whole:
            shown.append(f"  {_file(answer.where)}", "dim")
        return shown

    def _facts(self, entry: Entry) -> Iterator[Text]:
        facts = self.context.facts(entry)
        if facts:
            yield Text(f"facts: {'; '.join(f'{name} {value}' for name, value in facts.items())}", style="dim")

    def _other_tables(self, visit: Visit, entry: Entry | None) -> Iterator[Text]:
        """What the questions read in other tables: of the entries that this one is related to, or of all."""
        related = {(one.table, one.id) for one in self.context.related(entry)} if entry is not None else set()
        for table_id, fields in visit.reads.items():
            if entry is not None and table_id == visit.table:
                continue
            table = self.context.profile.ixit.tables[table_id]
            shown = [one for one in table if table.single or entry is None or (one.table, one.id) in related]
            # What is visited itself is always there to be read; what lies beside it is read once.
            beside = visit.whole and table_id != visit.table
            again = [one for one in shown[:_MOST_ENTRIES] if beside and self._was_shown(one, fields)]
            for one in shown[:_MOST_ENTRIES]:
                if one not in again:
                    if str(one) != visit.name:
                        yield Text(str(one), style="underline")
                    yield from (self._answer(answer) for answer in answers_of(one, fields) if answer.text)
            if again:
                names = ", ".join(one.id or one.table for one in again)
                yield Text(f"shown before, and behind m: {names}", style="dim")
            if left := len(table) - min(len(shown), _MOST_ENTRIES):
                which = "that have nothing to do with it" if entry is not None else "more"
                yield Text(f"{table_id}: {left} {which}, behind m", style="dim")

    def _was_shown(self, entry: Entry, fields: Iterable[str]) -> bool:
        """Whether these fields of an entry have been shown already; from here on they have."""
        shown = {(entry.table, entry.id, name) for name in fields}
        before = shown <= self.shown
        self.shown |= shown
        return before

    def _around(self, entry: Entry, visit: Visit) -> Iterator[Text]:
        read = visit.reads
        related = [
            one for one in self.context.related(entry) if one.table not in read or one.table == entry.table
        ]
        if related:
            names = ", ".join(one.id for one in related[:_MOST_RELATED])
            more = f" and {len(related) - _MOST_RELATED} more" if len(related) > _MOST_RELATED else ""
            yield Text.assemble(("related: ", "bold"), (f"{names}{more}", "cyan"))
        for passage in self.context.passages(entry)[:_MOST_PASSAGES]:
            yield Text.assemble((f"named in {passage.entry.id}: ", "bold"), passage.text)
        asked = {one.key for one in visit.questions}
        for judgement in self.context.judged(entry):
            if judgement.key not in asked:
                said = sentence(judgement.rationale)
                yield Text(f"judged: {judgement.unit} {judgement.verdict}: {_cut(said, 80)}", style="dim")

    def _basis(self, question: Question) -> Text:
        """The row of the ICS, whole where it comes for the first time, and which fields the unit reads."""
        group, unit = question.planned.group, question.planned.unit
        row = question.ics or "no row"
        if group in self.seen:
            row = row.partition(":")[0]
        self.seen.add(group)
        own = unit.reads.get(unit.iterates or "", ())
        reads = f" · reads {', '.join(own)}" if own else ""
        return Text(f"ICS {group} {row}{reads}", style="dim")


def _earlier(asked: Asked) -> Iterator[Text]:
    """The answer that is recorded; where it does not count any more, why, and what is different."""
    earlier = asked.earlier
    if earlier is None:
        return
    given = getattr(earlier, "verdict", None) or getattr(earlier, "answer", "")
    said = f"{given} by {sentence(earlier.assessor)} ({earlier.date}): {sentence(earlier.rationale)}"
    if not asked.stale_because:
        yield Text(f"Judged before: {said}", style="yellow")
        return
    yield Text(f"Judged before, but {asked.stale_because}. k: it still holds.", style="yellow")
    yield Text(said)
    if asked.changed is None:
        yield Text("What it was about is not on record, so that the change cannot be shown.", style="dim")
        return
    for change in asked.changed[:_MOST_CHANGES]:
        where = f"  ({_file(change.where)})" if change.where else ""
        yield Text(f"changed: {change.name}{where}", style="underline")
        yield difference(change)
    if len(asked.changed) > _MOST_CHANGES:
        more = len(asked.changed) - _MOST_CHANGES
        yield Text(f"and {more} more changes; --list --json shows all", style="dim")


def _file(where: str) -> str:
    """File and line without the directories that lead there."""
    return where.rpartition("/")[2]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rpartition(' ')[0]} ..."


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
