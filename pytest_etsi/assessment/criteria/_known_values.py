"""Values that the profile states of the device, found in what it tells, in whatever form they are told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria._versions import is_of_software

if TYPE_CHECKING:
    from pytest_etsi.profile import Profile

__all__ = ["Known", "known_values"]

_SHORTEST = 2
_DISTINCT = 6
"""Letters from which on a value is recognised within other text."""


@dataclass(frozen=True, slots=True)
class Known:
    """A value of the device.

    Attributes:
        what: "serial number", "MAC address" ...
        pattern: finds it.
        distinct: it is long enough that it stands for nothing else.
        matters: it is security-relevant for itself.
        identifies: it tells this device from others of its kind.
    """

    what: str
    pattern: re.Pattern[str]
    distinct: bool
    matters: bool = False
    identifies: bool = True

    def found(self, text: str) -> str:
        """The value as it stands in a text; empty: it does not."""
        for match in self.pattern.finditer(text):
            if self.what != "software version" or is_of_software(text, match.start(), match.end()):
                return match[0]
        return ""


def known_values(profile: Profile) -> tuple[Known, ...]:
    """The values that the profile states and that can be recognised."""
    dut = profile.dut
    found = []
    for what, value, identifies in (
        ("serial number", dut.serial, True),
        ("name of the network", dut.ssid, True),
        ("model", dut.model, False),
    ):
        if value and len(value) >= _SHORTEST:
            distinct = identifies and len(value) >= _DISTINCT and any(letter.isdigit() for letter in value)
            found.append(Known(what, _value(value, within=distinct), distinct, identifies=identifies))
    if mac := re.sub(r"[^0-9a-f]", "", (dut.mac or "").lower()):
        found.append(Known("MAC address", _mac(mac), True))
    if len(dut.software) > _SHORTEST:
        distinct = dut.software.count(".") > 1 or len(dut.software) >= _DISTINCT
        pattern = re.compile(rf"(?i)(?<![\w.])v?{re.escape(dut.software)}(?![\w+~-]|\.\d)")
        found.append(Known("software version", pattern, distinct, matters=distinct, identifies=False))
    return tuple(found)


def _value(value: str, *, within: bool) -> re.Pattern[str]:
    """A value as a word of its own, or within a longer one that does not go on with further digits of it."""
    if not within:
        return re.compile(rf"(?<![^\W_]){re.escape(value)}(?![^\W_])", re.IGNORECASE)
    before = r"(?<!\d)" if value[0].isdigit() else ""
    after = r"(?!\d)" if value[-1].isdigit() else ""
    return re.compile(f"{before}{re.escape(value)}{after}", re.IGNORECASE)


def _mac(digits: str) -> re.Pattern[str]:
    """A MAC address in any usual form, and as the interface identifier of an IPv6 address (RFC 4291, appendix A)."""
    plain = "[:.-]?".join(re.findall("..?", digits))
    forms = [rf"(?<![0-9a-f]){plain}(?![0-9a-f])"]
    if len(digits) == 12:
        flipped = f"{int(digits[:2], 16) ^ 2:02x}{digits[2:6]}fffe{digits[6:]}"
        groups = [flipped[at : at + 4].lstrip("0") or "0" for at in range(0, 16, 4)]
        forms.append("0{0,3}" + ":0{0,3}".join(groups) + "(?![0-9a-f:])")
    return re.compile("|".join(forms), re.IGNORECASE)
