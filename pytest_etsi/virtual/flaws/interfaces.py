"""Interfaces that no document mentions, or that should be off."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["InterfaceFlaw"]

_SURFACE = ("5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c")
"""A port that answers and is in no document."""


class InterfaceFlaw(Flaw):
    """Ports, pages, radio and console that nobody is meant to find."""

    DEBUG_PORT = (
        "a page for developers, which no document mentions, answers on a further TCP port",
        _SURFACE,
    )
    TCP_BESIDE_UDP = (
        "a page for developers answers by TCP on the number that is documented for multicast DNS by UDP",
        _SURFACE,
    )
    SETUP_PORT = (
        "a page for developers answers on a further TCP port, in factory default only",
        ("5.5-5-2/b", "5.13-1-2/c"),
    )
    UDP_DISCOVERY = (
        "the camera answers searches by SSDP, which no document mentions",
        _SURFACE,
    )
    TFTP_SERVER = (
        "the camera takes software by TFTP, which no document mentions",
        ("5.3-10-1/c", "5.5-5-2/b", "5.6-1-2/b", "5.13-1-2/c"),
    )
    UPGRADE_PAGE = (
        "a page that no document mentions takes a file with software",
        ("5.3-10-1/c",),
    )
    UPGRADE_BEHIND_REDIRECT = (
        "a usual path leads on to a page that no document mentions, which takes a file with software",
        ("5.3-10-1/c",),
    )
    RADIO_STAYS_ON = (
        "the set-up network stays on the air after the first start",
        ("5.6-1-2/a", "5.6-3-2/c", "5.6-3-2/d"),
    )
    RADIO_AT_START = (
        "the set-up network is on the air for some seconds after each start",
        ("5.6-3-2/c", "5.6-3-2/d"),
    )
    USB_STORAGE = (
        "a socket that no document mentions shows as a USB mass storage",
        ("5.6-3-2/a",),
    )
    JTAG_ANSWERS = (
        "the test points of the processor are within reach, and answer",
        ("5.6-3-2/a", "5.6-3-2/b"),
        # They are documented as off for good, and a debug interface within the casing counts as well.
        ("5.6-3-2/a", "5.6-3-2/b", "5.6-3-2/c", "5.6-4A-2/a"),
    )
    CONNECTOR_STAYS_OPEN = (
        "the service connector, once opened, is closed by a start only",
        ("5.6-3-2/d",),
    )
    UART_SHELL = (
        "the UART prints the boot log and offers a root shell",
        ("5.6-3-2/d", "5.6-4-2/a"),
    )
    UART_BOOT_LOADER = (
        "the UART is silent, but for a boot loader that Ctrl-C stops within its first moments",
        ("5.6-3-2/d", "5.6-4-2/a"),
    )
    UART_AFTER_KEY = (
        "the UART says nothing by itself, and offers a root shell from the second line on that is typed",
        ("5.6-3-2/d", "5.6-4-2/a"),
    )
    UART_LOGIN = (
        "the UART asks for a login when a line is typed, though it is documented as disabled",
        ("5.6-3-2/d", "5.6-4-2/a"),
        # That it asks who is there is as good as being off there; whether it asks well, a person judges.
        ("5.6-3-2/c",),
    )
    UART_LOGS_PASSWORD = (
        "the UART tells the owner's password whenever the camera starts, and takes nothing",
        ("5.4-1-2/a", "5.6-3-2/d", "5.6-4-2/a"),
    )
