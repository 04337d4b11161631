"""What was seen of packages that were handed to the device: plain data, without any verdict."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from pytest_etsi.probes.packages import Means
    from pytest_etsi.probes.updates.met import Met
    from pytest_etsi.verdict import Cause

__all__ = ["Led", "Outcome", "Tried", "UpdateSeries"]

Outcome = Literal["refused", "installed", "hung", "dead", "lost", "unsent"]


@dataclass(frozen=True, slots=True)
class Tried:
    """One package that was handed over.

    Attributes:
        name: of the attempt, a word.
        what: what was handed over, in words.
        means: what it means that it is installed, see `pytest_etsi.probes.packages.Alteration`.
        outcome: "refused": the version is what it was, and the device in order; "installed": it is another one; "hung":
            it was in order again only after its power was cut; "dead": only after its software was written anew;
            "lost": not at all; "unsent": it could not be handed over.
        version: that runs, or is told to, when the device has settled; None: it tells none.
        answer: what was answered, in words; it tells nothing of what became of the package.
        marked: it has written a file outside; None: that was not looked for.
        met: what the server has seen to which the device was led meanwhile; None: it was led nowhere.
    """

    name: str
    what: str
    means: Means
    outcome: Outcome
    version: str | None = None
    answer: str = ""
    marked: bool | None = None
    met: Met | None = None


@dataclass(frozen=True, slots=True)
class Led:
    """Whether the device was led to false servers, as far as that can be told by its genuine package.

    Attributes:
        why: it was not, or what they have seen shows nothing; empty: all is well.
        cause: of that.
        settle: what would settle it.
        answered: the genuine package was installed from a false server, so that what it gives is what the device wants;
            None: that was not tried, as where the device has asked none for anything.
        sums: what in its manifest looks like a sum of the package, and was left as it is since it is not known.
    """

    why: str = ""
    cause: Cause | None = None
    settle: str = ""
    answered: bool | None = None
    sums: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UpdateSeries:
    """The packages that were handed over by one mechanism.

    Attributes:
        entry: ID of the entry of 7-UpdMech.
        package: what is known of the genuine package: container, size, parts, gaps.
        first: the genuine package, before all others; None: it did not come to that.
        tried: the others.
        cuts: genuine ones whose installation a cut of the power has interrupted.
        last: a genuine one, after all others; None: it did not come to that.
        blocked: that one was refused until the software of the device was written anew.
        undone: attempts that were not made, and why, in words.
        open: what else could not be seen, a sentence each.
        led: how it was with false servers; None: the documents describe no way over a network.
    """

    entry: str
    package: dict[str, Any] | None = None
    first: Tried | None = None
    tried: tuple[Tried, ...] = ()
    cuts: tuple[Tried, ...] = ()
    last: Tried | None = None
    blocked: bool = False
    undone: tuple[tuple[str, str], ...] = ()
    open: tuple[str, ...] = ()
    led: Led | None = None

    @property
    def container(self) -> str:
        """Of the genuine package; empty: there was none."""
        return str(self.package["container"]) if self.package else ""

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)
