"""The manufacturer's web site, on which the documents for customers are published."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from aiohttp import web

from pytest_etsi.virtual.device.identity import MANUFACTURER, MODEL
from pytest_etsi.virtual.flaws import GuidanceFlaw
from pytest_etsi.virtual.maker import notices
from pytest_etsi.virtual.maker.documents import document, page
from pytest_etsi.virtual.maker.edits import edited
from pytest_etsi.virtual.maker.manual import manual

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["INDEX", "documents", "site_app"]

INDEX = (
    ("/manual", f"{MODEL}: user manual"),
    ("/support", "Support and updates"),
    ("/security", "Report a vulnerability"),
    ("/privacy", "Privacy"),
)
"""Path and title of every document."""

_SECURITY_TXT = """Contact: mailto:security@example.com
Expires: 2031-12-31T23:59:59Z
Preferred-Languages: en
Policy: /security
"""


def documents(flaws: frozenset[Flaw]) -> dict[str, str]:
    """The documents as they are published: path -> page."""
    titles = dict(INDEX)
    chapters = {
        "/manual": edited("manual", manual(flaws), flaws),
        "/support": notices.support(),
        "/security": notices.policy(),
        "/privacy": edited("privacy", notices.privacy(), flaws),
    }
    if GuidanceFlaw.NOTICE_MISSING in flaws:
        del chapters["/privacy"]
    return {path: document(titles[path], its) for path, its in chapters.items()}


def site_app(flaws: frozenset[Flaw]) -> web.Application:
    """The application of the site."""
    links = "".join(f'<li><a href="{path}">{escape(title)}</a></li>' for path, title in INDEX)
    app = web.Application(client_max_size=1024)
    app.router.add_get("/", _answer(page(MANUFACTURER, f"<p>Cameras for your home.</p><ul>{links}</ul>")))
    for path, text in documents(flaws).items():
        app.router.add_get(path, _answer(text))
    app.router.add_get("/.well-known/security.txt", _answer(_SECURITY_TXT, "text/plain"))
    return app


def _answer(text: str, content_type: str = "text/html") -> Callable[[web.Request], Awaitable[web.Response]]:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=text, content_type=content_type)

    return answer
