"""Weaknesses that show when users have their data erased."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["ErasureFlaw"]


class ErasureFlaw(Flaw):
    """Keeps data that the user has had erased, or says of it what is not so."""

    RESET_KEEPS_NAME = (
        "a factory reset leaves the camera the name that its owner has given it",
        ("5.11-1-2/c",),
    )
    RESET_KEEPS_VIEWERS = (
        "a factory reset leaves the accounts of the viewers",
        ("5.11-1-2/c",),
    )
