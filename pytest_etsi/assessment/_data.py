"""Reference data of the assessment: the files of ``data/``, read once."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["read_json", "read_lines"]


@cache
def read_json(name: str) -> dict[str, Any]:
    """The JSON document `name` of the data directory. The result is shared: do not change it."""
    document: dict[str, Any] = json.loads(_text(name))
    return document


@cache
def read_lines(name: str) -> tuple[str, ...]:
    """The lines of a text file of the data directory, without comment lines (``# ``) and empty lines."""
    return tuple(line for line in _text(name).splitlines() if line and not line.startswith("# "))


def _text(name: str) -> str:
    return files("pytest_etsi.assessment").joinpath("data", name).read_text(encoding="utf-8")
