"""Packages handed over one after the other: a genuine one first and last, and between them altered ones."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.power import can_cycle
from pytest_etsi.dut.observe.updates.misleading import Misleading
from pytest_etsi.dut.observe.updates.model import Tried, UpdateSeries
from pytest_etsi.dut.observe.updates.settling import Bench, value_of, version_of
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.packages import Marker, NotRead, alterations, raised, read_package
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.updates.astray import Attempt
    from pytest_etsi.dut.observe.updates.settling import By
    from pytest_etsi.probes.packages import Alteration, Means
    from pytest_etsi.profile.entries import UpdMechEntry
    from pytest_etsi.profile.facts import UpdateMarker, UpdatePackages

__all__ = ["Trying", "planned"]

_TWICE = 2
_ENOUGH = 3
"""Altered packages that were installed or killed the device, after which no others are handed over."""
_FORCED = ("unsigned", "signature-bit", "payload-bit")
"""Altered packages that are handed over once more in the way that takes what has failed its check."""
_SUCCEEDED = "others have succeeded"
_NO_MORE = "access.attempts permits no more packages"
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
        self._misleading = Misleading(dut, entry, packages, self._bench)
        self._left = entry.access.attempts
        self._open: list[str] = []
        self._undone: list[tuple[str, str]] = []
        self._number = self._installed = 0
        self._marked_before = False

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
        # False servers go first: the restart comes after them too, and shows what they have left to be installed.
        for one in chain(self._misleading.tried(target, self._attempt), self._packages_tried(target)):
            tried.append(one)
            if one.outcome == "lost" or not self._at_home():
                return self._stopped(series, tried, f"the device could not be brought back after {one.name}")
        cuts = tuple(self._cuts())
        if any(one.outcome == "lost" for one in cuts):
            return self._stopped(
                replace(series, cuts=cuts), tried, "the device did not come back after a cut of its power"
            )
        last, blocked = self._last()
        if self._is_installed(last):
            tried += self._misleading.older(self._attempt_on_the_genuine)
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
        if self._entry.access.breaks_off is not None and self._left:
            self._say("broken-off")
            yield self._try(
                "broken-off",
                "a genuine package whose transfer never comes to its end",
                "misuse",
                self._packages.genuine,
                self._packages.version,
                by=self._entry.access.breaks_off,
            )
            self._left -= 1
        for name, what, path in islice(given, self._left):
            self._say(name)
            yield self._try(name, what, "misuse", path, self._packages.version)
        self._left -= min(self._left, len(given))
        restarted = False
        attempts = _with_forced(kept, self._entry.access.forces)
        made = attempts[: self._left]
        self._left -= len(made)
        for one, by in made:
            if self._installed >= _ENOUGH:
                self._undone.append((one.name, _SUCCEEDED))
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
            self._counted(tried)
            yield tried
        self._undone += ((one.name, _NO_MORE) for one, _ in attempts[len(made) :])

    def _attempt_on_the_genuine(self, one: Attempt) -> Tried | None:
        return self._attempt(one, running=self._packages.version)

    def _attempt(self, one: Attempt, *, running: str | None = None) -> Tried | None:
        """Make an attempt, unless others have succeeded or no more are permitted."""
        if self._installed >= _ENOUGH or not self._left:
            self._undone.append((one.name, _SUCCEEDED if self._left else _NO_MORE))
            return None
        self._left -= 1
        self._say(one.name)
        tried = self._try(one.name, one.what, one.means, one.package, one.version, running=running, by=one.by)
        self._counted(tried)
        return tried

    def _counted(self, tried: Tried) -> None:
        misused = tried.outcome == "installed" and tried.means == "misuse"
        self._installed += misused or tried.outcome == "dead"

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
        by: str | By | None = None,
    ) -> Tried:
        running = running or self._home
        # What another has written is no sign of this one.
        self._marked_before = self._marked_before and self._marked() is not False
        before = value_of(self._dut, self._entry.access.decided)
        handed = self._bench.hand_over(package, version, by)
        if not handed.sent:
            handed = self._bench.hand_over(package, version, by)
        tried = Tried(name, what, means, "unsent", answer=handed.answer, met=handed.met)
        if not handed.sent:
            return tried
        seen = self._bench.settled(before) if handed.has_to_decide else version_of(self._dut)
        ordered = seen is not None and self._bench.in_order()
        tried = replace(tried, version=seen, marked=self._newly_marked())
        if not ordered:
            outcome = self._bench.mended()
            tried = replace(tried, marked=tried.marked or self._newly_marked())
            if outcome is not None:
                return replace(tried, outcome=outcome)
            seen = version_of(self._dut)
        if seen != running and means != "state":
            # It is told to be installed: that has to be so when the device has had all of its time.
            seen = self._bench.to_the_end()
            if seen is None:
                return replace(tried, outcome=self._bench.mended() or "hung", version=None)
        if seen == running:
            return replace(tried, outcome="refused", version=seen)
        if running == self._home:
            self._bench.restored()
        return replace(tried, outcome="installed", version=seen)

    def _genuine(self, name: str, *, directly: bool = False) -> Tried:
        """The genuine package, through this machine where the device can be led: then this is seen to be its way."""
        led = None if directly else self._misleading.genuine(lambda: self._handed_genuine(name))
        return led or self._handed_genuine(name)

    def _handed_genuine(self, name: str) -> Tried:
        self._say("a genuine package")
        before = value_of(self._dut, self._entry.access.decided)
        version = self._packages.version
        handed = self._bench.hand_over(self._packages.genuine, version)
        tried = Tried(name, "the genuine package", "state", "unsent", answer=handed.answer)
        if not handed.sent:
            return tried
        self._bench.settled(before)
        # Shown before a restart that fails, the new version is gone again when the device is in order.
        wait_until(self._bench.in_order, within_s=self._dut.profile.access.power.starts_within_s)
        seen = version_of(self._dut)
        return replace(tried, outcome="installed" if seen == version else "refused", version=seen)

    def _last(self) -> tuple[Tried, bool]:
        for _ in range(_TWICE):
            last = self._genuine("last")
            if self._is_installed(last):
                return last, False
        # What keeps it out may be what the others have left behind, or the bench: software that is new tells.
        stands = last.outcome == "refused" and last.version == self._home and self._bench.in_order()
        can_tell = self._entry.access.restore is not None
        again = self._genuine("again", directly=True) if can_tell and self._bench.restored() else None
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
        return self._is_installed(self._genuine("after a cut", directly=True))

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
            handed = self._bench.hand_over(self._packages.genuine, self._packages.version)
            answer = handed.answer
            if not handed.sent:
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
            yield Tried("restart", what, "misuse", "installed", version, marked=self._newly_marked())

    # Small things -------------------------------------------------------------------------------------------

    def _is_installed(self, one: Tried | None) -> bool:
        return one is not None and one.outcome == "installed" and one.version == self._packages.version

    def _at_home(self) -> bool:
        return version_of(self._dut) == self._home

    def _newly_marked(self) -> bool | None:
        """Whether what has just been handed over has written outside; None: that cannot be told."""
        if self._marked_before:
            return None
        marked = self._marked()
        self._marked_before = bool(marked)
        return marked

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
        return replace(
            series,
            tried=tuple(tried),
            undone=tuple(self._undone),
            open=tuple(self._open),
            led=self._misleading.result(),
        )

    def _stopped(self, series: UpdateSeries, tried: list[Tried], why: str) -> UpdateSeries:
        return replace(
            series,
            tried=tuple(tried),
            undone=tuple(self._undone),
            open=(*self._open, f"it ended there: {why}"),
            led=self._misleading.result(),
        )

    def _say(self, what: str) -> None:
        self._number += 1
        self._dut.progress(f"update {self._number}: {what}")
