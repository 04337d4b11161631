"""A deletion function carried out: on data of its own, seen before, and looked for afterwards on every way in."""

from __future__ import annotations

import contextlib
import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.bounds import undisturbed
from pytest_etsi.dut.observe.erasing.model import Erasing
from pytest_etsi.dut.observe.erasing.ways import Ways, new_marker
from pytest_etsi.dut.observe.first_start import INITIALIZE
from pytest_etsi.dut.observe.power import goes_on, session_of
from pytest_etsi.dut.observe.states import initialize, is_itself
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.erasing.model import Look
    from pytest_etsi.dut.reach.operations import OperationResult
    from pytest_etsi.profile.entries import DelFuncEntry

__all__ = ["observe_erasing"]

_ERASE = "erase-user-data"
_CREATE = "create-user-data"
_READS = {"device": "read-user-data", "service": "read-service-data"}
_LONGEST_S = 900.0
"""Seconds for which data may stay that are waited for; what stays longer by the documents is left open."""
_RESTARTS_WITHIN_S = 10.0
"""Seconds that a device may take to show its data again after something that must not erase them."""
_ITSELF_S = 10.0
"""Seconds within which a device that was not reset answers as itself again."""
_ITSELF_WITHIN_S = 120.0


def observe_erasing(dut: Core, entry: DelFuncEntry, target: str) -> Erasing:
    """Carry out a deletion function of 25-DelFunc on data of its own; done once in a run.

    Args:
        dut: the device.
        entry: of 25-DelFunc.
        target: where it deletes: "device" or "service".

    Returns:
        What was seen, which is nothing where it could not be tried: not permitted, no operation for it, another device.
    """
    operation = entry.access.operation or _ERASE
    try:
        _require_permission(dut)
        return dut.recorder.once(
            f"erasing-{entry.id}-{target}", lambda: _observe(dut, entry, target, operation)
        )
    except Inconclusive as error:
        return Erasing(
            entry.id, operation, target, gaps=(error.reason,), cause=error.cause, settle=error.settle
        )


def _require_permission(dut: Core) -> None:
    if "erase" not in dut.permissions:
        inconclusive(
            "no data of the user may be erased",
            cause=Cause.PERMISSION,
            settle="allow it by the permission erase",
        )


def _observe(dut: Core, entry: DelFuncEntry, target: str, operation: str) -> Erasing:
    access = entry.access
    for name in (operation, *(access.create or (_CREATE,)), *(access.reads or (_READS[target],))):
        if name not in dut.operations:
            dut.operations.run(name)  # raises, and says what is missing
    dut.require_identity()
    with undisturbed() as disturbed:
        seen = _One(dut, entry, target, operation, disturbed).observe()
    dut.recorder.observed("erasing", seen)
    return seen


class _One:
    """One function, on one target.

    Args:
        dut: the device.
        entry: of 25-DelFunc.
        target: "device" or "service".
        operation: starts it.
        disturbed: lets limits of time count in what changes nothing.
    """

    def __init__(
        self,
        dut: Core,
        entry: DelFuncEntry,
        target: str,
        operation: str,
        disturbed: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._dut = dut
        self._access = entry.access
        self._stated_s = entry.facts.within_s
        self._disturbed = disturbed
        self._device = target == "device"
        self._marker = new_marker()
        self._ways = Ways(dut, self._marker, self._access.reads or (_READS[target],), documented=self._device)
        self._gaps: list[str] = []
        self._looks: list[Look] = []
        self._seen = Erasing(entry.id, operation, target, self._marker)

    def observe(self) -> Erasing:
        """All of it; whatever happens, the device comes back into use."""
        try:
            if (
                self._created()
                and (not self._erased_too_early() or self._created())
                and (not self._erased_by_another() or self._created())
            ):
                self._erase_in_vain()
                self._erase()
        except Inconclusive as error:
            self._gaps.append(error.reason)
        finally:
            self._tidy()
        return replace(self._seen, looks=tuple(self._looks), gaps=tuple(dict.fromkeys(self._gaps)))

    def _created(self) -> bool:
        """Whether the marker was put there, and shows on the ways that the documents name."""
        with self._disturbed():
            self._looks += self._ways.look("before", declared_only=True)
            for name in self._access.create or (_CREATE,):
                result = self._dut.operations.attempt(name, marker=self._marker)
                if not result.done:
                    self._gaps.append(f"no data could be put there: {name}: {result.detail}")
                    return False
            wait_until(
                lambda: all(one.found for one in self._ways.look("created", declared_only=True)),
                within_s=self._access.seen_within_s,
            )
            self._looks += self._ways.look("created")
        looked = replace(self._seen, looks=tuple(self._looks))
        for one in looked.at("created"):
            if one.declared and not one.found:
                self._gaps.append(
                    f"what was put there never showed on {one.way}"
                    + (f": {one.detail}" if one.detail else "")
                )
        return bool(looked.ways)

    def _still_there(self) -> bool:
        """Whether the marker is still found on a way that the documents name."""
        return any(one.found for one in self._ways.look("created", declared_only=True))

    def _erased_too_early(self) -> bool:
        """Do what must not start it; gives whether the data are gone, and the device is in use again."""
        for name in self._access.not_by:
            self._dut.operations.run(name)
            if wait_until(self._still_there, within_s=_RESTARTS_WITHIN_S):
                continue
            self._again()
            looks = self._ways.look("at once", declared_only=True)
            if not all(one.readable for one in looks):
                inconclusive(f"after {name} the data could not be read", cause=Cause.BENCH)
            if not any(one.found for one in looks):
                self._seen = replace(self._seen, early=(*self._seen.early, name))
                return True
        return False

    def _erased_by_another(self) -> bool:
        """Let another user try to delete the data; gives whether any are gone. To be refused is what should happen.

        Data that are gone on one way, and left on another, are deleted all the same.
        """
        for name in self._access.not_by_others:
            before = {one.way for one in self._ways.look("at once", declared_only=True) if one.found}
            result = self._dut.operations.attempt(name, marker=self._marker)
            wait_until(
                lambda: all(one.readable for one in self._ways.look("at once", declared_only=True)),
                within_s=_RESTARTS_WITHIN_S,
            )
            looks = [one for one in self._ways.look("at once", declared_only=True) if one.way in before]
            gone: bool | None = any(one.readable and not one.found for one in looks)
            if not gone and (not all(one.readable for one in looks) or not (result.done or result.answered)):
                gone = None
            self._seen = replace(self._seen, others=(*self._seen.others, (name, gone, result.detail)))
            if gone:
                if not any(one.found for one in looks):
                    self._again()
                elif self._access.tidy is not None:
                    self._dut.operations.attempt(self._access.tidy, marker=self._marker)
                return True
        return False

    def _erase_in_vain(self) -> None:
        """Start it while it cannot succeed, and see whether it tells the user that it did."""
        access = self._access
        if access.fail is None:
            return
        try:
            self._dut.operations.run(access.fail)
            told = self._started(remember=False)
        finally:
            if access.mend is not None:
                self._mend(access.mend)
        provoked = self._still_there()
        if not provoked:
            self._gaps.append(f"{access.fail} did not keep the deletion from succeeding")
        falsely = tuple(words for words, so in told if so) if provoked else ()
        self._seen = replace(self._seen, provoked=provoked, told_falsely=falsely)

    def _mend(self, name: str) -> None:
        """Undo what kept the deletion from succeeding; where that fails, the device is lost for what follows."""
        try:
            self._dut.operations.run(name)
        except Inconclusive as error:
            recover = self._dut.operations.recovery(name) or f"do by hand what {name} does"
            self._dut.is_lost(error.reason, recover)
            raise

    def _started(self, *, remember: bool) -> tuple[tuple[str, bool], ...]:
        """Start it; gives what tells the user that the data are gone, in words, and whether it does."""
        access, operations = self._access, self._dut.operations
        early = {str(one) for one in access.confirmed if operations.holds(one, within_s=0.0)}
        result = operations.attempt(self._seen.operation, marker=self._marker)
        told = []
        if access.tells is not None:
            said = result.value if result.done else None
            told.append((f"it says {access.tells!r}", bool(said and re.search(access.tells, said))))
        for one in access.confirmed:
            if str(one) not in early:
                told.append((str(one), operations.holds(one)))
            elif remember:
                self._gaps.append(f"before the deletion it holds already that {one}")
        if remember:
            self._seen = replace(
                self._seen, carried_out=result.done, answered=result.answered, detail=result.detail
            )
        return tuple(told)

    def _erase(self) -> None:
        access, dut = self._access, self._dut
        kept = self._others()
        before = session_of(dut) if self._device else None
        try:
            since = self._ways.mark() if self._device else None
            told = self._started(remember=True)
            ended = time.monotonic()
            self._seen = replace(self._seen, told=told)
            if not self._seen.carried_out:
                return
            with self._disturbed():
                self._looks += (*self._ways.look("at once"), *self._ways.heard(since, "at once"))
            since = self._ways.mark() if self._device else None
            if not all(one.found for one in self._looks if one.moment == "at once" and one.declared):
                self._again()  # otherwise nothing has happened yet that could be undone
            if before is not None:
                self._seen = replace(self._seen, alive=goes_on(before))
            for name in access.uses:
                dut.operations.run(name)
            self._wait(ended)
            with self._disturbed():
                self._looks += (*self._ways.look("later"), *self._ways.heard(since, "later"))
            self._compare(kept)
            if self._device and not any(one.found for one in self._looks if one.moment == "later"):
                self._see_them_work()
        finally:
            if before is not None:
                before.close()

    def _see_them_work(self) -> None:
        """Put something else there: a way that does not show it would not have shown what outlived the deletion.

        A page for the first start, or of a login, holds no data of anybody. A service may have nothing to do with the
        device any more; of it that is not asked.
        """
        marker, access = new_marker(), self._access
        ways = Ways(self._dut, marker, access.reads or (_READS["device"],), documented=False)
        shown: list[Look] = []
        why = ""
        with self._disturbed():
            for name in access.create or (_CREATE,):
                result = self._dut.operations.attempt(name, marker=marker)
                if not result.done:
                    why = f"no data could be put there anew: {name}: {result.detail}"
                    break
            else:

                def look() -> bool:
                    shown[:] = ways.look("later")
                    return all(one.found for one in shown)

                wait_until(look, within_s=access.seen_within_s)
        seen = {one.way: one.found for one in shown}
        blind = tuple(
            (way, why or "what was put there anew does not show on it")
            for way in dict.fromkeys(one.way for one in self._seen_on())
            if not seen.get(way)
        )
        self._seen = replace(self._seen, blind=blind)
        if access.tidy is not None:
            with contextlib.suppress(Inconclusive):
                self._dut.operations.attempt(access.tidy, marker=marker)

    def _seen_on(self) -> list[Look]:
        """Ways that the documents name, and on which the data showed before."""
        return [one for one in self._looks if one.moment == "created" and one.declared and one.found]

    def _wait(self, ended: float) -> None:
        """Until the time is over within which the documents promise it."""
        stated_s = self._stated_s or 0.0
        if stated_s > _LONGEST_S:
            self._gaps.append(
                f"the documents give it {stated_s:g} s, of which {_LONGEST_S:g} s were waited for"
            )
        with self._disturbed():
            time.sleep(max(0.0, min(stated_s, _LONGEST_S) - (time.monotonic() - ended)))
        self._seen = replace(self._seen, waited_s=round(time.monotonic() - ended, 1))

    def _again(self) -> None:
        """The device is in use again, whatever state the deletion has left it in."""
        again = self._access.again
        if again is not None and again != INITIALIZE:
            self._dut.operations.run(again)
        elif self._device and (again or not wait_until(lambda: is_itself(self._dut), within_s=_ITSELF_S)):
            self._dut.state = "erased"
            initialize(self._dut)

    def _others(self) -> dict[str, OperationResult]:
        """What is somebody else's."""
        return {name: self._dut.operations.attempt(name) for name in self._access.keeps}

    def _compare(self, before: dict[str, OperationResult]) -> None:
        """What is somebody else's has to be as it was."""
        changed = []
        for name, first in before.items():
            now = self._dut.operations.attempt(name)
            if not first.done or first.value is None:
                self._gaps.append(f"{name} gave no value before the deletion")
            elif now.done and now.value != first.value:
                changed.append(f"{name} gives another value than before")
            elif not now.done and now.answered:
                changed.append(f"{name} gives nothing any more: {now.detail}")
            elif not now.done:
                self._gaps.append(f"{name} gave no value after the deletion: {now.detail}")
        self._seen = replace(self._seen, changed=tuple(changed))

    def _tidy(self) -> None:
        """What is left of the marker is taken away, and the device is as it was before."""
        dut, access = self._dut, self._access
        # One request without an answer is no reason to set it up anew: some restart their services after the set-up.
        if dut.state != "initialized" or not wait_until(lambda: is_itself(dut), within_s=_ITSELF_S):
            with contextlib.suppress(Inconclusive):
                self._again()
        if access.tidy is not None:
            try:
                result = dut.operations.attempt(access.tidy, marker=self._marker)
                gap = "" if result.done else result.detail
            except Inconclusive as error:
                gap = error.reason
            if gap:
                self._gaps.append(f"{self._marker} may be left behind: {access.tidy}: {gap}")
        if not wait_until(lambda: is_itself(dut), within_s=_ITSELF_WITHIN_S):
            recover = dut.operations.recovery(self._seen.operation) or "set the device up again, by hand"
            dut.is_lost(
                "it did not come back after a deletion of user data", recover, back=lambda: is_itself(dut)
            )
