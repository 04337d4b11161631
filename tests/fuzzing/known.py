"""What made a parser fall over once: parser -> inputs. They are seeds of the fuzzing, and read by the tests."""

from __future__ import annotations

__all__ = ["KNOWN"]

KNOWN: dict[str, tuple[bytes, ...]] = {}
