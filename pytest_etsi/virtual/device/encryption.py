"""The TLS of the camera's own ports: the certificates that they show, and what they take besides by a flaw."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device.certificates import server_context
from pytest_etsi.virtual.device.discovery import HOST
from pytest_etsi.virtual.flaws import EncryptionFlaw, Flaw

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.virtual.device.certificates import Certificates

__all__ = ["https_context", "recorder_context"]

_ENDED = (-10, -1)
_EARLY = (365, 3652)
_OLD = {"TLSv1", "TLSv1.1"}


def https_context(
    certificates: Certificates, host: str, serial: str, flaws: frozenset[Flaw]
) -> ssl.SSLContext:
    """What the HTTPS port takes.

    Args:
        certificates: of the camera.
        host: its address.
        serial: its serial number.
        flaws: of this camera.
    """
    path = _shown(certificates, host, serial, flaws)
    strict = server_context(
        path, obsolete=EncryptionFlaw.OBSOLETE_TLS in flaws, chained=EncryptionFlaw.TLS_CBC_SUITES in flaws
    )
    if EncryptionFlaw.OBSOLETE_TLS_FOR_A_NAME not in flaws:
        return strict
    lax = server_context(path, obsolete=True)

    def choose(connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> int | None:
        if name == HOST:
            return None
        connection.context = strict
        # The version is agreed on before the name is looked at: the other context comes too late for it.
        return (
            ssl.AlertDescription.ALERT_DESCRIPTION_PROTOCOL_VERSION if connection.version() in _OLD else None
        )

    lax.sni_callback = choose
    return lax


def recorder_context(
    certificates: Certificates, host: str, serial: str, flaws: frozenset[Flaw]
) -> ssl.SSLContext:
    """What the port for recorders takes; the arguments are those of `https_context`."""
    if EncryptionFlaw.RECORDER_CERTIFICATE_ENDED in flaws:
        return server_context(certificates.special("recorder.pem", serial, [host], days=_ENDED))
    return server_context(certificates.device)


def _shown(certificates: Certificates, host: str, serial: str, flaws: frozenset[Flaw]) -> Path:
    """The certificate and key of the HTTPS port."""
    file = "https.pem"
    if EncryptionFlaw.CERTIFICATE_ENDED in flaws:
        return certificates.special(file, serial, [host], days=_ENDED)
    if EncryptionFlaw.CERTIFICATE_NOT_YET_VALID in flaws:
        return certificates.special(file, serial, [host], days=_EARLY)
    if EncryptionFlaw.CERTIFICATE_OF_UNKNOWN_AUTHORITY in flaws:
        return certificates.special(file, serial, [host], unknown=True)
    if EncryptionFlaw.CERTIFICATE_FOR_ANOTHER_NAME in flaws:
        return certificates.special(file, serial, ["other.example"])
    if EncryptionFlaw.OBSOLETE_TLS_FOR_A_NAME in flaws:
        return certificates.special(file, serial, [host, HOST])
    return certificates.device
