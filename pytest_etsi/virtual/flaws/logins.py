"""Logins that no document mentions, and one that is not protected."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["LoginFlaw"]


class LoginFlaw(Flaw):
    """Further ways to log in, and a way that is not protected."""

    UNDOCUMENTED_LOGIN = (
        "a telnet-like login, which no document mentions, listens on a further port",
        ("5.1-1-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    LOGIN_IN_SPANISH = (
        "the login that no document mentions asks in Spanish, in Latin-1",
        ("5.1-1-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    FTP_LOGIN = (
        "a server for files, which no document mentions, asks for a user name and a password by FTP",
        ("5.1-1-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
        # FTP is a protocol by which machines log in.
        ("5.1-1-2/a", "5.1-2A-2/a", "5.1-5-2/a", "5.5-5-2/b", "5.6-1-2/c"),
    )
    SECOND_LOGIN_FORM = (
        "a page of the HTTP port that no document mentions has a login form of its own",
        ("5.1-1-2/a", "5.1-5-2/a"),
    )
    SECOND_REALM = (
        "a page of the HTTPS port that no document mentions asks for a login of its own by digest",
        ("5.1-1-2/a", "5.1-5-2/a"),
    )
    FORM_PASSWORD_BY_BASIC = (
        "what the web login protects opens to its password by HTTP Basic too, which nothing asks for",
        ("5.1-1-2/a", "5.1-5-2/a"),
    )
    PLAIN_HTTP_LOGIN = (
        "the HTTP port serves the login and the API itself instead of redirecting to HTTPS",
        ("5.1-3-2/a", "5.5-4-2/c"),
    )
