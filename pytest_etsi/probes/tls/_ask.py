"""One ClientHello on a connection of its own, and the answer to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, connect, lenient_context, receive, send, why
from pytest_etsi.probes.tls._answer import CUT, MAX_FLIGHT, parse
from pytest_etsi.probes.tls._hello import HelloOffer, server_name_of
from pytest_etsi.probes.tls._model import VERSIONS, HelloAnswer
from pytest_etsi.probes.tls._starttls import switch

if TYPE_CHECKING:
    import socket

    from pytest_etsi.probes.tls._starttls import StartTls

__all__ = ["COMMON", "StreamEndpoint", "hello"]

COMMON = (
    0xC02F, 0xC02B, 0xC030, 0xC02C, 0xCCA8, 0xCCA9, 0x009E, 0x009F, 0xC013, 0xC014, 0xC009, 0xC00A, 0xC023,
    0xC027, 0xC024, 0xC028, 0x0033, 0x0039, 0x0067, 0x006B, 0x009C, 0x009D, 0x003C, 0x003D, 0x002F, 0x0035,
    0x000A, 0x0016, 0xC012, 0xC008, 0x0005, 0x0004, 0xC0AC, 0xC0AE, 0xC09C, 0xC0A0, 0x00A8, 0x00A9, 0x008C,
    0x008D, 0x00AE, 0xC0A4, 0xC0A8, 0xC037, 0xD001, 0xCCAB, 0xCCAC, 0x00AA, 0x0034, 0x006C, 0x00A6, 0xC018,
    0x0041, 0x0084, 0x0009, 0x0003,
)  # fmt: skip
"""Suites up to TLS 1.2 among which nearly every server finds one."""


def hello(
    host: str,
    port: int,
    *,
    version: str = "TLSv1.2",
    suites: tuple[int, ...] = (),
    server_name: str | None = None,
    flight: bool = False,
    starttls: StartTls | None = None,
    timeout_s: float = bounds.TLS.step_s,
) -> HelloAnswer:
    """Send one ClientHello and say what came back.

    Args:
        host: name or address.
        port: TCP port.
        version: highest version offered, a key of `VERSIONS`; "TLSv1.3" offers TLS 1.3 only.
        suites: suites offered; by default a broad choice that nearly every server finds something in.
        server_name: name for the server_name extension; by default the host, when that is a name.
        flight: read the messages after the ServerHello as well, up to TLS 1.2.
        starttls: protocol that has to be spoken before.
        timeout_s: seconds for all of it.
    """
    name = server_name_of(host) if server_name is None else server_name
    offer = HelloOffer(VERSIONS[version], suites or COMMON, name)
    return StreamEndpoint(host, port, starttls).ask(offer, Deadline(timeout_s), flight=flight)


@dataclass(frozen=True, slots=True)
class StreamEndpoint:
    """Where hellos are sent to.

    Attributes:
        host: name or address.
        port: TCP port.
        starttls: protocol that has to be spoken before; None: TLS from the first byte.
    """

    host: str
    port: int
    starttls: StartTls | None = None

    def open(self, deadline: Deadline) -> socket.socket | HelloAnswer:
        """A connection on which a hello may be sent, or why there is none."""
        try:
            connection = connect(self.host, self.port, deadline)
        except TimeoutError:
            return HelloAnswer(
                "silent", detail=f"{self.host}:{self.port} did not accept a connection in time"
            )
        except OSError as error:
            return HelloAnswer("refused", detail=f"{self.host}:{self.port}: {why(error)}")
        if self.starttls is None:
            return connection
        said = switch(connection, self.starttls, deadline)
        if said:
            connection.close()
            detail = f"{self.starttls} was not switched to TLS: {said}"
            return HelloAnswer("refused", first_bytes=said.encode(), detail=detail)
        return connection

    def ask(self, offer: HelloOffer, deadline: Deadline, *, flight: bool) -> HelloAnswer:
        """Send a hello and read the answer."""
        connection = self.open(deadline)
        if isinstance(connection, HelloAnswer):
            return connection
        with connection:
            if not send(connection, offer.record(), deadline):
                return HelloAnswer("reset", detail="the connection broke while the hello was sent")
            return _read_answer(connection, deadline, flight=flight)

    def certificate(self, server_name: str, deadline: Deadline) -> tuple[bytes, str]:
        """The certificate (DER) by a handshake of the TLS library, and why there is none."""
        connection = self.open(deadline)
        if isinstance(connection, HelloAnswer):
            return b"", connection.detail
        try:
            with connection:
                connection.settimeout(max(0.001, deadline.left()))
                with lenient_context().wrap_socket(
                    connection, server_hostname=server_name or None
                ) as wrapped:
                    return wrapped.getpeercert(binary_form=True) or b"", ""
        except (OSError, ValueError) as error:
            return b"", why(error)


def _read_answer(connection: socket.socket, deadline: Deadline, *, flight: bool) -> HelloAnswer:
    answer: HelloAnswer | None = None

    def enough(data: bytes) -> bool:
        nonlocal answer
        answer = parse(data, flight=flight)
        return answer is not None

    data, end = receive(connection, deadline, limit=MAX_FLIGHT, enough=enough)
    if answer is not None:
        return answer
    # Reading ended early; a ServerHello without the rest of the flight is still an answer.
    partial = parse(data, flight=False)
    if partial is not None:
        return replace(partial, detail=CUT) if partial.kind == "hello" and flight else partial
    if end == "closed":
        return HelloAnswer("closed", first_bytes=data[:64], detail="closed without an answer")
    if end == "reset":
        return HelloAnswer("reset", first_bytes=data[:64], detail="reset without an answer")
    if end == "limit":
        return HelloAnswer("garbage", first_bytes=data[:64], detail="an answer without end")
    return HelloAnswer("silent", first_bytes=data[:64], detail="no answer in time")
