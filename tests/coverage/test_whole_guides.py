"""A manual or a notice that says of itself that it may not hold covers nothing by program, wherever it says so."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from published_texts import (
    Case,
    cases,
    concluded,
    findings_of,
    found_in,
    ixit,
    product_of,
    read_text,
    written_in,
)
from yaml_text import loaded

from pytest_etsi.assessment.coverage.itself import of_itself

LIMITS = loaded(Path(__file__).with_name("limits.yaml").read_text(encoding="utf-8"))
FOREIGN = loaded(Path(__file__).with_name("foreign.yaml").read_text(encoding="utf-8"))
MISSED = LIMITS["sv"][2]
"""It has a word that is taken for a purpose."""
DECIDED = {"5.11-3-1/b", "5.12-2-1/b", "6-1-2/b", "6-5-2/b"}


@cache
def passing(language: str) -> Case:
    """The first text of a language that covers an entry by program."""
    return next(
        one
        for one in cases()
        if one.unit in DECIDED
        and one.file.stem.startswith(f"{language}_")
        and "media" not in written_in(one.file)
        and found_in(one).decision == "PASS"
    )


def base(language: str) -> str:
    """The first text of a language that is Markdown."""
    files = [one.file for one in cases() if one.file.stem.startswith(f"{language}_")]
    return next(written_in(one)["text"] for one in files if "media" not in written_in(one)).rstrip()


@pytest.mark.parametrize("language", LIMITS)
@pytest.mark.parametrize("subject", ["data", "guidance"])
def test_what_a_text_says_of_itself_is_told(language: str, subject: str) -> None:
    for sentence in LIMITS[language]:
        text = read_text(f"{sentence}\n\n{base(language)}\n")
        told = [said for _, said in of_itself(text, subject)]

        assert sentence in told or sentence == MISSED


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(
    "language", [one for one in LIMITS if one not in {"fr", "sv"}]
)  # in these none is Markdown
def test_what_takes_the_whole_text_back_goes_to_a_person(language: str, before: bool) -> None:
    case = passing(language)
    whole = written_in(case.file)["text"].rstrip()
    for sentence in LIMITS[language]:
        text = read_text(f"{sentence}\n\n{whole}\n" if before else f"{whole}\n\n{sentence}\n")
        found = findings_of(case.unit, case.about, ixit(case.file), text, product_of(case.file))

        assert concluded(found).decision == "person", sentence


@pytest.mark.parametrize("kind", FOREIGN)
def test_what_is_said_in_a_language_that_is_not_known_goes_to_a_person(kind: str) -> None:
    case = passing("en")
    text = read_text(f"{written_in(case.file)['text'].rstrip()}\n\n{FOREIGN[kind]}\n")
    found = findings_of(case.unit, case.about, ixit(case.file), text, product_of(case.file))

    assert concluded(found).decision == "person"
