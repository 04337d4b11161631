"""Shipped documents as one mapping, in which a test changes what it wants."""

from __future__ import annotations

from functools import cache
from typing import Any

from yaml_text import loaded

from pytest_etsi.profile import load_profile

__all__ = ["inline"]


@cache
def inline(name: str) -> dict[str, Any]:
    """The profile of that name with ICS and IXIT in it, and without judgements; not to be changed."""
    source = load_profile(name).path
    profile: dict[str, Any] = loaded(source.read_text(encoding="utf-8"))
    ixit: dict[str, Any] = {}
    for file in sorted((source.parent / "ixit").glob("*.yaml")):
        ixit |= loaded(file.read_text(encoding="utf-8"))
    ics = loaded((source.parent / "ics.yaml").read_text(encoding="utf-8"))
    return profile | {"ixit": ixit, "ics": ics, "judgements": []}
