"""The port scan over a cable of its own, from one network namespace into another: nothing else is there."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from forks import run_forked

from tests.namespaces import namespace, needs_namespaces

pytestmark = needs_namespaces

PORTS = (1, 22, 1883, 8443, 32768, 40001, 60999, 65535)

DEVICE = f"""
import socket, sys
held = []
for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    for port in {PORTS}:
        one = socket.socket(family)
        if family == socket.AF_INET6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        one.bind((address, port))
        one.listen()
        held.append(one)
print("ready", flush=True)
sys.stdin.read()
"""
SCAN = """
import json, subprocess, sys
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.ports import scan_tcp
from pytest_etsi.probes.witness import Watch
host, options = sys.argv[1], json.loads(sys.argv[2])
unplug = sys.argv[3:]
# A device that is not to come back need not be waited for.
watch = Watch(Deadline(120), pauses_s=(0.1, 0.3)) if unplug else None
def progress(done, total):
    if done >= 500 and unplug:
        subprocess.run(unplug, check=True)
        unplug.clear()
print(json.dumps(scan_tcp(host, progress=progress, watch=watch, **options).to_json()))
"""


@contextlib.contextmanager
def device():
    with namespace(cable=True) as net:
        program = subprocess.Popen(
            net.command(sys.executable, "-c", DEVICE), stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        try:
            assert program.stdout.readline() == b"ready\n"
            yield net
        finally:
            program.communicate(timeout=10)


@pytest.fixture(scope="module")
def net():
    with device() as net:
        yield net


def scan(net, host, *unplug, **options):
    with tempfile.TemporaryDirectory() as place:
        script = Path(place) / "scan.py"
        script.write_text(SCAN, encoding="utf-8")
        arguments = [str(script), host, json.dumps(options), *unplug]
        status, said = run_forked("script", arguments, timeout=120, network=net.bench_file)
    assert status == 0, said
    return json.loads(said)


@pytest.mark.parametrize(("technique", "method"), [("auto", "tcp-syn"), ("connect", "tcp-connect")])
@pytest.mark.parametrize("family", ["ipv4", "ipv6"])
def test_of_all_65535_ports_exactly_those_that_listen_are_open(net, family, technique, method):
    host = net.device if family == "ipv4" else net.device6

    seen = scan(net, host, technique=technique, rate=50_000)

    assert seen["method"] == method
    assert tuple(seen["open"]) == PORTS
    assert (seen["closed_count"], seen["filtered_count"]) == (65535 - len(PORTS), 0)
    assert seen["complete"]
    assert seen["error"] == ""


def test_an_address_at_which_nobody_is_gives_no_answer_and_says_so(net):
    seen = scan(net, "198.51.100.9", ports=[22, 80], timeout_s=0.2)

    assert (seen["open"], seen["closed_count"], seen["filtered_count"]) == ([], 0, 2)


@pytest.mark.parametrize("technique", ["auto", "connect"])
def test_a_device_that_falls_silent_on_the_way_has_not_shown_all_its_ports(technique):
    """The cable is pulled in the middle of the scan."""
    with device() as net:
        unplug = ("ip", "-n", net.name, "link", "set", "device", "down")

        seen = scan(
            net, net.device, *unplug, ports=list(range(1, 1200)), timeout_s=0.2, rate=2000, technique=technique
        )  # fmt: skip

    assert not seen["complete"]
    assert "fell silent" in seen["error"]
    assert seen["filtered_count"] > 0
