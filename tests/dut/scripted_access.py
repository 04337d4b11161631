"""A device of which every answer over HTTP is scripted, for observers of access: no connection is made.

`ScriptedDevice` stands for the core that observers get; it has only what `observe_access` asks of it.
"""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
from login_device import LoginDevice, profile_of

from pytest_etsi.dut.observe.access.functions import observe_access
from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.dut.reach.auth.http import HttpSession
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pytest_etsi.dut.observe.access.model import AccessObservation

BASE = "http://192.0.2.7"
OWNER, GUEST = "owner-token", "guest-token"


class _Session(HttpSession):
    """A session that is logged in already."""

    def __init__(self, client: httpx.Client) -> None:
        self.client = client


class ScriptedDevice:
    """Gives functions to the owner only.

    Attributes:
        forgives: what it gives to anybody.
        guest_may: what it gives to the second account.
        ends_sessions: whether a session is over after /logout.
        logout_status: what it answers to /logout; None: it breaks the connection.
        broken: where it breaks the connection.
        lacks: what it does not have, for nobody.
        statuses: what it answers in place of a refusal, by path.
        takes_any_name: the owner's password opens under any name.
        failing: kinds of login that do not work: "login", "second_login".
        asked: method, path and token of every request.
    """

    def __init__(self) -> None:
        self.forgives: set[str] = set()
        self.guest_may: set[str] = set()
        self.ends_sessions = True
        self.logout_status: int | None = 204
        self.broken: set[str] = set()
        self.lacks: set[str] = set()
        self.statuses: dict[str, int] = {}
        self.takes_any_name = False
        self.failing: set[str] = set()
        self.asked: list[tuple[str, str, str]] = []
        self.permissions = ("change-credentials",)
        self.recorder = SimpleNamespace(observed=lambda *_: None)
        self.profile: Any = None
        self._over = False

    def client(self, token: str = "") -> httpx.Client:
        """A client of the device; `token`: what its login gave."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(transport=httpx.MockTransport(self._answer), headers=headers)

    @property
    def network(self) -> Any:
        """As the core has it: clients without any credential."""
        return SimpleNamespace(http=self.client)

    def login(self, _: str) -> _Session:
        """A session of the owner."""
        return self._session("login", OWNER)

    def second_login(self, _: str) -> _Session:
        """A session of the second account."""
        return self._session("second_login", GUEST)

    def credentials(self, _: object) -> tuple[str, str]:
        """The owner's."""
        return "owner", "Owner-Password-1"

    def driver(self, _: object) -> Any:
        """Tries passwords."""
        accepted = self.takes_any_name
        told = Attempt("accepted" if accepted else "refused", "HTTP 200" if accepted else "HTTP 401", 0.01)
        session = SimpleNamespace(attempt=lambda *_: told, close=lambda: None)
        return SimpleNamespace(connect=lambda: session)

    def _session(self, kind: str, token: str) -> _Session:
        if kind in self.failing:
            raise Inconclusive("the login does not work", cause=Cause.ACCESS, settle="mend it")
        self._over = False
        return _Session(self.client(token))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        path, token = request.url.path, request.headers.get("authorization", "").removeprefix("Bearer ")
        self.asked.append((request.method, path, token))
        if path in self.broken:
            raise httpx.ReadError("broken", request=request)
        if path == "/logout":
            if self.logout_status is None:
                raise httpx.ReadError("broken", request=request)
            self._over = self.ends_sessions
            return httpx.Response(self.logout_status)
        owner = token == OWNER and not self._over
        if owner and path in self.lacks:
            return httpx.Response(404, json={"error": "not found"})
        if owner or path in self.forgives or (token == GUEST and path in self.guest_may):
            return httpx.Response(200, json={"of": path})
        return httpx.Response(self.statuses.get(path, 401), json={"error": "log in"})


def observed(
    directory: Path, device: ScriptedDevice, access: Mapping[str, Any], login: Mapping[str, Any] | None = None
) -> AccessObservation:
    """Who got at the functions of an entry of 13-SoftServ.

    Args:
        directory: for the profile.
        device: the device.
        access: of the entry; what it names "web" is the mechanism.
        login: further access of the mechanism.
    """
    mechanism = {
        "ID": "web",
        "access": {"driver": "http-json", "url": f"{BASE}/login", "username": "owner"} | dict(login or {}),
    }
    tables: dict[str, Any] = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
    tables |= {"1-AuthMech": [mechanism], "13-SoftServ": [{"ID": "api", "access": dict(access)}]}
    nowhere = LoginDevice()
    nowhere.base = f"{BASE}:80"
    device.profile = profile_of(directory, nowhere, ixit=tables)
    return observe_access(device, device.profile.ixit.table("13-SoftServ")[0])  # type: ignore[arg-type]


def openapi(directory: Path, paths: Mapping[str, Any]) -> dict[str, Any]:
    """An OpenAPI document in which every operation needs a login, as an entry names it."""
    file = directory / "api.json"
    file.write_text(json.dumps({"openapi": "3.0.3", "security": [{"basic": []}], "paths": dict(paths)}))
    return {"file": str(file), "url": f"{BASE}/api", "login": "web"}
