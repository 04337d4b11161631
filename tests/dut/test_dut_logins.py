"""One login attempt over HTTP: accepted, refused, locked, or no answer."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from login_device import OWNER, PASSWORD, LoginDevice, attempt_at, profile_of

from pytest_etsi.dut import Dut
from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Answering(LoginDevice):
    """A device that is no more than bytes sent in answer to whatever comes."""

    def __init__(self, answer: bytes) -> None:
        super().__init__()
        self.answer = answer
        self.hosts: list[bytes] = []

    @contextlib.contextmanager
    def running(self) -> Iterator[Answering]:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(0.1)
        stop = threading.Event()

        def serve() -> None:
            while not stop.is_set():
                with contextlib.suppress(OSError):
                    connection, _ = listener.accept()
                    with connection:
                        connection.settimeout(1)
                        self.hosts.append(connection.recv(65536))
                        connection.sendall(self.answer)

        thread = threading.Thread(target=serve)
        thread.start()
        self.base = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            yield self
        finally:
            stop.set()
            thread.join(5)
            listener.close()


def answer(status: str, *headers: str, body: str = "") -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "Connection: close", "", body]
    return "\r\n".join(lines).encode()


def seen(path: Path, sent: bytes, **login: Any) -> tuple[str, list[bytes]]:
    with Answering(sent).running() as device:
        dut = Dut(
            profile_of(path, device, login={"success": {"status": [200]}, "protected_url": None} | login)
        )
        return attempt_at(dut).outcome, device.hosts


@pytest.mark.parametrize(
    ("sent", "outcome"),
    [
        (answer("200 OK"), "accepted"),
        (answer("401 Unauthorized"), "refused"),
        (answer("403 Forbidden"), "refused"),
        (answer("302 Found", "Location: /login"), "refused"),
        (answer("423 Locked"), "locked"),
        (answer("429 Too Many Requests"), "locked"),
        (answer("403 Forbidden", "Retry-After: 30"), "locked"),
        (answer("503 Service Unavailable", "Retry-After: 30"), "locked"),
        (answer("503 Service Unavailable"), "no-answer"),
        (answer("500 Internal Server Error"), "no-answer"),
        (answer("502 Bad Gateway"), "no-answer"),
        (b"", "no-answer"),
        (b"HTTP/1.1 2", "no-answer"),
        (b"SSH-2.0-dropbear\r\n", "no-answer"),
    ],
    ids=lambda value: value[:30].decode().strip() if isinstance(value, bytes) else "",
)
def test_an_answer_is_read_for_what_it_says(tmp_path: Path, sent: bytes, outcome: str) -> None:
    assert seen(tmp_path, sent)[0] == outcome


def test_a_redirect_to_another_host_is_not_followed(tmp_path: Path) -> None:
    outcome, asked = seen(tmp_path, answer("307 Temporary Redirect", "Location: http://192.0.2.1/login"))

    assert outcome == "refused"
    # The page with the form, and the form: nothing that follows the redirect.
    assert [one.split()[0] for one in asked] == [b"GET", b"POST"]


@pytest.mark.parametrize("charset", ["hex", "undefined", "idna", "no-such", "utf-16"])
def test_no_claimed_character_set_breaks_an_attempt(tmp_path: Path, charset: str) -> None:
    sent = answer("200 OK", f"Content-Type: text/html; charset={charset}", body="sorry\xff.")
    outcome, _ = seen(tmp_path, sent, success={"body": "welcome"})

    assert outcome == "refused"


@pytest.mark.parametrize(
    "challenge",
    ['realm="a", nonce="b", algorithm=FOO', 'realm="a", nonce="b", qop="auth-int"', 'realm="a"', "realm="],
)
def test_no_digest_challenge_breaks_an_attempt(tmp_path: Path, challenge: str) -> None:
    sent = answer("401 Unauthorized", f"WWW-Authenticate: Digest {challenge}")
    outcome, _ = seen(tmp_path, sent, driver="http-digest", success={})

    assert outcome in ("no-answer", "refused")


@pytest.mark.parametrize("token", ["a\\r\\nX-Evil: 1", "\\u00fc", "[" * 5000])
def test_no_token_breaks_an_attempt(tmp_path: Path, token: str) -> None:
    sent = answer("200 OK", "Content-Type: application/json", body='{"token": "' + token + '"}')
    outcome, _ = seen(tmp_path, sent, driver="http-json")

    assert outcome == "accepted"


def test_deeply_nested_json_breaks_no_attempt(tmp_path: Path) -> None:
    sent = answer("200 OK", "Content-Type: application/json", body="[" * 60_000)

    assert seen(tmp_path, sent, driver="http-json")[0] == "accepted"


def test_an_error_page_with_status_200_is_no_success(tmp_path: Path, device: LoginDevice) -> None:
    device.refusal = 200
    dut = Dut(profile_of(tmp_path, device))

    assert attempt_at(dut, "wrong").outcome == "refused"
    assert attempt_at(dut).outcome == "accepted"


@pytest.mark.parametrize("how", [1, 2], ids=["closed", "502"])
def test_a_protected_resource_that_fails_refuses_nobody(
    tmp_path: Path, device: LoginDevice, how: int
) -> None:
    device.protected_broken = how

    assert attempt_at(Dut(profile_of(tmp_path, device))).outcome == "no-answer"


def test_a_protected_resource_that_is_open_to_all_shows_no_login(tmp_path: Path, device: LoginDevice) -> None:
    device.open = True
    dut = Dut(profile_of(tmp_path, device))
    attempt = attempt_at(dut)

    assert attempt.outcome == "no-answer"
    assert "opens without a login" in attempt.status


def test_a_stranger_is_refused_on_the_connection_of_the_login(tmp_path: Path, device: LoginDevice) -> None:
    attempt = attempt_at(Dut(profile_of(tmp_path, device)))

    assert (attempt.outcome, attempt.exclusive) == ("accepted", True)
    # One more would be another handshake, for which some devices take seconds.
    assert device.connections == 1


@pytest.mark.parametrize("is_open", [False, True])
def test_where_a_login_lets_its_connection_in_a_stranger_asks_on_another(
    tmp_path: Path, device: LoginDevice, is_open: bool
) -> None:
    device.bound, device.open = True, is_open
    attempt = attempt_at(Dut(profile_of(tmp_path, device)))

    expected = ("no-answer", None) if is_open else ("accepted", True)
    assert (attempt.outcome, attempt.exclusive) == expected
    assert device.connections == 2


def test_what_one_login_left_behind_lets_no_other_in(tmp_path: Path, device: LoginDevice) -> None:
    session = Dut(profile_of(tmp_path, device)).login("web")
    try:
        assert session.attempt(OWNER, "wrong").outcome == "refused"
    finally:
        session.close()


def test_the_session_of_a_basic_login_carries_the_credential(tmp_path: Path, device: LoginDevice) -> None:
    device.guarded = True
    basic = {"driver": "http-basic", "url": f"{device.base}/basic", "protected_url": None}
    identity = {"url": f"{device.base}/identity", "session_of": "web", "fields": {"serial": "serial"}}
    network = {"hosts": ["127.0.0.1"], "ports": str(device.port), "ports_because": "the address is shared"}
    access = {"network": network, "identity": identity}
    dut = Dut(profile_of(tmp_path, device, login=basic, access=access))

    assert dut.observed_identity()["verified"]
    changed = dut.credential_change(dut.profile.ixit.auth_mech[0])
    assert changed.change.accepted
    assert not changed.violations
    assert changed.restored


@pytest.mark.parametrize("name", ["url", "protected_url"])
def test_only_hosts_of_the_profile_are_asked(tmp_path: Path, device: LoginDevice, name: str) -> None:
    dut = Dut(profile_of(tmp_path, device, login={name: f"http://localhost:{device.port}/login"}))

    with pytest.raises(Inconclusive, match="localhost is not an address of the device"):
        dut.login("web")
    assert device.attempts == []


def test_a_change_is_sent_to_hosts_of_the_profile_only(tmp_path: Path, device: LoginDevice) -> None:
    change = {"url": f"http://localhost:{device.port}/password", "json": {"old": "{old}", "new": "{new}"}}
    dut = Dut(profile_of(tmp_path, device, login={"change": change}))

    with pytest.raises(Inconclusive, match="sent elsewhere"):
        dut.credential_change(dut.profile.ixit.auth_mech[0])
    assert device.passwords == {PASSWORD}


@given(st.text(max_size=20), st.text(max_size=20))
def test_filled_in_values_stand_where_their_names_were(old: str, other: str) -> None:
    template = {"a": ["x{old}y", 1, None], "b": "{other}", "c": "{" + "braces}"}

    assert fill_in(template, {"old": old}) == {"a": [f"x{old}y", 1, None], "b": "{other}", "c": "{braces}"}
    assert fill_in("{old}", {"old": other}) == other
