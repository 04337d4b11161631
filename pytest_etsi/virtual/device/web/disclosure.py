"""What the web interface tells to whoever asks, when a flaw lets it tell too much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pytest_etsi.virtual.flaws import DisclosureFlaw, Flaw

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["tell_too_much"]

_HEADERS: dict[Flaw, dict[str, str]] = {
    DisclosureFlaw.SERVER_VERSION_HEADER: {"Server": "ExampleCam/1.4.2"},
    DisclosureFlaw.IMPLEMENTATION_OUTDATED: {"Server": "ExampleCam OpenSSL/3.0.7"},
    DisclosureFlaw.INTERNAL_ADDRESS_HEADER: {"X-Backend": "192.168.77.10:8081"},
}
_LISTING = (
    "<html><head><title>Index of /files/</title></head><body><h1>Index of /files/</h1>"
    "<pre><a href='../'>../</a>\n<a href='settings.bak'>settings.bak</a>\n</pre></body></html>"
)
_TRACE = """<html><head><title>Server error</title></head><body><pre>Traceback (most recent call last):
  File "/srv/camera/web.py", line 214, in serve
    page = PAGES[path]
KeyError: 'no-such-page'
</pre></body></html>"""


def tell_too_much(app: web.Application, flaws: frozenset[Flaw]) -> None:
    """Add to an application what the active flaws disclose; call it last, so that its headers win."""
    headers = {name: value for flaw in flaws for name, value in _HEADERS.get(flaw, {}).items()}

    async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)

    async def listing(_request: web.Request) -> web.Response:
        return web.Response(text=_LISTING, content_type="text/html")

    @web.middleware
    async def trace(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            return await handler(request)
        except web.HTTPNotFound:
            return web.Response(text=_TRACE, content_type="text/html", status=500)

    if headers:
        app.on_response_prepare.append(add_headers)
    if DisclosureFlaw.DIRECTORY_LISTING in flaws:
        app.router.add_get("/files/", listing)
    if DisclosureFlaw.STACK_TRACE_PAGE in flaws:
        app.middlewares.append(trace)
