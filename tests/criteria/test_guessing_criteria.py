"""Guessing over the network: what the size of a secret rests on, and what an attack and a single try show (5.1-5)."""

from __future__ import annotations

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.brute_force import GuessingLog, LoggedAttempt
from pytest_etsi.dut.reach.auth import Attempt

PROSE = "Wrong attempts are answered late."


def login(**facts):
    return entry_of("1-AuthMech", {"Brute Force Prevention": PROSE, "facts": facts})


def prevention(password, **numbers):
    told = {} if password is None else {"password": password}
    (finding,) = criteria.brute_force.prevention(login(brute_force=numbers or {"delay_s": 1}, **told))
    return finding


@pytest.mark.parametrize(
    ("password", "said"),
    [
        (None, "size of the secret is not known"),
        ({"origin": "user-defined"}, "size of the secret is not known"),
        # Of what a user chooses nobody knows the size, and no estimate of it refutes.
        (
            {"origin": "user-defined", "min_length": 8},
            "not known (chosen by the user, at least 8 characters):",
        ),
        ({"origin": "user-defined", "rejects_common": True}, "(chosen by the user, common ones refused):"),
        ({"origin": "user-defined", "rejects_common": False}, "(chosen by the user, common ones accepted):"),
        ({"origin": "user-defined", "min_length": 4, "max_length": 4}, "size of the secret is not known"),
        ({"origin": "pre-installed"}, "size of the secret is not known"),
        (
            {
                "origin": "pre-installed",
                "generation": {"method": "random", "inputs": ["random"], "length": 6, "alphabet": "digits"},
            },
            "against 19.9 bits",
        ),
    ],
)
def test_the_size_of_a_secret_is_what_its_origin_tells(password, said):
    assert said in prevention(password).message


@pytest.mark.parametrize(
    ("factors", "password", "kind"),
    [
        (["pin"], {"origin": "user-defined", "min_length": 4, "max_length": 4}, "violation"),
        (["pin"], {"origin": "user-defined", "min_length": 8, "max_length": 8}, "unknown"),
        (["pin"], {"origin": "user-defined", "min_length": 4}, "unknown"),
        (["password"], {"origin": "user-defined", "min_length": 4, "max_length": 4}, "unknown"),
        (["pin"], {"origin": "user-defined", "max_length": 1_000_000}, "note"),
    ],
)
def test_of_a_pin_there_are_no_more_than_its_digits_allow(factors, password, kind):
    entry = login(brute_force={"max_attempts": 5, "lockout_s": 60}, factors=factors, password=password)

    assert [finding.kind for finding in criteria.brute_force.prevention(entry)] == [kind]


def logged(*outcomes, credential="wrong"):
    attempts = tuple(
        LoggedAttempt(float(number), "guess", "owner", credential, 1, "", Attempt(outcome, "said so", 0.1))
        for number, outcome in enumerate(outcomes)
    )
    return GuessingLog("web", attempts, 10, unseen=("the length of a lock",))


def test_what_an_attack_showed_stands_beside_what_it_could_not_see():
    entry = login(brute_force={"max_attempts": 3, "lockout_s": 60})

    found = criteria.brute_force.guessing(entry, logged("refused", "refused", "accepted"))

    assert [finding.message for finding in found.violations] == ["A wrong value was accepted."]
    assert "this could not be observed: the length of a lock" in [one.message for one in found.unknowns]


def test_what_is_not_declared_needs_not_be_observed():
    found = criteria.brute_force.guessing(login(), logged("refused"))

    assert not [one for one in found if "could not be observed" in one.message]


def test_one_wrong_password_is_refused_or_a_violation():
    tried = criteria.brute_force.wrong_password

    refused = tried(login(), Attempt("refused", "HTTP 401", 0.1))
    accepted = tried(login(), Attempt("accepted", "HTTP 200", 0.1))
    untried = tried(login(), None)

    assert (len(refused), refused.examined) == (0, "one login with a wrong password")
    assert [finding.kind for finding in accepted] == ["violation"]
    assert (len(untried), untried.examined) == (0, "")
