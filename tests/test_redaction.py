"""Masking: in every form in which a secret travels, in texts, bytes and builtins, and nothing else."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from work import at_most_cpu_s

from pytest_etsi.redaction import MASK, Redactor

PASSWORD = 'Tr0ub4dor&3 "/+ü'

FORMS = {
    "plain": PASSWORD,
    "JSON": json.dumps(PASSWORD)[1:-1],
    "JSON without escapes": json.dumps(PASSWORD, ensure_ascii=False)[1:-1],
    "JSON in JSON": json.dumps(json.dumps({"p": PASSWORD})),
    "URL query": quote_plus(PASSWORD),
    "URL path": quote(PASSWORD),
    "URL, lower-case hex": re.sub("%..", lambda match: match[0].lower(), quote(PASSWORD, safe="")),
    "HTML": html.escape(PASSWORD),
    "hex": PASSWORD.encode().hex(),
    "HEX with colons": PASSWORD.encode().hex(":").upper(),
    "base64": base64.b64encode(PASSWORD.encode()).decode(),
    "base64 for URLs": base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
    "python": repr({"password": PASSWORD}),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_secret_is_masked_in_every_form_in_which_it_travels(form):
    shown = Redactor([PASSWORD]).text(f"before {FORMS[form]} after")

    assert MASK in shown
    assert FORMS[form] not in shown
    assert shown.startswith("before ")
    assert shown.endswith(" after")


@pytest.mark.parametrize("user", ["", "a", "ab", "abc", "owner", "someone@example"])
@pytest.mark.parametrize("after", ["", "x", "xy"])
@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_a_password_within_basic_authentication_is_masked_at_any_alignment(user, after, encode):
    secret = "Hor5e>Battery?Staple"
    token = encode(f"{user}:{secret}{after}".encode()).decode()
    shown = Redactor([secret]).text(f"Authorization: Basic {token}")

    assert MASK in shown
    inner = encode(secret.encode()).decode().rstrip("=")[1:-1]
    assert inner not in shown
    rest = shown.replace("Authorization: Basic ", "").split(MASK)
    for part in rest:
        data = base64.b64decode(
            part.rstrip("=")[: len(part.rstrip("=")) // 4 * 4].translate(str.maketrans("-_", "+/"))
        )
        assert secret[:4].encode() not in data


@pytest.mark.parametrize("form", FORMS)
def test_bytes_are_masked_as_text_is(form):
    shown = Redactor([PASSWORD]).bytes(b"\xff\x00" + FORMS[form].encode() + b"\xfe")

    assert MASK.encode() in shown
    assert FORMS[form].encode() not in shown
    assert shown.startswith(b"\xff\x00")
    assert shown.endswith(b"\xfe")


def test_builtins_are_masked_in_keys_values_and_numbers():
    redact = Redactor(["482913", "hunter22"])

    masked = redact.builtins({"hunter22": ["x hunter22", 482913, 7, True, None, 1.5]})
    assert masked == {MASK: [f"x {MASK}", MASK, 7, True, None, 1.5]}


def test_a_secret_that_came_up_later_is_masked_from_then_on():
    redact = Redactor(["hunter22"])
    assert redact.text("hunter22 and newer-one") == f"{MASK} and newer-one"
    redact.add("newer-one")

    assert redact.text("hunter22 and newer-one") == f"{MASK} and {MASK}"


def test_the_longer_of_two_secrets_is_masked_as_a_whole():
    assert Redactor(["hunter", "hunter22"]).text("hunter22!") == f"{MASK}!"


def test_a_very_short_secret_is_masked_as_a_word_only():
    assert Redactor(["42"]).text("pin 42, port 4242, 42") == f"pin {MASK}, port 4242, {MASK}"


def test_without_secrets_nothing_changes():
    redact = Redactor(["", "  "])

    assert redact.text("a  b") == "a  b"
    assert redact.bytes(b"a") == b"a"


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=4, max_size=20).filter(str.strip), st.text(max_size=20), st.text(max_size=20))
def test_no_secret_survives_wherever_it_stands(secret, before, after):
    shown = Redactor([secret]).text(before + secret + after)

    if secret not in MASK and MASK not in secret:
        assert secret not in shown.replace(MASK, "\n\n\n") or secret in before + "\n\n\n" + after


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), max_size=4), st.binary(max_size=200))
def test_masking_never_fails(secrets, data):
    redact = Redactor(secrets)

    redact.bytes(data)
    redact.text(data.decode("latin-1"))
    redact.text(data.decode("utf-8", "surrogateescape"))


def test_masking_a_megabyte_takes_no_time_to_speak_of():
    redact = Redactor([f"secret-number-{n}" for n in range(20)])
    data = base64.b64encode(bytes(range(256)) * 3000)

    with at_most_cpu_s(10):
        redact.bytes(data)
        redact.text("=" * 500_000 + "A" * 500_000)
