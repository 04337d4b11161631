"""Names in sentences: near ones, and several in a row."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.text import abridged, did_you_mean, listed, near

FLAWS = ("lockout-off", "lockout-per-connection", "shared-key", "telnet-open")


@pytest.mark.parametrize(
    ("names", "sentence"),
    [((), ""), (("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")],
)
def test_names_stand_in_a_row_as_a_sentence_has_them(names: tuple[str, ...], sentence: str) -> None:
    assert listed(iter(names)) == sentence


def test_another_word_may_stand_before_the_last() -> None:
    assert listed(["a", "b", "c"], last="or") == "a, b or c"


@pytest.mark.parametrize(
    ("most", "sentence"), [(1, "a and 2 more"), (2, "a, b and 1 more"), (3, "a, b, c"), (4, "a, b, c")]
)
def test_of_many_names_the_first_stand_there_and_the_number_of_the_others(most: int, sentence: str) -> None:
    assert abridged(["a", "b", "c"], most) == sentence


@pytest.mark.parametrize("written", ["lockout-of", "LOCKOUT-OFF", "lockoutoff"])
def test_the_nearest_name_is_found(written: str) -> None:
    assert near(written, FLAWS) == ["lockout-off"]


def test_several_near_names_come_the_nearest_first() -> None:
    assert near("lockout-per-conection", FLAWS, most=2)[0] == "lockout-per-connection"
    assert near("lockout", ["telnet", "lockouts", "lock-out"], most=3) == ["lockouts", "lock-out"]


def test_nothing_is_near_what_looks_like_none() -> None:
    assert near("update", FLAWS) == []
    assert did_you_mean("update", FLAWS) == ""


def test_a_name_is_not_near_itself() -> None:
    assert near("shared-key", ["shared-key", "Shared-Key"]) == ["Shared-Key"]


def test_names_that_differ_in_case_only_are_all_found() -> None:
    assert near("abc", ["ABC", "Abc"], most=2) == ["ABC", "Abc"]
    assert near("abc", ["ABC", "Abc"]) == ["ABC"]


def test_case_counts_where_the_caller_says_so() -> None:
    assert near("AUTH", ["auth", "AUTO"], fold=False) == ["AUTO"]


def test_how_alike_names_have_to_be_is_for_the_caller_to_say() -> None:
    # difflib: two of four characters in common are a ratio of 0.5
    assert near("abcd", ["abxy"], cutoff=0.5) == ["abxy"]
    assert near("abcd", ["abxy"], cutoff=0.6) == []


def test_a_name_of_absurd_length_is_not_compared() -> None:
    assert near("a" * 101, ["a" * 100]) == []
    assert near("a" * 100, ["a" * 99]) == ["a" * 99]


def test_the_question_names_what_may_have_been_meant() -> None:
    assert did_you_mean("shared_key", FLAWS) == 'did you mean "shared-key"?'
    assert (
        did_you_mean("lockout", ["lockouts", "lock-out"], most=2) == 'did you mean "lockouts" or "lock-out"?'
    )


@given(st.text(max_size=30), st.lists(st.text(max_size=30), max_size=8), st.integers(1, 4))
def test_what_is_near_is_known_and_named_once(name: str, known: list[str], most: int) -> None:
    found = near(name, known, most=most)

    assert len(found) == len(set(found)) <= most
    assert set(found) <= set(known) - {name}
