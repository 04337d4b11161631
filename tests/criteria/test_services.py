"""What documents refute of a service: that it authenticates, by mechanisms that hold, and that it is needed."""

from __future__ import annotations

import pytest
from documents import entry_of, ixit_of

from pytest_etsi.assessment.criteria import services

LOGIN = {
    "ID": "AuthMech-web",
    "Description": "Only the owner gets in.",
    "Authentication Factor": "Password.",
    "Security Guarantees": "Integrity.",
    "Cryptographic Details": "TLS 1.3.",
}
WEB = {
    "ID": "SoftServ-web",
    "Description": "The local web page.",
    "Authentication Mechanism": "AuthMech-web",
    "Justification": "The owner sets the device up by it.",
    "Allows Configuration": "Yes",
}


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


def documents(service=None, login=None, more=()):
    ixit = ixit_of({"13-SoftServ": [WEB | (service or {}), *more], "1-AuthMech": [LOGIN | (login or {})]})
    return ixit.soft_serv[0], ixit


@pytest.mark.parametrize(("refers", "expected"), [("AuthMech-web", []), ("", ["violation"])])
def test_a_function_of_the_network_refers_to_a_login(refers, expected) -> None:
    entry, ixit = documents({"Authentication Mechanism": refers})

    assert levels(services.authenticated(entry)) == expected
    assert services.referred_to(ixit.auth_mech[0], ixit) is (not expected)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"Description": ""}, ["violation"]),
        ({"Authentication Factor": "tbd"}, ["violation"]),
        ({"facts": {"password": {"generation": {"method": "constant"}}}}, ["violation"]),
        ({"facts": {"password": {"generation": {"method": "random"}}}}, []),
        ({"facts": {"password": {"origin": "user-defined"}}}, []),
    ],
)
def test_a_login_tells_subjects_apart(changes, expected) -> None:
    assert levels(services.tells_apart(entry_of("1-AuthMech", LOGIN | changes))) == expected


TLS = {"tls": {"versions": ["TLSv1.3"], "cipher_suites": ["TLS_AES_128_GCM_SHA256"]}}
WEAK = {"cryptography": [{"use": "encryption", "algorithm": "DES"}]}
GOOD = {"cryptography": [{"use": "encryption", "algorithm": "AES-128-GCM"}]}


@pytest.mark.parametrize(
    ("guarantees", "facts", "details", "expected"),
    [
        (["integrity"], {}, "TLS 1.3.", 0),
        (["integrity"], {}, "", 1),
        (["confidentiality"], {}, "tbd", 1),
        (["integrity"], TLS, "", 0),
        (["integrity"], GOOD, "", 0),
        (["authenticity"], {}, "", 0),
        ([], {}, "", 0),
        ([], WEAK, "TLS 1.3.", 2),
    ],
)
def test_guarantees_of_a_login_rest_on_cryptography_that_holds(guarantees, facts, details, expected) -> None:
    changes = {"facts": {"guarantees": guarantees, **facts}, "Cryptographic Details": details}

    assert levels(services.protects(entry_of("1-AuthMech", LOGIN | changes))) == ["violation"] * expected


def test_guarantees_of_a_login_need_an_answer() -> None:
    assert levels(services.protects(entry_of("1-AuthMech", LOGIN | {"Security Guarantees": ""}))) == [
        "violation"
    ]


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("Only the owner gets in.", []),
        ("A password is asked for.", ["note"]),
        ("Only the page of the model is shown without login.", ["note"]),
        ("", ["violation"]),
        ("tbd", ["violation"]),
    ],
)
def test_a_login_gives_rights(description, expected) -> None:
    assert (
        levels(services.authorises(entry_of("1-AuthMech", LOGIN | {"Description": description}))) == expected
    )


@pytest.mark.parametrize(
    ("service", "login", "expected"),
    [
        ({}, {}, []),
        ({"Description": ""}, {}, ["violation"]),
        ({"Authentication Mechanism": ""}, {}, ["violation"]),
        ({}, {"Authentication Factor": ""}, ["violation"]),
        ({}, {"Security Guarantees": ""}, ["violation"]),
        ({}, {"Description": "A password is asked for."}, ["note"]),
        ({"facts": {"configures": True}}, {}, []),
        ({"facts": {"configures": True}, "Allows Configuration": "No"}, {}, ["violation"]),
        ({"facts": {"configures": False}, "Allows Configuration": "No"}, {}, []),
        ({"Allows Configuration": "No"}, {}, []),
    ],
)
def test_a_function_that_changes_settings_is_protected_by_a_login_that_holds(
    service, login, expected
) -> None:
    assert levels(services.configuration_is_protected(*documents(service, login))) == expected


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({}, []),
        ({"Description": ""}, ["violation"]),
        ({"Justification": "tbd"}, ["violation"]),
        ({"Justification": "Enabled by default."}, ["violation"]),
        ({"Justification": "Enabled by default, because the owner needs it."}, []),
        ({"Description": "A telnet console."}, ["note"]),
        ({"Description": "No telnet."}, []),
    ],
)
def test_a_service_that_is_on_is_needed(service, expected) -> None:
    assert levels(services.needed(*documents(service))) == expected


def test_a_justification_that_stands_in_several_entries_is_noted() -> None:
    more = [WEB | {"ID": f"SoftServ-{name}"} for name in "ab"]

    assert levels(services.needed(*documents(more=more))) == ["note"]
    assert not services.needed(*documents(more=more[:1]))


@pytest.mark.parametrize(("refers", "found"), [("none", "none"), ("", "nothing")])
def test_what_stands_in_place_of_a_login_is_told(refers, found) -> None:
    (told,) = services.authenticated(documents({"Authentication Mechanism": refers})[0])

    assert told.found == found
