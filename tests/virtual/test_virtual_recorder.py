"""The virtual camera's port for recorders."""

from __future__ import annotations

import contextlib
import re
import socket
from typing import TYPE_CHECKING

import pytest
from virtual_process import until

from pytest_etsi.probes.rtsp import attempt, told
from pytest_etsi.probes.tls import lenient_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from virtual_process import Process

    from pytest_etsi.probes.login import LoginAttempt


def _login(
    camera: Process, username: str | None, password: str | None, path: str = "/stream"
) -> LoginAttempt:
    host, port = camera.values["host"], int(camera.values["rtsps"])
    return attempt(host, port, path, username, password, context=lenient_context())


def _label(camera: Process) -> tuple[str, str]:
    return camera.values["stream_username"], camera.values["stream_password"]


@contextlib.contextmanager
def _line(camera: Process) -> Iterator[socket.socket]:
    host, port = camera.values["host"], int(camera.values["rtsps"])
    with (
        socket.create_connection((host, port), 5) as plain,
        camera.tls().wrap_socket(plain, server_hostname=host) as one,
    ):
        yield one


def _said(line: socket.socket, request: str) -> str:
    line.sendall(request.encode())
    return line.recv(4096).decode()


def test_the_stream_is_described_to_who_knows_the_password(camera: Process) -> None:
    assert _login(camera, *_label(camera)).outcome == "accepted"


@pytest.mark.parametrize(
    ("username", "password"), [(None, None), ("stream", "wrong"), ("owner", "the-owner's"), ("", "")]
)
def test_nobody_else_is_let_in(camera: Process, username: str | None, password: str | None) -> None:
    seen = _login(camera, username, password)

    assert (seen.outcome, seen.code) == ("rejected", 401)
    assert _login(camera, *_label(camera)).outcome == "accepted"  # which clears the count


def test_the_password_of_the_owner_s_choice_replaces_that_of_the_label(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    old = camera.values["stream_password"]

    answer = camera.owner().post("/api/stream-password", json={"old": old, "new": "Violett-4711-x"})

    assert answer.status_code == 200
    assert _login(camera, "stream", old).outcome == "rejected"
    assert _login(camera, "stream", "Violett-4711-x").outcome == "accepted"
    camera.bench("POST", "/power-cycle")
    assert _login(camera, "stream", "Violett-4711-x").outcome == "accepted"
    camera.bench("POST", "/button", {"name": "reset"})
    assert _login(camera, "stream", old).code == 403  # nothing goes before the first start is done


def test_wrong_answers_lock_the_stream_s_account_for_both_ways(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--first-lock", "600")

    codes = [_login(camera, "stream", f"guess-{number}").code for number in range(6)]

    assert codes == [401] * 5 + [503]
    assert camera.client().get("/stream", auth=_label(camera)).status_code == 423
    locked = _login(camera, *_label(camera))
    assert locked.code == 503
    assert locked.retry_after_s
    assert 0 < locked.retry_after_s <= 600


def test_an_answer_is_good_for_one_request_only(camera: Process) -> None:
    from pytest_etsi.probes.rtsp import _credentials

    host, port = camera.values["host"], camera.values["rtsps"]
    url = f"rtsps://{host}:{port}/stream"
    with _line(camera) as line:
        challenge = _said(line, f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        given = _credentials(challenge.encode(), url, *_label(camera))
        request = f"DESCRIBE {url} RTSP/1.0\r\nCSeq: 2\r\nAuthorization: {given}\r\n\r\n"
        first, again = _said(line, request), _said(line, request)
    with _line(camera) as line:
        elsewhere = _said(line, request)

    assert 'algorithm=SHA-256, qop="auth"' in challenge
    assert first.startswith("RTSP/1.0 200 OK")
    assert again.startswith("RTSP/1.0 401")
    assert elsewhere.startswith("RTSP/1.0 401")


def test_a_recorder_gets_the_picture_through_the_connection(camera: Process) -> None:
    from pytest_etsi.probes.http.logins import parse_www_authenticate
    from pytest_etsi.probes.rtsp import _digest

    url = f"rtsps://{camera.values['host']}:{camera.values['rtsps']}/stream"
    with _line(camera) as line:
        header = re.search(
            "WWW-Authenticate: (.*)\r", _said(line, f"SETUP {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n")
        )
        assert header
        ((_, parameters),) = parse_www_authenticate([header[1]])

        def ask(method: str, number: int, *lines: str) -> str:
            given = _digest(parameters, url, *_label(camera)).replace("nc=00000001", f"nc={number:08x}")
            given = _again(given, parameters, url, method, number, camera)
            return _said(line, "\r\n".join((f"{method} {url} RTSP/1.0", f"CSeq: {number}", f"Authorization: {given}",
                                            *lines)) + "\r\n\r\n")  # fmt: skip

        assert ask("SETUP", 1, "Transport: RTP/AVP;unicast;client_port=5000-5001").startswith("RTSP/1.0 461")
        session = re.search(
            "Session: (.*)\r", ask("SETUP", 2, "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
        )
        assert session
        assert ask("PLAY", 3, "Session: another").startswith("RTSP/1.0 454")
        answer = ask("PLAY", 4, f"Session: {session[1]}")
        assert answer.startswith("RTSP/1.0 200")
        content = line.recv(65_536)
    assert content[:2] == b"$\0"
    assert content[4] == 0x80
    assert b"\x89PNG" in content


def _again(
    given: str, parameters: dict[str, str], url: str, method: str, number: int, camera: Process
) -> str:
    """The same credentials for another method and count."""
    import hashlib

    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    name, word = _label(camera)
    cnonce = re.search('cnonce="(.*?)"', given)
    assert cnonce
    parts = (
        digest(f"{name}:{parameters['realm']}:{word}"), parameters["nonce"], f"{number:08x}", cnonce[1], "auth",
        digest(f"{method}:{url}"),
    )  # fmt: skip
    return re.sub('response=".*?"', f'response="{digest(":".join(parts))}"', given)


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ("OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n", "200"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("OPTIONS * RTSP/1.0\r\n\r\n", "400"),
        ("OPTIONS * RTSP/1.0\r\nCSeq: ²\r\n\r\n", "400"),
        ("OPTIONS * RTSP/1.0\r\nCSeq: 12345678901\r\n\r\n", "400"),
        ("ANNOUNCE rtsps://x/stream RTSP/1.0\r\nCSeq: 1\r\n\r\n", "405"),
        ("ANNOUNCE rtsps://x/stream RTSP/1.0\r\nCSeq: 1\r\nContent-Length: 5\r\n\r\nhello", "413"),
        ("DESCRIBE rtsps://x/stream RTSP/1.0\r\nCSeq: 1\r\nAuthorization: Basic AAAA\r\n\r\n", "401"),
        ("OPTIONS * RTSP/1.0\r\nX: " + "a" * 9000 + "\r\n\r\n", "400"),
    ],
)
def test_requests_that_are_not_as_they_should_be_are_refused(
    camera: Process, request_: str, status: str
) -> None:
    with _line(camera) as line:
        assert _said(line, request_).split()[1] == status


def test_what_the_port_tells_without_a_login(camera: Process) -> None:
    found, unanswered = told(camera.values["host"], int(camera.values["rtsps"]), context=lenient_context())

    assert unanswered == ()
    assert set(found) == {
        ("header", "Server", "ExampleCam"),
        ("header", "Public", "OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN"),
        ("realm", "", "camera stream"),
    }


def test_a_stream_that_everybody_gets_is_told_line_by_line(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "recorder-without-login")

    found, _ = told(camera.values["host"], int(camera.values["rtsps"]), context=lenient_context())

    assert ("header", "Server", "ExampleCam") in found
    assert ("sdp", "s", "camera") in found
    assert ("sdp", "m", "video 0 RTP/AVP 96") in found


def test_what_nobody_answers_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        found, unanswered = told("127.0.0.1", mute.getsockname()[1], timeout_s=0.3)

    assert found == ()
    assert [line.split()[0] for line in unanswered] == ["OPTIONS", *["DESCRIBE"] * 7]


def test_flaws_of_the_port(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "recorder-without-login", "--flaw", "recorder-without-lockout")

    assert _login(camera, None, None).outcome == "accepted"
    camera = start("--initialized", "--flaw", "recorder-without-lockout", name="b")
    assert [_login(camera, "stream", "wrong").code for _ in range(9)] == [401] * 9


def test_a_long_line_ends_the_port_until_power_is_switched(start: Callable[..., Process]) -> None:
    camera = start("--initialized", "--flaw", "crash-on-long-rtsp")
    with _line(camera) as line:
        assert _said(line, "OPTIONS * RTSP/1.0\r\nCSeq: 1\r\nX: " + "a" * 3000 + "\r\n\r\n") == ""

    assert until(5, lambda: _login(camera, *_label(camera)).outcome == "refused")
    camera.bench("POST", "/power-cycle")
    assert _login(camera, *_label(camera)).outcome == "accepted"
