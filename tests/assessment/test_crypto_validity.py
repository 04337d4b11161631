"""Until when references accept something, random numbers, radio protocols, and key sizes named in prose."""

from __future__ import annotations

import datetime
import re
from typing import TYPE_CHECKING

import pytest

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.crypto import _algorithms, _catalogue
from pytest_etsi.assessment.crypto._catalogue import CATALOGUE, algorithm

if TYPE_CHECKING:
    from collections.abc import Callable


def _levels(*arguments: object, aspect: str = "best-practice", **options: object) -> set[str]:
    return {
        one.kind
        for one in crypto.assess_algorithm(*arguments, **options)  # type: ignore[arg-type]
        if one.aspect == aspect
    }


@pytest.fixture
def in_year(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the year by which validity is decided."""

    def change(year: int) -> None:
        for module in (_catalogue, _algorithms):
            monkeypatch.setattr(module, "this_year", lambda: year)

    return change


# -- validity ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "bits", "levels"),
    [
        (2025, 1899, {"violation"}),
        (2025, 1900, {"note"}),
        (2026, 1900, {"violation"}),
        (2026, 2047, {"violation"}),
        (2026, 2048, {"note"}),
        (2030, 2048, {"note"}),
        (2031, 2048, {"violation"}),
        (2031, 2999, {"violation"}),
        (2031, 3000, set()),
        (2099, 4096, set()),
    ],
)
@pytest.mark.parametrize("family", ["RSA", "DH"])
def test_how_long_a_key_size_is_accepted(
    in_year: Callable[[int], None], family: str, year: int, bits: int, levels: set[str]
) -> None:
    in_year(year)

    assert _levels(family, bits) == levels


@pytest.mark.parametrize(("year", "levels"), [(2030, {"note"}), (2031, {"violation"})])
@pytest.mark.parametrize("name", ["HMAC-SHA1", "SHA-224"])
def test_what_ends_is_refuted_after_its_last_year(
    in_year: Callable[[int], None], name: str, year: int, levels: set[str]
) -> None:
    in_year(year)

    assert _levels(name, use="mac" if name.startswith("HMAC") else None) == levels


def test_the_year_is_the_present_one() -> None:
    assert _catalogue.this_year() == datetime.datetime.now(datetime.UTC).year


def test_what_is_legacy_says_until_when_or_why() -> None:
    for name, entry in CATALOGUE["algorithms"].items():
        if entry["status"] == "legacy":
            assert entry.get("until") or entry.get("note"), name


@pytest.mark.parametrize("family", ["RSA", "DH", "ECC", "symmetric"])
def test_steps_of_key_sizes_go_upwards_and_end_without_end(family: str) -> None:
    steps = CATALOGUE["sizes"][family]["steps"]

    assert [step["from"] for step in steps] == sorted({step["from"] for step in steps})
    assert "until" not in steps[-1]
    for step in steps[:-1]:
        assert 2020 <= step["until"] <= 2050
        assert step["source"] in CATALOGUE["references"]


def test_the_references_are_looked_through_again_within_a_year() -> None:
    compiled, review = (
        datetime.date(*map(int, CATALOGUE[key].split("-")), 1) for key in ("compiled", "review_by")
    )

    assert datetime.timedelta(0) < review - compiled <= datetime.timedelta(366)


# -- random numbers and radio -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["CTR_DRBG", "HMAC-DRBG", "Hash_DRBG", "/dev/urandom", "getrandom"])
def test_good_random_numbers_are_accepted(name: str) -> None:
    assert _levels(name, use="random") == set()


@pytest.mark.parametrize(
    "name", ["Mersenne Twister", "MT19937", "LCG", "srand", "xorshift", "Dual_EC_DRBG", "java.util.Random"]
)
def test_predictable_random_numbers_are_refuted(name: str) -> None:
    assert _levels(name, use="random") == {"violation"}
    assert _levels(name, use="random", aspect="attack") == {"violation"}


def test_an_old_generator_is_not_best_practice() -> None:
    assert _levels("ANSI X9.31", use="random") == {"violation"}
    assert _levels("ANSI X9.31", use="random", aspect="attack") == set()


def test_random_as_such_says_nothing() -> None:
    assert _levels("random", use="random") == {"unknown"}
    assert algorithm("RAND") is None


@pytest.mark.parametrize(
    ("name", "levels"), [("Z-Wave S0", {"violation"}), ("Z-Wave S2", {"note"}), ("WEP", {"violation"})]
)
def test_radio_protocols(name: str, levels: set[str]) -> None:
    assert _levels(name) == levels


# -- prose ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "The update is signed using RSA-1024.",
        "Signed with a 1024-bit RSA key.",
        "RSA keys of 512 bits are used for the session.",
        "Key exchange: DH-1024.",
        "The key is agreed on with 768-bit Diffie-Hellman.",
        "Tokens are generated with the Mersenne Twister.",
        "The session id is made with rand().",
        "Security: Z-Wave S0.",
        "The radio is protected with WPA-TKIP.",
        "Keys are generated using Dual_EC_DRBG.",
    ],
)
def test_weakness_that_a_text_says_is_used_is_refuted(text: str) -> None:
    assert {one.kind for one in crypto.assess_prose(text)} == {"violation"}


@pytest.mark.parametrize(
    "text",
    [
        "The update is signed using RSA-2048.",
        "RSA-1024 is no longer used.",
        "RSA keys below 2048 bits, such as RSA-1024, are refused.",
        "The buffer for RSA has 1024 bytes and is used with RSA-3072.",
        "Uses RSA 1024 bytes at a time.",
        "The part number is RSA-1024-B and the chip is used for signatures.",
        "The key exchange uses DH-2048, never DH-1024.",
        "The Mersenne Twister is used for the screen saver only, not for keys.",
        "rand() is not used; all random numbers come from getrandom().",
        "Z-Wave S2 only; S0 is disabled.",
        "The radio offers WPA2-AES; TKIP is switched off.",
        "Pairing uses LE Secure Connections instead of LE Legacy Pairing.",
        "1024-bit blocks are hashed with SHA-512.",
        "Model DH-1024 has no key exchange.",
        "TLS1.3 preferred, 1.2 min.; clients with TLS1.0/1.1/SSLv3 get alert protocol_version.",
        "Uses TLS 1.2 min. With SSLv3 the handshake ends in an error.",
    ],
)
def test_truthful_text_in_other_words_is_not_refuted(text: str) -> None:
    assert [one for one in crypto.assess_prose(text) if one.kind == "violation"] == []


def test_names_are_keys_without_spelling() -> None:
    for name in (name for entry in CATALOGUE["algorithms"].values() for name in entry["names"]):
        assert re.fullmatch(r"[a-z0-9]+", name), name
