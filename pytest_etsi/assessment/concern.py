"""Whether an entry is concerned: what its documents tell, and, where they do not, what a person has answered.

A scope is put together from conditions (`asked`, `known`, `both`, `either`, `unless`). What the documents tell counts;
a person is asked only for what they leave open, and only where it still makes a difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.reading.logic import any_of, every, negated
from pytest_etsi.profile.entry_questions import entry_question
from pytest_etsi.profile.facts import argument_name
from pytest_etsi.profile.unread import listening

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_etsi.profile import Entry, Ixit, Profile
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.unit import Condition, Scope

    # Each is about the entries of one table; the catalogue says which that is for the unit that takes the scope.
    Claim = Callable[[Any], bool | None]
    ClaimAcross = Callable[[Any, Ixit], bool | None]

__all__ = [
    "CONCERNED",
    "Concern",
    "asked",
    "both",
    "concern_of",
    "either",
    "known",
    "known_across",
    "settles_concern",
    "unless",
]


@dataclass(frozen=True, slots=True)
class Concern:
    """Whether a unit concerns an entry.

    Attributes:
        applies: None: neither the documents nor a person's answers tell.
        reason: "in scope: pre-installed passwords".
        open: names of the questions that would have to be answered.
        told_by: where a person's answers tell it, who answered what and why; empty: the documents do.
        unread: what leaves it open because it could not be understood; and what it rests on that is only drafted.
    """

    applies: bool | None
    reason: str
    open: tuple[str, ...] = ()
    told_by: str = ""
    unread: tuple[Unread, ...] = ()


_OPEN = "open whether concerned"
CONCERNED = Concern(True, "every entry is concerned")


def concern_of(profile: Profile, scope: Scope, entry: Entry) -> Concern:
    """Whether a scope takes in an entry, by the documents and what a person has answered on it."""
    told: dict[Unread, None] = {}
    with listening(lambda one: told.setdefault(one)):
        concern = _concern_of(profile, scope, entry)
    if not told:
        return concern
    heard = [one for one in told if not one.drafted]
    if drafts := tuple(one for one in told if one.drafted):
        concern = replace(concern, unread=drafts)
        if concern.applies is False and not concern.told_by:
            # What is drafted may refute where it takes an entry in, and does not show that one is not concerned.
            concern = replace(concern, applies=None, reason=f"{_OPEN}: {scope.text}")
    # Whatever an answer that is not understood may be, the others decide; and a wrong reference is one too.
    decides = all(one.kind == "answer" or (one.wrong and one.part == str(entry)) for one in heard)
    if not heard or concern.told_by or (concern.applies is not None and decides):
        return concern
    return replace(concern, applies=None, reason=f"{_OPEN}: {scope.text}", unread=tuple(told))


def _concern_of(profile: Profile, scope: Scope, entry: Entry) -> Concern:
    condition, ixit = scope.condition, profile.ixit
    by_documents = scope.concerns(entry, ixit)
    if by_documents is not None:
        return Concern(by_documents, f"{'in' if by_documents else 'not in'} scope: {scope.text}")
    states = [answer_state(profile, entry.table, entry.id, name) for name in condition.names]
    answers = {
        state.question.name: state.answer.answer
        for state in states
        if state.answer is not None and state.status == "valid"
    }
    applies = scope.concerns(entry, ixit, answers)
    if applies is None:
        stale = "".join(f"; {state.reason}" for state in states if state.status == "stale")
        still_open = condition.open(entry, ixit, answers)
        return Concern(None, f"{_OPEN}: {scope.text}{stale}", still_open)
    by = "; ".join(state.reason for state in states if state.status == "valid")
    return Concern(applies, f"{'in' if applies else 'not in'} scope: {scope.text}", told_by=by)


def settles_concern(table: str, names: Sequence[str]) -> str:
    """What tells whether an entry is concerned, where nothing does yet; one sentence.

    Args:
        table: id of the entry's table.
        names: of the questions that are open; none: no person can be asked.
    """
    if not names:
        return "State what tells, in the ICS or in the entry."
    questions = [entry_question(argument_name(table), name) for name in names]
    asks = " and ".join(f"{table}/{one.name}" for one in questions)
    facts = " and ".join(one.facts for one in questions)
    return f"State {facts} in the entry, or let a person answer {asks}: pytest-etsi assess asks for it."


@dataclass(frozen=True, slots=True)
class _Told:
    """What the documents tell, or else the answer to a question."""

    claim: ClaimAcross
    name: str = ""
    wanted: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,) if self.name else ()

    def holds(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> bool | None:
        told = self.claim(entry, ixit)
        if told is None and self.name in answers:
            return answers[self.name] in self.wanted
        return told

    def open(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> tuple[str, ...]:
        return self.names if self.holds(entry, ixit, answers) is None else ()


@dataclass(frozen=True, slots=True)
class _Together:
    """Several conditions as one."""

    parts: tuple[Condition, ...]
    combine: Callable[..., bool | None]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names))

    def holds(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> bool | None:
        return self.combine(*(part.holds(entry, ixit, answers) for part in self.parts))

    def open(self, entry: Entry, ixit: Ixit, answers: Mapping[str, str]) -> tuple[str, ...]:
        if self.holds(entry, ixit, answers) is not None:
            return ()
        return tuple(dict.fromkeys(name for part in self.parts for name in part.open(entry, ixit, answers)))


def asked(
    table: str, name: str, claim: Claim | None = None, *wanted: str, across: ClaimAcross | None = None
) -> Condition:
    """What a claim tells, or a person's answer where it does not.

    Args:
        table: argument name of the table that the question is about.
        name: of the question.
        claim: what the entry tells.
        wanted: answers that mean that it holds; none: "yes".
        across: what the entry and the other tables tell, in place of `claim`.

    Raises:
        KeyError: there is no such question.
        ValueError: one of the answers is none of the question's.
    """
    question = entry_question(table, name)
    taken = wanted or ("yes",)
    if not set(taken) <= set(question.answers):
        raise ValueError(f"{table}/{name} has no answer {' or '.join(taken)}")
    return _Told(across or _of(claim), name, taken)


def known(claim: Claim) -> Condition:
    """What a claim tells that no person can be asked: the entry has to say it."""
    return _Told(_of(claim))


def known_across(claim: ClaimAcross) -> Condition:
    """What the references between the tables tell."""
    return _Told(claim)


def both(*parts: Condition) -> Condition:
    """All of them."""
    return _Together(parts, every)


def either(*parts: Condition) -> Condition:
    """At least one of them."""
    return _Together(parts, any_of)


def unless(part: Condition) -> Condition:
    """Not that one."""
    return _Together((part,), negated)


def _of(claim: Claim | None) -> ClaimAcross:
    if claim is None:
        raise ValueError("a claim is missing")
    return lambda entry, ixit: claim(entry)  # noqa: ARG005 - the other tables do not matter
