"""Opening an encrypted connection to an SSH server by whichever library can speak with it."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import connect, why
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.ssh._channel import Refusal
from pytest_etsi.probes.ssh._model import LEGACY_EXTRA
from pytest_etsi.probes.ssh._wire import split_banner

if TYPE_CHECKING:
    from pytest_etsi.probes._net import Deadline
    from pytest_etsi.probes.ssh._channel import Channel

__all__ = ["open_channel"]

_MAX_IDENTIFICATION = 8192


def open_channel(
    host: str,
    port: int,
    username: str,
    deadline: Deadline,
    source: str | None = None,
    *,
    legacy: bool = False,
) -> tuple[Channel, bool]:
    """A secure channel by paramiko, or for servers that are too old for it by asyncssh on another connection.

    Args:
        host: name or address.
        port: TCP port.
        username: who is going to log in.
        deadline: for all of it.
        source: local address to connect from.
        legacy: the server is known to be too old for paramiko.

    Returns:
        The channel, and whether the server is too old for paramiko.

    Raises:
        Refusal: there is no channel.
    """
    from pytest_etsi.probes.ssh._paramiko import ParamikoChannel

    if not legacy:
        try:
            return ParamikoChannel(_identified(host, port, deadline, source), deadline), False
        except Refusal as refusal:
            if not refusal.incompatible:
                raise
            modern = str(refusal)
    else:
        modern = "cannot negotiate"
    try:
        from pytest_etsi.probes.ssh._asyncssh import AsyncsshChannel
    except ImportError:
        raise Refusal(
            f"{modern}; asyncssh speaks such old algorithms: pip install '{LEGACY_EXTRA}'",
            incompatible=True,
            needs=LEGACY_EXTRA,
        ) from None
    return AsyncsshChannel(_identified(host, port, deadline, source), username, deadline), True


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
