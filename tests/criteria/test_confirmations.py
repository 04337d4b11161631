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


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, by the security team",
        "Yes; the team is briefed.",
        "Yes\nthe team is briefed",
        "\u2612 yes (see annex C) \u2610 no",
        "Ja, seit 2024.",
        "yes (certified by ISO 27001)",
        "Oui, par l'\u00e9quipe.",
    ],
)
def test_a_remark_beside_the_yes_is_kept_and_takes_nothing_back(answer):
    assert level(answer) == ["note"]
    (kept,) = criteria.confirmation.given(entry_of("4-Conf", {FIELD: answer}), FIELD)
    assert "is given with a remark" in kept.message


@pytest.mark.parametrize(
    "answer",
    [
        "Yes, for the app only",
        "Yes, but nobody was told.",
        "Yes. The process has not been tried.",
        "Yes, except for spare parts",
        "Yes, it may be done by the supplier",
        "Ja, aber nur auf Anfrage",
        "Oui, sauf le week-end",
        "Yes - most of it",
        "Yes, manually",
    ],
)
def test_a_remark_that_may_take_some_of_it_back_is_for_a_person(answer):
    assert level(answer) in (["unknown"], ["violation"])
    assert level(answer) != ["note"]
