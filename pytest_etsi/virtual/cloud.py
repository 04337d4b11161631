"""The associated service: the camera reports to it, the customer's app asks it about the camera."""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import asdict, dataclass

from aiohttp import web

__all__ = ["ONLINE_S", "CheckIn", "Cloud"]

ONLINE_S = 10.0
"""Seconds after a check-in for which a device counts as online."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a device reports; `uptime_s` in seconds."""

    serial: str
    software: str
    uptime_s: float


class Cloud:
    """The service, for one device and one customer.

    Args:
        serial: of the device that belongs to the customer.
        device_token: with which the device reports.
        customer_token: with which the customer asks.
    """

    def __init__(self, serial: str, device_token: str, customer_token: str) -> None:
        self._serial = serial
        self._device_token = device_token
        self._customer_token = customer_token
        self._last: tuple[float, CheckIn] | None = None

    def app(self) -> web.Application:
        """The application of the service."""
        app = web.Application(client_max_size=4096)
        app.router.add_get("/v1/health", self._health)
        app.router.add_post("/v1/checkin", self._checkin)
        app.router.add_get("/v1/devices/{serial}", self._device)
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _checkin(self, request: web.Request) -> web.Response:
        if not _has_token(request, self._device_token):
            return _refused()
        try:
            report = CheckIn(**json.loads(await request.read()))
        except (ValueError, TypeError, RecursionError):
            return web.json_response({"error": "malformed request"}, status=400)
        if report.serial != self._serial:
            return web.json_response({"error": "not found"}, status=404)
        self._last = (time.time(), report)
        return web.json_response({"update": None})

    async def _device(self, request: web.Request) -> web.Response:
        if not _has_token(request, self._customer_token):
            return _refused()
        if request.match_info["serial"] != self._serial:
            return web.json_response({"error": "not found"}, status=404)
        if self._last is None:
            return web.json_response({"serial": self._serial, "online": False, "last_seen": None})
        seen, report = self._last
        online = time.time() - seen <= ONLINE_S
        return web.json_response({**asdict(report), "online": online, "last_seen": seen})


def _has_token(request: web.Request, token: str) -> bool:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return kind.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _refused() -> web.Response:
    return web.json_response(
        {"error": "authentication required"}, status=401, headers={"WWW-Authenticate": 'Bearer realm="cloud"'}
    )
