"""Words that are offered while a reason is written, and the keys that take them."""

from __future__ import annotations

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from pytest_etsi.interview.words import Draft, Source, Words, learnt
from pytest_etsi.interview.writing import write_line

LOCK = "The lock of five attempts keeps guessing off, as the test report shows."
WORDS = Words((learnt([LOCK]), Source(), Source(), learnt(["An ECDSA signature on P-256 over SHA-256."])))
DOWN, RIGHT, END = "\x1b[B", "\x1b[C", "\x1b[F"


def written(keys: str, words: Words = WORDS) -> str:
    with create_pipe_input() as typed:
        typed.send_text(f"{keys}\r")
        return write_line("Why? ", words, source=typed, shown=DummyOutput())


def test_nothing_is_offered_on_an_empty_line_so_that_no_reason_comes_by_a_key() -> None:
    assert WORDS.offered("") == WORDS.offered("  ") == ()
    assert written("\t\t" + RIGHT + "x") == "x"


@pytest.mark.parametrize(
    ("line", "first"),
    [
        ("The l", "ock of five attempts keeps guessing off,"),
        ("The lock", " of five attempts keeps guessing off,"),
        ("the lock of five attempts keeps guessing off, as", " the test report shows."),
        ("It uses EC", "DSA"),
        ("It is sound. t", "he"),
    ],
)
def test_what_followed_the_last_words_is_offered_to_the_end_of_the_clause(line: str, first: str) -> None:
    assert WORDS.offered(line)[0] == first


def test_nothing_is_offered_that_nobody_has_written() -> None:
    assert WORDS.offered("Zz") == ()


def test_tab_takes_a_word_and_the_arrow_the_clause() -> None:
    assert written("The l\t").rstrip() == "The lock"
    assert written("The l\t\t").rstrip() == "The lock of"
    assert written("The l" + RIGHT).rstrip() == "The lock of five attempts keeps guessing off,"
    assert written("The l" + END).rstrip() == "The lock of five attempts keeps guessing off,"


def test_the_space_behind_a_word_that_was_taken_gives_way_to_a_sign() -> None:
    assert written("The l\t.") == "The lock."
    assert written("The l\t is").rstrip() == "The lock is"
    assert written("The l\tis").rstrip() == "The lock is"


def test_another_way_is_shown_by_the_down_arrow() -> None:
    both = Words(
        (learnt(["The lock holds.", "The lock holds.", "The log is read."]), Source(), Source(), Source())
    )

    assert written("The lo\t", both).rstrip() == "The lock"
    assert written("The lo" + DOWN + "\t", both).rstrip() == "The log"


def test_a_draft_says_what_the_terminal_does() -> None:
    draft = Draft(WORDS)
    for char in "The l":
        draft.type(char)
    draft.take(draft.offered()[0])
    assert (draft.text, draft.spaced) == ("The lock ", True)
    draft.type(" ")
    assert (draft.text, draft.spaced) == ("The lock ", False)


def test_reasons_for_the_same_unit_count_more_than_others() -> None:
    words = Words((learnt(["The key is wiped."]), learnt(["The keyboard is red."] * 2), Source(), Source()))

    assert words.offered("The ke")[0] == "y is wiped."
