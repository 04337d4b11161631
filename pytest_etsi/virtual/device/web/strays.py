"""Pages that the web interface should not have: each belongs to a flaw."""

from __future__ import annotations

import secrets

from aiohttp import web

from pytest_etsi.virtual.device.web import pages
from pytest_etsi.virtual.device.web.answers import html, see_other
from pytest_etsi.virtual.flaws import Flaw, InterfaceFlaw, LoginFlaw

__all__ = ["add_second_login", "add_stray_pages"]

_DIGEST = 'Digest realm="maintenance", nonce="{}", algorithm=SHA-256, qop="auth"'


def add_stray_pages(app: web.Application, flaws: frozenset[Flaw]) -> None:
    """Add to an application the pages that the active flaws give it."""
    if InterfaceFlaw.UPGRADE_PAGE in flaws:
        app.router.add_get("/upgrade", _upgrade)
    if InterfaceFlaw.UPGRADE_BEHIND_REDIRECT in flaws:
        app.router.add_get("/update", _lead_on)
        app.router.add_get("/maintenance/image", _upgrade)
    if LoginFlaw.SECOND_REALM in flaws:
        app.router.add_route("*", "/config", _service_realm)


def add_second_login(app: web.Application, flaws: frozenset[Flaw]) -> None:
    """Add to the application of the HTTP port a login of its own, if there is the flaw for it."""
    if LoginFlaw.SECOND_LOGIN_FORM in flaws:
        app.router.add_get("/admin", _service_login)
        app.router.add_post("/admin", _service_refusal)


async def _upgrade(_request: web.Request) -> web.Response:
    return html(pages.upgrade())


async def _lead_on(_request: web.Request) -> web.Response:
    return see_other("/maintenance/image")


async def _service_login(_request: web.Request) -> web.Response:
    return html(pages.service_login())


async def _service_refusal(_request: web.Request) -> web.Response:
    return html(pages.service_login("Wrong technician or code."), 401)


async def _service_realm(_request: web.Request) -> web.Response:
    return web.Response(
        status=401,
        text="401 Unauthorized\n",
        headers={"WWW-Authenticate": _DIGEST.format(secrets.token_hex(16))},
    )
