"""A series on a device that nothing brings back to its version: between two genuine packages, the second one newer.

With the first one installed, the device would install the second: of that the altered ones are made, and it goes last.
Afterwards the device runs it. What is installed meanwhile ends the series, since nothing is newer then.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.updates.settling import version_of
from pytest_etsi.dut.observe.updates.trying import Trying
from pytest_etsi.probes.packages import NotRead, read_package
from pytest_etsi.probes.packages.model import piece

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.dut.observe.updates.model import UpdateSeries
    from pytest_etsi.probes.packages import Alteration

__all__ = ["Onward"]

_LEADS_OUTSIDE = "traversal"
_NO_WAY_BACK = "what it installs is genuine, and nothing would be newer after it"
_PERMISSION = "update"


class Onward(Trying):
    """One series, with access.packages.newest."""

    def whole(self, target: Path) -> UpdateSeries:
        """All of it."""
        series = self._begun()
        if series.open:
            return series
        self._go_on()
        tried = []
        for one in chain(self._older(self._home), self._packages_tried(target)):
            tried.append(one)
            if one.means == "state" and self._is_installed(one):
                # Its parts are those of the genuine one: that the way is open to the end is shown by it.
                return self._ended(replace(series, last=one), tried)
            if one.outcome == "lost" or not self._at_home():
                return self._stopped(series, tried, f"nothing brings the device back after {one.name}")
        last, _ = self._last()
        return self._ended(replace(series, last=last), tried)

    def go_home(self) -> None:
        """The device stays with what was installed: only what needs no more of it goes on."""
        running = version_of(self._dut)
        if running == self._before and self._bench.in_order():
            return
        self._dut.is_lost(
            f"to try its updates, software was installed that nothing takes back: {running or 'it tells no version'}",
            f"install {self._before} by hand, and see that the device is in order",
            back=lambda: version_of(self._dut) == self._before,
            spares=_PERMISSION,
        )

    def _go_on(self) -> None:
        """The first package runs, and the second is the one that would be installed."""
        first = self._packages
        assert first.newest is not None  # noqa: S101 - whoever makes this has seen to it
        assert first.newest_version is not None  # noqa: S101 - it goes with the other
        kept = {
            "altered": tuple(path for path in first.altered if self._is_newer(path)),
            "other_model": first.other_model
            if first.other_model is None or self._is_newer(first.other_model)
            else None,
        }
        self._packages = first.model_copy(
            update={"genuine": first.newest, "version": first.newest_version, **kept}
        )
        self._home = self._bench.home = first.version
        if self._entry.access.cuts_after_s:
            self._undone.append(("power-cut", _NO_WAY_BACK))

    def _is_newer(self, path: Path) -> bool:
        """Whether a package may be newer than what runs by then; that of another one is refused for its version."""
        first = self._packages
        try:
            package = read_package(path)
            told = b"\n".join(piece(path, part.content) for part in package.of("header"))
        except (OSError, NotRead):
            return True
        if first.version.encode() not in told or (first.newest_version or "").encode() in told:
            return True
        self._open.append(
            f"{path.name} tells version {first.version}, which runs by then: that it is refused would show nothing"
        )
        return False

    def _planned(self) -> list[Alteration]:
        made = super()._planned()
        left_out = [one.name for one in made if one.means == "state" and one.name != _LEADS_OUTSIDE]
        self._undone += ((name, _NO_WAY_BACK) for name in left_out)
        return [one for one in made if one.name not in left_out]
