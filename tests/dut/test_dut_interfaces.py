"""Where interfaces of edition 2.1.1 are met: by what answers over them, and by what the device calls."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from bench_world import device_of

from pytest_etsi.dut.observe import interfaces
from pytest_etsi.dut.observe.calls import called
from pytest_etsi.verdict import Cause, Inconclusive

PHYSICAL = [{"ID": "Lan", "Type": "network"}, {"ID": "Radio", "Type": "network, air"}]
LOGICAL = [
    {"ID": "Page", "Access": "Lan, local", "facts": {"endpoint": "443/tcp"}},
    {"ID": "Both", "Access": "Lan, Radio", "facts": {"endpoint": "80/tcp"}},
    {
        "ID": "Report",
        "Access": "Lan, remote",
        "facts": {"direction": "outgoing", "peers": ["api.example:8443"]},
    },
]


def capture(*flows):
    seen = [
        SimpleNamespace(server=server, server_port=port, server_name=name) for server, port, name in flows
    ]
    return SimpleNamespace(
        outgoing=tuple(seen), called=lambda server: {"198.51.100.7": ("api.example",)}.get(server, ())
    )


@pytest.mark.parametrize(
    ("flow", "expected"),
    [
        (("198.51.100.7", 8443, ""), ("api.example:8443",)),
        (("198.51.100.8", 8443, "API.example"), ("api.example:8443",)),
        (("198.51.100.8", 8443, ""), ()),
        (("198.51.100.7", 443, ""), ()),
    ],
)
def test_a_peer_is_called_by_its_name_and_port(flow, expected):
    assert called(capture(flow), ("api.example:8443", "nowhere")) == expected


@pytest.fixture
def seen(tmp_path, monkeypatch):
    """What was seen of an interface, where something answers at some ports and the device calls somebody, or nobody."""

    def look(name, *ports, flows=()):
        def calls(_dut):
            if flows is None:
                raise Inconclusive("no recorder", cause=Cause.ACCESS, settle="")
            return capture(*flows)

        monkeypatch.setattr(interfaces, "observe_calls", calls)
        dut = device_of(
            tmp_path, {}, ixit={"15-PhyIntf": PHYSICAL, "28-LogIntf": LOGICAL}, edition_id="2.1.1"
        )
        services = [
            SimpleNamespace(kind="http", protocol="tcp", port=port, host="127.0.0.1") for port in ports
        ]
        monkeypatch.setattr(type(dut.network), "services", lambda _self: SimpleNamespace(services=services))
        ixit = dut.profile.ixit
        return dut.interface(ixit.intf.get(name) or ixit.ext_api.get(name))

    return look


def test_a_physical_interface_is_met_by_what_is_reached_by_it_alone(seen):
    assert seen("Lan", 443).addressed == ("tcp/443",)
    assert seen("Lan", 443).answering == ("http on tcp/443 of 127.0.0.1",)
    assert seen("Lan", 80).answering == ()
    # What may be reached by another one shows nothing of either.
    assert seen("Radio", 80).addressed == ()


def test_a_logical_interface_is_met_at_its_port(seen):
    assert seen("Both", 80, 443).answering == ("http on tcp/80 of 127.0.0.1",)


def test_one_by_which_the_device_calls_is_met_in_its_traffic(seen):
    assert seen("Report", flows=[("198.51.100.7", 8443, "")]).answering == (
        "the device calls api.example:8443",
    )
    silent = seen("Report", flows=[])
    assert (silent.addressed, silent.answering) == (("what the device calls (api.example:8443)",), ())
    assert seen("Report", flows=None).gaps == ("no recorder",)
