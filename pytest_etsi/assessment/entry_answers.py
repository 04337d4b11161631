"""What a person has answered on entries whose documents do not tell whether units concern them; whether it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment._text import sentence
from pytest_etsi.assessment.judgement import expired, is_about, written_entries
from pytest_etsi.profile.entry_questions import EntryQuestion, entry_question
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.profile.judged_file import digest_of
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.profile import EntryAnswer, Profile

__all__ = ["AnswerState", "about_entry", "answer_state"]


@dataclass(frozen=True, slots=True)
class AnswerState:
    """What is recorded on one question about one entry.

    Attributes:
        question: what is asked.
        table: id of the table in the profile's edition.
        entry: ID of the entry.
        status: valid; stale: the entry has changed since, or evidence has expired; missing: nothing is recorded.
        answer: the one that is recorded; None when missing.
        fingerprint: what an answer made now has to carry.
    """

    question: EntryQuestion
    table: str
    entry: str
    status: Literal["valid", "stale", "missing"]
    answer: EntryAnswer | None
    fingerprint: str

    @property
    def id(self) -> str:
        """Its name in the documents, "15-Intf/accessible"."""
        return f"{self.table}/{self.question.name}"

    @property
    def key(self) -> tuple[str, str | None]:
        """Under which an answer is kept."""
        return self.id, self.entry

    @property
    def reason(self) -> str:
        """Who answered what, and why; or why it does not count."""
        if self.answer is None:
            return "nobody has answered it"
        given = self.answer
        by = f"{sentence(given.assessor)} ({given.date})"
        if self.status == "stale":
            return (
                f"the answer by {by} is about an earlier state of the documents, or its evidence has expired"
            )
        return f"{self.question.asks} {given.answer}, judged by {by}: {sentence(given.rationale)}"


def about_entry(
    profile: Profile, question: EntryQuestion, entry: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What an answer is about, as builtins, in two parts; see `judgement.about_parts`."""
    table = profile.ixit.table(question.table)
    written = written_entries(profile)
    reads = {
        other.id: [written[one.table, one.id] for one in other]
        for other in map(profile.ixit.table, question.reads)
    }
    about = {
        "format": 2,
        "edition": profile.edition,
        "question": question.id_in(edition(profile.edition)),
        "entries": [written[table.id, entry]],
        "reads": digest_of(reads),
    }
    return about, reads


def answer_state(profile: Profile, table: str, entry: str, name: str) -> AnswerState:
    """What is recorded on a question.

    Args:
        profile: the device's documents.
        table: id of the table.
        entry: ID of one of its entries.
        name: of the question.
    """
    question = entry_question(argument_name(table), name)
    fingerprint = digest_of(about_entry(profile, question, entry)[0])
    given = _recorded(profile).get((f"{table}/{name}", entry))
    if given is None:
        return AnswerState(question, table, entry, "missing", None, fingerprint)
    fresh = is_about(given, fingerprint) and not expired(given)
    return AnswerState(question, table, entry, "valid" if fresh else "stale", given, fingerprint)


@lru_cache(maxsize=8)
def _recorded(profile: Profile) -> Mapping[tuple[str, str], EntryAnswer]:
    return {(one.question, one.entry): one for one in profile.answers}
