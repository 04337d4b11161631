"""Answers as manufacturers write them, in ten languages and more: nothing truthful is refuted, and what was found is shown.

The half that is held out was written before the rules and is not looked at while they are tuned. What is found of the
contradictions has a floor, a little below what docs/verdicts.md states, so that a rule may change one answer.
"""

from __future__ import annotations

from collections import Counter

import pytest
from answer_corpus import HALVES, PARTS, Answer, Measured, answers, measured

CORPUS = {part: answers(part) for part in PARTS}
FLOORS = {"tuned": (0.95, 0.95), "held_out": (0.78, 0.95)}
"""Least share of contradictions that are refuted, and of doubts that are shown, from prose alone."""
EVERY = [answer for part in PARTS for answer in CORPUS[part]]


@pytest.fixture(scope="module")
def results() -> dict[Answer, Measured]:
    """What has been measured in this module, by answer."""
    return {}


def _result(answer: Answer, results: dict[Answer, Measured]) -> Measured:
    if answer not in results:
        results[answer] = measured(answer)
    return results[answer]


def test_the_corpus_is_large_and_mixed() -> None:
    rights = Counter(answer.right for answer in EVERY)
    languages = {answer.lang for answer in EVERY}

    assert len(CORPUS["tuned"]) + len(CORPUS["held_out"]) >= 120
    assert len(CORPUS["held_out"]) >= 0.9 * len(CORPUS["tuned"])
    assert min(rights["refuted"], rights["nothing"]) >= 60
    assert rights["doubt"] >= 12
    assert len(languages) >= 9
    assert all(answer.why and (answer.units or answer.right == "nothing") for answer in EVERY)


@pytest.mark.parametrize("answer", [answer for answer in EVERY if answer.right != "refuted"], ids=str)
def test_no_answer_is_refuted_that_contradicts_nothing(
    answer: Answer, results: dict[Answer, Measured]
) -> None:
    result = _result(answer, results)

    assert not result.false_fail, (answer.why, result.reasons)


@pytest.mark.parametrize("half", HALVES)
def test_contradictions_are_found_from_prose_alone(half: str, results: dict[Answer, Measured]) -> None:
    of_half = [_result(one, results) for one in CORPUS[half] if one.right == "refuted"]
    found = sum(one.found for one in of_half)

    assert found >= FLOORS[half][0] * len(of_half), [str(one.answer) for one in of_half if not one.found]


@pytest.mark.parametrize("half", HALVES)
def test_doubt_is_shown_to_the_assessor(half: str, results: dict[Answer, Measured]) -> None:
    of_half = [_result(one, results) for one in CORPUS[half] if one.right == "doubt"]
    shown = sum(one.doubt_shown for one in of_half)

    assert shown >= FLOORS[half][1] * len(of_half), [
        str(one.answer) for one in of_half if not one.doubt_shown
    ]
