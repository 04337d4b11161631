"""Processes that have their imports behind them when they begin.

To import pytest, the plugin and the test units, or aiohttp, takes longer than many a test does for the rest. One process
imports them, does nothing else, and forks for each run of pytest and each virtual camera, which so has a process of its
own all the same.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import subprocess
import sys
import tempfile
import termios
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Self
from unittest import mock

from execnet import gateway_io
from execnet.gateway_base import Popen2IO
from execnet.gateway_io import popen_bootstrapline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from execnet.gateway_base import ExecModel

__all__ = ["Fork", "ForkWithPipes", "devices_are_forked", "run_forked"]

_STARTED_WITHIN_S = 120.0
_ONE_AT_A_TIME = threading.Lock()


class Fork:
    """A process, used like one of `subprocess`.

    Args:
        kind: "pytest", "etsi" (the command pytest-etsi), "camera", "worker" (of pytest-xdist), or "script" (the file named
            by the first argument, which is given the others).
        arguments: of its command line.
        files: its standard input, output and error; the caller's stay open.
        directory: its current directory; None: this process's.
        environment: its environment; None: that of the process it is forked from.
        terminal: its standard input is a terminal, which becomes its own, so that Ctrl-C reaches it.
        session: it has a session of its own, so that Ctrl-C does not reach it.
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
    ) -> None:
        order = {
            "kind": kind,
            "parents": {name: _parent(name) for name in (_DEVICES, _TESTER)} if kind in _MAY_START else {},
            "arguments": list(arguments),
            "directory": str((directory or Path()).absolute()),
            "environment": None if environment is None else dict(environment),
            "terminal": terminal,
            "session": terminal or session,
        }
        self.returncode: int | None = None
        self._heard = b""
        self._connection = socket.socket(socket.AF_UNIX)
        self._connection.connect(_parent(_DEVICES if kind == "camera" else _TESTER))
        socket.send_fds(self._connection, [json.dumps(order).encode()], files)
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

    def __init__(self, command: Sequence[str], execmodel: ExecModel) -> None:
        assert list(command) == [sys.executable, "-u", "-c", popen_bootstrapline]
        (its_input, to), (of_output, its_output) = os.pipe(), os.pipe()
        # What it says outside its own connection goes where ours goes.
        self._process = Fork(
            "worker", [], (its_input, its_output, 2), directory=Path.cwd(), environment=os.environ
        )
        os.close(its_input)
        os.close(its_output)
        super().__init__(os.fdopen(to, "wb"), os.fdopen(of_output, "rb"), execmodel)

    def wait(self) -> int:
        return self._process.wait(_STARTED_WITHIN_S)

    def kill(self) -> None:
        self._process.kill()


@contextlib.contextmanager
def _workers_are_forked() -> Iterator[None]:
    """Let pytest-xdist fork its workers in this process, and not start Python for each."""
    with mock.patch.object(gateway_io, "Popen2IOMaster", _ForkedWorker):
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
) -> tuple[int, str]:
    """Run one to its end, with nothing to read; gives its exit status, and its output and errors as they came.

    Args:
        kind: as of `Fork`, like the next three.
        arguments: of its command line.
        directory: its current directory.
        environment: its environment.
        timeout: seconds.
        errors: file that takes its errors in the place of what is given back.

    Raises:
        subprocess.TimeoutExpired: it has not ended within so many seconds, and was killed.
    """
    with tempfile.TemporaryFile() as output, Path(os.devnull).open("rb") as nothing:
        files = nothing.fileno(), output.fileno(), (errors or output).fileno()
        fork = Fork(kind, arguments, files, directory=directory, environment=environment)
        try:
            status = fork.wait(timeout)
        except subprocess.TimeoutExpired:
            fork.kill()
            raise
        output.seek(0)
        return status, output.read().decode(errors="replace")


_MAY_START = ("pytest", "etsi", "worker")
"""What may start virtual devices, or distribute its tests."""
_DEVICES = "devices"
_TESTER = "tester"
"""Since neither imports the other, there are two processes to fork from."""
_parents: dict[str, str] = {}
_ENVIRONMENT = dict(os.environ)
"""Theirs, whatever the test has set that needs them first, such as another place for compiled files."""


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
            [sys.executable, __file__, name, str(listener.fileno())],
            stdin=subprocess.PIPE,
            pass_fds=[listener.fileno()],
            env=_ENVIRONMENT,
        )
    assert process.stdin is not None
    atexit.register(directory.cleanup)
    atexit.register(process.wait)
    atexit.register(process.stdin.close)
    return path


# In the process that others are forked from -----------------------------------------------------------------


def _serve(mains: Mapping[str, Callable[[list[str]], int]], listener: socket.socket) -> None:
    """Fork for each order, until whoever gives them closes our standard input."""
    # Those who keep a process end when it has, and are waited for by nobody.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Ctrl-C in the terminal is for who gives the orders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What is there now stays until the end: a collection of garbage in a fork need not go through it, and so copy it.
    gc.collect()
    gc.freeze()
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(mains, connection)
        connection.close()


def _keep(mains: Mapping[str, Callable[[list[str]], int]], connection: socket.socket) -> None:
    """Fork the process that was ordered, tell its number and its exit status, and end."""
    text, files, _, _ = socket.recv_fds(connection, 65536, 3)
    while more := connection.recv(65536):
        text += more
    order: dict[str, Any] = json.loads(text)
    process = os.fork()
    if process == 0:
        connection.close()
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for standard, file in enumerate(files):
            os.dup2(file, standard)
            os.close(file)
        os.chdir(order["directory"])
        if order["session"]:
            os.setsid()
        if order["terminal"]:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        if order["environment"] is not None:
            os.environ.clear()
            os.environ.update(order["environment"])
        sys.path.insert(0, order["directory"])
        with contextlib.ExitStack() as stack:
            if order["parents"]:
                _parents.update(order["parents"])
                stack.enter_context(devices_are_forked())
                stack.enter_context(_workers_are_forked())
            sys.exit(mains[order["kind"]](order["arguments"]))
    for file in files:
        os.close(file)
    connection.sendall(b"%d\n" % process)
    _, status = os.waitpid(process, 0)
    connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _tester() -> dict[str, Callable[[list[str]], int]]:
    import pytest

    from pytest_etsi.cli.main import main

    def script(arguments: list[str]) -> int:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")
        return 0

    def worker(_: list[str]) -> int:
        # Exactly what execnet has a new Python do.
        exec(popen_bootstrapline, {"__name__": "__main__"})
        return 0

    _import_ours()
    return {
        "pytest": lambda arguments: int(pytest.main(arguments)),
        "etsi": lambda arguments: int(main(arguments, prog_name="pytest-etsi")),
        "script": script,
        "worker": worker,
    }


def _import_ours() -> None:
    import pytest_etsi
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile import load_profile

    for module in pkgutil.walk_packages(pytest_etsi.__path__, "pytest_etsi."):
        if not module.name.startswith("pytest_etsi.virtual"):
            importlib.import_module(module.name)
    # The catalogue and the documents of nearly every run are read as well.
    make_plan(load_profile("virtual-camera"), load_units())


def _devices() -> dict[str, Callable[[list[str]], int]]:
    import pytest_etsi.virtual.camera
    import pytest_etsi.virtual.values  # noqa: F401
    from pytest_etsi.virtual.__main__ import main

    return {"camera": main}


if __name__ == "__main__":
    # `python -m` has the current directory first on the path, which is set by _keep; here it is that of this file.
    del sys.path[0]
    mains = _devices() if sys.argv[1] == _DEVICES else _tester()
    _serve(mains, socket.socket(fileno=int(sys.argv[2])))
