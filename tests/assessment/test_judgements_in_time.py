"""A judgement counts while the evidence of others that it rests on is valid, the last day included."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest

from pytest_etsi import clock
from pytest_etsi.assessment.judgement import JudgementState, state_of
from pytest_etsi.verdict import Verdict

TODAY = datetime.datetime(2027, 1, 31, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr(clock, "_read", lambda: TODAY)


def recorded(days, verdict=Verdict.PASS):
    """A judgement whose evidence is valid until so many days from today; None: without end; "": its own examination."""
    end = TODAY.date() + datetime.timedelta(days=days) if isinstance(days, int) else None
    external = None if days == "" else SimpleNamespace(valid_until=end)
    return SimpleNamespace(verdict=verdict, external=external, fingerprint="sha256:1", date=TODAY.date())


@pytest.mark.parametrize(
    ("days", "status"), [(-1, "stale"), (0, "valid"), (1, "valid"), (None, "valid"), ("", "valid")]
)
def test_evidence_of_others_counts_to_its_last_day(days, status):
    state = state_of([recorded(days)], "sha256:1", "Is it so?")

    assert state.status == status
    assert state.verdict is (Verdict.PASS if status == "valid" else Verdict.INCONCLUSIVE)


@pytest.mark.parametrize(
    ("status", "verdict"), [("missing", "INCONCLUSIVE"), ("stale", "INCONCLUSIVE"), ("valid", "PASS")]
)
def test_only_what_is_recorded_on_exactly_this_concludes(status, verdict):
    assert JudgementState(status, recorded(1), "sha256:1", "Is it so?").verdict == verdict
    assert JudgementState(status, None, "sha256:1", "Is it so?").verdict is Verdict.INCONCLUSIVE
