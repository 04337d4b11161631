"""What several units ask of the same field is read once; and a text that nothing is wrong with is left as it is."""

from __future__ import annotations

import sys

from work import calls_within

from pytest_etsi.assessment import _text
from pytest_etsi.assessment.reading.sentences import sentences

FIELD = "The update is signed; min. 3072 bits.\nIt is checked before it is installed."


def test_the_sentences_of_a_field_are_told_apart_once() -> None:
    first = sentences(FIELD)

    with calls_within() as calls:
        again = sentences(FIELD)

    assert again == first
    assert first == ("The update is signed;", "min. 3072 bits.", "It is checked before it is installed.")
    assert "sentences" not in calls


def test_nothing_that_can_be_printed_is_unsafe() -> None:
    every = map(chr, range(sys.maxunicode + 1))

    assert [one for one in every if one.isprintable() and _text._UNSAFE.search(one)] == []
    assert _text.sentence("a\u202eb\x1b[0m") == "a\\x202eb\\x1b[0m"
