"""The device's way to the internet: led to an impostor, cut off, recorded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pytest_etsi.bounds import undisturbed
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from pytest_etsi.dut.reach.operations import Operations
    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.probes.tls.impostor import ImpostorObservation
    from pytest_etsi.profile.access import UplinkAccess

__all__ = ["Uplink", "peer_of"]

_FIRST_CONTACT_S = 20.0
_FURTHER_CONTACTS_S = 40.0
_CONTACTS = 3


class Uplink:
    """The gateway that the profile describes under ``access.uplink``.

    Args:
        access: what the profile says of it; None: nothing.
        operations: by which it is worked.
        recorder: keeps what is observed.
        permissions: what may be done to the device.
        require_identity: makes sure that this is the device; raises where it is not.
    """

    def __init__(
        self,
        access: UplinkAccess | None,
        *,
        operations: Operations,
        recorder: Recorder,
        permissions: Collection[str],
        require_identity: Callable[[], None],
    ) -> None:
        self._access = access
        self._operations = operations
        self._recorder = recorder
        self._permissions = permissions
        self._require_identity = require_identity

    @property
    def access(self) -> UplinkAccess:
        """What the profile says of it.

        Raises:
            Inconclusive: nothing (``access``).
        """
        if self._access is None:
            inconclusive(
                "the profile gives no gateway between the device and the internet",
                cause=Cause.ACCESS,
                settle="describe the laboratory's gateway under access.uplink",
            )
        return self._access

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
        observation = self._recorder.once(f"impostor-{peer}", lambda: self._meet(peer, trigger))
        self._recorder.observed(f"impostor-{peer}", observation)
        return observation

    def _meet(self, peer: str, trigger: str | None) -> ImpostorObservation:
        from pytest_etsi.probes.tls.impostor import Impostor

        self.require_leading()
        with Impostor(self.access.listen, peer=peer) as impostor:
            with self.led({peer: impostor.port}):
                if not impostor.wait(1, _FIRST_CONTACT_S) and trigger:
                    self._operations.run(trigger)
                    impostor.wait(1, _FIRST_CONTACT_S)
                if impostor.contacts:
                    impostor.wait(_CONTACTS, _FURTHER_CONTACTS_S)
            return impostor.observation()

    def require_leading(self) -> None:
        """Make sure that the device's connections may and can be led elsewhere.

        Raises:
            Inconclusive: no gateway or no way to do that (``access``), or not permitted (``permission``).
        """
        if self.access.lead_to is None:
            inconclusive(
                "the profile does not say how the device's connections are led elsewhere",
                cause=Cause.ACCESS,
                settle="name an operation under access.uplink.lead_to",
            )
        self._permitted()

    @contextmanager
    def led(
        self, ports: Mapping[str, int], *, require_identity: Callable[[], None] | None = None
    ) -> Iterator[None]:
        """Lead the device's connections to its peers to ports of this machine, until the end of the block.

        Args:
            ports: by peer, host and port as the profile names it.
            require_identity: makes sure that this is the device; None: as for everything else.

        Raises:
            Inconclusive: as for `impostor`.
        """
        self.require_leading()
        access = self.access
        assert access.lead_to is not None  # noqa: S101 - it has just been looked at
        steps = []
        for peer, port in ports.items():
            host, its_port = peer_of(peer)
            steps.append(
                {
                    "host": access.listen,
                    "port": str(port),
                    "peer_host": host,
                    "peer_port": str(its_port),
                }
            )
        with self._changed(access.lead_to, *steps, require_identity=require_identity):
            yield

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
    def _changed(
        self,
        operation: str,
        *steps: dict[str, str],
        require_identity: Callable[[], None] | None = None,
    ) -> Iterator[None]:
        (require_identity or self._require_identity)()
        restore = self.access.restore
        assert restore is not None  # noqa: S101 - the profile's validation saw to it
        with undisturbed() as disturbed:
            try:
                for arguments in steps:
                    self._operations.run(operation, **arguments)
                with disturbed():
                    yield
            finally:
                self._operations.run(restore)

    def _permitted(self) -> None:
        if "outage" not in self._permissions:
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
