"""What an ICS says across its rows: words by which a provision is met although it need not be."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.ics.across import _of_own_accord


@pytest.mark.parametrize(
    "detail",
    [
        "Met of our own accord.",
        "Voluntarily, for the users.",
        "The condition does not hold; updates are signed.",
        "Although it is constrained, it locks.",
        "Even though nothing asks for it.",
        "Not required, and done.",
        "Done anyway.",
        "This goes beyond what is asked.",
    ],
)
def test_a_row_may_say_that_it_is_met_although_it_does_not_apply(detail):
    assert _of_own_accord(SimpleNamespace(detail=detail))


@pytest.mark.parametrize("detail", ["", "Updates are signed.", "See the manual."])
def test_other_rows_say_that_it_applies(detail):
    assert not _of_own_accord(SimpleNamespace(detail=detail))
