"""A mechanism that is said to be a layer of another is judged together with it; one beside it is not."""

from __future__ import annotations

import pytest

from pytest_etsi import criteria
from pytest_etsi.assessment.reading.layers import beneath
from tests.criteria.documents import ixit_of

TLS = {
    "ID": "ComMech-Tls",
    "Description": "TLS to the cloud.",
    "facts": {"guarantees": ["confidentiality", "integrity"]},
}


def _ixit(description, *, lower=TLS, facts=None, more=()):
    upper = {
        "ID": "ComMech-Sign",
        "Description": description,
        "Security Guarantees": "Integrity and authenticity.",
        "facts": {"guarantees": ["integrity", "authenticity"]} if facts is None else facts,
    }
    data = {"ID": "Data", "Sensitive": "yes", "Communication Mechanisms": ["ComMech-Tls", "ComMech-Sign"]}
    return ixit_of({"11-ComMech": [lower, upper, *more], "21-PersData": [data]})


def _of(ixit):
    return ixit.com_mech.get("ComMech-Sign")


INSIDE = [
    "A MAC over each report, inside the channel of ComMech-Tls.",
    "Reports are signed and sent over ComMech-Tls.",
    "A layer of ComMech-Tls.",
    "Ein MAC je Bericht, innerhalb von ComMech-Tls.",
    "Un MAC par rapport, dans le canal de ComMech-Tls.",
    "Un MAC por informe, dentro de ComMech-Tls.",
    "MAC per rapport, binnen ComMech-Tls.",
]


@pytest.mark.parametrize("description", INSIDE)
def test_what_lies_beneath_keeps_confidential_what_it_carries(description) -> None:
    ixit = _ixit(description)

    for confidential in (False, True):
        found = criteria.communication.guarantees(_of(ixit), ixit, confidential=confidential)
        assert not found.violations
        assert "judged together with 11-ComMech/ComMech-Tls" in str(found)


@pytest.mark.parametrize(
    "description",
    ["A MAC over each report.", "It is not inside the channel of ComMech-Tls.", "Sent in ComMech-TlsX."],
)
def test_two_mechanisms_side_by_side_are_two_ways(description) -> None:
    ixit = _ixit(description)

    assert criteria.communication.guarantees(_of(ixit), ixit).violations


@pytest.mark.parametrize(
    "description",
    [
        "Like ComMech-Tls, to the cloud.",
        "If the router allows it, inside ComMech-Tls.",
    ],
)
def test_whether_one_lies_beneath_may_be_for_a_person(description) -> None:
    ixit = _ixit(description)
    found = criteria.communication.guarantees(_of(ixit), ixit)

    assert not found.violations
    assert "is it a layer of 11-ComMech/ComMech-Tls" in str(found.unknowns)


def test_what_lies_beneath_has_to_state_what_it_gives() -> None:
    untold = TLS | {"facts": {}}
    lacking = TLS | {"facts": {"guarantees": ["integrity"]}}

    of_untold, of_lacking = _ixit(INSIDE[0], lower=untold), _ixit(INSIDE[0], lower=lacking)

    assert criteria.communication.guarantees(_of(of_untold), of_untold).unknowns
    assert criteria.communication.guarantees(_of(of_lacking), of_lacking).violations


def test_a_plain_protocol_inside_a_protected_channel_can_be_confidential() -> None:
    facts = {"protocol": "mqtt", "guarantees": ["confidentiality"]}
    inside, beside = _ixit(INSIDE[1], facts=facts), _ixit("MQTT to the cloud.", facts=facts)

    assert not criteria.communication.means(_of(inside), inside).violations
    assert criteria.communication.means(_of(beside), beside).violations


def test_layers_are_followed_down_and_a_circle_ends() -> None:
    lowest = {"ID": "ComMech-Wifi", "Description": "The radio, over ComMech-Sign."}
    ixit = _ixit(INSIDE[0], lower=TLS | {"Description": "TLS over ComMech-Wifi."}, more=(lowest,))

    assert [one.id for one in beneath(_of(ixit), ixit).mechanisms] == ["ComMech-Tls", "ComMech-Wifi"]


@pytest.mark.parametrize(("characters", "inside"), [(54, True), (55, False)])
def test_the_word_for_it_stands_near_the_mechanism(characters, inside) -> None:
    """It counts within sixty characters, of which itself and the blanks around take six."""
    ixit = _ixit(f"A MAC inside {'x' * (characters - 2)} ComMech-Tls.")

    assert bool(beneath(_of(ixit), ixit).mechanisms) is inside


def test_a_mechanism_that_names_itself_is_no_layer_of_itself() -> None:
    ixit = _ixit("ComMech-Sign is carried inside ComMech-Sign.")

    assert beneath(_of(ixit), ixit).mechanisms == ()


def test_one_sentence_that_says_so_is_enough_where_another_denies_something_else() -> None:
    ixit = _ixit("It is not a copy of ComMech-Tls. It goes inside ComMech-Tls.")

    assert [one.id for one in beneath(_of(ixit), ixit).mechanisms] == ["ComMech-Tls"]


@pytest.mark.parametrize(
    ("description", "kinds"),
    [
        ("Login by HTTP Basic, inside the channel of ComMech-Tls.", set()),
        ("Login by HTTP Basic, like ComMech-Tls.", {"unknown"}),
        ("Login by HTTP Basic.", {"violation"}),
    ],
)
def test_a_login_is_judged_together_with_what_carries_it(description, kinds) -> None:
    login = {
        "ID": "Login",
        "Description": description,
        "Security Guarantees": "Authenticity.",
        "facts": {"guarantees": ["authenticity"]},
    }
    ixit = ixit_of({"1-AuthMech": [login], "11-ComMech": [TLS]})

    found = criteria.cryptography.guarantees(ixit.auth_mech[0], ixit)

    assert {one.kind for one in found.about("suitability")} == kinds


def test_who_logs_in_is_not_shown_by_what_carries_the_login() -> None:
    carrying = TLS | {"facts": {"guarantees": ["authenticity", "integrity"]}}
    login = {"ID": "Login", "Description": "Inside ComMech-Tls.", "facts": {"guarantees": ["integrity"]}}
    ixit = ixit_of({"1-AuthMech": [login], "11-ComMech": [carrying]})

    assert criteria.cryptography.guarantees(ixit.auth_mech[0], ixit).violations
