"""Services are recognised by what they say, and by how they ask for credentials: real daemons and small servers."""

from __future__ import annotations

import contextlib
import http.server
import socket
import threading

import pytest

from pytest_etsi.probes.http.logins import explore, parse_page, parse_www_authenticate
from pytest_etsi.probes.services import identify, identify_snmp
from pytest_etsi.probes.snmp import _description, _engine_id, _items, _tlv
from tests import daemons

from hostile_servers import serve  # isort: skip

HOST = "127.0.0.1"


def kinds(service):
    return {challenge.kind for challenge in service.challenges}


def test_openssh_offers_keys_and_passwords(tmp_path):
    with daemons.sshd(tmp_path) as server:
        service = identify(HOST, server.port)

    assert service.kind == "ssh"
    assert kinds(service) == {"ssh-publickey", "ssh-password"}
    assert {challenge.secret for challenge in service.challenges} == {"key", "password"}
    assert service.banner.startswith("SSH-2.0-OpenSSH")


def test_dropbear_without_passwords_offers_keys_alone(tmp_path):
    with daemons.dropbear(tmp_path, arguments=["-s"]) as server:
        service = identify(HOST, server.port)

    assert (service.kind, kinds(service)) == ("ssh", {"ssh-publickey"})


def test_an_ssh_server_too_old_for_the_library_still_asks_for_credentials(tmp_path):
    old = {"KexAlgorithms": "diffie-hellman-group1-sha1", "HostKeyAlgorithms": "ssh-rsa"}
    with daemons.sshd(tmp_path, settings=old, key_types=("rsa:2048",)) as server:
        service = identify(HOST, server.port)

    assert service.kind == "ssh"
    assert service.challenges


def test_the_telnet_login_of_busybox_is_seen(tmp_path):
    with daemons.telnetd(tmp_path) as server:
        service = identify(HOST, server.port)

    assert (service.kind, kinds(service)) == ("telnet", {"login-prompt"})
    assert "login:" in service.challenges[0].detail


def test_basic_authentication_of_nginx_is_seen_with_its_realm(tmp_path):
    with daemons.nginx(tmp_path, users={"admin": "x"}, realm="camera stream") as server:
        service = identify(HOST, server.port)

    assert (service.kind, service.tls) == ("http", False)
    assert kinds(service) == {"basic"}
    assert "camera stream" in service.challenges[0].detail
    assert "nginx" in service.banner


def test_a_form_behind_a_link_on_https_is_found(tmp_path):
    pages = {
        "index.html": '<a href="/about.html">about</a><a href="/enter.html">enter</a>',
        "enter.html": '<form action="/do" method="post"><input name=u><input type=PASSWORD name=pw></form>',
    }
    with daemons.nginx(tmp_path, tls=True, pages=pages) as server:
        service = identify(HOST, server.port)

    assert (service.kind, service.tls) == ("https", True)
    assert service.challenges[0].kind == "form"
    assert "POST /do" in service.challenges[0].detail


def test_a_password_field_that_a_script_draws_is_found(tmp_path):
    pages = {
        "index.html": '<div id=app></div><script src="/app.js"></script>',
        "app.js": 'h("input",{type:"password",name:"p"})',
    }
    with daemons.nginx(tmp_path, pages=pages) as server:
        service = identify(HOST, server.port)

    assert kinds(service) == {"form"}


def test_a_site_without_any_login_has_no_challenge(tmp_path):
    with daemons.nginx(tmp_path) as server:
        service = identify(HOST, server.port)

    assert service.identified
    assert not service.challenges
    assert service.complete


def test_a_redirect_to_https_is_noted_and_is_no_challenge(tmp_path):
    with daemons.nginx(tmp_path, server="return 301 https://127.0.0.1:8443$request_uri;") as server:
        service = identify(HOST, server.port)

    assert not service.challenges
    assert "redirects to https://127.0.0.1:8443" in service.note


def test_a_demanded_client_certificate_is_a_challenge_for_a_key(tmp_path):
    certificate, _ = daemons.self_signed(tmp_path / "authority")
    asks = f"ssl_verify_client on; ssl_client_certificate {certificate};"
    with daemons.nginx(tmp_path, tls=True, server=asks) as server:
        service = identify(HOST, server.port)

    assert "tls-client-certificate" in kinds(service)
    assert service.tls


def test_mosquitto_with_passwords_asks_and_without_them_does_not(tmp_path):
    with daemons.mosquitto(tmp_path / "closed", users={"camera": "x"}) as server:
        closed = identify(HOST, server.port)
    with daemons.mosquitto(tmp_path / "open", anonymous=True, tls=True) as server:
        anonymous = identify(HOST, server.port)

    assert (closed.kind, kinds(closed)) == ("mqtt", {"mqtt"})
    assert (anonymous.kind, anonymous.tls, anonymous.challenges) == ("mqtt", True, ())
    assert "without credentials" in anonymous.note


def test_a_login_prompt_without_telnet_negotiation_is_seen():
    def login(connection):
        connection.sendall(b"\r\nCAM-3000 ready\r\nlogin: ")
        connection.recv(100)

    with serve(login) as port:
        service = identify(HOST, port)

    assert (service.kind, kinds(service)) == ("telnet", {"login-prompt"})


def test_a_shell_without_login_is_telnet_with_a_note():
    def shell(connection):
        connection.sendall(b"\xff\xfb\x01BusyBox v1.35\r\n/ # ")
        connection.recv(100)
        connection.recv(100)

    with serve(shell) as port:
        service = identify(HOST, port)

    assert (service.kind, service.challenges) == ("telnet", ())
    assert "without a login" in service.note


def test_a_greeting_that_comes_late_is_still_heard():
    def late(connection):
        connection.settimeout(10)
        connection.recv(100)  # waits for a key to be pressed
        connection.sendall(b"Password: ")
        connection.recv(100)

    with serve(late) as port:
        service = identify(HOST, port, timeout_s=0.5)

    assert kinds(service) == {"login-prompt"}


def test_ftp_is_recognised_by_its_answer_to_user():
    def ftp(connection):
        connection.sendall(b"220 camera ftp ready\r\n")
        connection.recv(100)
        connection.sendall(b"331 password please\r\n")
        connection.recv(100)

    with serve(ftp) as port:
        service = identify(HOST, port)

    assert (service.kind, kinds(service)) == ("ftp", {"ftp"})


def test_vnc_security_types_are_told_apart():
    def vnc(types):
        def behave(connection):
            connection.sendall(b"RFB 003.008\n")
            connection.recv(12)
            connection.sendall(bytes((len(types), *types)))
            connection.recv(1)

        return behave

    with serve(vnc([2])) as port:
        locked = identify(HOST, port)
    with serve(vnc([1])) as port:
        unlocked = identify(HOST, port)

    assert (locked.kind, kinds(locked)) == ("vnc", {"vnc"})
    assert (unlocked.kind, unlocked.challenges) == ("vnc", ())
    assert "no authentication" in unlocked.note


def test_rtsp_with_digest_is_recognised():
    def rtsp(connection):
        request = connection.recv(4096)
        if b"RTSP/1.0" not in request:
            return
        if request.startswith(b"OPTIONS"):
            connection.sendall(b"RTSP/1.0 200 OK\r\nCSeq: 1\r\nPublic: DESCRIBE\r\n\r\n")
        else:
            challenge = (
                b'WWW-Authenticate: Digest realm="cam", nonce="1"\r\nWWW-Authenticate: Basic realm="cam"\r\n'
            )
            connection.sendall(b"RTSP/1.0 401 Unauthorized\r\nCSeq: 2\r\n" + challenge + b"\r\n")

    with serve(rtsp) as port:
        service = identify(HOST, port, timeout_s=1)

    assert (service.kind, kinds(service)) == ("rtsp", {"rtsp-digest", "rtsp-basic"})


def test_what_cannot_be_recognised_is_unknown_with_its_first_bytes():
    def strange(connection):
        connection.sendall(b"\x7fPROPRIETARY\x01\x02")
        connection.recv(100)

    with serve(strange) as port:
        service = identify(HOST, port, timeout_s=0.5)

    assert service.kind == "unknown"
    assert not service.identified
    assert "PROPRIETARY" in service.banner
    assert "not recognised" in service.note


def test_a_silent_port_is_unknown_and_a_closed_one_closed():
    def silent(connection):
        while connection.recv(1000):
            pass

    with serve(silent) as port:
        service = identify(HOST, port, timeout_s=0.3)

    assert service.kind == "unknown"
    assert "answers nothing" in service.note
    assert identify(HOST, daemons.free_port()).kind == "closed"


@contextlib.contextmanager
def web(answer):
    """A web server: `answer(path)` gives status, headers and body."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer((HOST, 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_several_challenges_in_one_header_are_all_found():
    header = (
        "WWW-Authenticate",
        'Digest realm="a, b=\\"c\\"", nonce="n", qop="auth", Basic realm="plain", Bearer',
    )
    with web(lambda path: (401, [header], "")) as port:
        service = identify(HOST, port)

    assert kinds(service) == {"digest", "basic", "bearer"}


def test_an_interface_that_answers_401_without_a_scheme_is_a_challenge():
    def answer(path):
        if path == "/":
            return 200, [("Content-Type", "text/html")], '<script>fetch("/api/v2/status")</script>'
        return (401, [], "{}") if path == "/api/v2/status" else (404, [], "")

    with web(answer) as port:
        service = identify(HOST, port)

    assert kinds(service) == {"api"}
    assert "/api/v2/status" in service.challenges[0].detail


def test_a_login_that_takes_only_posts_is_a_challenge():
    with web(lambda path: (405, [], "") if path == "/api/login" else (404, [], "")) as port:
        service = identify(HOST, port)

    assert kinds(service) == {"api"}


def test_no_more_requests_are_made_than_allowed_and_none_leaves_the_server():
    asked = []

    def answer(path):
        asked.append(path)
        links = "".join(f'<a href="/{len(asked)}-{number}">x</a>' for number in range(30))
        return 200, [("Content-Type", "text/html")], f'{links}<a href="http://192.0.2.1/login">away</a>'

    with web(answer) as port:
        walk = explore(f"http://{HOST}:{port}/", max_requests=12)

    assert len(asked) == walk.requests == 12
    assert not walk.complete
    assert any("name more than could be asked" in note for note in walk.notes)


def test_a_web_server_with_more_pages_than_are_read_is_known_by_what_it_speaks():
    asked = []

    def answer(path):
        asked.append(path)
        return (
            200,
            [("Content-Type", "text/html")],
            "".join(f'<a href="/{len(asked)}-{n}">x</a>' for n in range(30)),
        )

    with web(answer) as port:
        service = identify(HOST, port)

    assert (service.kind, service.tls) == ("http", False)
    assert (service.complete, service.unread) == (False, True)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ('Basic realm="x"', [("basic", {"realm": "x"})]),
        ("Negotiate", [("negotiate", {})]),
        ("Negotiate YII=, NTLM", [("negotiate", {"token68": "YII="}), ("ntlm", {})]),
        (
            "Basic realm=unquoted , Digest realm = spaced",
            [("basic", {"realm": "unquoted"}), ("digest", {"realm": "spaced"})],
        ),
        ('Basic realm="open', [("basic", {})]),
        ("", []),
        (',,, ,Basic realm="x",,', [("basic", {"realm": "x"})]),
    ],
)
def test_www_authenticate_is_read(header, expected):
    assert [(scheme, values) for scheme, values in parse_www_authenticate([header])][
        : len(expected)
    ] == expected


def test_www_authenticate_of_any_length_is_read_in_bounded_time():
    hostile = 'a="' + "\\" * 50_000 + "," * 50_000

    assert isinstance(parse_www_authenticate([hostile]), list)


def test_forms_of_a_broken_page_are_found():
    page = parse_page('<form action=/a><input type="password" name=p><p><form action=/b><input type=text>')

    assert page.forms == [("/a", "get", ("p",))]


def test_a_password_field_outside_of_a_form_is_found():
    assert parse_page("<input type=password>").loose_password


@contextlib.contextmanager
def agent(answer):
    """A UDP server that answers once per datagram."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    listener.bind((HOST, 0))
    listener.settimeout(0.1)
    stop = threading.Event()

    def serve_datagrams():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                data, sender = listener.recvfrom(65535)
                reply = answer(data)
                if reply:
                    listener.sendto(reply, sender)

    thread = threading.Thread(target=serve_datagrams)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


def _snmp_answer(data):
    """A small agent: answers version 2c with a description, and version 3 with its engine identifier."""
    parts = _items(_items(data)[0][1])
    if parts[0][1] == b"\x01":
        request = _items(parts[2][1])
        names = _items(_items(request[3][1])[0][1])
        variable = _tlv(0x30, _tlv(0x30, _tlv(6, names[0][1]) + _tlv(4, b"camera\x1b[2J")))
        fields = b"".join(_tlv(tag, content) for tag, content in request[:3])
        return _tlv(
            0x30, b"".join(_tlv(tag, content) for tag, content in parts[:2]) + _tlv(0xA2, fields + variable)
        )
    security = _tlv(4, _tlv(0x30, _tlv(4, b"\x80\0\x1f\x88\x04x") + _tlv(2, b"\1") * 2 + _tlv(4, b"") * 3))
    return _tlv(0x30, _tlv(2, b"\3") + _tlv(parts[1][0], parts[1][1]) + security + _tlv(0x30, b""))


def test_an_snmp_agent_with_the_community_public_is_recognised():
    with agent(_snmp_answer) as port:
        service = identify_snmp(HOST, port)

    assert (service.kind, service.protocol) == ("snmp", "udp")
    assert kinds(service) == {"snmp-community", "snmp-v3"}
    assert service.banner == "camera\\x1b[2J"


def test_a_udp_service_that_is_no_snmp_is_unknown():
    with agent(lambda data: b"hello") as port:
        service = identify_snmp(HOST, port)

    assert service.kind == "unknown"
    assert service.banner == "hello"


def test_a_closed_udp_port_is_closed_and_a_silent_one_says_that_nothing_came():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
        silent = identify_snmp(HOST, port, timeout_s=0.1)
    closed = identify_snmp(HOST, port, timeout_s=0.2)

    assert (closed.kind, closed.note) == ("closed", "")
    assert "no answer" in silent.note


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x84\xff\xff\xff\xff", b"\x30\x02\x02", b"\x30\x80\0\0"]
)
def test_cut_or_lying_snmp_answers_are_none(data):
    assert _description(data) is None
    assert _engine_id(data) is None
