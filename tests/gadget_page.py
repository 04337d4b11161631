"""The gadget's settings page: BusyBox httpd with a script, and a bench that resets the gadget."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tests import daemons

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BENCH", "PAGE", "PORT", "login", "page", "settings", "switch"]

PAGE = "Page"
PORT = 8080
LOGIN = "Page-login"
PASSWORD = "Teekanne-42-gelb"
_SWITCH = "198.51.100.1:8090"
_PATH = "/cgi-bin/settings"
BENCH = {
    "bench_hosts": [_SWITCH],
    "operations": {
        name: {
            "kind": "http",
            "url": f"http://{_SWITCH}/{name}",
            "settle_s": 0.3,
            "recover": "start the gadget anew",
        }
        for name in ("factory-reset", "initialize")
    },
}
"""What the profile says under `access`."""

_SCRIPT = """#!/bin/busybox sh
printf 'Content-Type: application/json\r\n\r\n{"led": "%s"}\n' "$(/bin/busybox cat led)"
[ "$REQUEST_METHOD" = POST ] && /bin/busybox head -c 20 > led
exit 0
"""
_SWITCHING = """
import http.server, os, pathlib, signal, sys
place, pid, (host, port) = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3].split(":")
class Switch(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        state = {"/factory-reset": "factory-default", "/initialize": "initialized"}[self.path]
        (place / "httpd.conf").write_text((place / f"{state}.conf").read_text())
        os.kill(pid, signal.SIGHUP)
        self.send_response(204)
        self.end_headers()
    def log_message(self, *_):
        pass
server = http.server.HTTPServer((host, int(port)), Switch)
print("ready", flush=True)
server.serve_forever()
"""


def page(place: Path, address: str, *, open_at_first: bool) -> list[str]:
    """The command line of the page's server, whose files it makes.

    Args:
        place: directory for its files.
        address: where it listens.
        open_at_first: everybody may change settings in factory default.
    """
    scripts = place / "pages" / "cgi-bin"
    scripts.mkdir(parents=True)
    (place / "pages" / "index.html").write_text("<title>page</title>gadget settings")
    (scripts / "settings").write_text(_SCRIPT)
    (scripts / "settings").chmod(0o755)
    (scripts / "led").write_text("off")
    guarded = f"/cgi-bin:keeper:{PASSWORD}\n"
    (place / "initialized.conf").write_text(guarded)
    (place / "factory-default.conf").write_text("" if open_at_first else guarded)
    (place / "httpd.conf").write_text(guarded)
    command = [
        daemons.program("busybox"),
        "httpd",
        "-f",
        "-p",
        f"{address}:{PORT}",
        "-h",
        str(place / "pages"),
    ]
    return [*command, "-c", str(place / "httpd.conf"), "-r", "gadget"]


def switch(place: Path, pid: int) -> list[str]:
    """The command line of the bench, which puts the gadget into a state; it says "ready" when it listens."""
    return [sys.executable, "-c", _SWITCHING, str(place), str(pid), _SWITCH]


def login(address: str) -> dict[str, object]:
    """The entry of 1-AuthMech."""
    return {
        "ID": LOGIN,
        "Description": "Login of the keeper to the page by the password on the label.",
        "facts": {
            "subject": "user",
            "interface": "network",
            "endpoint": f"{PORT}/tcp",
            "factors": ["password"],
            "states": ["factory-default", "initialized"],
        },
        "access": {
            "driver": "http-basic",
            "url": f"http://{address}:{PORT}{_PATH}",
            "username": "keeper",
            "password": PASSWORD,
        },
    }


def settings(address: str) -> dict[str, object]:
    """The entry of 13-SoftServ."""
    url = f"http://{address}:{PORT}{_PATH}"
    return {
        "ID": PAGE,
        "Description": "Page on which the keeper switches the light.",
        "Status": "enabled by default",
        "Allows Configuration": "yes; the light",
        "Authentication Mechanism": LOGIN,
        "facts": {
            "endpoint": f"{PORT}/tcp",
            "network": True,
            "states": ["factory-default", "initialized"],
            "configures": True,
        },
        "access": {
            "requests": [{"url": url, "login": LOGIN}],
            "changes": [{"method": "POST", "url": url, "form": {"led": "on"}, "login": LOGIN}],
        },
    }
