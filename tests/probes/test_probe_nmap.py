"""nmap as a second opinion: run on open ports only, parsed without trust, compared with our own."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_etsi.probes._xml import XmlError
from pytest_etsi.probes.services import Service, identify, nmap
from pytest_etsi.probes.services.nmap import (
    NmapObservation,
    NmapPort,
    disagreements,
    parse_nmap,
    second_opinion,
)
from tests import daemons

HOST = "127.0.0.1"


def test_nmap_agrees_on_a_web_server(tmp_path):
    daemons.program("nmap")
    with daemons.nginx(tmp_path) as server:
        ours = identify(HOST, server.port)
        theirs = second_opinion(HOST, [server.port], deadline_s=60)

    assert theirs.version
    assert (theirs.ports[0].name, theirs.ports[0].product, theirs.ports[0].probed) == ("http", "nginx", True)
    assert "<nmaprun" in theirs.output
    assert not disagreements([ours], [theirs])


def opinion(name, *, tls=False, probed=True):
    return NmapObservation(HOST, "7.93", ports=(NmapPort(8443, name, tls, probed=probed),))


@pytest.mark.parametrize(
    ("service", "second", "count"),
    [
        (Service(HOST, 8443, kind="https", tls=True), opinion("http", tls=True), 0),
        (Service(HOST, 8443, kind="https", tls=True), opinion("ssh"), 1),
        (Service(HOST, 8443, kind="unknown"), opinion("ssh"), 1),
        (Service(HOST, 8443, kind="http"), opinion("http", tls=True), 1),
        (Service(HOST, 8443, kind="mqtt"), opinion("https", probed=False), 0),
        (Service(HOST, 8443, kind="mqtt"), opinion("tcpwrapped"), 0),
    ],
)
def test_disagreements_are_named(service, second, count):
    assert len(disagreements([service], [second])) == count


def test_without_nmap_there_is_no_opinion(monkeypatch):
    monkeypatch.setattr(nmap, "find_nmap", lambda: None)

    assert second_opinion(HOST, [1]).error == "nmap is not installed"


def test_a_run_that_takes_too_long_is_an_error(monkeypatch):
    def late(command, **options):
        raise subprocess.TimeoutExpired(command, 1)

    monkeypatch.setattr(nmap, "find_nmap", lambda: "/usr/bin/nmap")
    monkeypatch.setattr(nmap.subprocess, "run", late)

    assert second_opinion(HOST, [1]).error


def test_other_output_is_refused():
    with pytest.raises(XmlError):
        parse_nmap(b"<other/>")
    with pytest.raises(XmlError):
        parse_nmap(b'<!DOCTYPE n [<!ENTITY a "b">]><nmaprun version="1">&a;</nmaprun>')


@given(st.binary(max_size=100))
def test_any_output_is_parsed_or_refused(data):
    try:
        parse_nmap(data)
    except XmlError:
        return


def test_without_nmap_the_option_is_a_usage_error(tmp_path, monkeypatch):
    from suite_runs import run_suite

    monkeypatch.setenv("PATH", str(tmp_path))
    run = run_suite(tmp_path / "run", "virtual-camera", "--etsi-nmap", "--etsi-only=5.6-2-2")

    assert run.status == 4
    assert "nmap is not installed" in run.output
