"""One actual password: familiar patterns, relations to public data, and the documented form."""

from __future__ import annotations

import base64
import hashlib
import string

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from password_samples import ALPHABET, ASPECTS, CAMERA, DIGITS, MAC, RULE, aspects

from pytest_etsi.assessment.findings import notes, unknowns, violations
from pytest_etsi.assessment.passwords import (
    Identity,
    Rule,
    examine_password,
)


@pytest.mark.parametrize(
    "password",
    [
        "admin",
        "Admin",
        "PASSWORD",
        "12345678",
        "admin12345",
        "1q2w3e4r",
        "00000000",
        "xc3511",
        "letmein",
        "changeme",
        "P@ssw0rd99",
        "qwertzuiop12",
        "aaaaaaaaaa",
        "abcabcabcabc",
        "Camera!2024",
        "Ex4mpl3devices",
        "vc100camera",
        "monkey123456",
        "zyxwvutsrqpo",
    ],
)
def test_common_strings_and_familiar_patterns_are_found(password):
    assert "patterns" in aspects(examine_password(password, CAMERA))


@pytest.mark.parametrize(
    "password",
    [
        DIGITS,
        DIGITS.upper(),
        MAC,
        DIGITS[-8:],
        DIGITS[-6:].upper(),
        DIGITS[::-1],
        CAMERA.serial,
        "11048123",
        "048123",
        CAMERA.ssid,
        "LBL77231A",
        str(int(DIGITS, 16)),
        "0242ac115e80",
        "xK" + DIGITS + "9q",
        hashlib.md5(DIGITS.encode()).hexdigest()[:10],
        hashlib.md5(MAC.encode()).hexdigest()[-12:].upper(),
        hashlib.sha1(CAMERA.serial.encode()).hexdigest()[:16],
        hashlib.sha256(bytes.fromhex(DIGITS)).hexdigest()[:12],
        base64.b32encode(hashlib.sha1(CAMERA.serial.encode()).digest()).decode()[:12],
        base64.b64encode(hashlib.sha256(CAMERA.serial.encode()).digest()).decode()[:12],
        base64.b64encode(MAC.encode()).decode()[:12],
        hashlib.md5((CAMERA.serial + DIGITS).encode()).hexdigest()[:12],
        hashlib.md5(DIGITS.encode() + b"\n").hexdigest()[:12],
        "".join(ALPHABET[byte % 31] for byte in hashlib.md5(DIGITS.encode()).digest()[:12]),
    ],
)
def test_relations_to_public_data_are_found(password):
    assert "relation" in aspects(examine_password(password, CAMERA, Rule(alphabet=ALPHABET)))


@pytest.mark.parametrize(
    "password",
    ["K7QM2XW9RT4P", "hg4Rk2nWq8Lz", "83920174", "correct-horse-battery-staple", "7f3a9c0e51b2d846"],
)
def test_unrelated_passwords_give_no_violation(password):
    assert not violations(examine_password(password, CAMERA))


def test_a_short_accidental_piece_of_the_mac_is_no_violation():
    assert not violations(examine_password("K7QM5E7FRT4P", CAMERA, RULE))


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("K7QM2XW9RT4", "length"),
        ("K7QM2XW9RT4PP", "length"),
        ("k7qm2xw9rt4p", "outside"),
        ("K7QM2XW9RT41", "outside"),
        ("", "empty"),
    ],
)
def test_a_password_that_does_not_fit_the_rule_is_found(password, said):
    found = violations(examine_password(password, CAMERA, RULE), "rule")

    assert any(said in finding.message for finding in found)


def test_a_password_that_fits_the_rule_gives_nothing():
    assert examine_password("K7QM2XW9RT4P", CAMERA, RULE) == ()


def test_a_missing_fixed_part_is_found():
    rule = Rule(length=12, alphabet=ALPHABET, prefix="VC-")

    assert "rule" in aspects(examine_password("K7QM2XW9RT4P", CAMERA, rule))
    assert not violations(examine_password("VC-K7QM2XW9R", CAMERA, rule))


def test_a_length_that_leaves_out_the_fixed_part_is_a_note():
    findings = examine_password("VC-K7QM2XW9R", CAMERA, Rule(length=9, alphabet=ALPHABET, prefix="VC-"))

    assert not violations(findings)
    assert notes(findings, "rule")


def test_a_rule_without_length_and_alphabet_is_said_to_be_open():
    findings = examine_password("K7QM2XW9RT4P", CAMERA, Rule(method="random"))

    assert "length and alphabet" in unknowns(findings, "rule")[0].message


@pytest.mark.parametrize("alphabet", ["hex", "base32"])
def test_both_cases_fit_alphabets_in_which_case_says_nothing(alphabet):
    rule = Rule(length=8, alphabet=alphabet)

    assert not violations(examine_password("A7D2C5F4", Identity(), rule), "rule")
    assert not violations(examine_password("a7d2c5f4", Identity(), rule), "rule")


@given(st.text(string.ascii_letters + string.digits + "!-_.", min_size=8, max_size=16))
@settings(deadline=None, max_examples=15)
def test_no_finding_quotes_the_password(password):
    assume(not password.isalpha())  # "password" is a word of every message
    findings = examine_password(password, Identity("S1", MAC, model="Camera"), RULE)

    assert all(password not in str(finding.to_json()) for finding in findings)


@given(st.text(max_size=40), st.text(max_size=12), st.text(max_size=20), st.text(max_size=12))
@settings(deadline=None, max_examples=15)
def test_any_text_can_be_examined(password, serial, mac, model):
    findings = examine_password(password, Identity(serial, mac, model, model, serial, (mac,)), RULE)

    assert {finding.aspect for finding in findings} <= ASPECTS


def test_a_very_long_password_is_examined_in_bounded_time():
    examine_password("a1" * 100_000, CAMERA, RULE)
