"""The name by which tests ask for a table, in either edition."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["argument_name"]

_BASE_NAMES = {"SecComMech": "ComMech", "PhyIntf": "Intf", "LogIntf": "ExtAPI"}
"""Tables that edition 2.1.1 renamed -> their name in edition 1.1.1."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]*")


@lru_cache(maxsize=256)
def argument_name(table: str) -> str:
    """The name by which tests ask for an entry of a table, in either edition: "1-AuthMech" -> "auth_mech"."""
    name = table.partition("-")[2] or table
    return "_".join(word.lower() for word in _WORDS.findall(_BASE_NAMES.get(name, name)))
