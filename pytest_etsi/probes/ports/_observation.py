"""What a scan of TCP ports saw."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_etsi.probes.observation import Observation

__all__ = ["PortScan"]


@dataclass(frozen=True, slots=True)
class PortScan(Observation):
    """What a scan of TCP ports saw.

    Attributes:
        host: as asked for.
        address: the address that was scanned; empty when the name did not resolve.
        ports_scanned: number of ports that were asked for.
        open: ports that accepted, and accepted a second connection without resetting it at once.
        reset: ports that accepted and then reset without a word: what an address translator does for closed
            ports.
        closed_count: ports that refused.
        filtered_count: ports that stayed silent, or for which the network reported that they cannot be
            reached.
        complete: every port was asked, and what was seen is settled; False when the deadline or a local shortage cut
            the scan short, when a port that accepted did not answer any more, or when the host fell silent.
        duration_s: seconds from start to end.
        method: ``tcp-syn`` (raw packets) or ``tcp-connect``; every open port was connected to in either case.
        error: why the scan is not complete.
        unsettled: ports that accepted once, and refused or gave no answer afterwards.
        accepts_all: it accepts at ports that no service has, as a trap or a proxy does; then `open` shows no services.
        slowed_to: questions per second at the end, where answers were lost and the scan slowed down; None: none were.
    """

    host: str
    address: str
    ports_scanned: int
    open: tuple[int, ...]
    reset: tuple[int, ...]
    closed_count: int
    filtered_count: int
    complete: bool
    duration_s: float
    method: str = "tcp-connect"
    error: str = ""
    unsettled: tuple[int, ...] = ()
    slowed_to: float | None = None
    accepts_all: bool = False

    @property
    def answered(self) -> bool:
        """Whether the host gave any answer; without one, an empty `open` says nothing."""
        return bool(self.open or self.reset or self.closed_count or self.unsettled)
