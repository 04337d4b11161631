"""Transmission, the BitTorrent client of Debian, with its web interface and RPC at 9091, and peers at 51413.

From `rpc-server.c` of version 3.00 and its page "Editing configuration files":
- every request is asked for HTTP Basic, whatever its path; the answer 401 says how many were refused in a row;
- `anti-brute-force-enabled` counts each refused request, whoever sends it, also one without any credential; after
  `anti-brute-force-threshold` of them everybody gets 403, also with the right password, until the daemon restarts; a
  success clears the count;
- the RPC answers 409 to a request without `X-Transmission-Session-Id`, and tells the value to send along.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests import daemons
from tests.programs import power
from tests.programs.program import (
    ADDRESS,
    FOUND,
    NOT_REVIEWED,
    PASSWORD,
    USER,
    Documents,
    Program,
    login,
    service,
    usual,
    version_of_package,
)

if TYPE_CHECKING:
    from tests.started import Started

_WEB, _PEERS = "Web", "Peers"
_LOGIN = "Web-login"
_URL = f"http://{ADDRESS}:9091/transmission"
_THRESHOLD = 100

_SETTINGS = {
    "rpc-enabled": True,
    "rpc-port": 9091,
    "rpc-bind-address": ADDRESS,
    "rpc-authentication-required": True,
    "rpc-username": USER,
    "rpc-password": PASSWORD,
    "rpc-whitelist-enabled": False,
    "anti-brute-force-enabled": True,
    "anti-brute-force-threshold": _THRESHOLD,
    "bind-address-ipv4": ADDRESS,
    "peer-port": 51413,
    "dht-enabled": False,
    "lpd-enabled": False,
    "utp-enabled": False,
    "port-forwarding-enabled": False,
}


def _start(started: Started) -> None:
    place = started.directory / "settings"
    place.mkdir()
    (place / "settings.json").write_text(
        json.dumps({**_SETTINGS, "download-dir": str(started.directory / "files")})
    )
    command = [daemons.program("transmission-daemon"), "-f", "-g", str(place)]
    started.start("transmission", power.supplied(command))
    started.start_switch(power.switch(started.programs[-1][1].pid))


def _documents() -> Documents:
    def rpc(method: str) -> dict[str, object]:
        return {"method": "POST", "url": f"{_URL}/rpc", "json": {"method": method}}

    return Documents(
        model="Downloads",
        software=version_of_package("transmission-daemon"),
        tables={
            "1-AuthMech": [
                login(
                    _LOGIN,
                    "9091/tcp",
                    prose=f"After {_THRESHOLD} requests without the right password nobody gets in until a restart.",
                    brute_force={"max_attempts": _THRESHOLD, "until": "restart", "scope": "global"},
                    access={"driver": "http-basic", "url": f"{_URL}/web/"},
                ),
            ],
            "13-SoftServ": [
                service(
                    _WEB,
                    "9091/tcp",
                    _LOGIN,
                    [{"url": f"{_URL}/web/"}, rpc("session-get"), rpc("session-stats")],
                ),
            ],
        },
        interfaces={
            _WEB: (["9091/tcp"], "http", ["Transmission", "Unauthorized User. unsuccessful login attempts."]),
            _PEERS: (["51413/tcp", "51413/udp"], "bittorrent", []),
        },
        access={
            "identity": {
                **rpc("session-get"),
                "session_of": _LOGIN,
                "patterns": {"software": r'"version":"([\d.]+)'},
            },
            **power.POWER_CYCLE,
        },
        permissions=("brute-force", "change-credentials", "outage"),
    )


TRANSMISSION = Program(
    name="transmission",
    places=("9091/tcp", "51413/tcp"),
    start=_start,
    documents=_documents,
    expected={
        **usual((_LOGIN,), (_WEB,), (_WEB, _PEERS)),
        **NOT_REVIEWED,
        # Without DHT and uTP nothing answers by UDP; and what is spoken there is known to a person only.
        ("5.5-1-2/a", _PEERS): "INCONCLUSIVE access",
        ("5.6-2-2/a", _PEERS): "INCONCLUSIVE judgement",
    },
    expected_without=FOUND,
)
