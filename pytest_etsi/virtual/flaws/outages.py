"""Weaknesses that show when the camera is without its power, its network or its service, or when it is replaced."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["OutageFlaw"]


class OutageFlaw(Flaw):
    """Loses settings, events or itself in an outage, or cannot be replaced."""

    EVENTS_LOST_OFFLINE = (
        "what the camera counts while its service is out of reach is never told to it",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    EVENTS_TWICE = (
        "what the camera counts while its service is out of reach is told to it twice",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    LOGIN_NEEDS_SERVICE = (
        "the web login asks the service, and refuses everybody while that is out of reach",
        ("5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"),
    )
    PICTURE_NEEDS_SERVICE = (
        "the programming interface gives no picture while the service is out of reach",
        ("5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"),
    )
    RESTARTS_OFFLINE = (
        "the camera starts anew after three reports in a row that have failed",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    LINK_NEEDS_RESTART = (
        "the camera opens its ports again after its cable was pulled only when it starts anew",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    SETTINGS_LOST_WITH_LINK = (
        "settings are back at their defaults when the cable was pulled",
        ("5.9-1-2/a", "5.9-2-2/a"),
    )
    SETTINGS_LOST_WITH_POWER = (
        "settings are back at their defaults when the power comes back",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    ACCOUNTS_LOST_WITH_POWER = (
        "when the power comes back, the camera knows its owner only",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    PORT_OPENS_WITH_POWER = (
        "when the power has come back, a page for developers answers on a further TCP port",
        ("5.9-2-2/b",),
    )
    SILENT_AFTER_POWER = (
        "when the power comes back, the camera does not report until its button is pressed",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    DEAD_AFTER_POWER = (
        "when the power comes back, the camera lights up, and its web page and stream do not",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    SETTING_TORN_BY_CUT = (
        "a name that is being stored when the power is cut is half of the new one afterwards",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    DEAD_AFTER_CUT_STARTING = (
        "when the power is cut while the camera starts, its web page and stream do not come at the next start",
        ("5.9-1-2/b", "5.9-2-2/b"),
    )
    SECOND_WAY_OUT = (
        "the camera reports on another way when its own network does not lead to the service",
        ("5.3-15-2/b",),
    )
    SPARE_REFUSES_SETUP = (
        "a camera that replaces another one does not let itself be set up",
        ("5.3-15-2/d",),
    )
    SPARE_STAYS_OFFLINE = (
        "a camera that replaces another one does not connect to the service",
        ("5.3-15-2/e",),
    )
    SHOWN_OFFLINE = (
        "the service shows the camera as not connected, whatever it reports",
        ("5.3-15-2/a",),
    )
