"""Answers that were prepared elsewhere: bound to the documents as they are, and refused where they have no effect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.entry_answers import answer_state
from pytest_etsi.assessment.judgement import base_of
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.questions import inquire
from pytest_etsi.profile import EntryAnswer, Judgement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_etsi.assessment.planned import Plan
    from pytest_etsi.assessment.suite import UnitFunction
    from pytest_etsi.profile import Profile

__all__ = ["bind"]


def bind(
    answers: Sequence[Judgement | EntryAnswer],
    profile: Profile,
    functions: Mapping[str, Sequence[UnitFunction]],
) -> tuple[list[Judgement | EntryAnswer], list[str]]:
    """The answers with the fingerprints of what they are about, and what does not fit, with file and line.

    Answers on entries count first: a judgement may be about a unit that concerns its entry by one of them.

    Args:
        answers: as they were read; one without fingerprint is bound to the documents as they are.
        profile: the device's documents.
        functions: the suite's functions by unit id.
    """
    bound: list[Judgement | EntryAnswer] = []
    problems: list[str] = []
    for one in answers:
        if isinstance(one, EntryAnswer):
            table, _, name = one.question.partition("/")
            fingerprint = answer_state(profile, table, one.entry, name).fingerprint
            _take(one, fingerprint, "", bound, problems)
    given = {one.key: one for one in (*profile.answers, *bound) if isinstance(one, EntryAnswer)}
    after = replace(profile, answers=tuple(given.values()))
    plan = make_plan(after, functions)
    judgements = [one for one in answers if isinstance(one, Judgement)]
    useless = dict(_without_effect(after, plan, {one.key for one in judgements}))
    for one in judgements:
        planned = plan.get(*one.key)
        if planned is None or not planned.fingerprint:
            _take(one, "", "nothing is to be judged here", bound, problems)
        else:
            _take(one, planned.fingerprint, useless.get(one.key, ""), bound, problems)
    return bound, problems


def _take(
    answer: Judgement | EntryAnswer,
    fingerprint: str,
    problem: str,
    bound: list[Judgement | EntryAnswer],
    problems: list[str],
) -> None:
    if not problem and answer.fingerprint and not fingerprint.startswith(base_of(answer.fingerprint)):
        problem = f"what it was about has changed since; expected {fingerprint}"
    if problem:
        name = " ".join(part for part in answer.key if part)
        problems.append(f"{answer.source.file}:{answer.source.line}: {name}: {problem}")
    else:
        bound.append(replace(answer, fingerprint=fingerprint))


def _without_effect(
    profile: Profile, plan: Plan, keys: set[tuple[str, str | None]]
) -> Iterator[tuple[tuple[str, str | None], str]]:
    """The evaluations among `keys` that no judgement changes, each with why."""
    inquiry = inquire(profile, plan, wanted=lambda planned: planned.key in keys)
    for left in inquiry.unsettled:
        settle = f" {left.settle}" if left.settle else ""
        yield left.planned.key, f"a judgement changes nothing: {left.reason}{settle}"
    for asked in inquiry.entries:
        for planned in asked.waiting:
            yield planned.key, f"{asked.asked.id} has to be answered first: {asked.asked.question.asks}"
