"""The TLS settings of an endpoint are looked at once in a run, and again where something stayed open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.dut import Dut
from pytest_etsi.probes.tls import TlsObservation
from tests import daemons

HOST = "127.0.0.1"


class Kept:
    """Takes evidence."""

    def __init__(self):
        self.names = []

    def add(self, name, content):
        self.names.append((name, content["versions"]))


def test_an_endpoint_is_enumerated_once_and_evidence_of_each_unit(device: LoginDevice, tmp_path):
    dut, units = Dut(profile_of(tmp_path, device)), (Kept(), Kept())
    with daemons.nginx(tmp_path / "web", tls=True) as server:
        dut.recorder.attach(units[0])
        first = dut.network.tls(HOST, server.port)
    # The server is gone; what is known stays known.
    dut.recorder.attach(units[1])

    assert dut.network.tls(HOST, server.port) is first
    assert first.versions == ("TLSv1.2", "TLSv1.3")
    assert units[0].names == units[1].names == [(f"tls-{server.port}", ["TLSv1.2", "TLSv1.3"])]


def test_an_endpoint_that_stayed_open_is_asked_again(device: LoginDevice, tmp_path):
    dut, port = Dut(profile_of(tmp_path, device)), daemons.free_port()
    closed = dut.network.tls(HOST, port)
    with daemons.nginx(tmp_path / "web", port=port, tls=True):
        opened = dut.network.tls(HOST, port)

    assert not closed.complete
    assert opened.complete


@pytest.mark.parametrize(
    ("stated", "waited"),
    [({}, (3.0, 2.0, 180.0)), ({"answer_s": 15}, (15.0, 15.0, 900.0))],
    ids=["not said", "said"],
)
def test_device_is_given_the_time_that_the_profile_says(
    device: LoginDevice, tmp_path, monkeypatch, stated, waited
):
    given = []

    def enumerate_(host, port, *, timeout_s, deadline_s, **_):
        given.append((timeout_s, deadline_s))
        return TlsObservation(
            host,
            port,
            "",
            (),
            {},
            None,
            (),
            client_certificate=False,
            connections=0,
            complete=True,
            errors=(),
        )

    monkeypatch.setattr("pytest_etsi.probes.tls.enumerate_tls", enumerate_)
    monkeypatch.setattr("pytest_etsi.probes.tls.enumerate_dtls", enumerate_)
    profile = profile_of(tmp_path, device)
    network = profile.access.network.model_copy(update=stated)
    access = profile.access.model_copy(update={"network": network})
    dut = Dut(replace(profile, access=access))
    dut.network.tls(HOST, 443)
    dut.network.dtls(HOST, 5684)

    assert given == [(waited[0], waited[2]), (waited[1], waited[2])]
