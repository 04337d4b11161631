"""A TLS server of the tester's own, to which a device's connections are led: does it talk to whom it should not?

The impostor shows a certificate for the name that the device asks for, signed by nobody the device knows. On every
second connection it speaks no version newer than TLS 1.1, as somebody would who wants to talk the device down. What the
device offers, whether it goes on, and whether it then says anything, is what can be seen.
"""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.listener import Listener
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.tls.client_hello import (
    VERSION_NAMES,
    ClientHello,
    NotAClientHelloError,
    read_client_hello,
)
from pytest_etsi.probes.tls.false_certificate import false_certificate, server_context

if TYPE_CHECKING:
    import socket
    from types import TracebackType

__all__ = ["Contact", "Impostor", "ImpostorObservation"]

_MAX_CONTACTS = 20
_MAX_FIRST = 16_384
_MAX_DATA = 4096
_HELLO_S = 3.0
_DATA_S = 2.0
_PAUSE_S = 0.1
_MAX_SEEN = 64 * 1024


@dataclass(frozen=True, slots=True)
class Contact(Observation):
    """One connection that a device made to the impostor.

    Attributes:
        after_s: seconds since the impostor was there.
        talked_down: the impostor spoke no version newer than TLS 1.1.
        hello: what the device offered; None: it did not begin with a ClientHello.
        first: how it began, where that was no ClientHello.
        version: protocol version that the device went along with, at least until it saw the certificate; empty: none.
        completed: the handshake ended without an objection.
        received: bytes that the device then sent inside TLS; more than none means that it took the impostor for its
            peer. Without TLS: bytes that it sent at all.
        objection: why the handshake ended, mostly the device's alert.
    """

    after_s: float
    talked_down: bool
    hello: ClientHello | None
    first: str = ""
    version: str = ""
    completed: bool = False
    received: int = 0
    objection: str = ""


@dataclass(frozen=True, slots=True)
class ImpostorObservation(Observation):
    """What an impostor saw while the device's connections were led to it.

    Attributes:
        peer: for whom it stood, as the profile names that peer.
        contacts: in order, at most 20.
        waited_s: seconds for which it was there.
    """

    peer: str
    contacts: tuple[Contact, ...]
    waited_s: float

    @property
    def hellos(self) -> tuple[ClientHello, ...]:
        """What the device offered, in order."""
        return tuple(contact.hello for contact in self.contacts if contact.hello is not None)

    @property
    def shown_to(self) -> tuple[Contact, ...]:
        """Contacts that could see the certificate under the version that the device likes best."""
        return tuple(one for one in self.contacts if one.hello is not None and not one.talked_down)

    @property
    def after_talking_down(self) -> tuple[ClientHello, ...]:
        """What the device offered after somebody had wanted an old version."""
        pairs = zip(self.contacts, self.contacts[1:], strict=False)
        return tuple(after.hello for before, after in pairs if before.talked_down and after.hello is not None)

    @property
    def deceived(self) -> tuple[Contact, ...]:
        """Contacts in which the device said something inside TLS to a peer that it could not know."""
        return tuple(contact for contact in self.contacts if contact.completed and contact.received)

    @property
    def plain(self) -> tuple[Contact, ...]:
        """Contacts in which the device spoke without TLS."""
        return tuple(contact for contact in self.contacts if contact.hello is None and contact.received)


class Impostor:
    """Listens from ``with`` on until its end.

    Args:
        address: address of this machine to listen on.
        peer: for whom it stands.
    """

    def __init__(self, address: str, peer: str = "") -> None:
        self._peer = peer
        self._contacts: list[Contact] = []
        self._changed = threading.Condition()
        self._began = time.monotonic()
        self._listener = Listener(address, self._taken, most=_MAX_CONTACTS, longest_s=_HELLO_S + _DATA_S + 1)

    def __enter__(self) -> Impostor:
        self._began = time.monotonic()
        self._listener.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.__exit__(kind, error, trace)

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return self._listener.port

    @property
    def contacts(self) -> int:
        """How often the device has come so far."""
        return len(self._contacts)

    def wait(self, contacts: int, timeout_s: float) -> bool:
        """Wait until the device has come so often; False: it has not, within `timeout_s` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._contacts) >= contacts, timeout_s)

    def observation(self) -> ImpostorObservation:
        """What has been seen so far."""
        with self._changed:
            contacts = tuple(self._contacts)
        return ImpostorObservation(self._peer, contacts, round(time.monotonic() - self._began, 3))

    def _taken(self, connection: socket.socket) -> None:
        with connection:
            contact = self._meet(connection)
        with self._changed:
            self._contacts.append(contact)
            self._changed.notify_all()

    def _meet(self, connection: socket.socket) -> Contact:
        after_s = round(time.monotonic() - self._began, 3)
        down = len(self._contacts) % 2 == 1
        first = _first(connection)
        try:
            hello = read_client_hello(first)
        except NotAClientHelloError as error:
            # A hello that is cut off says nothing about what would have come.
            plain = bool(first) and first[0] != 22
            said = printable(first, 200) if plain else ""
            received = len(first) if plain else 0
            return Contact(after_s, down, None, said, received=received, objection=str(error))
        return _handshake(connection, first, hello, after_s, down=down)


def _first(connection: socket.socket) -> bytes:
    """What the device says first: a whole ClientHello, or whatever comes within the time."""
    data = b""
    end = time.monotonic() + _HELLO_S
    while len(data) < _MAX_FIRST and (left := end - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            part = connection.recv(4096)
        except OSError:
            break
        if not part:
            break
        data += part
        if data[0] != 22:
            end = min(end, time.monotonic() + _PAUSE_S)
            continue
        try:
            read_client_hello(data)
        except NotAClientHelloError:
            continue
        break
    return data


def _handshake(
    connection: socket.socket, first: bytes, hello: ClientHello, after_s: float, *, down: bool
) -> Contact:
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    context = _context(hello.server_name or connection.getsockname()[0], down=down)
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(first)
    end = time.monotonic() + _HELLO_S
    completed, received, objection, chosen, seen = False, 0, "", "", len(first)
    while True:
        try:
            if not completed:
                tls.do_handshake()
                completed = True
                end = time.monotonic() + _DATA_S
            received += len(tls.read(_MAX_DATA))
            break
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError as error:
            objection = (error.reason or str(error)).lower().replace("_", " ")
            break
        said = outgoing.read()
        chosen = chosen or _chosen(said)
        answer = _exchange(connection, said, end - time.monotonic())
        if not answer:
            objection = "" if completed else "the device ended the connection"
            break
        incoming.write(answer)
        seen += len(answer)
        if seen > _MAX_SEEN:
            objection = "the device sends without end"
            break
    with contextlib.suppress(OSError):
        connection.sendall(outgoing.read())
    agreed = (tls.version() if completed else chosen if _about_the_certificate(objection) else "") or ""
    version = {"TLSv1": "TLSv1.0"}.get(agreed, agreed)
    return Contact(after_s, down, hello, "", version, completed, received, objection)


def _about_the_certificate(objection: str) -> bool:
    """Whether an alert is about the certificate, so that all that comes before it was taken."""
    return "unknown ca" in objection or "certificate" in objection


def _chosen(flight: bytes) -> str:
    """The version in the ServerHello that a flight of the impostor begins with; empty: it begins with none."""
    if len(flight) < 11 or flight[0] != 22 or flight[5] != 2:
        return ""
    # Under TLS 1.3 this number stays that of TLS 1.2; the supported_versions extension has the true one.
    number = 0x0304 if b"\x00\x2b\x00\x02\x03\x04" in flight[:300] else int.from_bytes(flight[9:11], "big")
    return VERSION_NAMES.get(number, "")


def _exchange(connection: socket.socket, said: bytes, left_s: float) -> bytes:
    """Send what TLS wants to send and give what comes back; empty: nothing does."""
    if left_s <= 0:
        return b""
    connection.settimeout(left_s)
    try:
        if said:
            connection.sendall(said)
        return connection.recv(16_384)
    except OSError:
        return b""


def _context(name: str, *, down: bool) -> ssl.SSLContext:
    """A server that takes nearly everything, with a certificate for `name` of an authority that nobody knows."""
    context = server_context(false_certificate(name))
    if down:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context
