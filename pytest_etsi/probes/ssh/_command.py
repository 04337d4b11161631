"""A command on an SSH server, in a session of its own: bounded in time and output."""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline, connect
from pytest_etsi.probes.observation import Observation

if TYPE_CHECKING:
    import paramiko

__all__ = ["CommandOutput", "run_command"]

_MOST_BYTES = 256 * 1024
_PAUSE_S = 0.02


@dataclass(frozen=True, slots=True)
class CommandOutput(Observation):
    """What a command said.

    Attributes:
        status: its exit status; -1: the server told none.
        output: the beginning of what it said, errors among it.
    """

    status: int
    output: str


def run_command(
    host: str,
    port: int,
    username: str,
    command: str,
    *,
    password: str | None,
    key: str | None,
    timeout_s: float,
) -> CommandOutput:
    """Log in and run one command.

    Args:
        host: address of the server.
        port: its port.
        username: account.
        command: as the account's shell takes it.
        password: of the account; None: there is a key.
        key: a private key in OpenSSH's or PEM form.
        timeout_s: seconds for all of it.

    Raises:
        OSError: the server cannot be reached, does not let in, or the time is up.
    """
    import paramiko

    from pytest_etsi.probes.ssh._paramiko import private_key

    deadline = Deadline(timeout_s)
    connection = connect(host, port, deadline)
    transport = None
    try:
        transport = paramiko.Transport(connection)
        transport.start_client(timeout=deadline.left())
        transport.auth_timeout = deadline.left()
        if key is not None:
            transport.auth_publickey(username, private_key(key))
        else:
            transport.auth_password(username, password or "")
        channel = transport.open_session(timeout=deadline.left())
        channel.set_combine_stderr(True)
        channel.exec_command(command)
        return _read(channel, deadline)
    except (paramiko.SSHException, EOFError) as error:
        raise OSError(f"{host}:{port}: {type(error).__name__}: {error}") from error
    finally:
        with contextlib.suppress(Exception):
            (transport or connection).close()


def _read(channel: paramiko.Channel, deadline: Deadline) -> CommandOutput:
    said = bytearray()
    while True:
        if channel.recv_ready():
            said += channel.recv(65536)[: _MOST_BYTES - len(said)]
        elif channel.closed or channel.eof_received:
            break
        elif deadline.expired:
            raise TimeoutError(f"the command did not end within {deadline.seconds:g} s")
        else:
            time.sleep(_PAUSE_S)
    while not channel.exit_status_ready() and not deadline.expired and not channel.closed:
        time.sleep(_PAUSE_S)
    status = channel.recv_exit_status() if channel.exit_status_ready() else -1
    return CommandOutput(status, said.decode("utf-8", "replace"))
