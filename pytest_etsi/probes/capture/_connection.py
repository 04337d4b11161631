"""What two ends say to each other by TCP: recognised by its beginning, decoded once, then only counted."""

from __future__ import annotations

import re

from pytest_etsi.probes.capture import _payloads
from pytest_etsi.probes.capture._dialogue import NANO, SECRET, Dialogue
from pytest_etsi.probes.capture._hellos import first_message, record_content
from pytest_etsi.probes.capture._model import HttpRequest, MqttConnect
from pytest_etsi.probes.capture._streams import EXAMINED, Half
from pytest_etsi.probes.tls.ssl2_hello import is_ssl2_hello, parse_ssl2_hello

__all__ = ["Connection"]

_LONGEST_RECORD = (1 << 14) + 2048
_UPGRADES = {"smtp", "imap", "pop3", "ftp or smtp", "amqp", "irc", "vnc", "telnet", "http proxy"}
"""Protocols in clear in the middle of which TLS may begin."""
_LATER = re.compile(rb"\x16\x03[\0-\4]..[\1\2]\0..\x03[\0-\4]", re.DOTALL)
"""The beginning of a hello somewhere in a stream."""
_THEN_TLS = " with STARTTLS"


class Connection(Dialogue):
    """Both directions of a connection."""

    __slots__ = ()

    def segment(self, half: Half, sequence: int, payload: bytes, time: int) -> None:
        """Take a part of a stream; `sequence`: where it belongs; `time`: in ns."""
        if half.turn(sequence, payload):
            self._heard(half, payload, time)
            return
        for part in half.in_order(sequence, payload):
            self._heard(half, part, time)

    def _heard(self, half: Half, part: bytes, time: int) -> None:
        needles = self._facts.needles
        if needles.any and self.protection not in SECRET:
            for found in needles.across(half.tail, part) if half.tail else ():
                self.hit(half, found, -1, time)
            half.tail = (half.tail + part)[-(needles.longest - 1) :]
        while part and not half.decided:
            room = EXAMINED - len(half.content)
            half.content += part[:room]
            part = part[room:]
            self._recognise(half, time)
            half.decided = half.decided or len(half.content) >= EXAMINED
        # Known values may still come in what is neither decided nor secret.
        half.wants = not half.decided or (needles.any and self.protection not in SECRET)

    def _recognise(self, half: Half, time: int) -> None:
        content = half.content
        if len(content) < 6:
            return
        if self.protocol in {"", "tls"} and _is_tls(content):
            self.protocol, self.protection = "tls", "tls"
            self._tls(half, content, time)
        elif self.protocol in {"", "tls"} and is_ssl2_hello(content):
            self.protocol, self.protection = "tls", "tls"
            self._ssl2(half, content, time)
        elif not self.protocol:
            self._begin(half, content, time)
        elif self.protocol in _UPGRADES:
            self._upgrade(half, content, time)
        elif self.protocol.endswith(_THEN_TLS):
            if found := _LATER.search(content):
                self._tls(half, content[found.start() :], time)
        else:
            self._decode(half, content, time)

    def _begin(self, half: Half, content: bytes, time: int) -> None:
        if content.startswith(b"SSH-"):
            self.protocol, self.protection = "ssh", "ssh"
            self.forward.decided = self.back.decided = True
        elif name := _payloads.plain_tcp(content):
            self.protocol, self.protection = name, "plain"
            self._decode(half, content, time)
        elif self._is_of_dns():
            self._dns_over_tcp(half, time)
        else:
            self._upgrade(half, content, time)

    def _upgrade(self, half: Half, content: bytes, time: int) -> None:
        """Look for a hello behind something else."""
        if found := _LATER.search(content):
            self.protocol, self.protection = f"{self.protocol or 'unknown'}{_THEN_TLS}", "tls"
            half.content = content[found.start() :]
            self._tls(half, half.content, time)

    def _tls(self, half: Half, content: bytes, time: int) -> None:
        """Read the first message of one end; nothing after it is in clear, apart from certificates."""
        if not self.hello and (self.synchronized >= 0 or (content[0], content[5]) == (22, 1)):
            self.hello = "begun"
        begun = record_content(content)
        if begun is None:
            half.decided = True
            return
        message = first_message(begun)
        self._message(half, message, "tls", time)
        half.decided = message is not None

    def _ssl2(self, half: Half, content: bytes, time: int) -> None:
        self.hello = self.hello or "begun"
        hello = parse_ssl2_hello(content)
        if hello is not None:
            self._offered(half, hello, "tls", time)
            half.decided = True

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
                facts.keep(facts.http, HttpRequest(time / NANO, source, destination, port, *request))
                if request[0] == "CONNECT":
                    self.protocol = "http proxy"
                    self._upgrade(half, content, time)
                    return
        elif self.protocol == "mqtt" and (connect := _payloads.mqtt_connect(content)) is not None:
            self.reversed = not half.forward if self.synchronized < 0 else self.reversed
            facts.keep(facts.mqtt, MqttConnect(time / NANO, source, destination, port, *connect))
        elif self.protocol == "mqtt" and content[:1] == b"\x10" and len(content) < EXAMINED:
            return
        elif self.protocol == "dns":
            self._dns_over_tcp(half, time)
            return
        elif self.protocol in _UPGRADES:
            return
        half.decided = True

    def _is_of_dns(self) -> bool:
        return 53 in {self._source[1], self._target[1]}

    def _dns_over_tcp(self, half: Half, time: int) -> None:
        """Every message of the connection, each behind its length (RFC 1035, 4.2.2)."""
        while len(half.content) >= 2:
            end = 2 + int.from_bytes(half.content[:2], "big")
            if len(half.content) < end:
                break
            if not self._dns(half, half.content[2:end], "dns", time):
                half.decided = True
                return
            half.content = half.content[end:]
        if len(half.content) >= EXAMINED:
            self._facts.account.lacking("{} messages of DNS could not be read", "names")

    def _finish(self) -> None:
        """Take what waits behind gaps, and account for what was not understood."""
        forward, back = self.forward, self.back
        for half in (forward, back) if forward.pending or back.pending else ():
            for part in half.rest():
                self._heard(half, part, half.last)
        lacking = self._facts.account.lacking
        if self.protocol in {"", "dns"} and self._is_of_dns():
            cut = [half for half in (forward, back) if half.content and not half.decided]
            lacking("{} messages of DNS could not be read", "names", count=len(cut))
        if (forward.gaps or back.gaps) and self.synchronized >= 0 and self.hello != "read":
            lacking(
                "bytes are missing in {} connections, as far as they were looked into",
                "names", "hellos", "values",
            )  # fmt: skip
        super()._finish()


def _is_tls(content: bytes) -> bool:
    """Whether a stream begins with a record of TLS, and if that is a handshake, with one of its first messages."""
    kind, length = content[0], int.from_bytes(content[3:5], "big")
    if content[1] != 3 or content[2] > 4 or not 0 < length <= _LONGEST_RECORD:
        return False
    return content[5] in {1, 2} if kind == 22 else kind == 23 or (kind, length) in {(20, 1), (21, 2)}
