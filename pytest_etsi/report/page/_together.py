"""Evaluations of a unit that say the same, told once with all their entries: a thousand logins are no thousand pages.

What differs by the entry's own name alone is the same: names stand in the list of the entries, and a mark in the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["ITSELF", "together"]

ITSELF = "[the entry]"
"""Stands where each entry is named."""
_PLACE = "documents"
_MOST_OWN = 200
"""Entries whose own places and evidence are told beside them; those of more are where results.json has them."""


def together(shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What is left to be told, in the order in which it begins.

    Args:
        shown: evaluations of one unit, as `View` shows them. When they were carried out, where the documents say it
            and what their evidence is may differ: the last two are then told beside each entry.
    """
    found: dict[str, list[dict[str, Any]]] = {}
    for one in shown:
        said = [
            (
                part["label"],
                part["message"],
                part["origin"],
                [pair for pair in part["parts"] if pair[0] != _PLACE],
            )
            for part in one["findings"]
        ]
        key = repr((one["verdict"], one["cause"], one["reason"], one["parts"], said))
        # This mark is in no representation of a text, whatever is in the text.
        found.setdefault(_unnamed(key, one["where"], "\0"), []).append(one)
    return [same[0] if len(same) == 1 else _told_once(same) for same in found.values()]


def _unnamed(text: str, entry: str, mark: str = ITSELF) -> str:
    """A text with a mark where it names the entry."""
    if entry not in text:
        return text
    return re.sub(rf"(?<![\w-]){re.escape(entry)}(?![\w-])", mark, text)


def _told_once(same: list[dict[str, Any]]) -> dict[str, Any]:
    first = same[0]
    entry = first["where"]
    times = sorted(filter(None, (one["carried_out"] for one in same)))
    own = [_own(one) for one in same]
    unnamed = {_unnamed(repr(more), one["where"], "\0") for more, one in zip(own, same, strict=True)}
    alike = 1 in (len(set(own)), len(unnamed))
    named = not alike and len(same) <= _MOST_OWN

    def told(pairs: Iterable[tuple[str, str]], *, whole: bool = True) -> list[tuple[str, str]]:
        return [(label, _unnamed(text, entry)) for label, text in pairs if whole or label != _PLACE]

    return first | {
        "where": f"{len(same):,} entries",
        "entries": [_named(one["where"], more if named else ()) for one, more in zip(same, own, strict=True)],
        "reason": _unnamed(first["reason"], entry),
        "parts": told(first["parts"])
        + ([] if alike or named else [("places and evidence", "results.json has those of each entry")]),
        "carried_out": _span(times),
        "evidence": first["evidence"] if alike else [],
        "findings": [
            part
            | {
                "message": _unnamed(part["message"], entry),
                "parts": told(part["parts"], whole=alike),
                "evidence": part["evidence"] if alike else [],
            }
            for part in first["findings"]
        ],
    }


def _own(one: dict[str, Any]) -> tuple[str, ...]:
    """What an entry may have of its own: where the documents say it, and its evidence."""
    places = [text for part in one["findings"] for label, text in part["parts"] if label == _PLACE]
    links = [*one["evidence"], *(link for part in one["findings"] for link in part["evidence"])]
    files = (name.partition("/")[2] or name for name, _ in links)
    return tuple(dict.fromkeys([*places, *files]))


def _named(entry: str, own: tuple[str, ...]) -> str:
    """``AuthMech-web (AuthMech-web/01-identity.json)``."""
    return f"{entry} ({', '.join(own)})" if own else entry


def _span(times: list[str]) -> str:
    """From when to when, of the times of single evaluations in their order."""
    if not times or times[0] == times[-1]:
        return "".join(times[:1])
    first, last = (one.partition(",")[0] for one in (times[0], times[-1]))
    return f"from {first} to {last}; results.json has the time of each"
