"""A confirmation is a yes without reserve (5.2-2-2 b and its like)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import entry_of

FIELD = "Confirmation of Vulnerability Monitoring"


def level(answer):
    return [
        finding.kind for finding in criteria.confirmation.given(entry_of("4-Conf", {FIELD: answer}), FIELD)
    ]


@pytest.mark.parametrize("answer", ["Yes", "yes.", "YES", "Yes,"])
def test_a_plain_yes_is_enough(answer):
    assert level(answer) == []


@pytest.mark.parametrize(
    "answer",
    [
        "", "No", "no.", "No, planned",
        "Yes, once the process is set up", "Yes, partly", "Yes, from Q3", "Yes, if asked",
    ],
)  # fmt: skip
def test_anything_but_a_yes_or_a_yes_with_reserve_is_a_violation(answer):
    assert level(answer) == ["violation"]


def test_a_yes_with_other_words_is_for_a_person():
    assert level("Yes, by the security team") == ["unknown"]
