"""A wrong credential that looks accepted is doubted where strangers get in too, or the right one is answered otherwise."""

from __future__ import annotations

import pytest

from pytest_etsi.dut.reach.auth import Attempt

IN = Attempt("accepted", "HTTP 200", 0.1, answer="in")


def looks_accepted(answer="in", exclusive=None):
    return Attempt("accepted", "HTTP 200", 0.1, answer=answer, exclusive=exclusive)


@pytest.mark.parametrize(
    ("wrong", "right", "outcome"),
    [
        (looks_accepted(), IN, "accepted"),
        (looks_accepted("other"), IN, "no-answer"),
        (looks_accepted("other", exclusive=True), IN, "accepted"),
        (looks_accepted(exclusive=False), IN, "no-answer"),
        (looks_accepted(exclusive=False), None, "no-answer"),
        (looks_accepted("other"), None, "accepted"),
        (looks_accepted(""), IN, "accepted"),
        (looks_accepted("other"), Attempt("refused", "HTTP 401", 0.1, answer="no"), "accepted"),
        (Attempt("refused", "HTTP 401", 0.1, answer="no"), IN, "refused"),
        (Attempt("locked", "HTTP 429", 0.1), IN, "locked"),
    ],
)
def test_only_what_is_in_doubt_is_taken_back(wrong, right, outcome):
    assert wrong.doubted(right).outcome == outcome


def test_the_doubt_is_said():
    assert "not what the right credential gets" in looks_accepted("other").doubted(IN).status
    assert "opens to anybody" in looks_accepted(exclusive=False).doubted().status
