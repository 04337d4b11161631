"""Sensors that a device shows to have, and the documents lack (5.8-3-1 c)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import Finding, Findings, Place
from pytest_etsi.assessment.reading.answers import affirmed
from pytest_etsi.probes.observation import printable
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from pytest_etsi.assessment.findings import Kind
    from pytest_etsi.dut.observe.sensors import SensorsSeen
    from pytest_etsi.profile import Ixit

__all__ = ["undocumented"]

_WORDS = {
    "sound": r"microphones?|sounds?|audio|acoustic|noise",
    "position": r"gps|gnss|position|location|latitude",
    "humidity": r"humidity|hygrometer",
    "temperature": r"temperature|thermometer|thermal",
    "light": r"ambient light|brightness|light sensor|illuminance|photo ?diode",
    "movement": r"acceler\w*|gyro\w*|motion sensor|vibration",
    "air": r"co2|carbon dioxide|air quality|particulate|voc",
    "pressure": r"pressure|barometer",
    "presence": r"radar|presence|occupancy|infrared|pir",
    "body": r"heart rate|pulse|fingerprint|biometric",
}


def undocumented(ixit: Ixit, seen: SensorsSeen) -> Findings:
    """What shows a sensor that 22-ExtSens lacks, and what was looked at, for who looks at casing and board."""
    table = ixit.ext_sens
    where = Place(str(table.source), table.id)
    text = " ".join(entry["Description"] for entry in table)
    found: list[Finding] = []
    for reading in seen.readings:
        if affirmed(text, re.compile(rf"\b(?:{_WORDS[reading.kind]})\b", re.IGNORECASE)):
            continue
        name = printable(reading.name, 100)
        message = f"{reading.where} tells {name!r}, and no sensor of {reading.kind} is documented"
        kind: Kind = "violation" if reading.measured else "note"
        found.append(Finding(kind, "completeness", message, expected="an entry of 22-ExtSens", place=where))
    looked = listed(seen.looked_at) or "nothing"
    message = f"readings of sensors were looked for in the answers of {printable(looked, 600)}"
    found.append(Finding("note", "completeness", message, place=where))
    found += (Finding("note", "completeness", printable(gap, 300), place=where) for gap in seen.gaps)
    return Findings(dict.fromkeys(found))
