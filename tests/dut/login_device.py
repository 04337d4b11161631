"""A small device with a login that can be told to behave in many ways, good and bad; and a profile of it."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

import yaml
from aiohttp import web

from pytest_etsi.dut.observe.brute_force import REAL_CLOCK
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aiohttp.web_protocol import RequestHandler

    from pytest_etsi.dut import Dut
    from pytest_etsi.dut.observe.brute_force import Clock
    from pytest_etsi.dut.reach.auth import Attempt

OWNER = "owner"
PASSWORD = "Owner-Password-1"
LIMIT = 3
LOCK_S = 1.0

_LOCKED_PAGES = {
    "423": (423, "locked", {"Retry-After": "1"}),
    "429": (429, "slow down", {}),
    "403": (403, "this account is locked for a while", {}),
    "page": (200, "<p>Too many attempts. Wait a moment.</p>", {}),
    "silent": (401, "wrong user name or password", {}),
}


class HastenedClock:
    """The real time, in which nobody waits: what is slept is added to it instead."""

    def __init__(self) -> None:
        self._slept = 0.0

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic() + self._slept

    def sleep(self, seconds: float, /) -> None:
        """Let so many seconds have passed, at once."""
        self._slept += seconds


class LoginDevice:
    """The device; every attribute may be changed while it runs.

    Attributes:
        locks: wrong passwords in a row until it locks; 0: never.
        lock_s: seconds of a lock.
        shown: how it shows a lock, a key of `_LOCKED_PAGES`; "close": by closing the connection.
        refusal: status of a refused login.
        per_source: counts per source address, not per account.
        any_case: knows the owner in any spelling, and counts for each.
        believes: counts per source address, and believes in headers what that is.
        takes_any: accepts every password.
        open: the protected resource needs no login.
        bound: a login lets in its connection, whatever comes on it.
        connections: how many were made to it.
        change: how it answers a change: "made", "refused", "lies" (says so only), "closes" (makes it, says nothing),
            "keeps-old" (the old password goes on working), "strict" (wants a special character).
        protected_page: what the protected resource answers without a session.
        varying: refusals redirect to a different place each time.
        waits: Retry-After of a lock, in place of the usual one.
        guarded: says who it is only to somebody who is logged in.
        clock: by which its locks end.
    """

    def __init__(self) -> None:
        self.passwords = {PASSWORD}
        self.locks, self.lock_s, self.shown, self.refusal = LIMIT, LOCK_S, "423", 401
        self.per_source = self.any_case = self.believes = self.takes_any = self.open = self.varying = (
            self.guarded
        ) = self.bound = False
        self.connections = 0
        self._let_in: set[asyncio.BaseTransport | None] = set()
        self.change = "made"
        self.protected_broken = 0
        self.initialized = True
        self.skippable = False
        self.reset_works = True
        self.crash_after = 0
        self.waits = ""
        self.clock: Clock = REAL_CLOCK
        self.identity: dict[str, Any] = {"model": "Lamp", "serial": "L-1"}
        self.attempts: list[str] = []
        self.wrong: dict[str, int] = {}
        self.until: dict[str, float] = {}
        self.sessions: set[str] = set()
        self.base = ""

    @contextlib.contextmanager
    def running(self) -> Iterator[LoginDevice]:
        """Serve on a free port of the loopback interface, in a thread."""
        ready = threading.Event()
        running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

        async def serve() -> None:
            runner = web.AppRunner(self._app(), access_log=None)
            await runner.setup()
            answering = runner.server
            assert answering is not None
            connections: list[RequestHandler[web.Request]] = []

            def connected() -> RequestHandler[web.Request]:
                connections.append(answering())
                self.connections += 1
                return connections[-1]

            loop, stopped = asyncio.get_running_loop(), asyncio.Event()
            server = await loop.create_server(connected, "127.0.0.1", 0)
            self.base = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            running.append((loop, stopped))
            ready.set()
            await stopped.wait()
            loop.remove_reader(server.sockets[0].fileno())  # nothing more is accepted
            await _ended(connections)
            server.close()
            await runner.cleanup()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert ready.wait(60)
        loop, stopped = running[0]
        try:
            yield self
        finally:
            loop.call_soon_threadsafe(stopped.set)
            thread.join(60)
        assert not thread.is_alive()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.base.rpartition(":")[2])

    def _app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/login", self._login)
        app.router.add_get("/private", self._private)
        app.router.add_get("/basic", self._basic)
        app.router.add_post("/password", self._password)
        app.router.add_post("/setup", self._setup)
        app.router.add_post("/reset", self._reset)
        app.router.add_get("/identity", self._identity)
        return app

    def _judge(self, request: web.Request, username: str, password: str) -> web.Response | None:
        """The refusal; None: let in."""
        self.attempts.append(password)
        if self.crash_after and len(self.attempts) > self.crash_after:
            request.transport.close()
            return web.Response(status=500)
        if self.takes_any:
            return None
        counter = str(request.remote) if self.per_source or self.believes else username
        if self.any_case and username.lower() != OWNER:
            return web.Response(status=self.refusal, text="wrong user name or password")
        if self.believes:
            counter = request.headers.get("X-Forwarded-For", counter)
        if self.clock.monotonic() < self.until.get(counter, 0.0):
            return self._locked(request)
        if password in self.passwords and self.initialized and (self.any_case or username == OWNER):
            self.wrong[counter] = 0
            return None
        self.wrong[counter] = self.wrong.get(counter, 0) + 1
        if self.locks and self.wrong[counter] >= self.locks:
            self.wrong[counter] = 0
            self.until[counter] = self.clock.monotonic() + self.lock_s
        headers = {"Location": f"/login?again={len(self.attempts):x}z{'ab' * (len(self.attempts) % 5)}"}
        return web.Response(
            status=302 if self.varying else self.refusal,
            text="wrong user name or password",
            headers=headers if self.varying else {},
        )

    def _locked(self, request: web.Request) -> web.Response:
        if self.shown == "close":
            request.transport.close()
            return web.Response(status=500)
        status, text, headers = _LOCKED_PAGES[self.shown]
        if self.waits:
            headers = {"Retry-After": self.waits}
        return web.Response(status=status, text=text, headers=headers)

    async def _login(self, request: web.Request) -> web.Response:
        form = await request.post()
        refusal = self._judge(request, str(form["username"]), str(form["password"]))
        if refusal is not None:
            return refusal
        session = f"s{len(self.attempts)}"
        self.sessions.add(session)
        self._let_in.add(request.transport)
        answer = web.Response(text="welcome")
        answer.set_cookie("session", session)
        return answer

    async def _private(self, request: web.Request) -> web.Response:
        if self.protected_broken:
            if self.protected_broken == 1:
                request.transport.close()
            return web.Response(status=502)
        let_in = self.bound and request.transport in self._let_in
        if self.open or let_in or request.cookies.get("session") in self.sessions:
            return web.json_response({"private": True})
        return web.Response(status=401)

    async def _basic(self, request: web.Request) -> web.Response:
        kind, _, encoded = request.headers.get("Authorization", "").partition(" ")
        if self.open:
            return web.Response(text="picture")
        challenge = {"WWW-Authenticate": 'Basic realm="lamp"'}
        if kind != "Basic":
            return web.Response(status=401, headers=challenge)
        username, _, password = base64.b64decode(encoded).decode().partition(":")
        refusal = self._judge(request, username, password)
        return web.Response(text="picture") if refusal is None else refusal

    async def _password(self, request: web.Request) -> web.Response:
        if not self._entered(request):
            return web.Response(status=401)
        body = await request.json()
        if self.change == "refused" or (self.change == "strict" and body["new"].isalnum()):
            return web.Response(status=422)
        if self.change == "lies":
            return web.Response()
        if self.change != "keeps-old":
            self.passwords.discard(body["old"])
        self.passwords.add(body["new"])
        if self.change == "closes":
            request.transport.close()
        return web.Response()

    async def _setup(self, request: web.Request) -> web.Response:
        body = await request.json()
        password = body.get("password")
        if self.initialized:
            return web.Response(status=409)
        if not password and not self.skippable:
            return web.Response(status=422)
        self.initialized = True
        self.passwords = {password or ""}
        return web.Response()

    async def _reset(self, _: web.Request) -> web.Response:
        if self.reset_works:
            self.initialized = False
            self.wrong, self.until, self.sessions = {}, {}, set()
        return web.Response()

    def _entered(self, request: web.Request) -> bool:
        """Whether the request shows a session, or the password itself (Basic)."""
        basic = [base64.b64encode(f"{OWNER}:{password}".encode()).decode() for password in self.passwords]
        shown = request.headers.get("Authorization", "").removeprefix("Basic ")
        return request.cookies.get("session") in self.sessions or shown in basic

    async def _identity(self, request: web.Request) -> web.Response:
        if self.guarded and not self._entered(request):
            return web.Response(status=401)
        return web.json_response(self.identity)


async def _ended(connections: Sequence[RequestHandler[web.Request]]) -> None:
    """Break every connection, also one that is just being accepted, and wait until each is lost and nothing goes on.

    Called before the server is closed: a connection that is accepted while it closes finds no server to belong to and is
    never let go, and `AppRunner.cleanup` waits a minute for the next request of one that was made in the same round of the
    loop.
    """
    here = {asyncio.current_task()}
    while asyncio.all_tasks() - here or any(one.transport for one in connections):
        for connection in connections:
            if isinstance(connection.transport, asyncio.Transport):
                connection.transport.abort()
        await asyncio.sleep(0)


def profile_of(
    directory: Path,
    device: LoginDevice,
    *,
    facts: dict[str, Any] | None = None,
    login: dict[str, Any] | None = None,
    access: dict[str, Any] | None = None,
    **changes: Any,
) -> Profile:
    """A profile of the device with one entry of 1-AuthMech, "web", through a file as any other."""
    catalogue = edition("1.1.1")
    entry = {
        "ID": "web",
        "Description": "Login of the owner.",
        "facts": {
            "subject": "user",
            "interface": "network",
            "endpoint": f"{device.port}/tcp",
            "factors": ["password"],
            "brute_force": {"max_attempts": LIMIT, "lockout_s": LOCK_S, "scope": "account"},
        }
        | (facts or {}),
        "access": {
            "driver": "https-form",
            "url": f"{device.base}/login",
            "username": OWNER,
            "password": PASSWORD,
            "protected_url": f"{device.base}/private",
            "guess_budget": 12,
            "change": {"url": f"{device.base}/password", "json": {"old": "{old}", "new": "{new}"}},
            "first_start": {"url": f"{device.base}/setup", "json": {"password": "{password}"}},
        }
        | (login or {}),
    }
    content = {
        "format": 1,
        "name": "lamp",
        "edition": "1.1.1",
        "dut": {
            "manufacturer": "Example",
            "model": "Lamp",
            "hardware": "A",
            "software": "1.0",
            "serial": "L-1",
        },
        "ics": {},
        "ixit": {table.id: {} if table.single else [] for table in catalogue.tables}
        | {"1-AuthMech": [entry]},
        "judgements": [],
        "permissions": ["brute-force", "change-credentials", "erase", "outage"],
        "access": {
            "network": {
                "hosts": ["127.0.0.1"],
                "ports": str(device.port),
                "ports_because": "the address is shared",
            },
            "identity": {
                "url": f"{device.base}/identity",
                "fields": {"model": "model", "serial": "serial"},
            },
            "operations": {
                "factory-reset": {"kind": "http", "url": f"{device.base}/reset", "expect": [200]},
            },
        }
        | (access or {}),
    } | changes
    path = directory / "lamp.yaml"
    path.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return load_profile(path)


def attempt_at(dut: Dut, password: str = PASSWORD) -> Attempt:
    """One attempt to log in by the profile's entry."""
    session = dut.driver(dut.profile.ixit.auth_mech[0]).connect()
    try:
        return session.attempt(OWNER, password)
    finally:
        session.close()
