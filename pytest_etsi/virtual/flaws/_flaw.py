"""What a seeded weakness is."""

from __future__ import annotations

from enum import Enum

from pytest_etsi.virtual.flaws._later import became

__all__ = ["EDITIONS", "Flaw"]

EDITIONS = ("1.1.1", "2.1.1")
"""Of TS 103 701, whose units a flaw names."""


class Flaw(Enum):
    """A seeded weakness. Each family of them is an enumeration of this kind; several may be active at once.

    Attributes:
        what: what the camera then does, in one sentence.
        fails: ids of the test units of TS 103 701 V1.1.1 that have to fail because of it, and no others.
        fails_later: those of V2.1.1: what became of these units, unless the flaw says which they are.
    """

    def __init__(self, what: str, fails: tuple[str, ...], later: tuple[str, ...] | None = None) -> None:
        self.what = what
        self.fails = fails
        self.fails_later = became(fails) if later is None else later

    def fails_in(self, edition: str) -> tuple[str, ...]:
        """The units of an edition that have to fail because of it.

        Raises:
            ValueError: there is no such edition.
        """
        if edition not in EDITIONS:
            raise ValueError(f"no edition is called {edition!r}; there are: {', '.join(EDITIONS)}")
        return self.fails if edition == EDITIONS[0] else self.fails_later

    @property
    def label(self) -> str:
        """The name used on the command line: NO_LOCKOUT is "no-lockout"."""
        return self.name.lower().replace("_", "-")
