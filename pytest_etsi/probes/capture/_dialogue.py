"""What two ends say to each other: recognised by its beginning, decoded once, then only counted."""

from __future__ import annotations

import socket
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeVar

from pytest_etsi.probes.capture import _payloads, _quic
from pytest_etsi.probes.capture._hellos import (
    Handshake,
    chosen,
    datagram_pieces,
    first_message,
    offered,
    record_content,
)
from pytest_etsi.probes.capture._model import (
    CanaryHit,
    ConnectionAttempt,
    DhcpMessage,
    DnsQuestion,
    Flow,
    HttpRequest,
    MqttConnect,
    OtherRequest,
    Protection,
    SeenClientHello,
    SeenServerHello,
)
from pytest_etsi.probes.capture._streams import EXAMINED, Half
from pytest_etsi.probes.discovery import _dns

if TYPE_CHECKING:
    from pytest_etsi.probes.capture._canaries import Needles

__all__ = ["Dialogue", "Facts", "address"]

_MOST_FACTS = 20_000
_MOST_DATAGRAMS = 24
_NANO = 1e9
_LONGEST_RECORD = (1 << 14) + 2048
_DNS_PORTS = {53: "dns", 5353: "mdns", 5355: "llmnr"}
_UPGRADES = {"smtp", "imap", "pop3", "ftp or smtp"}
_SECRET = {"tls", "dtls", "quic", "ssh"}

_Fact = TypeVar("_Fact")


@lru_cache(maxsize=65_536)
def address(packed: bytes) -> str:
    """An address as text."""
    if len(packed) == 4:
        return socket.inet_ntop(socket.AF_INET, packed)
    return socket.inet_ntop(socket.AF_INET6, packed) if len(packed) == 16 else ""


@lru_cache(maxsize=4096)
def _dns_message(after_identifier: bytes) -> _dns.Message | None:
    """A message of DNS; a device asks for few names, and each time in the same words."""
    return _dns.parse(b"\0\0" + after_identifier)


class Facts:
    """Everything that is found in a capture, bounded."""

    def __init__(self, needles: Needles) -> None:
        self.needles = needles
        self.client_hellos: list[SeenClientHello] = []
        self.server_hellos: list[SeenServerHello] = []
        self.dns: list[DnsQuestion] = []
        self.dhcp: list[DhcpMessage] = []
        self.http: list[HttpRequest] = []
        self.mqtt: list[MqttConnect] = []
        self.requests: list[OtherRequest] = []
        self.hits: list[CanaryHit] = []
        self.names: dict[str, dict[str, None]] = {}
        self.full = False
        self.packet = 0

    def keep(self, where: list[_Fact], fact: _Fact) -> None:
        """Add to one of the lists, unless it is full."""
        if len(where) < _MOST_FACTS:
            where.append(fact)
        else:
            self.full = True

    def named(self, packed: str, name: str) -> None:
        """Remember that a name led to an address."""
        if name in self.names.get(packed, ()):
            return
        if name and (packed in self.names or len(self.names) < _MOST_FACTS):
            self.names.setdefault(packed, {})[name.rstrip(".").lower()] = None


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
    """Both directions of a flow.

    Attributes:
        synchronized: sequence number of the SYN that began it; -1: its beginning is not in the capture.
        outcome: what became of that.
    """

    __slots__ = (
        "_facts", "_first", "_handshakes", "_keys", "_source", "_target", "_transport", "back", "forward", "outcome",
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
        self._keys: _quic.InitialKeys | None = None
        self._handshakes: dict[bool, Handshake] | None = None
        self.forward = End(self, True, keys[0])
        self.back = End(self, False, keys[1])
        self.protocol = ""
        self.protection: Protection = "empty"
        self.server_name = ""
        self.synchronized = -1
        self.outcome: Literal["accepted", "refused", "silent"] = "silent"
        self.reversed: bool | None = None
        """Whether the first packet came from the server; None: to be guessed from the ports."""

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
        return Dialogue(self._transport, source, target, first, self._facts, (half.key, other.key))

    def _ends(self, half: Half) -> tuple[str, str, int]:
        """Address of who speaks, and address and port of the other end."""
        source, target = (self._source, self._target) if half.forward else (self._target, self._source)
        return source[0], target[0], target[1]

    # TCP ----------------------------------------------------------------------------------------------------

    def segment(self, half: Half, sequence: int, payload: bytes, time: int) -> None:
        """Take a segment that carries something."""
        if half.turn(sequence, payload):
            self._heard(half, payload, time)
            return
        for part in half.in_order(sequence, payload):
            self._heard(half, part, time)

    def _heard(self, half: Half, part: bytes, time: int) -> None:
        needles = self._facts.needles
        if needles.any and self.protection not in _SECRET:
            found = needles.across(half.tail, part) if half.tail else None
            if found:
                self.hit(half, found, -1, time)
            half.tail = (half.tail + part)[-(needles.longest - 1) :]
        if not half.decided:
            half.content += part[: EXAMINED - len(half.content)]
            self._recognise(half, time)
            half.decided = half.decided or len(half.content) >= EXAMINED
        # Known values may still come in what is neither decided nor secret.
        half.wants = not half.decided or (needles.any and self.protection not in _SECRET)

    def hit(self, half: Half, found: tuple[str, str], offset: int, time: int) -> None:
        """Note that a known value was found in what `half` sends."""
        source, destination, _ = self._ends(half)
        name, coding = found
        facts = self._facts
        facts.keep(
            facts.hits,
            CanaryHit(
                name,
                coding,
                facts.packet,
                offset,
                self._transport,
                source,
                destination,
                self.server_port,
                time / _NANO,
            ),
        )

    def _recognise(self, half: Half, time: int) -> None:
        content = half.content
        if len(content) < 6:
            return
        if self.protocol in {"", "tls"} and _is_tls(content):
            self.protocol, self.protection = "tls", "tls"
            self._tls(half, content, time)
        elif not self.protocol:
            self._begin(half, content, time)
        elif self.protocol in _UPGRADES and b"\x16\x03" in content:
            at = content.index(b"\x16\x03")
            if content[at + 5 : at + 6] in {b"\1", b"\2"}:
                self.protocol, self.protection = f"{self.protocol} with STARTTLS", "tls"
                half.content = content[at:]
                self._tls(half, half.content, time)
        elif self.protocol.endswith("STARTTLS"):
            at = content.find(b"\x16\x03")
            if at >= 0:
                self._tls(half, content[at:], time)
        else:
            self._decode(half, content, time)

    def _begin(self, half: Half, content: bytes, time: int) -> None:
        if content.startswith(b"SSH-"):
            self.protocol, self.protection = "ssh", "ssh"
            self.forward.decided = self.back.decided = True
        elif 53 in {self._source[1], self._target[1]}:
            self._dns_over_tcp(half, content, time)
        elif name := _payloads.plain_tcp(content):
            self.protocol, self.protection = name, "plain"
            self._decode(half, content, time)

    def _tls(self, half: Half, content: bytes, time: int) -> None:
        """Read the first message of one end; nothing after it is in clear, apart from certificates."""
        begun = record_content(content)
        if begun is None:
            half.decided = True
            return
        message = first_message(begun)
        self._hello(half, message, "tls", time)
        half.decided = message is not None

    def _hello(self, half: Half, message: bytes | None, carrier: str, time: int) -> bool:
        """Note the hello that a message of a handshake is; gives whether it is one."""
        if message is None:
            return False
        source, destination, port = self._ends(half)
        facts = self._facts
        if (hello := offered(message, carrier)) is not None:
            self.reversed = not half.forward
            self.server_name = self.server_name or hello.server_name
            facts.named(destination, hello.server_name)
            facts.keep(
                facts.client_hellos,
                SeenClientHello(time / _NANO, source, destination, port, carrier, hello),
            )
            return True
        if (taken := chosen(message)) is not None:
            own = self._source[1] if half.forward else self._target[1]
            facts.keep(
                facts.server_hellos,
                SeenServerHello(
                    time / _NANO,
                    destination,
                    source,
                    own,
                    carrier,
                    taken.version,
                    taken.suite,
                    taken.group,
                    taken.alpn,
                ),
            )
            return True
        return False

    def _decode(self, half: Half, content: bytes, time: int) -> None:
        """First requests in clear."""
        source, destination, port = self._ends(half)
        facts = self._facts
        if self.protocol in {"http", "rtsp"}:
            if b"\r\n\r\n" not in content and len(content) < EXAMINED:
                return
            request = _payloads.http_request(content)
            if request is not None:
                self.reversed = not half.forward if self.synchronized < 0 else self.reversed
                self.server_name = self.server_name or request[1].partition(":")[0]
                facts.keep(
                    facts.http,
                    HttpRequest(time / _NANO, source, destination, port, *request),
                )
        elif self.protocol == "mqtt" and (connect := _payloads.mqtt_connect(content)) is not None:
            self.reversed = not half.forward if self.synchronized < 0 else self.reversed
            facts.keep(
                facts.mqtt,
                MqttConnect(time / _NANO, source, destination, port, *connect),
            )
        elif self.protocol == "mqtt" and content[:1] == b"\x10" and len(content) < EXAMINED:
            return
        elif self.protocol == "dns":
            self._dns_over_tcp(half, content, time)
            return
        elif self.protocol in _UPGRADES:
            return
        half.decided = True

    def _dns_over_tcp(self, half: Half, content: bytes, time: int) -> None:
        length = int.from_bytes(content[:2], "big")
        if len(content) >= 2 + length:
            self._dns(half, content[2 : 2 + length], "dns", time)
            half.decided = True

    # UDP ----------------------------------------------------------------------------------------------------

    def datagram(self, half: Half, payload: bytes, time: int) -> None:
        """Take a datagram that carries something."""
        mine, other = self._source[1], self._target[1]
        names = _DNS_PORTS.get(other) or _DNS_PORTS.get(mine)
        if names and self._dns(half, payload, names, time):
            return
        if half.packets > _MOST_DATAGRAMS:
            half.wants = False
            return
        if not payload:
            return
        ports = {mine, other}
        if self.protocol in {"", "quic"} and (self._keys or _quic.is_long(payload)):
            self._quic(half, payload, time)
        elif self.protocol in {"", "dtls"} and _is_dtls(payload):
            self._datagram_tls(half, payload, time)
        elif self.protocol in {"", "dhcp"} and ports & {67, 68} and (told := _payloads.dhcp(payload)):
            self.protocol, self.protection = "dhcp", "plain"
            source = self._ends(half)[0]
            self._facts.keep(
                self._facts.dhcp,
                DhcpMessage(time / _NANO, source, **told),
            )
        else:
            self._other(half, payload, ports, time)

    def _other(self, half: Half, payload: bytes, ports: set[int], time: int) -> None:
        told = None
        for name, decode, known in (
            ("ntp", _payloads.ntp, {123}),
            ("stun", _payloads.stun, ports),
            ("coap", _payloads.coap, {5683}),
        ):
            if self.protocol in {"", name} and ports & known and (told := decode(payload)) is not None:
                self.protocol, self.protection = name, "plain"
                source, destination, port = self._ends(half)
                self._facts.keep(
                    self._facts.requests,
                    OtherRequest(time / _NANO, source, destination, port, name, told),
                )
                return
        if self.protocol:
            return
        if len(payload) == 148 and payload[:4] == b"\1\0\0\0":
            self.protocol, self.protection = "wireguard", "unknown-high-entropy"
        elif name := next(filter(None, (_payloads.plain_udp(payload, port) for port in ports)), ""):
            self.protocol, self.protection = name, "plain"
        else:
            half.content = (half.content + payload)[:EXAMINED]

    def _dns(self, half: Half, payload: bytes, protocol: str, time: int) -> bool:
        message = _dns_message(payload[2:])
        if message is None or not (message.questions or message.records):
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
                facts.keep(
                    facts.dns,
                    DnsQuestion(time / _NANO, source, destination, protocol, name, kind),
                )
        return True

    def _quic(self, half: Half, payload: bytes, time: int) -> None:
        self.protocol, self.protection = "quic", "quic"
        if self._keys is None:
            if not _quic.is_initial(payload) or len(payload) < 1200:
                return
            self._keys = _quic.InitialKeys(payload)
            self.reversed = not half.forward
        by_client = half.forward != bool(self.reversed)
        handshake = self._handshake(half)
        for offset, piece in self._keys.pieces(payload, by_client=by_client):
            handshake.add(offset, piece)
        if self._hello(half, handshake.message(), "quic", time):
            half.wants = False

    def _handshake(self, half: Half) -> Handshake:
        if self._handshakes is None:
            self._handshakes = {True: Handshake(), False: Handshake()}
        return self._handshakes[half.forward]

    def _datagram_tls(self, half: Half, payload: bytes, time: int) -> None:
        self.protocol, self.protection = "dtls", "dtls"
        handshake = self._handshake(half)
        for kind, length, offset, piece in datagram_pieces(payload):
            if kind not in {1, 2}:
                continue
            if offset == 0:  # a client says hello again, with a cookie
                handshake.clear()
                handshake.add(0, bytes((kind,)) + length.to_bytes(3, "big"))
            handshake.add(4 + offset, piece)
            if self._hello(half, handshake.message(), "dtls", time):
                handshake.clear()

    # The end ------------------------------------------------------------------------------------------------

    def attempt(self) -> ConnectionAttempt | None:
        """The attempt to connect by TCP that it began with."""
        if self.synchronized < 0:
            return None
        return ConnectionAttempt(
            self._first / _NANO,
            self._source[0],
            self._target[0],
            self._target[1],
            self.outcome,
        )

    def flow(self) -> Flow:
        """What became of it."""
        forward, back = self.forward, self.back
        for half in (forward, back) if forward.pending or back.pending else ():
            for part in half.rest():
                self._heard(half, part, half.last)
        if not self.protocol:
            self.protection = self._measured()
        last = max(forward.last, back.last)
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
            self._first / _NANO,
            last / _NANO,
            (client.packets, server.packets),
            (client.octets, server.octets),
            self.protocol,
            self.protection,
            self.server_name,
            self.synchronized >= 0 or self._transport != "tcp",
            forward.gaps or back.gaps,
        )

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


def _is_tls(content: bytes) -> bool:
    """Whether a stream begins with a record of TLS, and if that is a handshake, with one of its first messages."""
    kind, length = content[0], int.from_bytes(content[3:5], "big")
    if content[1] != 3 or content[2] > 4 or not 0 < length <= _LONGEST_RECORD:
        return False
    return content[5] in {1, 2} if kind == 22 else kind == 23 or (kind, length) in {(20, 1), (21, 2)}


def _is_dtls(payload: bytes) -> bool:
    return (
        len(payload) >= 13
        and 20 <= payload[0] <= 25
        and payload[1] == 0xFE
        and payload[2] in {0xFD, 0xFE, 0xFF}
    )
