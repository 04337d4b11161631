"""How often a stored password has to be hashed, by the hash inside: OWASP's figures, and NIST's floor."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.crypto import assess_algorithm

ENOUGH = {"SHA-512": 220_000, "SHA-256": 600_000, "SHA-1": 1_400_000}


def levels(iterations, **parameters):
    stated = parameters | ({} if iterations is None else {"iterations": iterations})
    return {one.kind for one in assess_algorithm("PBKDF2", use="password-storage", parameters=stated)} - {
        "note"
    }


@pytest.mark.parametrize(("digest", "least"), ENOUGH.items())
def test_what_is_recommended_for_the_hash_inside_is_enough_and_less_is_for_a_person(digest, least):
    assert levels(least, hash=digest) == set()
    assert levels(least - 1, hash=digest) == {"unknown"}


def test_without_a_hash_the_usual_one_is_taken():
    assert levels(600_000) == set()
    assert levels(599_999) == {"unknown"}


@pytest.mark.parametrize("digest", ENOUGH)
def test_fewer_than_every_reference_wants_is_a_violation(digest):
    assert levels(999, hash=digest) == {"violation"}
    assert levels(1000, hash=digest) == {"unknown"}


def test_a_number_that_is_not_stated_is_open():
    assert levels(None, hash="SHA-256") == {"unknown"}
