"""What is secret and how it is masked, in everything that is about to be kept or shown."""

from __future__ import annotations

from pytest_etsi.redaction._redactor import MASK, Redactor, suffix_of_capture

__all__ = ["MASK", "Redactor", "suffix_of_capture"]
