"""The stream for recorders: RTSP (RFC 2326) inside TLS, with a login by digest (RFC 7616, SHA-256)."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import re
import secrets
import struct
import time
from typing import TYPE_CHECKING

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.connections import Connections
from pytest_etsi.virtual.device.passwords import REALM
from pytest_etsi.virtual.device.snapshot import png
from pytest_etsi.virtual.flaws import AccessFlaw, Flaw, InputFlaw

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from pytest_etsi.virtual.device.core import Core

__all__ = ["Recorder"]

_PATH = "/stream"
_IDLE_S = 30.0
_MOST_HEAD = 8192
_MOST_CONNECTIONS = 16
_LONG = 2048
"""Characters of a line that the flaw `CRASH_ON_LONG_RTSP` does not bear."""
_METHODS = "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"
_SDP = "v=0\r\no=- 0 0 IN IP4 0.0.0.0\r\ns=camera\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 x-png/90000\r\n"
_REQUEST = re.compile(r"([A-Z_]{1,20}) (rtsps?://[^ ]{1,1000}|\*) RTSP/1\.0")
_PIECE = 1400
"""Bytes of a picture in one packet."""


class _RefusedError(Exception):
    """An answer that says no."""

    def __init__(self, status: str, *lines: str) -> None:
        super().__init__(status)
        self.status = status
        self.lines = lines


class Recorder:
    """The server.

    Args:
        core: knows the password and counts the attempts.
        note: takes a line for the camera's log.
        flaws: of this camera.
    """

    def __init__(self, core: Core, note: Callable[[str], None], flaws: frozenset[Flaw]) -> None:
        self._core = core
        self._note = note
        self._flaws = flaws
        self._server: asyncio.Server | None = None
        self._connections = Connections(_MOST_CONNECTIONS)

    async def open(self, host: str, port: int, tls: ssl.SSLContext) -> None:
        """Listen; raises `OSError`."""
        self._server = await asyncio.start_server(
            self._connected, host, port, ssl=tls, limit=_MOST_HEAD, ssl_shutdown_timeout=1.0
        )

    async def close(self) -> None:
        """Listen no more, and end what is open."""
        if self._server is not None:
            self._server.close()
            self._server = None
        await self._connections.end()

    def _crash(self) -> None:
        """End the server, as a fault in it does; the rest goes on, and a power cycle brings it back."""
        self._note("recorder: killed")
        if self._server is not None:
            self._server.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        conversation = _Conversation(self._core, self._note, self._flaws, self._crash, writer)
        await self._connections.serve(writer, lambda: conversation.run(reader))


class _Conversation:
    """One connection, whose requests are answered one after the other."""

    def __init__(
        self,
        core: Core,
        note: Callable[[str], None],
        flaws: frozenset[Flaw],
        crash: Callable[[], None],
        writer: asyncio.StreamWriter,
    ) -> None:
        self._core = core
        self._note = note
        self._flaws = flaws
        self._crash = crash
        self._writer = writer
        self._nonce = secrets.token_hex(16)
        self._count = 0
        self._session = ""
        self._playing: asyncio.Task[None] | None = None

    async def run(self, reader: asyncio.StreamReader) -> None:
        """Answer until the other side has had enough, or says something that is no RTSP."""
        try:
            while True:
                try:
                    async with asyncio.timeout(_IDLE_S):
                        head = await reader.readuntil(b"\r\n\r\n")
                except asyncio.LimitOverrunError:
                    await self._say("400 Bad Request", "0")
                    return
                if not await self._answer(head):
                    return
        finally:
            if self._playing:
                self._playing.cancel()
                with contextlib.suppress(asyncio.CancelledError, OSError):
                    await self._playing

    async def _answer(self, head: bytes) -> bool:
        """Answer one request; gives whether to go on."""
        lines = head.decode("latin-1").split("\r\n")
        if InputFlaw.CRASH_ON_LONG_RTSP in self._flaws and max(map(len, lines)) > _LONG:
            self._crash()
            return False
        fields = {
            name.strip().casefold(): value.strip()
            for name, colon, value in (line.partition(":") for line in lines[1:])
            if colon
        }
        number = fields.get("cseq", "")
        request = _REQUEST.fullmatch(lines[0])
        if request is None or not number.isascii() or not number.isdecimal() or len(number) > 9:
            await self._say("400 Bad Request", "0")
            return False
        length = fields.get("content-length", "0")
        if InputFlaw.CRASH_ON_NEGATIVE_LENGTH in self._flaws and length.startswith("-"):
            self._crash()
            return False
        if length != "0":
            await self._say("413 Request Entity Too Large", number)
            return False
        try:
            status, told, body = self._do(request[1], request[2], fields)
        except _RefusedError as refusal:
            await self._say(refusal.status, number, *refusal.lines)
            return True
        await self._say(status, number, *told, body=body)
        return request[1] != "TEARDOWN"

    def _do(self, method: str, url: str, fields: dict[str, str]) -> tuple[str, tuple[str, ...], str]:
        if method == "OPTIONS":
            return "200 OK", (f"Public: {_METHODS}",), ""
        if method not in _METHODS.split(", "):
            raise _RefusedError("405 Method Not Allowed", f"Allow: {_METHODS}")
        if not (method == "DESCRIBE" and AccessFlaw.RECORDER_WITHOUT_LOGIN in self._flaws):
            self._let_in(method, url, fields.get("authorization", ""))
        path = re.sub(r"^rtsps?://[^/]*", "", url).rstrip("/") or "/"
        if path not in {_PATH, f"{_PATH}/0"}:
            raise _RefusedError("404 Not Found")
        if method == "DESCRIBE":
            return "200 OK", ("Content-Type: application/sdp",), _SDP
        if method == "SETUP":
            if "interleaved" not in fields.get("transport", "") or "TCP" not in fields["transport"]:
                raise _RefusedError("461 Unsupported Transport")
            self._session = secrets.token_hex(16)
            way = "Transport: RTP/AVP/TCP;unicast;interleaved=0-1"
            return "200 OK", (f"Session: {self._session}", way), ""
        if not self._session or fields.get("session") != self._session:
            raise _RefusedError("454 Session Not Found")
        if method == "PLAY" and self._playing is None:
            self._playing = asyncio.create_task(self._play())
        return "200 OK", (f"Session: {self._session}",), ""

    def _let_in(self, method: str, url: str, given: str) -> None:
        """Go on if the request answers the challenge."""
        kind, _, text = given.partition(" ")
        told = {
            name: value or bare for name, value, bare in re.findall(r'(\w+)=(?:"([^"]*)"|([^\s,]+))', text)
        }
        try:
            if self._core.state == "factory-default":
                raise errors.SetupRequiredError
            if kind.casefold() == "digest" and self._fresh(told, url):
                self._core.check_recorder(
                    told.get("username", ""), lambda secret: _proves(secret, told, method, url)
                )
                return
        except errors.SetupRequiredError:
            raise _RefusedError("403 Forbidden") from None
        except errors.LockedError as locked:
            raise _RefusedError(
                "503 Service Unavailable", f"Retry-After: {locked.headers()['Retry-After']}"
            ) from None
        except errors.WrongPasswordError:
            self._note("recorder: wrong password")
        raise _RefusedError(
            "401 Unauthorized",
            f'WWW-Authenticate: Digest realm="{REALM}", nonce="{self._nonce}", algorithm=SHA-256, qop="auth"',
        )

    def _fresh(self, told: dict[str, str], url: str) -> bool:
        """Whether an answer belongs to this connection's challenge, and was not seen before."""
        count = told.get("nc", "")
        if told.get("nonce") != self._nonce or told.get("uri") != url or told.get("qop") != "auth":
            return False
        if not re.fullmatch("[0-9a-f]{8}", count) or int(count, 16) <= self._count:
            return False
        self._count = int(count, 16)
        return True

    async def _play(self) -> None:
        """Send the picture once a second, as RTP (RFC 3550) between the answers."""
        number = 0
        source = secrets.randbits(32)
        while True:
            picture = png(time.time())
            pieces = [picture[at : at + _PIECE] for at in range(0, len(picture), _PIECE)]
            for index, piece in enumerate(pieces):
                kind = 96 | 0x80 * (index == len(pieces) - 1)
                moment = int(time.monotonic() * 90_000) & 0xFFFF_FFFF
                packet = struct.pack(">BBHII", 0x80, kind, number & 0xFFFF, moment, source) + piece
                self._writer.write(struct.pack(">cBH", b"$", 0, len(packet)) + packet)
                number += 1
            await self._writer.drain()
            await asyncio.sleep(1.0)

    async def _say(self, status: str, number: str, *lines: str, body: str = "") -> None:
        head = [f"RTSP/1.0 {status}", f"CSeq: {number}", "Server: ExampleCam", *lines]
        if body:
            head.append(f"Content-Length: {len(body)}")
        self._writer.write(("\r\n".join(head) + "\r\n\r\n" + body).encode())
        await self._writer.drain()


def _proves(secret: str, told: dict[str, str], method: str, url: str) -> bool:
    """Whether the answer was made by somebody who knows the secret of the digest."""
    parts = (secret, told["nonce"], told["nc"], told.get("cnonce", ""), "auth", _hash(f"{method}:{url}"))
    return hmac.compare_digest(
        _hash(":".join(parts)).encode(), told.get("response", "").encode("utf-8", "replace")
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("latin-1", "replace")).hexdigest()
