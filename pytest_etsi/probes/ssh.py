"""What an SSH server offers: banner and algorithms (raw, RFC 4253), authentication methods, logins."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
import struct
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, connect, receive, send, why
from pytest_etsi.probes.login import LoginAttempt, LoginOutcome
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import paramiko

__all__ = ["SshAuth", "SshLogin", "SshObservation", "attempt", "enumerate_ssh", "ssh_auth_methods"]

_IDENTIFICATION = b"SSH-2.0-probe\r\n"
_KEXINIT = 20
_MAX_PACKET = 256 * 1024
_MAX_BANNER_LINES = 64
_MAX_IDENTIFICATION = 8192


@dataclass(frozen=True, slots=True)
class SshObservation(Observation):
    """What an SSH server offers before any authentication.

    Attributes:
        host: as asked for.
        port: as asked for.
        banner: identification string of the server ("SSH-2.0-OpenSSH_9.2p1"), printable.
        kex: key exchange methods in the server's order, and so on for the other lists.
        host_keys: host key algorithms.
        ciphers_c2s: ciphers from client to server.
        ciphers_s2c: ciphers from server to client.
        macs_c2s: message authentication codes from client to server.
        macs_s2c: message authentication codes from server to client.
        compression: compression methods in either direction.
        complete: the lists were read.
        error: why they were not.
        duration_s: seconds.
    """

    host: str
    port: int
    banner: str = ""
    kex: tuple[str, ...] = ()
    host_keys: tuple[str, ...] = ()
    ciphers_c2s: tuple[str, ...] = ()
    ciphers_s2c: tuple[str, ...] = ()
    macs_c2s: tuple[str, ...] = ()
    macs_s2c: tuple[str, ...] = ()
    compression: tuple[str, ...] = ()
    complete: bool = False
    error: str = ""
    duration_s: float = 0.0

    @property
    def ciphers(self) -> tuple[str, ...]:
        """Ciphers in either direction."""
        return tuple(dict.fromkeys((*self.ciphers_c2s, *self.ciphers_s2c)))

    @property
    def macs(self) -> tuple[str, ...]:
        """Message authentication codes in either direction."""
        return tuple(dict.fromkeys((*self.macs_c2s, *self.macs_s2c)))


@dataclass(frozen=True, slots=True)
class SshAuth(Observation):
    """Which authentication methods an SSH server offers to a user.

    Attributes:
        host: as asked for.
        port: as asked for.
        username: the user that was named.
        methods: "publickey", "password", "keyboard-interactive", ... in the server's order.
        negotiated: a secure channel could be set up; without it the methods are unknown.
        none_accepted: the server let the user in without any credential.
        host_key: type of the host key that was used.
        fingerprint: SHA-256 of that host key, hex.
        banner: text that the server shows before authentication, printable.
        error: why the methods are unknown.
        duration_s: seconds.
    """

    host: str
    port: int
    username: str
    methods: tuple[str, ...] = ()
    negotiated: bool = False
    none_accepted: bool = False
    host_key: str = ""
    fingerprint: str = ""
    banner: str = ""
    error: str = ""
    duration_s: float = 0.0

    @property
    def known(self) -> bool:
        """Whether the answer is one: methods were named, or the user was let in."""
        return self.none_accepted or bool(self.methods)


def enumerate_ssh(host: str, port: int = 22, *, timeout_s: float = 5.0) -> SshObservation:
    """Read the identification and the algorithm lists of an SSH server.

    Args:
        host: name or address.
        port: TCP port.
        timeout_s: seconds for all of it.
    """
    deadline = Deadline(timeout_s)
    try:
        connection = connect(host, port, deadline)
    except OSError as problem:
        return SshObservation(host, port, error=why(problem), duration_s=deadline.elapsed)
    with connection:
        # Small servers send their lists only after they have seen an identification.
        send(connection, _IDENTIFICATION + _own_kexinit(), deadline)
        data, end = receive(
            connection, deadline, limit=_MAX_PACKET, enough=lambda seen: _payload(seen) is not None
        )
    banner, _ = _split_banner(data)
    payload = _payload(data)
    error = ""
    if payload is None:
        error = {
            "closed": "closed before the algorithm lists",
            "reset": "reset before the algorithm lists",
            "limit": "an answer without end",
        }.get(end, "no algorithm lists in time")
        if not banner and data:
            error = f"not SSH: {printable(data, 60)}"
        elif banner.startswith(b"SSH-1.") and not banner.startswith(b"SSH-1.99"):
            error = "the server speaks SSH protocol 1 only"
        return SshObservation(host, port, printable(banner, 255), error=error, duration_s=deadline.elapsed)
    lists = _name_lists(payload)
    if lists is None:
        return SshObservation(
            host, port, printable(banner, 255), error="malformed algorithm lists", duration_s=deadline.elapsed
        )
    return SshObservation(
        host,
        port,
        printable(banner, 255),
        kex=lists[0],
        host_keys=lists[1],
        ciphers_c2s=lists[2],
        ciphers_s2c=lists[3],
        macs_c2s=lists[4],
        macs_s2c=lists[5],
        compression=tuple(dict.fromkeys((*lists[6], *lists[7]))),
        complete=True,
        duration_s=deadline.elapsed,
    )


def ssh_auth_methods(
    host: str, port: int = 22, username: str = "root", *, timeout_s: float = 10.0
) -> SshAuth:
    """Ask an SSH server which authentication methods it offers, without trying a credential.

    Args:
        host: name or address.
        port: TCP port.
        username: user to name.
        timeout_s: seconds for all of it.
    """
    import paramiko

    deadline = Deadline(timeout_s)
    transport, error = _transport(host, port, deadline, None)
    if transport is None:
        return SshAuth(host, port, username, error=error, duration_s=deadline.elapsed)
    methods: tuple[str, ...] = ()
    accepted = False
    banner = b""
    with contextlib.closing(transport):
        name = fingerprint = ""
        try:
            key = transport.get_remote_server_key()
            name, fingerprint = key.get_name(), _sha256(key.asbytes())
            transport.auth_timeout = max(0.1, deadline.left())
            transport.auth_none(username)
            accepted = True
        except paramiko.BadAuthenticationType as answer:
            methods = tuple(printable(method, 64) for method in answer.allowed_types)[:20]
        except (paramiko.SSHException, EOFError, OSError) as problem:
            error = f"the server did not name its methods: {_ssh_why(problem)}"
        banner = transport.get_banner() or b""
    return SshAuth(
        host=host,
        port=port,
        username=username,
        methods=methods,
        negotiated=True,
        none_accepted=accepted,
        host_key=name,
        fingerprint=fingerprint,
        banner=printable(banner, 400),
        error=error,
        duration_s=deadline.elapsed,
    )


def attempt(
    host: str,
    port: int,
    username: str,
    password: str,
    *,
    timeout_s: float = 15.0,
    source: str | None = None,
) -> LoginAttempt:
    """Try one password on a connection of its own; see `SshLogin` for several on one connection."""
    with SshLogin(host, port, timeout_s=timeout_s, source=source) as login:
        return login.attempt(username, password)


class SshLogin:
    """Password logins over one SSH connection, renewed when the server ends it."""

    def __init__(self, host: str, port: int, *, timeout_s: float = 15.0, source: str | None = None) -> None:
        """Prepare; the first attempt connects.

        Args:
            host: name or address.
            port: TCP port.
            timeout_s: seconds for one attempt.
            source: local address to connect from.
        """
        self.host = host
        self.port = port
        self.timeout_s = timeout_s
        self.source = source
        self._transport: paramiko.Transport | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connection."""
        if self._transport is not None:
            self._transport.close()
            self._transport = None

    def attempt(self, username: str, password: str) -> LoginAttempt:
        """Try a password.

        OpenSSH closes a connection after six failures; the next attempt then opens another one and says so in
        `new_connection`.
        """
        import paramiko

        deadline = Deadline(self.timeout_s)
        fresh = (
            self._transport is None or not self._transport.is_active() or self._transport.is_authenticated()
        )
        if fresh:
            self.close()
            self._transport, error = _transport(self.host, self.port, deadline, self.source)
            if self._transport is None:
                outcome: LoginOutcome = "timeout" if "timed out" in error else "refused"
                if "no common" in error or "cannot negotiate" in error:
                    outcome = "unsupported"
                return self._result(username, outcome, error, deadline.elapsed, fresh)
        assert self._transport is not None  # noqa: S101 - for the type checker
        started = time.monotonic()
        try:
            self._transport.auth_timeout = max(0.1, deadline.left())
            missing = self._transport.auth_password(username, password, fallback=True)
        except paramiko.BadAuthenticationType as answer:
            offered = printable(", ".join(answer.allowed_types), 120)
            outcome, detail = "unsupported", f"no password login; offered: {offered}"
        except paramiko.AuthenticationException as answer:
            text = str(answer)
            if "timeout" in text.lower():
                outcome, detail = "timeout", "no answer in time"
            elif self._transport.is_active():
                outcome, detail = "rejected", "authentication failed"
            else:
                # The last failure that a server allows comes with the end of the connection.
                outcome, detail = "rejected", "authentication failed, and the server closed the connection"
        except (paramiko.SSHException, EOFError, OSError) as problem:
            outcome, detail = "closed", _ssh_why(problem)
        else:
            outcome, detail = (
                ("rejected", f"also needs {', '.join(missing)}") if missing else ("accepted", "")
            )
        if outcome != "rejected":
            self.close()
        return self._result(username, outcome, detail, time.monotonic() - started, fresh)

    def _result(
        self, username: str, outcome: LoginOutcome, detail: str, duration_s: float, fresh: bool
    ) -> LoginAttempt:
        return LoginAttempt(
            "ssh", self.host, self.port, username, outcome, detail, round(duration_s, 6), new_connection=fresh
        )


def _transport(
    host: str, port: int, deadline: Deadline, source: str | None
) -> tuple[paramiko.Transport | None, str]:
    """A secure channel, or why there is none."""
    import paramiko

    try:
        connection = connect(host, port, deadline, source)
    except OSError as error:
        return None, why(error)
    refusal = _await_identification(connection, deadline)
    if refusal:
        connection.close()
        return None, refusal
    try:
        transport = _transport_class()(_Limited(connection))  # type: ignore[arg-type]
    except (paramiko.SSHException, OSError) as error:
        connection.close()
        return None, _ssh_why(error)
    transport.daemon = True
    transport.set_log_channel(_quiet_log())
    left = max(0.1, deadline.left())
    transport.banner_timeout = left
    transport.handshake_timeout = left
    try:
        transport.start_client(timeout=left)
    except (paramiko.SSHException, EOFError, OSError, ValueError) as error:
        transport.close()
        return None, _ssh_why(error)
    except Exception as error:  # noqa: BLE001 - what is raised for malformed packets has no common base
        transport.close()
        return None, f"cannot negotiate: {printable(f'{type(error).__name__}: {error}', 200)}"
    if not (transport.is_active() and getattr(transport, "initial_kex_done", True)):
        transport.close()  # paramiko returns as if all were well when the time is up
        return None, "timed out: the server did not complete the key exchange"
    return transport, ""


def _await_identification(connection: socket.socket, deadline: Deadline) -> str:
    """Look, without taking anything, whether an SSH identification comes; gives what is wrong, or nothing."""
    seen = b""
    while not deadline.expired:
        connection.settimeout(max(0.001, deadline.left()))
        try:
            now = connection.recv(_MAX_IDENTIFICATION, socket.MSG_PEEK)
        except TimeoutError:
            break
        except OSError as error:
            return why(error)
        if not now or len(now) >= _MAX_IDENTIFICATION or _split_banner(now)[0]:
            if _split_banner(now)[0]:
                return ""
            return f"not SSH: {printable(now, 60)}" if now else "the server closed the connection"
        if now == seen:
            time.sleep(min(0.02, deadline.left()))
        seen = now
    return f"timed out: no SSH identification {printable(seen, 60)}".rstrip()


def _quiet_log() -> str:
    """Name of a log that goes nowhere: what a device sends is said in the observation."""
    name = f"{__name__}.wire"
    log = logging.getLogger(name)
    log.propagate = False
    if not log.handlers:
        log.addHandler(logging.NullHandler())
    return name


class _Limited:
    """A socket that ends after so many bytes, whatever packet lengths the other side announces."""

    def __init__(self, connection: socket.socket, limit: int = 8 * 1024 * 1024) -> None:
        self._connection = connection
        self._left = limit

    def recv(self, size: int) -> bytes:
        if self._left <= 0:
            return b""
        data = self._connection.recv(min(size, self._left))
        self._left -= len(data)
        return data

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@cache
def _transport_class() -> type[paramiko.Transport]:
    """The transport of paramiko, which also knows curve25519 under the name of RFC 8731."""
    import paramiko

    known = getattr(paramiko.Transport, "_kex_info", {})
    preferred = getattr(paramiko.Transport, "_preferred_kex", ())
    draft, standard = "curve25519-sha256@libssh.org", "curve25519-sha256"
    if draft not in known or standard in known:
        return paramiko.Transport
    names = tuple(name for item in preferred for name in ((standard, item) if item == draft else (item,)))
    return type(
        "_Transport",
        (paramiko.Transport,),
        {"_kex_info": {**known, standard: known[draft]}, "_preferred_kex": names},
    )


def _ssh_why(error: BaseException) -> str:
    import paramiko
    from paramiko.ssh_exception import IncompatiblePeer

    if isinstance(error, IncompatiblePeer):
        return f"cannot negotiate: {printable(str(error), 300)}"
    if isinstance(error, EOFError):
        return "the server closed the connection"
    if isinstance(error, paramiko.SSHException):
        text = printable(str(error), 200)
        return f"timed out: {text}" if "timeout" in text.lower() else text or type(error).__name__
    return why(error)


def _sha256(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _split_banner(data: bytes) -> tuple[bytes, bytes]:
    """The identification line and what follows it; a server may say other lines first (RFC 4253, 4.2)."""
    rest = data
    for _ in range(_MAX_BANNER_LINES):
        line, separator, rest = rest.partition(b"\n")
        if line.startswith(b"SSH-"):
            return line.rstrip(b"\r"), rest if separator else b""
        if not separator:
            break
    return b"", b""


def _payload(data: bytes) -> bytes | None:
    """Payload of the first packet; None while it is not whole."""
    banner, rest = _split_banner(data)
    if not banner or len(rest) < 6:
        return None
    (length,) = struct.unpack_from("!I", rest)
    if not 2 <= length <= _MAX_PACKET:
        return b""
    padding = rest[4]
    if len(rest) < 4 + length:
        return None
    return rest[5 : 4 + length - padding]


def _name_lists(payload: bytes) -> tuple[tuple[str, ...], ...] | None:
    """The eight lists of a KEXINIT (RFC 4253, 7.1); None when malformed."""
    if not payload or payload[0] != _KEXINIT:
        return None
    position = 17
    lists = []
    for _ in range(8):
        if position + 4 > len(payload):
            return None
        (length,) = struct.unpack_from("!I", payload, position)
        raw = payload[position + 4 : position + 4 + length]
        if len(raw) < length:
            return None
        lists.append(tuple(printable(name, 128) for name in raw.split(b",") if name)[:500])
        position += 4 + length
    return tuple(lists)


def _own_kexinit() -> bytes:
    """A KEXINIT, because some servers wait for the client's before they send theirs."""
    names = (
        b"curve25519-sha256,diffie-hellman-group14-sha256,diffie-hellman-group14-sha1,diffie-hellman-group1-sha1",
        b"ssh-ed25519,rsa-sha2-256,ssh-rsa,ecdsa-sha2-nistp256,ssh-dss",
        *(b"aes128-ctr,aes128-cbc,3des-cbc",) * 2,
        *(b"hmac-sha2-256,hmac-sha1",) * 2,
        *(b"none",) * 2,
        b"",
        b"",
    )
    payload = bytes([_KEXINIT]) + os.urandom(16)
    payload += b"".join(struct.pack("!I", len(name)) + name for name in names) + b"\0" * 5
    padding = 8 - (len(payload) + 5) % 8
    padding += 8 if padding < 4 else 0
    return struct.pack("!IB", len(payload) + padding + 1, padding) + payload + b"\0" * padding
