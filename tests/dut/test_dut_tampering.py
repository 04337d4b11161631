"""A token that is changed says something else or is signed otherwise, in whatever alphabet it is written."""

from __future__ import annotations

import base64
import os
import re

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.dut.observe.access.tampering import tamper, tampered


def decoded(part: str) -> bytes:
    """As lenient libraries read base64: what does not fill a byte at the end is dropped."""
    return base64.urlsafe_b64decode(part.rstrip("=") + "==")


@given(st.binary(min_size=3, max_size=80))
def test_a_signature_in_base64_is_another_one_for_a_lenient_reader_too(signature):
    for written in (base64.urlsafe_b64encode(signature), base64.urlsafe_b64encode(signature).rstrip(b"=")):
        token = f"eyJhbGciOiJIUzI1NiJ9.e30.{written.decode()}"
        if re.fullmatch("[-_]*", written.decode().rstrip("=")):
            continue
        other = tampered(token)

        assert [decoded(one) for one in other.split(".")] != [decoded(one) for one in token.split(".")]


@given(st.binary(min_size=2, max_size=40))
def test_digits_in_hexadecimal_are_another_number_in_either_case(value):
    for written in (value.hex(), value.hex().upper()):
        assert int(tampered(written), 16) != int(written, 16)


@pytest.mark.parametrize(
    ("token", "part"),
    [
        (f"head.{'p' * 20}.{'s' * 43}", 2),
        (f"session.{'a' * 32}.v1", 1),
    ],
)
def test_the_last_long_part_is_the_one_that_is_changed(token, part):
    before, after = token.split("."), tampered(token).split(".")

    assert [place for place in range(len(before)) if before[place] != after[place]] == [part]


def test_an_escaped_character_is_left_whole():
    assert "%41%42%43" in tampered("ab%41%42%43")


@pytest.mark.parametrize("token", ["", "..", "-_-"])
def test_a_token_without_letters_and_digits_stays_as_it_is(token):
    assert tampered(token) == token


def test_headers_that_the_login_gave_and_cookies_are_changed():
    token = os.urandom(16).hex()
    client = httpx.Client(
        headers={"Authorization": f"Bearer {token}", "X-Auth": token}, cookies={"id": token}
    )

    assert tamper(client, frozenset({"authorization", "x-auth"}))
    assert token not in client.headers["authorization"]
    assert client.headers["authorization"].startswith("Bearer ")
    assert client.headers["x-auth"] != token
    assert client.cookies["id"] != token


@pytest.mark.parametrize("client", [httpx.Client(headers={"Authorization": "Basic YTpi"}), httpx.Client()])
def test_without_a_token_there_is_nothing_to_change(client):
    assert not tamper(client, frozenset({"authorization"}))
