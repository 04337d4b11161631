"""Weaknesses of TLS at the ports of the camera."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["EncryptionFlaw"]

_FAILS = ("5.1-3-2/a", "5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.8-1-2/a")
"""Every unit that looks at the protection of a port."""


class EncryptionFlaw(Flaw):
    """Versions, cipher suites and certificates of the ports that are not what the documents say."""

    OBSOLETE_TLS = (
        "the HTTPS port also accepts TLS 1.0 and 1.1 and cipher suites in CBC mode",
        _FAILS,
    )
    OBSOLETE_TLS_FOR_A_NAME = (
        "whoever asks for the second name of its certificate gets TLS 1.0 and 1.1 from the HTTPS port",
        _FAILS,
    )
    TLS_CBC_SUITES = (
        "the HTTPS port also accepts cipher suites in CBC mode, with TLS 1.2",
        _FAILS,
    )
    CERTIFICATE_ENDED = (
        "the certificate of the HTTPS port ended yesterday",
        _FAILS,
    )
    CERTIFICATE_NOT_YET_VALID = (
        "the certificate of the HTTPS port begins next year",
        _FAILS,
    )
    CERTIFICATE_FOR_ANOTHER_NAME = (
        "the certificate of the HTTPS port is for another host",
        _FAILS,
    )
    CERTIFICATE_OF_UNKNOWN_AUTHORITY = (
        "the certificate of the HTTPS port is signed by another authority of the right one's name",
        _FAILS,
    )
    RECORDER_CERTIFICATE_ENDED = (
        "the certificate of the port for recorders, and of no other, ended yesterday",
        _FAILS,
    )
