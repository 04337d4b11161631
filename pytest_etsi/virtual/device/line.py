"""The camera's line to the message broker of its service: it says that it is there, and is told to look for updates."""

from __future__ import annotations

import asyncio
import contextlib
import math
import random
import time
from typing import TYPE_CHECKING

from pytest_etsi.virtual import mqtt
from pytest_etsi.virtual.device.backoff import Backoff

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from pytest_etsi.virtual.device.core import Core

__all__ = ["LOOK", "Line", "orders_of", "state_of"]

LOOK = b"look"
"""The one order that there is: look for an update."""
_KEEP_ALIVE_S = 20
_START_S = 0.5
_STANDS_S = 1.0
"""A line that breaks sooner has not stood."""
_TIMEOUT_S = 2.0
_GLANCE_S = 1.0
"""How soon the line is given up after the owner has switched the reports off."""


def orders_of(serial: str) -> str:
    """The topic on which a camera takes orders."""
    return f"devices/{serial}/orders"


def state_of(serial: str) -> str:
    """The topic on which a camera says whether it is there."""
    return f"devices/{serial}/state"


class Line:
    """Keeps the line open for as long as `run` runs and the owner lets the camera report.

    Args:
        core: knows what the owner has decided.
        place: host and port of the broker.
        tls: which authorities are trusted.
        who: the camera, and its token.
        local: the camera's own address.
        look: called when the service says that there is something to look for.
        note: takes a line for the camera's log.
        backoff: the waits after a failure.
    """

    def __init__(
        self,
        core: Core,
        place: tuple[str, int],
        tls: ssl.SSLContext,
        who: mqtt.Connect,
        *,
        local: str,
        look: Callable[[], None],
        note: Callable[[str], None],
        backoff: Backoff | None = None,
    ) -> None:
        self._core = core
        self._place = place
        self._tls = tls
        self._who = who
        self._local = local
        self._look = look
        self._note = note
        self._backoff = backoff or Backoff()
        self._since = math.inf

    async def run(self) -> None:
        """Open the line, keep it, and so on; ends when it is cancelled."""
        await asyncio.sleep(random.uniform(0.0, _START_S))  # noqa: S311 - it spreads the load, it keeps no secret
        while True:
            if not self._wanted():
                await asyncio.sleep(_GLANCE_S)
                continue
            self._since = math.inf
            try:
                await self._talk()
            except (OSError, TimeoutError, asyncio.IncompleteReadError, mqtt.MqttError) as error:
                # A line that has stood and breaks is opened as at the start; only what fails makes the waits longer.
                if time.monotonic() - self._since >= _STANDS_S:
                    self._backoff.reset()
                    wait = random.uniform(0.0, _START_S)  # noqa: S311 - as above
                else:
                    wait = self._backoff.next_s()
                self._note(f"line: {type(error).__name__}; next attempt in {wait:.1f} s")
                await asyncio.sleep(wait)

    def _wanted(self) -> bool:
        return bool(self._core.settings()["reports"])

    async def _talk(self) -> None:
        """Open the line and serve it until the owner does not want it any more, or it breaks."""
        host, port = self._place
        async with asyncio.timeout(_TIMEOUT_S):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=self._tls, server_hostname=host, local_addr=(self._local, 0)
            )
        try:
            name = self._who.username
            will = (state_of(name), b"offline")
            writer.write(mqtt.connect(self._who, keep_alive_s=_KEEP_ALIVE_S, will=will))
            async with asyncio.timeout(_TIMEOUT_S):
                answer = await mqtt.read(reader)
            if answer.kind != mqtt.CONNACK or answer.body[1:2] != b"\0":
                raise mqtt.MqttError("not let in")
            self._since = time.monotonic()
            writer.write(mqtt.subscribe(orders_of(name)) + mqtt.publish(state_of(name), b"online"))
            await self._serve(reader, writer)
            writer.write(mqtt.publish(state_of(name), b"offline") + mqtt.packet(mqtt.DISCONNECT))
            await writer.drain()
        finally:
            writer.close()
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(_TIMEOUT_S):
                    await writer.wait_closed()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take orders until the owner has switched the reports off."""
        loop = asyncio.get_running_loop()
        next_ping = loop.time() + _KEEP_ALIVE_S / 2
        coming = asyncio.ensure_future(mqtt.read(reader))
        try:
            while self._wanted():
                await asyncio.wait((coming,), timeout=_GLANCE_S)
                if loop.time() >= next_ping:
                    next_ping = loop.time() + _KEEP_ALIVE_S / 2
                    writer.write(mqtt.packet(mqtt.PINGREQ))
                    await writer.drain()
                if coming.done():
                    self._take(coming.result())
                    coming = asyncio.ensure_future(mqtt.read(reader))
        finally:
            coming.cancel()
            with contextlib.suppress(
                asyncio.CancelledError, OSError, asyncio.IncompleteReadError, mqtt.MqttError
            ):
                await coming

    def _take(self, packet: mqtt.Packet) -> None:
        if packet.kind != mqtt.PUBLISH:
            return
        topic, content = mqtt.published(packet.body)
        if topic == orders_of(self._who.username) and content == LOOK:
            self._look()
        else:
            self._note("line: an order that is none was dropped")
