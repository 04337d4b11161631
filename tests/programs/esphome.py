"""The dashboard of ESPHome, from PyPI, at 6052.

From `esphome/dashboard/web_server.py` of version 2026.6.5:
- whoever is not logged in is led to the form at /login, which holds a one-time field (`_xsrf`); a wrong password gets the
  form again with 401, the right one a signed cookie and 302;
- each request may carry the same credential by HTTP Basic, which nothing asks for;
- nothing counts wrong passwords, and nothing slows them down;
- its multicast DNS at 5353 asks for devices and has nothing to tell.
"""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

from tests.programs.program import (
    ADDRESS,
    FOUND,
    PASSWORD,
    USER,
    Documents,
    Program,
    installed,
    login,
    of_login,
    service,
    usual,
)

if TYPE_CHECKING:
    from tests.started import Started

_DASHBOARD, _DISCOVERY = "Dashboard", "Discovery"
_LOGIN, _BASIC = "Form-login", "Basic-login"
_URL = f"http://{ADDRESS}:6052"


def _start(started: Started) -> None:
    place = started.directory / "configuration"
    place.mkdir()
    command = [installed("esphome", "bin", "esphome"), "dashboard", "--address", ADDRESS, "--port", "6052"]
    started.start("esphome", [*command, "--username", USER, "--password", PASSWORD, str(place)])


def _version(package: str) -> str:
    ask = f"import importlib.metadata; print(importlib.metadata.version({package!r}))"
    command = [installed("esphome", "bin", "python"), "-c", ask]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()


def _documents() -> Documents:
    server = f"TornadoServer/{_version('tornado')}"
    prose = "None."
    software = _version("esphome")
    return Documents(
        model="Dashboard",
        software=software,
        tables={
            "1-AuthMech": [
                login(
                    _LOGIN,
                    "6052/tcp",
                    prose=prose,
                    access={
                        "driver": "https-form",
                        "url": f"{_URL}/login",
                        "protected_url": f"{_URL}/devices",
                        "guess_budget": 20,
                    },
                ),
                login(
                    _BASIC,
                    "6052/tcp",
                    prose=prose,
                    access={"driver": "http-basic", "url": f"{_URL}/devices", "guess_budget": 20},
                ),
            ],
            "12-NetSecImpl": [
                {
                    "ID": "Tornado",
                    "Description": server,
                    "facts": {
                        "name": "TornadoServer",
                        "version": _version("tornado"),
                        "method": "public-review",
                    },
                }
            ],
            "13-SoftServ": [
                service(
                    _DASHBOARD,
                    "6052/tcp",
                    _LOGIN,
                    [{"url": f"{_URL}/{path}"} for path in ("devices", "version")],
                ),
            ],
        },
        interfaces={
            _DASHBOARD: (["6052/tcp"], "http", ["Login - ESPHome", f"{software} Documentation", server]),
            _DISCOVERY: (["5353/udp"], "mdns", []),
        },
        access={
            "identity": {
                "url": f"{_URL}/",
                "session_of": _LOGIN,
                "patterns": {"software": r'version="([\d.]+)"'},
            }
        },
        permissions=("brute-force", "change-credentials"),
    )


ESPHOME = Program(
    name="esphome",
    needs=("esphome", "bin", "esphome"),
    places=("6052/tcp", "5353/udp"),
    start=_start,
    documents=_documents,
    expected={
        **usual((_LOGIN,), (_DASHBOARD,), (_DASHBOARD, _DISCOVERY)),
        **of_login(_BASIC),
        ("5.1-1-2/b", _BASIC): "INCONCLUSIVE permission",
        (
            "5.5-2-2/a",
            "Tornado",
        ): "INCONCLUSIVE information",  # the page tells it, and the silent port might tell another
        # No prevention is documented, which is a deviation on paper, and none acts, as documented.
        **{("5.1-5-1/a", entry): "FAIL" for entry in (_LOGIN, _BASIC)},
        **{("5.1-5-2/b", entry): "INCONCLUSIVE information" for entry in (_LOGIN, _BASIC)},
        # Nothing answers a question at 5353, so that nothing can be said of what is there.
        ("5.5-1-2/a", _DISCOVERY): "INCONCLUSIVE access",
        ("5.6-1-2/a", _DISCOVERY): "INCONCLUSIVE information",
        ("5.6-2-2/a", _DISCOVERY): "INCONCLUSIVE judgement",
        ("5.6-2-2/a", _DASHBOARD): "INCONCLUSIVE judgement",  # its one-time field is another value each time
    },
    expected_without=FOUND,
)
