"""The camera's web interface: pages for people and an API for apps, behind one login."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aiohttp import web

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.lockout import Lockout
from pytest_etsi.virtual.device.web import pages
from pytest_etsi.virtual.device.web.answers import (
    basic_credentials,
    challenge,
    form_texts,
    html,
    in_words,
    json_object,
    picture,
    see_other,
    text_of,
)
from pytest_etsi.virtual.device.web.backup import add_backups
from pytest_etsi.virtual.device.web.disclosure import tell_too_much
from pytest_etsi.virtual.device.web.owner import OwnerPages, account_page
from pytest_etsi.virtual.device.web.strays import add_second_login, add_stray_pages
from pytest_etsi.virtual.device.web.unchecked import Unchecked, lines_of_path
from pytest_etsi.virtual.device.web.unguarded import Unguarded
from pytest_etsi.virtual.flaws import (
    AccessFlaw,
    DecisionFlaw,
    ErasureFlaw,
    Flaw,
    GuessingFlaw,
    InputFlaw,
    LoginFlaw,
    PublicationFlaw,
)

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Awaitable, Callable, Mapping

    from pytest_etsi.virtual.device.core import Core, Session
    from pytest_etsi.virtual.device.web.owner import Service

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

__all__ = ["COOKIE", "device_app", "redirect_app"]

COOKIE = "session"

_MAX_BODY = 16 * 1024
_MOST_SOURCES = 64
"""Addresses that headers name, of which wrong passwords are counted at a time."""
_HEADERS = {
    "Server": "ExampleCam",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; form-action 'self'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def device_app(
    core: Core,
    device: Mapping[str, str],
    *,
    service: Service,
    flaws: frozenset[Flaw],
    secure: bool,
    log: Callable[[str], None],
    crash: Callable[[], None] = lambda: None,
) -> web.Application:
    """The application of the device.

    Args:
        core: decides.
        device: what ``GET /api/device`` tells.
        service: the way to the cloud service.
        flaws: the weaknesses to show.
        secure: served over TLS; then the session's cookie is kept off plain HTTP.
        log: takes one line for the device's log; never a password.
        crash: ends the web server; only flaws do it.
    """
    app = _Site(core, device, service, flaws=flaws, secure=secure, log=log).app()
    Unchecked(core, flaws, crash).add_to(app)
    if InputFlaw.FORGEABLE_REQUESTS in flaws:
        app.router.add_route("OPTIONS", "/{path:.*}", _preflight)
        app.on_response_prepare.append(_let_every_origin_in)
    return app


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204)


async def _let_every_origin_in(request: web.Request, response: web.StreamResponse) -> None:
    if origin := request.headers.get("Origin"):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Credentials"] = "true"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, PUT, DELETE"
        response.headers["Access-Control-Allow-Headers"] = "content-type"


def describe(app: web.Application, description: str) -> None:
    """Let an application give the description of the device to which searches lead."""

    async def give(_request: web.Request) -> web.Response:
        return web.Response(text=description, content_type="text/xml")

    app.router.add_get("/description.xml", give)


def redirect_app(
    https_url: str, description: str = "", flaws: frozenset[Flaw] = frozenset()
) -> web.Application:
    """The application of the HTTP port: every request is sent on to HTTPS, but for the description of the device."""

    async def redirect(request: web.Request) -> web.StreamResponse:
        further = lines_of_path(request) if InputFlaw.HEADER_INJECTION in flaws else {}
        # The own address, not the Host header: that one is whatever the client made of it.
        return web.Response(status=301, headers={"Location": https_url + request.path_qs, **further})

    app = web.Application(client_max_size=_MAX_BODY)
    app.on_response_prepare.append(_add_headers)
    if description:
        describe(app, description)
    add_second_login(app, flaws)
    # Decoded line ends match a flaw's pattern only.
    app.router.add_route(
        "*", r"/{path:[\s\S]*}" if InputFlaw.HEADER_INJECTION in flaws else "/{path:.*}", redirect
    )
    return app


async def _add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    # Assigned, not defaulted: the library has put its own name and version into "Server" by now.
    response.headers.update(_HEADERS)


class _Site:
    def __init__(
        self,
        core: Core,
        device: Mapping[str, str],
        service: Service,
        *,
        flaws: frozenset[Flaw],
        secure: bool,
        log: Callable[[str], None],
    ) -> None:
        self._core = core
        self._device = dict(device)
        self._service = service
        self._flaws = flaws
        self._secure = secure
        self._log = log
        self._same_site = "None" if InputFlaw.FORGEABLE_REQUESTS in flaws else "Strict"
        self._unguarded = Unguarded(core, flaws)
        self._connections: WeakKeyDictionary[asyncio.Transport, Lockout] = WeakKeyDictionary()
        self._sources: dict[str, Lockout] = {}

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._refusals], client_max_size=_MAX_BODY)
        app.on_response_prepare.append(_add_headers)
        app.router.add_get("/", self.home)
        app.router.add_get("/style.css", self.style)
        app.router.add_get("/login", self.login_page)
        app.router.add_post("/login", self.login_form)
        app.router.add_post("/logout", self.logout_form)
        app.router.add_get("/setup", self.setup_page)
        app.router.add_post("/setup", self.setup_form)
        app.router.add_get("/account", self.account_page)
        app.router.add_post("/account/password", self.password_form)
        app.router.add_post("/account/stream-password", self.stream_password_form)
        app.router.add_get("/stream", self.stream)
        app.router.add_get("/api/info", self.api_info)
        app.router.add_get("/api/setup", self.api_setup_state)
        app.router.add_post("/api/setup", self.api_setup)
        app.router.add_post("/api/login", self.api_login)
        app.router.add_get("/api/session", self.api_session)
        app.router.add_delete("/api/session", self.api_logout)
        app.router.add_get("/api/device", self.api_device)
        app.router.add_get("/api/snapshot", self.api_snapshot)
        app.router.add_post("/api/password", self.api_password)
        app.router.add_post("/api/stream-password", self.api_stream_password)
        app.router.add_get("/api/users", self.api_users)
        app.router.add_post("/api/users", self.api_add_user)
        app.router.add_delete("/api/users/{username}", self.api_remove_user)
        OwnerPages(self._core, self._service, self._session, self._log, self._flaws).add_to(app)
        self._unguarded.add_to(app)
        tell_too_much(app, self._flaws)
        add_stray_pages(app, self._flaws)
        add_backups(app, self._session, self._flaws)
        return app

    # What all requests share --------------------------------------------------------------------------------

    @web.middleware
    async def _refusals(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        api = request.path.startswith("/api/")
        try:
            return await handler(request)
        except errors.CameraError as refusal:
            if not isinstance(refusal, errors.UnauthenticatedError):
                # The path as it came, still encoded: decoded it may hold line ends.
                path = request.rel_url.raw_path[:80]
                self._log(f"web: {request.method} {path}: {refusal.status} {refusal.text}")
            if api:
                return web.json_response(refusal.to_json(), status=refusal.status, headers=refusal.headers())
            if isinstance(refusal, errors.UnauthenticatedError):
                return see_other("/login")
            if isinstance(refusal, errors.SetupRequiredError):
                return html(pages.message("Not set up yet", "Open the start page to set up the camera."), 403)
            return html(pages.message("Not possible", in_words(refusal)), refusal.status, refusal.headers())
        except web.HTTPException as answer:
            if api and answer.status >= 400:
                return web.json_response(
                    {"error": answer.reason.lower()},
                    status=answer.status,
                    headers={name: answer.headers[name] for name in ("Allow",) if name in answer.headers},
                )
            raise

    def _session(self, request: web.Request) -> Session:
        if let_in := self._unguarded.session(request):
            return let_in
        if LoginFlaw.FORM_PASSWORD_BY_BASIC in self._flaws and (given := basic_credentials(request)):
            return self._login(request, *given)
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._core.session(token.strip() if kind.lower() == "bearer" else request.cookies.get(COOKIE))

    def _login(self, request: web.Request, username: str, password: str) -> Session:
        return self._core.login(username, password, connection=self._connection(request))

    def _connection(self, request: web.Request) -> Lockout | None:
        if GuessingFlaw.LOCKOUT_PER_SOURCE in self._flaws and request.remote:
            return self._sources.setdefault(request.remote, Lockout(self._core.web_policy, time.time))
        claimed = request.headers.get("X-Forwarded-For", "")
        if GuessingFlaw.LOCKOUT_BELIEVES_HEADERS in self._flaws and claimed:
            if len(self._sources) >= _MOST_SOURCES:
                self._sources.clear()
            return self._sources.setdefault(claimed, Lockout(self._core.web_policy, time.time))
        if GuessingFlaw.LOCKOUT_PER_CONNECTION not in self._flaws or request.transport is None:
            return None
        lockout = self._connections.get(request.transport)
        if lockout is None:
            lockout = self._connections[request.transport] = Lockout(self._core.web_policy, time.time)
        return lockout

    # Pages --------------------------------------------------------------------------------------------------

    async def home(self, request: web.Request) -> web.Response:
        if self._core.state == "factory-default":
            return html(pages.setup(flaws=self._flaws))
        try:
            session = self._session(request)
        except errors.UnauthenticatedError:
            return html(pages.login())
        notice = self._core.upkeep.notice(self._core.settings())
        name = self._core.settings()["name"] if InputFlaw.STORED_MARKUP in self._flaws else ""
        device = {**self._device, "software": self._core.upkeep.installed} | _called(self._flaws)
        return html(pages.home(session.username, device, notice, name))

    async def style(self, _request: web.Request) -> web.Response:
        return web.Response(text=pages.STYLE, content_type="text/css")

    async def login_page(self, _request: web.Request) -> web.Response:
        if self._core.state == "factory-default":
            raise errors.SetupRequiredError
        return html(pages.login())

    async def login_form(self, request: web.Request) -> web.Response:
        username, password = await form_texts(request, "username", "password")
        try:
            session = self._login(request, username, password)
        except (errors.WrongPasswordError, errors.LockedError) as refusal:
            self._log(f"web: login refused: {refusal.text}")
            return html(pages.login(in_words(refusal)), refusal.status, refusal.headers())
        response = see_other("/")
        response.set_cookie(
            COOKIE, session.token, httponly=True, samesite=self._same_site, secure=self._secure, path="/"
        )
        return response

    async def logout_form(self, request: web.Request) -> web.Response:
        self._core.logout(self._session(request))
        response = see_other("/login")
        response.del_cookie(COOKIE, path="/")
        return response

    async def setup_page(self, _request: web.Request) -> web.Response:
        if self._core.state != "factory-default" and AccessFlaw.SETUP_AGAIN not in self._flaws:
            return see_other("/")
        return html(pages.setup(flaws=self._flaws))

    async def setup_form(self, request: web.Request) -> web.Response:
        (password,) = await form_texts(request, "password")
        try:
            self._core.setup(password)
        except errors.RejectedError as refusal:
            return html(pages.setup(in_words(refusal), self._flaws), refusal.status)
        return see_other("/login")

    async def account_page(self, request: web.Request) -> web.Response:
        return account_page(self._core, self._session(request))

    async def password_form(self, request: web.Request) -> web.Response:
        return await self._change_form(
            request, self._core.change_password, "The web password has been changed."
        )

    async def stream_password_form(self, request: web.Request) -> web.Response:
        change = self._core.change_stream_password
        return await self._change_form(request, change, "The stream password has been changed.")

    async def _change_form(
        self, request: web.Request, change: Callable[[Session, str, str], None], done: str
    ) -> web.Response:
        session = self._session(request)
        old, new = await form_texts(request, "old", "new")
        try:
            change(session, old, new)
        except errors.CameraError as refusal:
            return account_page(self._core, session, in_words(refusal), refusal)
        return account_page(self._core, session, done)

    async def stream(self, request: web.Request) -> web.Response:
        credentials = basic_credentials(request)
        if self._core.state == "factory-default":
            raise errors.SetupRequiredError
        if credentials is None:
            return challenge()
        try:
            self._core.check_stream(*credentials)
        except errors.WrongPasswordError:
            self._log("stream: wrong password")
            return challenge()
        return picture()

    # API ----------------------------------------------------------------------------------------------------

    async def api_info(self, _request: web.Request) -> web.Response:
        return web.json_response({"product": "camera"})

    async def api_setup_state(self, _request: web.Request) -> web.Response:
        return web.json_response({"state": self._core.state})

    async def api_setup(self, request: web.Request) -> web.Response:
        body = await json_object(request)
        skip = body.get("skip") is True
        self._core.setup("" if skip else text_of(body, "password"), skip=skip)
        return web.json_response({"state": self._core.state})

    async def api_login(self, request: web.Request) -> web.Response:
        body = await json_object(request)
        session = self._login(request, text_of(body, "username"), text_of(body, "password"))
        return web.json_response({"token": session.token})

    async def api_session(self, request: web.Request) -> web.Response:
        session = self._session(request)
        return web.json_response({"username": session.username, "role": session.role})

    async def api_logout(self, request: web.Request) -> web.Response:
        self._core.logout(self._session(request))
        return web.Response(status=204)

    async def api_device(self, request: web.Request) -> web.Response:
        self._session(request)
        told: dict[str, object] = {"software": self._core.upkeep.installed}
        if ErasureFlaw.RESET_KEEPS_COPY in self._flaws:
            told["label"] = self._core.label
        if DecisionFlaw.MICROPHONE in self._flaws:
            told["sound_level_db"] = 41.5
        return web.json_response({**self._device, **told})

    async def api_snapshot(self, request: web.Request) -> web.Response:
        self._session(request)
        agreed = self._core.settings()["diagnostics"]
        if self._core.outages.gives_no_picture or self._core.consent.gives_no_picture(agreed):
            raise errors.ServiceError
        return picture()

    async def api_password(self, request: web.Request) -> web.Response:
        session = self._session(request)
        body = await json_object(request)
        self._core.change_password(session, text_of(body, "old"), text_of(body, "new"))
        self._log(f"web: password of {session.username} changed")
        return web.json_response({"changed": True})

    async def api_stream_password(self, request: web.Request) -> web.Response:
        session = self._session(request)
        body = await json_object(request)
        self._core.change_stream_password(session, text_of(body, "old"), text_of(body, "new"))
        self._log("stream: password changed")
        return web.json_response({"changed": True})

    async def api_users(self, request: web.Request) -> web.Response:
        session = self._session(request)
        if AccessFlaw.OWNER_REFUSED in self._flaws:
            raise errors.ForbiddenError
        if AccessFlaw.VIEWER_SEES_USERS in self._flaws:
            session = self._core.stolen_session()
        users = self._core.users(session)
        return web.json_response([{"username": name, "role": role} for name, role in users.items()])

    async def api_add_user(self, request: web.Request) -> web.Response:
        session = self._session(request)
        body = await json_object(request)
        username = text_of(body, "username")
        self._core.add_viewer(session, username, text_of(body, "password"))
        return web.json_response({"username": username, "role": "viewer"}, status=201)

    async def api_remove_user(self, request: web.Request) -> web.Response:
        self._core.remove_viewer(self._session(request), request.match_info["username"])
        return web.Response(status=204)


def _called(flaws: frozenset[Flaw]) -> dict[str, str]:
    """The name of the model on the page "Live", where a flaw makes it another."""
    if PublicationFlaw.DESIGNATION_OF_ANOTHER in flaws:
        return {"model": "ExampleCam 3"}
    if PublicationFlaw.DESIGNATION_MISSING in flaws:
        return {"model": ""}
    return {"model": "8f3a91c20d4e"} if PublicationFlaw.DESIGNATION_A_CODE in flaws else {}
