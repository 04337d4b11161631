"""The manufacturer's web site, on which the documents for customers are published."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

from aiohttp import web

from pytest_etsi.virtual.device.identity import MANUFACTURER, MODEL
from pytest_etsi.virtual.flaws import GuidanceFlaw, PublicationFlaw
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

_SECURITY_TXT = """# Weaknesses of our products and services
Contact: mailto:security@example.com
Expires: 2031-12-31T23:59:59Z
Preferred-Languages: en
Policy: {site}/security
Canonical: {site}/.well-known/security.txt
"""
_COOKIE_BAR = (
    '<div id="cookie-bar" class="cookie-bar" role="dialog"><p>This site keeps one cookie, for the basket.</p>'
    "<button>Agreed</button></div>"
)
_FOOTER = f"<footer><p>&copy; {MANUFACTURER}. Questions on orders are answered within two working days.</p></footer>"
_SIGN_IN = (
    '<form method="post"><label>Customer number <input name="customer"></label><label>Password <input type="password"'
    ' name="password"></label><button>Sign in</button></form><p>You have no account yet? Register with your bill.</p>'
)
_CONSENT = (
    '<div class="consent-wall" role="dialog"><h1>Before you continue</h1><p>To read this page you have to accept that '
    "we and our partners follow you on other sites.</p><button>Accept all</button></div>"
    "<script src='/page.js'></script>"
)
_FORM = (
    '<h1>Vulnerability disclosure policy</h1><form method="post"><label>E-mail <input type="email" name="mail"></label>'
    "<button>Send and get access</button></form>"
)


def documents(flaws: frozenset[Flaw]) -> dict[str, str]:
    """The documents as they are published: path -> page."""
    titles = dict(INDEX)
    chapters = {
        "/manual": edited("manual", manual(flaws), flaws),
        "/support": notices.support(flaws),
        "/security": notices.policy(flaws),
        "/privacy": edited("privacy", notices.privacy(), flaws),
    }
    return {
        path: document(titles[path], its).replace("</body>", f"{_FOOTER}{_COOKIE_BAR}</body>")
        for path, its in chapters.items()
    }


def site_app(flaws: frozenset[Flaw]) -> web.Application:
    """The application of the site."""
    shown = [
        (path, title)
        for path, title in INDEX
        if path != "/support" or PublicationFlaw.SUPPORT_UNMENTIONED not in flaws
    ]
    links = "".join(f'<li><a href="{path}">{escape(title)}</a></li>' for path, title in shown)
    app = web.Application(client_max_size=1024)
    app.router.add_get("/", _answer(page(MANUFACTURER, f"<p>Cameras for your home.</p><ul>{links}</ul>")))
    app.router.add_get("/sign-in", _answer(page("Sign in", _SIGN_IN)))
    app.router.add_get("/policy", _moved("/security"))
    barred = _barred(flaws)
    for path, whole in documents(flaws).items():
        if (answer := barred.get(path, _answer(whole))) is not None:
            app.router.add_get(path, answer)
    app.router.add_get("/.well-known/security.txt", _security_txt)
    return app


_Handler: TypeAlias = "Callable[[web.Request], Awaitable[web.StreamResponse]]"


def _barred(flaws: frozenset[Flaw]) -> dict[str, _Handler | None]:
    """What is answered instead of a document, by its path; None: nothing is there."""
    instead: dict[Flaw, tuple[str, _Handler | None]] = {
        PublicationFlaw.POLICY_BEHIND_LOGIN: ("/security", _moved("/sign-in")),
        PublicationFlaw.POLICY_BEHIND_CONSENT: ("/security", _answer(page("Security", _CONSENT))),
        PublicationFlaw.POLICY_BEHIND_FORM: ("/security", _answer(page("Security", _FORM))),
        PublicationFlaw.POLICY_GONE: ("/security", None),
        PublicationFlaw.POLICY_IN_A_CIRCLE: ("/security", _moved("/policy")),
        PublicationFlaw.POLICY_IS_START_PAGE: ("/security", _moved("/")),
        PublicationFlaw.SUPPORT_BEHIND_LOGIN: ("/support", _moved("/sign-in")),
        PublicationFlaw.SUPPORT_GONE: ("/support", None),
        GuidanceFlaw.PRIVACY_NOTICE_GONE: ("/privacy", None),
    }
    return {path: answer for flaw, (path, answer) in instead.items() if flaw in flaws}


def _answer(text: str, content_type: str = "text/html") -> _Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(text=text, content_type=content_type)

    return answer


def _moved(path: str) -> _Handler:
    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.HTTPFound(path)

    return answer


async def _security_txt(request: web.Request) -> web.StreamResponse:
    return web.Response(text=_SECURITY_TXT.format(site=f"https://{request.host}"), content_type="text/plain")
