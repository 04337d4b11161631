"""Spellings of TLS versions, TLS cipher suites and SSH algorithms, brought to one form."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["SSH_SIGNALS", "TLS_SIGNALS", "Suite", "ssh_name", "tls_suite", "tls_version"]


def tls_version(name: str) -> str | None:
    """The form "TLSv1.2", "SSLv3", "DTLSv1.2" of a protocol version; None when it is none.

    Understood are "TLS 1.2", "TLSv1.2", "tls1_2", "TLS-1.2", "1.2", "SSL 3.0", "TLSv1" and the like.
    """
    text = re.sub(r"[\s_\-/]+", "", name.strip().lower().replace("1_", "1.").replace("1-", "1."))
    match = re.fullmatch(r"(d?tls|ssl)?(?:protocol)?v?(?:ersion)?(\d)(?:\.?(\d))?", text)
    if match is None:
        return None
    kind, major, minor = match.group(1) or "tls", match.group(2), match.group(3) or "0"
    if kind == "ssl":
        return f"SSLv{major}" if (major, minor) in {("2", "0"), ("3", "0")} else None
    known = {"tls": "0123", "dtls": "023"}[kind]
    return f"{kind.upper()}v1.{minor}" if major == "1" and minor in known else None


@dataclass(frozen=True, slots=True)
class Suite:
    """A TLS cipher suite by its components; equal for every spelling of the same suite.

    Attributes:
        key_exchange: ECDHE, DHE, RSA, ECDH, DH, PSK, ECDHE_PSK, DHE_PSK, RSA_PSK, SRP, or "TLS1.3".
        authentication: RSA, ECDSA, DSS, PSK, ANON, or "" (TLS 1.3: not part of the suite).
        cipher: such as AES-GCM, AES-CBC, CHACHA20-POLY1305, NULL.
        key_bits: size of the key of the cipher; 0 where the name does not say.
        hash: MD5, SHA, SHA256, SHA384, or "" (fixed by the cipher).
        export: whether its keys are limited to export strength.
    """

    key_exchange: str
    authentication: str
    cipher: str
    key_bits: int
    hash: str
    export: bool = False

    @property
    def tls13(self) -> bool:
        """Whether it is a suite of TLS 1.3."""
        return self.key_exchange == "TLS1.3"


TLS_SIGNALS = frozenset({"EMPTYRENEGOTIATIONINFOSCSV", "FALLBACKSCSV"})
"""Values in a list of suites that are none, without TLS_ and underscores."""

_EXCHANGES: tuple[tuple[str, str, str], ...] = (
    # spelled out of TLS_..._WITH_ or of OpenSSL's prefix; the longest first
    ("ECDHE-ECDSA", "ECDHE", "ECDSA"), ("ECDHE-RSA", "ECDHE", "RSA"), ("ECDHE-PSK", "ECDHE_PSK", "PSK"),
    ("ECDHE-ANON", "ECDHE", "ANON"), ("ECDH-ANON", "ECDHE", "ANON"), ("AECDH", "ECDHE", "ANON"),
    ("ECDH-ECDSA", "ECDH", "ECDSA"), ("ECDH-RSA", "ECDH", "RSA"),
    ("DHE-RSA", "DHE", "RSA"), ("EDH-RSA", "DHE", "RSA"), ("DHE-DSS", "DHE", "DSS"), ("EDH-DSS", "DHE", "DSS"),
    ("DHE-PSK", "DHE_PSK", "PSK"), ("PSK-DHE", "DHE_PSK", "PSK"),
    ("DH-ANON", "DHE", "ANON"), ("ADH", "DHE", "ANON"), ("DH-RSA", "DH", "RSA"), ("DH-DSS", "DH", "DSS"),
    ("RSA-PSK", "RSA_PSK", "RSA"), ("SRP-SHA-RSA", "SRP", "RSA"), ("SRP-SHA-DSS", "SRP", "DSS"),
    ("SRP-SHA", "SRP", "SRP"), ("SRP-RSA", "SRP", "RSA"), ("SRP-DSS", "SRP", "DSS"), ("SRP", "SRP", "SRP"),
    ("ECDHE", "ECDHE", "RSA"), ("RSA", "RSA", "RSA"), ("PSK", "PSK", "PSK"),
)  # fmt: skip
_CIPHER = re.compile(
    r"(?:(AES|CAMELLIA|ARIA)-?(128|256)(?:-(GCM|CCM-8|CCM8|CCM|CBC))?"
    r"|(CHACHA20)-POLY1305|(3DES-EDE|DES-CBC3|DES40|DES|IDEA|SEED|RC2|RC4|NULL)(?:-CBC)?(?:-?(40|56|128))?(?:-CBC)?)"
    r"(?:-(MD5|SHA256|SHA384|SHA))?"
)


def tls_suite(name: str) -> Suite | None:
    """The components of a cipher suite, from its IANA or OpenSSL name; None when it is not understood."""
    text = name.strip().upper().replace("_", "-").replace("--", "-")
    export = False
    if text.startswith("TLS-") and "-WITH-" in text:
        exchange, _, rest = text.removeprefix("TLS-").partition("-WITH-")
        export = exchange.endswith("-EXPORT")
        found = next((e for e in _EXCHANGES if e[0] == exchange.removesuffix("-EXPORT")), None)
        if found is None:
            return None
        return _suite(found[1], found[2], rest, export)
    if text.startswith("TLS-"):
        match = _CIPHER.fullmatch(text.removeprefix("TLS-"))
        if match is None or match.group(5) or match.group(3) == "CBC":
            return None
        return _suite("TLS1.3", "", text.removeprefix("TLS-"), export)
    for prefix in ("EXP1024-", "EXP-"):
        if text.startswith(prefix):
            text, export = text.removeprefix(prefix), True
    for spelled, exchange, authentication in _EXCHANGES:
        if text.startswith(f"{spelled}-"):
            suite = _suite(exchange, authentication, text.removeprefix(f"{spelled}-"), export)
            if suite is not None:
                return suite
    return _suite("RSA", "RSA", text, export)


def _suite(exchange: str, authentication: str, rest: str, export: bool) -> Suite | None:
    match = _CIPHER.fullmatch(rest)
    if match is None:
        return None
    family, bits, mode, chacha, other, other_bits, mac = match.groups()
    if chacha:
        return Suite(exchange, authentication, "CHACHA20-POLY1305", 256, "", export)
    if family:
        mode = {None: "CBC", "CCM-8": "CCM8"}.get(mode, mode)
        if mode == "CBC" and not mac:
            return None
        # CCM fixes its hash except in TLS 1.3; there and for GCM the hash is part of the name.
        hash_name = "" if mode in {"CCM", "CCM8"} else mac or ""
        return Suite(exchange, authentication, f"{family}-{mode}", int(bits), hash_name, export)
    cipher = {
        "3DES-EDE": "3DES-CBC", "DES-CBC3": "3DES-CBC", "DES40": "DES-CBC", "DES": "DES-CBC", "IDEA": "IDEA-CBC",
        "SEED": "SEED-CBC", "RC2": "RC2-CBC", "RC4": "RC4", "NULL": "NULL",
    }[other]  # fmt: skip
    if not mac:
        return None
    export = export or other == "DES40" or other_bits in {"40", "56"}
    bits = {"3DES-CBC": 168, "DES-CBC": 56, "NULL": 0}.get(cipher, 128)
    return Suite(exchange, authentication, cipher, 40 if export else bits, mac, export)


SSH_SIGNALS = frozenset({"ext-info-c", "ext-info-s"})
"""Entries of a list of key exchanges that are none; so are those that begin with kex-strict-."""


def ssh_name(name: str) -> str | None:
    """The customary name of an SSH algorithm; None for a signal that is no algorithm."""
    text = name.strip()
    if text in SSH_SIGNALS or text.startswith("kex-strict-") or not text:
        return None
    return {
        "curve25519-sha256@libssh.org": "curve25519-sha256",
        "sntrup761x25519-sha512@openssh.com": "sntrup761x25519-sha512",
        "rijndael-cbc@lysator.liu.se": "aes256-cbc",
        "hmac-ripemd160@openssh.com": "hmac-ripemd160",
    }.get(text, text)
