"""The bounded HTTP client reaches the allowed hosts only and always comes to an end."""

from __future__ import annotations

import gzip
import time

import httpx
import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes.http.client import (
    DeadlineExceeded,
    HostNotAllowed,
    allowed_host,
    bounded_client,
    same_origin,
)
from tests import daemons

from hostile_servers import BEHAVIOURS, serve  # isort: skip

HOST = "127.0.0.1"


@pytest.mark.parametrize(
    ("host", "port", "allowed", "expected"),
    [
        ("192.0.2.7", 80, ["192.0.2.7"], True),
        ("192.0.2.7", 80, ["192.0.2.7:443"], False),
        ("192.0.2.7", 443, ["192.0.2.7:443"], True),
        ("Camera.LOCAL", 80, ["camera.local"], True),
        ("evil-camera.local", 80, ["camera.local"], False),
        ("2001:db8::7", 80, ["2001:db8::7"], True),
        ("2001:db8::7", 443, ["[2001:db8::7]:443"], True),
        ("2001:db8::8", 443, ["[2001:db8::7]:443"], False),
    ],
)
def test_hosts_are_allowed_by_name_or_by_name_and_port(host, port, allowed, expected):
    assert allowed_host(host, port, allowed) is expected


@pytest.mark.parametrize(
    ("url", "other", "expected"),
    [
        ("https://lamp/a", "https://LAMP/b?c", True),
        ("https://lamp/", "https://lamp:443/", True),
        ("http://lamp:80/", "http://lamp/", True),
        ("https://lamp/", "http://lamp:443/", False),
        ("https://lamp/", "https://lamp:8443/", False),
        ("https://lamp/", "https://light/", False),
    ],
)
def test_an_origin_is_scheme_host_and_port_named_or_not(url, other, expected):
    assert same_origin(url, other) is expected


def test_a_page_is_fetched_over_http_and_https(tmp_path):
    with daemons.nginx(tmp_path / "http") as server, bounded_client([HOST]) as client:
        plain = client.get(f"http://{HOST}:{server.port}/")
    with daemons.nginx(tmp_path / "https", tls=True) as server, bounded_client([HOST]) as client:
        secure = client.get(f"https://{HOST}:{server.port}/")

    assert "it works" in plain.text
    assert plain.extensions["peer_certificate"] is None
    assert secure.extensions["peer_certificate"]


def test_a_certificate_is_verified_when_that_is_wished(tmp_path):
    with daemons.nginx(tmp_path, tls=True) as server:
        url = f"https://{HOST}:{server.port}/"
        with (
            bounded_client([HOST], verify=True) as client,
            pytest.raises(httpx.ConnectError, match=r"(?i)certificate"),
        ):
            client.get(url)
        with bounded_client([HOST], verify=str(server.extra["certificate"])) as client:
            assert client.get(url).status_code == 200


def test_another_host_is_refused_before_anything_is_sent():
    with (
        bounded_client([HOST]) as client,
        pytest.raises(HostNotAllowed, match=r"http://192\.0\.2\.1:80 is not allowed"),
    ):
        client.get("http://192.0.2.1/")


def test_a_redirect_to_another_host_is_refused():
    with (
        serve(BEHAVIOURS["redirects to another host"]) as port,
        bounded_client([HOST], follow_redirects=True) as client,
        pytest.raises(HostNotAllowed),
    ):
        client.get(f"http://{HOST}:{port}/")


def test_redirects_end_after_the_allowed_number():
    with (
        serve(BEHAVIOURS["redirects in a loop"]) as port,
        bounded_client([HOST], follow_redirects=True, max_redirects=3) as client,
        pytest.raises(httpx.TooManyRedirects),
    ):
        client.get(f"http://{HOST}:{port}/")


def test_a_body_is_cut_at_its_limit_and_says_so():
    with (
        serve(BEHAVIOURS["sends an HTTP body for ever"]) as port,
        bounded_client([HOST], max_body=10_000) as client,
    ):
        response = client.get(f"http://{HOST}:{port}/")

    assert len(response.content) == 10_000
    assert response.extensions["truncated"]


def test_a_decompression_bomb_is_unpacked_within_the_limit():
    with (
        serve(BEHAVIOURS["sends a decompression bomb"]) as port,
        bounded_client([HOST], max_body=100_000) as client,
    ):
        response = client.get(f"http://{HOST}:{port}/")

    assert len(response.content) == 100_000
    assert response.extensions["truncated"]


def test_a_compressed_body_is_unpacked():
    body = gzip.compress(b"<title>zipped</title>")

    def answer(connection):
        connection.recv(4096)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
        )

    with serve(answer) as port, bounded_client([HOST]) as client:
        assert client.get(f"http://{HOST}:{port}/").text == "<title>zipped</title>"


@pytest.mark.parametrize(
    "behaviour", ["drips HTTP headers", "accepts and never speaks", "sends chunks for ever"]
)
def test_a_request_ends_at_its_deadline_though_bytes_still_trickle(behaviour):
    started = time.monotonic()
    with (
        serve(BEHAVIOURS[behaviour]) as port,
        bounded_client([HOST], deadline_s=0.5, max_body=1 << 40) as client,
    ):
        with pytest.raises(httpx.HTTPError) as caught:
            client.get(f"http://{HOST}:{port}/", timeout=30)
        assert isinstance(caught.value, DeadlineExceeded | httpx.ReadError)

    assert time.monotonic() - started < FAR_TOO_LONG_S


def test_settings_of_the_environment_are_ignored(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://192.0.2.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://192.0.2.1:3128")
    with daemons.nginx(tmp_path) as server, bounded_client([HOST]) as client:
        assert client.get(f"http://{HOST}:{server.port}/").status_code == 200


def test_connections_are_reused_or_not_as_wished(tmp_path):
    with daemons.nginx(tmp_path) as server:
        url = f"http://{HOST}:{server.port}/"
        sources = {}
        for keep_alive in (True, False):
            with bounded_client([HOST], keep_alive=keep_alive) as client:
                sources[keep_alive] = {client.get(url).headers.get("connection") for _ in range(3)}
                sources[keep_alive, "open"] = len(client._transport._pool.connections)

    assert sources[True, "open"] == 1
    assert sources[False, "open"] == 0


def test_who_asks_calls_itself_a_browser_and_by_its_name_unless_told_otherwise():
    asked = []

    def behave(connection):
        asked.append(connection.recv(65536).decode().lower())
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    with serve(behave) as port:
        for headers in ({}, {"user-agent": "app/1"}):
            with bounded_client(["127.0.0.1"], headers=headers) as client:
                client.get(f"http://127.0.0.1:{port}/")

    assert "user-agent: mozilla/5.0 (compatible; pytest-etsi)\r\n" in asked[0]
    assert "user-agent: app/1\r\n" in asked[1]
    assert asked[1].count("user-agent") == 1


def test_another_source_address_can_be_used():
    seen = []

    def answer(connection):
        seen.append(connection.getpeername()[0])
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")

    with serve(answer) as port, bounded_client([HOST], source="127.44.0.9") as client:
        client.get(f"http://{HOST}:{port}/")

    assert seen == ["127.44.0.9"]


def test_a_stranger_on_the_same_connection_carries_nothing_and_leaves_nothing():
    asked, seen = [], []

    def answer(connection):
        seen.append(connection)
        while data := connection.recv(65536):
            asked.append(data.decode().lower())
            cookie = f"Set-Cookie: session={len(asked)}\r\n"
            connection.sendall(f"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n{cookie}\r\n".encode())

    with serve(answer) as port, bounded_client([HOST]) as client:
        url = f"http://{HOST}:{port}/"
        client.headers["X-Token"], client.auth = "in", httpx.BasicAuth("owner", "password")
        client.get(url)
        stranger = client.get_as_stranger(url)
        client.get(url)
        with pytest.raises(HostNotAllowed):
            client.get_as_stranger("http://192.0.2.7/")

    carried = [[name for name in ("x-token", "authorization", "session=1") if name in one] for one in asked]
    assert carried == [["x-token", "authorization"], [], ["x-token", "authorization", "session=1"]]
    assert "user-agent: mozilla/5.0 (compatible; pytest-etsi)\r\n" in asked[1]
    assert (stranger.status_code, len(seen)) == (200, 1)
