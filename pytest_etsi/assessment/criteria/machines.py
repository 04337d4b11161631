"""Authentication between machines, which is to do without passwords (5.1-2A)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._places import entries_at
from pytest_etsi.assessment.findings import Finding, Findings
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.answers import lacks, note, unknown, violation
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from pytest_etsi.dut import ServiceSearch
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["as_client", "logs_in_by_password", "offered", "password_accepted", "without_password"]


def without_password(entry: AuthMechEntry) -> Findings:
    """What refutes that a mechanism between machines does without a password (5.1-2A-1 a)."""
    field = "Authentication Factor"
    found = list(lacks(entry, field, expected="by what a machine authenticates"))
    told = claims.password(entry)
    if told:
        where = "facts.password" if entry.facts.password is not None else "facts.factors"
        message = "a password is among the factors of a mechanism between machines"
        found.append(violation(entry, where, message, expected="no password"))
    elif told is None:
        found.append(note(entry, field, "facts.factors does not tell whether a password or PIN is presented"))
    elif {"token", "key"} & set(entry.facts.factors):
        found.append(note(entry, field, "does a person choose or type the secret, so that it is a password?"))
    return Findings(found)


def as_client(entry: AuthMechEntry) -> Findings:
    """That a mechanism between machines is one of the device as a client, whose login only its peer sees (5.1-3-2 a).

    What carries it is examined with its mechanism of communication.
    """
    if entry.facts.subject != "machine" or entry.facts.interface != "local":
        return Findings()
    message = "no network interface gives access to it, so that only its peer sees the login"
    settle = (
        "Compare the cryptography of the login with the documents, in a capture or against a peer of the laboratory, "
        "and record a judgement."
    )
    return Findings((replace(_open(entry, message), settle=settle),))


def logs_in_by_password(entry: AuthMechEntry) -> bool:
    """Whether the documents say how a program logs in by a password."""
    access = entry.access
    return access.driver is not None and access.password is not None


def password_accepted(entry: AuthMechEntry) -> Findings:
    """That a mechanism between machines has taken a password (5.1-2A-2 b)."""
    message = f"a login by user name and password ({entry.access.driver}) was accepted"
    return Findings(
        (violation(entry, "access.driver", message, aspect="behaviour", expected="no login by password"),)
    )


def offered(search: ServiceSearch, entry: AuthMechEntry) -> Findings:
    """Which methods with a password the device offers where a mechanism answers, for who tries them (5.1-2A-2 b)."""
    found: list[Finding] = []
    here = [service for service in search.services if _is_of(service.protocol, service.port, entry, search)]
    for service in here:
        for challenge in service.challenges:
            if challenge.secret == "password":  # noqa: S105 - a kind of secret, not one
                message = f"{service.protocol}/{service.port} asks for a password ({challenge.kind} {challenge.detail})"
                found.append(_open(entry, f"{message}, which was not tried"))
    if not here:
        found.append(
            _open(entry, "answers nowhere on the device, so that only its peer sees what it accepts")
        )
    return Findings(found)


def _is_of(protocol: str, port: int, entry: AuthMechEntry, search: ServiceSearch) -> bool:
    return any(entries_at([entry], protocol, port, search.hosts))


def _open(entry: AuthMechEntry, message: str) -> Finding:
    return replace(unknown(entry, None, message, aspect="behaviour"), cause=Cause.JUDGEMENT)
