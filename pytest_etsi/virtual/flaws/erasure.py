"""Weaknesses that show when users have their data erased."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["ErasureFlaw"]


class ErasureFlaw(Flaw):
    """Keeps data that the user has had erased, erases others, or says of it what is not so."""

    RESET_KEEPS_NAME = (
        "a factory reset leaves the camera the name that its owner has given it",
        ("5.11-1-2/c", "5.11-3-1/c"),
    )
    RESET_KEEPS_VIEWERS = (
        "a factory reset leaves the accounts of the viewers",
        ("5.11-1-2/c", "5.11-3-1/c"),
    )
    RESET_KEEPS_COPY = (
        "a factory reset takes the camera's name out of the settings, and leaves a copy that device data show",
        ("5.11-1-2/c", "5.11-3-1/c"),
    )
    RESET_BY_SHORT_PRESS = (
        "the button resets the camera when it is held for a second only",
        ("5.11-1-2/b", "5.11-3-1/c"),
    )
    RESET_WITHOUT_SIGN = (
        "the status light is green after a factory reset, as if nothing had happened",
        ("5.11-4-1/b",),
    )
    SERVICE_KEEPS_DATA = (
        "the service confirms that the data are erased, and keeps them",
        ("5.11-2-2/c", "5.11-3-1/c"),
    )
    SERVICE_KEEPS_COPY = (
        "the service erases the data, and goes on giving them out when the customer asks for a copy of everything",
        ("5.11-2-2/c", "5.11-3-1/c"),
    )
    SERVICE_DATA_COME_BACK = (
        "the camera goes on reporting after the service data were erased",
        ("5.11-2-2/c", "5.11-3-1/c"),
    )
    SERVICE_ERASES_OTHERS = (
        "with the data of one customer the service erases those of others",
        ("5.11-2-2/b", "5.11-3-1/c"),
    )
    ERASURE_ASKS_MORE = (
        "the button that has the service data erased asks for a word that only the manufacturer gives",
        ("5.11-2-2/b", "5.11-3-1/c"),
    )
    ERASURE_UNCONFIRMED = (
        "the camera does not say when its service data are erased",
        ("5.11-4-1/b",),
    )
    CONFIRMS_FAILURE = (
        "the camera says that the service data are erased, also when the service could not be reached",
        ("5.11-4-1/b",),
    )
