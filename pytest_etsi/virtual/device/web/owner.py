"""The part of the web interface with which the owner looks after the camera: settings, updates, data, service."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any, Protocol

from aiohttp import web

from pytest_etsi.virtual.device import errors, setup_check
from pytest_etsi.virtual.device.web import pages
from pytest_etsi.virtual.device.web.answers import form_texts, html, in_words, json_object
from pytest_etsi.virtual.flaws import ConsentFlaw, DecisionFlaw, ErasureFlaw

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.virtual.device.core import Core, Session
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["OwnerPages", "Service", "account_page"]

ERASED = "The service data of this camera have been erased."

_POSTPONE = datetime.timedelta(days=7)


class Service(Protocol):
    """The way to the cloud service."""

    def wake(self) -> None:
        """Report at once."""

    async def erase(self) -> None:
        """Have the data of this camera erased; raises `errors.ServiceError`."""


def account_page(
    core: Core, session: Session, note: str = "", refusal: errors.CameraError | None = None
) -> web.Response:
    """The page "Account" with a note at the top; with the status of `refusal`, if there is one."""
    page = pages.account(
        session.username,
        session.role,
        note,
        settings=core.settings(),
        connector_s=core.upkeep.connector_s,
        flaws=core.flaws,
    )
    return html(page, refusal.status, refusal.headers()) if refusal else html(page)


class OwnerPages:
    """Pages and API.

    Args:
        core: decides.
        service: the way to the cloud service.
        session: the session of a request.
        log: takes one line for the device's log.
        flaws: the weaknesses to show.
    """

    def __init__(
        self,
        core: Core,
        service: Service,
        session: Callable[[web.Request], Session],
        log: Callable[[str], None],
        flaws: frozenset[Flaw] = frozenset(),
    ) -> None:
        self._flaws = flaws
        self._core = core
        self._service = service
        self._session = session
        self._log = log

    def add_to(self, app: web.Application) -> None:
        """Answer the addresses of this part."""
        app.router.add_get("/check", self.check_page)
        app.router.add_post("/account/updates", self.updates_form)
        app.router.add_post("/account/postpone", self.postpone_form)
        app.router.add_post("/account/diagnostics", self.diagnostics_form)
        app.router.add_post("/account/reports", self.reports_form)
        app.router.add_post("/account/erase", self.erase_form)
        app.router.add_post("/account/connector", self.connector_form)
        app.router.add_get("/api/settings", self.api_settings)
        app.router.add_put("/api/settings", self.api_change_settings)
        app.router.add_get("/api/updates", self.api_updates)
        app.router.add_get("/api/check", self.api_check)
        app.router.add_delete("/api/service-data", self.api_erase)
        app.router.add_put("/api/connector", self.api_connector)

    async def check_page(self, request: web.Request) -> web.Response:
        """The page "Check"; the owner only."""
        session = self._session(request)
        return html(pages.check(session.username, self._points(session)))

    async def updates_form(self, request: web.Request) -> web.Response:
        """Whether updates are installed automatically, and whether the page "Live" tells of them."""
        return await self._boxes_form(
            request, "The update settings have been saved.", "automatic_updates", "update_notifications"
        )

    async def postpone_form(self, request: web.Request) -> web.Response:
        """Postpone updates by a week from today."""
        until = (self._core.upkeep.today() + _POSTPONE).isoformat()
        return self._save(
            self._session(request),
            {"postpone_updates_until": until},
            f"Updates have been postponed until {until}.",
        )

    async def diagnostics_form(self, request: web.Request) -> web.Response:
        """Agree that diagnostics are sent, or withdraw."""
        return await self._boxes_form(request, "Your choice has been saved.", "diagnostics")

    async def reports_form(self, request: web.Request) -> web.Response:
        """Whether the camera reports to the cloud service."""
        return await self._boxes_form(request, "The report setting has been saved.", "reports")

    async def erase_form(self, request: web.Request) -> web.Response:
        """Have the service data erased, and say so."""
        session = self._session(request)
        try:
            await self._erase(session)
        except errors.CameraError as refusal:
            return account_page(self._core, session, in_words(refusal), refusal)
        told = "" if ErasureFlaw.ERASURE_UNCONFIRMED in self._flaws else ERASED
        return account_page(self._core, session, told)

    async def _erase(self, session: Session) -> None:
        """Have the service data erased, unless a flaw stands in the way."""
        self._core.require_owner(session)
        if ErasureFlaw.ERASURE_ASKS_MORE in self._flaws:
            raise errors.ForbiddenError("write to us first, and type in here what we answer")
        try:
            await self._service.erase()
        except errors.ServiceError:
            if ErasureFlaw.CONFIRMS_FAILURE not in self._flaws:
                raise

    async def connector_form(self, request: web.Request) -> web.Response:
        """Open the service connector, or close it when it is open."""
        session = self._session(request)
        self._switch_connector(session, wanted=not self._core.upkeep.connector_s)
        return account_page(self._core, session)

    async def _boxes_form(self, request: web.Request, done: str, *names: str) -> web.Response:
        session = self._session(request)
        texts = await form_texts(request, *names)
        changes = {name: text == "on" for name, text in zip(names, texts, strict=True)}
        return self._save(session, changes, done)

    def _save(self, session: Session, changes: dict[str, Any], done: str) -> web.Response:
        try:
            self._change(session, changes)
        except errors.CameraError as refusal:
            return account_page(self._core, session, in_words(refusal), refusal)
        return account_page(self._core, session, done)

    async def api_settings(self, request: web.Request) -> web.Response:
        """The settings."""
        self._session(request)
        settings = self._core.settings()
        if ConsentFlaw.CONSENT_NOT_SHOWN in self._flaws:
            settings["diagnostics"] = False
        return web.json_response(settings)

    async def api_change_settings(self, request: web.Request) -> web.Response:
        """Other settings; the owner only."""
        session = self._session(request)
        return web.json_response(self._change(session, await json_object(request)))

    async def api_updates(self, request: web.Request) -> web.Response:
        """What is installed, what is offered, and what becomes of it."""
        self._session(request)
        return web.json_response(self._core.upkeep.status(self._core.settings()))

    async def api_check(self, request: web.Request) -> web.Response:
        """What the page "Check" shows; the owner only."""
        found = self._points(self._session(request))
        return web.json_response(
            {
                "secure": all(point.good is not False for point in found),
                "points": [{"what": point.what, "good": point.good, "text": point.text} for point in found],
            }
        )

    async def api_erase(self, request: web.Request) -> web.Response:
        """Have the service data erased; the owner only."""
        self._core.require_owner(self._session(request))
        await self._service.erase()
        return web.json_response({"erased": True, "confirmation": ERASED})

    async def api_connector(self, request: web.Request) -> web.Response:
        """Open or close the service connector; the owner only.

        Raises:
            errors.MalformedError: the request does not say which.
            errors.ForbiddenError: it is not the owner's session.
        """
        session = self._session(request)
        wanted = (await json_object(request)).get("open")
        if not isinstance(wanted, bool):
            raise errors.MalformedError("expected true or false as 'open'")
        self._switch_connector(session, wanted=wanted)
        return web.json_response({"open": wanted, "seconds": round(self._core.upkeep.connector_s)})

    def _change(self, session: Session, changes: dict[str, Any]) -> dict[str, Any]:
        settings = self._core.change_settings(session, changes)
        self._service.wake()
        return settings

    def _switch_connector(self, session: Session, *, wanted: bool) -> None:
        self._core.require_owner(session)
        self._core.open_connector(wanted=wanted)
        self._log(f"service connector: {'open' if wanted else 'closed'}")

    def _points(self, session: Session) -> tuple[setup_check.Point, ...]:
        viewers = self._core.viewers(session)
        upkeep = self._core.upkeep
        if DecisionFlaw.CHECK_ALWAYS_CONTENT in self._flaws:
            return ()
        found = setup_check.points(
            self._core.settings(), viewers, connector_open=upkeep.connector_s > 0, today=upkeep.today()
        )
        if DecisionFlaw.CHECK_NEVER_CONTENT in self._flaws:
            return (*found, setup_check.Point("Camera", good=False, text="Something may be wrong."))
        return found
