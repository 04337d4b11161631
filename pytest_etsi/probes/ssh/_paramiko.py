"""Encrypted connections by paramiko, which speaks with servers of today."""

from __future__ import annotations

import contextlib
import hashlib
import io
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.probes._net import why
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._channel import Methods, Refusal

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    import paramiko

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.login import LoginOutcome

__all__ = ["ParamikoChannel", "private_key"]

_SERVICE_REQUEST = b"\x05"


class ParamikoChannel:
    """See `pytest_etsi.probes.ssh._channel.Channel`."""

    def __init__(self, connection: socket.socket, deadline: Deadline, client: str = "") -> None:
        """Exchange keys.

        Args:
            connection: on which the server has identified itself; closed where this fails.
            deadline: for all of it.
            client: name by which we identify ourselves; empty: the library's.

        Raises:
            Refusal: there is no secure channel.
        """
        self._transport = _transport(connection, deadline, client)
        self._username: str | None = None
        self.host_key = self.fingerprint = ""
        with contextlib.suppress(Exception):  # without a key there is none to tell of
            key = self._transport.get_remote_server_key()
            self.host_key = key.get_name()
            self.fingerprint = hashlib.sha256(key.asbytes()).hexdigest()

    @property
    def banner(self) -> bytes:
        return self._transport.get_banner() or b""

    def usable(self, username: str) -> bool:
        return (
            self._username in (None, username)
            and self._transport.is_active()
            and not self._transport.is_authenticated()
        )

    def methods(self, username: str, deadline: Deadline) -> Methods:
        import paramiko

        try:
            self._transport.auth_timeout = max(0.1, deadline.left())
            self._transport.auth_none(username)
        except paramiko.BadAuthenticationType as answer:
            return Methods(tuple(printable(method, 64) for method in answer.allowed_types)[:20])
        except (paramiko.SSHException, EOFError, OSError) as problem:
            return Methods(error=_ssh_why(problem))
        return Methods(accepted=True)

    def password(self, username: str, password: str, deadline: Deadline) -> tuple[LoginOutcome, str]:
        import paramiko

        def tried() -> list[str]:
            try:
                return self._transport.auth_password(username, password, fallback=False)
            except paramiko.BadAuthenticationType as answer:
                if "keyboard-interactive" not in answer.allowed_types:
                    raise
                return self._transport.auth_interactive(username, _OneQuestion(password))

        return self._ended(username, "no password login", tried, deadline)

    def public_key(self, username: str, key: str, deadline: Deadline) -> tuple[LoginOutcome, str]:
        try:
            private = private_key(key)
        except ValueError as problem:
            return "unsupported", str(problem)
        return self._ended(
            username, "no login by key", lambda: self._transport.auth_publickey(username, private), deadline
        )

    def _ended(
        self, username: str, not_offered: str, tried: Callable[[], list[str]], deadline: Deadline
    ) -> tuple[LoginOutcome, str]:
        """How an attempt ends, which gives the methods that are needed beside."""
        import paramiko

        # OpenSSH ends a connection on which another user is named (RFC 4252, 5), which looks like a refusal.
        self._username = username
        try:
            self._transport.auth_timeout = max(0.1, deadline.left())
            missing = tried()
        except paramiko.BadAuthenticationType as answer:
            offered = printable(", ".join(answer.allowed_types), 120)
            return "unsupported", f"{not_offered}; offered: {offered}"
        except paramiko.AuthenticationException as answer:
            if "timeout" in str(answer).lower():
                return "timeout", "no answer in time"
            if self._transport.is_active():
                return "rejected", "authentication failed"
            # The last failure that a server allows comes with the end of the connection.
            return "rejected", "authentication failed, and the server closed the connection"
        except (paramiko.SSHException, EOFError, OSError) as problem:
            return "closed", _ssh_why(problem)
        if missing:
            return "rejected", f"also needs {printable(', '.join(missing), 120)}"
        return "accepted", ""

    def close(self) -> None:
        self._transport.close()


def private_key(text: str) -> paramiko.PKey:
    """The key in the library's form.

    Raises:
        ValueError: the library has no such kind of key.
    """
    import paramiko

    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        with contextlib.suppress(paramiko.SSHException, ValueError):
            return kind.from_private_key(io.StringIO(text))
    raise ValueError("paramiko speaks with keys of the kinds Ed25519, ECDSA and RSA only")


class _OneQuestion:
    """Gives the password to keyboard-interactive that asks for one thing at a time (RFC 4256)."""

    def __init__(self, password: str) -> None:
        self._password = password

    def __call__(self, _title: str, _instructions: str, prompts: list[tuple[str, bool]]) -> list[str]:
        import paramiko

        if len(prompts) > 1:
            raise paramiko.SSHException("keyboard-interactive asks several questions at once")
        return [self._password] if prompts else []


def _transport(connection: socket.socket, deadline: Deadline, client: str) -> paramiko.Transport:
    import paramiko
    from paramiko.ssh_exception import IncompatiblePeer

    try:
        transport = _transport_class()(_Limited(connection))  # type: ignore[arg-type]
    except (paramiko.SSHException, OSError) as error:
        connection.close()
        raise Refusal(_ssh_why(error)) from error
    transport.daemon = True
    if client:
        transport.local_version = f"SSH-2.0-{client}"
    transport.set_log_channel(_quiet_log())
    left = max(0.1, deadline.left())
    transport.banner_timeout = left
    transport.handshake_timeout = left
    try:
        transport.start_client(timeout=left)
    except (paramiko.SSHException, EOFError, OSError, ValueError) as error:
        transport.close()
        # The prime of a group exchange may be one that this library finds too small.
        too_weak = isinstance(error, IncompatiblePeer) or "gex p (don't ask) is out of range" in str(error)
        raise Refusal(_ssh_why(error), incompatible=too_weak) from error
    except Exception as error:
        transport.close()  # what is raised for malformed packets has no common base
        raise Refusal(f"cannot negotiate: {printable(f'{type(error).__name__}: {error}', 200)}") from error
    if not (transport.is_active() and getattr(transport, "initial_kex_done", True)):
        transport.close()  # paramiko returns as if all were well when the time is up
        raise Refusal("timed out: the server did not complete the key exchange")
    return transport


def _quiet_log() -> str:
    """Name of a log that says nothing: what a device sends is said in the observation."""
    name = f"{__name__}.wire"
    logging.getLogger(name).disabled = True
    return name


class _Limited:
    """A socket that ends after so many bytes, whatever packet lengths the other side announces.

    A server that finds no algorithm in common ends the connection, often while the client still sends. What it has said
    before is read all the same: by its lists a server that is too old is told from one that turns the client away.
    """

    def __init__(self, connection: socket.socket, limit: int = bounds.SSH_LOGIN.most) -> None:
        self._connection = connection
        self._left = limit

    def recv(self, size: int) -> bytes:
        if self._left <= 0:
            return b""
        data = self._connection.recv(min(size, self._left))
        self._left -= len(data)
        return data

    def send(self, data: bytes) -> int:
        try:
            return self._connection.send(data)
        except ConnectionError:
            return len(data)

    def __getattr__(self, name: str) -> object:
        return getattr(self._connection, name)


@cache
def _transport_class() -> type[paramiko.Transport]:
    """paramiko's, which also knows curve25519 under the name of RFC 8731, and asks for its service once."""
    import paramiko

    class Once(paramiko.Transport):
        """Asks for authentication once in a connection: servers in Go and others end it at the second request."""

        _asked = False

        def _send_message(self, data: paramiko.Message) -> None:
            if data.asbytes()[:1] == _SERVICE_REQUEST:
                if self._asked:
                    accepted = paramiko.Message()
                    accepted.add_string("ssh-userauth")
                    accepted.rewind()
                    # What is to be sent next is what the handler sends when its request is granted.
                    handler: Any = self.auth_handler
                    handler._parse_service_accept(accepted)  # noqa: SLF001
                    return
                self._asked = True
            send: Callable[[paramiko.Message], None] = getattr(super(), "_send_message")  # noqa: B009 - not in its stubs
            send(data)

    known = getattr(paramiko.Transport, "_kex_info", {})
    preferred = getattr(paramiko.Transport, "_preferred_kex", ())
    draft, standard = "curve25519-sha256@libssh.org", "curve25519-sha256"
    if draft in known and standard not in known:
        vars_of: dict[str, object] = {
            "_kex_info": {**known, standard: known[draft]},
            "_preferred_kex": tuple(
                name for item in preferred for name in ((standard, item) if item == draft else (item,))
            ),
        }
        return type("Transport", (Once,), vars_of)
    return Once


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
