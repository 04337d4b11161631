"""Weaknesses of what the camera does with its services: whom it trusts, and how it goes on without them."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["PeerFlaw"]

_CHANNEL = ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a")
"""Every unit that looks at the protection of a connection to a service."""


class PeerFlaw(Flaw):
    """Reports to anybody, in clear, or without a pause."""

    CLOUD_CERTIFICATE_UNCHECKED = (
        "the camera reports to whoever answers, whatever certificate it shows",
        _CHANNEL,
    )
    OBSOLETE_TLS_TO_CLOUD = (
        "the camera offers its cloud TLS 1.0 and 1.1 and cipher suites in CBC mode",
        _CHANNEL,
    )
    REPORT_IN_CLEAR = (
        "the camera tries to report by plain HTTP, token and all, before it uses HTTPS",
        _CHANNEL,
    )
    PUSH_CERTIFICATE_UNCHECKED = (
        "the line on which the camera is told of updates goes to whoever answers, whatever certificate it shows",
        ("5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a"),
    )
    CONSTANT_RETRY = (
        "the camera tries its cloud service again every second, however long that stays away",
        ("5.9-3-2/a",),
    )
    NO_BACKOFF = (
        "after a report that has failed the camera tries again at once, and goes on like that",
        ("5.9-3-2/a",),
    )
    PUSH_CONSTANT_RETRY = (
        "the camera opens the line again every second, however long the service stays away",
        ("5.9-3-2/a",),
    )
    TALKS_AFTER_FAILED_BOOT = (
        "the camera goes on talking to its cloud when the loader has found its software altered",
        ("5.7-2-2/b",),
    )
