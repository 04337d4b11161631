"""Flaws of the virtual camera in how it comes back to a cloud service that it has lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from virtual_process import until

if TYPE_CHECKING:
    from collections.abc import Callable

    from virtual_process import Process


def _announced(camera: Process) -> list[float]:
    """The waits that the camera's log tells, in seconds."""
    lines = camera.bench("GET", "/log").json()["lines"]
    return [
        float(found[1])
        for line in lines
        if "cloud:" in line and (found := re.search(r"next attempt in (\S+) s", line))
    ]


@pytest.mark.parametrize(
    ("flaw", "waits"),
    [("no-backoff", [0.0] * 20), ("constant-retry", [1.0, 1.0])],
)
def test_the_waits_are_those_of_the_flaw(
    start: Callable[..., Process], flaw: str, waits: list[float]
) -> None:
    camera = start("--initialized", "--flaw", flaw)
    camera.bench("PUT", "/uplink", {"cut": True})

    assert until(15, lambda: len(_announced(camera)) >= len(waits))
    assert _announced(camera)[: len(waits)] == waits


def test_a_camera_without_flaws_waits_longer_each_time(start: Callable[..., Process]) -> None:
    camera = start("--initialized")
    camera.bench("PUT", "/uplink", {"cut": True})

    assert until(15, lambda: len(_announced(camera)) >= 2)
    first, second = _announced(camera)[:2]
    assert 0.5 <= first <= 1.0 <= second <= 2.0
