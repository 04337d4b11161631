"""Assessment of a single named algorithm with its key size, mode, use and parameters."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.crypto._catalogue import (
    CATALOGUE,
    Item,
    algorithm,
    checked,
    counts,
    findings_of,
    key_of,
    part,
    reference,
    this_year,
)
from pytest_etsi.assessment.crypto._names import tls_version
from pytest_etsi.assessment.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["assess_algorithm"]

_HASHES = frozenset({"MD4", "MD5", "SHA-1", "SHA-224", "SHA-2", "SHA-3"})
_BROKEN_HASHES = frozenset({"MD4", "MD5", "SHA-1"})
_COLLISION_USES = frozenset({"signature", "hash", "certificate"})
_FAMILIES = {
    "RSA": "RSA", "RSA PKCS #1 v1.5 encryption": "RSA", "RSA PKCS #1 v1.5 signature": "RSA", "DSA": "DSA", "DH": "DH",
    "ECC": "ECC", "AES": "symmetric",
}  # fmt: skip
_MODES = tuple(sorted(CATALOGUE["modes"], key=len, reverse=True))
_CURVES = {
    "secp192r1": 192,
    "prime192v1": 192,
    "secp224r1": 224,
    "secp256r1": 256,
    "prime256v1": 256,
    "secp384r1": 384,
}


def assess_algorithm(
    name: str,
    key_bits: int | None = None,
    mode: str | None = None,
    use: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> tuple[Finding, ...]:
    """Assess one algorithm as documented.

    Args:
        name: such as "AES-128-GCM", "RSA-2048", "ECDSA P-256", "HMAC-SHA256", "scrypt", "TLS 1.2".
        key_bits: size of the key; None: taken from the name.
        mode: mode of operation; None: taken from the name.
        use: what for: password-storage, key-exchange, signature, encryption, mac, hash, token, random.
        parameters: of a password hash: iterations, hash, n, r, p, m, t, cost.

    Returns:
        Findings of the aspects ``best-practice`` and ``attack``; none for what the catalogue recommends.
    """
    version = tls_version(name) if re.search(r"(?i)tls|ssl", name) else None
    if version is not None:
        known = part("tls_versions", version)
        return tuple(findings_of(known)) if known else ()
    item, found_bits, found_mode = _identify(name)
    key_bits = key_bits if key_bits is not None else found_bits
    mode = mode or found_mode
    what = name.strip()
    findings: list[Finding] = []
    if item is None:
        message = f"{what!r} is not in the catalogue; evidence of the supplier has to be judged."
        findings.append(Finding("unknown", "best-practice", message, found=what))
    elif use == "password-storage":
        findings += _password_storage(item, what, dict(parameters or {}))
    elif item.name in _BROKEN_HASHES:
        findings += _broken_hash(item, what, use)
    elif item.name == "no encryption" and use not in {None, "encryption", "key-exchange", "mac"}:
        message = f"{what!r} for {use} cannot be assessed by its name."
        findings.append(Finding("unknown", "best-practice", message, found=what))
    else:
        findings += findings_of(item, what)
    if item is not None:
        findings += _size(item, what, key_bits)
    if mode:
        findings += _mode(mode, what)
    return tuple(findings)


def _identify(name: str) -> tuple[Item | None, int | None, str | None]:
    """The catalogue's entry with key size and mode, as far as the name says them."""
    item = algorithm(name)
    text = re.sub(r"[\s_/]+", "-", name.strip().upper())
    if item is not None:
        stated = re.fullmatch(r"AES-?(128|192|256)", text)
        return item, int(stated.group(1)) if stated else None, None
    for curve, bits in _CURVES.items():
        if key_of(curve) in key_of(name):
            return algorithm("ecc"), bits, None
    match = re.fullmatch(r"(?:ECDSA|ECDHE?|ECC|EC|NIST)?-?\(?(?:NIST-?)?P-?(192|224|256|384|521)\)?", text)
    if match is None:
        match = re.fullmatch(
            r"(?:(?:ECDSA|ECDHE?|ECC|EC)-?)?BRAINPOOL-?P?(160|192|224|256|320|384|512)[RT]1", text
        )
    if match is not None:
        return algorithm("ecc"), int(match.group(1)), None
    match = re.fullmatch(
        r"(RSA|DSA|DHE?|FFDHE|MODP|DIFFIE-HELLMAN)-?(?:OAEP-|PSS-)?(\d{3,5})(?:-?BITS?)?", text
    )
    if match is not None:
        return algorithm(match.group(1)), int(match.group(2)), None
    for mode in _MODES:
        if text.endswith(f"-{mode}") or f"-{mode}-" in text:
            found, size, _ = _identify(text.replace(f"-{mode}", ""))
            if found is not None:
                return found, size, mode
    return None, None, None


def _broken_hash(item: Item, what: str, use: str | None) -> list[Finding]:
    if use == "mac":
        hmac = algorithm("hmac-sha1" if item.name == "SHA-1" else "hmac-md5")
        return findings_of(hmac, f"{what} as a MAC") if hmac else []
    if use in _COLLISION_USES:
        return findings_of(item, f"{what} for {use}")
    if item.name == "SHA-1":
        # SHA-1 in HMAC, key derivation or one-time passwords has no known attack; without the use it stays open.
        message = f"Whether {what} is acceptable depends on its use; for signatures it is not."
        return [Finding("unknown", "best-practice", message, found=what, source=item.source)]
    return findings_of(item, what, broken=False)


def _size(item: Item, what: str, key_bits: int | None) -> list[Finding]:
    family = _FAMILIES.get(item.name)
    if family is None:
        return []
    bounds = CATALOGUE["sizes"][family]
    source = "; ".join(reference(key) for key in bounds["sources"])
    if key_bits is None:
        if family == "symmetric":
            return []  # every key size of AES is accepted
        message = f"The key size of {what} is not stated."
        return [Finding("unknown", "best-practice", message, expected="a key size", source=source)]
    # The steps go upwards; each is accepted up to a year, the last one without an end.
    counted = [step for step in bounds["steps"] if counts(step["source"])]
    accepted = [step for step in counted if this_year() <= step.get("until", math.inf)] or bounds["steps"][
        -1:
    ]
    least, endless = (
        accepted[0]["from"],
        next((step["from"] for step in accepted if "until" not in step), None),
    )
    wanted, found = f"at least {least} bits", f"{key_bits} bits"
    if key_bits < least:
        if not checked(accepted[0]):
            message = f"{what} with {key_bits} bits is short; nobody has compared the bound with its source."
            return [Finding("unknown", "best-practice", message, expected=wanted, found=found, source=source)]
        message = f"{what} with {key_bits} bits is below every catalogue's minimum."
        return [Finding("violation", "best-practice", message, expected=wanted, found=found, source=source)]
    if endless is None or key_bits < endless:
        until = max(step["until"] for step in accepted if "until" in step and step["from"] <= key_bits)
        message = (
            f"{what} with {key_bits} bits is legacy, accepted until {until} at the latest ({bounds['note']})."
        )
        wanted = f"{bounds['steps'][-1]['from']} bits"
        return [Finding("note", "best-practice", message, expected=wanted, found=found, source=source)]
    return []


def _mode(mode: str, what: str) -> list[Finding]:
    item = part("modes", mode.strip().upper().replace("_", "-"))
    if item is None:
        message = f"The mode {mode!r} of {what} is not in the catalogue."
        return [Finding("unknown", "best-practice", message, found=mode)]
    return findings_of(item, f"{item.name} mode of {what}" if item.name not in what.upper() else what)


# Password storage -------------------------------------------------------------------------------------------


def _password_storage(item: Item, what: str, parameters: dict[str, Any]) -> list[Finding]:
    table = CATALOGUE["password_hash"]
    if item.name in _HASHES:
        rounds = _number(parameters, "iterations", "rounds")
        source = reference(table["fast"]["source"])
        if rounds is not None and rounds >= table["PBKDF2"]["refuted_below"]["iterations"]:
            message = (
                f"{what} with {rounds:g} rounds is a construction of its own, in none of the catalogues."
            )
            return [Finding("unknown", "best-practice", message, found=what, source=source)]
        message = f"{what} is a fast hash and not a password hash."
        expected = "a salted password hash such as Argon2id, scrypt or PBKDF2"
        return [Finding("violation", "best-practice", message, expected=expected, found=what, source=source)]
    findings = findings_of(item, f"{what} for stored passwords" if item.name == "no encryption" else what)
    salt = _number(parameters, "salt_bits", "salt_length", "salt")
    if salt == 0:
        message = f"{what} is used without salt."
        source = reference("sp800-63b")
        findings.append(Finding("violation", "best-practice", message, expected="a salt", source=source))
    if item.name.startswith("PBKDF2"):
        findings += _pbkdf2(item, what, parameters, table["PBKDF2"])
    elif item.name in {"scrypt", "Argon2id", "Argon2i/d"}:
        findings += _memory_hard(
            item, what, parameters, table["scrypt" if item.name == "scrypt" else "Argon2id"]
        )
    elif item.name == "bcrypt":
        cost = _number(parameters, "cost", "rounds", "work_factor")
        findings += _below(
            what, "cost", cost, table["bcrypt"]["recommended"]["cost"], table["bcrypt"]["source"]
        )
    return findings


def _number(parameters: Mapping[str, Any], *names: str) -> float | None:
    for name in names:
        value = parameters.get(name)
        if isinstance(value, bool):
            return None if value else 0.0
        if isinstance(value, int | float):
            return float(value)
    return None


def _below(what: str, name: str, value: float | None, recommended: float, source: str) -> list[Finding]:
    if value is None:
        message = f"The {name} of {what} is not stated."
        return [Finding("unknown", "best-practice", message, expected=f"{name} {recommended:g}")]
    if value >= recommended:
        return []
    message = f"{what} has a {name} of {value:g}; whether that is enough here is for a person to judge."
    wanted, found = f"{recommended:g}", f"{value:g}"
    return [
        Finding("unknown", "best-practice", message, expected=wanted, found=found, source=reference(source))
    ]


def _pbkdf2(item: Item, what: str, parameters: Mapping[str, Any], table: Mapping[str, Any]) -> list[Finding]:
    iterations = _number(parameters, "iterations", "rounds", "c")
    least = table["refuted_below"]["iterations"]
    if iterations is not None and iterations < least:
        message = f"{what} with {iterations:g} iterations is below every reference's minimum."
        source = reference(table["refuting_source"])
        wanted, found = f"at least {least}", f"{iterations:g}"
        return [Finding("violation", "best-practice", message, expected=wanted, found=found, source=source)]
    hashed = key_of(str(parameters.get("hash", ""))) or key_of(what)
    digest = next((name for name in ("sha512", "sha1") if name in hashed), "sha256")
    digest = "sha1" if item.name == "PBKDF2-HMAC-SHA-1" else digest
    return _below(what, "number of iterations", iterations, table["recommended"][digest], table["source"])


def _memory_hard(
    item: Item, what: str, parameters: Mapping[str, Any], table: Mapping[str, Any]
) -> list[Finding]:
    if item.name == "scrypt":
        main, second = _number(parameters, "n", "N"), _number(parameters, "p")
        names = ("n", "p")
    else:
        main = _number(parameters, "m", "memory", "memory_kib", "memory_cost")
        second = _number(parameters, "t", "iterations", "time_cost")
        names = ("m", "t")
    first = table["recommended"][0]
    wanted = ", ".join(f"{name} {first[name]}" for name in names)
    source = reference(table["source"])
    if main is None:
        message = f"The parameters of {what} are not stated."
        return [Finding("unknown", "best-practice", message, expected=wanted, source=source)]
    if any(main >= row[names[0]] and (second or 1) >= row[names[1]] for row in table["recommended"]):
        return []
    found = f"{names[0]} {main:g}, {names[1]} {second or 1:g}"
    message = f"{what} with {found} is below the recommendation; whether that is enough on this device is for a person."
    return [Finding("unknown", "best-practice", message, expected=wanted, found=found, source=source)]
