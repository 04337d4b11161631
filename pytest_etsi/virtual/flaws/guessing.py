"""Weaknesses of what is meant to stop somebody who tries passwords."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["GuessingFlaw"]


class GuessingFlaw(Flaw):
    """Locks that do not hold."""

    NO_LOCKOUT = (
        "the web login accepts any number of wrong passwords",
        ("5.1-5-2/b",),
    )
    LOCKOUT_PER_CONNECTION = (
        "the web login counts wrong passwords per TCP connection: a new connection starts at zero",
        ("5.1-5-2/b",),
    )
    LOCKOUT_RESET_BY_ANY_SUCCESS = (
        "a successful web login of any account forgets the wrong passwords of all accounts",
        ("5.1-5-2/b",),
    )
    LOCKOUT_AFTER_50 = (
        "the web login locks after 50 wrong passwords instead of the documented 5",
        ("5.1-5-2/b",),
    )
    LOCKOUT_BELIEVES_HEADERS = (
        "the web login counts wrong passwords per address, and believes a header that names one",
        ("5.1-5-2/b",),
    )
    LOCKOUT_PER_SOURCE = (
        "the web login counts wrong passwords per address that they come from",
        ("5.1-5-2/b",),
    )
    LOCKOUT_TOO_SHORT = (
        "a lock of the web login begins with a fifth of a second instead of the documented two",
        ("5.1-5-2/b",),
    )
    LOCKOUT_LETS_THE_RIGHT_IN = (
        "a lock of the web login refuses wrong passwords only",
        ("5.1-5-2/b",),
    )
    RECORDER_WITHOUT_LOCKOUT = (
        "the port for recorders takes any number of wrong passwords",
        ("5.1-5-2/b",),
    )
