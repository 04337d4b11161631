"""A device whose software is altered: watched through a gateway that streams what it sends, restored in every case."""

from __future__ import annotations

import contextlib
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from login_device import LoginDevice, profile_of

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe import failed_boot
from pytest_etsi.standard import edition

PCAP = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 101)  # raw IP


def _syn(port):
    """A packet with which the device at 127.0.0.1 begins a connection to 203.0.113.9."""
    ip = struct.pack(
        "!BBHHHBBH4s4s", 0x45, 0, 40, 1, 0, 64, 6, 0, bytes([127, 0, 0, 1]), bytes([203, 0, 113, 9])
    )
    packet = ip + struct.pack("!HHIIBBHHH", port, 443, 1, 0, 0x50, 2, 1024, 0, 0)
    now = time.time()
    return struct.pack("<IIII", int(now), int(now % 1 * 1e6), len(packet), len(packet)) + packet


class Gateway:
    """Streams a capture in which the device talks, or does not; and the bench's hand on the device."""

    def __init__(self, *, talks="always", alert=True):
        self.talks, self.alert = talks, alert
        self.altered = False
        self.done = []
        gateway = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                with contextlib.suppress(OSError):
                    self.wfile.write(PCAP)
                    for port in range(40_000, 40_200):
                        if gateway.talks == "always" or (gateway.talks == "sound" and not gateway.altered):
                            self.wfile.write(_syn(port))
                        time.sleep(0.05)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/capture"

    def __enter__(self):
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        ).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def operations(self):
        def alter(_dut):
            self.altered = True
            self.done.append("alter")

        def restore(_dut):
            self.altered = False
            self.done.append("restore")

        def alerted(_dut):
            if not (self.altered and self.alert):
                raise RuntimeError("the light is off")

        return {"alter": alter, "restore": restore, "alerted": alerted}


@pytest.fixture
def watched(device: LoginDevice, tmp_path, monkeypatch):
    """Makes the findings on a device behind a gateway."""
    monkeypatch.setattr(failed_boot, "_BACK_WITHIN_S", 0.6)

    def watch(gateway, *, permissions=("update",), **changes):
        boot = {
            "ID": "SecBoot-1",
            "facts": {"alerts_on": ["device"]},
            "access": {
                "alter": "alter",
                "restore": "restore",
                "alerted": "alerted",
                "watch_s": 0.8,
                "alert_within_s": 0.6,
            }
            | changes,
        }
        declared = {"kind": "http", "url": f"{device.base}/reset"}
        profile = profile_of(
            tmp_path,
            device,
            access={
                "bench_hosts": ["127.0.0.1"],
                "uplink": {"capture": gateway.url},
                "operations": dict.fromkeys(("alter", "restore", "alerted"), declared),
            },
            ixit={table.id: {} if table.single else [] for table in edition("1.1.1").tables}
            | {"20-SecBoot": [boot]},
        )
        dut = Dut(profile, operations=gateway.operations(), permissions=permissions)
        entry = profile.ixit.table("20-SecBoot")[0]
        return criteria.failed_boot.watched(entry, dut.failed_boot(entry))

    return watch


def test_a_device_that_falls_silent_passes_and_one_that_talks_fails(watched):
    with Gateway(talks="sound") as silent, Gateway(talks="always") as talking:
        assert not watched(silent)
        found = watched(talking)

    assert [one.kind for one in found] == ["violation"]
    assert "203.0.113.9 port 443" in str(found)
    assert silent.done == talking.done == ["alter", "restore"]


def test_without_an_alert_nothing_is_concluded_and_the_software_is_restored(watched):
    with Gateway(talks="sound", alert=False) as gateway:
        found = watched(gateway)

    assert [one.kind for one in found] == ["unknown"]
    assert "the light is off" in str(found)
    assert gateway.done == ["alter", "restore"]


def test_a_recorder_that_never_saw_the_device_shows_nothing(watched):
    with Gateway(talks="never") as gateway:
        found = watched(gateway)

    assert [one.kind for one in found] == ["unknown"]
    assert "the sound device said nothing" in str(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"alter": None, "restore": None}, "access.alter does not say"),
        ({"alerted": None}, "neither access.alerted nor access.alert_pattern"),
        ({"alerted": None, "alert_pattern": "halted"}, "gives no access.serial"),
        ({"permissions": ("outage",)}, "the permission update is not given"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(watched, changes, words):
    with Gateway() as gateway:
        found = watched(gateway, **changes)

    assert [one.kind for one in found] == ["unknown"]
    assert words in str(found)
    assert gateway.done == []
