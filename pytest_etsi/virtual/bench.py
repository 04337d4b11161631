"""The bench around the camera: supply, network switch and a finger for the button, over HTTP with a token."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from pytest_etsi.virtual.updates import Offer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["TOKEN_HEADER", "Bench", "Switchable", "UnpoweredError"]

TOKEN_HEADER = "X-Control-Token"  # noqa: S105 - the name of a header


class UnpoweredError(Exception):
    """The camera has no power: its button does nothing."""


class Switchable(Protocol):
    """What the bench can do to the camera."""

    async def power(self, *, on: bool) -> None:
        """Switch the supply."""

    async def network(self, *, up: bool) -> None:
        """Plug or unplug the network cable."""

    async def factory_reset(self) -> None:
        """Hold the button; raises `UnpoweredError`."""

    def stage(self, offer: Offer | None) -> None:
        """Let the cloud service offer an update, or none."""

    def status(self) -> dict[str, Any]:
        """What the bench can see."""

    def log(self) -> list[str]:
        """The camera's log, oldest line first."""


class Bench:
    """The control channel.

    Args:
        camera: what is switched.
        token: has to be in the header ``X-Control-Token`` of every request.
    """

    def __init__(self, camera: Switchable, token: str) -> None:
        self._camera = camera
        self._token = token

    def app(self) -> web.Application:
        """The application of the control channel."""
        app = web.Application(middlewares=[self._guard], client_max_size=4096)
        app.router.add_get("/status", self._status)
        app.router.add_get("/log", self._log)
        app.router.add_post("/power", self._power)
        app.router.add_post("/power-cycle", self._power_cycle)
        app.router.add_post("/network", self._network)
        app.router.add_post("/button", self._button)
        app.router.add_put("/offer", self._offer)
        app.router.add_delete("/offer", self._no_offer)
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get(TOKEN_HEADER, "")
        if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._token.encode()):
            return web.json_response({"error": f"header {TOKEN_HEADER} missing or wrong"}, status=403)
        return await handler(request)

    async def _status(self, _request: web.Request) -> web.Response:
        return web.json_response(self._camera.status())

    async def _log(self, _request: web.Request) -> web.Response:
        return web.json_response({"lines": self._camera.log()})

    async def _power(self, request: web.Request) -> web.Response:
        on = await _field(request, "on", (True, False))
        await self._camera.power(on=on)
        return web.json_response(self._camera.status())

    async def _power_cycle(self, _request: web.Request) -> web.Response:
        await self._camera.power(on=False)
        await self._camera.power(on=True)
        return web.json_response(self._camera.status())

    async def _network(self, request: web.Request) -> web.Response:
        up = await _field(request, "up", (True, False))
        await self._camera.network(up=up)
        return web.json_response(self._camera.status())

    async def _button(self, request: web.Request) -> web.Response:
        await _field(request, "name", ("reset",))
        try:
            await self._camera.factory_reset()
        except UnpoweredError:
            return web.json_response({"error": "the camera has no power"}, status=409)
        return web.json_response(self._camera.status())

    async def _offer(self, request: web.Request) -> web.Response:
        """Stage an update in the service: as if the manufacturer had released one."""
        try:
            offer = Offer.read(json.loads(await request.read()))
        except (ValueError, RecursionError) as error:
            return web.json_response({"error": f"expected an offer: {error}"}, status=400)
        self._camera.stage(offer)
        return web.json_response(offer.to_json())

    async def _no_offer(self, _request: web.Request) -> web.Response:
        self._camera.stage(None)
        return web.Response(status=204)


async def _field(request: web.Request, name: str, allowed: tuple[Any, ...]) -> Any:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    value = body.get(name) if isinstance(body, dict) else None
    if not any(value is item or (isinstance(item, str) and value == item) for item in allowed):
        text = json.dumps({"error": f"expected a JSON object with {name!r}: one of {json.dumps(allowed)}"})
        raise web.HTTPBadRequest(text=text, content_type="application/json")
    return value
