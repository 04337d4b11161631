"""Processes that have their imports behind them when they begin.

To import pytest, the plugin and the test units, or aiohttp, takes longer than many a test does for the rest. One process
imports them, does nothing else (`forking.py`), and forks for each run of pytest and each virtual camera, which so has a
process of its own all the same. The workers that run these tests come from such a process too, which has collected them.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self
from unittest import mock

from execnet import gateway_io
from execnet.gateway_base import Popen2IO
from execnet.gateway_io import popen_bootstrapline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from execnet.gateway_base import ExecModel

__all__ = [
    "COLLECTED",
    "DEVICES",
    "OWN_NETWORK",
    "TESTER",
    "Fork",
    "ForkWithPipes",
    "devices_are_forked",
    "fork_from",
    "parents",
    "run_forked",
    "tests_are_collected_once",
    "workers_are_forked",
]

_STARTED_WITHIN_S = 120.0
_ONE_AT_A_TIME = threading.Lock()
OWN_NETWORK = Path("/proc/thread-self/ns/net")
"""File of the network of the thread that opens it."""


class Fork:
    """A process, used like one of `subprocess`.

    Args:
        kind: "pytest", "etsi" (the command pytest-etsi), "camera", "worker" (of pytest-xdist), "tests" (one that runs these
            tests), or "script" (the file named by the first argument, which is given the others).
        arguments: of its command line.
        files: its standard input, output and error; the caller's stay open.
        directory: its current directory; None: this process's.
        environment: its environment; None: that of the process it is forked from.
        terminal: its standard input is a terminal, which becomes its own, so that Ctrl-C reaches it.
        session: it has a session of its own, so that Ctrl-C does not reach it.
        network: file of the network that it is in; else it is in that of the thread that starts it, as it would be
            without a process in between.
    """

    def __init__(
        self,
        kind: str,
        arguments: Sequence[str],
        files: tuple[int, int, int],
        *,
        directory: Path | None = None,
        environment: Mapping[str, str] | None = None,
        terminal: bool = False,
        session: bool = False,
        network: Path = OWN_NETWORK,
    ) -> None:
        order = {
            "kind": kind,
            "parents": parents() if kind in _MAY_START else {},
            "arguments": list(arguments),
            "directory": str((directory or Path()).absolute()),
            "environment": None if environment is None else dict(environment),
            "terminal": terminal,
            "session": terminal or session,
        }
        self.returncode: int | None = None
        self._heard = b""
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(_parent({"camera": DEVICES, "tests": COLLECTED}.get(kind, TESTER)))
        with network.open("rb") as opened:
            socket.send_fds(self._connection, [json.dumps(order).encode()], [*files, opened.fileno()])
        self._connection.shutdown(socket.SHUT_WR)
        self.pid = self._number(_STARTED_WITHIN_S)

    def wait(self, timeout: float) -> int:
        """Wait for its end; gives its exit status, below zero for a signal.

        Raises:
            subprocess.TimeoutExpired: it has not ended within so many seconds.
        """
        if self.returncode is None:
            try:
                self.returncode = self._number(timeout)
            except TimeoutError:
                raise subprocess.TimeoutExpired("a forked process", timeout) from None
            self._connection.close()
        return self.returncode

    def poll(self) -> int | None:
        """Its exit status, or None while it runs."""
        if self.returncode is None and select.select([self._connection], [], [], 0)[0]:
            self.wait(_STARTED_WITHIN_S)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it is known to have ended."""
        if self.returncode is None:
            # It may have ended, and nobody has asked yet.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """Send it SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def _number(self, timeout: float) -> int:
        self._connection.settimeout(timeout)
        while b"\n" not in self._heard:
            more = self._connection.recv(64)
            assert more, "the process that processes are forked from has ended"
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        return int(line)


class ForkedDevice(Fork):
    """A virtual camera as the plugin starts it, which ends when its standard input does."""

    def __init__(self, arguments: Sequence[str], output: IO[bytes], errors: IO[bytes]) -> None:
        its_input, to = os.pipe()
        self.stdin = open(to, "wb")  # noqa: PTH123, SIM115 - a descriptor
        try:
            super().__init__("camera", arguments, (its_input, output.fileno(), errors.fileno()), session=True)
        finally:
            os.close(its_input)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stdin.close()
        self.wait(_STARTED_WITHIN_S)


@contextlib.contextmanager
def devices_are_forked() -> Iterator[None]:
    """Let the plugin fork the virtual devices that it starts in this process, and not start Python for each."""
    from pytest_etsi.plugin import virtual_process

    with mock.patch.object(virtual_process, "_launch", ForkedDevice):
        yield


class _ForkedWorker(Popen2IO):
    """A worker of pytest-xdist, in the place of one for which execnet starts Python."""

    def __init__(self, command: Sequence[str], execmodel: ExecModel, *, kind: str = "worker") -> None:
        assert list(command) == [sys.executable, "-u", "-c", popen_bootstrapline]
        (its_input, to), (of_output, its_output) = os.pipe(), os.pipe()
        # What it says outside its own connection goes where ours goes.
        self._process = Fork(
            kind, [], (its_input, its_output, 2), directory=Path.cwd(), environment=os.environ
        )
        os.close(its_input)
        os.close(its_output)
        super().__init__(os.fdopen(to, "wb"), os.fdopen(of_output, "rb"), execmodel)

    def wait(self) -> int:
        return self._process.wait(_STARTED_WITHIN_S)

    def kill(self) -> None:
        self._process.kill()


@contextlib.contextmanager
def workers_are_forked() -> Iterator[None]:
    """Let pytest-xdist fork its workers in this process, and not start Python for each."""
    with mock.patch.object(gateway_io, "Popen2IOMaster", _ForkedWorker):
        yield


@contextlib.contextmanager
def tests_are_collected_once(arguments: Sequence[str]) -> Iterator[None]:
    """Let pytest-xdist fork the workers of this run from a process that has imported what they will collect.

    To import the tests and all that they need takes each worker as long as some hundred tests. What the workers' tests have
    forked comes from the same processes for all of them.

    Args:
        arguments: by which pytest collects it.
    """
    _ARGUMENTS[COLLECTED] = tuple(arguments)
    with mock.patch.object(gateway_io, "Popen2IOMaster", functools.partial(_ForkedWorker, kind="tests")):
        yield


class ForkWithPipes(Fork):
    """One of which the standard files are pipes to this process."""

    def __init__(self, kind: str, arguments: Sequence[str]) -> None:
        (its_input, to), (of_output, its_output), (of_error, its_error) = os.pipe(), os.pipe(), os.pipe()
        self.stdin, self.stdout, self.stderr = open(to, "wb"), open(of_output, "rb"), open(of_error, "rb")  # noqa: PTH123, SIM115 - descriptors
        try:
            super().__init__(kind, arguments, (its_input, its_output, its_error))
        finally:
            for ours in (its_input, its_output, its_error):
                os.close(ours)

    def communicate(self, timeout: float | None = None) -> tuple[bytes, bytes]:
        """Close its standard input, and wait for its end; gives what is left of its output and errors.

        Raises:
            subprocess.TimeoutExpired: it has not ended within so many seconds.
        """
        self.stdin.close()
        self.wait(_STARTED_WITHIN_S if timeout is None else timeout)
        with self.stdout, self.stderr:
            return self.stdout.read(), self.stderr.read()


def run_forked(
    kind: str,
    arguments: Sequence[str],
    *,
    directory: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float,
    errors: IO[bytes] | None = None,
    network: Path = OWN_NETWORK,
) -> tuple[int, str]:
    """Run one to its end, with nothing to read; gives its exit status, and its output and errors as they came.

    Args:
        kind: as of `Fork`, like the next three.
        arguments: of its command line.
        directory: its current directory.
        environment: its environment.
        timeout: seconds.
        errors: file that takes its errors in the place of what is given back.
        network: as of `Fork`.

    Raises:
        subprocess.TimeoutExpired: it has not ended within so many seconds, and was killed.
    """
    with tempfile.TemporaryFile() as output, Path(os.devnull).open("rb") as nothing:
        files = nothing.fileno(), output.fileno(), (errors or output).fileno()
        fork = Fork(kind, arguments, files, directory=directory, environment=environment, network=network)
        try:
            status = fork.wait(timeout)
        except subprocess.TimeoutExpired:
            fork.kill()
            raise
        output.seek(0)
        return status, output.read().decode(errors="replace")


_MAY_START = ("pytest", "etsi", "worker", "tests")
"""What may start virtual devices, or distribute its tests."""
DEVICES = "devices"
TESTER = "tester"
"""Since neither imports the other, there are two processes to fork from."""
COLLECTED = "collected"
"""A third one imports both, and the tests."""
_ARGUMENTS: dict[str, tuple[str, ...]] = {}
_FORKING = str(Path(__file__).with_name("forking.py"))
_parents: dict[str, str] = {}
_ENVIRONMENT = dict(os.environ)
"""Theirs, whatever the test has set that needs them first, such as another place for compiled files."""


def parents() -> dict[str, str]:
    """The sockets of the processes that runs and devices are forked from, by their names."""
    return {name: _parent(name) for name in (DEVICES, TESTER)}


def fork_from(sockets: Mapping[str, str]) -> None:
    """Start no processes to fork from in this one, but use those with these sockets, by their names."""
    _parents.update(sockets)


def _parent(name: str) -> str:
    """The socket of a process to fork from; started where it is not yet running."""
    with _ONE_AT_A_TIME:
        if name not in _parents:
            _parents[name] = _started(name)
        return _parents[name]


def _started(name: str) -> str:
    """Start the process that those of a kind are forked from; gives its socket. It ends with this process."""
    directory = tempfile.TemporaryDirectory(prefix="pytest-etsi-forks-")
    path = str(Path(directory.name) / "socket")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(64)
        process = subprocess.Popen(
            [sys.executable, _FORKING, name, str(listener.fileno()), *_ARGUMENTS.get(name, ())],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            env=_ENVIRONMENT,
        )
    assert process.stdin is not None
    atexit.register(directory.cleanup)
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    return path
