"""TLS and SSH settings: assessed against the catalogue, and observed ones compared with documented ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.crypto._catalogue import findings_of, part
from pytest_etsi.assessment.crypto._names import TLS_SIGNALS, Suite, ssh_name, tls_suite, tls_version
from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["SshSettings", "TlsSettings", "assess_ssh", "assess_tls", "compare_ssh", "compare_tls"]


@dataclass(frozen=True, slots=True)
class TlsSettings:
    """Protocol versions and cipher suites, in any customary spelling. Empty: not stated, or not observed.

    Attributes:
        versions: such as "TLSv1.2".
        suites: IANA or OpenSSL names.
        rsa_bits: size of the RSA key of the certificate; documented: the least. None: no RSA key, or not stated.
    """

    versions: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    rsa_bits: int | None = None


@dataclass(frozen=True, slots=True)
class SshSettings:
    """Algorithm names by kind. Empty: not stated, or not observed."""

    kex: tuple[str, ...] = ()
    host_keys: tuple[str, ...] = ()
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()


_SHOWN = 6
"""Most suites or algorithms that one sentence names."""

_SSH_KINDS = {
    "kex": "key exchange",
    "host_keys": "host key algorithm",
    "ciphers": "cipher",
    "macs": "MAC",
}


def assess_tls(versions: Iterable[str], suites: Iterable[str] = ()) -> tuple[Finding, ...]:
    """Assess protocol versions and cipher suites against the catalogue."""
    findings: list[Finding] = []
    for name in dict.fromkeys(versions):
        version = tls_version(name)
        item = part("tls_versions", version) if version else None
        findings += findings_of(item) if item else [_uncatalogued(name, "protocol version")]
    for name in dict.fromkeys(suites):
        if not _is_signal(name):
            findings += _assess_suite(name)
    return tuple(findings)


def _is_signal(name: str) -> bool:
    text = name.strip().upper().replace("-", "").replace("_", "").removeprefix("TLS")
    return text in TLS_SIGNALS or not text


def _assess_suite(name: str) -> list[Finding]:
    suite = tls_suite(name)
    if suite is None:
        return [_uncatalogued(name, "cipher suite")]
    items = (
        ("key exchange", part("tls_parts", suite.key_exchange, within="key_exchange")),
        ("authentication", part("tls_parts", suite.authentication, within="authentication")),
        ("cipher", part("tls_parts", "EXPORT" if suite.export else suite.cipher, within="cipher")),
        ("MAC", part("tls_parts", suite.hash, within="mac")),
    )
    findings: list[Finding] = []
    for kind, item in items:
        if item is not None:
            findings += findings_of(item, f"{name.strip()} ({kind} {item.name})")
    return findings


def assess_ssh(settings: SshSettings) -> tuple[Finding, ...]:
    """Assess SSH algorithms against the catalogue."""
    findings: list[Finding] = []
    for kind, word in _SSH_KINDS.items():
        for name in dict.fromkeys(getattr(settings, kind)):
            plain = ssh_name(name)
            if plain is None:
                continue
            item = part("ssh", plain, within=kind)
            findings += (
                findings_of(item, f"SSH {word} {plain}") if item else [_uncatalogued(name, f"SSH {word}")]
            )
    return tuple(findings)


def _uncatalogued(name: str, kind: str) -> Finding:
    message = f"The {kind} {name!r} is not in the catalogue; evidence of the supplier has to be judged."
    return Finding("unknown", "best-practice", message, found=name)


def compare_tls(documented: TlsSettings, observed: TlsSettings) -> tuple[Finding, ...]:
    """Compare what a device accepts with what is documented (5.1-3-2 a).

    A version or suite that is accepted but not documented is a violation; one that is documented but not accepted is a
    note. Spellings do not matter. The suites of TLS 1.3 are compared only when some are documented.
    """
    findings: list[Finding] = []
    if not documented.versions:
        findings.append(_agreement("unknown", "No TLS versions are documented, so they cannot be compared."))
    elif not observed.versions:
        findings.append(_agreement("unknown", "No TLS version was observed, so they cannot be compared."))
    else:
        stated = {tls_version(name) or name for name in documented.versions}
        seen = {tls_version(name) or name for name in observed.versions}
        findings += _sets("TLS version", stated, seen)
    findings += _compare_suites(documented, observed)
    least, bits = documented.rsa_bits, observed.rsa_bits
    if least is not None and bits is not None and bits < least:
        message = "The RSA key of the certificate is smaller than documented."
        wanted, found = f"at least {least} bits", f"{bits} bits"
        findings.append(_agreement("violation", message, expected=wanted, found=found))
    return tuple(findings)


def _compare_suites(documented: TlsSettings, observed: TlsSettings) -> list[Finding]:
    if not documented.suites:
        return [_agreement("unknown", "No cipher suites are documented, so they cannot be compared.")]
    if not observed.suites:
        return [_agreement("unknown", "No cipher suite was observed, so they cannot be compared.")]
    stated, odd = _suites(documented.suites)
    if odd:
        message = f"Documented cipher suites are not understood: {abridged(odd, _SHOWN)}."
        return [_agreement("unknown", message, expected="IANA or OpenSSL names of suites")]
    seen, strange = _suites(observed.suites)
    findings: list[Finding] = []
    if not any(isinstance(suite, Suite) and suite.tls13 for suite in stated):
        unsaid = [name for suite, name in seen.items() if suite.tls13]
        seen = {suite: name for suite, name in seen.items() if not suite.tls13}
        if unsaid:
            message = (
                f"Suites of TLS 1.3 are not documented by name; accepted are {abridged(unsaid, _SHOWN)}."
            )
            findings.append(_agreement("note", message))
    extra = [name for suite, name in seen.items() if suite not in stated] + strange
    missing = [name for suite, name in stated.items() if suite not in seen]
    return findings + _differences("cipher suite", extra, missing)


def _suites(names: Iterable[str]) -> tuple[dict[Suite, str], list[str]]:
    known: dict[Suite, str] = {}
    odd: list[str] = []
    for name in names:
        if _is_signal(name):
            continue
        suite = tls_suite(name)
        if suite is None:
            odd.append(name)
        else:
            known.setdefault(suite, name)
    return known, odd


def compare_ssh(documented: SshSettings, observed: SshSettings) -> tuple[Finding, ...]:
    """Compare the algorithms that an SSH server offers with the documented ones (5.1-3-2 a)."""
    findings: list[Finding] = []
    for kind, word in _SSH_KINDS.items():
        stated = {name for text in getattr(documented, kind) if (name := ssh_name(text))}
        seen = {name for text in getattr(observed, kind) if (name := ssh_name(text))}
        if not stated or not seen:
            missing = "documented" if not stated else "observed"
            findings.append(_agreement("unknown", f"No SSH {word} is {missing}, so they cannot be compared."))
        else:
            findings += _sets(f"SSH {word}", stated, seen)
    return tuple(findings)


def _sets(kind: str, stated: set[str], seen: set[str]) -> list[Finding]:
    return _differences(kind, sorted(seen - stated), sorted(stated - seen))


def _differences(kind: str, extra: list[str], missing: list[str]) -> list[Finding]:
    findings = []
    for name in extra:
        message = f"The {kind} {name} is accepted but not documented."
        findings.append(_agreement("violation", message, expected="only documented ones", found=name))
    if missing:
        findings.append(
            _agreement("note", f"Documented but not observed: {kind} {abridged(missing, _SHOWN)}.")
        )
    return findings


def _agreement(level: Kind, message: str, *, expected: str = "", found: str = "") -> Finding:
    return Finding(level, "channel", message, expected=expected, found=found)
