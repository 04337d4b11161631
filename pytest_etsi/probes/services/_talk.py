"""The conversation with one port: bounded in time, connections and bytes; recognisers talk through it."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.services._model import Challenge, Service, product_of

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

    from pytest_etsi.probes.http.rendering import Renderer

__all__ = ["MAX_ANSWER", "MAX_CONNECTIONS", "UNKNOWN_USER", "Greeting", "Talk", "is_text"]

MAX_ANSWER = bounds.SERVICES.most
"""Bytes of one answer that are read at most."""
UNKNOWN_USER = "probe"
"""A user whom no device knows."""
MAX_CONNECTIONS = 40
"""Connections to one port at most, beside those of the walk over its web pages."""
_COMES_BACK_S = (0.1, 0.2, 0.4, 0.8)
"""Seconds between looks at a port that refuses after a question: a small device is busy for about so long."""
_SHOWN = 60
"""Letters of a question that the record shows."""


def _whole_head(seen: bytes) -> bool:
    return b"\r\n\r\n" in seen or b"\n\n" in seen or len(seen) > 4096


def is_text(data: bytes) -> bool:
    """Whether some bytes are text, whatever its letters: no control characters but those of terminals."""
    return bool(data) and not re.search(rb"[\x00-\x06\x0e-\x1a\x1c-\x1f\x7f]", data)


@dataclass(frozen=True, slots=True)
class Greeting:
    """What a port said before it was asked anything, on a connection that is still open."""

    connection: socket.socket
    data: bytes


@dataclass(slots=True)
class Talk:
    """One port, and what recognisers may do with it.

    Attributes:
        host: as asked for.
        port: TCP port.
        timeout_s: seconds for one answer.
        deadline: for all of it.
        server_name: for TLS and Host headers.
        max_requests: HTTP requests at most.
        users: whom an SSH server is asked about.
        render: draws a page; None: that is not wished.
        tls: talk inside TLS.
        notes: what else there is to know; recognisers add to it.
        first_bytes: the first answer, whatever it was.
        page: the answer to the HTTP request, for recognisers to which it tells something.
        text: it speaks in text, so that nothing is sent that a text protocol forbids.
        pause_s: seconds to leave between two connections, for a device that takes one at a time.
        questions: what was asked, in this order.
    """

    host: str
    port: int
    timeout_s: float
    deadline: Deadline
    server_name: str
    max_requests: int
    users: tuple[str, ...]
    render: Renderer | None = None
    tls: bool = False
    notes: list[str] = field(default_factory=list)
    first_bytes: bytes = b""
    page: bytes = b""
    text: bool = False
    pause_s: float = 0.0
    questions: list[str] = field(default_factory=list)
    connections: int = 0

    @property
    def context(self) -> ssl.SSLContext | None:
        """For probes that open connections of their own."""
        return lenient_context() if self.tls else None

    def budget(self) -> Deadline:
        """Time for one answer."""
        return self.deadline.within(self.timeout_s)

    def open(self, *, alpn: tuple[str, ...] = ()) -> socket.socket:
        """A new connection, inside TLS where the port speaks it.

        Raises:
            OSError: it cannot be made, or there have been too many.
            ValueError: the name does not suit TLS.
        """
        self.ready()
        self.connections += 1
        if self.connections > MAX_CONNECTIONS:
            raise TimeoutError("too many connections to one port")
        budget = self.budget()
        plain = connect(self.host, self.port, budget)
        if not self.tls:
            return plain
        try:
            plain.settimeout(max(0.001, budget.left()))
            return lenient_context(alpn=alpn).wrap_socket(plain, server_hostname=self.server_name)
        except BaseException:
            plain.close()
            raise

    def exchange(
        self, request: bytes, enough: Callable[[bytes], bool] = _whole_head, *, alpn: tuple[str, ...] = ()
    ) -> bytes:
        """Send a request on a connection of its own and give the first part of the answer; empty: none came."""
        try:
            connection = self.open(alpn=alpn)
        except (OSError, ValueError):
            return b""
        with closing(connection):
            return self.ask(connection, request, enough)

    def exchange_after_greeting(self, request: bytes, enough: Callable[[bytes], bool]) -> bytes:
        """Take the greeting of a new connection, send a request and give the answer."""
        try:
            connection = self.open()
        except (OSError, ValueError):
            return b""
        with closing(connection):
            receive(connection, self.budget(), limit=MAX_ANSWER)
            return self.ask(connection, request, enough)

    def ask(
        self, connection: socket.socket, request: bytes, enough: Callable[[bytes], bool] = _whole_head
    ) -> bytes:
        """Send a request on an open connection and give the first part of the answer."""
        self.asks(printable(request.split(b"\r\n")[0], _SHOWN))
        budget = self.budget()
        if not send(connection, request, budget):
            return b""
        answer, _ = receive(connection, budget, limit=MAX_ANSWER, enough=enough)
        return answer

    def asks(self, question: str) -> None:
        """Note a question that is about to be asked, so that the one which a device did not survive is on record."""
        self.questions.append(f"{question} (inside TLS)" if self.tls else question)

    def ready(self) -> None:
        """Leave the device as much time between connections as it has shown to need."""
        time.sleep(self.deadline.left(self.pause_s))

    def accepts(self) -> bool:
        """Whether the port still accepts a connection, at once or after about a second."""
        for pause_s in (0.0, *_COMES_BACK_S):
            time.sleep(self.deadline.left(pause_s))
            try:
                connect(self.host, self.port, self.budget()).close()
            except OSError:
                continue
            return True
        return False

    def service(
        self,
        kind: str,
        challenges: tuple[Challenge, ...] = (),
        banner: bytes | str = b"",
        *,
        note: str = "",
        complete: bool = True,
        starttls: bool = False,
        speaks: tuple[str, ...] = (),
    ) -> Service:
        """What was recognised."""
        shown = printable(banner, 200)
        product, version = product_of(shown)
        return Service(
            host=self.host,
            port=self.port,
            tls=self.tls,
            kind=kind,
            challenges=challenges,
            banner=shown,
            note="; ".join(dict.fromkeys(item for item in (*self.notes, note) if item)),
            complete=complete and not self.deadline.expired,
            starttls=starttls,
            speaks=speaks,
            product=product,
            version=version,
            questions=tuple(self.questions),
            duration_s=self.deadline.elapsed,
        )
