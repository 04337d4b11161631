"""A credential that the user changes: whether the device makes the change, and whether it counts (5.1-4-2)."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.credentials import CredentialChange
from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.verdict import Cause

ENTRY = entry_of("1-AuthMech", {"Description": "Login of the owner."})


def answer(outcome):
    return Attempt(outcome, f"said {outcome}", 0.1)


def change(answered="accepted", *, old="refused", new="accepted", **more):
    told = {"old": old and answer(old), "new": new and answer(new)}
    return CredentialChange("web", answer(answered), **told, **more)


@pytest.mark.parametrize(
    ("seen", "level", "said"),
    [
        (change("no-answer", old=None, new=None), "unknown", "was not answered: said no-answer"),
        (change("refused", old=None, new=None), "violation", "the device did not make the change"),
        (change("locked", old=None, new=None), "violation", "the device did not make the change"),
        (change(old="accepted", new="refused"), "violation", "the device reports a change, but made none"),
    ],
)
def test_a_change_that_is_not_made_is_a_violation_and_one_without_answer_is_open(seen, level, said):
    (finding,) = criteria.credentials.changed(ENTRY, seen)

    assert finding.kind == level
    assert said in finding.message
    assert (finding.cause is Cause.BENCH) == (level == "unknown")


@pytest.mark.parametrize(
    "seen",
    [
        change(),
        change(old="accepted"),  # both count: that is about its effect
        change(old="no-answer", new="refused"),
        change(old=None, new="refused"),
    ],
)
def test_a_change_that_is_reported_and_not_refuted_is_made(seen):
    assert not criteria.credentials.changed(ENTRY, seen)


@pytest.mark.parametrize(
    ("seen", "said"),
    [
        (change(), []),
        (change(old="accepted"), ["the former credential is still accepted after the change"]),
        (change(new="refused"), ["the new credential is not accepted after the change"]),
        (change(new="no-answer"), []),
        (
            change(old_after_power_cycle=answer("accepted"), new_after_power_cycle=answer("refused")),
            [
                "the former credential is still accepted after a power cut",
                "the new credential is not accepted after a power cut",
            ],
        ),
    ],
)
def test_only_the_new_credential_counts_after_a_change(seen, said):
    found = criteria.credentials.in_effect(ENTRY, seen)

    assert [finding.kind for finding in found] == ["violation"] * len(said)
    assert all(words in finding.message for words, finding in zip(said, found, strict=True))
