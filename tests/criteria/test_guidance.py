"""Guidance on changing an authentication value (5.1-4-1 a)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from documents import entry_of

from pytest_etsi.assessment import criteria
from pytest_etsi.profile import load_profile
from pytest_etsi.profile.facts import ChangeFacts

if TYPE_CHECKING:
    from pytest_etsi.profile.entries import AuthMechEntry


def login(change: ChangeFacts | None) -> AuthMechEntry:
    entry = load_profile("virtual-camera").ixit.auth_mech.get("AuthMech-web")
    assert entry is not None
    return replace(entry, _facts=entry.facts.model_copy(update={"change": change}))


def test_what_nobody_can_change_contradicts_the_provision() -> None:
    found = criteria.guidance.change_is_possible(login(ChangeFacts(supported=False)))

    assert [one.kind for one in found] == ["violation"]
    assert "no user and no administrator can change it" in str(found.violations)


@pytest.mark.parametrize("change", [None, ChangeFacts(), ChangeFacts(supported=True)])
def test_what_can_be_changed_or_says_nothing_contradicts_nothing(change: ChangeFacts | None) -> None:
    assert not criteria.guidance.change_is_possible(login(change)).violations


def value(text: str, *, changeable: bool | None) -> AuthMechEntry:
    facts = {} if changeable is None else {"change": {"supported": changeable}}
    return entry_of("1-AuthMech", {"Authentication Factor": text, "facts": facts})


@pytest.mark.parametrize(
    ("text", "changeable", "kinds"),
    [
        ("Password, set by the owner.", True, []),
        ("Password, set by the owner.", None, ["note"]),
        ("Password, set by the owner.", False, ["violation"]),
        ("PIN on the label; it cannot be changed.", None, ["violation"]),
        ("PIN on the label; it cannot be changed.", False, ["violation"]),
        ("PIN on the label; it cannot be changed.", True, ["unknown"]),
        ("PIN; it cannot be changed by guests.", None, ["note"]),
        ("", None, ["violation"]),
    ],
)
def test_whether_the_value_can_be_changed_at_all_is_told_by_facts_and_plain_words(
    text, changeable, kinds
) -> None:
    found = criteria.guidance.value_can_be_changed(value(text, changeable=changeable))

    assert [one.kind for one in found] == kinds
