"""Runs virtual cameras as processes of their own, as every user of them does.

Where the command line is not what is tested, they are forked from one that has imported everything.
"""

from __future__ import annotations

import json
import select
import ssl
import subprocess
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx
from forks import ForkWithPipes

if TYPE_CHECKING:
    from pathlib import Path

NEW = "quite a new sentence"
"""A password that the camera takes."""
START_S = 60.0
"""Longest wait for a camera to be ready; generous, because test machines are busy."""
STOP_S = 15.0
"""Longest wait for one to stop. What it does not close in good order within a second it leaves; a web server would wait
for a minute for its clients."""
PATIENCE = 4
"""So many times longer than on an idle machine may take what a test waits for."""


def command(name: str, *options: str) -> list[str]:
    """The command line of the virtual camera's command `name`."""
    return [sys.executable, "-m", "pytest_etsi.virtual", name, *options]


def run(name: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a command that ends by itself."""
    return subprocess.run(
        command(name, *options),
        capture_output=True,
        text=True,
        timeout=START_S,
        stdin=subprocess.DEVNULL,
        check=False,
    )


@dataclass
class Process:
    """A camera that runs."""

    state: Path
    options: tuple[str, ...] = ()
    by_command: bool = False
    values: dict[str, str] = field(default_factory=dict)
    popen: subprocess.Popen[bytes] | ForkWithPipes | None = None
    clients: list[httpx.Client] = field(default_factory=list)

    def start(self, *further: str) -> Process:
        """Start it and wait until it is ready."""
        assert self.popen is None
        options = ("--state", str(self.state), *self.options, *further)
        if self.by_command:
            self.popen = subprocess.Popen(
                command("camera", *options),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        else:
            self.popen = ForkWithPipes("camera", ["camera", *options])
        assert self.popen.stdout is not None
        readable, _, _ = select.select([self.popen.stdout], [], [], START_S)
        line = self.popen.stdout.readline() if readable else b""
        if not line:
            self.popen.kill()
            _, complaint = self.popen.communicate()
            self.popen = None
            raise AssertionError(f"the camera did not start: {complaint.decode()}")
        answer = json.loads(line)
        assert answer["ready"] is True
        self.values = answer["values"]
        return self

    def stop(self) -> tuple[int, str]:
        """End it by closing its standard input; gives exit status and what it complained about."""
        popen, self.popen = self.popen, None
        assert popen is not None
        try:
            _, complaint = popen.communicate(timeout=STOP_S)
        except subprocess.TimeoutExpired:
            popen.kill()
            popen.communicate()
            raise
        finally:
            self._close()
        return popen.returncode, complaint.decode()

    def kill(self) -> None:
        """End it as a power cut of the computer would: with SIGKILL."""
        popen, self.popen = self.popen, None
        assert popen is not None
        popen.kill()
        popen.communicate()
        self._close()

    def _close(self) -> None:
        while self.clients:
            self.clients.pop().close()

    def tls(self) -> ssl.SSLContext:
        """Trusts the camera's authority and nobody else."""
        return ssl.create_default_context(cafile=self.values["ca"])

    def client(self, url: str = "https_url", **options: Any) -> httpx.Client:
        """A client of one of the camera's addresses, named as in the values; closed when the camera ends."""
        context = self.tls()
        client = httpx.Client(
            base_url=self.values[url], verify=context, timeout=10, trust_env=False, **options
        )
        self.clients.append(client)
        return client

    def login(
        self, client: httpx.Client, password: str | None = None, username: str | None = None
    ) -> httpx.Response:
        """Log in over the API, as the owner unless told otherwise."""
        username = username or self.values["owner_username"]
        password = self.values["owner_password"] if password is None else password
        return client.post("/api/login", json={"username": username, "password": password})

    def owner(self) -> httpx.Client:
        """A client logged in as the owner."""
        return self.logged_in(self.values["owner_username"], self.values["owner_password"])

    def logged_in(self, username: str, password: str) -> httpx.Client:
        """A client logged in."""
        client = self.client()
        answer = self.login(client, password, username)
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        return client

    def bench(self, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
        """A request to the control channel, with its token."""
        headers = {"X-Control-Token": self.values["control_token"]}
        # Without TLS, so that no authorities need be read for it.
        address = self.values["control_url"]
        with httpx.Client(base_url=address, timeout=10, trust_env=False, verify=False) as client:
            return client.request(method, path, json=body, headers=headers)


def until(seconds: float, check: Any) -> bool:
    """Whether `check` becomes true within `seconds`, as an idle machine counts them."""
    end = time.monotonic() + PATIENCE * seconds
    while time.monotonic() < end:
        if check():
            return True
        time.sleep(0.05)
    return bool(check())


def never(seconds: float, check: Any) -> bool:
    """Whether `check` stays untrue for so many seconds."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return False
        time.sleep(0.05)
    return not check()
