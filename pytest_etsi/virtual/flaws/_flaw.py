"""What a seeded weakness is."""

from __future__ import annotations

from enum import Enum

__all__ = ["Flaw"]


class Flaw(Enum):
    """A seeded weakness. Each family of them is an enumeration of this kind; several may be active at once.

    Attributes:
        what: what the camera then does, in one sentence.
        fails: ids of the test units of TS 103 701 that have to fail because of it, and no others.
    """

    def __init__(self, what: str, fails: tuple[str, ...]) -> None:
        self.what = what
        self.fails = fails

    @property
    def label(self) -> str:
        """The name used on the command line: NO_LOCKOUT is "no-lockout"."""
        return self.name.lower().replace("_", "-")
