"""How what fails is mended: each provision of both editions has a sentence, and the documents one where they matter."""

from __future__ import annotations

import pytest

from pytest_etsi.assessment.mending import guide, mending
from pytest_etsi.standard import EDITIONS, edition

PROVISIONS = [(version, group.id) for version in EDITIONS for group in edition(version).groups]


@pytest.mark.parametrize(("version", "provision"), PROVISIONS)
def test_of_each_provision_it_is_known_how_it_is_mended(version: str, provision: str) -> None:
    (said,) = mending([provision], ())

    assert said.endswith(".")
    assert len(said) > 40
    assert guide(provision) or provision == "5.0-1"


def test_what_the_documents_lack_is_to_be_removed_or_described_and_nothing_else_is_said() -> None:
    login, port = (
        {"kind": "violation", "expected": f"an entry of {table}"} for table in ("1-AuthMech", "15-Intf")
    )

    assert mending(["5.1-1", "5.6-1"], [login, port, login]) == (
        "Remove what the device does not need; what stays needs an entry of 1-AuthMech and 15-Intf.",
    )
    both = mending(["5.1-1"], [login, {"kind": "violation", "message": "it is the same on each"}])
    assert both[0] == "Remove what the device does not need; what stays needs an entry of 1-AuthMech."
    assert both[1:] == mending(["5.1-1"], ())


def test_a_field_may_be_what_is_wrong_and_is_told_once() -> None:
    found = {"kind": "violation", "found": "TLSv1.0", "place": {"field": "facts.tls"}}

    assert mending(["5.5-1"], [found, found])[1:] == (
        "Where it is facts.tls that is wrong, correct it; what it then says has to be good enough, too.",
    )


def test_what_refutes_nothing_is_not_mended_and_what_says_it_itself_is_heard() -> None:
    note = {"kind": "note", "settle": "look at it"}
    own = {"kind": "violation", "settle": "Change the password of the project."}

    assert mending(["9.9-9"], [note]) == ()
    assert mending(["9.9-9"], [own]) == ("Change the password of the project.",)
