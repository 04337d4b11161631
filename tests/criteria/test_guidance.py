"""Guidance on changing an authentication value (5.1-4-1 a)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

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
