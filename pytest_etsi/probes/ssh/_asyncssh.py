"""Encrypted connections by asyncssh (used under EPL-2.0), for servers that offer only what paramiko no longer speaks.

Needs the extra ``ssh-legacy``; importing this module without it raises ImportError.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import hashlib
import logging
import threading
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pytest_etsi.probes._net import why
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._channel import Methods, Refusal
from pytest_etsi.probes.ssh._wire import Broken, Fields

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # that old algorithms are deprecated is why this module is here
    import asyncssh

if TYPE_CHECKING:
    import socket
    from collections.abc import Coroutine, Sequence

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.login import LoginOutcome

__all__ = ["AsyncsshChannel"]

_T = TypeVar("_T")
_USERAUTH_FAILURE = 51
_THREAD = "pytest-etsi ssh-legacy"
_CLOSE_S = 2.0


def _not_ours(record: logging.LogRecord) -> bool:
    """Keep what a device sends out of logs, which a terminal may show: it is said in the observation."""
    return record.threadName != _THREAD


logging.getLogger("asyncssh").addFilter(_not_ours)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the server said last, or that the connection has ended."""

    kind: Literal["refused", "accepted", "lost", "odd"]
    methods: tuple[str, ...] = ()
    partial: bool = False
    error: BaseException | None = None


class AsyncsshChannel:
    """See `pytest_etsi.probes.ssh._channel.Channel`. The user is named when the connection is made."""

    def __init__(
        self, connection: socket.socket, username: str, deadline: Deadline, client: str = ""
    ) -> None:
        """Exchange keys, and ask which methods the user may log in by.

        Args:
            connection: on which the server has identified itself; closed where this fails.
            username: who is going to log in.
            deadline: for all of it.
            client: name by which we identify ourselves; empty: the library's.

        Raises:
            Refusal: there is no secure channel.
        """
        self._username = username
        self._client = _Client()
        self._loop = _Loop()
        self._task: asyncio.Task[object] | None = None
        try:
            self._first = self._loop.run(self._start(connection, client), deadline)
        except TimeoutError:
            self.close()
            connection.close()
            raise Refusal("timed out: the server did not complete the key exchange") from None
        except BaseException:
            self.close()
            connection.close()
            raise
        key = self._client.key()
        if key is None:
            self.close()
            error = self._first.error
            raise Refusal(_why(error), incompatible=_incompatible(error), closed=_closed(error))
        self.host_key, blob = key
        self.fingerprint = hashlib.sha256(blob).hexdigest()

    async def _start(self, connection: socket.socket, client: str) -> _Answer:
        connection.setblocking(False)
        options: dict[str, Any] = {
            "config": None,  # nothing of this machine's user: no settings, keys, agents or tickets
            "client_keys": None,
            "agent_path": None,
            "gss_kex": False,
            "gss_auth": False,
            "known_hosts": None,
            "x509_trusted_certs": None,
            "client_version": client or (),
            "preferred_auth": ("publickey", "password", "keyboard-interactive"),
            "kex_algs": "*",
            "encryption_algs": "*",
            "mac_algs": "*",
            "compression_algs": "*",
            "signature_algs": "*",
            "server_host_key_algs": "*",
            "keepalive_interval": 0,
        }
        self._task = asyncio.ensure_future(
            asyncssh.create_connection(
                lambda: self._client, sock=connection, username=self._username, **options
            )
        )
        self._task.add_done_callback(self._client.ended)
        return await self._client.answers.get()

    @property
    def banner(self) -> bytes:
        return self._client.banner.encode()

    def usable(self, username: str) -> bool:
        return username == self._username and not self._client.over

    def methods(self, username: str, deadline: Deadline) -> Methods:  # noqa: ARG002 - asked when connecting
        if self._first.kind == "accepted":
            return Methods(accepted=True)
        if self._first.kind == "refused":
            return Methods(tuple(printable(name, 64) for name in self._first.methods)[:20])
        return Methods(error=_why(self._first.error))

    def password(self, username: str, password: str, deadline: Deadline) -> tuple[LoginOutcome, str]:  # noqa: ARG002 - see `usable`
        return self._ended({"password", "keyboard-interactive"}, "no password login", password, deadline)

    def public_key(self, username: str, key: str, deadline: Deadline) -> tuple[LoginOutcome, str]:  # noqa: ARG002 - see `usable`
        try:
            private = asyncssh.import_private_key(key)
        except (asyncssh.KeyImportError, ValueError) as problem:
            return "unsupported", _why(problem)
        return self._ended({"publickey"}, "no login by key", private, deadline)

    def _ended(
        self, wanted: set[str], not_offered: str, credential: str | asyncssh.SSHKey, deadline: Deadline
    ) -> tuple[LoginOutcome, str]:
        if self._first.kind == "accepted":
            return "accepted", "without any credential"
        if self._first.kind == "lost":
            return "closed", _why(self._first.error)
        if not wanted & set(self._client.methods):
            return (
                "unsupported",
                f"{not_offered}; offered: {printable(', '.join(self._client.methods), 120)}",
            )
        try:
            answer = self._loop.run(self._client.tried(credential), deadline)
        except TimeoutError:
            return "timeout", "no answer in time"
        if answer.kind == "accepted":
            return "accepted", ""
        if answer.kind == "refused":
            if answer.partial:
                return "rejected", f"also needs {printable(', '.join(answer.methods), 120)}"
            return "rejected", "authentication failed"
        if answer.kind == "odd":
            return "closed", str(answer.error)
        if isinstance(answer.error, OSError):
            return "closed", _why(answer.error)
        # The last failure that a server allows comes with the end of the connection.
        return "rejected", "authentication failed, and the server closed the connection"

    def close(self) -> None:
        with contextlib.suppress(TimeoutError, RuntimeError):
            self._loop.run(self._end(), None)
        self._loop.close()

    async def _end(self) -> None:
        self._client.abort()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait((self._task,), timeout=_CLOSE_S)
        await asyncio.sleep(0)  # transports close their sockets in the next round


class _Client(asyncssh.SSHClient):
    """Answers the questions of one connection; lives in the thread of its loop."""

    def __init__(self) -> None:
        self.answers: asyncio.Queue[_Answer] = asyncio.Queue()
        self.methods: tuple[str, ...] = ()
        self.banner = ""
        self.over = False  # logged in, or the connection has ended
        self._credentials: asyncio.Queue[str | asyncssh.SSHKey] = asyncio.Queue()
        self._next: str | asyncssh.SSHKey | None = None
        self._current = ""
        self._connection: asyncssh.SSHClientConnection | None = None

    async def tried(self, credential: str | asyncssh.SSHKey) -> _Answer:
        """Give a password or a key and wait for what the server says of it."""
        if not self.over:
            self._credentials.put_nowait(credential)
            answer = await self.answers.get()
            if answer.kind != "lost" or (self._credentials.empty() and self._next is None):
                return answer
        return _Answer(
            "odd", error=ConnectionError("the server closed the connection")
        )  # before it was asked

    def key(self) -> tuple[str, bytes] | None:
        """Type and public part of the host key; None: the key exchange was not completed."""
        key = self._connection.get_server_host_key() if self._connection else None
        return (key.get_algorithm(), key.public_data) if key else None

    def abort(self) -> None:
        if self._connection is not None:
            self._connection.abort()

    def ended(self, task: asyncio.Task[object]) -> None:
        """Called when the connection is authenticated, or cannot be."""
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._lost(error)

    def _lost(self, error: BaseException | None) -> None:
        if not self.over:
            self.over = True
            self.answers.put_nowait(_Answer("lost", error=error))

    # Called by asyncssh -------------------------------------------------------------------------------------

    def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:
        self._connection = conn
        # asyncssh does not tell of partial success (RFC 4252, 5.1), nor of the methods that can continue.
        known: dict[int, Any] = conn._packet_handlers  # noqa: SLF001

        def failure(conn: Any, kind: int, number: int, packet: Any) -> Any:
            self._failure(packet.get_full_payload())
            return known[_USERAUTH_FAILURE](conn, kind, number, packet)

        vars(conn)["_packet_handlers"] = {**known, _USERAUTH_FAILURE: failure}

    def _failure(self, payload: bytes) -> None:
        try:
            names = Fields(payload).string()
        except Broken:
            return  # asyncssh ends the connection
        self.methods = tuple(name for name in names.decode("latin-1").split(",") if name)
        partial = payload[5 + len(names) :][:1] not in (b"", b"\0")
        self.answers.put_nowait(_Answer("refused", self.methods, partial))

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost(exc)

    def auth_banner_received(self, msg: str, lang: str) -> None:  # noqa: ARG002
        self.banner = msg

    def auth_completed(self) -> None:
        self.over = True
        self.answers.put_nowait(_Answer("accepted"))

    async def _coming(self) -> str | asyncssh.SSHKey:
        """The next credential, which is not taken yet: each method is asked in turn whether it is one of its own."""
        if self._next is None:
            self._next = await self._credentials.get()
        return self._next

    async def public_key_auth_requested(self) -> asyncssh.SSHKey | None:
        key = await self._coming()
        if isinstance(key, str):
            return None
        self._next = None
        return key

    async def password_auth_requested(self) -> str | None:
        password = await self._coming()
        self._next = None
        return password if isinstance(password, str) else None

    def password_change_requested(self, prompt: str, lang: str) -> Any:  # noqa: ARG002
        self._odd("the server wants the password to be changed")
        return NotImplemented

    async def kbdint_auth_requested(self) -> str | None:
        if "password" in self.methods:
            return None
        self._current = await self.password_auth_requested() or ""
        return ""

    def kbdint_challenge_received(
        self,
        name: str,  # noqa: ARG002
        instructions: str,  # noqa: ARG002
        lang: str,  # noqa: ARG002
        prompts: Sequence[tuple[str, bool]],
    ) -> Sequence[str] | None:
        if len(prompts) > 1:
            self._odd("keyboard-interactive asks several questions at once")
            return None
        return (self._current,) if prompts else ()

    def _odd(self, text: str) -> None:
        self.over = True
        self.answers.put_nowait(_Answer("odd", error=ValueError(text)))


class _Loop:
    """An event loop in a thread of its own, since the caller may have one that runs."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=_THREAD, daemon=True)
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, _T], deadline: Deadline | None) -> _T:
        """What the work gives.

        Raises:
            TimeoutError: it takes longer than the deadline allows (None: a moment).
        """
        with warnings.catch_warnings():
            # As above; the filters are those of the whole process, so that they hold in the thread of the loop.
            warnings.simplefilter("ignore")
            return self._run(work, _CLOSE_S * 2 if deadline is None else max(0.1, deadline.left()))

    def _run(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T:
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except concurrent.futures.TimeoutError:
            future.cancel()
            raise TimeoutError from None

    def close(self) -> None:
        if self._loop.is_closed():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_CLOSE_S)
        if not self._thread.is_alive():
            self._loop.close()


def _incompatible(error: BaseException | None) -> bool:
    return isinstance(error, asyncssh.KeyExchangeFailed)


def _closed(error: BaseException | None) -> bool:
    return error is None or isinstance(error, (asyncssh.ConnectionLost, ConnectionError))


def _why(error: BaseException | None) -> str:
    if error is None or isinstance(error, asyncssh.ConnectionLost):
        return "the server closed the connection"
    if isinstance(error, asyncssh.Error):
        if _incompatible(error):
            return f"cannot negotiate: {printable(error.reason.partition(', sent ')[0], 300)}"
        return printable(error.reason, 300)
    return printable(why(error), 300)
