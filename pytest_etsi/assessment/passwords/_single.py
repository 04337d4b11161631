"""Examination of one actual password."""

from __future__ import annotations

from pytest_etsi.assessment.findings import Finding, Kind
from pytest_etsi.assessment.passwords._model import (
    LONGEST,
    Identity,
    Rule,
    alphabet_size,
    characters_of,
    size_for,
)
from pytest_etsi.assessment.passwords._patterns import examine_patterns
from pytest_etsi.assessment.passwords._relations import examine_relation


def examine_password(password: str, identity: Identity, rule: Rule | None = None) -> tuple[Finding, ...]:
    """Examine one actual password of one device.

    Args:
        password: the password.
        identity: what is publicly known of the device.
        rule: the documented rule; None: only patterns and relations are looked for.

    Returns:
        Findings of the aspects ``rule``, ``patterns`` and ``relation``. No violation is only an indication: a
        single password cannot prove how it was made.
    """
    if not password:
        return (
            Finding("violation", "rule", "The password is empty.", expected="a password", found="nothing"),
        )
    findings = examine_form(password, rule) if rule is not None else []
    whole = password[:LONGEST]
    findings += examine_patterns(whole, size_for(whole, rule), identity)
    body = whole
    if rule is not None and rule.prefix and whole.startswith(rule.prefix):
        body = whole[len(rule.prefix) :]
    findings += examine_relation(body, size_for(body, rule), identity, rule)
    return tuple(findings)


def examine_form(password: str, rule: Rule) -> list[Finding]:
    findings: list[Finding] = []

    def differs(message: str, expected: str, found: str, level: Kind = "violation") -> None:
        findings.append(Finding(level, "rule", message, expected=expected, found=found))

    body = password
    if rule.prefix:
        if password.startswith(rule.prefix):
            body = password[len(rule.prefix) :]
        else:
            differs(
                "The password does not begin with the documented fixed part.",
                f"{len(rule.prefix)} fixed characters",
                "other characters",
            )
    if rule.length is not None and len(password) != rule.length:
        if rule.prefix and len(body) == rule.length:
            differs(
                "The documented length fits the part after the fixed beginning, not the whole password.",
                f"{rule.length} characters in all",
                f"{len(password)} characters",
                "note",
            )
        else:
            differs(
                "The password has not the documented length.",
                f"{rule.length} characters",
                f"{len(password)} characters",
            )
    if rule.alphabet:
        foreign = len([character for character in body if character not in characters_of(rule.alphabet)])
        if foreign:
            differs(
                "The password has characters outside the documented alphabet.",
                f"only the {alphabet_size(rule.alphabet)} documented characters",
                f"{foreign} other characters",
            )
    if rule.length is None or not rule.alphabet:
        missing = " and ".join(
            name
            for name, known in (("length", rule.length is not None), ("alphabet", rule.alphabet))
            if not known
        )
        differs(f"The documents do not state the {missing} of the password.", "a stated rule", "", "unknown")
    return findings
