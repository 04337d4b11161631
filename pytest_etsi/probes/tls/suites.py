"""TLS cipher suites: identifiers, names, and what a name says about key exchange, cipher and MAC."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

from pytest_etsi.probes.observation import Observation

__all__ = ["CipherSuite", "authentication", "cipher_suite", "cipher_suites", "suite_name"]

_TLS13 = frozenset({0x00C6, 0x00C7, 0xC0B4, 0xC0B5, *range(0x1301, 0x1308), *range(0xC103, 0xC107)})


@dataclass(frozen=True, slots=True)
class CipherSuite(Observation):
    """A cipher suite, taken apart by its name.

    Attributes:
        id: two-byte identifier.
        name: name in the IANA registry.
        key_exchange: "ECDHE", "DHE", "RSA", "PSK", ...; empty for TLS 1.3, whose suites do not say.
        authentication: "RSA", "ECDSA", "DSS", "PSK", "anon", ...; empty for TLS 1.3.
        cipher: "AES_128_GCM", "3DES_EDE_CBC", "NULL", ...
        mac: "SHA", "SHA256", "AEAD", "MD5", ...
        tls13: a suite of TLS 1.3.
    """

    id: int
    name: str
    key_exchange: str
    authentication: str
    cipher: str
    mac: str
    tls13: bool


@cache
def cipher_suites() -> dict[int, CipherSuite]:
    """All known cipher suites by identifier."""
    text = resources.files(__package__).joinpath("data/cipher-suites.txt").read_text(encoding="ascii")
    found = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            number, name = line.split()
            found[int(number, 16)] = _take_apart(int(number, 16), name)
    return found


def cipher_suite(name: str) -> CipherSuite | None:
    """The cipher suite of that name, or None."""
    return _by_name().get(name)


def authentication(suite: int) -> str:
    """By what a suite shows who the server is; empty where that is not known."""
    known = cipher_suites().get(suite)
    return known.authentication if known else ""


def suite_name(number: int) -> str:
    """Name of a suite; an unknown one is written as `0xABCD`."""
    known = cipher_suites().get(number)
    return known.name if known else f"0x{number:04X}"


@cache
def _by_name() -> dict[str, CipherSuite]:
    return {suite.name: suite for suite in cipher_suites().values()}


def _take_apart(number: int, name: str) -> CipherSuite:
    plain = name.removeprefix("OLD_").removeprefix("TLS_").removeprefix("SSL_")
    tls13 = number in _TLS13
    agreed, _, rest = plain.partition("_WITH_") if "_WITH_" in plain else ("", "", plain)
    key_exchange, authentication = _key_exchange(agreed)
    if number in {0xC0B4, 0xC0B5}:
        return CipherSuite(number, name, "", "", "NULL", rest.split("_")[0], tls13)
    cipher, _, mac = rest.rpartition("_")
    if any(mode in rest for mode in ("GCM", "CCM", "POLY1305", "AEGIS", "MGM")):
        ends_with_hash = mac.startswith("SHA") or mac == "SM3"
        return CipherSuite(
            number, name, key_exchange, authentication, cipher if ends_with_hash else rest, "AEAD", tls13
        )
    return CipherSuite(number, name, key_exchange, authentication, cipher, mac, tls13)


def _key_exchange(agreed: str) -> tuple[str, str]:
    """Key exchange and authentication from the part of a name before `_WITH_`."""
    export = "_EXPORT" in agreed
    words = agreed.replace("_EXPORT1024", "").replace("_EXPORT", "").split("_") if agreed else []
    if not words:
        return "", ""
    if words[0] == "PSK" and words[-1] == "DHE":  # TLS_PSK_DHE_WITH_AES_128_CCM_8
        words = ["DHE", "PSK"]
    if words[0] == "SRP":
        return "SRP", words[-1] if words[-1] != "SHA" else "SRP"
    if words[0] in {"RSA", "PSK", "KRB5", "ECCPWD"} or words[0].startswith("GOST"):
        exchange, authentication = words[0], words[-1] if len(words) > 1 and words[-1] == "PSK" else words[0]
    else:
        exchange, authentication = words[0], words[-1]
    if export:
        exchange = f"{exchange}_EXPORT"
    return exchange, authentication
