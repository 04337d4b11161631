"""JSON of a device or of a stranger, read within bounds."""

from __future__ import annotations

import json
from typing import Any

from pytest_etsi import bounds

__all__ = ["read_json"]


def read_json(data: bytes | str) -> Any:
    """The value that a document holds.

    Raises:
        ValueError: it is no JSON, or larger, deeper or of more parts than `bounds.JSON` allows.
    """
    most = bounds.JSON
    if len(data) > most.most:
        raise ValueError(f"larger than {most.most} bytes")
    # Before anything is made of it: a value takes many times the two characters that it may be written in.
    if isinstance(data, bytes):
        parts = data.count(b",") + data.count(b"[") + data.count(b"{")
    else:
        parts = data.count(",") + data.count("[") + data.count("{")
    if parts > most.items:
        raise ValueError(f"more than {most.items} values")
    try:
        # A byte order mark may stand before it and may be ignored (RFC 8259, section 8.1).
        value = json.loads(data.removeprefix("\ufeff") if isinstance(data, str) else data)
    except RecursionError:
        raise ValueError(f"more than {most.depth} levels") from None
    if _is_deeper(value, most.depth):
        raise ValueError(f"more than {most.depth} levels")
    return value


def _is_deeper(value: Any, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
            if isinstance(part, dict | list)
        ]
        if not level:
            return False
    return True
