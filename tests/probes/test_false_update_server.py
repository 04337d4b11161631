"""The false server and the relay against real clients: careful ones, careless ones, and such as speak something else."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time

import pytest

from pytest_etsi import bounds
from pytest_etsi.probes.updates.false_server import Answers, FalseServer
from pytest_etsi.probes.updates.relay import Relay
from pytest_etsi.virtual.device.certificates import Certificates

PACKAGE = bytes(range(256)) * 40


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority that devices trust: its certificate, and one of a server with another name."""
    certificates = Certificates.at(tmp_path_factory.mktemp("authority"))
    certificates.ensure("127.0.0.1", "S1")
    return certificates.ca, certificates.special("other.pem", "elsewhere", ["www.example.net"])


@pytest.fixture
def quick(monkeypatch):
    """What waits for a device that says nothing does not wait for long."""
    monkeypatch.setattr(bounds, "UPDATE_SERVER", bounds.Question(0.3, 3.0, 4096))
    monkeypatch.setattr(bounds, "RELAY", bounds.Question(0.3, 0.5))


@pytest.fixture
def server(tmp_path):
    """Starts a false server for a package; gives it."""
    (tmp_path / "package").write_bytes(PACKAGE)
    with contextlib.ExitStack() as stack:

        def started(*, trouble="", package=tmp_path / "package", **given):
            answers = Answers("/updates", b'{"version": "2"}', "/fw/.*", package, trouble)
            return stack.enter_context(
                FalseServer("127.0.0.1", "updates.example", lambda _: answers, **given)
            )

        yield started


def careful(ca=None, name="updates.example"):
    context = ssl.create_default_context(cafile=ca)
    return context, name


def careless(name="updates.example", suites=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if suites:
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(suites)
    return context, name


def said(port, text, tls=None):
    """What a server answers to a text; empty where it is not spoken to."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as plain:
        talking = plain if tls is None else tls[0].wrap_socket(plain, server_hostname=tls[1])
        with talking:
            talking.sendall(text)
            answer = b""
            with contextlib.suppress(OSError):
                while part := talking.recv(65536):
                    answer += part
            return answer
    return b""


def asked(path, further=""):
    return f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer token\r\n{further}\r\n".encode()


def settled(server):
    """What the server has seen when it has seen to all connections."""
    end = time.monotonic() + 5
    while (server._open or not server.met().came) and time.monotonic() < end:
        time.sleep(0.005)
    return server.met()


# The false server -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("self_signed", [False, True])
def test_a_client_that_checks_certificates_asks_for_nothing(server, self_signed):
    false = server(self_signed=self_signed)
    answer = said(false.port, asked("/updates"), careful())
    met = settled(false)

    assert answer == b""
    assert (met.came, met.asked, met.has_objected) == (1, (), True)


def test_a_client_that_does_not_is_given_the_manifest_and_the_package(server):
    false = server()
    manifest = said(false.port, asked("/updates"), careless())
    package = said(false.port, asked("/fw/2?x=1"), careless())
    met = settled(false)

    assert manifest.endswith(b'{"version": "2"}')
    assert package.partition(b"\r\n\r\n")[2] == PACKAGE
    assert (met.asked, met.manifests, met.packages, met.clear) == (("GET /updates", "GET /fw/2"), 1, 1, False)


def test_a_client_that_trusts_every_name_of_an_authority_is_told_from_one_that_does_not(server, authority):
    ca, other = authority
    false = server(certificate=other)
    any_name, _ = careful(ca)
    any_name.check_hostname = False
    answers = [
        said(false.port, asked("/updates"), tls) for tls in (careful(ca), (any_name, "updates.example"))
    ]
    met = settled(false)

    assert [bool(one) for one in answers] == [False, True]
    assert (met.manifests, met.has_objected) == (1, True)


def test_it_answers_without_tls_too(server):
    false = server()
    answer = said(false.port, asked("/updates"))
    met = settled(false)

    assert answer.endswith(b'{"version": "2"}')
    assert (met.clear, met.manifests) == (True, 1)


def test_a_client_that_knows_rsa_only_sees_a_certificate(server):
    false = server()
    answer = said(false.port, asked("/updates"), careless(suites="AES128-SHA:ECDHE-RSA-AES128-SHA"))

    assert answer.endswith(b'{"version": "2"}')


def test_where_no_suite_is_common_nobody_has_refused_a_certificate(server, monkeypatch):
    monkeypatch.setattr("pytest_etsi.probes.updates.false_server.server_context", _strong)
    false = server()
    said(false.port, asked("/updates"), careless(suites="AES128-SHA"))
    met = settled(false)

    assert (met.came, met.asked, met.has_objected) == (1, (), False)
    assert met.objections == ("no shared cipher",)


def _strong(*certificates):
    from pytest_etsi.probes.tls.false_certificate import server_context

    context = server_context(*certificates)
    context.set_ciphers("ECDHE+AESGCM")
    return context


def test_what_a_device_says_of_itself_is_not_kept(server):
    false = server()
    said(false.port, asked("/updates"), careless())

    assert "token" not in str(settled(false))


@pytest.mark.parametrize("tls", [None, careless()], ids=["in clear", "by TLS"])
def test_another_protocol_is_told_and_is_no_refusal(server, quick, tls):
    false = server()
    said(false.port, b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x3c\x00\x00", tls)

    assert settled(false).asked == ("what is no request of HTTP",)


def test_who_ends_it_after_the_handshake_has_refused(server, quick):
    false = server()
    context, name = careless()
    with socket.create_connection(("127.0.0.1", false.port), 5) as plain:
        context.wrap_socket(plain, server_hostname=name).close()
    met = settled(false)

    assert (met.asked, met.has_objected) == ((), True)


@pytest.mark.parametrize("tls", [None, careless()], ids=["in clear", "by TLS"])
def test_who_waits_to_be_spoken_to_has_refused_nothing(server, quick, tls):
    false = server()
    said(false.port, b"", tls)  # until the server ends it
    met = settled(false)

    assert (met.asked, met.clear, met.has_objected) == (
        ("nothing, and waits to be spoken to",),
        tls is None,
        False,
    )


def test_a_connection_on_which_nothing_came_is_no_refusal(server, quick):
    false = server()
    socket.create_connection(("127.0.0.1", false.port), 5).close()
    met = settled(false)

    assert (met.came, met.asked, met.has_objected) == (1, (), False)


def test_a_handshake_that_comes_to_a_halt_is_no_refusal(server, quick):
    false = server()
    with socket.create_connection(("127.0.0.1", false.port), 5) as device:
        device.sendall(bytes.fromhex("160301"))
        device.recv(1000)
    met = settled(false)

    assert (met.asked, met.has_objected) == ((), False)


def test_a_package_can_be_fetched_in_stretches(server):
    false = server()
    first = said(false.port, asked("/fw/2", "Range: bytes=0-99\r\n"), careless())
    half = settled(false).packages
    rest = said(false.port, asked("/fw/2", "Range: bytes=100-\r\n"), careless())

    assert first.partition(b"\r\n\r\n")[2] + rest.partition(b"\r\n\r\n")[2] == PACKAGE
    assert (half, settled(false).packages) == (0, 1)


@pytest.mark.parametrize(
    ("trouble", "begins"), [("error-page", b"HTTP/1.1 503"), ("redirects", b"HTTP/1.1 302")]
)
def test_trouble_comes_in_the_place_of_the_package(server, trouble, begins):
    false = server(trouble=trouble)

    assert said(false.port, asked("/fw/2")).startswith(begins)
    assert settled(false).packages == 1


def test_bytes_without_end_end_when_the_device_has_enough(server):
    false = server(trouble="endless")
    with socket.create_connection(("127.0.0.1", false.port), 5) as plain:
        plain.sendall(asked("/fw/2"))
        got = len(plain.recv(65536))
    met = settled(false)

    assert got > 0
    assert met.packages == 1


@pytest.mark.parametrize(
    "text",
    [
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
        b"\0" * 1000 + b"\r\n\r\n",
        b"GET",
        b"\x16\x03\x01\xff\xff",
    ],
    ids=["long", "nulls", "cut off", "half a hello"],
)
def test_nonsense_leaves_it_standing(server, quick, text):
    false = server()
    said(false.port, text)
    said(false.port, asked("/updates"))

    assert settled(false).manifests == 1


def test_it_ends_with_connections_that_never_do(server, quick):
    false = server()
    left = [socket.create_connection(("127.0.0.1", false.port), 5) for _ in range(3)]
    began = time.monotonic()
    false.__exit__(None, None, None)

    assert time.monotonic() - began < 2
    for one in left:
        one.close()


def test_waiting_ends_with_the_package_or_with_the_time(server):
    false = server()
    began = time.monotonic()
    false.wait(0.05)
    without = time.monotonic() - began
    caller = threading.Thread(target=said, args=(false.port, asked("/fw/2")), daemon=True)
    caller.start()
    false.wait(30)
    caller.join(5)

    assert 0.05 <= without < 5
    assert time.monotonic() - began < 15


# The relay --------------------------------------------------------------------------------------------------


def test_a_relay_changes_nothing(server):
    false = server()
    with Relay("127.0.0.1", "127.0.0.1", false.port) as relay:
        answer = said(relay.port, asked("/fw/2"))
        met = relay.met()

    assert answer.partition(b"\r\n\r\n")[2] == PACKAGE
    assert (met.came, met.carried >= len(PACKAGE)) == (1, True)


def test_a_relay_says_that_nobody_answers_behind_it(quick):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with Relay("127.0.0.1", "127.0.0.1", port) as relay:
        answer = said(relay.port, asked("/"))
        end = time.monotonic() + 5
        while not relay.met().objections and time.monotonic() < end:
            time.sleep(0.005)
        met = relay.met()

    assert answer == b""
    assert (met.carried, len(met.objections)) == (0, 1)


def test_a_relay_that_is_led_to_itself_ends(quick, monkeypatch):
    monkeypatch.setattr("pytest_etsi.probes.updates.relay._MOST", 8)
    with Relay("127.0.0.1", "127.0.0.1", 1) as relay:
        relay._genuine = ("127.0.0.1", relay.port)
        said(relay.port, asked("/"))
        time.sleep(0.05)
        met = relay.met()

    assert met.came == 8
    assert met.carried == 0
