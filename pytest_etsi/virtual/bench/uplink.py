"""The gateway between the camera and the internet: it passes on, records, cuts off, or leads elsewhere."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import TYPE_CHECKING

from pytest_etsi.virtual.bench.packets import PCAP_HEADER, ConnectionTrace

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

__all__ = ["Uplink"]

_CHUNK = 16_384
_BACKLOG = 10_000
"""Records that wait for one listener at most; a capture that is not read ends."""


class Uplink:
    """Stands where the services of the internet are, and leads to them.

    Only what comes from `device` is recorded, cut off and led elsewhere; others (the customer's app) get through.

    Args:
        host: address of the gateway's ports.
        services: port of the gateway -> port at which the service really answers, on the same host.
        device: address of the camera.
    """

    def __init__(self, host: str, services: Mapping[int, int], device: str) -> None:
        self._host = host
        self._services = dict(services)
        self._device = device
        self._servers: list[asyncio.Server] = []
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._open: dict[asyncio.StreamWriter, ConnectionTrace] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._cut = False
        self._elsewhere: tuple[str, int] | None = None
        self._only: int | None = None

    async def start(self) -> None:
        """Open the ports; raises `OSError`."""
        for port in self._services:
            self._servers.append(await asyncio.start_server(self._pass_on, self._host, port, limit=_CHUNK))

    async def stop(self) -> None:
        """Close everything."""
        for server in self._servers:
            server.close()
        self._break_off()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for queue in self._listeners:
            _put(queue, None)

    def cut(self) -> None:
        """Reset every connection of the camera, open ones and new ones."""
        self._cut, self._elsewhere = True, None
        self._break_off()

    def lead_to(self, host: str, port: int, service: int | None = None) -> None:
        """Lead new connections of the camera there: those to one port of the gateway, or all."""
        self._cut, self._elsewhere, self._only = False, (host, port), service
        self._break_off()

    def restore(self) -> None:
        """Lead to the services again."""
        self._cut, self._elsewhere = False, None
        self._break_off()

    def status(self) -> dict[str, str | None]:
        """What is done with the camera's connections now."""
        elsewhere = f"{self._elsewhere[0]}:{self._elsewhere[1]}" if self._elsewhere else None
        return {"mode": "cut" if self._cut else "elsewhere" if elsewhere else "normal", "to": elsewhere}

    async def capture(self) -> AsyncIterator[bytes]:
        """What is recorded from now on, as a capture file that grows; ends when the gateway stops."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(_BACKLOG)
        self._listeners.add(queue)
        try:
            yield PCAP_HEADER
            while (records := await queue.get()) is not None:
                yield records
        finally:
            self._listeners.discard(queue)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; the task is held on to, because the loop itself does not."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a connection is served by a task
        self._tasks.add(task)
        try:
            await self._serve(reader, writer)
        finally:
            self._tasks.discard(task)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client, server = writer.get_extra_info("peername")[:2], writer.get_extra_info("sockname")[:2]
        target = self._host, self._services[server[1]]
        if client[0] != self._device:
            await self._relay(reader, writer, target, None)
            return
        trace = ConnectionTrace(client, server)
        self._record(trace.opened())
        if self._cut:
            self._record(trace.reset(by_client=False))
            _reset(writer)
            return
        self._open[writer] = trace
        try:
            led = self._elsewhere if self._only in (None, server[1]) else None
            await self._relay(reader, writer, led or target, trace)
        finally:
            self._open.pop(writer, None)

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        target: tuple[str, int],
        trace: ConnectionTrace | None,
    ) -> None:
        try:
            behind, onward = await asyncio.open_connection(*target, limit=_CHUNK)
        except OSError:
            if trace:
                self._record(trace.reset(by_client=False))
            _reset(writer)
            return
        try:
            await asyncio.gather(
                self._pump(reader, onward, trace, by_client=True),
                self._pump(behind, writer, trace, by_client=False),
            )
        except OSError:
            if trace:
                self._record(trace.reset(by_client=False))
            _reset(writer)
        finally:
            onward.close()
            writer.close()

    async def _pump(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        trace: ConnectionTrace | None,
        *,
        by_client: bool,
    ) -> None:
        while data := await reader.read(_CHUNK):
            if trace:
                self._record(trace.sent(data, by_client=by_client))
            writer.write(data)
            await writer.drain()
        if trace:
            self._record(trace.ended(by_client=by_client))
        with contextlib.suppress(OSError):
            writer.write_eof()

    def _record(self, records: bytes) -> None:
        for queue in self._listeners if records else ():
            _put(queue, records)

    def _break_off(self) -> None:
        for writer, trace in tuple(self._open.items()):
            self._record(trace.reset(by_client=False))
            _reset(writer)


def _put(queue: asyncio.Queue[bytes | None], records: bytes | None) -> None:
    if queue.full():
        queue.get_nowait()
        records = None  # a capture with a hole would be taken for a whole one
    queue.put_nowait(records)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection by a reset, as a cut one looks to its ends."""
    connection = writer.get_extra_info("socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
