"""Operations: what the profile knows how to do to the device, such as a power cycle or a factory reset."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

import httpx

from pytest_etsi import bounds
from pytest_etsi.bounds import OutOfTime, at_most, undisturbed
from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.dut.reach.handing_over import fill_in, handed_over
from pytest_etsi.profile.access import ConsoleOperation, HttpOperation, PythonOperation
from pytest_etsi.text import near
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.profile.access import HttpStep

__all__ = ["Operation", "OperationFailedError", "Operations", "wait_until"]

Operation = Callable[..., object]
"""An operation that a project adds: called with the `Dut` and keyword arguments; an exception means it failed."""

_PAUSE_S = 0.1
_LONGEST_SETTLE_S = 300.0


class OperationFailedError(Exception):
    """An operation did not do what the profile says it does."""


class Operations:
    """The operations of one device, by name; those of a project come before those of the profile."""

    def __init__(self, dut: Device, own: Mapping[str, Operation]) -> None:
        self._dut = dut
        self._own = own
        self._declared = dut.profile.access.operations

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

    def run(self, name: str, **arguments: str) -> None:
        """Run an operation and wait until it is done.

        Raises:
            Inconclusive: there is no such operation (cause ``access``), or it failed (``bench``).
        """
        if name not in self:
            alike = near(name, self.names)
            inconclusive(
                f"the profile has no operation {name!r}" + (f", but there is {alike[0]!r}" if alike else ""),
                cause=Cause.ACCESS,
                settle=f"describe how to do it under access.operations.{name}, or add it by the hook "
                "pytest_etsi_operations",
            )
        began = time.monotonic()
        try:
            with undisturbed(), at_most(self._longest_s(name)) as limit:
                if name in self._own:
                    self._own[name](self._dut, **arguments)
                else:
                    self._run_declared(name, arguments)
        except Inconclusive:
            raise
        except OutOfTime as late:
            if late.limit is not limit:
                raise
            inconclusive(
                f"the operation {name!r} was ended when it had taken {late.limit.seconds:g} s",
                cause=Cause.BENCH,
                settle=self.recovery(name)
                or f"make the operation {name!r} come to its end, or give it a longer timeout_s",
            )
        except Exception as error:  # noqa: BLE001 - whatever a project's or a profile's operation may raise
            recovery = self.recovery(name)
            inconclusive(
                f"the operation {name!r} failed: {type(error).__name__}: {error}",
                cause=Cause.BENCH,
                settle=recovery or f"make the operation {name!r} work on the bench",
            )
        self._dut.recorder.observed(
            f"operation-{name}", {"operation": name, "duration_s": round(time.monotonic() - began, 3)}
        )

    def _longest_s(self, name: str) -> float:
        """Seconds after which it is ended, wherever it waits."""
        declared = self._declared.get(name)
        if declared is None or name in self._own:
            return bounds.OPERATION.whole_s
        steps = len(declared.requests()) if isinstance(declared, HttpOperation) else 1
        settling_s = min(declared.settle_s, _LONGEST_SETTLE_S)
        return max(bounds.OPERATION.whole_s, steps * declared.timeout_s) + settling_s

    def _run_declared(self, name: str, arguments: Mapping[str, str]) -> None:
        declared = self._declared[name]
        if isinstance(declared, HttpOperation):
            self._run_http(declared, arguments)
        elif isinstance(declared, ConsoleOperation):
            self._run_console(declared, arguments)
        elif isinstance(declared, PythonOperation):
            module, _, function = declared.call.partition(":")
            getattr(import_module(module), function)(self._dut, **fill_in(declared.options, {}), **arguments)
        else:
            inconclusive(
                f"the operation {name!r} needs {declared.action!r} of the bench driver {declared.driver!r}, "
                "which nobody provides",
                cause=Cause.BENCH,
                settle="add the operation by the hook pytest_etsi_operations",
            )
        if declared.settle_s:
            time.sleep(min(declared.settle_s, _LONGEST_SETTLE_S))

    def _run_http(self, declared: HttpOperation, arguments: Mapping[str, str]) -> None:
        for number, step in enumerate(declared.requests(), start=1):
            response = self._send(step, arguments, declared.timeout_s)
            if response.status_code not in step.expect:
                expected = " or ".join(str(status) for status in step.expect)
                raise OperationFailedError(
                    f"step {number}, {step.method} {step.url}, answered HTTP {response.status_code}, "
                    f"expected {expected}"
                )

    def _send(self, step: HttpStep, arguments: Mapping[str, str], timeout_s: float) -> httpx.Response:
        """One request; while the device is not reachable (it may be starting) it is repeated within `timeout_s`."""
        end = time.monotonic() + timeout_s
        while True:
            try:
                return self._send_once(step, arguments)
            except httpx.ConnectError:
                if time.monotonic() >= end:
                    raise
                time.sleep(_PAUSE_S)

    def _send_once(self, step: HttpStep, arguments: Mapping[str, str]) -> httpx.Response:
        session = self._dut.login(step.login) if step.login else None
        client = http_client(session) if session is not None else self._dut.network.bench_http()
        try:
            return client.request(
                step.method,
                step.url,
                **handed_over(step, arguments),
            )
        finally:
            (session or client).close()

    def _run_console(self, declared: ConsoleOperation, arguments: Mapping[str, str]) -> None:
        console = self._dut.console
        # What was said before the operation began answers none of its steps.
        since = console.mark()
        for step in declared.steps:
            if step.send:
                console.send_line(fill_in(step.send, arguments))
            if step.expect is not None:
                console.expect(step.expect, timeout_s=step.timeout_s, since=since)


def wait_until(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Ask `condition` until it holds, for at most `within_s` seconds; connection errors count as not yet."""
    end = time.monotonic() + within_s
    while True:
        try:
            if condition():
                return True
        except (httpx.HTTPError, OSError):
            pass
        if time.monotonic() >= end:
            return False
        time.sleep(_PAUSE_S)
