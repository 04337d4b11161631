"""The camera's end of the line to the cloud service: reports, looking for updates, having service data erased."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.backoff import Backoff
from pytest_etsi.virtual.device.identity import CLOUD, DIAGNOSTICS, HARDWARE, MODEL
from pytest_etsi.virtual.flaws import ErasureFlaw

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from pytest_etsi.virtual.device.core import Core
    from pytest_etsi.virtual.flaws import Flaw

__all__ = ["Reporter", "ServiceAddress", "Times"]


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """Where the service is and how the camera proves who it is.

    Attributes:
        url: base address.
        tls: which authorities are trusted.
        token: of the camera.
        serial: of the camera.
        local: the camera's own address, so that a capture shows whose traffic it is.
        clear_first: try it without TLS first, as a flaw has it.
        updates_in_clear: look for updates without TLS first, as a flaw has it.
        other_way: base address by which it is reached past the camera's network, as a flaw has it; empty: none.
    """

    url: str
    tls: ssl.SSLContext
    token: str
    serial: str
    local: str
    clear_first: bool = False
    updates_in_clear: bool = False
    other_way: str = ""


@dataclass(frozen=True, slots=True)
class Times:
    """When the camera reports; all in seconds.

    Attributes:
        start_s: the first report is put off by a random time of up to this.
        least_s: shortest wait after a report that was answered.
        most_s: longest wait after a report that was answered; drawn anew each time.
        timeout_s: after which a request is given up.
    """

    start_s: float = 0.5
    least_s: float = 2.0
    most_s: float = 4.0
    timeout_s: float = 2.0


class _NoAnswerError(Exception):
    """The service cannot be reached, or does not answer as agreed."""


class Reporter:
    """Reports for as long as `run` runs.

    Args:
        core: whose settings decide what is told, and which takes the answers.
        service: where to report to.
        note: takes a line for the camera's log.
        started: when the camera was switched on, by `time.monotonic`.
        times: when to report.
        backoff: the waits after a report that has failed.
        flaws: the weaknesses to show.
    """

    def __init__(
        self,
        core: Core,
        service: ServiceAddress,
        note: Callable[[str], None],
        *,
        started: float,
        times: Times | None = None,
        backoff: Backoff | None = None,
        flaws: frozenset[Flaw] = frozenset(),
    ) -> None:
        self._flaws = flaws
        self._core = core
        self._service = service
        self._note = note
        self._times = times or Times()
        self._backoff = backoff or Backoff()
        self._started = started
        self._wanted = asyncio.Event()
        self._talking = asyncio.Lock()
        self._fetches_in_clear = False
        self.reached = False

    async def run(self) -> None:
        """Report, wait, and so on; ends when it is cancelled."""
        await self._wait(_between(0.0, self._times.start_s))
        while True:
            if self._core.outages.silent:
                await self._wait(self._times.least_s)
                continue
            try:
                async with self._talking:
                    await self._report()
            except _NoAnswerError as error:
                self.reached = False
                self._core.outages.failed()
                wait = self._backoff.next_s()
                self._note(f"cloud: {error}; next attempt in {wait:.1f} s")
            else:
                self.reached = True
                self._core.outages.reached()
                self._backoff.reset()
                wait = _between(self._times.least_s, self._times.most_s)
            await self._wait(wait)

    def wake(self) -> None:
        """Report at once: the owner has decided what is told."""
        self._wanted.set()

    async def erase(self) -> None:
        """Have the service erase what it has of this camera, and report no more.

        Raises:
            pytest_etsi.virtual.device.errors.ServiceError: the service has not confirmed it; nothing is different then.
        """
        try:
            # Nothing is told in between: a report that came after the deletion would undo it.
            async with self._talking:
                answer = await self._request("DELETE", f"/v1/devices/{self._service.serial}")
                if answer.get("erased") is not True:
                    raise _NoAnswerError("the deletion was not confirmed")
                if ErasureFlaw.SERVICE_DATA_COME_BACK not in self._flaws:
                    self._core.stop_reports()
        except _NoAnswerError as error:
            self._note(f"cloud: {error}")
            raise errors.ServiceError from None
        self._note("cloud: service data erased")

    async def _look_in_clear(self) -> None:
        kind = {"model": MODEL, "hardware": HARDWARE, "software": self._core.upkeep.installed}
        self._fetches_in_clear = False
        with contextlib.suppress(_NoAnswerError):
            answer = await self._request("GET", "/v1/updates", query=kind, known=False, secure=False)
            self.take(answer.get("update"))
            self._fetches_in_clear = True

    async def _report(self) -> None:
        settings = self._core.settings()
        if self._service.updates_in_clear:
            await self._look_in_clear()
        if settings["reports"]:
            report: dict[str, Any] = {
                "serial": self._service.serial,
                "software": self._core.upkeep.installed,
                "uptime_s": round(time.monotonic() - self._started, 1),
                "name": settings["name"],
                "diagnostics": self._core.diagnostics()
                if self._core.consent.sends(settings["diagnostics"])
                else None,
            }
            if self._service.clear_first:
                with contextlib.suppress(_NoAnswerError):
                    await self._request("POST", "/v1/checkin", body=report, secure=False)
            named = DIAGNOSTICS if self._core.consent.calls(settings["diagnostics"]) else CLOUD
            answer = await self._reported(report, named)
        else:
            kind = {"model": MODEL, "hardware": HARDWARE, "software": self._core.upkeep.installed}
            answer = await self._request("GET", "/v1/updates", query=kind, known=False)
        self.take(answer.get("update"))

    async def _reported(self, report: dict[str, Any], named: str) -> dict[str, Any]:
        try:
            return await self._request("POST", "/v1/checkin", body=report, named=named)
        except _NoAnswerError:
            if not self._service.other_way:
                raise
            other = self._service.other_way
            return await self._request("POST", "/v1/checkin", body=report, base=other, named=named)

    async def look(self) -> None:
        """Ask now whether there is an update, as after each switching on; a service that is away is noted."""
        try:
            async with self._talking:
                await self._report()
        except _NoAnswerError as error:
            self._note(f"cloud: {error}")

    async def fetch(self, version: str, most: int, *, cut_counts: bool = False) -> bytes | None:
        """The package of an update, or the first `most` bytes of it; None: the service gives none.

        Args:
            version: of the update.
            most: bytes that are taken.
            cut_counts: a transfer that breaks off counts as one that came to its end, as a flaw has it.
        """
        content = bytearray()
        url = f"{self._service.url}/v1/packages/{version}"
        url = url.replace("https:", "http:", 1) if self._fetches_in_clear else url
        try:
            async with (
                self._client(known=True) as client,
                client.get(url, server_hostname=CLOUD) as answer,
            ):
                if answer.status != 200:
                    return None
                async for part in answer.content.iter_any():
                    content += part
                    if len(content) > most:
                        break
                return bytes(content[:most])
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._note(f"cloud: package not fetched: {type(error).__name__}")
            return bytes(content) if cut_counts and content else None

    def take(self, offer: Any) -> None:
        """Look at what the service says of an update; what is no offer is noted and dropped."""
        try:
            self._core.upkeep.take_offer(offer)
        except ValueError as error:
            self._note(f"cloud: offer of an update refused: {error}")

    async def _request(
        self,
        method: str,
        path: str,
        *,
        body: dict[str, Any] | None = None,
        query: dict[str, str] | None = None,
        known: bool = True,
        secure: bool = True,
        base: str = "",
        named: str = CLOUD,
    ) -> dict[str, Any]:
        """Ask the service.

        Args:
            method: of HTTP.
            path: at the service.
            body: JSON.
            query: behind the path.
            known: tell it which camera asks.
            secure: by TLS.
            base: another address of it.
            named: its name, which TLS asks for.
        """
        url = base or self._service.url
        url = url if secure else url.replace("https:", "http:", 1)
        try:
            async with (
                self._client(known=known) as client,
                client.request(method, url + path, json=body, params=query, server_hostname=named) as answer,
            ):
                if answer.status != 200:
                    raise _NoAnswerError(f"{method} {path} refused: {answer.status}")
                content = await answer.json()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise _NoAnswerError(f"{method} {path} failed: {type(error).__name__}") from None
        if not isinstance(content, dict):
            raise _NoAnswerError(f"{method} {path} was answered with no object")
        return content

    def _client(self, *, known: bool) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            ssl=self._service.tls, local_addr=(self._service.local, 0), force_close=True
        )
        return aiohttp.ClientSession(
            connector=connector,
            headers={"Authorization": f"Bearer {self._service.token}"} if known else {},
            timeout=aiohttp.ClientTimeout(total=self._times.timeout_s),
        )

    async def _wait(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._wanted.wait()
        except TimeoutError:
            pass
        self._wanted.clear()


def _between(least: float, most: float) -> float:
    return random.uniform(least, most)  # noqa: S311 - it spreads the load, it keeps no secret
