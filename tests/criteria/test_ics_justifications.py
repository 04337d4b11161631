"""One text as the reason of several recommendations: boilerplate, or a reason that truly is that of all (4-1-1 a)."""

from __future__ import annotations

import pytest
from documents import profile_of

from pytest_etsi import criteria

TEXT = "The sensor has no interface for it."


def _boilerplate(*provisions: str, edition: str = "1.1.1") -> bool:
    rows = {one: {"support": "N", "detail": TEXT} for one in provisions}
    profile = profile_of({}, ics=rows)
    found = criteria.ics.justifications(profile.ics, edition)
    return any("one text stands for" in str(one) for one in found.violations)


@pytest.mark.parametrize(
    "rows",
    [
        ("5.2-3", "5.6-9", "5.7-1"),
        ("5.3-1", "5.6-7", "5.12-1"),
        ("5.2-2", "5.3-3", "5.5-2", "5.7-1"),
    ],
)
def test_one_text_over_subjects_that_have_nothing_in_common_is_a_violation(rows: tuple[str, ...]) -> None:
    assert _boilerplate(*rows)


@pytest.mark.parametrize(
    "rows",
    [
        ("5.3-4", "5.3-5", "5.3-6"),
        ("5.9-1", "5.9-2", "5.9-3"),
        ("5.2-3", "5.7-1"),
        ("6-4", "6-5", "5.8-1"),
    ],
    ids=["updates", "outages", "only two", "personal data"],
)
def test_one_text_over_one_subject_is_none(rows: tuple[str, ...]) -> None:
    assert not _boilerplate(*rows)
