"""Weaknesses of access control: who gets what without the right to it."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["AccessFlaw"]

_BOTH = ("5.5-4-2/a", "5.5-5-2/a")
"""Access to data and functions by an interface, and changes of security-relevant settings."""
_AND_ERASES = (*_BOTH, "5.11-1-2/d")
"""A viewer removes another one's account, too, which V2.1.1 asks."""


class AccessFlaw(Flaw):
    """What opens to somebody who has no right to it, and one right that is refused."""

    SNAPSHOT_WITHOUT_LOGIN = (
        "the programming interface gives the picture to whoever asks",
        _BOTH,
    )
    USERS_WITHOUT_LOGIN = (
        "the programming interface takes new accounts from whoever asks",
        _BOTH,
    )
    ANY_TOKEN = (
        "every token counts as the owner's",
        _BOTH,
    )
    TOKEN_PREFIX = (
        "of a session's token only the first 8 characters are compared",
        _BOTH,
    )
    TOKEN_ENDS = (
        "of a session's token only the first 8 and the last 16 characters are compared",
        _BOTH,
    )
    LOGOUT_KEEPS_SESSION = (
        "after a logout the session's token goes on working",
        _BOTH,
    )
    ROLE_UNCHECKED = (
        "a viewer may do what is the owner's",
        _BOTH,
        _AND_ERASES,
    )
    VIEWER_SEES_USERS = (
        "a viewer gets the list of accounts, which is the owner's",
        _BOTH,
    )
    METHOD_OVERRIDE = (
        "a request whose header X-HTTP-Method-Override names another method goes past the login",
        _BOTH,
    )
    PATH_TRICKS = (
        "a path with a doubled slash goes past the login",
        _BOTH,
    )
    TRUSTED_ADDRESS_HEADER = (
        "a request whose header X-Forwarded-For says 127.0.0.1 needs no login",
        _BOTH,
    )
    SETTINGS_BY_GET = (
        "settings in the query of a GET are taken over without a login",
        _BOTH,
    )
    SETUP_AGAIN = (
        "the first start can be done again at any time, which sets the owner's password without a login",
        _BOTH,
    )
    FACTORY_SETTINGS_OPEN = (
        "in factory default, settings can be changed without a login",
        ("5.5-5-2/a",),
    )
    STREAM_ANY_USER = (
        "the stream takes every user name with the right password",
        ("5.5-4-2/a",),
    )
    OWNER_REFUSED = (
        "the owner is not shown the list of accounts",
        ("5.5-4-2/b", "5.5-5-2/a"),
    )
    RECORDER_WITHOUT_LOGIN = (
        "the port for recorders describes the stream to whoever asks",
        ("5.1-4-2/b", "5.1-5-2/b", "5.5-4-2/a"),
    )
