"""Backups of the camera, which no interface gives or takes; by its flaws, one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from pytest_etsi.virtual.device import passwords
from pytest_etsi.virtual.flaws import StorageFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.virtual.device.core import Session
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["add_backups"]


def add_backups(
    app: web.Application, session: Callable[[web.Request], Session], flaws: frozenset[Flaw]
) -> None:
    """Let whoever is logged in download and upload backups, where a flaw does."""

    async def give(request: web.Request) -> web.Response:
        name = session(request).username
        return web.json_response({"accounts": {name: passwords.stored("a-password-of-somebody")}})

    async def take(request: web.Request) -> web.Response:
        session(request)
        return web.Response(status=204)

    if StorageFlaw.BACKUP_FOR_VIEWERS in flaws:
        app.router.add_get("/api/backup", give)
    if StorageFlaw.RESTORE_BY_VIEWERS in flaws:
        app.router.add_put("/api/backup", take)
