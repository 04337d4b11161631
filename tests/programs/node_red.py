"""Node-RED, from npm, with the editor at 1880 for a user of `adminAuth`.

From `@node-red/editor-api/lib/auth` of version 4.1.15 and its page "Securing Node-RED":
- the editor takes a token from POST /auth/token, which wants `client_id`, `grant_type` and `scope` beside name and password;
  a wrong password is answered by 403;
- the sixth login of a user within ten minutes of the others is answered by 500, also with the right password, whoever
  sends it; each further one begins the ten minutes anew, and a success clears the count;
- everybody gets the page of the editor (`/`), which is drawn by scripts, `/theme`, and from `/auth/login` what to ask for;
  the settings and the flows want the token.

Its clock goes sixty times as fast: ten minutes last ten seconds.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.programs.program import (
    ADDRESS,
    FOUND,
    NOT_REVIEWED,
    PASSWORD,
    USER,
    Documents,
    Program,
    installed,
    login,
    quickly,
    service,
    usual,
)

if TYPE_CHECKING:
    from tests.started import Started

_TIMES = 60
_EDITOR, _LOGIN = "Editor", "Editor-login"
_URL = f"http://{ADDRESS}:1880"
_MODULES = ("node-red", "node_modules")

_SETTINGS = """
const { hashSync } = require(%(bcrypt)s);
module.exports = {
    uiHost: %(address)s,
    uiPort: 1880,
    adminAuth: {
        type: "credentials",
        users: [{ username: %(user)s, password: hashSync(%(password)s, 8), permissions: "*" }],
    },
    telemetry: { enabled: false, updateNotification: false },
};
"""


def _start(started: Started) -> None:
    place = started.directory / "user"
    place.mkdir()
    values = {
        "bcrypt": installed(*_MODULES, "bcryptjs"),
        "address": ADDRESS,
        "user": USER,
        "password": PASSWORD,
    }
    settings = place / "settings.js"
    settings.write_text(_SETTINGS % {name: json.dumps(value) for name, value in values.items()})
    node = shutil.which("node") or "node"
    command = [node, installed(*_MODULES, "node-red", "red.js"), "-u", str(place), "-s", str(settings)]
    started.start("node-red", [*quickly(_TIMES), *command], FAKETIME_DONT_FAKE_MONOTONIC="1", HOME=str(place))


def _documents() -> Documents:
    told = Path(installed(*_MODULES, "node-red", "package.json")).read_text("utf-8")
    return Documents(
        model="Automation",
        software=json.loads(told)["version"],
        tables={
            "1-AuthMech": [
                login(
                    _LOGIN,
                    "1880/tcp",
                    prose=(
                        f"Five wrong passwords lock the account for {600 / _TIMES:g} seconds; each further attempt begins that "
                        "time anew."
                    ),
                    brute_force={"max_attempts": 5, "lockout_s": 600 / _TIMES, "scope": "account"},
                    access={
                        "driver": "http-json",
                        "url": f"{_URL}/auth/token",
                        "fields": {
                            "constant": {
                                "client_id": "node-red-editor",
                                "grant_type": "password",
                                "scope": "*",
                            }
                        },
                        "token": {"json": "access_token"},
                        "protected_url": f"{_URL}/settings",
                        "guess_budget": 40,
                    },
                ),
            ],
            "13-SoftServ": [
                service(
                    _EDITOR,
                    "1880/tcp",
                    _LOGIN,
                    [{"url": f"{_URL}/{path}"} for path in ("settings", "flows", "nodes")],
                    changes=[
                        {
                            "method": "POST",
                            "url": f"{_URL}/flows",
                            "json": [],
                            "login": _LOGIN,
                            "expect": [204],
                        }
                    ],
                ),
            ],
        },
        interfaces={_EDITOR: (["1880/tcp"], "http", ["Node-RED", "user.username", "user.password"])},
        access={
            "identity": {"url": f"{_URL}/settings", "session_of": _LOGIN, "fields": {"software": "version"}}
        },
        permissions=("brute-force", "change-credentials"),
    )


NODE_RED = Program(
    name="node-red",
    needs=(*_MODULES, "node-red", "red.js"),
    places=("1880/tcp",),
    start=_start,
    documents=_documents,
    expected={
        **usual((_LOGIN,), (_EDITOR,), (_EDITOR,)),
        **NOT_REVIEWED,
        # The editor is megabytes of scripts, in which another login could stand.
        ("5.1-5-2/a", None): "INCONCLUSIVE information",
        ("5.6-2-2/a", _EDITOR): "INCONCLUSIVE judgement",
    },
    expected_without=FOUND,
)
