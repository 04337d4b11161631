"""Prose of the IXIT that speaks of what a condition of the ICS is about.

It proves nothing, but a statement that the condition is absent cannot be relied on beside it. Only plain words count,
and only in a field without a negation: silence here means nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_etsi.profile import Profile

__all__ = ["spoken_of"]

# Words that may turn what a sentence says into its opposite.
_NEGATION = re.compile(
    r"\b(?:no|not|non|none|never|without|neither|nor|instead|rather|less)\b|n't\b", re.IGNORECASE
)
_WORD = r"\bpass(?:word|phrase|code)s?\b"
_SET = r"\b(?:pre-?installed|preset|on (?:the|its|a) (?:label|sticker|underside))\b"


def _entry(argument: str, field: str, pattern: str) -> tuple[str, str, re.Pattern[str]]:
    return argument, field, re.compile(pattern, re.IGNORECASE | re.DOTALL)


_PASSWORD = _entry("auth_mech", "Authentication Factor", _WORD)
_PREINSTALLED = _entry("auth_mech", "Authentication Factor", f"{_WORD}.*{_SET}|{_SET}.*{_WORD}")
_USERS = _entry("auth_mech", "Description", r"\buser authentication\b")
_NETWORK = _entry("upd_mech", "Description", r"\bnetwork-based\b|\bover[- ]the[- ]air\b")
_CONDITIONS = {
    "1": _PASSWORD,
    "a": _PASSWORD,
    "2": _PREINSTALLED,
    "b": _PREINSTALLED,
    "8": _USERS,
    "d": _USERS,
    "11": _NETWORK,
    "j": _NETWORK,
}
"""Condition or feature -> table, field, and the words that speak of it."""


def spoken_of(profile: Profile, id: str) -> str:  # noqa: A002 - the pro forma's word
    """Where prose speaks of what the condition or feature is about, as a part of a sentence; empty: nowhere."""
    if id not in _CONDITIONS:
        return ""
    argument, field, pattern = _CONDITIONS[id]
    for entry in getattr(profile.ixit, argument):
        found = pattern.search(entry[field])
        if found and not _NEGATION.search(entry[field]):
            return f'{entry.source(field)}: {entry}: {field} speaks of "{" ".join(found[0].split())[:60]}"'
    return ""
