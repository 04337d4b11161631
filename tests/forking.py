"""The processes that others are forked from: they import what these need, and fork for each order of `forks.py`.

    python forking.py NAME LISTENER [ARGUMENT ...]

NAME says which it is, LISTENER is the descriptor of the socket to listen on. They end with whoever holds their standard input.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import fcntl
import functools
import gc
import importlib
import inspect
import json
import os
import pkgutil
import runpy
import select
import signal
import socket
import sys
import termios
import threading
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from execnet.gateway_io import popen_bootstrapline
from forks import COLLECTED, DEVICES, TESTER, devices_are_forked, fork_from, workers_are_forked
from garbage import seldom_collect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping


def _serve(mains: Mapping[str, Callable[[list[str]], int]], listener: socket.socket) -> None:
    """Fork for each order, until whoever gives them closes our standard input."""
    # Those who keep a process end when it has, and are waited for by nobody.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    # Ctrl-C in the terminal is for who gives the orders.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.collect()
    seldom_collect()
    while sys.stdin not in select.select([listener, sys.stdin], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _keep(mains, connection)
        connection.close()


def _keep(mains: Mapping[str, Callable[[list[str]], int]], connection: socket.socket) -> None:
    """Fork the process that was ordered, tell its number and its exit status, and end."""
    text, (*files, network), _, _ = socket.recv_fds(connection, 65536, 4)
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
        _enter(network)
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
                fork_from(order["parents"])
                if order["kind"] != "tests":
                    stack.enter_context(devices_are_forked())
                    stack.enter_context(workers_are_forked())
            _end(mains[order["kind"]], order["arguments"])
    for file in (*files, network):
        os.close(file)
    connection.sendall(b"%d\n" % process)
    _, status = os.waitpid(process, 0)
    # Who has ordered it may have ended before it.
    with contextlib.suppress(BrokenPipeError):
        connection.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _end(main: Callable[[list[str]], int], arguments: list[str]) -> None:
    """Run a process to its end, which is that of Python but for taking apart, module by module, what was there before."""
    try:
        status = main(arguments)
    except SystemExit as end:
        if not isinstance(end.code, int | None):
            raise
        status = end.code or 0
    # Neither has a public name: to wait for threads, and what was left to be done at the end.
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None and not stream.closed:
                stream.flush()
        except (OSError, ValueError):
            status = _CANNOT_WRITE
    os._exit(status & 0xFF)


_CANNOT_WRITE = 120
"""Python's status when nobody takes what it has left to write."""


def _enter(network: int) -> None:
    """Enter a network namespace; closes its file."""
    other = os.fstat(network).st_ino != Path("/proc/thread-self/ns/net").stat().st_ino
    if other and ctypes.CDLL(None, use_errno=True).setns(network, _NETWORK) != 0:
        raise OSError(ctypes.get_errno(), "the network of the test cannot be entered")
    os.close(network)


_NETWORK = 0x40000000
"""CLONE_NEWNET; os.setns comes with Python 3.12 only."""


def _tester() -> dict[str, Callable[[list[str]], int]]:
    import pytest
    from _pytest import unraisableexception
    from _pytest.config import default_plugins

    from pytest_etsi.cli.main import main

    def script(arguments: list[str]) -> int:
        sys.argv = arguments
        runpy.run_path(arguments[0], run_name="__main__")
        return 0

    for plugin in default_plugins:
        importlib.import_module(f"_pytest.{plugin}")
    _import_ours()
    _remember_distributions()
    # Who shows where an error arose asks of which module that place is, and looks at all of them the first time.
    inspect.getmodule(sys._getframe())
    # What a run has left behind is looked for several times at its end; of these, nobody asks.
    unraisableexception.gc_collect_harder = lambda *_: None
    return {
        "pytest": lambda arguments: int(pytest.main(arguments)),
        "etsi": lambda arguments: int(main(arguments, prog_name="pytest-etsi")),
        "script": script,
        "worker": _worker,
    }


def _worker(_: list[str]) -> int:
    # Exactly what execnet has a new Python do.
    exec(popen_bootstrapline, {"__name__": "__main__"})
    return 0


def _remember_distributions() -> None:
    """Read once what is installed, and not for each plugin that a run of pytest is told to load; tests install nothing."""
    listed = metadata.distributions
    known = {place: list(listed(path=[place])) for place in sys.path}
    for distribution in (each for found in known.values() for each in found):
        if type(distribution) is metadata.PathDistribution:
            distribution.__class__ = _Remembered
            _ = distribution.entry_points

    def distributions(**context: Any) -> Iterator[metadata.Distribution]:
        for place in context.pop("path", sys.path):
            yield from known[place] if place in known and not context else listed(path=[place], **context)

    metadata.distributions = distributions


class _Remembered(metadata.PathDistribution):
    @functools.cached_property
    def entry_points(self) -> metadata.EntryPoints:
        """Those that its metadata names."""
        return super().entry_points


_LATE = ("_pytest._argcomplete", "paramiko", "pdb", "readline")
"""What pytest and we import late in a run, and in nearly every one."""


def _import_ours() -> None:
    import pytest_etsi
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.plugin.collection import PACKAGE
    from pytest_etsi.profile import load_profile

    for module in pkgutil.walk_packages(pytest_etsi.__path__, "pytest_etsi."):
        if not module.name.startswith("pytest_etsi.virtual"):
            importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
    # The catalogue, the suite and the documents of nearly every run are read as well. No assertion of the suite's waits for
    # pytest to rewrite it: what its units find are findings.
    load_units(package=PACKAGE)
    make_plan(load_profile("virtual-camera"), load_units())


def _devices() -> dict[str, Callable[[list[str]], int]]:
    import pytest_etsi.virtual.camera
    import pytest_etsi.virtual.values  # noqa: F401
    from pytest_etsi.virtual.__main__ import main

    return {"camera": main}


def _collected() -> dict[str, Callable[[list[str]], int]]:
    import pytest

    output = os.dup(1)
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    try:
        # What is wrong with them is told by the workers, which collect them again, from what is imported by then.
        pytest.main(["--collect-only", "-qq", "-n0", *sys.argv[3:]])
    finally:
        os.dup2(output, 1)
        os.close(output)
        os.close(nothing)
    _remember_distributions()
    return {"tests": _worker}


if __name__ == "__main__":
    # `python -m` has the current directory first on the path, which is set by _keep; here it is that of this file.
    del sys.path[0]
    mains = {DEVICES: _devices, TESTER: _tester, COLLECTED: _collected}[sys.argv[1]]
    _serve(mains(), socket.socket(fileno=int(sys.argv[2])))
