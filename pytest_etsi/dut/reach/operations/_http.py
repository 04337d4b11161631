"""Operations by HTTP: of the device and its bench, and at the associated service."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.dut.reach.handing_over import fill_in, handed_over
from pytest_etsi.dut.reach.operations._model import OperationFailedError, OtherwiseError
from pytest_etsi.dut.reach.operations._value import LONGEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Came
    from pytest_etsi.profile.operations import CloudOperation, HttpOperation, HttpStep, PackageBody

__all__ = ["CloudDriver", "HttpDriver", "send_once"]

_PAUSE_S = 0.1


class HttpDriver:
    """Sends requests, in order; while the device is not reachable (it may be starting) one is repeated."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: HttpOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`."""
        for number, step in enumerate(declared.requests(), start=1):
            _expected(
                lambda step=step: send_once(self._dut, step, arguments),  # type: ignore[misc]
                f"step {number}, {step.method} {step.url}",
                step.expect,
                declared.timeout_s,
                came,
            )


class CloudDriver:
    """Sends a request to the associated service."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: CloudOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`."""

        def send() -> httpx.Response:
            with _package_of(declared.package, arguments) as package:
                return self._dut.cloud.request(
                    declared.method,
                    fill_in(declared.path, arguments),
                    **handed_over(declared, arguments),
                    **package,
                )

        _expected(
            send,
            f"{declared.method} {declared.path} of the service",
            declared.expect,
            declared.timeout_s,
            came,
        )


def _expected(
    send: Callable[[], httpx.Response], what: str, expect: tuple[int, ...], timeout_s: float, came: Came
) -> None:
    """Send a request until it reaches somebody, within `timeout_s`, and see whether the answer is a success."""
    end = time.monotonic() + timeout_s
    while True:
        try:
            response = send()
            break
        except httpx.ConnectError:
            if time.monotonic() >= end:
                raise
            time.sleep(_PAUSE_S)
    came.text = text_of(response)[:LONGEST]
    came.note(
        what,
        f"HTTP {response.status_code}, {response.headers.get('content-type', 'no type')}, "
        f"{len(response.content)} bytes",
    )
    if response.status_code not in expect:
        expected = " or ".join(str(status) for status in expect)
        raise OtherwiseError(f"{what}, answered HTTP {response.status_code}, expected {expected}")


def send_once(
    dut: Device, step: HttpStep, arguments: Mapping[str, str], *, timeout_s: float | None = None
) -> httpx.Response:
    """One request to the device or its bench, in the session of a login where the step says so."""
    log_in = dut.second_login if step.second else dut.login
    session = log_in(step.login) if step.login else None
    client = http_client(session) if session is not None else dut.network.bench_http()
    try:
        with _package_of(step.package, arguments) as package:
            return client.request(
                step.method,
                fill_in(step.url, arguments),
                **handed_over(step, arguments),
                **package,
                timeout=httpx.USE_CLIENT_DEFAULT if timeout_s is None else timeout_s,
                extensions={} if timeout_s is None else {"deadline": timeout_s},
            )
    finally:
        (session or client).close()


@contextmanager
def _package_of(wanted: PackageBody | None, arguments: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The package of an update as an argument of the client; it is read from its file while it is sent.

    Raises:
        OperationFailedError: the operation sends one, and none is given.
    """
    if wanted is None:
        yield {}
        return
    if "package" not in arguments:
        raise OperationFailedError("it sends the package of an update, and none is given")
    with Path(arguments["package"]).open("rb") as file:
        yield {"files": {wanted.field: (wanted.filename, file)}} if wanted.field else {"content": file}
