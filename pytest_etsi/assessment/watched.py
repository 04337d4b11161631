"""The units that need nothing but published documents: no device, no bench, nobody beside it."""

from __future__ import annotations

__all__ = ["by_documents_alone"]

_ONLY_DOCUMENTS = {
    "1.1.1": {
        "5.2-1-2": "ab",
        "5.3-13-2": "abc",
        "5.3-14-2": "abcde",
        "5.8-3-1": "ab",
        "5.11-3-1": "b",
        "5.12-2-1": "bc",
        "5.12-3-1": "b",
        "5.13-1-2": "b",
        "6-1-2": "abcd",
        "6-5-2": "abcd",
    },
    "2.1.1": {
        "5.2-1-2": "ab",
        "5.3-13-2": "abc",
        "5.3-14-2": "abcd",
        "5.8-3-1": "ab",
        "5.11-3-1": "b",
        "5.12-2-1": "bc",
        "5.13-1A-2": "a",
        "5.13-1B-2": "b",
        "6-1-2": "ab",
        "6-5-2": "abcd",
    },
}
"""By edition and case. The designation (5.3-16-2) is read off the device, and so is not among them."""


def by_documents_alone(edition: str) -> tuple[str, ...]:
    """The ids of the functional units of an edition that are evaluated on published documents and touch no device."""
    return tuple(
        f"{case}/{letter}" for case, letters in _ONLY_DOCUMENTS.get(edition, {}).items() for letter in letters
    )
