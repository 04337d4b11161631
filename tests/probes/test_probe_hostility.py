"""Whatever a server does, every probe ends within its time, returns an observation, and shows nothing harmful."""

from __future__ import annotations

import json
import re
import resource
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.probes import disclosure, ssh, telnet
from pytest_etsi.probes.http.client import bounded_client
from pytest_etsi.probes.http.logins import explore
from pytest_etsi.probes.mqtt import connection as mqtt
from pytest_etsi.probes.ports import scan_tcp
from pytest_etsi.probes.services import Service, identify
from pytest_etsi.probes.tls import enumerate_tls
from pytest_etsi.probes.webdocs import fetch_document

from hostile_servers import BEHAVIOURS, serve  # isort: skip
from hostile_web import WEB  # isort: skip

HOST = "127.0.0.1"
TIME_S = 1.2
MARGIN_S = FAR_TOO_LONG_S


def _fetch(port):
    with bounded_client([HOST], timeout_s=TIME_S, max_body=200_000, max_redirects=5) as client:
        return fetch_document(client, f"http://{HOST}:{port}/", deadline_s=TIME_S)


def _disclosed(port):
    service = Service(HOST, port, "tcp", kind="http")
    return disclosure.collect(HOST, [service], timeout_s=0.4, deadline_s=TIME_S, max_requests=12)


PROBES = {
    "identify": lambda port: identify(HOST, port, timeout_s=0.4, deadline_s=TIME_S),
    "tls": lambda port: enumerate_tls(HOST, port, timeout_s=0.4, deadline_s=TIME_S),
    "ssh": lambda port: ssh.enumerate_ssh(HOST, port, timeout_s=TIME_S),
    "ssh methods": lambda port: ssh.ssh_auth_methods(HOST, port, "root", timeout_s=TIME_S),
    "ssh login": lambda port: ssh.attempt(HOST, port, "root", "x", timeout_s=TIME_S),
    "telnet login": lambda port: telnet.attempt(HOST, port, "root", "x", timeout_s=TIME_S),
    "mqtt login": lambda port: mqtt.attempt(HOST, port, "root", "x", timeout_s=TIME_S),
    "web": lambda port: explore(f"http://{HOST}:{port}/", timeout_s=0.4, deadline_s=TIME_S),
    "document": _fetch,
    "disclosure": _disclosed,
    "ports": lambda port: scan_tcp(HOST, [port], timeout_s=0.4, deadline_s=TIME_S),
}


def _timed(probe, port):
    started = time.monotonic()
    seen = probe(port)
    return seen, time.monotonic() - started


ALL = {**BEHAVIOURS, **WEB}


@pytest.mark.parametrize("behaviour", ALL)
def test_every_probe_ends_in_time_and_says_what_it_saw(behaviour):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with serve(ALL[behaviour]) as port, ThreadPoolExecutor(len(PROBES)) as pool:
        running = {name: pool.submit(_timed, probe, port) for name, probe in PROBES.items()}
        ended = {name: future.result(timeout=2 * FAR_TOO_LONG_S) for name, future in running.items()}

    late = {name: round(seconds, 1) for name, (_, seconds) in ended.items() if seconds > TIME_S + MARGIN_S}
    assert not late, f"stated time {TIME_S} s"
    for name, (seen, _) in ended.items():
        text = json.dumps(seen.to_json())
        assert len(text) < 3_000_000, name
        assert "accepted" not in getattr(seen, "outcome", ""), name
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 200_000, "KiB more memory"


@pytest.mark.parametrize("behaviour", [name for name in BEHAVIOURS if "escapes" in name or "random" in name])
def test_what_is_shown_of_a_service_cannot_act_on_a_terminal(behaviour):
    with serve(BEHAVIOURS[behaviour]) as port:
        seen = identify(HOST, port, timeout_s=0.4, deadline_s=2.0)

    shown = " ".join([seen.banner, seen.note, *(challenge.detail for challenge in seen.challenges)])
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", shown)


def test_no_behaviour_is_there_twice_and_there_are_many():
    assert not set(BEHAVIOURS) & set(WEB)
    assert len(ALL) >= 60


WALKED = {
    "sends a bomb in a bomb": "longer than",
    "sends gzip that ends early": "cut",
    "says gzip and sends none": "could not be unpacked from gzip",
    "says an unknown coding": "could not be unpacked from x-own",
    "sends a decompression bomb": "longer than",
    "redirects in a loop": "leads to more than 12 pages",
    "sends JSON 100,000 levels deep": "longer than",
    "drips a body": "ran out of time",
    "sends one header of 8 MB": "not answered",
}


@pytest.mark.parametrize("behaviour", WALKED)
def test_what_could_not_be_read_is_not_taken_for_nothing(behaviour):
    """A page that is not read may disclose anything."""
    with serve(ALL[behaviour]) as port:
        seen = PROBES["disclosure"](port)

    assert any(WALKED[behaviour] in gap for gap in seen.gaps), seen.gaps


UNREADABLE = {
    "says gzip and sends none": "cannot be unpacked",
    "redirects to another host": "not fetched",
    "redirects in a ring of two": "not fetched",
    "redirects to a file": "not fetched",
    "sends a chunk of 2^64 bytes": "not fetched",
    "says two lengths": "not fetched",
    "drips HTTP headers": "no complete answer within",
}


@pytest.mark.parametrize("behaviour", UNREADABLE)
def test_a_document_that_cannot_be_had_says_why(behaviour):
    with serve(ALL[behaviour]) as port:
        seen = PROBES["document"](port)

    assert not seen.readable
    assert UNREADABLE[behaviour] in seen.note
