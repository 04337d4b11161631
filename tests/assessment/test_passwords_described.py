"""How passwords are generated, in prose: refuted only where it is unambiguous."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from password_samples import ASPECTS, aspects

from pytest_etsi.assessment.findings import unknowns
from pytest_etsi.assessment.passwords import (
    generation_prose_findings,
)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "n/a", "N/A.", "TBD", "tbd", "to be defined", "?", "unknown", "...", "xxx"]
)
def test_no_description_refutes_that_passwords_differ(text):
    findings = generation_prose_findings(text)

    assert aspects(findings) == {"uniqueness"}
    assert {finding.aspect for finding in unknowns(findings)} == {
        "regularity",
        "patterns",
        "relation",
        "complexity",
    }


@pytest.mark.parametrize(
    ("text", "aspect"),
    [
        ("The same for all devices.", "uniqueness"),
        ("The same default password is used for all devices of the series.", "uniqueness"),
        ("All cameras share the same password.", "uniqueness"),
        ("The password is identical on all units.", "uniqueness"),
        ("A common password for every device, printed in the manual.", "uniqueness"),
        ("Passwords are sequential.", "regularity"),
        ("The PINs are counted up in production.", "regularity"),
        ("The password is the serial number.", "relation"),
        ("The initial password is the last 6 digits of the MAC address.", "relation"),
        ("The password equals the MAC address of the device.", "relation"),
    ],
)
def test_an_unambiguous_description_is_refuted(text, aspect):
    assert aspect in aspects(generation_prose_findings(text))


TRUTHFUL = [
    "Twelve characters are drawn from 31 symbols by the hardware random generator in production, for each device.",
    "The password is not the same for all devices; it is generated randomly.",
    "No two devices have the same password.",
    "The same algorithm is used for all devices: 16 random bytes, encoded in base32.",
    "Every device gets its own password. The same generator is used in all factories.",
    "The password is derived with HMAC-SHA-256 from the serial number under a secret key of 256 bits.",
    "The password is unrelated to the serial number, the MAC address and the SSID.",
    "The password is never the serial number or a part of it.",
    "Passwords are not sequential.",
    "The counter in the label printer is only used to match label and device; the password is random.",
    "Random. The label shows the serial number, the MAC address and the password.",
    "Until version 1.2 all devices shared the same default password; since then each has its own.",
    "A list of passwords is drawn by the HSM, duplicates are removed, and each device takes the next one.",
    "A 60-bit value from a certified TRNG, written in Crockford base32 (12 characters).",
    "The PIN is the result of a random generator; values such as 123456 or the serial number are rejected.",
    "The generator runs on the device at first start (/dev/urandom) and shows the password on the display.",
    "The user chooses the password at first start.",
    "The password is set individually for each unit in production and printed on the label.",
    "Die Passwörter werden für jedes Gerät zufällig erzeugt (12 Zeichen aus 31).",
    "The password consists of the model prefix 'VC' and ten random characters.",
    "The key of the derivation is the same for all devices, the input is a random number of each device.",
    "Each password is the AES encryption of a running number under a key kept in the HSM.",
    "The password is generated from 10 bytes of the TRNG, and the last digits of the serial number are added.",
    "Same as for AuthMech-web.",
    "It would be insecure if all devices had the same password, so each has its own.",
]


@pytest.mark.parametrize("text", TRUTHFUL)
def test_a_truthful_description_is_never_refuted(text):
    assert generation_prose_findings(text) == ()


@given(st.text(max_size=200))
def test_any_description_can_be_read(text):
    assert {finding.aspect for finding in generation_prose_findings(text)} <= ASPECTS
