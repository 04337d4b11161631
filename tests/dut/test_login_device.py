"""The device of the tests with a login ends with everything that is connected to it, however the moment falls."""

from __future__ import annotations

import contextlib
import gc
import socket
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from login_device import LoginDevice

if TYPE_CHECKING:
    from collections.abc import Callable


def idle(_: socket.socket) -> None:
    """Connected, and says nothing."""


def gone(connection: socket.socket) -> None:
    """Closed at once."""
    connection.close()


def asking(connection: socket.socket) -> None:
    """Asks, and does not wait for the answer."""
    connection.sendall(b"GET /private HTTP/1.1\r\nHost: lamp\r\n\r\n")


def halfway(connection: socket.socket) -> None:
    """Promises more than it sends."""
    connection.sendall(b"POST /login HTTP/1.1\r\nHost: lamp\r\nContent-Length: 100\r\n\r\nuser")


@pytest.mark.parametrize("behave", [idle, gone, asking, halfway])
def test_it_ends_while_somebody_is_connecting(
    behave: Callable[[socket.socket], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    left_open: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda told: left_open.append(told.exc_value))
    before = set(threading.enumerate())
    for _ in range(5):
        with contextlib.ExitStack() as connections:
            with LoginDevice().running() as device:
                for _ in range(3):
                    connection = socket.create_connection(("127.0.0.1", device.port))
                    behave(connections.enter_context(connection))
            assert set(threading.enumerate()) <= before

    gc.collect()
    assert left_open == []
