"""Weaknesses of passwords: how they come about, and how they are changed."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["PasswordFlaw"]


class PasswordFlaw(Flaw):
    """Passwords that are weak from the start, and changes that change nothing."""

    UNIVERSAL_DEFAULT_PASSWORD = (
        "the stream password on the label is admin12345 on every device",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    MAC_DERIVED_PASSWORD = (
        "the stream password on the label is the MAC address without its colons",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    SEQUENTIAL_PASSWORDS = (
        "the stream passwords of a batch count up with the serial number",
        ("5.1-1-2/c", "5.1-2-2/a"),
    )
    PASSWORD_NOT_ENFORCED = (
        "the first-start wizard can be skipped or left empty; the owner then logs in with an empty password",
        ("5.1-1-2/b",),
    )
    OLD_PASSWORD_STAYS_VALID = (
        "after a change of the web password the old one goes on working",
        ("5.1-4-2/b",),
    )
    PASSWORD_CHANGE_REFUSED = (
        "changing the web password ends in an internal error and changes nothing",
        ("5.1-4-2/a",),
    )
    CHANGE_UNDOCUMENTED = (
        "the user manual says nothing about changing passwords",
        ("5.1-4-1/a",),
    )
