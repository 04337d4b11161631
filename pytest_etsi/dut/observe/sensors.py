"""Readings of sensors in what the device tells: values in answers of documented requests, and words of its console."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.observe.access.request import as_login, name_of
from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.probes.json_text import read_json
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.facts import Request

__all__ = ["Reading", "SensorsSeen", "observe_sensors"]

_MOST_REQUESTS = 60
_MOST_READINGS = 100
_DEEPEST = 12
_KEYS = {
    "sound": r"microphone|sound|noise|audio|loudness",
    "position": r"latitude|longitude|gps|gnss",
    "humidity": r"humidity",
    "temperature": r"temperature",
    "light": r"lux|illuminance|ambient_?light",
    "movement": r"acceleration|accelerometer|gyro(?:scope)?",
    "air": r"co2|voc|pm2_?5|pm10|air_?quality",
    "pressure": r"barometer|air_?pressure",
    "presence": r"radar|presence|occupancy",
    "body": r"heart_?rate|pulse|fingerprint",
}
_NAMES = {kind: re.compile(rf"(?:^|_)(?:{words})(?:_|$)", re.IGNORECASE) for kind, words in _KEYS.items()}
_OWN = re.compile(r"cpu|core|chip|soc|board|battery|internal|disk", re.IGNORECASE)
"""Words for what a device measures of itself."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A value that looks like a sensor's.

    Attributes:
        kind: what is sensed.
        name: of the value, with the names that it is nested in.
        where: what told it.
        measured: it is a number, as sensors give one, and of the surroundings by its name.
    """

    kind: str
    name: str
    where: str
    measured: bool


@dataclass(frozen=True, slots=True)
class SensorsSeen:
    """What was found.

    Attributes:
        readings: values that look like a sensor's.
        looked_at: what was looked at.
        gaps: what could not be, a sentence each.
    """

    readings: tuple[Reading, ...] = ()
    looked_at: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_sensors(dut: Core) -> SensorsSeen:
    """Look for readings in the answers of the requests that 13-SoftServ documents; done once in a run."""
    return dut.recorder.once("sensors", lambda: _observe(dut))


def _observe(dut: Core) -> SensorsSeen:
    requests = [
        one
        for entry in dut.profile.ixit.soft_serv
        for one in entry.access.requests
        if one.method == "GET" and one.login
    ][:_MOST_REQUESTS]
    readings: list[Reading] = []
    looked_at: list[str] = []
    gaps: list[str] = []
    for request in requests:
        where = name_of(request)
        content = _content(dut, request, gaps)
        if content is not None:
            looked_at.append(where)
            readings += _readings(content, where, "", _DEEPEST)
    seen = SensorsSeen(tuple(readings[:_MOST_READINGS]), tuple(looked_at), tuple(gaps))
    dut.recorder.observed("sensors", seen)
    return seen


def _content(dut: Core, request: Request, gaps: list[str]) -> Any:
    """The JSON that a request gives; None: it gives none."""
    try:
        tried, answer = as_login(dut, request, "with the right")
    except (Inconclusive, httpx.InvalidURL) as error:
        gaps.append(f"{name_of(request)}: {error}")
        return None
    if answer is None or not tried.granted:
        gaps.append(f"{name_of(request)}: {tried.status}")
        return None
    try:
        return read_json(text_of(answer))
    except ValueError:
        return None


def _readings(content: Any, where: str, path: str, deep: int) -> Iterator[Reading]:
    if deep and isinstance(content, list):
        for one in content:
            yield from _readings(one, where, path, deep - 1)
    if not deep or not isinstance(content, dict):
        return
    for key, value in content.items():
        name = f"{path}.{key}" if path else str(key)
        snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", str(key)).replace("-", "_")
        for kind, pattern in _NAMES.items():
            if pattern.search(snake):
                number = isinstance(value, int | float) and not isinstance(value, bool)
                yield Reading(kind, name, where, measured=number and not _OWN.search(name))
        yield from _readings(value, where, name, deep - 1)
