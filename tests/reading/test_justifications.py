"""Justifications of an ICS: those that say nothing, that only deny, and that only say the provision again."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.reading.justifications import _alike, denies, only_restates, without_content

TITLE = "Software updates are verified and installed securely"


@pytest.mark.parametrize(
    ("text", "supports"),
    [
        ("", {"Y", "N", "N/A"}),
        ("tbd", {"Y", "N", "N/A"}),
        ("Yes.", {"Y"}),
        ("It is implemented.", {"Y"}),
        ("Not applicable.", {"Y", "N", "N/A"}),
        ("This is not applicable to the device", {"N/A"}),
        ("Applicable.", set()),
        ("Not.", set()),
        ("It is signed.", set()),
    ],
)
def test_an_answer_said_again_is_no_justification(text, supports):
    assert {support for support in ("Y", "N", "N/A") if without_content(text, support)} == supports


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Not implemented.", True),
        ("It isn't done.", True),
        ("Unsupported.", True),
        # Of two negations one may undo the other.
        ("It is not missing, not at all implemented.", False),
        ("Not implemented, never not done.", False),
        ("Implemented.", False),
        ("Not implemented, because it has no network.", False),
        ("Planned for later.", True),
        ("It will be implemented in the next release.", True),
        ("Planned updates are announced.", False),
        ("", False),
    ],
)
def test_a_text_denies_where_it_says_nothing_besides(text, denied):
    assert denies(text) is denied


@pytest.mark.parametrize(("fillers", "denied"), [(12, True), (13, False)])
def test_what_has_more_than_fourteen_words_may_say_more(fillers, denied):
    assert denies("not done" + " it" * fillers) is denied


@pytest.mark.parametrize(
    ("text", "restates"),
    [
        ("Software updates are not verified.", True),
        ("An update is not verified and not installed.", True),
        ("Not implemented.", True),
        # A reason, a figure, or no denial.
        ("Updates are not verified for lack of memory.", False),
        ("Updates are not verified in 2024.", False),
        ("Software updates are verified.", False),
        ("Not.", False),
        ("", False),
    ],
)
def test_the_title_denied_is_no_reason(text, restates):
    assert only_restates(text, TITLE) is restates


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("update", "updates", True),
        ("updated", "update", True),
        ("verify", "verified", True),
        ("install", "inspect", False),
        # Five letters more are a form, six another word.
        ("valid", "validation", True),
        ("valid", "validations", False),
        ("port", "portability", False),
    ],
)
def test_words_are_alike_that_are_forms_of_one(one, other, alike):
    assert _alike(one, other) is alike
    assert _alike(other, one) is alike
