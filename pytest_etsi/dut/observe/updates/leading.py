"""The device led to a relay, or to a false server, while it asks for its updates."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.updates.model import Led
from pytest_etsi.dut.observe.updates.settling import Handed
from pytest_etsi.dut.reach.uplink import peer_of
from pytest_etsi.probes.updates.false_server import FalseServer
from pytest_etsi.probes.updates.manifests import read_manifest
from pytest_etsi.probes.updates.met import Met
from pytest_etsi.probes.updates.relay import Relay
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.updates.settling import Bench
    from pytest_etsi.probes.updates.false_server import Answers
    from pytest_etsi.profile.facts import UpdateNetwork

__all__ = ["Leading"]

_LISTEN = "correct access.uplink.listen, and access.network.other_name where there is one"


class Leading:
    """Leads the device, by the gateway of the laboratory.

    Args:
        dut: the device.
        bench: what hands packages over.
        network: how the device fetches them.
    """

    def __init__(self, dut: Core, bench: Bench, network: UpdateNetwork) -> None:
        self._dut = dut
        self._bench = bench
        self.network = network

    def hindered(self) -> Led | None:
        """Why the device cannot be led; None: it can."""
        try:
            self._dut.uplink.require_leading()
            for peer in self.network.peers:
                peer_of(peer)
        except Inconclusive as error:
            return Led(error.reason, error.cause, error.settle)
        if self._looks is None or self._looks not in self._dut.operations:
            return Led(
                "the profile does not say how the device is made to look for updates",
                Cause.ACCESS,
                "name an operation under access.network.looks",
            )
        try:
            read_manifest(self.network.manifest.file)
        except (OSError, ValueError) as error:
            return Led(
                f"the manifest cannot be read: {error}",
                Cause.INFORMATION,
                "correct access.network.manifest.file",
            )
        return None

    @contextmanager
    def relayed(self) -> Iterator[Callable[[], Met]]:
        """Lead the device to its genuine servers through this machine, until the end of the block; gives what was seen.

        Raises:
            Inconclusive: as `Uplink.led`, or no relay can listen (``bench``).
        """
        listen = self._dut.uplink.access.listen
        with ExitStack() as stack:
            try:
                relays = {
                    peer: stack.enter_context(Relay(listen, *peer_of(peer))) for peer in self.network.peers
                }
            except OSError as error:
                inconclusive(f"no relay listens on {listen}: {error}", cause=Cause.BENCH, settle=_LISTEN)
            stack.enter_context(
                self._dut.uplink.led(
                    {peer: one.port for peer, one in relays.items()}, require_identity=self._bench.require_it
                )
            )
            yield lambda: _together([one.met() for one in relays.values()])

    def by_false_server(
        self, answers: Callable[[str], Answers], *, certificate: Path | None, self_signed: bool
    ) -> Handed:
        """Lead the device to a false server, and make it look for updates.

        Args:
            answers: what the server says, made of its own address in clear.
            certificate: that it shows; None: one that nobody has signed whom the device knows.
            self_signed: that one is signed by its own key.

        Raises:
            Inconclusive: as `relayed`, or a file cannot be read (``information``).
        """
        uplink, looks = self._dut.uplink, self._looks
        assert looks is not None  # noqa: S101 - `hindered` has looked
        listen, (host, _) = uplink.access.listen, peer_of(self.network.peers[0])
        with ExitStack() as stack:
            try:
                false = FalseServer(listen, host, answers, certificate=certificate, self_signed=self_signed)
                server = stack.enter_context(false)
            except OSError as error:
                inconclusive(f"no false server on {listen}: {error}", cause=Cause.BENCH, settle=_LISTEN)
            ports = dict.fromkeys(self.network.peers, server.port)
            stack.enter_context(uplink.led(ports, require_identity=self._bench.require_it))
            done = self._bench.done_by(looks)
            server.wait(self.network.comes_within_s)
            return Handed(done.sent, done.answer, server.met())

    @property
    def _looks(self) -> str | None:
        return self.network.looks or self._bench.access.due


def _together(seen: list[Met]) -> Met:
    return Met(
        came=sum(one.came for one in seen),
        objections=tuple(why for one in seen for why in one.objections),
        carried=sum(one.carried for one in seen),
    )
