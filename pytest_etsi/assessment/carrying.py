"""Judgements in the next edition: carried over where unit, question and judged fields are the same, stale otherwise.

A judgement is bound to what was judged by its fingerprint. Where the later edition asks the same, of the same words,
it gets the fingerprint that these have now. Where not, it keeps what it was made on, told with the later edition's
names, in the file beside the judgements: it is stale, and `pytest-etsi assess` shows what is different.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.entry_answers import about_entry, answer_state
from pytest_etsi.assessment.judgement import about_parts, base_of, fingerprint, is_about
from pytest_etsi.profile.entry_questions import questions_of
from pytest_etsi.profile.judged_file import JudgedFile, digest_of, judged_file
from pytest_etsi.profile.judgement_file import judgement_text
from pytest_etsi.profile.migration import Left
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pytest_etsi.profile import EntryAnswer, Judgement, Profile
    from pytest_etsi.standard import Unit
    from pytest_etsi.standard.crosswalk import Crosswalk, UnitRow

__all__ = ["Carried", "carried"]

Line = tuple[str, "Left | None"]


@dataclass
class Carried:
    """The judgements of the new profile.

    Attributes:
        lines: of their document, below its head, with what is left to do.
        contents: what the stale ones were made on, by digest, for the file beside it.
        kept: how many stand as they are.
        stale: how many have to be made again.
        without_place: how many are about something of which nothing came.
    """

    lines: list[Line] = field(default_factory=list)
    contents: dict[str, Any] = field(default_factory=dict)
    kept: int = 0
    stale: int = 0
    without_place: int = 0


def carried(
    old: Profile,
    new: Profile,
    walk: Crosswalk,
    folder: Path,
    taken: Iterable[tuple[str, str | None]] = (),
    *,
    whole: bool = False,
) -> Carried:
    """Carry every judgement and answer of a profile over.

    Args:
        old: the profile in the earlier edition.
        new: its documents in the later one.
        walk: from the earlier edition to the later one.
        folder: in which the new judgements are going to stand; files are named from there.
        taken: unit and entry of those that somebody has written anew.
        whole: nothing is kept as a comment: what is written anew answers all that is asked.
    """
    return _Carrying(old, new, walk, folder, set(taken), whole=whole).done()


class _Carrying:
    def __init__(
        self,
        old: Profile,
        new: Profile,
        walk: Crosswalk,
        folder: Path,
        taken: set[tuple[str, str | None]],
        *,
        whole: bool,
    ) -> None:
        self.whole = whole
        self.old, self.new, self.walk, self.folder = old, new, walk, folder
        self.taken = taken
        self.made = Carried()
        self.before: dict[Path, JudgedFile] = {}
        self.later = edition(new.edition)

    def done(self) -> Carried:
        for judgement in self.old.judgements:
            rows = self.walk.became(judgement.unit)
            places = [(row, entry) for row in rows for entry in self._entry(row, judgement.entry)]
            if not places:
                self._without_place(
                    judgement, "nothing came of the unit" if not rows else "nothing came of what it is about"
                )
            for row, entry in places:
                self._judgement(judgement, row, entry)
        for answer in self.old.answers:
            self._answer(answer)
        return self.made

    def _entry(self, row: UnitRow, entry: str | None) -> list[str | None]:
        """The entry of the later unit; none where it has another subject."""
        unit = self.later.unit(row.new)
        if unit.iterates is None:
            return [None]
        table = self.new.ixit.tables[unit.iterates]
        if table.single:
            return [entry]
        return [entry] if entry is not None and table.get(entry) is not None else []

    # Judgements ---------------------------------------------------------------------------------------------

    def _judgement(self, judgement: Judgement, row: UnitRow, entry: str | None) -> None:
        if (row.new, entry) in self.taken:
            return
        before, after = edition(self.old.edition).unit(row.old), self.later.unit(row.new)
        asked = fingerprint(self.old, before, judgement.entry)
        fresh = is_about(judgement, asked)
        name = f"judgement {row.new}" + (f" {entry}" if entry else "")
        self.taken.add((row.new, entry))
        mark = judgement.fingerprint.partition("-")[2] if judgement.fingerprint else ""
        if fresh and row.same and self._same(before, after, judgement.entry, entry):
            now = fingerprint(self.new, after, entry)
            made = replace(judgement, unit=row.new, entry=entry, fingerprint=f"{now}-{mark}" if mark else now)
            self._write(made, None, [])
            self.made.kept += 1
            return
        if self.whole and not row.same:
            return
        if fresh:
            about, reads = about_parts(self.old, before, judgement.entry)
            told = self._told(about, reads, before.iterates)
            remark = (
                f"# Was {row.old} in edition {self.old.edition}, with fingerprint {judgement.fingerprint}"
            )
        else:
            told = judgement.fingerprint or ""
            self._keep_old(judgement)
            remark = f"# Was {row.old} in edition {self.old.edition}, and stale there."
        why = (
            "was stale before"
            if not fresh
            else "what it is about has changed"
            if row.same
            else "another thing is asked"
        )
        left = Left("judge-again", name, f"{why}: {after.does}")
        self._write(replace(judgement, unit=row.new, entry=entry, fingerprint=told), left, [remark])
        self.made.stale += 1

    def _same(self, before: Unit, after: Unit, then: str | None, entry: str | None) -> bool:
        """Whether the judged fields say the same, and every fact that was claimed is claimed still."""
        old, new = about_parts(self.old, before, then), about_parts(self.new, after, entry)
        table = after.iterates
        if table is not None:
            fields = after.reads.get(table, ("*",))
            one = [self._entry_told(before.iterates or "", item) for item in old[0].get("entries", [])]
            other = list(new[0].get("entries", []))
            if len(one) != len(other) or not all(
                _covers(then_, now, fields) for then_, now in zip(one, other, strict=True)
            ):
                return False
        if old[0].get("software") != new[0].get("software") or old[0].get("ics") != new[0].get("ics"):
            return False
        return self._reads_told(old[1]) == new[1]

    # With the later edition's names -------------------------------------------------------------------------

    def _told(self, about: dict[str, Any], reads: dict[str, Any], table: str | None) -> str:
        """Keep what was judged, told with the later edition's names, and its digest.

        It keeps the id of the unit and the edition that it was judged in, so that it never counts for another one.
        """
        reads = self._reads_told(reads)
        about = about | {"reads": digest_of(reads)}
        if "entries" in about:
            about["entries"] = [self._entry_told(table or "", one) for one in about["entries"]]
        digest = digest_of(about)
        self.made.contents |= {digest: about, str(about["reads"]): reads}
        return digest

    def _reads_told(self, reads: Mapping[str, Any]) -> dict[str, Any]:
        return {
            self.later.renamed_tables.get(table, table): [self._entry_told(table, one) for one in entries]
            for table, entries in reads.items()
        }

    def _entry_told(self, table: str, entry: Mapping[str, Any]) -> dict[str, Any]:
        names = self.later.renamed_fields.get(table, {})
        return {names.get(key, key): value for key, value in entry.items()}

    def _keep_old(self, judgement: Judgement | EntryAnswer) -> None:
        """Of one that was stale before, what it was made on where that is on record."""
        path = self.old.path.parent / judgement.source.file
        for candidate in {path, self.old.path.parent / "judgements.yaml"}:
            kept = self.before.setdefault(candidate, JudgedFile(judged_file(candidate)))
            content = kept.get(base_of(judgement.fingerprint)) if judgement.fingerprint else None
            if isinstance(content, dict):
                self.made.contents[digest_of(content)] = content
                reads = kept.get(str(content.get("reads", "")))
                if reads is not None:
                    self.made.contents[digest_of(reads)] = reads
                return

    # Answers on entries -------------------------------------------------------------------------------------

    def _answer(self, answer: EntryAnswer) -> None:
        table, _, question = answer.question.rpartition("/")
        renamed = f"{self.later.renamed_tables.get(table, table)}/{question}"
        known = questions_of(self.later).get(renamed)
        entry = self.new.ixit.table(known.table).get(answer.entry) if known is not None else None
        if known is None or entry is None or answer.answer not in known.answers:
            self._without_place(answer, "the question, or what it is asked of, is not there any more")
            return
        state = answer_state(self.old, table, answer.entry, question)
        before, reads = about_entry(self.old, state.question, answer.entry)
        after, reads_now = about_entry(self.new, known, answer.entry)
        same = (
            state.status == "valid"
            and [self._entry_told(table, one) for one in before["entries"]] == after["entries"]
            and self._reads_told(reads) == reads_now
        )
        name = f"answer {renamed} {answer.entry}"
        if same:
            self._write(replace(answer, question=renamed, fingerprint=digest_of(after)), None, [])
            self.made.kept += 1
            return
        told = self._told(before, reads, table) if state.status == "valid" else answer.fingerprint
        left = Left("judge-again", name, f"what it is about has changed: {known.asks}")
        remark = f"# Was {answer.question} in edition {self.old.edition}."
        self._write(replace(answer, question=renamed, fingerprint=told), left, [remark])
        self.made.stale += 1

    # Writing ------------------------------------------------------------------------------------------------

    def _write(self, made: Judgement | EntryAnswer, left: Left | None, remarks: list[str]) -> None:
        self.made.lines += [(one, None) for one in remarks]
        lines = judgement_text(made, self.folder).rstrip("\n").split("\n")
        self.made.lines += [(line, left if number == 0 else None) for number, line in enumerate(lines)]

    def _without_place(self, made: Judgement | EntryAnswer, why: str) -> None:
        if self.whole:
            return
        what = f"judgement {made.unit}" if hasattr(made, "unit") else f"answer {made.question}"
        left = Left("judgement-without-place", " ".join(filter(None, (what, made.entry))), why)
        lines = judgement_text(made, self.folder).rstrip("\n").split("\n")
        self.made.lines += [
            (f"# {line}".rstrip(), left if number == 0 else None) for number, line in enumerate(lines)
        ]
        self.made.without_place += 1


def _covers(then: Mapping[str, Any], now: Mapping[str, Any], fields: tuple[str, ...]) -> bool:
    """Whether an entry says in these fields what it said, and claims every fact that it claimed."""
    names = set(then) | set(now) if "*" in fields else {"ID", *fields}
    if any((then.get(name) or "") != (now.get(name) or "") for name in names - {"facts"}):
        return False
    return _within(then.get("facts") or {}, now.get("facts") or {})


def _within(then: object, now: object) -> bool:
    if isinstance(then, dict) and isinstance(now, dict):
        return all(key in now and _within(value, now[key]) for key, value in then.items())
    return then == now
