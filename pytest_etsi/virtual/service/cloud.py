"""The associated service: the camera reports to it, the customer's app asks it about the camera."""

from __future__ import annotations

import hmac
import json
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from aiohttp import web

from pytest_etsi.virtual.device.identity import HARDWARE, MODEL
from pytest_etsi.virtual.flaws import ErasureFlaw, Flaw
from pytest_etsi.virtual.service.accounts import Accounts
from pytest_etsi.virtual.service.examination import Diagnostics, Examination

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.virtual.device.updates import Offer

__all__ = ["ONLINE_S", "RETENTION_S", "CheckIn", "Cloud"]

ONLINE_S = 10.0
"""Seconds after a check-in for which a device counts as online."""

RETENTION_S = 30 * 86_400.0
"""Seconds after which the service forgets the last report of a camera that does not report any more."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """What a device reports; `uptime_s` in seconds, `name` as its owner calls it."""

    serial: str
    software: str
    uptime_s: float
    name: str = ""


class Cloud:
    """The service, for one device and one customer.

    Args:
        serial: of the device that belongs to the customer.
        device_token: with which the device reports.
        customer_token: with which the customer asks.
        clock: seconds since the epoch.
        neighbour_token: with which another customer asks, who has no camera yet.
        flaws: the weaknesses to show.
    """

    def __init__(
        self,
        serial: str,
        device_token: str,
        customer_token: str,
        clock: Callable[[], float] = time.time,
        *,
        neighbour_token: str = "",
        flaws: frozenset[Flaw] = frozenset(),
    ) -> None:
        self._flaws = flaws
        self._accounts = Accounts([customer_token, neighbour_token])
        self._exported: tuple[float, CheckIn] | None = None
        self._serial = serial
        self._device_token = device_token
        self._customer_token = customer_token
        self._clock = clock
        self._last: tuple[float, CheckIn] | None = None
        self._examination = Examination()
        self.offer: Offer | None = None
        self.package = b""
        self.breaks_off = False
        self.always_offline = False
        self.siblings: dict[str, Cloud] = {}

    def knows(self, request: web.Request) -> bool:
        """Whether it is the device of this customer that asks."""
        return _has_token(request, self._device_token)

    def app(self) -> web.Application:
        """The application of the service."""
        app = web.Application(client_max_size=4096)
        app.router.add_get("/v1/health", self._health)
        app.router.add_get("/v1/updates", self._updates)
        app.router.add_get("/v1/packages/{version}", self._package)
        app.router.add_post("/v1/checkin", self._checkin)
        app.router.add_get("/v1/devices/{serial}", self._device)
        app.router.add_get("/v1/account", self._account)
        app.router.add_get("/v1/export", self._export)
        app.router.add_delete("/v1/devices/{serial}", self._erase)
        return app

    async def _health(self, _request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    async def _updates(self, request: web.Request) -> web.Response:
        """Whether there is an update for a kind of camera; nobody is asked who wants to know, nothing is kept."""
        asked = request.query.get("model"), request.query.get("hardware")
        return web.json_response({"update": self._update() if asked == (MODEL, HARDWARE) else None})

    async def _package(self, request: web.Request) -> web.StreamResponse:
        """The package of the update that is offered, for the cameras of this customer."""
        if not any(one.knows(request) for one in (self, *self.siblings.values())):
            return _refused()
        if self.offer is None or request.match_info["version"] != self.offer.version:
            return web.json_response({"error": "not found"}, status=404)
        if not self.breaks_off:
            return web.Response(body=self.package, content_type="application/octet-stream")
        begun = web.StreamResponse(headers={"Content-Length": str(len(self.package))})
        await begun.prepare(request)
        await begun.write(self.package[: len(self.package) // 2])
        if request.transport is not None:
            request.transport.close()
        return begun

    async def _checkin(self, request: web.Request) -> web.Response:
        for other in self.siblings.values():
            if other.knows(request):
                return await other._checkin(request)  # noqa: SLF001 - of its own kind
        if not _has_token(request, self._device_token):
            return _refused()
        try:
            body = json.loads(await request.read())
            given = body.pop("diagnostics", None)
            counts = None if given is None else Diagnostics.read(given)
            report = CheckIn(**body)
        except (AttributeError, ValueError, TypeError, RecursionError):
            return web.json_response({"error": "malformed request"}, status=400)
        if report.serial != self._serial:
            return web.json_response({"error": "not found"}, status=404)
        self._last = self._exported = (self._clock(), report)
        if counts is None:
            # Not agreed to, or not any more: what is there goes at once.
            self._examination.forget()
        else:
            self._examination.add(self._clock(), counts)
        return web.json_response({"update": self._update()})

    async def _device(self, request: web.Request) -> web.Response:
        other = self.siblings.get(request.match_info["serial"])
        if other is not None:
            return await other._device(request)  # noqa: SLF001 - of its own kind
        if not _has_token(request, self._customer_token):
            return _refused()
        if request.match_info["serial"] != self._serial:
            return web.json_response({"error": "not found"}, status=404)
        now = self._clock()
        if self._last and now - self._last[0] > RETENTION_S:
            self._forget()
        if self._last is None:
            return web.json_response({"serial": self._serial, "online": False, "last_seen": None})
        seen, report = self._last
        counts = self._examination.last
        return web.json_response(
            {
                **asdict(report),
                "online": now - seen <= ONLINE_S and not self.always_offline,
                "last_seen": seen,
                "diagnostics": asdict(counts) if counts else None,
                "anomalies": self._examination.anomalies(now),
            }
        )

    async def _account(self, request: web.Request) -> web.Response:
        """What is kept of the customer who asks, apart from cameras."""
        kept = self._accounts.of(_token(request))
        return web.json_response(kept) if kept is not None else _refused()

    async def _export(self, request: web.Request) -> web.Response:
        """All that is kept of the customer and of the customer's camera, as a copy to take away."""
        if not _has_token(request, self._customer_token):
            return _refused()
        cameras = [{**asdict(self._exported[1]), "last_seen": self._exported[0]}] if self._exported else []
        return web.json_response({"account": self._accounts.of(self._customer_token), "cameras": cameras})

    async def _erase(self, request: web.Request) -> web.Response:
        other = self.siblings.get(request.match_info["serial"])
        if other is not None:
            return await other._erase(request)  # noqa: SLF001 - of its own kind
        if not _has_token(request, self._device_token):
            return _refused()
        if request.match_info["serial"] != self._serial:
            return web.json_response({"error": "not found"}, status=404)
        if ErasureFlaw.SERVICE_ERASES_OTHERS in self._flaws:
            self._accounts.forget_but(self._customer_token)
        if ErasureFlaw.SERVICE_KEEPS_DATA not in self._flaws:
            self._forget()
        return web.json_response({"erased": True})

    def _update(self) -> dict[str, Any] | None:
        return self.offer.to_json() if self.offer else None

    def _forget(self) -> None:
        self._last = None
        if ErasureFlaw.SERVICE_KEEPS_COPY not in self._flaws:
            self._exported = None
        self._examination.forget()


def _token(request: web.Request) -> str:
    """The bearer token of a request; empty: it has none."""
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    return given.strip() if kind.lower() == "bearer" else ""


def _has_token(request: web.Request, token: str) -> bool:
    given = _token(request)
    return bool(given) and hmac.compare_digest(given.encode(), token.encode())


def _refused() -> web.Response:
    return web.json_response(
        {"error": "authentication required"}, status=401, headers={"WWW-Authenticate": 'Bearer realm="cloud"'}
    )
