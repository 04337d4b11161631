"""A console over a socket beside pyserial and pexpect, in turns: a flood read to its last line, and questions answered.

    python benchmarks/consoles.py [--rounds 5]

pexpect is no dependency; where it is not installed, its rows say so. Ours does more meanwhile: a thread drains the
line, all of it is kept with times and positions, escape sequences are taken away and line ends made one.
"""

from __future__ import annotations

import contextlib
import importlib.util
import socket
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent))

import serial
from _sidebyside import Peer, Row, compare, main, missing, python_version

from pytest_etsi.probes.serial import Console

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FLOOD = 20 * 1024 * 1024
QUESTIONS = 300
LINE = b"[   12.345678] usb 1-1: reset high-speed USB device number 2\r\n"
END = b"END OF LOG\r\n"
FLOOD_BARS = {"pyserial": 2.0, "pexpect": 2.0}
QUESTION_BARS = {"pyserial": 1.0, "pexpect": 1.0}


@contextlib.contextmanager
def _server(behave: Callable[[socket.socket], None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with connection, contextlib.suppress(OSError):
                    behave(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def _flood(connection: socket.socket) -> None:
    connection.sendall(LINE * (FLOOD // len(LINE)) + END)
    connection.recv(1)


def _answer(connection: socket.socket) -> None:
    connection.sendall(b"# ")
    typed = b""
    while data := connection.recv(4096):
        typed += data
        while b"\r" in typed:
            line, _, typed = typed.partition(b"\r")
            connection.sendall(line + b"\r\nanswer to " + line + b"\r\n# ")


def _ours_flood(port: int) -> float:
    began = time.perf_counter()
    with Console(f"socket://127.0.0.1:{port}") as console:
        console.expect("^END OF LOG$", 120)
    return FLOOD / (time.perf_counter() - began) / 1e6


def _ours_questions(port: int) -> None:
    with Console(f"socket://127.0.0.1:{port}") as console:
        console.expect("# $", 30)
        for number in range(QUESTIONS):
            console.send_line(f"q{number}")
            console.expect(rf"^answer to q{number}\n# $", 30)


def _pyserial_flood(port: int) -> None:
    with serial.serial_for_url(f"socket://127.0.0.1:{port}", timeout=0.05) as line:
        tail = b""
        while END not in tail:
            tail = tail[-len(END) :] + line.read(65536)


def _pyserial_questions(port: int) -> None:
    with serial.serial_for_url(f"socket://127.0.0.1:{port}", timeout=5) as line:
        line.read_until(b"# ")
        for number in range(QUESTIONS):
            line.write(f"q{number}\r".encode())
            line.read_until(f"answer to q{number}\r\n# ".encode())


def _pexpect_flood(port: int) -> None:
    from pexpect import fdpexpect

    with socket.create_connection(("127.0.0.1", port)) as connection:
        fdpexpect.fdspawn(connection.fileno(), timeout=120, maxread=65536).expect_exact(END)


def _pexpect_questions(port: int) -> None:
    from pexpect import fdpexpect

    with socket.create_connection(("127.0.0.1", port)) as connection:
        spawned = fdpexpect.fdspawn(connection.fileno(), timeout=30)
        spawned.expect(b"# $")
        for number in range(QUESTIONS):
            spawned.send(f"q{number}\r".encode())
            spawned.expect(rf"answer to q{number}\r\n# $".encode())


def rows(rounds: int) -> list[Row]:
    """Two pieces of work, each beside both."""
    found: list[Row] = []
    has_pexpect = importlib.util.find_spec("pexpect") is not None
    works = (
        (
            f"{FLOOD // 1024**2} MiB of log to the last line",
            _flood,
            _ours_flood,
            _pyserial_flood,
            _pexpect_flood,
        ),
        (
            f"{QUESTIONS} questions and answers",
            _answer,
            _ours_questions,
            _pyserial_questions,
            _pexpect_questions,
        ),
    )
    for (what, behave, ours, by_pyserial, by_pexpect), bars in zip(
        works, (FLOOD_BARS, QUESTION_BARS), strict=True
    ):
        with _server(behave) as port:
            peers = [
                Peer(f"pyserial {python_version('pyserial')}", lambda port=port, by=by_pyserial: by(port))
            ]
            if has_pexpect:
                peers.append(
                    Peer(f"pexpect {python_version('pexpect')}", lambda port=port, by=by_pexpect: by(port))
                )
            found += compare(
                what,
                lambda port=port, by=ours: by(port),
                peers,
                rounds=rounds,
                bars=bars,
                remark=lambda last: f"{last:.1f} MB/s" if isinstance(last, float) else "",
            )
        if not has_pexpect:
            found.append(missing(what, "pexpect", "pexpect is not installed", bars["pexpect"]))
    return found


if __name__ == "__main__":
    main(__doc__ or "", rows)
