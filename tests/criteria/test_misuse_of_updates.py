"""What the design of an update mechanism leaves open reaches the units about it, and about components (5.3-2-1 a)."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from tests.criteria.documents import ixit_of

SOUND = {
    "ID": "UpdMech-net",
    "Description": "The device fetches a package, and installs it after its check.",
    "Security Guarantees": "Authenticity and integrity; a package older than what is installed is refused.",
    "Cryptographic Details": "An ECDSA signature on P-256 over SHA-256.",
    "facts": {
        "guarantees": ["authenticity", "integrity"],
        "cryptography": [{"use": "signature", "algorithm": "ECDSA-P256"}],
    },
}


def kinds(**changes):
    ixit = ixit_of(
        {
            "7-UpdMech": [SOUND | changes],
            "6-SoftComp": [{"ID": "SoftComp-1", "Description": "x", "Update Mechanism": "UpdMech-net"}],
        }
    )
    mine = {one.kind for one in criteria.updates.resists_misuse(ixit.upd_mech[0])}
    theirs = {one.kind for one in criteria.updates.referenced(ixit.soft_comp[0], ixit)}
    assert mine == theirs
    return mine - {"note"}


def test_a_sound_design_leaves_nothing_open():
    assert kinds() == set()


@pytest.mark.parametrize(
    "changes",
    [
        {"Security Guarantees": "Authenticity, integrity. Older signed packages are accepted as well."},
        {"Cryptographic Details": "A signature with our own method FOOBAR-7."}
        | {"facts": SOUND["facts"] | {"cryptography": [{"use": "signature", "algorithm": "FOOBAR-7"}]}},
    ],
)
def test_what_is_open_stays_open(changes):
    assert kinds(**changes) == {"unknown"}


def test_what_is_refuted_is_refuted():
    assert "violation" in kinds(**{"Cryptographic Details": "Packages are not signed; a CRC is compared."})


@pytest.mark.parametrize(("guarantees", "channel"), [((), set()), (("confidentiality",), {"violation"})])
def test_what_protects_the_package_and_what_protects_its_way_are_two_things(guarantees, channel):
    """Packages of which each is checked may come over plain HTTP; that way itself protects nothing that is claimed."""
    promised = (
        "Confidentiality of what is fetched." if guarantees else "It relies on the signature of the package."
    )
    fetch = {
        "ID": "fetch",
        "Description": "Fetches packages by plain HTTP.",
        "Security Guarantees": promised,
        "facts": {"protocol": "http", "guarantees": list(guarantees)},
    }
    ixit = ixit_of({"7-UpdMech": [SOUND], "11-ComMech": [fetch]})

    assert {one.kind for one in criteria.updates.resists_misuse(ixit.upd_mech[0])} <= {"note"}
    assert {one.kind for one in criteria.communication.means(ixit.com_mech[0], ixit)} == channel
