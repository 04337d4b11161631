"""Masking: in every form in which a secret travels, in texts, bytes and builtins, and nothing else."""

from __future__ import annotations

import base64
import hashlib
import html
import itertools
import json
import re
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import example, given, settings
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


KEY = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\nqV3xT0p9Z2h1R4yKcW8bN5sLdFjG7uEa\n-----END PRIVATE KEY-----\n"
TOKEN = hashlib.shake_256(b"token").hexdigest(450)


@pytest.mark.parametrize(
    ("secret", "shown"),
    [
        (PASSWORD, PASSWORD.encode("latin-1")),
        (PASSWORD, PASSWORD.encode("utf-16-le")),
        (PASSWORD, PASSWORD.encode("utf-16-be")),
        ("пароль-9", "пароль-9".encode("utf-16-le")),
        (PASSWORD, base64.b64encode(base64.b64encode(PASSWORD.encode()))),
        (PASSWORD, base64.b64encode(b"owner:" + base64.b64encode(b"x" + PASSWORD.encode()))),
        (PASSWORD, base64.b64encode(PASSWORD.encode("utf-16-le"))),
        (TOKEN, base64.encodebytes(TOKEN.encode())),
        (TOKEN, base64.encodebytes(TOKEN.encode()).replace(b"\n", b"\r\n  ")),
        (PASSWORD, quote(quote(PASSWORD, safe=""), safe="").encode()),
        (PASSWORD, json.dumps(quote_plus(PASSWORD)).replace("%", "\\u0025").encode()),
        (PASSWORD, "".join(f"&#{ord(char)};" for char in PASSWORD).encode()),
        (PASSWORD, "".join(f"\\u{ord(char):04x}" for char in PASSWORD).encode()),
    ],
)
def test_bytes_are_masked_in_every_encoding_and_one_within_the_other(secret, shown):
    masked = Redactor([secret]).bytes(b"before " + shown + b" after")

    assert MASK.encode() in masked
    assert masked.startswith(b"before ")
    assert masked.endswith(b" after")
    assert len(masked) < len(b"before " + shown + b" after") / 2 + 40


@pytest.mark.parametrize("line", KEY.splitlines()[1:-1])
def test_a_key_of_several_lines_is_masked_line_by_line(line):
    redact = Redactor([KEY])

    assert redact.text(f"    {line}") == f"    {MASK}"
    assert redact.text("-----BEGIN PRIVATE KEY-----") == "-----BEGIN PRIVATE KEY-----"


def test_the_last_line_break_of_a_text_block_is_no_part_of_the_secret():
    assert Redactor(["hunter22\n"]).text("a hunter22 b") == f"a {MASK} b"


@pytest.mark.parametrize(
    "cut",
    [
        f"{TOKEN[:117]}...{TOKEN[-117:]}",
        f"{TOKEN[:13]}...{TOKEN[-14:]}",
        f"{TOKEN[:9]}… (+891)",
        f"token {TOKEN[:20]} [...]",
        f"token {TOKEN[:7]} ...",
        f"{TOKEN[300:340]}",
    ],
)
def test_what_is_left_of_a_token_that_was_shortened_is_masked(cut):
    shown = Redactor([TOKEN]).text(f"got '{cut}' there")

    assert not any(TOKEN[at : at + 4] in shown for at in range(len(TOKEN) - 4))


@pytest.mark.parametrize("kept", range(4, len("hunter-number-22")))
def test_a_text_that_ends_or_begins_within_a_secret_shows_nothing_of_it(kept):
    secret = "hunter-number-22"
    redact = Redactor([secret])

    assert redact.text("x" * 80 + secret[:kept]) == "x" * 80 + MASK
    assert redact.text(secret[-kept:] + "x" * 80) == MASK + "x" * 80


def test_a_secret_that_came_in_pieces_is_masked_across_them():
    pieces = [b"login: ", *(bytes((byte,)) for byte in b"hunter22"), b"\r\nwelcome"]
    masked = Redactor(["hunter22"]).pieces(pieces)

    assert len(masked) == len(pieces)
    assert b"".join(masked) == b"login: " + MASK.encode() + b"\r\nwelcome"


ENCODINGS = {
    "URL": lambda text: quote(text, safe=""),
    "JSON": lambda text: json.dumps(text)[1:-1],
    "HTML": html.escape,
    "references": lambda text: text.replace("a", "&#97;"),
}


@pytest.mark.parametrize("names", list(itertools.product(ENCODINGS, repeat=3)), ids="-".join)
@example("0000'")
@example('ab"<a>&c')
@example("a\\'ü%41")
@settings(max_examples=5, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF), min_size=5, max_size=30))
def test_encodings_upon_each_other_hide_nothing(names, secret):
    text = secret
    for name in names:
        text = ENCODINGS[name](text)
        assert text not in Redactor([secret]).text(f"<p> {text} </p>")


def test_many_signs_of_encodings_take_no_time_to_speak_of():
    redact = Redactor([f"secret-number-{n}" for n in range(20)])

    with at_most_cpu_s(20):
        for flood in ("%41", "\\u0041", "&amp;", "\0a", "...", "A" * 20 + "\n"):
            redact.text(flood * (300_000 // len(flood)))
