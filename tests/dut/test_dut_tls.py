"""The TLS settings of an endpoint are looked at once in a run, and again where something stayed open."""

from __future__ import annotations

from login_device import LoginDevice, profile_of

from pytest_etsi.dut import Dut
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
