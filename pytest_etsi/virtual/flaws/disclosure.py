"""What the camera tells without a login although it should not."""

from __future__ import annotations

from pytest_etsi.virtual.flaws._flaw import Flaw

__all__ = ["DisclosureFlaw"]


class DisclosureFlaw(Flaw):
    """Versions, addresses, files and numbers told to whoever asks."""

    SERVER_VERSION_HEADER = (
        "every web answer names the version of the camera's software",
        ("5.6-2-2/a",),
    )
    DIRECTORY_LISTING = (
        "the web server lists the files of a directory to whoever asks",
        ("5.6-2-2/a",),
    )
    STACK_TRACE_PAGE = (
        "a page that is not there is answered with a trace of the program",
        ("5.6-2-2/a", "5.13-1-2/a"),
    )
    INTERNAL_ADDRESS_HEADER = (
        "every web answer names an address inside the camera",
        ("5.6-2-2/a",),
    )
    IMPLEMENTATION_OUTDATED = (
        "the camera runs an older TLS library than the reviewed one, and its web answers name it",
        ("5.5-2-2/a", "5.6-2-2/a"),
    )
    MDNS_TELLS_SOFTWARE = (
        "answers to multicast DNS name the version of the camera's software",
        ("5.6-2-2/a",),
    )
    MDNS_TELLS_SERIAL = (
        "answers to multicast DNS tell the serial number",
        ("5.6-2-2/a",),
    )
    SEARCH_TELLS_SERIAL = (
        "the camera answers searches by SSDP for root devices only, and tells its serial number",
        ("5.6-2-2/a",),
    )
    DESCRIPTION_TELLS_SOFTWARE = (
        "the description to which a search by SSDP leads names the version of the camera's software",
        ("5.6-2-2/a",),
    )
