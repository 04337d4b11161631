"""What is decided on the corpus: never falsely sure, the tuned half as it should be, the held-out half within the bars."""

from __future__ import annotations

import pytest

from tests.published.corpus_decisions import Decision, decisions, summary
from tests.published.corpus_files import BLIND, PARTS

MOST_FALSE_FAIL = 0.05
MOST_LEFT_OPEN = 0.1
LEAST_RIGHT = 0.65
"""What is out of the ordinary goes to a person: the price of no false PASS."""


@pytest.fixture(scope="module")
def made() -> list[Decision]:
    return list(decisions())


def test_the_tuned_half_is_decided_as_it_should_be(made: list[Decision]) -> None:
    half = [one for one in made if one.sample.part == "tuned"]
    wrong = {
        (one.sample.id, one.question): (one.ours, one.right)
        for one in half
        if one.ours not in {one.right, "open"}
    }

    assert wrong == {}
    assert sum(one.ours == "open" != one.right for one in half) <= MOST_LEFT_OPEN * len(half)


@pytest.mark.parametrize("part", PARTS)
def test_nothing_passes_that_should_not_and_hardly_anything_fails_that_should_not(
    made: list[Decision], part: str
) -> None:
    half = [one for one in made if one.sample.part == part]
    counted = summary(half)["ours"]

    assert len(half) > 30
    assert counted["false PASS"] == 0
    assert counted["false FAIL"] <= MOST_FALSE_FAIL * len(half)
    assert counted["right"] > LEAST_RIGHT * len(half)


@pytest.mark.parametrize("part", BLIND)
def test_of_a_blind_author_nothing_is_falsely_decided_but_what_is_marked(
    made: list[Decision], part: str
) -> None:
    wrong = {
        (one.sample.id, one.question): one.ours
        for one in made
        if one.sample.part == part and one.ours not in {one.right, "open"}
    }
    marked = {
        (one.sample.id, one.question): one.sample.content.get("known_wrong", {}).get(one.question)
        for one in made
        if one.sample.part == part
    }

    assert {key: said for key, said in wrong.items() if marked[key] != said} == {}


def test_a_person_is_shown_the_telling_passage_first(made: list[Decision]) -> None:
    wrong = {
        one.sample.id: one.first
        for one in made
        if one.right == one.ours == "open" and one.sample.first.casefold() not in one.first.casefold()
    }

    assert wrong == {}


def test_a_search_for_words_is_falsely_sure(made: list[Decision]) -> None:
    """The corpus is one on which that shows."""
    counted = summary(made)["words"]

    assert counted["false PASS"] > 10
    assert counted["false FAIL"] > 10
