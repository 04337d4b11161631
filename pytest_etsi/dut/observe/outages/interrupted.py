"""Power that is cut while a setting is written, and while the device starts: the moments at which it does most harm.

A setting is written with a new mark for each cut, so that the former value, the new one and any third one are told
apart. Once it is written without a cut, to see that it can be, and what its value looks like. A device that does not
come back from a cut is started by its power as usual; where that brings it back, the same cut is made once more.
"""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.dut.observe.erasing.ways import new_marker
from pytest_etsi.dut.observe.outages.model import Interruption
from pytest_etsi.dut.observe.outages.recovery import at_the_bench, stranger_of
from pytest_etsi.dut.observe.outages.trying import changed, functions_of, values_of
from pytest_etsi.dut.observe.power import cut_power
from pytest_etsi.dut.observe.states import bring_back
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.outages.model import Found
    from pytest_etsi.dut.observe.outages.recovery import Recovery
    from pytest_etsi.dut.observe.power import PowerCut
    from pytest_etsi.dut.reach.operations import OperationResult
    from pytest_etsi.profile.entries import ResMechEntry
    from pytest_etsi.profile.facts.outages import WritingAccess

__all__ = ["interrupt"]

_ANSWERS_WITHIN_S = 60.0
_MARK = "{marker}"
_TWICE = 2


def interrupt(
    dut: Core, entry: ResMechEntry, recovery: Callable[[], Recovery]
) -> tuple[tuple[Interruption, ...], tuple[str, ...]]:
    """Cut the power at the moments that an entry names.

    Args:
        dut: the device.
        entry: of 23-ResMech.
        recovery: gives what waits for the device after one cut.

    Returns:
        What was seen, and why that is not all, a sentence each.
    """
    access = entry.access.interrupted
    moments = len(access.starting.cuts_after_s) * _TWICE if access.starting is not None else 0
    if access.writing is not None:
        moments += len(access.writing.cuts_after_s) + 1
    if moments > dut.operations.cuts.left:
        left = dut.operations.cuts.left
        gap = f"{moments} more cuts in the midst of something are wanted, and access.power.most_cuts leaves {left}"
        return (), (gap,)
    seen: list[Interruption] = []
    gaps: list[str] = []
    try:
        for one in _all(dut, entry, recovery, gaps):
            seen.append(one)
            if one.recovered_s is None:
                break
    except Inconclusive as error:
        gaps.append(error.reason)
    return tuple(seen), tuple(gaps)


def _all(
    dut: Core, entry: ResMechEntry, recovery: Callable[[], Recovery], gaps: list[str]
) -> Iterator[Interruption]:
    access = entry.access.interrupted
    if access.writing is not None:
        with contextlib.closing(_Writing(dut, entry, access.writing, recovery, gaps).cuts()) as cuts:
            yield from cuts
    if access.starting is not None:
        for after_s in access.starting.cuts_after_s:
            yield _while_starting(dut, entry, after_s, recovery)


# While a setting is written ---------------------------------------------------------------------------------


class _Writing:
    """One setting that is written again and again, and cut off."""

    def __init__(
        self,
        dut: Core,
        entry: ResMechEntry,
        access: WritingAccess,
        recovery: Callable[[], Recovery],
        gaps: list[str],
    ) -> None:
        self._dut = dut
        self._entry = entry
        self._access = access
        self._recovery = recovery
        self._gaps = gaps
        self._mark = new_marker()
        self._form = ""
        self._state: dict[str, str | None] = {}

    def cuts(self) -> Generator[Interruption]:
        """Each cut, until the device is no longer as before; in the end the setting has its usual value."""
        try:
            if self._can_be_written():
                for after_s in (*self._access.cuts_after_s, None):
                    one = self._cut(after_s)
                    yield one
                    if one.recovered_s is None or one.found not in ("old", "new"):
                        break
        finally:
            with contextlib.suppress(Inconclusive):
                self._dut.operations.attempt(self._access.undo)

    def _can_be_written(self) -> bool:
        """Whether it is written and read without a cut; that tells what its value looks like, too."""
        operations = self._dut.operations
        try:
            result = operations.attempt(self._access.write, marker=self._mark)
            value = operations.attempt(self._access.read).value if result.done else None
        except Inconclusive as error:
            self._gaps.append(f"no setting could be written: {error.reason}")
            return False
        if value is None or self._mark not in value:
            why = result.detail or f"{self._access.read} does not show what was written"
            self._gaps.append(f"{self._access.write} does not write what {self._access.read} reads: {why}")
            return False
        self._form = value.replace(self._mark, _MARK)
        self._state = self._values()
        return True

    def _cut(self, after_s: float | None) -> Interruption:
        """One cut; None: when the device has answered."""
        mark = new_marker()
        writer = _Writer(self._dut, self._access.write, mark)
        cut = cut_power(self._dut, meanwhile=lambda: writer.begin(after_s))
        moment = "when writing was confirmed" if after_s is None else f"{after_s:g} s after writing began"
        result = writer.end()
        one = Interruption("writing", moment, written=result is not None and result.done)
        if result is not None and not result.done and result.answered:
            gap = f"{self._access.write} was refused: {result.detail}"
            one = replace(one, gaps=(gap,))
        one = _afterwards(self._dut, self._entry, one, cut, self._recovery)
        if one.recovered_s is None or cut.gaps:
            return one
        found, detail = self._found(mark)
        if found is None:
            return replace(one, gaps=(*one.gaps, detail))
        if found in ("old", "new"):
            self._mark = mark if found == "new" else self._mark
            now = self._values()
            detail = ""
            one = replace(one, changed=changed(self._state, now))
        return replace(one, found=found, detail=detail)

    def _found(self, mark: str) -> tuple[Found | None, str]:
        """Which value it has, and that in words."""
        try:
            result = self._dut.operations.attempt(self._access.read)
        except Inconclusive as error:
            return None, f"the setting could not be read after the cut: {error.reason}"
        if not result.done:
            if result.answered:
                return "unreadable", result.detail
            return None, f"the setting could not be read after the cut: {result.detail}"
        value = result.value or ""
        if value == self._form.replace(_MARK, mark):
            return "new", ""
        if value == self._form.replace(_MARK, self._mark):
            return "old", ""
        return "third", repr(value)

    def _values(self) -> dict[str, str | None]:
        """What else has to stay the same; the setting itself has the value that it was found to have."""
        values = values_of(self._dut, self._entry.access.state)
        return {
            name: value.replace(self._mark, _MARK) if value is not None else None
            for name, value in values.items()
        }


class _Writer:
    """Writes beside what cuts the power."""

    def __init__(self, dut: Core, operation: str, mark: str) -> None:
        self._dut = dut
        self._operation = operation
        self._mark = mark
        self._result: OperationResult | None = None
        self._thread = threading.Thread(target=self._write, name="etsi-write", daemon=True)

    def begin(self, after_s: float | None) -> None:
        """Begin, and return when the power is to be cut: after so many seconds, or when it was answered."""
        self._thread.start()
        if after_s is None:
            self._thread.join(_ANSWERS_WITHIN_S)
        else:
            time.sleep(after_s)

    def end(self) -> OperationResult | None:
        """What came of it; None: nothing."""
        if self._thread.ident is not None:
            self._thread.join(_ANSWERS_WITHIN_S)
        if self._result is not None:
            self._dut.recorder.observed(f"operation-{self._operation}", self._result)
        return self._result

    def _write(self) -> None:
        with contextlib.suppress(Inconclusive):  # such as a login that the cut has hit
            self._result = self._dut.operations.look(self._operation, marker=self._mark)


# While it starts --------------------------------------------------------------------------------------------


def _while_starting(
    dut: Core, entry: ResMechEntry, after_s: float, recovery: Callable[[], Recovery]
) -> Interruption:
    """A cut so many seconds after power is on; one that it does not come back from is made twice."""
    state = values_of(dut, entry.access.state)
    failures = 0
    while True:
        one = Interruption("starting", f"{after_s:g} s after power was on", failures=failures)
        seen = _afterwards(dut, entry, one, cut_power(dut, again_after_s=after_s), recovery)
        if seen.recovered_s is not None:
            return replace(seen, changed=changed(state, values_of(dut, entry.access.state)))
        mended = seen.failures > failures
        failures = seen.failures
        if not mended or seen.alive or failures == _TWICE:
            return seen


# After either -----------------------------------------------------------------------------------------------


def _afterwards(
    dut: Core, entry: ResMechEntry, one: Interruption, cut: PowerCut, recovery: Callable[[], Recovery]
) -> Interruption:
    """The device after a cut: whether it is as before, and what works."""
    one = replace(one, gaps=(*one.gaps, *cut.gaps))
    ended = time.monotonic() - (cut.back_after_s or 0.0)
    waiting = recovery()
    waiting.look()
    recovered_s = waiting.wait(ended) if cut.back_after_s is not None else None
    stranger = "" if recovered_s is not None else stranger_of(dut)
    names = (*entry.access.functions, *(name for way in entry.access.outages for name in way.functions))
    functions = () if stranger else functions_of(dut, names, "after")
    alive = recovered_s is not None or any(
        tried.works and at_the_bench(dut, tried.operation) for tried in functions
    )
    one = replace(
        one,
        recovered_s=recovered_s,
        functions=functions,
        alive=alive,
        gaps=(*one.gaps, *(gap for gap in (waiting.gap, stranger) if gap)),
    )
    if recovered_s is not None or stranger:
        return one
    reason = f"after a cut of the power {one.moment} the device was not as before"
    mended = bring_back(dut, reason, lambda: recovery().wait(0.0) is not None)
    return replace(one, failures=one.failures + mended)
