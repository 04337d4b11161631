"""What became in TS 103 701 V2.1.1 of the units that a flaw fails in V1.1.1.

A test holds the table to the catalogues: what is not in it has kept its id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["BECAME", "became"]

BECAME: dict[str, tuple[str, ...]] = {
    "5.1-4-1/a": ("5.1-4-1/b",),
    # What is on by default is not asked any more, which settings work is asked one by one.
    "5.3-6-2/a": (),
    "5.3-6-2/b": ("5.3-6A-2/a",),
    "5.3-6-2/c": (),
    "5.3-6-2/d": ("5.3-6B-2/a",),
    "5.3-14-2/e": (),
    "5.3-15-2/a": ("5.3-15A-2/a",),
    "5.3-15-2/b": ("5.3-15A-2/b",),
    "5.3-15-2/c": ("5.3-15A-2/c",),
    "5.3-15-2/d": ("5.3-15B-2/a",),
    "5.3-15-2/e": ("5.3-15B-2/b",),
    # What answers at a port is a logical interface; for sockets and antennas, which unit b keeps, a person looks.
    "5.6-1-2/b": ("5.6-1-2/c",),
    # Of every interface it is asked whether it is on when it should be.
    "5.6-3-2/d": ("5.6-3-2/c",),
    "5.6-4-2/a": ("5.6-4A-2/a",),
    "5.11-4-1/a": ("5.11-4-1/b",),
    "5.11-4-1/b": ("5.11-4-1/c",),
    "5.12-3-1/a": ("5.12-3-2/d",),
    # That the guidance has every step is asked of the documents; on the device, whether a weakness is reported.
    "5.12-3-1/b": (),
    "5.12-3-1/c": ("5.12-3-2/e",),
    # Input by user interfaces and by network interfaces; most flaws are on a web page, which is both.
    "5.13-1-2/a": ("5.13-1A-2/b", "5.13-1B-2/a"),
    "5.13-1-2/b": ("5.13-1A-2/a",),
    # Compares the manual with network interfaces now: ports are for 5.5-5 and 5.6-1.
    "5.13-1-2/c": (),
    # That it is got as stated is a part of reading it; whether it is clear, with what for, by whom and how long, is
    # asked of each category.
    "6-1-2/a": ("6-1-2/a",),
    "6-1-2/b": ("6-1-2/a", "6-1-2/b"),
    "6-1-2/c": ("6-1-2/a",),
    "6-1-2/d": ("6-1-2/a",),
    "6-3-2/a": ("6-3A-2/a",),
}
"""Unit of V1.1.1 -> those of V2.1.1 that see by the same what it saw."""


def became(units: Iterable[str]) -> tuple[str, ...]:
    """The units of V2.1.1, each once."""
    return tuple(dict.fromkeys(one for unit in units for one in BECAME.get(unit, (unit,))))
