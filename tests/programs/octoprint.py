"""OctoPrint, from PyPI, at 5000, with one account.

From `octoprint/server/api/__init__.py` and `util/csrf.py` of version 1.11.8:
- POST /api/login takes JSON with `user` and `pass`, and answers 400 unless the token of the cookie `csrf_token_P5000` comes
  back in the header X-CSRF-Token; a page sets that cookie;
- a wrong password is answered by 403; of those an address has three a minute, five in ten minutes and ten in an hour, each
  time from the first one on; then it gets 429, also with the right password; a success clears nothing;
- whoever is not logged in is led to /login/, which is drawn by scripts; `/api/version` and `/api/settings` answer 403;
- programs of the user log in by keys in the header X-Api-Key, of 32 random bytes.

Its clock goes four times as fast: a minute lasts fifteen seconds, in which three attempts find their place on a busy machine too.
"""

from __future__ import annotations

import subprocess
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
    of_login,
    quickly,
    service,
    usual,
)

if TYPE_CHECKING:
    from tests.started import Started

_TIMES = 4
_INTERFACE, _LOGIN, _KEYS = "Interface", "Interface-login", "Api-keys"
_URL = f"http://{ADDRESS}:5000"
_OCTOPRINT = ("octoprint", "bin", "octoprint")
_PYTHON = ("octoprint", "bin", "python")

_SETTINGS = """
server:
  firstRun: false
  onlineCheck: {enabled: false}
  pluginBlacklist: {enabled: false}
plugins:
  _disabled: [announcements, discovery, softwareupdate, tracking, errortracking, achievements, pluginmanager]
serial: {autoconnect: false}
"""


_TOLD = ["OctoPrint Login", "csrf_token_P5000", "session_P5000"]
"""What a page tells, beside its scripts."""


def _start(started: Started) -> None:
    place = started.directory / "base"
    place.mkdir()
    (place / "config.yaml").write_text(_SETTINGS)
    base = [installed(*_OCTOPRINT), "--basedir", str(place)]
    add = [*base, "user", "add", USER, "--password", PASSWORD, "--admin"]
    subprocess.run(add, check=True, capture_output=True, timeout=120)
    serve = [*base, "serve", "--host", ADDRESS, "--port", "5000", "--iknowwhatimdoing"]
    started.start("octoprint", [*quickly(_TIMES), *serve])


def _version() -> str:
    ask = "import importlib.metadata; print(importlib.metadata.version('octoprint'))"
    command = [installed(*_PYTHON), "-c", ask]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.strip()


def _documents() -> Documents:
    keys = login(
        _KEYS,
        "5000/tcp",
        prose="The size of the key, 32 random bytes.",
        brute_force={"entropy_only": True},
        access={},
    )
    keys |= {
        "Description": "Keys by which programs of the keeper log in at 5000/tcp over plain HTTP; directly addressable over the network.",
        "Authentication Factor": "Key, made by the device from a random generator on the keeper's request.",
    }
    keys["facts"] |= {"factors": ["key"]}
    del keys["facts"]["password"], keys["access"]
    minute_s = 60 / _TIMES
    return Documents(
        model="Printer",
        software=_version(),
        tables={
            "1-AuthMech": [
                login(
                    _LOGIN,
                    "5000/tcp",
                    prose=(
                        f"Of wrong passwords a source address has three in {minute_s:g} seconds, five in {10 * minute_s:g}, ten "
                        f"in {60 * minute_s:g}, each time from the first one on."
                    ),
                    brute_force={
                        "rates": [
                            {"attempts": attempts, "per_s": minutes * minute_s, "window": "fixed"}
                            for attempts, minutes in ((3, 1), (5, 10), (10, 60))
                        ],
                        "scope": "source",
                    },
                    access={
                        "driver": "http-json",
                        "page": f"{_URL}/login/",
                        "url": f"{_URL}/api/login",
                        "fields": {"username": "user", "password": "pass"},
                        "protected_url": f"{_URL}/api/settings",
                        "change": {
                            "method": "PUT",
                            "url": f"{_URL}/api/access/users/{USER}/password",
                            "json": {"password": "{new}", "current": "{old}"},
                        },
                        "guess_budget": 20,
                    },
                ),
                keys,
            ],
            "13-SoftServ": [
                service(
                    _INTERFACE,
                    "5000/tcp",
                    _LOGIN,
                    [{"url": f"{_URL}/api/{path}"} for path in ("settings", "version", "files")],
                    changes=[
                        {
                            "method": "POST",
                            "url": f"{_URL}/api/settings",
                            "json": {"appearance": {"name": "printer"}},
                            "login": _LOGIN,
                        }
                    ],
                ),
            ],
        },
        interfaces={_INTERFACE: (["5000/tcp"], "http", _TOLD)},
        access={
            "identity": {"url": f"{_URL}/api/version", "session_of": _LOGIN, "fields": {"software": "server"}}
        },
        permissions=("brute-force", "change-credentials"),
    )


OCTOPRINT = Program(
    name="octoprint",
    needs=_OCTOPRINT,
    places=("5000/tcp",),
    start=_start,
    documents=_documents,
    expected={
        **usual((_LOGIN,), (_INTERFACE,), (_INTERFACE,)),
        **NOT_REVIEWED,
        **of_login(_KEYS),
        # Its limits of ten minutes and of an hour take more wrong passwords and time than a test has.
        ("5.1-5-2/b", _LOGIN): "INCONCLUSIVE information",
        ("5.1-5-2/b", _KEYS): "INCONCLUSIVE judgement",  # protected by the size of the secret alone
        **{(f"5.1-4-2/{unit}", _LOGIN): "PASS" for unit in "ab"},  # by PUT /api/access/users/keeper/password
        (
            "5.6-2-2/a",
            _INTERFACE,
        ): "INCONCLUSIVE judgement",  # its scripts are longer than what is read of them
    },
    expected_without=FOUND,
)
