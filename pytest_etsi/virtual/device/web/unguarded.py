"""Ways past the login of the web interface: each belongs to a flaw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aiohttp import web

from pytest_etsi.virtual.flaws import AccessFlaw, Flaw

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_etsi.virtual.device.core import Core, Session

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["Unguarded"]

_PAST = "past the login"
_TRUTH = {"true": True, "false": False}


class Unguarded:
    """What the active flaws let through.

    Args:
        core: whose owner everybody becomes.
        flaws: of this camera.
    """

    def __init__(self, core: Core, flaws: frozenset[Flaw]) -> None:
        self._core = core
        self._flaws = flaws

    def add_to(self, app: web.Application) -> None:
        """Let requests of the application find these ways."""
        if self._flaws & {AccessFlaw.METHOD_OVERRIDE, AccessFlaw.PATH_TRICKS, AccessFlaw.SETTINGS_BY_GET}:
            app.middlewares.append(self._lead_past)

    def session(self, request: web.Request) -> Session | None:
        """The session that a request gets without a login; None: it has to have one of its own."""
        return self._core.stolen_session() if self._lets_in(request) else None

    def _lets_in(self, request: web.Request) -> bool:
        call = request.method, request.path
        if self._core.state == "factory-default":
            return AccessFlaw.FACTORY_SETTINGS_OPEN in self._flaws and request.path == "/api/settings"
        return bool(
            request.get(_PAST)
            or (AccessFlaw.SNAPSHOT_WITHOUT_LOGIN in self._flaws and call == ("GET", "/api/snapshot"))
            or (AccessFlaw.USERS_WITHOUT_LOGIN in self._flaws and call == ("POST", "/api/users"))
            or (AccessFlaw.ANY_TOKEN in self._flaws and request.headers.get("Authorization", "")[7:])
            or (
                AccessFlaw.TRUSTED_ADDRESS_HEADER in self._flaws
                and request.headers.get("X-Forwarded-For") == "127.0.0.1"
            )
        )

    @web.middleware
    async def _lead_past(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.headers.get("X-HTTP-Method-Override", "").upper()
        if AccessFlaw.METHOD_OVERRIDE in self._flaws and method:
            return await _again(request.app, request.clone(method=method))
        if AccessFlaw.PATH_TRICKS in self._flaws and "//" in request.path:
            return await _again(request.app, request.clone(rel_url=re.sub("/+", "/", request.path)))
        if AccessFlaw.SETTINGS_BY_GET in self._flaws and request.path == "/api/settings" and request.query:
            changes = {name: _TRUTH.get(value.lower(), value) for name, value in request.query.items()}
            return web.json_response(self._core.change_settings(self._core.stolen_session(), changes))
        return await handler(request)


async def _again(app: web.Application, request: web.Request) -> web.StreamResponse:
    """Answer a request that was written anew, as if somebody had logged in for it."""
    request[_PAST] = True
    found = await app.router.resolve(request)
    return await found.handler(request)
