"""The device's way to the internet: led to an impostor, cut off, recorded."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.device import Dut
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.probes.tls.impostor import ImpostorObservation
    from pytest_etsi.profile.access import UplinkAccess

__all__ = ["Uplink", "peer_of"]

_FIRST_CONTACT_S = 20.0
_FURTHER_CONTACTS_S = 40.0
_CONTACTS = 3


class Uplink:
    """The gateway that the profile describes under ``access.uplink``."""

    def __init__(self, dut: Dut) -> None:
        self._dut = dut
        self._outages: list[tuple[CaptureObservation, list[tuple[str, Any]]]] = []
        self._impostors: dict[str, tuple[ImpostorObservation, list[tuple[str, Any]]]] = {}

    @property
    def access(self) -> UplinkAccess:
        """What the profile says of it.

        Raises:
            Inconclusive: nothing (``access``).
        """
        access = self._dut.profile.access.uplink
        if access is None:
            inconclusive(
                "the profile gives no gateway between the device and the internet",
                cause=Cause.ACCESS,
                settle="describe the laboratory's gateway under access.uplink",
            )
        return access

    def impostor(self, peer: str, *, trigger: str | None = None) -> ImpostorObservation:
        """Stand in for a peer of the device and see what the device says; done once in a run for each peer.

        The first connection is shown a certificate of an authority that nobody knows, the second is offered no version
        newer than TLS 1.1, and the third shows what the device made of that.

        Args:
            peer: host and port, as 11-ComMech names it.
            trigger: operation that makes the device communicate, if it does not do so by itself.

        Raises:
            Inconclusive: no gateway or no way to lead it elsewhere (``access``), not permitted (``permission``), or it
                failed (``bench``).
        """
        if peer not in self._impostors:
            with self._dut.recorder.gathering() as gathered:
                self._impostors[peer] = (self._meet(peer, trigger), gathered)
        observation, gathered = self._impostors[peer]
        for name, content in gathered:
            self._dut.recorder.observed(name, content)
        self._dut.recorder.observed(f"impostor-{peer}", observation)
        return observation

    def _meet(self, peer: str, trigger: str | None) -> ImpostorObservation:
        from pytest_etsi.probes.tls.impostor import Impostor

        access = self.access
        if access.lead_to is None:
            inconclusive(
                "the profile does not say how the device's connections are led elsewhere",
                cause=Cause.ACCESS,
                settle="name an operation under access.uplink.lead_to",
            )
        self._permitted()
        host, port = peer_of(peer)
        with Impostor(access.listen, peer=peer) as impostor:
            where = {
                "host": access.listen,
                "port": str(impostor.port),
                "peer_host": host,
                "peer_port": str(port),
            }
            with self._changed(access.lead_to, where):
                if not impostor.wait(1, _FIRST_CONTACT_S) and trigger:
                    self._dut.operations.run(trigger)
                    impostor.wait(1, _FIRST_CONTACT_S)
                if impostor.contacts:
                    impostor.wait(_CONTACTS, _FURTHER_CONTACTS_S)
            return impostor.observation()

    def outage(self) -> CaptureObservation:
        """Cut the device off, and watch whom it tries to reach; done once in a run for all mechanisms.

        It ends after `watch_s`, or as soon as each mechanism of 11-ComMech with peers has made `watch_attempts`
        attempts.

        Raises:
            Inconclusive: no gateway, or no way to cut it off or to record (``access``), not permitted
                (``permission``), or it failed (``bench``).
        """
        if not self._outages:
            with self._dut.recorder.gathering() as gathered:
                self._outages.append((self._watched_outage(), gathered))
        observation, gathered = self._outages[0]
        for name, content in gathered:
            self._dut.recorder.observed(name, content)
        return observation

    def _watched_outage(self) -> CaptureObservation:
        from pytest_etsi.dut.observe.capture import wait_for

        access = self.access
        ports: list[list[int]] = []
        for entry in self._dut.profile.ixit.com_mech:
            if entry.facts.peers:
                # A peer without a port leaves its own mechanism open, not the others.
                with suppress(Inconclusive):
                    ports.append([peer_of(peer)[1] for peer in entry.facts.peers])
        with self._dut.capture("outage") as recording, self.cut_off():
            wait_for(recording, access.watch_s, access.watch_attempts, ports=ports)
            return recording.end()

    @contextmanager
    def cut_off(self) -> Iterator[None]:
        """Cut the device off from the internet until the end of the block.

        Raises:
            Inconclusive: as for `impostor`.
        """
        access = self.access
        if access.cut is None:
            inconclusive(
                "the profile does not say how the device is cut off from the internet",
                cause=Cause.ACCESS,
                settle="name an operation under access.uplink.cut",
            )
        self._permitted()
        with self._changed(access.cut, {}):
            yield

    @contextmanager
    def _changed(self, operation: str, arguments: dict[str, str]) -> Iterator[None]:
        self._dut.require_identity()
        restore = self.access.restore
        assert restore is not None  # noqa: S101 - the profile's validation saw to it
        try:
            self._dut.operations.run(operation, **arguments)
            yield
        finally:
            self._dut.operations.run(restore)

    def _permitted(self) -> None:
        if "outage" not in self._dut.permissions:
            inconclusive(
                "the device may not be kept from its services",
                cause=Cause.PERMISSION,
                settle="allow it by the permission outage",
            )


def peer_of(text: str) -> tuple[str, int]:
    """Host and port of a peer as 11-ComMech names it (``api.example:443``, ``[2001:db8::1]:8883``).

    Raises:
        Inconclusive: it names no port (``information``).
    """
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        inconclusive(
            f"the peer {text!r} of 11-ComMech names no port",
            cause=Cause.INFORMATION,
            settle="write it as host:port",
        )
    return host.strip("[]"), int(port)
