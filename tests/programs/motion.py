"""motion, the camera server of Debian, with the settings page at 8080 and the stream at 8081.

From its manual (motion_config.html) and `webu.c` of version 4.5.1:
- `webcontrol_lock_attempts 3` lets four wrong passwords of an address through, each answered after two seconds by 401,
  and counts for page and stream together; a success clears the count;
- from then on that address gets a page "Bad Request" with the status 200 after two seconds, for
  `webcontrol_lock_minutes`; each further request begins that time anew;
- `webcontrol_interface 0` and `webcontrol_parms 1` show settings and change those that are not restricted.

Its clock goes ten times as fast: the minute of its lock lasts six seconds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import daemons
from tests.programs.program import (
    ADDRESS,
    FOUND,
    NOT_REVIEWED,
    PASSWORD,
    USER,
    Documents,
    Program,
    login,
    quickly,
    service,
    usual,
    version_of_package,
)

if TYPE_CHECKING:
    from tests.started import Started

_TIMES = 10
_PAGE, _STREAM = "Page", "Stream"
_LOGIN, _STREAM_LOGIN = "Page-login", "Stream-login"

_SETTINGS = f"""daemon off
setup_mode off
video_device {{directory}}/no-camera
target_dir {{directory}}
picture_output off
movie_output off
webcontrol_port 8080
webcontrol_localhost off
webcontrol_parms 1
webcontrol_auth_method 1
webcontrol_authentication {USER}:{PASSWORD}
webcontrol_lock_attempts 3
webcontrol_lock_minutes 1
stream_port 8081
stream_localhost off
stream_auth_method 1
stream_authentication {USER}:{PASSWORD}
"""


def _start(started: Started) -> None:
    settings = started.directory / "motion.conf"
    settings.write_text(_SETTINGS.format(directory=started.directory))
    started.start("motion", [*quickly(_TIMES), daemons.program("motion"), "-n", "-c", str(settings)])


def _documents() -> Documents:
    page, stream = f"http://{ADDRESS}:8080", f"http://{ADDRESS}:8081"
    lock = {"max_attempts": 4, "lockout_s": 60 / _TIMES, "scope": "source"}
    prose = (
        f"Four wrong passwords lock the source address for {60 / _TIMES:g} seconds, page and stream alike; each further "
        "request begins that time anew."
    )
    return Documents(
        model="Camera",
        software=version_of_package("motion"),
        tables={
            "1-AuthMech": [
                login(
                    _LOGIN,
                    "8080/tcp",
                    prose=prose,
                    brute_force=lock,
                    access={"driver": "http-basic", "url": f"{page}/", "guess_budget": 40},
                ),
                login(
                    _STREAM_LOGIN,
                    "8081/tcp",
                    prose=prose,
                    brute_force=lock,
                    access={"driver": "http-basic", "url": f"{stream}/status.json", "guess_budget": 40},
                ),
            ],
            "13-SoftServ": [
                service(_PAGE, "8080/tcp", _LOGIN, [{"url": f"{page}/0/config/list"}]),
                service(_STREAM, "8081/tcp", _STREAM_LOGIN, [{"url": f"{stream}/status.json"}]),
            ],
        },
        interfaces={_PAGE: (["8080/tcp"], "http", ["Motion"]), _STREAM: (["8081/tcp"], "http", ["Motion"])},
        access={
            "identity": {
                "url": f"{page}/",
                "session_of": _LOGIN,
                "patterns": {"software": r"Motion ([\d.]+)"},
            }
        },
    )


MOTION = Program(
    name="motion",
    places=("8080/tcp", "8081/tcp"),
    start=_start,
    documents=_documents,
    expected={**usual((_LOGIN, _STREAM_LOGIN), (_PAGE, _STREAM), (_PAGE, _STREAM)), **NOT_REVIEWED},
    expected_without=FOUND,
)
