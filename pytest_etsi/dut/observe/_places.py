"""Where the documents say that an entry answers, as addresses of the device that can be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.profile.entries import ConnectingEntry
    from pytest_etsi.profile.places import Transport

__all__ = ["addresses_of"]


def addresses_of(
    network: Network, entry: ConnectingEntry, gaps: list[str]
) -> tuple[tuple[Transport, str, int], ...]:
    """Transport, host and port of every place of an entry of 11-ComMech or 28-LogIntf, each once.

    Args:
        network: of the device.
        entry: whose places are meant.
        gaps: gets a sentence for each place that is not said to be over TCP or UDP, or not the device's.
    """
    found: dict[tuple[Transport, str, int], None] = {}
    for place in entry.places():
        if place.transport is None:
            gaps.append(f"{place}: neither facts.endpoint nor facts.protocol says whether over TCP or UDP")
            continue
        try:
            found[place.transport, network.host(place.host or entry.access.host), place.port] = None
        except Inconclusive as error:
            gaps.append(f"{place}: {error.reason}")
    return tuple(found)
