"""Input that the web interface does not bear: each kind belongs to a flaw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from aiohttp import web

from pytest_etsi.virtual.flaws import Flaw, InputFlaw

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_etsi.virtual.device.core import Core

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["Unchecked", "lines_of_path"]

_LONG_TEXT = re.compile(rb'"[^"]{257}')
_DEEP = 500
_LONG_HEADER = 2048
_FILES = {"etc/passwd": "root:x:0:0:root:/root:/bin/sh\ncamera:x:100:100::/:/bin/false\n"}
"""What there is outside of the pages: as on most systems, and nothing of the computer that the camera runs on."""
_TRACE = """Traceback (most recent call last):
  File "/srv/camera/settings.py", line 58, in store
    line = name + "=" + value
TypeError: can only concatenate str (not "{}") to str
"""
_DATABASE = "SQLite error: near \"'\": syntax error in INSERT INTO users VALUES ('''"
_PAGE = "<!DOCTYPE html><html><head><title>Not found</title></head><body><p>There is no page {}.</p></body></html>"


def lines_of_path(request: web.Request) -> dict[str, str]:
    """The header lines that stand behind encoded line ends in a path."""
    _, *lines = unquote(request.raw_path).splitlines()
    found = (line.partition(":") for line in lines)
    return {name: text.strip() for name, colon, text in found if colon and re.fullmatch(r"[\w-]+", name)}


class Unchecked:
    """What the active flaws do to a request before, or instead of, its handler.

    Args:
        core: tells who is logged in.
        flaws: of this camera.
        crash: ends the web server.
    """

    def __init__(self, core: Core, flaws: frozenset[Flaw], crash: Callable[[], None]) -> None:
        self._core = core
        self._flaws = flaws
        self._crash = crash

    def add_to(self, app: web.Application) -> None:
        """Look at the application's requests, when there is a flaw to look for."""
        if self._flaws:
            app.middlewares.append(self._look)

    @web.middleware
    async def _look(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if await self._is_deadly(request):
            if request.transport is not None:
                request.transport.abort()
            self._crash()
            return web.Response(status=500)
        path = unquote(request.raw_path)
        if InputFlaw.PATH_TRAVERSAL in self._flaws and "/../" in path:
            return web.Response(text=_FILES.get(path.rpartition("../")[2], ""))
        try:
            answer = await self._broken(request)
            return answer or await handler(request)
        except web.HTTPNotFound:
            if InputFlaw.REFLECTED_MARKUP not in self._flaws or request.path.startswith("/api/"):
                raise
            return web.Response(text=_PAGE.format(path), content_type="text/html", status=404)

    async def _is_deadly(self, request: web.Request) -> bool:
        long = len(request.headers.get("Authorization", "")) > _LONG_HEADER
        if InputFlaw.CRASH_ON_LONG_HEADER in self._flaws and long:
            return True
        body = await request.read() if request.path.startswith("/api/") else b""
        if InputFlaw.CRASH_ON_DEEP_JSON in self._flaws and body.count(b"[") + body.count(b"{") > _DEEP:
            return True
        if InputFlaw.CRASH_ON_LONG_TEXT in self._flaws and request.path == "/api/settings":
            return self._is_known(request) and _LONG_TEXT.search(body) is not None
        return False

    async def _broken(self, request: web.Request) -> web.StreamResponse | None:
        """The answer of a program that has stumbled; None: it has not."""
        call = request.method, request.path
        if InputFlaw.TRACE_ON_WRONG_TYPE in self._flaws and call == ("PUT", "/api/settings"):
            wrong = re.search(rb'"(?:name|timezone)"\s*:\s*([^"\s])', await request.read())
            if wrong and self._is_known(request):
                return web.Response(text=_TRACE.format("int"), status=500)
        if InputFlaw.DATABASE_ERROR in self._flaws and call == ("POST", "/api/users"):
            wrong = re.search(rb"\"username\"\s*:\s*\"[^\"]*'", await request.read())
            if wrong and self._is_known(request):
                return web.Response(text=_DATABASE, status=500)
        return None

    def _is_known(self, request: web.Request) -> bool:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return self._core.knows(token or request.cookies.get("session", ""))
