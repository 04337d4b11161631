"""The message broker of the service, for one camera: each may speak and listen on its own topics only."""

from __future__ import annotations

import asyncio
import hmac
from typing import TYPE_CHECKING

from pytest_etsi.virtual import mqtt
from pytest_etsi.virtual.device.connections import Connections
from pytest_etsi.virtual.device.line import LOOK, orders_of, state_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping

__all__ = ["Broker"]

_IDLE_S = 30.0
_MOST_CONNECTIONS = 16
_REFUSED = 5


class Broker:
    """The broker.

    Args:
        tokens: serial number of a camera of the customer's -> its token.

    Attributes:
        state: what the camera has said last: "online" or "offline"; empty: nothing yet.
    """

    def __init__(self, tokens: Mapping[str, str]) -> None:
        self._tokens = dict(tokens)
        self._server: asyncio.Server | None = None
        self._connections = Connections(_MOST_CONNECTIONS, (mqtt.MqttError,))
        self._listeners: dict[asyncio.StreamWriter, str] = {}
        self.state = ""

    async def start(self, host: str, port: int, tls: ssl.SSLContext) -> None:
        """Listen; raises `OSError`."""
        self._server = await asyncio.start_server(
            self._connected, host, port, ssl=tls, ssl_handshake_timeout=5.0, ssl_shutdown_timeout=1.0
        )

    async def stop(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        await self._connections.end()

    def look(self) -> None:
        """Tell the camera, if it listens, to look for an update."""
        for writer, serial in self._listeners.items():
            writer.write(mqtt.publish(orders_of(serial), LOOK))

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def talk() -> None:
            try:
                if serial := await self._let_in(reader, writer):
                    await self._serve(reader, writer, serial)
            finally:
                if self._listeners.pop(writer, None) is not None:
                    self.state = "offline"

        await self._connections.serve(writer, talk)

    async def _let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        """The serial number of who is let in; empty: nobody is."""
        async with asyncio.timeout(_IDLE_S):
            first = await mqtt.read(reader)
        if first.kind != mqtt.CONNECT:
            return ""
        who = mqtt.connected(first.body)
        token = self._tokens.get(who.username, "")
        right = bool(token) and hmac.compare_digest(who.password.encode(), token.encode())
        writer.write(mqtt.packet(mqtt.CONNACK, bytes((0, 0 if right else _REFUSED))))
        await writer.drain()
        return who.username if right else ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, serial: str) -> None:
        while True:
            async with asyncio.timeout(_IDLE_S):
                said = await mqtt.read(reader)
            if said.kind == mqtt.DISCONNECT:
                return
            if said.kind == mqtt.PINGREQ:
                writer.write(mqtt.packet(mqtt.PINGRESP))
            elif said.kind == mqtt.SUBSCRIBE:
                identifier, topic = mqtt.subscribed(said.body)
                own = topic == orders_of(serial)
                if own:
                    self._listeners[writer] = serial
                writer.write(mqtt.packet(mqtt.SUBACK, identifier + bytes((0 if own else 0x80,))))
            elif said.kind == mqtt.PUBLISH:
                topic, content = mqtt.published(said.body)
                if topic == state_of(serial) and content in {b"online", b"offline"}:
                    self.state = content.decode()
            await writer.drain()
