"""What the device does while it is cut off from the internet."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.capture import live_capture
from pytest_etsi.dut.reach.uplink import peer_of
from pytest_etsi.probes.capture import NotACaptureError
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.capture import LiveCapture
    from pytest_etsi.probes.capture import CaptureObservation

__all__ = ["observe_outage"]


def observe_outage(dut: Core) -> CaptureObservation:
    """Cut the device off, and watch whom it tries to reach; done once in a run for all mechanisms.

    It ends after `watch_s`, or as soon as each mechanism and logical interface with peers has made `watch_attempts`
    attempts.

    Raises:
        Inconclusive: no gateway, or no way to cut it off or to record (``access``), not permitted (``permission``), or
            it failed (``bench``).
    """
    return dut.recorder.once("outage", lambda: _watched(dut))


def _watched(dut: Core) -> CaptureObservation:
    access = dut.uplink.access
    ports: list[list[int]] = []
    for entry in (*dut.profile.ixit.com_mech, *dut.profile.ixit.ext_api):
        if entry.facts.peers:
            # A peer without a port leaves its own mechanism open, not the others.
            with contextlib.suppress(Inconclusive):
                ports.append([peer_of(peer)[1] for peer in entry.facts.peers])
    with live_capture(dut, "outage") as recording, dut.uplink.cut_off():
        _wait_for(recording, access.watch_s, access.watch_attempts, ports=ports)
        return recording.end()


def _wait_for(
    recording: LiveCapture, seconds: float, enough: int, *, ports: Iterable[Collection[int]]
) -> None:
    """Wait until as many attempts to connect were recorded for each group of ports, in seconds at most."""
    groups, until = [set(group) for group in ports], time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        recording.wait(min(1.0, left))
        with contextlib.suppress(NotACaptureError):
            tried = [one.server_port for one in recording.look().attempts]
            if all(sum(port in group for port in tried) >= enough for group in groups):
                return
