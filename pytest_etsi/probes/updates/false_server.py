"""A false server of updates: it answers a device by TLS, with a certificate of its own, or in clear, as it is asked.

What it gives is made by the tester. A request is read within bounds and kept as its first line alone: what a device
says of itself there, such as a token, is nobody's.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Literal, cast

from pytest_etsi import bounds
from pytest_etsi.probes.listener import Listener
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.tls.false_certificate import false_certificate, server_context
from pytest_etsi.probes.updates.met import Met

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import BufferedReader
    from pathlib import Path
    from socketserver import BaseServer
    from types import TracebackType

__all__ = ["Answers", "FalseServer", "Trouble"]

Trouble = Literal["", "error-page", "endless", "redirects"]

_MOST = 60
"""Connections that are answered."""
_KEPT = 20
_TLS = 22
_CHUNK = 64 * 1024
_ENDLESS = 512 * 1024 * 1024
"""Bytes after which what has no end does end."""
_ERROR_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Service Unavailable</body></html>\n"
)
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a false server says.

    Attributes:
        asks: pattern of the whole path at which the device asks for updates.
        manifest: what it is answered.
        fetches: pattern of the whole path from which the device fetches a package.
        package: what it gets; None: nothing is there.
        trouble: instead of the package: a page of an error, bytes without end, or redirects that go round.
    """

    asks: str
    manifest: bytes
    fetches: str
    package: Path | None
    trouble: Trouble = ""


@dataclass(slots=True)
class _Seen:
    came: int = 0
    objections: list[str] = field(default_factory=list)
    clear: bool = False
    asked: list[str] = field(default_factory=list)
    manifests: int = 0
    packages: int = 0
    busy: int = 0


class FalseServer:
    """Answers from ``with`` on until its end.

    Attributes:
        answers: what it says.

    Args:
        address: address of this machine to listen on.
        host: for which it stands, where the device does not say it.
        answers: what it says, made of its own address in clear.
        certificate: file with key and certificate in PEM; None: one that nobody has signed whom the device knows.
        self_signed: that one is signed by its own key.
    """

    def __init__(
        self,
        address: str,
        host: str,
        answers: Callable[[str], Answers],
        *,
        certificate: Path | None = None,
        self_signed: bool = False,
    ) -> None:
        self._address = address
        self._host = host
        self._make = answers
        self._self_signed = self_signed
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._context = server_context(certificate) if certificate else self._own(host)
        if certificate is None:
            self._context.sni_callback = self._named
        self._seen = _Seen()
        self._changed = threading.Condition()
        self._ready = threading.Event()
        self._listener = Listener(address, self._taken, most=_MOST, longest_s=bounds.UPDATE_SERVER.step_s)
        self._open: set[socket.socket] = set()
        self.answers: Answers

    def __enter__(self) -> FalseServer:
        with ExitStack() as stack:
            stack.enter_context(self._listener)
            where = f"[{self._address}]" if ":" in self._address else self._address
            self.answers = self._make(f"http://{where}:{self.port}")
            self._ready.set()
            stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.__exit__(kind, error, trace)
        with self._changed:
            left = tuple(self._open)
        for connection in left:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._listener.port

    def met(self) -> Met:
        """What has been seen so far."""
        with self._changed:
            seen = self._seen
            return Met(
                seen.came,
                tuple(seen.objections),
                seen.clear,
                tuple(seen.asked),
                seen.manifests,
                seen.packages,
            )

    def wait(self, comes_within_s: float) -> None:
        """Wait until the device has been given a package, or for so long, and for what it is being given then."""
        with self._changed:
            self._changed.wait_for(lambda: self._seen.packages > 0, comes_within_s)
            self._changed.wait_for(lambda: not self._seen.busy, bounds.UPDATE_SERVER.whole_s)

    # Connections --------------------------------------------------------------------------------------------

    def _taken(self, connection: socket.socket) -> None:
        self._ready.wait(bounds.UPDATE_SERVER.step_s)
        with self._changed:
            self._seen.came += 1
            self._open.add(connection)
        threading.Thread(target=self._meet, args=(connection,), name="misled", daemon=True).start()

    def _meet(self, connection: socket.socket) -> None:
        talking, secure = connection, False
        try:
            connection.settimeout(bounds.UPDATE_SERVER.step_s)
            secure = connection.recv(1, socket.MSG_PEEK)[:1] == bytes((_TLS,))
            if secure:
                talking = self._context.wrap_socket(connection, server_side=True)
                with self._changed:
                    self._open.add(talking)
            handler = _Handler(self, talking, secure=secure)
            if handler.waits:
                # Whoever took the certificate and says nothing speaks something in which the server comes first.
                self.asked("nothing, and waits to be spoken to", secure=secure)
            elif not handler.has_asked:
                self._objects("the device ended it after the handshake" if secure else "nothing came")
        except ssl.SSLError as error:
            self._objects((error.reason or str(error)).lower().replace("_", " "))
        except TimeoutError:
            self._came_to_a_halt(handshake=secure)
        except OSError as error:
            self._objects(f"the device ended the connection: {type(error).__name__}")
        finally:
            with self._changed:
                self._open -= {connection, talking}
            talking.close()

    def _came_to_a_halt(self, *, handshake: bool) -> None:
        """Nothing came for a while: of a handshake that shows nothing, before one that the server should begin."""
        if handshake:
            self._objects("the handshake came to a halt")
        else:
            self.asked("nothing, and waits to be spoken to", secure=False)

    def _objects(self, why: str) -> None:
        with self._changed:
            if len(self._seen.objections) < _KEPT:
                self._seen.objections.append(printable(why, 200))

    def _own(self, name: str) -> ssl.SSLContext:
        if name not in self._contexts:
            kinds = (false_certificate(name, self_signed=self._self_signed, rsa=rsa) for rsa in (False, True))
            self._contexts[name] = server_context(*kinds)
        return self._contexts[name]

    def _named(self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> None:
        """Show a certificate for the name that is asked for."""
        if name and len(self._contexts) < _MOST:
            connection.context = self._own(name)

    # Requests -----------------------------------------------------------------------------------------------

    def asked(self, line: str, *, secure: bool) -> None:
        """A request has come."""
        with self._changed:
            self._seen.clear = self._seen.clear or not secure
            if len(self._seen.asked) < _KEPT:
                self._seen.asked.append(line)

    def begins(self) -> None:
        """Something is being given to the device."""
        with self._changed:
            self._seen.busy += 1

    def ends(self, *, manifest: bool = False, package: bool = False) -> None:
        """It has been given, or not to its end."""
        with self._changed:
            self._seen.busy -= 1
            self._seen.manifests += manifest
            self._seen.packages += package
            self._changed.notify_all()


class _Handler(BaseHTTPRequestHandler):
    """One connection, with one request.

    Attributes:
        has_asked: the device has said something.
        waits: it has said nothing, and did not end the connection.
    """

    protocol_version = "HTTP/1.1"
    server_version, sys_version = "nginx", ""

    def __init__(self, server: FalseServer, connection: socket.socket, *, secure: bool) -> None:
        self._false, self._secure = server, secure
        self.has_asked = self.waits = False
        super().__init__(connection, ("", 0), cast("BaseServer", server))  # it is asked for nothing

    def handle_one_request(self) -> None:
        """A request, whatever its method."""
        # Whoever keeps a connection open may wait for more, which nothing here would end.
        self.close_connection = True
        try:
            self.has_asked = bool(cast("BufferedReader", self.rfile).peek(1))
        except TimeoutError:
            self.waits = True
        except OSError:
            pass  # it has ended the connection
        if not self.has_asked:
            return
        request = False
        with contextlib.suppress(OSError):
            self.raw_requestline = self.rfile.readline(bounds.UPDATE_SERVER.most + 1)
            request = self.parse_request()
        self.close_connection = True
        if not request:
            self._false.asked("what is no request of HTTP", secure=self._secure)
            return
        with contextlib.suppress(OSError):
            self._answer()

    def _answer(self) -> None:
        path = self.path.partition("?")[0][:2048]
        self._false.asked(printable(f"{self.command} {path}", 200), secure=self._secure)
        self._body()
        answers = self._false.answers
        if re.fullmatch(answers.asks, path):
            self._give(answers.manifest, manifest=True)
        elif re.fullmatch(answers.fetches, path):
            self._package(answers)
        else:
            self._give(b"{}", status=404)

    def log_message(self, *_: object) -> None:
        """Nothing is printed."""

    def _body(self) -> None:
        """Read what comes with a request, so that the answer is not lost with it."""
        if self.headers.get("Expect", "").lower() == "100-continue":
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        length = self.headers.get("Content-Length", "")
        if length.isdecimal() and len(length) < 10:
            self.rfile.read(min(int(length), bounds.UPDATE_SERVER.most))

    def _give(self, content: bytes, *, status: int = 200, manifest: bool = False) -> None:
        self._false.begins()
        whole = False
        try:
            text = content[:1] in (b"{", b"[")
            self._head(status, len(content), "application/json" if text else "application/octet-stream")
            if self.command != "HEAD":
                self.wfile.write(content)
            self.wfile.flush()
            whole = True
        finally:
            self._false.ends(manifest=manifest and whole)

    def _head(self, status: int, length: int | None, kind: str, **further: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        for name, value in further.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()

    def _package(self, answers: Answers) -> None:
        self._false.begins()
        whole = False
        try:
            if answers.trouble == "error-page":
                self._head(503, len(_ERROR_PAGE), "text/html")
                self.wfile.write(_ERROR_PAGE)
            elif answers.trouble == "redirects":
                self._head(302, 0, "text/html", Location=self.path)
            elif answers.trouble == "endless":
                self._endless()
            elif answers.package is None:
                self._head(404, 0, "text/html")
            whole = self._file(answers.package) if answers.package and not answers.trouble else True
            self.wfile.flush()
        except OSError:
            # Who has enough of what never ends has had it.
            whole = answers.trouble == "endless"
            raise
        finally:
            self._false.ends(package=whole)

    def _endless(self) -> None:
        self._head(200, None, "application/octet-stream")
        end = time.monotonic() + bounds.UPDATE_SERVER.whole_s / 10
        for _ in range(_ENDLESS // _CHUNK):
            self.wfile.write(bytes(_CHUNK))
            if time.monotonic() > end:
                return

    def _file(self, package: Path) -> bool:
        """The package, or the stretch of it that is asked for; whether its end was in it."""
        size = package.stat().st_size
        first, last = 0, size - 1
        asked = _RANGE.fullmatch(self.headers.get("Range", ""))
        if asked and int(asked[1]) < size:
            first, last = int(asked[1]), min(int(asked[2] or last), last)
            self._head(
                206,
                max(0, last + 1 - first),
                "application/octet-stream",
                Content_Range=f"bytes {first}-{last}/{size}",
            )
        else:
            self._head(200, size, "application/octet-stream", Accept_Ranges="bytes")
        if self.command == "HEAD":
            return False
        end = time.monotonic() + bounds.UPDATE_SERVER.whole_s
        with package.open("rb") as file:
            file.seek(first)
            left = last + 1 - first
            while left > 0 and time.monotonic() < end and (part := file.read(min(_CHUNK, left))):
                self.wfile.write(part)
                left -= len(part)
        return left <= 0 and last + 1 == size
