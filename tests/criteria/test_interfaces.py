"""What documents refute of an interface: that it has to be on, that its disclosures are harmless, that it is shielded."""

from __future__ import annotations

import pytest
from documents import ixit_of

from pytest_etsi.assessment.criteria import interfaces

WIRE = {
    "ID": "Intf-lan",
    "Description": "Ethernet, for the local web page.",
    "Type": "network",
    "Status": "enabled",
    "Disclosed Information": "The model; none of it is security-relevant.",
    "Protection": "Inside the casing.",
}


def levels(found) -> list[str]:
    return [finding.kind for finding in found]


def documents(interface, **tables):
    ixit = ixit_of({"15-Intf": [WIRE | interface], **tables})
    return ixit.intf[0], ixit


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (WIRE["Description"], []),
        ("Only for testing.", ["violation"]),
        ("Not only for testing, but for the local web page.", []),
        ("It is unused.", ["violation"]),
        ("Telnet for the installer.", ["note"]),
        ("", ["violation"]),
        ("tbd", ["violation"]),
    ],
)
def test_an_interface_that_is_on_has_a_purpose(description, expected) -> None:
    assert levels(interfaces.justified(*documents({"Description": description}))) == expected


def mechanism(port):
    return {"ID": f"ComMech-{port}", "facts": {"endpoint": f"{port}/tcp"}}


def service(port):
    return {"ID": f"SoftServ-{port}", "facts": {"endpoint": f"{port}/tcp"}}


@pytest.mark.parametrize(
    ("endpoints", "mechanisms", "services", "expected"),
    [
        (["443/tcp"], [mechanism(443)], [], []),
        (["443/tcp"], [], [service(443)], []),
        (["443/tcp"], [mechanism(80)], [], ["violation"]),
        (["443/tcp"], [], [service(80)], ["violation"]),
        (["443/udp"], [mechanism(443)], [], ["violation"]),
        (["443/tcp", "80/tcp"], [mechanism(80)], [], []),
        ([], [mechanism(443)], [], []),
        (["443/tcp"], [], [], []),
    ],
)
def test_an_interface_that_is_on_is_used_by_a_mechanism_or_a_service(
    endpoints, mechanisms, services, expected
) -> None:
    tables = {"11-ComMech": mechanisms, "13-SoftServ": services}
    found = interfaces.justified(*documents({"facts": {"endpoint": endpoints}}, **tables))

    assert levels(found) == expected


def login(*inputs):
    password = {"origin": "device-generated", "generation": {"method": "hash", "inputs": list(inputs)}}
    return {"ID": "AuthMech-web", "facts": {"subject": "user", "factors": ["password"], "password": password}}


@pytest.mark.parametrize("word", ["serial", "mac", "ssid", "model"])
@pytest.mark.parametrize(
    ("more", "told", "refuted"),
    [
        ((), "The {} number; none of it is security-relevant.", True),
        ((), "The {} number, which is harmless.", True),
        ((), "The {} number, from which the password is made.", False),
        ((), "The firmware's name, which is harmless.", False),
        (("random",), "The {} number, which is harmless.", False),
        (("secret-key",), "The {} number, which is harmless.", False),
    ],
)
def test_what_a_password_is_made_of_is_not_harmless(word, more, told, refuted) -> None:
    entry, ixit = documents(
        {"Disclosed Information": told.format(word)}, **{"1-AuthMech": [login(word, *more)]}
    )
    found = interfaces.disclosure_is_harmless(entry, ixit)

    assert levels(found.violations) == ["violation"] * refuted
    assert set(interfaces.password_inputs(ixit)) == (set() if more else {word})


def test_a_login_without_a_stated_password_has_no_inputs() -> None:
    other = {"ID": "AuthMech-ssh", "facts": {"subject": "user", "factors": ["certificate"]}}
    plain = {"ID": "AuthMech-pin", "facts": {"password": {"origin": "user-defined"}}}

    assert interfaces.password_inputs(ixit_of({"1-AuthMech": [other, plain]})) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("none", []),
        ("The model.", []),
        ("Password: set by the owner", ["violation"]),
        ("The admin password is printed.", ["violation"]),
        ("Whether a password is set.", []),
        ("Firmware v1.2.3.", ["note"]),
        ("", ["violation"]),
        ("tbd", ["violation"]),
    ],
)
def test_a_disclosure_is_said_and_is_no_secret(text, expected) -> None:
    entry, ixit = documents({"Disclosed Information": text})

    assert levels(interfaces.disclosure_is_harmless(entry, ixit)) == expected
    assert levels(interfaces.disclosure_is_needed(entry)) == (expected if text in {"", "tbd"} else [])


@pytest.mark.parametrize(
    ("protection", "facts", "expected"),
    [
        ("Inside the casing.", {}, []),
        ("A password.", {}, ["note"]),
        ("A password, and the casing.", {}, []),
        ("It can be reached from outside.", {}, ["violation"]),
        ("It cannot be reached from outside.", {}, []),
        ("Inside the casing.", {"accessible": True}, ["violation"]),
        ("Inside the casing.", {"accessible": False}, []),
        ("Inside the casing.", {"accessible": True, "debug": True}, []),
        ("It can be reached from outside.", {"accessible": True}, ["violation"]),
        ("", {}, ["violation"]),
        ("tbd", {}, ["violation"]),
    ],
)
def test_an_interface_without_need_is_shielded(protection, facts, expected) -> None:
    entry, _ = documents({"Protection": protection, "facts": facts})

    assert levels(interfaces.casing(entry)) == expected


@pytest.mark.parametrize(
    ("status", "facts", "permanently", "expected"),
    [
        ("", {"enabled": True}, True, ["violation"]),
        ("", {"enabled": False}, True, ["violation"]),
        ("disabled", {"default": "disabled"}, True, ["violation"]),
        ("disabled", {"default": "disabled"}, False, []),
        ("disabled until the button is held", {}, False, ["unknown"]),
        ("disabled", {"default": "permanently-disabled", "enabled": True}, True, ["violation"]),
    ],
)
def test_a_debug_interface_is_off_as_far_as_is_demanded(status, facts, permanently, expected) -> None:
    entry, _ = documents({"Status": status, "facts": facts})

    assert levels(interfaces.debug_off(entry, permanently=permanently)) == expected


@pytest.mark.parametrize(
    ("sure", "expected"), [([], ["unknown"]), ([mechanism(443)], [])], ids=["alone", "beside a sure one"]
)
def test_a_mechanism_that_may_use_an_interface_leaves_it_open_where_none_surely_does(sure, expected) -> None:
    perhaps = {"ID": "ComMech-perhaps", "access": {"port": 443}}
    tables = {"11-ComMech": [perhaps, *sure]}
    found = interfaces.justified(*documents({"facts": {"endpoint": ["443/tcp"]}}, **tables))

    assert levels(found) == expected


@pytest.mark.parametrize(("status", "found"), [("enabled", "enabled"), ("", "enabled")])
@pytest.mark.parametrize("check", [interfaces.radio_is_off, interfaces.intermittent_is_off])
def test_what_is_on_is_told_by_its_status_or_by_facts(check, status, found) -> None:
    entry, _ = documents({"Status": status, "facts": {"enabled": True}})
    (told,) = check(entry)

    assert (told.kind, told.found) == ("violation", found)
