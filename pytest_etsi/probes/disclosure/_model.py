"""What was told without a login, item by item, and the collection of it within bounds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pytest_etsi.probes.observation import Observation, printable

__all__ = ["CONTINUED", "DEVICE", "MAX_TEXT", "OVERLAP", "Collection", "Disclosed", "DisclosureObservation"]

DEVICE = "<device>"
"""Stands for the device's own address, which whoever asks knows already."""
CONTINUED = "…"
"""Begins a piece of a text that is longer than one item."""
OVERLAP = 80
"""Characters at its beginning that ended the piece before, to whose context they belong."""
MAX_TEXT = 400
_MAX_SCRIPT = 4000
_MAX_ITEMS = 2000
_VALUES_PER_FIELD = 200


@dataclass(frozen=True, slots=True)
class Disclosed(Observation):
    """One thing that was told without a login.

    Attributes:
        protocol: "tcp" or "udp".
        port: where.
        where: the path of a page, or empty.
        field: what carried it: "banner", "header", "cookie", "realm", "title", "generator", "comment", "text", "json",
            "script", "listing", "certificate", "xml", "sdp", "mdns", "upnp", "coap", "snmp", "mqtt" ...
        name: of the header, key or attribute; empty where the field has none.
        text: printable and bounded; the device's own address is replaced by `DEVICE`.
    """

    protocol: str
    port: int
    where: str
    field: str
    name: str
    text: str

    @property
    def full(self) -> str:
        """Name and text as they are written in documents: ``Server: ExampleCam``."""
        return f"{self.name}: {self.text}" if self.name else self.text

    def __str__(self) -> str:
        """With its place, for a report."""
        place = f"{self.protocol}/{self.port}{' ' + self.where if self.where else ''}"
        return f"{place}: {self.field} {self.full!r}"


@dataclass(frozen=True, slots=True)
class DisclosureObservation(Observation):
    """All that was told.

    Attributes:
        host: as asked for.
        items: each once, with the first place where it was seen.
        sources: what was asked, one phrase each.
        gaps: what could not be asked or read to its end.
        duration_s: seconds.
    """

    host: str
    items: tuple[Disclosed, ...]
    sources: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    duration_s: float = 0.0


@dataclass(slots=True)
class Collection:
    own: tuple[str, ...]
    protocol: str = "tcp"
    port: int = 0
    items: dict[tuple[str, int, str, str, str], Disclosed] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    counts: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, where: str, kind: str, name: str, text: str) -> None:
        """Take in an item; a long one in overlapping pieces, so that nothing in it goes unseen."""
        for address in self.own:
            text = re.sub(rf"(?<![\w.]){re.escape(address)}(?![\w.]*\w)", DEVICE, text)
        text = " ".join(text.split())
        size = _MAX_SCRIPT if kind == "script" else MAX_TEXT
        for start in range(0, max(1, len(text) - OVERLAP), size - OVERLAP):
            begins = CONTINUED if start else ""
            self._add(where, kind, name, begins + text[start : start + size - len(begins)])

    def _add(self, where: str, kind: str, name: str, text: str) -> None:
        shown = printable(text, len(text))
        if not shown:
            return
        item = Disclosed(self.protocol, self.port, printable(where, 120), kind, printable(name, 60), shown)
        key = (item.protocol, item.port, item.field, item.name, item.text)
        if key in self.items:
            return
        count = self.counts[item.port, kind] = self.counts.get((item.port, kind), 0) + 1
        if count > _VALUES_PER_FIELD or len(self.items) >= _MAX_ITEMS:
            gap = f"{item.protocol}/{item.port}: more than {_VALUES_PER_FIELD} different {kind} items"
            if gap not in self.gaps:
                self.gaps.append(gap)
            return
        self.items[key] = item
