"""What two ends say to each other by UDP: recognised by its first datagrams, decoded, then only counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.capture import _payloads, _quic
from pytest_etsi.probes.capture._dialogue import NANO, Dialogue
from pytest_etsi.probes.capture._hellos import datagram_pieces
from pytest_etsi.probes.capture._model import DhcpMessage, OtherRequest
from pytest_etsi.probes.capture._streams import EXAMINED, Half

if TYPE_CHECKING:
    from pytest_etsi.probes.capture._facts import Facts

__all__ = ["Exchange"]

_MOST_DATAGRAMS = 24
_DNS_PORTS = {53: "dns", 5353: "mdns", 5355: "llmnr"}
_THEN_DTLS = " with DTLS"


class Exchange(Dialogue):
    """Both directions of what goes between two ports."""

    __slots__ = ("_keys",)

    def __init__(
        self,
        transport: str,
        source: tuple[str, int],
        target: tuple[str, int],
        first: int,
        facts: Facts,
        keys: tuple[bytes, bytes],
    ) -> None:
        super().__init__(transport, source, target, first, facts, keys)
        self._keys: _quic.InitialKeys | None = None

    def datagram(self, half: Half, payload: bytes, time: int) -> None:
        """Take a datagram that carries something; `time`: in ns."""
        mine, other = self._source[1], self._target[1]
        names = _DNS_PORTS.get(other) or _DNS_PORTS.get(mine)
        if names and payload and self._dns(half, payload, names, time):
            return
        if _is_dtls(payload) and self.protocol != "quic" and (payload[0] == 22 or not self.protocol):
            # Whatever was said before: a hello may follow on what settles the ways (WebRTC).
            self._datagram_tls(half, payload, time)
            return
        if half.packets > _MOST_DATAGRAMS and not names:
            half.wants = self.protocol in {"", "stun"} or self.protocol.endswith(("dtls", _THEN_DTLS))
            return
        if not payload:
            return
        ports = {mine, other}
        if self.protocol in {"", "quic"} and (self._keys or _quic.is_long(payload)):
            self._quic(half, payload, time)
        elif self.protocol in {"", "dhcp"} and ports & {67, 68} and (told := _payloads.dhcp(payload)):
            self.protocol, self.protection = "dhcp", "plain"
            source = self._ends(half)[0]
            self._facts.keep(self._facts.dhcp, DhcpMessage(time / NANO, source, **told))
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
                seen = OtherRequest(time / NANO, source, destination, port, name, told)
                self._facts.keep(self._facts.requests, seen)
                return
        if self.protocol:
            return
        if len(payload) == 148 and payload[:4] == b"\1\0\0\0":
            self.protocol, self.protection = "wireguard", "unknown-high-entropy"
        elif name := next(filter(None, (_payloads.plain_udp(payload, port) for port in ports)), ""):
            self.protocol, self.protection = name, "plain"
        else:
            half.content = (half.content + payload)[:EXAMINED]

    def _quic(self, half: Half, payload: bytes, time: int) -> None:
        self.protocol, self.protection = "quic", "quic"
        if self._keys is None:
            if not _quic.is_initial(payload) or len(payload) < 1200:
                return
            self._keys = _quic.InitialKeys(payload)
            self.reversed = not half.forward
            self.hello = "begun"
        by_client = half.forward != bool(self.reversed)
        handshake = self._handshake(half)
        for offset, piece in self._keys.pieces(payload, by_client=by_client):
            handshake.add(offset, piece)
        if self._message(half, handshake.message(), "quic", time):
            half.wants = False

    def _datagram_tls(self, half: Half, payload: bytes, time: int) -> None:
        if self.protocol in {"", "dtls"}:
            self.protocol = "dtls"
        elif not self.protocol.endswith(_THEN_DTLS):
            self.protocol += _THEN_DTLS
        self.protection = "dtls"
        handshake = self._handshake(half)
        for kind, length, offset, piece in datagram_pieces(payload):
            if kind not in {1, 2}:
                continue
            if kind == 1 and not self.hello:
                self.hello = "begun"
            if offset == 0:  # a client says hello again, with a cookie
                handshake.clear()
                handshake.add(0, bytes((kind,)) + length.to_bytes(3, "big"))
            handshake.add(4 + offset, piece)
            if self._message(half, handshake.message(), "dtls", time):
                handshake.clear()


def _is_dtls(payload: bytes) -> bool:
    return (
        len(payload) >= 13
        and 20 <= payload[0] <= 25
        and payload[1] == 0xFE
        and payload[2] in {0xFD, 0xFE, 0xFF}
    )
