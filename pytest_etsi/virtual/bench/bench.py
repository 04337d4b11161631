"""The bench around the camera: supply, network switch, gateway and a finger for the button, over HTTP with a token."""

from __future__ import annotations

import asyncio
import hmac
import json
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from pytest_etsi.virtual.device.updates import Offer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_etsi.virtual.bench.uplink import Uplink

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["TOKEN_HEADER", "Bench", "Switchable", "UnpoweredError"]

TOKEN_HEADER = "X-Control-Token"  # noqa: S105 - the name of a header
BEACON = "laboratory-beacon"
"""A transmitter of the laboratory, which its receiver hears whatever the camera does."""


_ODD_OFFERS: tuple[Any, ...] = (
    7,
    "soon",
    [],
    {},
    {"version": 2},
    {"version": "../../x", "risks": "r", "interruption_s": 1},
    {"version": "9.9", "risks": "r" * 100_000, "interruption_s": 1},
    {"version": "9.9", "risks": "<b>", "interruption_s": -1},
    {"version": "9.9", "risks": "r", "interruption_s": 10**30},
    {"version": "0.1", "risks": "r", "interruption_s": 1, "more": 1},
)


_RISKS = "Somebody in your network could read the name of the camera without logging in."
_OFF_S = 0.25
"""Seconds without power in a cycle, in which a busy tester can still see that nothing answers."""
_LARGEST_PACKAGE = 16 * 1024 * 1024


class UnpoweredError(Exception):
    """The camera has no power: its button does nothing."""


class Switchable(Protocol):
    """What the bench can do to the camera."""

    uplink: Uplink

    @property
    def long_press_s(self) -> float:
        """Seconds for which the button has to be held until the camera resets."""

    async def power(self, *, on: bool) -> None:
        """Switch the supply."""

    async def network(self, *, up: bool) -> None:
        """Plug or unplug the network cable."""

    async def factory_reset(self) -> None:
        """Hold the button; raises `UnpoweredError`."""

    def alter_software(self, how: str) -> None:
        """Alter both sets of software in the flash ("block", "foreign-key"), or write back what was there (empty)."""

    async def replace(self, *, spare: bool) -> None:
        """Put another camera in the place of the first, or the first one back."""

    def chips(self) -> dict[str, str]:
        """What a reader of chips is told of their locks."""

    def put_chips_back(self) -> None:
        """Write into the chips what the factory has written."""

    def light(self) -> str:
        """What a light sensor sees of the status light: "off", "green", "blue-blinking" or "red-blinking"."""

    def stage(self, offer: Offer | None) -> None:
        """Let the cloud service offer an update, or none."""

    def publish(self, package: bytes, offer: Offer, *, breaks_off: bool) -> None:
        """Let the cloud service offer an update, with this as its package; `breaks_off`: it sends half of it only."""

    def night(self) -> None:
        """The time of the gateway is that of the coming night, in which updates are installed."""

    def unpacked(self, name: str) -> bool:
        """Whether a file of that name lies where the camera keeps its data, and where no update belongs."""

    def answer_with(self, offer: Any) -> None:
        """Let the camera take an answer of the service that may be no offer at all."""

    def status(self) -> dict[str, Any]:
        """What the bench can see."""

    def radio(self) -> list[str]:
        """What a receiver near the camera hears."""

    def attached(self) -> list[str]:
        """What responds at the cables of the bench, and at its probe for test points."""

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
        app.router.add_get("/radio", self._radio)
        app.router.add_get("/attached", self._attached)
        app.router.add_post("/power", self._power)
        app.router.add_post("/power-cycle", self._power_cycle)
        app.router.add_post("/network", self._network)
        app.router.add_post("/button", self._button)
        app.router.add_get("/capture", self._capture)
        app.router.add_get("/uplink", self._uplink)
        app.router.add_put("/uplink", self._lead)
        app.router.add_delete("/uplink", self._restore)
        app.router.add_put("/software", self._software)
        app.router.add_put("/hardware", self._hardware)
        app.router.add_get("/light/{colour}", self._light)
        app.router.add_get("/chips", self._chips)
        app.router.add_put("/chips", self._put_chips_back)
        app.router.add_put("/release", self._release)
        app.router.add_post("/night", self._night)
        app.router.add_get("/memory/{name}", self._memory)
        app.router.add_put("/odd-offers", self._odd_offers)
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

    async def _radio(self, _request: web.Request) -> web.Response:
        return web.json_response({"networks": [BEACON, *self._camera.radio()]})

    async def _attached(self, _request: web.Request) -> web.Response:
        return web.Response(text="".join(f"{line}\n" for line in self._camera.attached()))

    async def _power(self, request: web.Request) -> web.Response:
        on = await _field(request, "on", (True, False))
        await self._camera.power(on=on)
        return web.json_response(self._camera.status())

    async def _power_cycle(self, _request: web.Request) -> web.Response:
        await self._camera.power(on=False)
        await asyncio.sleep(_OFF_S)
        await self._camera.power(on=True)
        return web.json_response(self._camera.status())

    async def _network(self, request: web.Request) -> web.Response:
        up = await _field(request, "up", (True, False))
        await self._camera.network(up=up)
        return web.json_response(self._camera.status())

    async def _button(self, request: web.Request) -> web.Response:
        if await _held_s(request) < self._camera.long_press_s:
            return web.json_response(self._camera.status())  # the camera takes no notice
        try:
            await self._camera.factory_reset()
        except UnpoweredError:
            return web.json_response({"error": "the camera has no power"}, status=409)
        return web.json_response(self._camera.status())

    async def _software(self, request: web.Request) -> web.Response:
        altered = await _field(request, "altered", (True, False, "foreign-key"))
        self._camera.alter_software({True: "block", False: ""}.get(altered, altered))
        return web.json_response({"altered": altered})

    async def _hardware(self, request: web.Request) -> web.Response:
        spare = await _field(request, "spare", (True, False))
        await self._camera.replace(spare=spare)
        return web.json_response(self._camera.status())

    async def _chips(self, _request: web.Request) -> web.Response:
        return web.json_response(self._camera.chips())

    async def _put_chips_back(self, _request: web.Request) -> web.Response:
        self._camera.put_chips_back()
        return web.json_response(self._camera.chips())

    async def _light(self, request: web.Request) -> web.Response:
        """Whether the status light is as the path says: 204, or else 409."""
        seen = self._camera.light()
        if seen == request.match_info["colour"]:
            return web.Response(status=204)
        return web.json_response({"light": seen}, status=409)

    async def _capture(self, request: web.Request) -> web.StreamResponse:
        """Record what the camera says to the internet until the client goes away."""
        response = web.StreamResponse(headers={"Content-Type": "application/vnd.tcpdump.pcap"})
        await response.prepare(request)
        async for records in self._camera.uplink.capture():
            await response.write(records)
        return response

    async def _uplink(self, _request: web.Request) -> web.Response:
        return web.json_response(self._camera.uplink.status())

    async def _lead(self, request: web.Request) -> web.Response:
        """Cut the camera off from the internet, or lead its connections to a peer of the laboratory."""
        try:
            wanted = json.loads(await request.read())
            if wanted == {"cut": True}:
                self._camera.uplink.cut()
            else:
                service = wanted.get("service")
                only = None if service is None else _port(service)
                self._camera.uplink.lead_to(str(wanted["host"]), _port(wanted["port"]), only)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
            return web.json_response(
                {"error": 'expected {"cut": true} or {"host": ..., "port": ...}'}, status=400
            )
        return web.json_response(self._camera.uplink.status())

    async def _restore(self, _request: web.Request) -> web.Response:
        self._camera.uplink.restore()
        return web.json_response(self._camera.uplink.status())

    async def _offer(self, request: web.Request) -> web.Response:
        """Stage an update in the service: as if the manufacturer had released one."""
        try:
            offer = Offer.read(json.loads(await request.read()))
        except (ValueError, RecursionError) as error:
            return web.json_response({"error": f"expected an offer: {error}"}, status=400)
        self._camera.stage(offer)
        return web.json_response(offer.to_json())

    async def _release(self, request: web.Request) -> web.Response:
        """Have the service offer whatever is sent here as the package of an update of this version."""
        try:
            offer = Offer.read({"version": request.query.get("version"), "risks": _RISKS})
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        package = bytearray()
        async for part in request.content.iter_any():
            package += part
            if len(package) > _LARGEST_PACKAGE:
                return web.json_response({"error": "the service keeps no package of this size"}, status=413)
        self._camera.publish(bytes(package), offer, breaks_off=request.query.get("breaks_off") == "true")
        return web.json_response(offer.to_json())

    async def _night(self, _request: web.Request) -> web.Response:
        self._camera.night()
        return web.Response(status=204)

    async def _memory(self, request: web.Request) -> web.Response:
        """Look into the camera's memory for a file, as a laboratory does that has read out the chip."""
        found = self._camera.unpacked(request.match_info["name"])
        return web.Response(status=204 if found else 404)

    async def _odd_offers(self, _request: web.Request) -> web.Response:
        """Let the service answer the camera with offers that are none, one after the other."""
        for offer in _ODD_OFFERS:
            self._camera.answer_with(offer)
            await asyncio.sleep(0.05)
        return web.json_response({"offers": len(_ODD_OFFERS)})

    async def _no_offer(self, _request: web.Request) -> web.Response:
        self._camera.stage(None)
        return web.Response(status=204)


async def _held_s(request: web.Request) -> float:
    """Seconds for which the button is held: ten, where nothing else is said."""
    await _field(request, "name", ("reset",))
    seconds = json.loads(await request.read()).get("seconds", 10)
    return float(seconds) if isinstance(seconds, int | float) else 0.0


def _port(value: Any) -> int:
    port = int(value)
    if not 0 < port < 65536:
        raise ValueError(port)
    return port


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
