"""Contradictions in the documents on passwords and logins (5.1)."""

from __future__ import annotations

from contradictions import worse

__all__ = ["CHANGES"]


STREAM = ("1-AuthMech", "AuthMech-stream")
WEB = ("1-AuthMech", "AuthMech-web")

CHANGES = {
    "a generated password with a common word": worse(
        *STREAM, "facts.password.generation.examples", ["password1234"], "5.1-2-1/b"
    ),
    "generated passwords that count up": worse(
        *STREAM,
        "facts.password.generation",
        {
            "method": "counter",
            "inputs": ["counter"],
            "length": 8,
            "alphabet": "digits",
            "production_volume": 200000,
        },
        "5.1-2-1/a",
        "5.1-2-1/d",
    ),
    "a password generation that says nothing": worse(
        *STREAM, "Password Generation Mechanism", "tbd", "5.1-1-1/a"
    ),
    "a login without authenticity": worse(*WEB, "facts.guarantees", ["confidentiality"], "5.1-3-1/a"),
    "a login with passwords stored as MD5": worse(
        *WEB,
        "facts.cryptography",
        [{"use": "password-storage", "algorithm": "MD5"}],
        "5.1-3-1/c",
        "5.5-4-1/c",
        "5.5-5-1/a",
    ),
    "a login with RC4": worse(
        *WEB,
        "facts.tls.cipher_suites",
        ["TLS_ECDHE_ECDSA_WITH_RC4_128_SHA"],
        "5.1-3-1/c",
        "5.1-3-1/d",
        "5.5-4-1/c",
        "5.5-5-1/a",
    ),
    "a lock that counts for each connection": worse(
        *WEB, "facts.brute_force.scope", "connection", "5.1-5-1/a"
    ),
}
