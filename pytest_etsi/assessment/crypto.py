"""Stub, being written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class TlsSettings:
    versions: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SshSettings:
    kex: tuple[str, ...] = ()
    host_keys: tuple[str, ...] = ()
    ciphers: tuple[str, ...] = ()
    macs: tuple[str, ...] = ()


def assess_algorithm(
    name: str,
    key_bits: int | None = None,
    mode: str | None = None,
    use: str | None = None,
    parameters: Mapping[str, object] | None = None,
) -> tuple[Finding, ...]:
    return ()


def assess_tls(versions: Iterable[str], suites: Iterable[str] = ()) -> tuple[Finding, ...]:
    return ()


def assess_ssh(settings: SshSettings) -> tuple[Finding, ...]:
    return ()


def assess_prose(text: str) -> tuple[Finding, ...]:
    return ()


def compare_tls(documented: TlsSettings, observed: TlsSettings) -> tuple[Finding, ...]:
    return ()


def compare_ssh(documented: SshSettings, observed: SshSettings) -> tuple[Finding, ...]:
    return ()
