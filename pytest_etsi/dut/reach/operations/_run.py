"""The operations of one device: found by name, carried out by the driver of their kind, and kept as evidence."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING, Any

from pytest_etsi import bounds
from pytest_etsi.bounds import OutOfTime, at_most, undisturbed
from pytest_etsi.dut.reach.operations._bench import BenchDriver
from pytest_etsi.dut.reach.operations._by_hand import ManualDriver, PythonDriver, text_of_value
from pytest_etsi.dut.reach.operations._conditions import held, unmet
from pytest_etsi.dut.reach.operations._console import ConsoleDriver
from pytest_etsi.dut.reach.operations._http import CloudDriver, HttpDriver
from pytest_etsi.dut.reach.operations._labgrid import Place
from pytest_etsi.dut.reach.operations._model import (
    Came,
    OperationFailedError,
    OperationResult,
    OtherwiseError,
)
from pytest_etsi.dut.reach.operations._mqtt import MqttDriver
from pytest_etsi.dut.reach.operations._power import CUTS, PowerCuts
from pytest_etsi.dut.reach.operations._programs import ShellDriver
from pytest_etsi.dut.reach.operations._ssh import SshDriver
from pytest_etsi.dut.reach.operations._value import LONGEST, pick
from pytest_etsi.text import near
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Attendant, Driver, Operation
    from pytest_etsi.profile.operations import Condition, OperationBase, SequenceOperation

__all__ = ["Operations"]

_LONGEST_SETTLE_S = 300.0
_UNLIMITED = frozenset({"manual", "sequence"})
"""A person takes the time that it takes, and each part of a sequence has a limit of its own."""
_POWERS = frozenset({"power-on", "power-cycle"})


class _Running(threading.local):
    """What runs now, one within the other; a thread beside, such as one that writes while power is cut, has its own."""

    def __init__(self) -> None:
        self.names: list[str] = []


class Operations:
    """The operations of one device, by name; those of a project come before those of the profile.

    Attributes:
        attendant: the person at the bench; None: nobody is there.
        cuts: the account of cuts of the power.
        running: the operation that is being carried out, the innermost one, for a person who waits; empty: none.
        place: the place of labgrid that the device hangs on; whether there is one shows when it is used.
    """

    def __init__(self, dut: Device, own: Mapping[str, Operation], attendant: Attendant | None = None) -> None:
        self._dut = dut
        self._own = own
        self._declared = dut.profile.access.operations
        self.attendant = attendant
        self.cuts = PowerCuts(dut.profile.access.power)
        self.running = ""
        self.place = Place(dut.profile.access)
        self._here = _Running()
        self._drivers: dict[str, Driver[Any]] = {
            "http": HttpDriver(dut),
            "cloud": CloudDriver(dut),
            "ssh": SshDriver(dut),
            "console": ConsoleDriver(dut),
            "mqtt": MqttDriver(dut),
            "bench": BenchDriver(dut, lambda: self.attendant, self.place),
            "shell": ShellDriver(),
            "python": PythonDriver(dut),
            "manual": ManualDriver(lambda: self.attendant),
            "sequence": _Sequence(self),
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Every operation that can be run."""
        return tuple(sorted({*self._own, *self._declared}))

    def __contains__(self, name: str) -> bool:
        return name in self._own or name in self._declared

    def recovery(self, name: str) -> str:
        """What the profile says about recovering by hand when the operation went wrong; empty: nothing."""
        declared = self._declared.get(name)
        return declared.recover or "" if declared is not None else ""

    def run(self, name: str, **arguments: str) -> OperationResult:
        """Run an operation and wait until it is done.

        Raises:
            Inconclusive: there is no such operation (cause ``access``), or it failed (``bench``).
        """
        result = self.attempt(name, **arguments)
        if not result.done:
            inconclusive(
                f"the operation {name!r} failed: {result.detail}",
                cause=Cause.BENCH,
                settle=self.recovery(name) or f"make the operation {name!r} work on the bench",
            )
        return result

    def attempt(self, name: str, **arguments: str) -> OperationResult:
        """Run an operation, and say what came of it; for one whose failure tells something.

        Raises:
            Inconclusive: there is no such operation, or nobody to do it (``access``), or it must not be done (again).
        """
        result = self.look(name, **arguments)
        self._dut.recorder.observed(f"operation-{name}", result)
        return result

    def look(self, name: str, **arguments: str) -> OperationResult:
        """The same, without evidence of its own: for what is asked again and again by who keeps what came of it.

        Raises:
            Inconclusive: as `attempt`.
        """
        if name not in self:
            alike = near(name, self.names)
            inconclusive(
                f"the profile has no operation {name!r}" + (f", but there is {alike[0]!r}" if alike else ""),
                cause=Cause.ACCESS,
                settle=f"describe how to do it under access.operations.{name}, or add it by the hook "
                "pytest_etsi_operations",
            )
        running = self._here.names
        if name in running:
            inconclusive(
                f"the operation {name!r} is a part of itself: {' -> '.join((*running, name))}",
                cause=Cause.INFORMATION,
                settle="take it out of the sequence or the condition",
            )
        running.append(name)
        try:
            return self._once_or_again(name, arguments)
        finally:
            running.pop()

    def holds(self, condition: Condition, *, within_s: float | None = None) -> bool:
        """Whether a condition holds at the device within its time, or another one."""
        return held(condition, self._dut, self.attempt, within_s=within_s)[0]

    def _once_or_again(self, name: str, arguments: Mapping[str, str]) -> OperationResult:
        declared = self._declared.get(name) if name not in self._own else None
        tries = 1 + (declared.retries if declared is not None and declared.harmless else 0)
        outer, self.running = self.running, name
        try:
            while True:
                result = self._once(name, declared, arguments)
                tries -= 1
                if result.done or not tries:
                    return result
        finally:
            self.running = outer

    def _once(
        self, name: str, declared: OperationBase | None, arguments: Mapping[str, str]
    ) -> OperationResult:
        came = Came()
        value, detail, answered = None, "", True
        try:
            with undisturbed(), at_most(self._longest_s(declared)) as limit:
                value = self._carried_out(name, declared, arguments, came)
        except Inconclusive:
            raise
        except OutOfTime as late:
            if late.limit is not limit:
                raise
            detail, answered = f"it was ended when it had taken {late.limit.seconds:g} s", False
        except OperationFailedError as error:
            detail = f"{type(error).__name__}: {error}"
            answered = isinstance(error, OtherwiseError)
        except Exception as error:  # noqa: BLE001 - whatever a project's or a profile's operation may raise
            detail = f"{type(error).__name__}: {error}"
            answered = False
            came.note("it was broken off", detail)
        for file, content in came.files:
            self._dut.recorder.observed(file, content)
        kind = getattr(declared, "kind", "hook")
        took = time.monotonic() - came.began
        return OperationResult(name, kind, not detail, value, detail, answered, tuple(came.steps), took)

    @staticmethod
    def _longest_s(declared: OperationBase | None) -> float | None:
        """Seconds after which it is ended, wherever it waits; None: never."""
        if declared is None:
            return bounds.OPERATION.whole_s
        if getattr(declared, "kind", "") in _UNLIMITED:
            return None
        conditions = (*declared.before, *declared.after)
        waiting_s = min(declared.settle_s, _LONGEST_SETTLE_S) + sum(one.within_s for one in conditions)
        return max(bounds.OPERATION.whole_s, declared.parts * declared.timeout_s) + waiting_s

    def _carried_out(
        self, name: str, declared: OperationBase | None, arguments: Mapping[str, str], came: Came
    ) -> str | None:
        """Do it, between what has to hold before and after; gives its value."""
        if declared is None:
            with self._power(name, cuts=False):
                given = self._own[name](self._dut, **arguments)
            return None if given is None else text_of_value(given)[:LONGEST]
        if gap := unmet(declared.before, self._dut, self.attempt):
            raise OperationFailedError(f"before it, {gap}")
        with self._power(name, cuts=declared.cuts_power):
            self._drivers[getattr(declared, "kind", "")].run(declared, arguments, came)
        if declared.settle_s:
            time.sleep(min(declared.settle_s, _LONGEST_SETTLE_S))
        if gap := unmet(declared.after, self._dut, self.attempt):
            raise OperationFailedError(f"after it, {gap}")
        return pick(declared.value, came.text) if declared.value is not None else None

    @contextlib.contextmanager
    def _power(self, name: str, *, cuts: bool) -> Iterator[None]:
        """Count a cut of the power, and note since when it is on."""
        if cuts or name in CUTS:
            self.cuts.before(name)
        asked_at = time.monotonic()
        yield
        if cuts or name in _POWERS:
            self.cuts.on(asked_at)


class _Sequence:
    """Runs other operations, one after the other; the first that fails ends it."""

    def __init__(self, operations: Operations) -> None:
        self._operations = operations

    def run(self, declared: SequenceOperation, arguments: Mapping[str, str], came: Came) -> None:
        for name in declared.run:
            result = self._operations.attempt(name, **arguments)
            came.steps.extend(result.transcript)
            if not result.done:
                failed = OtherwiseError if result.answered else OperationFailedError
                raise failed(f"{name}: {result.detail}")
            came.text = result.value or ""
