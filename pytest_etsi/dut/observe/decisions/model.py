"""What was seen of decisions: plain data, without any verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from pytest_etsi.verdict import Cause

__all__ = ["DecisionsSeen", "Met"]


@dataclass(frozen=True, slots=True)
class Met:
    """One decision of 26-UserDec as the device puts it.

    Attributes:
        entry: its ID.
        where: the page, or what else showed it.
        looked: it could be looked at.
        detail: why not; empty: it could.
        options: each option of access, and whether the device offers it.
        chosen: options that are chosen as long as nobody has answered.
        values: what is chosen then where no option of access stands for it, in words without what was typed in.
        others: choices of the same controls for which no option of access stands.
        strays: controls of the same page that no entry of 26-UserDec names.
        wizard: it is put before the device is set up.
        asked: words of the page around it, for whoever judges them.
    """

    entry: str
    where: str = ""
    looked: bool = False
    detail: str = ""
    options: tuple[tuple[str, bool], ...] = ()
    chosen: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    strays: tuple[str, ...] = ()
    wizard: bool = False
    asked: str = ""

    @property
    def is_put(self) -> bool:
        """Whether something of it was met."""
        return self.looked and any(offered for _, offered in self.options)


@dataclass(frozen=True, slots=True)
class DecisionsSeen:
    """A first start, and what is decided then and later.

    Attributes:
        met: the decisions, by entry.
        set_up: the device was reset, and set up again as the guidance says.
        gaps: why nothing was seen, a sentence each.
        cause: why that is open.
        settle: what would settle it, one sentence; empty: as the unit says.
    """

    met: tuple[Met, ...] = ()
    set_up: bool = False
    gaps: tuple[str, ...] = ()
    cause: Cause = Cause.BENCH
    settle: str = ""

    def of(self, entry: str) -> Met:
        """The one of an entry."""
        return next((one for one in self.met if one.entry == entry), Met(entry))

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)
