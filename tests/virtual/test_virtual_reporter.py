"""The camera's client of the cloud service, against a real service on the loopback interface."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from aiohttp import web

from pytest_etsi.virtual.device import errors
from pytest_etsi.virtual.device.backoff import Backoff
from pytest_etsi.virtual.device.certificates import Certificates, client_context, server_context
from pytest_etsi.virtual.device.core import Core, Memory
from pytest_etsi.virtual.device.reporter import Reporter, ServiceAddress, Times
from pytest_etsi.virtual.device.updates import Offer
from pytest_etsi.virtual.service.cloud import RETENTION_S, Cloud

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

SERIAL, TOKEN, CUSTOMER = "EC2-1", "device token", "customer token"
OWNER = "a long river bends"
QUICK = Times(start_s=0.0, least_s=0.02, most_s=0.04, timeout_s=60.0)
"""Times between reports are short; an answer may take as long as a busy machine needs."""


class Bench:
    """Service, camera and client in one event loop; what the service is asked is kept."""

    def __init__(self, directory: Path) -> None:
        self.certificates = Certificates.at(directory)
        self.certificates.ensure("127.0.0.1", SERIAL)
        self.now = time.time()
        self.cloud = Cloud(SERIAL, TOKEN, CUSTOMER, clock=lambda: self.now)
        self.core = Core(Memory(), "H7KD2MWQX4RT", clock=time.time)
        self.core.initialize({"owner": ("owner", OWNER)})
        self.asked: list[tuple[str, str, bool]] = []
        self.answer: Callable[[web.Request], Awaitable[web.StreamResponse]] | None = None
        self.notes: list[str] = []
        self.url = ""
        self.reporter: Reporter

    def settings(self, **changes: Any) -> None:
        """Take over settings as the owner."""
        self.core.change_settings(self.core.login("owner", OWNER), changes)
        self.reporter.wake()

    async def until(self, check: Callable[[], Any]) -> None:
        """Wait until `check`, which may be a coroutine function, gives something true; fails after five seconds."""
        async with asyncio.timeout(5):
            while True:
                answer = check()
                if await answer if asyncio.iscoroutine(answer) else answer:
                    return
                await asyncio.sleep(0.01)

    async def device(self) -> dict[str, Any]:
        """What the customer is told of the camera."""
        connector = aiohttp.TCPConnector(ssl=client_context(self.certificates.ca), force_close=True)
        headers = {"Authorization": f"Bearer {CUSTOMER}"}
        async with (
            aiohttp.ClientSession(connector=connector, headers=headers) as client,
            client.get(f"{self.url}/v1/devices/{SERIAL}") as answer,
        ):
            told: dict[str, Any] = await answer.json()
            return told

    async def reported(self) -> bool:
        """Whether the service knows a report."""
        return (await self.device())["last_seen"] is not None

    async def diagnosed(self) -> bool:
        """Whether the service knows diagnostics."""
        return bool((await self.device()).get("diagnostics"))


def _run(directory: Path, scenario: Callable[[Bench], Awaitable[None]], **options: Any) -> Bench:
    bench = Bench(directory)

    @web.middleware
    async def keep(request: web.Request, handler: Any) -> web.StreamResponse:
        token = request.headers.get("Authorization", "")
        if CUSTOMER not in token:
            bench.asked.append((request.method, request.path, bool(token)))
        if bench.answer:
            return await bench.answer(request)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def main() -> None:
        app = web.Application(middlewares=[keep])
        app.add_subapp("/service/", bench.cloud.app())
        runner = web.AppRunner(app, shutdown_timeout=0.05)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server_context(bench.certificates.cloud))
        await site.start()
        port = runner.addresses[0][1]
        tls = client_context(bench.certificates.ca)
        bench.url = f"https://127.0.0.1:{port}/service"
        address = ServiceAddress(bench.url, tls, TOKEN, SERIAL, "127.0.0.1")
        bench.reporter = Reporter(
            bench.core,
            options.pop("address", lambda real: real)(address),
            bench.notes.append,
            started=time.monotonic(),
            times=options.pop("times", QUICK),
            backoff=options.pop("backoff", None) or Backoff(first_s=0.01, max_s=0.05),
        )
        task = asyncio.create_task(bench.reporter.run())
        try:
            await scenario(bench)
        finally:
            task.cancel()
            await asyncio.wait([task])
            # Both ends are in this loop: after some rounds of it the service has seen that the camera is gone, which may
            # have been connecting. What it has not seen by the end of the loop would stay open.
            for _ in range(50):
                await asyncio.sleep(0)
            await runner.cleanup()

    asyncio.run(main())
    return bench


def test_without_consent_no_diagnostics_reach_the_service(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.until(lambda: len(bench.asked) >= 3)
        assert (await bench.reported(), await bench.diagnosed()) == (True, False)

    _run(tmp_path, scenario)


def test_withdrawing_consent_erases_the_diagnostics_and_leaves_the_report(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.settings(diagnostics=True)
        await bench.until(bench.diagnosed)
        bench.settings(diagnostics=False)
        await bench.until(lambda: _negated(bench.diagnosed()))
        assert await bench.reported()

    _run(tmp_path, scenario)


def test_a_decision_of_the_owner_does_not_wait_for_the_next_report(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.until(bench.reported)
        bench.settings(diagnostics=True)
        await bench.until(bench.diagnosed)

    _run(tmp_path, scenario, times=Times(start_s=0.0, least_s=60.0, most_s=60.0))


def test_after_erasing_the_service_knows_nothing_and_is_told_nothing(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.settings(diagnostics=True)
        await bench.until(bench.diagnosed)
        await bench.reporter.erase()
        bench.asked.clear()
        await bench.until(lambda: len(bench.asked) >= 3)
        assert (await bench.reported(), await bench.diagnosed()) == (False, False)

    bench = _run(tmp_path, scenario)

    assert set(bench.asked) == {("GET", "/service/v1/updates", False)}


def test_a_camera_that_does_not_report_is_offered_updates_all_the_same(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        bench.settings(reports=False)
        bench.cloud.offer = Offer("1.4.3", "some risk")
        await bench.until(lambda: bench.core.upkeep.offer)

    assert _run(tmp_path, scenario).core.upkeep.offer == Offer("1.4.3", "some risk")


@pytest.mark.parametrize(
    "answer",
    [web.json_response({"erased": False}), web.json_response({}, status=500), web.Response(text="x")],
)
def test_a_deletion_that_is_not_confirmed_is_told_as_such(tmp_path: Path, answer: web.Response) -> None:
    async def refuse(_request: web.Request) -> web.StreamResponse:
        return answer

    async def scenario(bench: Bench) -> None:
        bench.answer = refuse
        with pytest.raises(errors.ServiceError):
            await bench.reporter.erase()

    assert _run(tmp_path, scenario).core.settings()["reports"] is True


def test_a_service_that_fails_is_asked_again_after_growing_waits_until_it_answers(tmp_path: Path) -> None:
    waits: list[float] = []

    def draw(low: float, high: float) -> float:
        waits.append(high)
        return low

    async def fail(_request: web.Request) -> web.StreamResponse:
        return web.Response(status=503)

    async def scenario(bench: Bench) -> None:
        bench.answer = fail
        await bench.until(lambda: len(waits) >= 4)
        failed = bench.reporter.reached
        bench.answer = None
        await bench.until(lambda: bench.reporter.reached)
        assert failed is False

    _run(tmp_path, scenario, backoff=Backoff(first_s=0.01, max_s=0.04, draw=draw))

    assert waits[:4] == [0.01, 0.02, 0.04, 0.04]


@pytest.mark.parametrize("in_clear", [False, True])
def test_updates_are_looked_for_and_fetched_without_tls_by_a_flaw_only(
    tmp_path: Path, in_clear: bool
) -> None:
    asked: list[str] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Somebody in the place of the service, who knows no TLS."""
        line = (await reader.readline()).decode("latin-1")
        if not line.startswith("GET"):
            writer.close()
            return
        asked.append(line.split()[1].partition("?")[0])
        content = b'{"update": {"version": "1.4.3", "risks": "x"}}' if "updates" in line else b"package"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        writer.write(head.encode() + content)
        await writer.drain()
        writer.close()

    async def scenario(bench: Bench) -> None:
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        service = replace(bench.reporter._service, url=url, updates_in_clear=in_clear)
        reporter = Reporter(bench.core, service, bench.notes.append, started=0.0, times=QUICK)
        await reporter.look()
        package = await reporter.fetch("1.4.3", 100)
        server.close()

        assert package == (b"package" if in_clear else None)

    _run(tmp_path, scenario, times=replace(QUICK, start_s=60.0))

    assert asked == (["/v1/updates", "/v1/packages/1.4.3"] if in_clear else [])


@pytest.mark.parametrize(
    ("unknown", "any_name", "taken"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_a_camera_that_takes_any_name_still_asks_for_its_authority(
    tmp_path: Path, unknown: bool, any_name: bool, taken: bool
) -> None:
    certificates = Certificates.at(tmp_path)
    certificates.ensure("127.0.0.1", SERIAL)
    other = certificates.special("other.pem", "elsewhere", ["www.example.net"], unknown=unknown)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = server_context(other).wrap_bio(incoming, outgoing, server_side=True)
    context = client_context(certificates.ca, any_name=any_name)
    client = context.wrap_bio(outgoing, incoming, server_hostname="cloud.example")

    done = False
    with contextlib.suppress(ssl.SSLCertVerificationError):
        for _ in range(4):
            for end in (client, server):
                with contextlib.suppress(ssl.SSLWantReadError):
                    end.do_handshake()
        done = client.version() is not None

    assert done is taken


def test_nothing_is_told_to_a_service_with_a_foreign_certificate(tmp_path: Path) -> None:
    def distrustful(address: ServiceAddress) -> ServiceAddress:
        return ServiceAddress(address.url, ssl.create_default_context(), TOKEN, SERIAL, "127.0.0.1")

    async def scenario(bench: Bench) -> None:
        await bench.until(lambda: bench.notes)

    assert _run(tmp_path, scenario, address=distrustful).asked == []


@pytest.mark.parametrize("update", [7, {"version": "x"}, {"version": "1.4.3", "risks": ["a"]}])
def test_an_offer_that_cannot_be_read_is_noted_and_not_shown(tmp_path: Path, update: object) -> None:
    async def odd(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"update": update})

    async def scenario(bench: Bench) -> None:
        bench.answer = odd
        await bench.until(lambda: any("offer of an update refused" in line for line in bench.notes))

    assert _run(tmp_path, scenario).core.upkeep.offer is None


def test_the_service_forgets_a_camera_thirty_days_after_its_last_report(tmp_path: Path) -> None:
    async def scenario(bench: Bench) -> None:
        await bench.until(bench.reported)
        bench.settings(reports=False)
        await bench.until(lambda: bench.asked[-1][1] == "/service/v1/updates")
        bench.now += RETENTION_S - 60
        before = await bench.reported()
        bench.now += 120
        assert (before, await bench.reported()) == (True, False)

    _run(tmp_path, scenario)


@pytest.mark.parametrize(
    "diagnostics",
    [7, {}, {"restarts": 1}, {"restarts": -1, "failed_logins": 0}, {"restarts": "1", "failed_logins": 0}],
)
def test_the_service_refuses_diagnostics_that_are_none(tmp_path: Path, diagnostics: object) -> None:
    async def scenario(bench: Bench) -> None:
        connector = aiohttp.TCPConnector(ssl=client_context(bench.certificates.ca), force_close=True)
        body = {"serial": SERIAL, "software": "1.4.2", "uptime_s": 1.0, "diagnostics": diagnostics}
        async with (
            aiohttp.ClientSession(
                connector=connector, headers={"Authorization": f"Bearer {TOKEN}"}
            ) as client,
            client.post(f"{bench.url}/v1/checkin", json=body) as answer,
        ):
            assert answer.status == 400

    _run(tmp_path, scenario)


async def _negated(answer: Awaitable[bool]) -> bool:
    return not await answer
