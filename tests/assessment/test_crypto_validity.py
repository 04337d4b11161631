"""Until when references accept something, random numbers, radio protocols, and key sizes named in prose."""

from __future__ import annotations

import contextlib
import datetime
import re
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.assessment import crypto
from pytest_etsi.assessment.crypto import _algorithms, _catalogue
from pytest_etsi.assessment.crypto._catalogue import CATALOGUE, algorithm

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


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


@pytest.mark.parametrize(
    ("year", "bits", "levels"),
    [
        (2025, 1899, {"unknown"}),
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
def test_what_ends_is_refuted_after_its_last_year(
    in_year: Callable[[int], None], year: int, levels: set[str]
) -> None:
    in_year(year)

    assert _levels("HMAC-SHA1", use="mac") == levels


@pytest.mark.parametrize(("year", "levels"), [(2030, {"note"}), (2031, {"unknown"})])
def test_an_end_that_nobody_has_compared_with_its_source_is_for_a_person(
    in_year: Callable[[int], None], year: int, levels: set[str]
) -> None:
    in_year(year)

    assert _levels("SHA-224") == levels


def _suite(name: str) -> set[str]:
    return {one.kind for one in crypto.assess_tls((), [name]) if one.aspect == "best-practice"}


@pytest.mark.parametrize(
    ("suite", "last"),
    [
        ("ECDH-RSA-AES128-GCM-SHA256", 2026),
        ("TLS_DH_RSA_WITH_AES_128_GCM_SHA256", 2026),
        ("RSA-PSK-AES128-GCM-SHA256", 2026),
        ("DHE-RSA-AES128-GCM-SHA256", 2029),
        ("DHE-PSK-AES128-GCM-SHA256", 2029),
        ("DHE-DSS-AES128-GCM-SHA256", 2029),
    ],
)
def test_key_exchanges_end_with_the_year_that_the_last_catalogue_names(
    in_year: Callable[[int], None], suite: str, last: int
) -> None:
    in_year(last)
    assert _suite(suite) == {"note"}

    in_year(last + 1)
    assert "violation" in _suite(suite)


def test_key_transport_by_rsa_has_ended() -> None:
    assert _suite("AES128-GCM-SHA256") == {"violation"}


@pytest.mark.parametrize(
    ("name", "status"),
    [("diffie-hellman-group14-sha256", "note"), ("mlkem768x25519-sha256", None), ("curve25519-sha256", None)],
)
def test_key_exchanges_of_ssh(name: str, status: str | None) -> None:
    found = crypto.assess_ssh(crypto.SshSettings(kex=(name,)))

    assert {one.kind for one in found} == ({status} if status else set())


@pytest.mark.parametrize("mode", ["CBC", "CTR", "GCM", "CCM"])
def test_modes_that_catalogues_recommend_give_nothing(mode: str) -> None:
    assert _levels("AES-256", mode=mode) == set()


@pytest.mark.parametrize("name", ["TLS_RSA_WITH_SEED_CBC_SHA", "SEED-SHA"])
def test_seed_has_no_known_attack(name: str) -> None:
    cipher = {
        one.kind for one in crypto.assess_tls((), [name]) if "SEED" in one.message and "cipher" in one.message
    }

    assert cipher == {"note"}


# Which catalogues count -------------------------------------------------------------------------------------


def _by(catalogues: tuple[str, ...], *arguments: object, **options: object) -> set[tuple[str, str]]:
    with crypto.counting(catalogues):
        found = crypto.assess_algorithm(*arguments, **options)  # type: ignore[arg-type]
    return {(one.kind, one.aspect) for one in found}


ATTACKED = {("violation", "best-practice"), ("violation", "attack")}


@pytest.mark.parametrize("version", ["TLS 1.0", "TLS 1.1"])
def test_old_tls_counts_as_attacked_for_the_german_label_alone(version: str) -> None:
    assert _by(("sog-is", "bsi"), version) == ATTACKED
    assert _by(("bsi",), version) == ATTACKED
    for milder in (("sog-is", "bsi", "nist"), ("bsi", "nist"), ("nist", "bsi"), ("sog-is",), ()):
        assert not {aspect for _, aspect in _by(milder, version)} - {"best-practice"}


@pytest.mark.parametrize("name", ["SSLv3", "SSLv2", "WEP"])
@pytest.mark.parametrize("catalogues", [("bsi",), ("nist",), ("sog-is", "bsi", "nist")])
def test_what_is_attacked_by_all_is_so_for_each(name: str, catalogues: tuple[str, ...]) -> None:
    assert _by(catalogues, name) == ATTACKED


@pytest.mark.parametrize(
    ("catalogues", "kind"),
    [
        (("sog-is", "bsi", "nist"), "note"),
        (("nist",), "note"),
        (("bsi",), "violation"),
        (("sog-is", "bsi"), "violation"),
    ],
)
def test_2048_bits_are_what_the_catalogues_that_count_say(catalogues: tuple[str, ...], kind: str) -> None:
    assert _by(catalogues, "RSA", 2048) == {(kind, "best-practice")}


def test_dsa_is_legacy_by_one_catalogue_and_given_up_by_another() -> None:
    assert _by(("bsi",), "DSA", 3072) == {("note", "best-practice")}
    assert _by(("nist",), "DSA", 3072) == {("violation", "best-practice")}
    assert _by(("bsi", "nist"), "DSA", 3072) == {("note", "best-practice")}


def test_other_catalogues_count_again_afterwards() -> None:
    with crypto.counting(("bsi",)), contextlib.suppress(ZeroDivisionError):
        raise ZeroDivisionError

    assert {one.aspect for one in crypto.assess_algorithm("TLS 1.0")} == {"best-practice"}


# Who has compared it ----------------------------------------------------------------------------------------


def _rows() -> list[tuple[str, Mapping[str, Any]]]:
    sections = [CATALOGUE["tls_versions"], CATALOGUE["algorithms"], CATALOGUE["modes"]]
    sections += [*CATALOGUE["tls_parts"].values(), *CATALOGUE["ssh"].values()]
    rows = [(name, entry) for section in sections for name, entry in section.items()]
    return rows + [
        (f"{name} {who}", view) for name, entry in rows for who, view in entry.get("by", {}).items()
    ]


@pytest.mark.parametrize(("name", "entry"), _rows())
def test_a_row_that_nobody_has_compared_refutes_nothing(name: str, entry: Mapping[str, Any]) -> None:
    item = _catalogue._item(name, {key: value for key, value in entry.items() if key != "by"})

    refuting = {one.kind for one in _catalogue.findings_of(item)} & {"violation"}

    assert bool(refuting) == (bool(item.checked) and item.status in {"deprecated", "broken"})


def test_what_is_not_compared_says_so() -> None:
    (found,) = crypto.assess_algorithm("RC2")

    assert found.kind == "unknown"
    assert "nobody has compared" in found.message


def test_a_reference_that_was_looked_at_says_when_and_where() -> None:
    looked_at = [known["checked"] for known in CATALOGUE["references"].values() if known["checked"]]

    assert len(looked_at) > 20
    assert all(", " in text for text in looked_at)


def test_the_year_is_the_present_one() -> None:
    assert _catalogue.this_year() == datetime.datetime.now(datetime.UTC).year


def test_what_is_legacy_says_until_when_or_why() -> None:
    for name, entry in CATALOGUE["algorithms"].items():
        if entry["status"] == "legacy":
            assert entry.get("until") or entry.get("note"), name


@pytest.mark.parametrize("family", ["RSA", "DH", "DSA", "ECC", "symmetric"])
def test_steps_of_key_sizes_go_upwards_and_end_without_end(family: str) -> None:
    steps = CATALOGUE["sizes"][family]["steps"]

    assert [step["from"] for step in steps] == sorted({step["from"] for step in steps})
    assert "until" not in steps[-1]
    for step in steps[:-1]:
        assert 2020 <= step["until"] <= 2050
    assert all(step["source"] in CATALOGUE["references"] for step in steps)


def test_the_references_are_looked_through_again_within_a_year() -> None:
    compiled, review = (
        datetime.date(*map(int, CATALOGUE[key].split("-")), 1) for key in ("compiled", "review_by")
    )

    assert datetime.timedelta(0) < review - compiled <= datetime.timedelta(366)


@pytest.mark.parametrize("name", ["CTR_DRBG", "HMAC-DRBG", "Hash_DRBG", "/dev/random", "getrandom"])
def test_good_random_numbers_are_accepted(name: str) -> None:
    assert _levels(name, use="random") == set()


@pytest.mark.parametrize(
    "name", ["Mersenne Twister", "MT19937", "LCG", "srand", "xorshift", "Dual_EC_DRBG", "java.util.Random"]
)
def test_predictable_random_numbers_are_refuted(name: str) -> None:
    assert _levels(name, use="random") == {"violation"}
    assert _levels(name, use="random", aspect="attack") == {"violation"}


def test_an_old_generator_is_for_a_person() -> None:
    assert _levels("ANSI X9.31", use="random") == {"unknown"}
    assert _levels("ANSI X9.31", use="random", aspect="attack") == set()


def test_random_as_such_says_nothing() -> None:
    assert _levels("random", use="random") == {"unknown"}
    assert algorithm("RAND") is None


@pytest.mark.parametrize(
    ("name", "levels"), [("Z-Wave S0", {"violation"}), ("Z-Wave S2", {"note"}), ("WEP", {"violation"})]
)
def test_radio_protocols(name: str, levels: set[str]) -> None:
    assert _levels(name) == levels


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
