"""Packages handed over one after the other: a genuine one first and last, and between them altered ones."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.power import can_cycle
from pytest_etsi.dut.observe.updates.model import Tried, UpdateSeries
from pytest_etsi.dut.observe.updates.settling import Bench, value_of, version_of
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.packages import Marker, NotRead, alterations, raised, read_package
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.packages import Alteration, Means
    from pytest_etsi.profile.entries import UpdMechEntry
    from pytest_etsi.profile.facts import UpdateMarker, UpdatePackages

__all__ = ["Trying", "planned"]

_TWICE = 2
_ENOUGH = 3
"""Altered packages that were installed or killed the device, after which no others are handed over."""
_FORCED = ("unsigned", "signature-bit", "payload-bit")
"""Altered packages that are handed over once more in the way that takes what has failed its check."""
_MARKED = b"This file may be removed: an assessment has left it here.\n"


def planned(entry: UpdMechEntry) -> tuple[Alteration, ...]:
    """The altered packages that a program can make of the genuine one of an entry; none where there is no such.

    Raises:
        OSError: it cannot be read.
    """
    packages = entry.access.packages
    return _made_of(packages, entry.access.marker) if packages is not None else ()


def _made_of(packages: UpdatePackages, marker: UpdateMarker | None) -> tuple[Alteration, ...]:
    kept = Marker(marker.name, _MARKED) if marker is not None else None
    return tuple(alterations(read_package(packages.genuine), packages.version, kept))


def _quoted(one: Tried | None) -> str:
    """What was answered, which decides nothing."""
    return f"; it was answered {one.answer!r}" if one is not None and one.answer not in ("", "done") else ""


def _with_forced(kept: list[Alteration], forces: str | None) -> list[tuple[Alteration, str | None]]:
    """Attempts, each with the operation that hands it over; None: the usual one. What may be genuine comes last."""
    forced = [
        replace(one, name=f"forced-{one.name}", what=f"{one.what}, installed all the same")
        for one in kept
        if forces is not None and one.name in _FORCED
    ]
    usual = [one for one in kept if one.means != "state"]
    last = [one for one in kept if one.means == "state"]
    return [
        *((one, None) for one in usual),
        *((one, forces) for one in forced),
        *((one, None) for one in last),
    ]


class Trying:
    """One series, on a device that is brought back to its version again and again."""

    def __init__(self, dut: Core, entry: UpdMechEntry, packages: UpdatePackages, home: str) -> None:
        self._dut = dut
        self._entry = entry
        self._packages = packages
        self._home = self._before = home
        self._bench = Bench(dut, entry.access, home)
        self._open: list[str] = []
        self._undone: list[tuple[str, str]] = []
        self._number = 0

    def prepare(self) -> None:
        """What has to be so before anything is handed over."""
        if self._entry.access.prepare is not None:
            self._dut.operations.run(self._entry.access.prepare)

    def whole(self, target: Path) -> UpdateSeries:
        """All of it."""
        series = self._begun()
        if series.open:
            return series
        tried = list(self._older(self._packages.version))
        if not self._bench.restored():
            return self._stopped(series, tried, "the device could not be brought back to its version")
        for one in self._packages_tried(target):
            tried.append(one)
            if one.outcome == "lost" or not self._at_home():
                return self._stopped(series, tried, f"the device could not be brought back after {one.name}")
        cuts = tuple(self._cuts())
        if any(one.outcome == "lost" for one in cuts):
            return self._stopped(
                replace(series, cuts=cuts), tried, "the device did not come back after a cut of its power"
            )
        last, blocked = self._last()
        return self._ended(replace(series, cuts=cuts, last=last, blocked=blocked), tried)

    def _begun(self) -> UpdateSeries:
        """The genuine package, first of all; what keeps it out leaves everything open."""
        try:
            package = read_package(self._packages.genuine)
        except OSError as error:
            return UpdateSeries(self._entry.id, open=(f"the genuine package cannot be read: {error}",))
        series = UpdateSeries(self._entry.id, package.to_json())
        if not self._bench.in_order():
            return replace(series, open=("the device is not in order before anything is handed over",))
        if self._entry.access.marker is not None and (marked := self._marked()) is not False:
            why = "is so before" if marked else "cannot be looked for"
            return replace(series, open=(f"what shows that an archive has written outside {why}",))
        series = replace(series, first=self._genuine("first"))
        if not self._is_installed(series.first):
            why = f"the genuine package is not installed by this way{_quoted(series.first)}"
            return replace(series, open=(why,))
        return series

    def go_home(self) -> None:
        """The version that ran before, or the device is lost for what follows."""
        if version_of(self._dut) == self._home and self._bench.in_order():
            return
        if not self._bench.restored():
            restore = self._entry.access.restore or ""
            self._dut.is_lost(
                f"the device does not run {self._home} in good order any more, after packages for its updates",
                self._dut.operations.recovery(restore)
                or f"install {self._home} by hand, and see that the device is in order",
                back=self._at_home,
            )

    # The parts of it ----------------------------------------------------------------------------------------

    def _packages_tried(self, target: Path) -> Iterator[Tried]:
        """The altered packages, those of the laboratory and that of another model, within the limit."""
        kept = self._planned()
        given: list[tuple[str, str, Path]] = [
            (f"altered-{number}", f"a package that the laboratory has altered: {path.name}", path)
            for number, path in enumerate(self._packages.altered, start=1)
        ]
        if self._packages.other_model is not None:
            given.insert(0, ("other-model", "a package for another model", self._packages.other_model))
        left = self._entry.access.attempts
        if self._entry.access.breaks_off is not None and left:
            self._say("broken-off")
            yield self._try(
                "broken-off",
                "a genuine package whose transfer never comes to its end",
                "misuse",
                self._packages.genuine,
                self._packages.version,
                by=self._entry.access.breaks_off,
            )
            left -= 1
        for name, what, path in islice(given, left):
            self._say(name)
            yield self._try(name, what, "misuse", path, self._packages.version)
        left -= min(left, len(given))
        restarted, installed = False, 0
        attempts = _with_forced(kept, self._entry.access.forces)
        for one, by in islice(attempts, left):
            if installed >= _ENOUGH:
                self._undone.append((one.name, "others have succeeded"))
                continue
            if one.means == "state" and not restarted:
                # After this what is installed may be genuine.
                restarted = True
                yield from self._after_a_restart()
            self._say(one.name)
            try:
                one.write(target)
            except (NotRead, OSError) as error:
                self._undone.append((one.name, str(error)))
                continue
            tried = self._try(one.name, one.what, one.means, target, self._packages.version, by=by)
            installed += (tried.outcome == "installed" and tried.means == "misuse") or tried.outcome == "dead"
            yield tried
        for one, _ in attempts[left:]:
            self._undone.append((one.name, "access.attempts permits no more packages"))

    def _planned(self) -> list[Alteration]:
        """The altered packages that are made, in order."""
        return list(_made_of(self._packages, self._entry.access.marker))

    def _older(self, running: str) -> Iterator[Tried]:
        if self._packages.older is None:
            return
        self._say("older")
        # It is handed over as if it were newer: whoever offers packages may lie about them.
        yield self._try(
            "older",
            "a genuine package of an older version, under a newer one",
            "misuse",
            self._packages.older,
            raised(self._packages.version),
            running=running,
        )

    def _try(
        self,
        name: str,
        what: str,
        means: Means,
        package: Path,
        version: str,
        *,
        running: str | None = None,
        by: str | None = None,
    ) -> Tried:
        running = running or self._home
        before = value_of(self._dut, self._entry.access.decided)
        sent, answer = self._bench.hand_over(package, version, by)
        if not sent:
            sent, answer = self._bench.hand_over(package, version, by)
        if not sent:
            return Tried(name, what, means, "unsent", answer=answer)
        seen = self._bench.settled(before)
        ordered = seen is not None and self._bench.in_order()
        marked = self._marked()
        if not ordered:
            outcome = self._bench.mended()
            marked = marked or self._marked()
            if outcome is not None:
                return Tried(name, what, means, outcome, seen, answer, marked)
            seen = version_of(self._dut)
        if seen != running and means != "state":
            # It is told to be installed: that has to be so when the device has had all of its time.
            seen = self._bench.to_the_end()
            if seen is None:
                return Tried(name, what, means, self._bench.mended() or "hung", seen, answer, marked)
        if seen == running:
            return Tried(name, what, means, "refused", seen, answer, marked)
        if running == self._home:
            self._bench.restored()
        return Tried(name, what, means, "installed", seen, answer, marked)

    def _genuine(self, name: str) -> Tried:
        self._say("a genuine package")
        before = value_of(self._dut, self._entry.access.decided)
        version = self._packages.version
        sent, answer = self._bench.hand_over(self._packages.genuine, version)
        if not sent:
            return Tried(name, "the genuine package", "state", "unsent", answer=answer)
        self._bench.settled(before)
        # Shown before a restart that fails, the new version is gone again when the device is in order.
        wait_until(self._bench.in_order, within_s=self._dut.profile.access.power.starts_within_s)
        seen = version_of(self._dut)
        outcome = "installed" if seen == version else "refused"
        return Tried(name, "the genuine package", "state", outcome, seen, answer)  # type: ignore[arg-type]

    def _last(self) -> tuple[Tried, bool]:
        for _ in range(_TWICE):
            last = self._genuine("last")
            if self._is_installed(last):
                return last, False
        # What keeps it out may be what the others have left behind, or the bench: software that is new tells.
        stands = last.outcome == "refused" and last.version == self._home and self._bench.in_order()
        can_tell = self._entry.access.restore is not None
        again = self._genuine("again") if can_tell and self._bench.restored() else None
        why = "the genuine package is no longer installed by this way"
        if stands and self._is_installed(again):
            if not self._bench.cut or self._is_taken_after_a_cut():
                return last, True
            why = (
                "after a cut of its power the device takes no genuine package, whatever came before it, as one whose "
                "clock is wrong then"
            )
        self._open.append(f"{why}{_quoted(last)}")
        return last, False

    def _is_taken_after_a_cut(self) -> bool:
        """Whether new software takes the genuine package when nothing but a cut of its power came before it."""
        if not (self._bench.restored() and self._bench.power_cycled()):
            return False
        wait_until(self._bench.in_order, within_s=self._dut.profile.access.power.starts_within_s)
        return self._is_installed(self._genuine("after a cut"))

    def _cuts(self) -> Iterator[Tried]:
        access, power = self._entry.access, self._dut.profile.access.power
        for seconds in access.cuts_after_s:
            since = "was handed over" if access.installing is None else "was seen to be installed"
            what = f"the power was cut {seconds:g} s after a genuine package {since}"
            if "outage" not in self._dut.permissions or not can_cycle(self._dut):
                self._undone.append(
                    ("power-cut", "the power may not be cut, or nothing cuts it and gives it back")
                )
                return
            self._say("a cut of the power while it installs")
            before = value_of(self._dut, access.decided)
            sent, answer = self._bench.hand_over(self._packages.genuine, self._packages.version)
            if not sent:
                yield Tried("power-cut", what, "state", "unsent", answer=answer)
                continue
            if access.installing is not None and not self._dut.operations.holds(access.installing):
                self._open.append(f"{what}: it was not cut, since nothing showed that it is being installed")
                self._bench.settled(before)
            else:
                time.sleep(seconds)
                if not self._bench.power_cycled():
                    self._open.append(f"{what}: it could not be cut, or given back")
            came = wait_until(self._bench.in_order, within_s=power.starts_within_s)
            outcome = None if came else self._bench.mended()
            version = version_of(self._dut)
            if outcome != "lost" and version != self._home and not self._bench.restored():
                outcome = "lost"
            yield Tried("power-cut", what, "state", outcome or "refused", version, answer)

    def _after_a_restart(self) -> Iterator[Tried]:
        """A package that was refused may have been kept, and installed at the next start."""
        if "outage" not in self._dut.permissions or not can_cycle(self._dut):
            self._undone.append(("restart", "the power may not be cut, or nothing cuts it and gives it back"))
            return
        if not self._bench.power_cycled():
            return
        what = "a restart, when altered packages had been handed over"
        if not wait_until(self._bench.in_order, within_s=self._dut.profile.access.power.starts_within_s):
            outcome = self._bench.mended()
            if outcome is not None:
                yield Tried("restart", what, "misuse", outcome)
                return
        version = version_of(self._dut)
        if version != self._home:
            self._bench.restored()
            yield Tried("restart", what, "misuse", "installed", version, marked=self._marked())

    # Small things -------------------------------------------------------------------------------------------

    def _is_installed(self, one: Tried | None) -> bool:
        return one is not None and one.outcome == "installed" and one.version == self._packages.version

    def _at_home(self) -> bool:
        return version_of(self._dut) == self._home

    def _marked(self) -> bool | None:
        """Whether an archive has written outside; None: that is not, or cannot be looked for."""
        marker = self._entry.access.marker
        if marker is None:
            return None
        look = self._dut.operations.look
        try:
            looked = look(marker.found_by)
            if looked.done:
                return True
            # A login that is over, or a service that is out of order, finds no file either.
            return False if looked.answered and look(marker.control).done else None
        except Inconclusive:
            return None

    def _ended(self, series: UpdateSeries, tried: list[Tried]) -> UpdateSeries:
        return replace(series, tried=tuple(tried), undone=tuple(self._undone), open=tuple(self._open))

    def _stopped(self, series: UpdateSeries, tried: list[Tried], why: str) -> UpdateSeries:
        return replace(
            series,
            tried=tuple(tried),
            undone=tuple(self._undone),
            open=(*self._open, f"it ended there: {why}"),
        )

    def _say(self, what: str) -> None:
        self._number += 1
        self._dut.progress(f"update {self._number}: {what}")
