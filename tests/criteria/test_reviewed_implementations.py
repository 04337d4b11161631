"""Whether an implementation was reviewed, and side effects of exchanging cryptography considered (5.5-2-1, 5.5-3-1)."""

from __future__ import annotations

import datetime

import pytest

from pytest_etsi import clock, criteria
from tests.criteria.documents import entry_of

FIELD = "Review/Evaluation Method"
TODAY = datetime.date(2026, 11, 15)
FACTS = {"method": "audit", "by": "Example Laboratory", "date": "2025-03-31"}


def levels(said="The source was audited by a laboratory.", **facts):
    entry = entry_of("12-NetSecImpl", {FIELD: said, "facts": FACTS | facts})
    return [finding.kind for finding in criteria.implementations.reviewed(entry, TODAY)]


def test_a_review_with_method_reviewer_and_date_is_one():
    assert levels() == []


@pytest.mark.parametrize("missing", ["method", "by", "date"])
def test_a_review_without_its_method_its_reviewer_or_its_date_is_open(missing):
    assert levels(**{missing: None}) == ["unknown"]


@pytest.mark.parametrize("said", ["", "planned", "No review was done.", "None were carried out"])
def test_a_review_that_is_missing_planned_or_denied_is_a_violation(said):
    assert levels(said) == ["violation"]


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        ("2026-11-15", False),
        ("2026-11-16", False),
        ("2026-11", False),
        ("2026-12", True),
        ("2026-12-01", True),
        ("2026", False),
        ("2027", True),
    ],
)
def test_a_review_cannot_lie_in_a_month_ahead(date, ahead):
    assert levels(date=date) == (["violation"] if ahead else [])


@pytest.mark.parametrize("date", ["1969", "2025-03-31", "2099-01"])
def test_a_clock_that_is_not_set_tells_nothing_of_the_date_of_a_review(monkeypatch, date):
    monkeypatch.setattr(clock, "_read", lambda: datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC))
    entry = entry_of("12-NetSecImpl", {FIELD: "The source was audited.", "facts": FACTS | {"date": date}})

    (found,) = criteria.implementations.reviewed(entry)

    assert (found.kind, found.cause) == ("unknown", "bench")
    assert "clock" in found.message


@pytest.mark.parametrize(
    ("usage", "stated", "level"),
    [
        ("yes", True, []),
        ("yes", False, ["violation"]),
        ("yes", None, ["unknown"]),
        ("yes, side effects considered: yes", None, []),
        ("yes, side effects considered: no", None, ["violation"]),
        ("yes, side effects were considered: no", True, ["violation"]),
    ],
)
def test_side_effects_are_considered_or_not(usage, stated, level):
    facts = {} if stated is None else {"side_effects_considered": stated}
    entry = entry_of("6-SoftComp", {"Cryptographic Usage": usage, "facts": facts})

    assert [finding.kind for finding in criteria.implementations.side_effects_considered(entry)] == level
