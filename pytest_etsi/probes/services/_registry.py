"""The recognisers, in the order in which they are asked: those that listen first, then questions in text.

A new one is a module with ``greets(talk, greeting)`` or ``answers(talk)``, which claims only what the bytes prove,
and a line here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.probes.services import _binary, _grpc, _http, _lines, _mqtt, _rtsp, _ssh, _telnet, _vnc

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.services._model import Service
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["ANSWERS", "ANSWERS_BYTES", "GREETS"]

GREETS: tuple[Callable[[Talk, Greeting], Service | None], ...] = (
    _ssh.greets,
    _vnc.greets,
    _lines.greets,
    _telnet.greets,
    _http.greets,
    _binary.greets,
)
"""Recognise a service by what it says first."""

ANSWERS: tuple[Callable[[Talk], Service | None], ...] = (
    _http.answers,
    _rtsp.answers,
    _http.answers_without_status,
    _telnet.answers,
)
"""Recognise a service by its answer to a question of theirs, in text."""

ANSWERS_BYTES: tuple[Callable[[Talk], Service | None], ...] = (
    _mqtt.answers,
    _grpc.answers,
    _binary.answers_adb,
    _binary.answers_modbus,
)
"""The same, by bytes that no text has: not for a service that has spoken in text, which may not survive them."""
