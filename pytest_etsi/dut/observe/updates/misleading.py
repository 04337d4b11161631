"""A series over the network: whether the device goes the way by which it is led, and what false servers give it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.updates.astray import Astray
from pytest_etsi.dut.observe.updates.leading import Leading
from pytest_etsi.dut.observe.updates.model import Led
from pytest_etsi.probes.packages import NotRead
from pytest_etsi.verdict import Cause, Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.updates.astray import Attempt
    from pytest_etsi.dut.observe.updates.model import Tried
    from pytest_etsi.dut.observe.updates.settling import Bench
    from pytest_etsi.profile.entries import UpdMechEntry
    from pytest_etsi.profile.facts import UpdatePackages

__all__ = ["Misleading"]

_WAY = (
    "see that access.network.peers names all from which it fetches, that the gateway leads it, and that this machine "
    "reaches them"
)
_NO_WAY_BACK = Led(
    "nothing brings the device back to its version (access.restore), so that it is led to no false server",
    Cause.ACCESS,
    "name under access.restore how its version is brought back, or try this by hand",
)


class Misleading:
    """The part of a series that goes by the gateway; where the documents describe no such way, it does nothing.

    Args:
        dut: the device.
        entry: of 7-UpdMech.
        packages: of the maker.
        bench: what hands packages over.
    """

    def __init__(self, dut: Core, entry: UpdMechEntry, packages: UpdatePackages, bench: Bench) -> None:
        self._entry = entry
        self._packages = packages
        network = entry.access.network
        self._leading = Leading(dut, bench, network) if network is not None else None
        self._led = Led()
        self._astray: Astray | None = None
        if self._leading is not None:
            self._led = (
                self._leading.hindered() or Led() if entry.access.restore is not None else _NO_WAY_BACK
            )

    def genuine(self, hand: Callable[[], Tried]) -> Tried | None:
        """The genuine package on its way through this machine; None: the device cannot be led, or installs nothing so.

        Args:
            hand: hands it over in the usual way.
        """
        if self._leading is None or self._led.why:
            return None
        try:
            with self._leading.relayed() as seen:
                one = hand()
                met = seen()
        except Inconclusive as error:
            self._led = Led(error.reason, error.cause, error.settle)
            return None
        if one.outcome != "installed" or one.version != self._packages.version:
            objections = "".join(f"; {why}" for why in met.objections[:3])
            why = f"the genuine package is not installed when it is passed on by this machine{objections}"
            self._led = Led(why, Cause.BENCH, _WAY)
            return None
        if not met.carried:
            why = "the genuine package is installed, and nothing of it has gone the way by which the device is led"
            self._led = Led(why, Cause.BENCH, _WAY)
        return replace(one, met=met)

    def tried(self, target: Path, attempt: Callable[[Attempt], Tried | None]) -> Iterator[Tried]:
        """What false servers give.

        Args:
            target: where an altered package may be written.
            attempt: makes an attempt; None: no more are permitted.
        """
        if self._leading is None or self._led.why:
            return
        with self._readable():
            self._astray = Astray(self._leading, self._entry, self._packages, target)
            yield from self._astray.tried(attempt)

    def older(self, attempt: Callable[[Attempt], Tried | None]) -> Iterator[Tried]:
        """The older package by a false server, while the genuine one runs."""
        with self._readable():
            made = self._astray.older() if self._astray is not None else None
            one = attempt(made) if made is not None else None
            if one is not None:
                yield one

    def result(self) -> Led | None:
        """How it was; None: the documents describe no such way."""
        if self._leading is None:
            return None
        if self._astray is None:
            return self._led
        return replace(self._led, answered=self._astray.answered, sums=self._astray.sums)

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (NotRead, OSError, ValueError) as error:
            self._led = Led(
                f"no altered package can be put on a false server: {error}",
                Cause.INFORMATION,
                "correct access.packages and access.network",
            )
