"""The short texts of `mentions.yaml` and `mentions-fourth.yaml`: a thing named and not covered, or covered in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from published_texts import Found, concluded, findings_of, ixit_of
from yaml_text import loaded

from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.probes.webdocs.model import Origin
from pytest_etsi.probes.webdocs.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Mention", "decided", "mentions", "mentions_by_a_third_author"]

_FILE = Path(__file__).with_suffix(".yaml")
_BLIND = _FILE.with_stem("mentions-fourth")
_MAKERS = (
    "Peepo",
    "Ringo",
    "Caldo",
    "Calor",
    "Deurbel",
    "Lampo",
    "Dzwonek",
    "Tala",
    "Timbre",
    "Waage",
    "Pesee",
    "Scales",
)
_UNITS = {
    "21-PersData": ("6-1-2/b",),
    "22-ExtSens": ("5.8-3-1/b",),
    "24-TelData": ("6-5-2/b", "6-5-2/c"),
    "25-DelFunc": ("5.11-3-1/b",),
    "26-UserDec": ("5.12-2-1/b",),
}


@dataclass(frozen=True, eq=False)
class Mention:
    """A short text, and the unit that is asked of it.

    Attributes:
        name: of the case.
        unit: id of the test unit.
        entry: the one entry of the IXIT, with its table.
        text: as it is published, in Markdown.
        covered: whether the entry is covered.
    """

    name: str
    unit: str
    entry: dict[str, Any]
    text: str
    covered: bool


def mentions() -> Iterator[Mention]:
    """Those that are tested, in order."""
    written = loaded(_FILE.read_text(encoding="utf-8"))
    return _mentions(written, written)


def mentions_by_a_third_author() -> Iterator[Mention]:
    """Those that are only measured, in order."""
    return _mentions(*(loaded(file.read_text(encoding="utf-8")) for file in (_FILE, _BLIND)))


def _mentions(frame: dict[str, Any], written: dict[str, Any]) -> Iterator[Mention]:
    for group in ("named", "covered"):
        for number, one in enumerate(written[group], 1):
            entry = dict(frame["entries"][one["asks"]])
            if "mentions" in one:
                entry["facts"] = entry["facts"] | {"mentions": one["mentions"]}
            text = f"{frame['around'][one['in']]}\n\n{one['text']}"
            for unit in _UNITS[entry["table"]]:
                name = f"{group} {number}: {one.get('kind', 'plain')}, {one['asks']}, {unit}"
                yield Mention(name, unit, entry, text, group == "covered")


@cache
def decided(mention: Mention) -> Found:
    """What the criteria say of it."""
    table, fields = mention.entry["table"], {k: v for k, v in mention.entry.items() if k != "table"}
    origin = Origin("https://maker.example/text.md", status=200, headers=(("content-type", "text/markdown"),))
    read = text_of([read_document(origin, mention.text.encode())])
    return concluded(
        findings_of(mention.unit, "It", ixit_of({table: [{"ID": "It", **fields}]}), read, _MAKERS)
    )
