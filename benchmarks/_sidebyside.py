"""Measurements side by side: what is compared takes turns in one run, and the table gives medians and ratios."""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import statistics
import subprocess
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Peer", "Row", "compare", "main", "missing", "python_version", "table"]


@dataclass(frozen=True)
class Peer:
    """One side of a comparison.

    Attributes:
        name: with its version.
        run: does the work once; what it returns is kept for the remark.
    """

    name: str
    run: Callable[[], object]


@dataclass(frozen=True)
class Row:
    """A line of the table.

    Attributes:
        what: the work that both sides do.
        ours_s: median of seconds; None when it could not be measured.
        peer: name and version of the other side.
        peer_s: median of seconds; None when the other side is missing on this machine.
        bar: the ratio that must not be exceeded; None: nothing is promised.
        remark: what both found, or what is missing.
    """

    what: str
    ours_s: float | None
    peer: str
    peer_s: float | None
    bar: float | None = None
    remark: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours divided by the peer's; None when either is missing."""
        return self.ours_s / self.peer_s if self.ours_s is not None and self.peer_s else None

    def __str__(self) -> str:
        ratio = self.ratio
        kept = "" if ratio is None or self.bar is None else ", kept" if ratio <= self.bar else ", **missed**"
        cells = (
            self.what,
            _seconds(self.ours_s),
            self.peer,
            _seconds(self.peer_s),
            "-" if ratio is None else f"{ratio:.2f}",
            "-" if self.bar is None else f"{self.bar:g}{kept}",
            self.remark,
        )
        return "| " + " | ".join(cells) + " |"


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def compare(
    what: str,
    ours: Callable[[], object],
    peers: list[Peer],
    *,
    rounds: int = 5,
    bars: dict[str, float] | None = None,
    remark: Callable[[object], str] = lambda _: "",
) -> list[Row]:
    """Let every side do the work in turns, and give one row per peer.

    Args:
        what: the work.
        ours: does it once.
        peers: the others.
        rounds: turns.
        bars: the ratio not to be exceeded, by the first word of the peer's name.
        remark: makes a remark of what `ours` returned last.
    """
    taken: dict[str, list[float]] = {"": [], **{peer.name: [] for peer in peers}}
    last: object = None
    for _ in range(rounds):
        last, seconds = _timed(ours)
        taken[""].append(seconds)
        for peer in peers:
            taken[peer.name].append(_timed(peer.run)[1])
    mine = statistics.median(taken[""])
    bar = {peer.name: (bars or {}).get(peer.name.split()[0]) for peer in peers}
    return [
        Row(what, mine, name, statistics.median(seconds), bar[name], remark(last))
        for name, seconds in taken.items()
        if name
    ]


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    found = work()
    return found, time.perf_counter() - start


def missing(what: str, peer: str, why: str, bar: float | None = None) -> Row:
    """A row for a peer that this machine does not have."""
    return Row(what, None, peer, None, bar, why)


def python_version(package: str) -> str:
    """The version of an installed package."""
    return importlib.metadata.version(package)


def program_version(command: list[str]) -> str:
    """The first line that a program says of its version."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    return ((done.stdout or done.stderr).strip().splitlines() or ["unknown version"])[0]


def table(rows: list[Row]) -> str:
    """The rows as a Markdown table, with the machine above."""
    head = (
        f"{os.cpu_count()} processors ({platform.machine()}), {platform.system()} {platform.release().split('-')[0]}, "
        f"Python {platform.python_version()}, pytest-etsi {python_version('pytest-etsi')}"
    )
    lines = [
        head,
        "",
        "| work | pytest-etsi | peer | time | ratio | bar | remark |",
        "|---|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(str, rows)])


def main(description: str, rows: Callable[[int], list[Row]]) -> None:
    """Run one benchmark as a program."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="turns of each side")
    print(table(rows(parser.parse_known_args()[0].rounds)))
