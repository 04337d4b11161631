"""Flaws of the virtual camera in what it does with input that it should refuse."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from virtual_process import Process, until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


NEW = "quite a new sentence"
SCRIPT = "<script>alert(1)</script>"
FLAWS = (
    "trace-on-wrong-type",
    "database-error",
    "values-out-of-range",
    "types-unchecked",
    "user-name-unchecked",
    "reflected-markup",
    "stored-markup",
    "path-traversal",
    "shell-injection",
    "template-injection",
    "header-injection",
)


@pytest.fixture(scope="module")
def weak(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera with all of `FLAWS`, which do not get in each other's way."""
    options = ("--initialized", *(word for flaw in FLAWS for word in ("--flaw", flaw)))
    process = Process(tmp_path_factory.mktemp("weak"), options).start()
    yield process
    assert process.stop() == (0, "")


def _put(camera: Process, **settings: Any) -> httpx.Response:
    return camera.owner().put("/api/settings", json=settings)


def _kept(camera: Process, name: str) -> Any:
    return camera.owner().get("/api/settings").json()[name]


def _raw(camera: Process, target: str) -> str:
    """The answer of the plain port to a target that a library would tidy up."""
    with socket.create_connection((camera.values["host"], int(camera.values["http"])), timeout=5) as client:
        client.sendall(f"GET {target} HTTP/1.1\r\nHost: camera\r\nConnection: close\r\n\r\n".encode())
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()


def _trace(camera: Process) -> bool:
    answer = _put(camera, name=7)
    return answer.status_code == 500 and "Traceback" in answer.text


def _database(camera: Process) -> bool:
    answer = camera.owner().post("/api/users", json={"username": "o'neill", "password": NEW})
    return answer.status_code == 500 and "SQL" in answer.text


def _too_long(camera: Process) -> bool:
    return _put(camera, timezone="x" * 65).status_code == 200 and _kept(camera, "timezone") == "x" * 65


def _no_truth_value(camera: Process) -> bool:
    return _put(camera, status_led=[7]).status_code == 200 and _kept(camera, "status_led") == [7]


def _strange_name(camera: Process) -> bool:
    answer = camera.owner().post("/api/users", json={"username": "../" + SCRIPT, "password": NEW})
    return answer.status_code == 201


def _reflected(camera: Process) -> bool:
    answer = camera.client().get("/" + SCRIPT)
    return answer.headers["Content-Type"].startswith("text/html") and SCRIPT in answer.text


def _stored(camera: Process) -> bool:
    assert _put(camera, name=SCRIPT).status_code == 200
    browser = camera.client(follow_redirects=True)
    account = {"username": camera.values["owner_username"], "password": camera.values["owner_password"]}
    return SCRIPT in browser.post("/login", data=account).text


def _system_file(camera: Process) -> bool:
    path = "/%2e%2e/%2e%2e/%2e%2e/etc/passwd"
    return "root:x:0:0" in camera.client().get(camera.values["https_url"] + path).text


def _shell(camera: Process) -> bool:
    assert _put(camera, timezone="$((17*19))").status_code == 200
    return bool(_kept(camera, "timezone") == "323")


def _template(camera: Process) -> bool:
    assert _put(camera, name="{{17*19}}").status_code == 200
    return bool(_kept(camera, "name") == "323")


def _header(camera: Process) -> bool:
    return "\r\nX-Put-In: 1\r\n" in _raw(camera, "/%0d%0aX-Put-In:%201")


CHECKS: dict[str, Callable[[Process], bool]] = dict(
    zip(
        FLAWS,
        (
            _trace,
            _database,
            _too_long,
            _no_truth_value,
            _strange_name,
            _reflected,
            _stored,
            _system_file,
            _shell,
            _template,
            _header,
        ),
        strict=True,
    )
)


@pytest.mark.parametrize("flaw", FLAWS)
def test_bad_input_gets_through_with_its_flaw_only(weak: Process, camera: Process, flaw: str) -> None:
    happens = CHECKS[flaw]

    assert (happens(weak), happens(camera)) == (True, False)


def _long_text(camera: Process) -> None:
    _put(camera, name="x" * 257)


def _deep(camera: Process) -> None:
    camera.client().post("/api/login", content=b"[" * 501)


def _long_header(camera: Process) -> None:
    camera.client().get("/stream", headers={"Authorization": "Basic " + "A" * 2048})


DEADLY = {
    "crash-on-long-text": _long_text,
    "crash-on-deep-json": _deep,
    "crash-on-long-header": _long_header,
}


def _answers(camera: Process) -> bool:
    with socket.socket() as client:
        return client.connect_ex((camera.values["host"], int(camera.values["https"]))) == 0


def test_deadly_input_ends_the_web_server_until_a_power_cycle(
    start: Callable[..., Process], camera: Process
) -> None:
    weak = start("--initialized", *(word for flaw in DEADLY for word in ("--flaw", flaw)), name="weak")
    for send in DEADLY.values():
        send(camera)
        assert _answers(camera)
        with pytest.raises(httpx.TransportError):
            send(weak)
        assert until(2, lambda: not _answers(weak))
        assert weak.bench("GET", "/status").json()["power"] is True
        for on in (False, True):
            weak.bench("POST", "/power", {"on": on})
        assert _answers(weak)
