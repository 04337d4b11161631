"""Processes that are forked are what they would be if Python had been started for them."""

from __future__ import annotations

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from forks import Fork, run_forked
from namespaces import live_alone, namespace, needs_namespaces

if TYPE_CHECKING:
    from collections.abc import Callable

    Script = Callable[[str], list[str]]

NETWORK = "/proc/thread-self/ns/net"
NOT_WRITTEN = 120
"""The status of Python where what is left to write cannot be written: Doc/library/sys.rst, sys.exit."""
TOLD = f"import os; print(os.readlink({NETWORK!r}))"


@pytest.fixture
def script(tmp_path: Path) -> Script:
    """Arguments that run a text as a program."""

    def arguments(text: str) -> list[str]:
        path = tmp_path / "script.py"
        path.write_text(text, encoding="utf-8")
        return [str(path)]

    return arguments


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("print('done', end='')", 0, "done"),
        ("import sys; print('ended', end=''); sys.exit(7)", 7, "ended"),
        ("import sys; sys.exit('why')", 1, "why\n"),
        ("import atexit; atexit.register(print, 'last')", 0, "last\n"),
        ("import threading, time; threading.Timer(0.05, print, ('waited',)).start()", 0, "waited\n"),
    ],
)
def test_the_end_is_that_of_python(script: Script, text: str, status: int, said: str) -> None:
    assert run_forked("script", script(text), timeout=60) == (status, said)


def test_an_error_that_nobody_handles_is_told(script: Script) -> None:
    status, said = run_forked("script", script("raise ValueError('odd')"), timeout=60)

    assert status == 1
    assert said.endswith("ValueError: odd\n")


def test_what_nobody_takes_shows_in_the_status(script: Script) -> None:
    arguments = script("import sys; sys.stdout = open(1, 'w', closefd=False); print('for nobody')")
    taken, given = os.pipe()
    os.close(taken)
    try:
        status = Fork("script", arguments, (0, given, given)).wait(60)
    finally:
        os.close(given)

    assert status == NOT_WRITTEN


def test_it_is_in_the_network_of_this_process(script: Script) -> None:
    assert run_forked("script", script(TOLD), timeout=60) == (0, f"{Path(NETWORK).readlink()}\n")


@needs_namespaces
def test_it_is_in_the_network_of_the_thread_that_starts_it(script: Script) -> None:
    def elsewhere() -> tuple[str, tuple[int, str]]:
        assert live_alone()
        return str(Path(NETWORK).readlink()), run_forked("script", script(TOLD), timeout=60)

    with ThreadPoolExecutor(1) as pool:
        place, (status, said) = pool.submit(elsewhere).result()

    assert (status, said) == (0, f"{place}\n")
    assert place != str(Path(NETWORK).readlink())


@needs_namespaces
def test_it_is_in_another_network_that_is_named(script: Script) -> None:
    with namespace(cable=True) as net:
        there = net.from_bench("readlink", "/proc/self/ns/net")
        theirs = subprocess.run(there, capture_output=True, text=True, check=True, timeout=20).stdout

        assert run_forked("script", script(TOLD), timeout=60, network=net.bench_file) == (0, theirs)
    assert theirs.strip() != str(Path(NETWORK).readlink())
