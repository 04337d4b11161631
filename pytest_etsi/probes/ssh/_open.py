"""Opening an encrypted connection to an SSH server by whichever library can speak with it."""

from __future__ import annotations

import socket
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import connect, why
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._channel import Refusal
from pytest_etsi.probes.ssh._model import LEGACY_EXTRA
from pytest_etsi.probes.ssh._wire import USUAL_CLIENT, split_banner

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.ssh._channel import Channel

__all__ = ["Manner", "open_channel"]

_MAX_IDENTIFICATION = 8192


@dataclass(frozen=True, slots=True)
class Manner:
    """How a server has to be spoken with.

    Attributes:
        legacy: it is too old for paramiko.
        client: the name by which the client identifies itself; empty: the library's.
    """

    legacy: bool = False
    client: str = ""


_AS_USUAL = Manner()


def open_channel(
    host: str,
    port: int,
    username: str,
    deadline: Deadline,
    source: str | None = None,
    manner: Manner = _AS_USUAL,
) -> tuple[Channel, Manner]:
    """A secure channel by paramiko, or for servers that are too old for it by asyncssh on another connection.

    Where the server turns away a client that has said who it is, another one calls itself by a usual name.

    Args:
        host: name or address.
        port: TCP port.
        username: who is going to log in.
        deadline: for all of it.
        source: local address to connect from.
        manner: what is known of the server from earlier.

    Returns:
        The channel, and how the server has to be spoken with.

    Raises:
        Refusal: there is no channel.
    """

    def reach() -> socket.socket:
        return _identified(host, port, deadline, source)

    connection = reach()
    try:
        return _negotiated(connection, reach, username, deadline, manner)
    except Refusal as refusal:
        if refusal.incompatible or manner.client:
            raise
        named = replace(manner, client=USUAL_CLIENT)
        try:
            return _negotiated(reach(), reach, username, deadline, named)
        except Refusal:
            raise refusal from None  # the name is not what it is about


def _negotiated(
    connection: socket.socket,
    reach: Callable[[], socket.socket],
    username: str,
    deadline: Deadline,
    manner: Manner,
) -> tuple[Channel, Manner]:
    """A channel on a connection, or on another one where the server is too old for the first library."""
    from pytest_etsi.probes.ssh._paramiko import ParamikoChannel

    modern = Refusal("cannot negotiate", incompatible=True)
    if not manner.legacy:
        try:
            return ParamikoChannel(connection, deadline, manner.client), manner
        except Refusal as refusal:
            if not refusal.incompatible:
                raise
            modern = refusal
    try:
        from pytest_etsi.probes.ssh._asyncssh import AsyncsshChannel
    except ImportError:
        raise Refusal(
            f"{modern}; asyncssh speaks such old algorithms: pip install '{LEGACY_EXTRA}'",
            incompatible=True,
            needs=LEGACY_EXTRA,
        ) from None
    connection = connection if manner.legacy else reach()
    try:
        return AsyncsshChannel(connection, username, deadline, manner.client), replace(manner, legacy=True)
    except Refusal as refusal:
        # A server that finds nothing in common ends the connection, at times before this library has read its lists.
        raise modern if refusal.closed and not manner.legacy else refusal from None


def _identified(host: str, port: int, deadline: Deadline, source: str | None) -> socket.socket:
    """A connection on which the server has identified itself."""
    try:
        connection = connect(host, port, deadline, source)
    except OSError as error:
        raise Refusal(why(error)) from error
    if refusal := _await_identification(connection, deadline):
        connection.close()
        raise Refusal(refusal)
    return connection


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
        if not now or len(now) >= _MAX_IDENTIFICATION or split_banner(now)[0]:
            if split_banner(now)[0]:
                return ""
            return f"not SSH: {printable(now, 60)}" if now else "the server closed the connection"
        if now == seen:
            time.sleep(min(0.02, deadline.left()))
        seen = now
    return f"timed out: no SSH identification {printable(seen, 60)}".rstrip()
