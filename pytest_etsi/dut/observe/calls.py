"""Whom the device calls while it is in use: the traffic of a while, recorded for all interfaces at once."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.capture import live_capture
from pytest_etsi.dut.reach.uplink import peer_of
from pytest_etsi.probes.capture import NotACaptureError
from pytest_etsi.profile.places import normal_host
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.capture import CaptureObservation

__all__ = ["called", "observe_calls"]

_LONGEST_S = 30.0
"""Seconds for which it is listened to; a device that calls less often has to be looked at by hand."""


def observe_calls(dut: Core) -> CaptureObservation:
    """Record whom the device calls, until it has called all peers of 28-LogIntf, or for half a minute; once in a run.

    Raises:
        Inconclusive: the profile does not say how its traffic is recorded (``access``), or that failed (``bench``).
    """
    return dut.recorder.once("calls", lambda: _watched(dut))


def _watched(dut: Core) -> CaptureObservation:
    peers = [entry.facts.peers for entry in dut.profile.ixit.ext_api if entry.facts.peers]
    with live_capture(dut, "calls") as recording:
        until = time.monotonic() + _LONGEST_S
        while (left := until - time.monotonic()) > 0:
            recording.wait(min(1.0, left))
            with contextlib.suppress(NotACaptureError):
                seen = recording.look()
                if all(called(seen, several) for several in peers):
                    break
        return recording.end()


def called(capture: CaptureObservation, peers: Iterable[str]) -> tuple[str, ...]:
    """Those of some peers ("api.example:443") that the device called; one that names no port is none."""
    found: list[str] = []
    for peer in peers:
        try:
            host, port = peer_of(peer)
        except Inconclusive:
            continue
        if any(
            flow.server_port == port
            and normal_host(host)
            in {
                normal_host(one)
                for one in (flow.server, flow.server_name, *capture.called(flow.server))
                if one
            }
            for flow in capture.outgoing
        ):
            found.append(peer)
    return tuple(found)
