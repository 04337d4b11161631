"""Facts that say that there is none: `[]` and 0 are statements, and no fields that were left out."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_etsi.assessment.brute_force._declared import described
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import not_guaranteed
from pytest_etsi.profile.facts import AuthMechFacts, BruteForceFacts, SecParamFacts, UpdMechFacts


class Entry(dict[str, str]):
    """An entry as far as a reader needs it."""

    def __init__(self, facts: Any, **fields: str) -> None:
        super().__init__({name.replace("_", " "): text for name, text in fields.items()})
        self.facts = facts

    def source(self, field: str | None = None) -> str:
        return f"ixit.yaml:{len(field or '')}"


@pytest.mark.parametrize(
    ("factors", "password"),
    [({}, None), ({"factors": []}, False), ({"factors": ["pin"]}, None), ({"factors": ["password"]}, True)],
)
def test_a_mechanism_that_states_no_factor_presents_no_password(factors: Any, password: bool | None) -> None:
    assert claims.password(Entry(AuthMechFacts(**factors))) is password  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "text", "notifies"),
    [
        ({}, "", None),
        ({"notifies_on": []}, "", False),
        ({"notifies_on": []}, "The app shows a notice.", None),
        ({"notifies_on": ["app"]}, "", True),
    ],
)
def test_an_update_that_states_no_notice_gives_none(facts: Any, text: str, notifies: bool | None) -> None:
    entry = Entry(UpdMechFacts(**facts), User_Notification=text)

    assert claims.notifies(entry) is notifies  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "missing"),
    [({}, 0), ({"guarantees": []}, 2), ({"guarantees": ["integrity"]}, 1)],
)
def test_no_guarantee_stated_lacks_every_one_that_is_demanded(facts: Any, missing: int) -> None:
    found = list(not_guaranteed(Entry(SecParamFacts(**facts)), "authenticity", "integrity"))  # type: ignore[arg-type]

    assert len(found) == missing


def test_no_delay_is_said_where_it_is_stated() -> None:
    assert described(BruteForceFacts(delay_s=0)) == "no delay"
    assert described(BruteForceFacts()) == "no protection in numbers"


def test_a_fact_that_was_left_out_says_nothing() -> None:
    assert not SecParamFacts().says("guarantees")
    assert SecParamFacts(guarantees=()).says("guarantees")
