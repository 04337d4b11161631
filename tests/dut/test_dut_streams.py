"""Who gets at the streams of an RTSP server, which reckons digests by itself."""

from __future__ import annotations

import base64
import contextlib
import functools
import hashlib
import re
import socket
import threading

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.probes.rtsp import attempt
from pytest_etsi.standard import edition

HOST = "127.0.0.1"
USERS = {"home": "Kaffeetasse-77", "guest": "Regenschirm-12"}
NONCE = "dcd98b7102dd2f0e"


class Server:
    """Describes /live to `may`, after a challenge; `open_to_all` forgets the challenge."""

    def __init__(self, *, scheme="digest", algorithm="", qop="", may=("home",), open_to_all=False):
        self.scheme, self.algorithm, self.qop = scheme, algorithm, qop
        self.may, self.open_to_all = may, open_to_all
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(0.1)
        self.port = self._listener.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()
        self._listener.close()

    def _serve(self):
        while not self._stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                with connection:
                    connection.settimeout(2)
                    data = b""
                    while more := connection.recv(65536):
                        data += more
                        while b"\r\n\r\n" in data:
                            request, _, data = data.partition(b"\r\n\r\n")
                            connection.sendall(self._answer(request.decode()))

    def _answer(self, request):
        number = re.search(r"CSeq: (\d+)", request)[1]
        user = self._user(request)
        if self.open_to_all or user in self.may:
            body = "v=0\r\n"
            return f"RTSP/1.0 200 OK\r\nCSeq: {number}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        if user:
            return f"RTSP/1.0 403 Forbidden\r\nCSeq: {number}\r\n\r\n".encode()
        challenge = f'Digest realm="camera", nonce="{NONCE}"' + (
            f", algorithm={self.algorithm}" if self.algorithm else ""
        )
        challenge += f', qop="{self.qop}"' if self.qop else ""
        challenge = challenge if self.scheme == "digest" else 'Basic realm="camera"'
        return (
            f"RTSP/1.0 401 Unauthorized\r\nCSeq: {number}\r\nWWW-Authenticate: {challenge}\r\n\r\n".encode()
        )

    def _user(self, request):
        """Who has shown to know the secret; empty: nobody."""
        given = re.search(r"Authorization: (\w+) (.*)\r?", request)
        if given is None or given[1].lower() != self.scheme:
            return ""
        if self.scheme == "basic":
            name, _, secret = base64.b64decode(given[2].strip()).decode().partition(":")
            return name if USERS.get(name) == secret else ""
        fields = dict(re.findall(r'(\w+)="?([^",\r]*)"?', given[2]))
        made = {"SHA-256": hashlib.sha256, "SHA-512-256": functools.partial(hashlib.new, "sha512_256")}.get(
            self.algorithm, hashlib.md5
        )
        name = fields.get("username", "")
        one = made(f"{name}:camera:{USERS.get(name)}".encode()).hexdigest()
        body = ":" + made(b"").hexdigest() if self.qop == "auth-int" else ""
        two = made(f"DESCRIBE:{fields.get('uri')}{body}".encode()).hexdigest()
        middle = f":{fields['nc']}:{fields['cnonce']}:{self.qop}" if self.qop else ""
        return (
            name
            if made(f"{one}:{NONCE}{middle}:{two}".encode()).hexdigest() == fields.get("response")
            else ""
        )


@pytest.fixture
def tried(device: LoginDevice, tmp_path):
    def observe(server):
        tables = {table.id: {} if table.single else [] for table in edition("1.1.1").tables}
        mechanism = {
            "ID": "stream",
            "access": {
                "driver": "rtsp",
                "port": server.port,
                "path": "/live",
                "username": "home",
                "password": USERS["home"],
                "second_account": {"username": "guest", "password": USERS["guest"]},
            },
        }
        stream = {"path": "/live", "login": "stream", "not_by_second": True}
        service = {"ID": "rtsp", "access": {"streams": [stream]}}
        profile = profile_of(
            tmp_path, device, ixit=tables | {"1-AuthMech": [mechanism], "13-SoftServ": [service]}
        )
        dut = Dut(profile)
        entry = profile.ixit.table("13-SoftServ")[0]
        observed = dut.access(entry)
        return criteria.access.kept_out(entry, observed), criteria.access.let_in(entry, observed), dut

    return observe


@pytest.mark.parametrize(
    "server",
    [
        {},
        {"qop": "auth"},
        {"algorithm": "MD5", "qop": "auth"},
        {"algorithm": "SHA-256", "qop": "auth"},
        {"algorithm": "SHA-512-256", "qop": "auth-int"},
        {"scheme": "basic"},
    ],
    ids=str,
)
def test_a_server_that_gives_its_stream_to_the_owner_alone_passes(tried, server):
    with Server(**server) as running:
        kept_out, let_in, dut = tried(running)
        session = dut.login("stream")
        wrong = dut.driver(dut.profile.ixit.auth_mech[0]).connect().attempt("home", "wrong")
        session.close()

    assert not kept_out
    assert not let_in
    assert wrong.outcome == "refused"


def test_a_stream_for_everybody_is_a_violation(tried):
    with Server(open_to_all=True) as running:
        kept_out, _, _ = tried(running)

    assert "DESCRIBE /live without credentials is granted to nobody" in str(kept_out.violations)


def test_a_stream_for_the_second_account_is_a_violation(tried):
    with Server(may=("home", "guest")) as running:
        kept_out, let_in, _ = tried(running)

    assert "by the second account is granted to without the right" in str(kept_out.violations)
    assert len(kept_out.violations) == 1
    assert not let_in


def test_an_owner_that_is_kept_out_is_a_violation(tried):
    with Server(may=()) as running:
        kept_out, let_in, _ = tried(running)

    assert not kept_out
    assert let_in.violations


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (b"RTSP/1.0 404 Not Found\r\n\r\n", "unsupported"),
        (b"RTSP/1.0 503 Busy\r\n\r\n", "refused"),
        (b"RTSP/1.0 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n\r\n", "unsupported"),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "garbage"),
        (b"RTSP/1.0 200 OK\r\nContent-Length: 99\r\n\r\nx", "accepted"),
        (b"", "closed"),
    ],
)
def test_other_answers_are_no_login(answer, outcome):
    with socket.create_server((HOST, 0)) as listener:

        def serve():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        seen = attempt(HOST, listener.getsockname()[1], "/live", "home", "word", timeout_s=2)
        thread.join()

    assert seen.outcome == outcome
