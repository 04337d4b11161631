"""What two ends say to each other: who they are, what was found in it, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes.capture import _payloads
from pytest_etsi.probes.capture._facts import Facts, dns_message
from pytest_etsi.probes.capture._hellos import Handshake, chosen, offered
from pytest_etsi.probes.capture._model import (
    CanaryHit,
    ConnectionAttempt,
    DnsQuestion,
    Flow,
    Protection,
    SeenClientHello,
    SeenServerHello,
)
from pytest_etsi.probes.capture._streams import Half

if TYPE_CHECKING:
    from pytest_etsi.probes.tls.client_hello import ClientHello

__all__ = ["NANO", "SECRET", "Dialogue", "End"]

NANO = 1e9
SECRET: frozenset[Protection] = frozenset({"tls", "dtls", "quic", "ssh"})


class End(Half):
    """One end of a dialogue.

    Attributes:
        dialogue: what is known of both.
    """

    __slots__ = ("dialogue",)

    def __init__(self, dialogue: Dialogue, forward: bool, key: bytes) -> None:
        super().__init__(forward, key)
        self.dialogue = dialogue


class Dialogue:
    """Both directions of a flow; by itself one whose content is not looked into.

    Attributes:
        synchronized: sequence number of the SYN that began it; -1: its beginning is not in the capture.
        outcome: what became of that.
        hello: whether a ClientHello has begun in it, and was read.
        reversed: whether the first packet came from the server; None: to be guessed from the ports.
    """

    __slots__ = (
        "_facts", "_first", "_handshakes", "_source", "_target", "_transport", "back", "forward", "hello", "outcome",
        "protection", "protocol", "reversed", "server_name", "synchronized",
    )  # fmt: skip

    def __init__(
        self,
        transport: str,
        source: tuple[str, int],
        target: tuple[str, int],
        first: int,
        facts: Facts,
        keys: tuple[bytes, bytes],
    ) -> None:
        self._transport = transport
        self._source = source
        self._target = target
        self._first = first
        self._facts = facts
        self._handshakes: dict[bool, Handshake] | None = None
        self.forward = End(self, True, keys[0])
        self.back = End(self, False, keys[1])
        self.protocol = ""
        self.protection: Protection = "empty"
        self.server_name = ""
        self.synchronized = -1
        self.outcome: Literal["accepted", "refused", "silent"] = "silent"
        self.hello: Literal["", "begun", "read"] = ""
        self.reversed: bool | None = None

    # Who is who ---------------------------------------------------------------------------------------------

    def _is_reversed(self) -> bool:
        if self.reversed is not None:
            return self.reversed
        mine, other = self._source[1], self._target[1]
        if self._transport == "udp":
            return mine < 1024 <= other
        return mine < other and mine < 32_768

    @property
    def server_port(self) -> int:
        """Port of the end that did not begin."""
        return self._source[1] if self._is_reversed() else self._target[1]

    def again(self, first: int, half: Half) -> Dialogue:
        """A new dialogue of the same ends, begun by the one that sends `half`, at a time in ns."""
        if half.forward:
            source, target, other = self._source, self._target, self.back
        else:
            source, target, other = self._target, self._source, self.forward
        return type(self)(self._transport, source, target, first, self._facts, (half.key, other.key))

    def _ends(self, half: Half) -> tuple[str, str, int]:
        """Address of who speaks, and address and port of the other end."""
        source, target = (self._source, self._target) if half.forward else (self._target, self._source)
        return source[0], target[0], target[1]

    # What is said -------------------------------------------------------------------------------------------

    def segment(self, half: Half, sequence: int, payload: bytes, time: int) -> None:
        """Take a part of a stream; `sequence`: where it belongs; `time`: in ns."""

    def datagram(self, half: Half, payload: bytes, time: int) -> None:
        """Take a datagram that carries something; `time`: in ns."""

    def hit(self, half: Half, found: tuple[str, str], offset: int, time: int) -> None:
        """Note that a known value was found in what `half` sends."""
        source, destination, _ = self._ends(half)
        name, coding = found
        facts, port = self._facts, self.server_port
        seen = CanaryHit(
            name, coding, facts.packet, offset, self._transport, source, destination, port, time / NANO
        )
        facts.keep(facts.hits, seen)

    def _message(self, half: Half, message: bytes | None, carrier: str, time: int) -> bool:
        """Note the hello that a message of a handshake is; gives whether it is one."""
        if message is None:
            return False
        if (hello := offered(message, carrier)) is not None:
            self._offered(half, hello, carrier, time)
            return True
        if (taken := chosen(message)) is None:
            return False
        source, destination, _ = self._ends(half)
        own = self._source[1] if half.forward else self._target[1]
        seen = SeenServerHello(
            time / NANO,
            destination,
            source,
            own,
            carrier,
            taken.version,
            taken.suite,
            taken.group,
            taken.alpn,
        )
        self._facts.keep(self._facts.server_hellos, seen)
        return True

    def _offered(self, half: Half, hello: ClientHello, carrier: str, time: int) -> None:
        source, destination, port = self._ends(half)
        self.hello = "read"
        self.reversed = not half.forward
        self.server_name = self.server_name or hello.server_name
        self._facts.named(destination, hello.server_name)
        seen = SeenClientHello(time / NANO, source, destination, port, carrier, hello)
        self._facts.keep(self._facts.client_hellos, seen)

    def _handshake(self, half: Half) -> Handshake:
        if self._handshakes is None:
            self._handshakes = {True: Handshake(), False: Handshake()}
        return self._handshakes[half.forward]

    def _dns(self, half: Half, payload: bytes, protocol: str, time: int) -> bool:
        """Note what a message of DNS asks or answers; gives whether it is one.

        One that cannot be read, or of which not everything is, is accounted for.
        """
        message = dns_message(payload[2:])
        count = len(message.questions) if message is not None else -1
        unread = count < int.from_bytes(payload[4:6], "big")
        if unread and self.protocol in {"", protocol}:
            self._facts.account.lacking("{} messages of DNS could not be read", "names")
        if message is None or not (message.questions or message.records or self.protocol == protocol):
            return False
        self.protocol, self.protection = protocol, "plain"
        facts = self._facts
        if message.response:
            asked = message.questions[0][0] if message.questions else ""
            for name, kind, text in message.records:
                if kind in {"A", "AAAA"}:
                    facts.named(text, asked or name)
        else:
            source, destination, _ = self._ends(half)
            for name, kind in message.questions:
                facts.keep(facts.dns, DnsQuestion(time / NANO, source, destination, protocol, name, kind))
        return True

    # The end ------------------------------------------------------------------------------------------------

    def attempt(self) -> ConnectionAttempt | None:
        """The attempt to connect by TCP that it began with."""
        if self.synchronized < 0:
            return None
        return ConnectionAttempt(
            self._first / NANO, self._source[0], self._target[0], self._target[1], self.outcome
        )

    def flow(self) -> Flow:
        """What became of it."""
        self._finish()
        forward, back = self.forward, self.back
        if not self.protocol:
            self.protection = self._measured()
        if self._is_reversed():
            client, server, source, target = back, forward, self._target, self._source
        else:
            client, server, source, target = forward, back, self._source, self._target
        return Flow(
            self._transport,
            source[0],
            source[1],
            target[0],
            target[1],
            self._first / NANO,
            max(forward.last, back.last) / NANO,
            (client.packets, server.packets),
            (client.octets, server.octets),
            self.protocol,
            self.protection,
            self.server_name,
            self.synchronized >= 0 or self._transport != "tcp",
            forward.gaps or back.gaps,
        )

    def _finish(self) -> None:
        """Account for what was begun in it and not understood."""
        if self.hello == "begun":
            self._facts.account.lacking("{} hellos could not be read", "hellos")

    def release(self) -> None:
        """Let go of both directions, so that nothing is left for the garbage collector."""
        del self.forward.dialogue, self.back.dialogue

    def _measured(self) -> Protection:
        if self._transport == "ip-50":
            return "ipsec"
        looks = {_payloads.measure(half.content) for half in (self.forward, self.back) if half.content}
        for one in ("unknown-low-entropy", "unknown-high-entropy", "unknown"):
            if one in looks:
                return one
        return "empty"
