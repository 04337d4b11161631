"""Texts of people and devices on their way into the record."""

from __future__ import annotations

import re
from typing import Any

__all__ = ["plain", "sentence"]

# Control characters, marks that turn the direction of writing, and halves of surrogate pairs.
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


def sentence(text: str) -> str:
    """The first line of `text` that says something, whole, and unable to steer a terminal.

    How much a device can say is bounded where it is read; what was found out about it is not shortened.
    """
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line), "").replace("\t", " ")
    return _safe(first)


def plain(value: Any) -> Any:
    """Builtins whose texts are whole, but unable to steer a terminal."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return _safe(value) if isinstance(value, str) else value


def _safe(text: str) -> str:
    if text.isprintable():  # as most are, and nothing that can be printed is unsafe
        return text
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
