"""The camera put together: power and network decide which servers of the device run."""

from __future__ import annotations

import asyncio
import datetime
import time
from collections import deque
from typing import TYPE_CHECKING, Any

from aiohttp import web

from pytest_etsi.virtual.bench.bench import Bench, UnpoweredError
from pytest_etsi.virtual.bench.uplink import Uplink
from pytest_etsi.virtual.device.backoff import backoff_of
from pytest_etsi.virtual.device.certificates import Certificates, client_context, server_context
from pytest_etsi.virtual.device.chips import Chips
from pytest_etsi.virtual.device.console import Console
from pytest_etsi.virtual.device.core import Core
from pytest_etsi.virtual.device.discovery import Discovery, description
from pytest_etsi.virtual.device.encryption import https_context, recorder_context
from pytest_etsi.virtual.device.identity import HARDWARE, MANUFACTURER, MODEL
from pytest_etsi.virtual.device.line import Line
from pytest_etsi.virtual.device.lockout import FIRST_LOCK_S
from pytest_etsi.virtual.device.outages import Outages
from pytest_etsi.virtual.device.recorder import Recorder
from pytest_etsi.virtual.device.reporter import Reporter, ServiceAddress
from pytest_etsi.virtual.device.software import LARGEST, RefusedPackageError, Software
from pytest_etsi.virtual.device.storage import Flash
from pytest_etsi.virtual.device.strays import Strays
from pytest_etsi.virtual.device.telnet import ENGLISH, SPANISH, TelnetLogin
from pytest_etsi.virtual.device.unit import first_and_spare
from pytest_etsi.virtual.device.web.app import describe, device_app, redirect_app
from pytest_etsi.virtual.flaws import (
    DisclosureFlaw,
    ErasureFlaw,
    InterfaceFlaw,
    LoginFlaw,
    OutageFlaw,
    PeerFlaw,
    PublicationFlaw,
    StorageFlaw,
    UpdateFlaw,
)
from pytest_etsi.virtual.maker.packages import maker_key
from pytest_etsi.virtual.maker.site import site_app
from pytest_etsi.virtual.mqtt import Connect
from pytest_etsi.virtual.place import Place, PortTakenError, taken
from pytest_etsi.virtual.service.broker import Broker
from pytest_etsi.virtual.service.cloud import Cloud
from pytest_etsi.virtual.values import values

if TYPE_CHECKING:
    import ssl
    from pathlib import Path

    from pytest_etsi.virtual.device.identity import Factory
    from pytest_etsi.virtual.device.updates import Offer

__all__ = ["Camera"]

_LOG_LINES = 1000
_LOG_WIDTH = 300
_KEEP_ALIVE_S = 30.0
_STARTING_S = 5.0
"""Seconds after power for which a flaw leaves the radio on."""
_FOUND_RUNNING_S = 3600.0
"""Seconds for which a camera has been on when a run finds it, as a device on a bench has."""
_WRITING_S = 0.3
"""Seconds for which a set of software is written."""


class Camera:
    """Device, site, cloud, UART and bench in one event loop.

    Args:
        directory: the state directory.
        factory: who the camera is, and its flaws.
        place: where it listens.
        initialized: deliver a new device with the first start done.
        first_lock_s: how long a first lock after wrong passwords lasts, in seconds; other than documented, it is for
            tests that must not depend on how fast they get there.
    """

    def __init__(
        self,
        directory: Path,
        factory: Factory,
        place: Place,
        *,
        initialized: bool = False,
        first_lock_s: float = FIRST_LOCK_S,
    ) -> None:
        self._place = place
        self._first_lock_s = first_lock_s
        self._flaws = factory.flaws
        self._first, self._spare = first_and_spare(directory, factory)
        self._unit = self._first
        self._chips = Chips(self._first.token, factory.flaws)
        self._values = values(directory, factory, place)
        self._certificates = Certificates.at(directory)
        self._lines: deque[str] = deque(maxlen=_LOG_LINES)
        units, customer = (self._first, self._spare), self._values["cloud_token"]
        neighbour = self._values["neighbour_token"]
        self._cloud, other = (
            Cloud(one.serial, one.token, customer, neighbour_token=neighbour, flaws=factory.flaws)
            for one in units
        )
        self._cloud.siblings[self._spare.serial] = other
        self._cloud.always_offline = OutageFlaw.SHOWN_OFFLINE in factory.flaws
        self._broker = Broker({one.serial: one.token for one in units})
        self.uplink = Uplink(place.host, {place.cloud: place.service, place.push: place.broker}, place.host)
        self._console = Console(
            directory / "console",
            self._values["serial"],
            self._values["owner_password"],
            service=self._service_text,
            flaws=factory.flaws,
        )
        self._strays = Strays(place, factory.flaws)
        self._discovery = Discovery(place, self._values["uuid"], self._values["serial"], factory.flaws)
        key = maker_key(factory).public_key()
        self._softwares = {
            one.serial: Software(Flash(directory, f"software-{one.serial}.json"), key, factory.flaws)
            for one in (self._first, self._spare)
        }
        self._switching = asyncio.Lock()
        self._core: Core | None = None
        self._up = True
        self._altered = ""
        self._starting: asyncio.Task[None] | None = None
        self._cut = False
        self._halted = False
        self._started = 0.0
        self._running_s = _FOUND_RUNNING_S
        self._surroundings: list[web.AppRunner] = []
        self._servers: list[web.AppRunner] = []
        self._telnet: asyncio.Server | None = None
        self._recorder: Recorder | None = None
        self._reporter: Reporter | None = None
        self._calling: list[asyncio.Task[None]] = []
        self._crashing: asyncio.Future[list[None]] | None = None
        self._outages = Outages(factory.flaws)
        self._outages.restart = self._restart_soon
        self._restarting: asyncio.Task[None] | None = None
        self._nights: asyncio.Task[None] | None = None
        if initialized and self._first.flash.load() is None:
            self._new_core().initialize(
                {
                    self._values["owner_username"]: ("owner", self._values["owner_password"]),
                    self._values["viewer_username"]: ("viewer", self._values["viewer_password"]),
                }
            )

    async def start(self) -> None:
        """Open everything; raises `PortTakenError`, and then nothing stays open."""
        try:
            place = self._place
            tls = server_context(self._certificates.cloud)
            bench = Bench(self, self._values["control_token"])
            self._surroundings.append(
                await self._serve(site_app(self._flaws), place.site, server_context(self._site_certificate()))
            )
            self._surroundings.append(await self._serve(self._cloud.app(), place.service, tls))
            with taken(place.host, place.broker):
                await self._broker.start(place.host, place.broker, tls)
            with taken(place.host, place.cloud):
                await self.uplink.start()
            self._surroundings.append(await self._serve(bench.app(), place.control))
            self._console.open()
            await self.power(on=True)
        except BaseException:
            await self.stop()
            raise

    def _site_certificate(self) -> Path:
        """Certificate and key of the maker's site, which the authority of its cloud has signed."""
        host, special = self._place.host, self._certificates.special
        if PublicationFlaw.CERTIFICATE_OVER in self._flaws:
            return special("site.pem", MANUFACTURER, [host], days=(-400, -3))
        if PublicationFlaw.CERTIFICATE_OF_ANOTHER in self._flaws:
            return special("site.pem", MANUFACTURER, ["www.example.net"])
        return self._certificates.cloud

    async def stop(self) -> None:
        """Close everything."""
        await self.power(on=False)
        await self.uplink.stop()
        await self._broker.stop()
        for runner in self._surroundings:
            await runner.cleanup()
        self._console.close()

    # What the bench can do ----------------------------------------------------------------------------------

    async def power(self, *, on: bool) -> None:
        """Switch the supply: sessions and connections end at once, what is stored stays."""
        async with self._switching:
            self._cut = self._cut or not on
            if on != self._outages.powered:
                self._outages.switched(on=on)
            await self._power(on=on)

    async def network(self, *, up: bool) -> None:
        """Plug or unplug the cable: the ports go away and come back, the camera goes on running.

        Packets to an unplugged camera get lost; here, on the loopback, they are refused instead.
        """
        async with self._switching:
            if up == self._up:
                return
            self._up = up
            self.note(f"bench: network {'up' if up else 'down'}")
            if self._core is not None and not up:
                await self._close()
            elif self._core is not None and not self._outages.stays_shut:
                self._core.link_is_back()
                await self._open()

    async def factory_reset(self) -> None:
        """Hold the button for ten seconds: the camera forgets and starts again.

        Raises:
            UnpoweredError: the camera has no power.
        """
        async with self._switching:
            if self._core is None:
                raise UnpoweredError
            self._core.factory_reset()
            self._chips.reset()
            self.note("camera: factory reset")
            await self._power(on=False)
            await self._power(on=True)

    @property
    def long_press_s(self) -> float:
        """Seconds for which the button has to be held until the camera resets."""
        return 1.0 if ErasureFlaw.RESET_BY_SHORT_PRESS in self._flaws else 10.0

    async def replace(self, *, spare: bool) -> None:
        """Put another camera in the place of the first, or the first one back, on the same plugs."""
        async with self._switching:
            await self._power(on=False)
            self._unit = self._spare if spare else self._first
            self._outages.spare = spare
            self.note(f"bench: {self._unit.serial} in its place")
            await self._power(on=True)

    def alter_software(self, how: str) -> None:
        """Alter both sets of software ("block", "foreign-key"), or write back what was there (empty).

        It is looked at when power comes.
        """
        self._altered = how
        if not how:
            self._software.released()

    def chips(self) -> dict[str, str]:
        """What a reader of chips is told of their locks."""
        return self._chips.status() | {"software": self._altered or "released"}

    def put_chips_back(self) -> None:
        """Write what the factory has written."""
        self._chips.put_back()

    def light(self) -> str:
        """What a light sensor sees of the status light: "off", "green", "blue-blinking" or "red-blinking"."""
        if self._core is None:
            return "red-blinking" if self._halted and StorageFlaw.NO_ALERT not in self._flaws else "off"
        waits = self._core.state == "factory-default" and ErasureFlaw.RESET_WITHOUT_SIGN not in self._flaws
        return "blue-blinking" if waits else "green"

    def stage(self, offer: Offer | None) -> None:
        """Let the cloud service offer an update, or none."""
        self._cloud.offer = offer
        if offer is not None:
            self._broker.look()

    def publish(self, package: bytes, offer: Offer, *, breaks_off: bool) -> None:
        """Let the cloud service offer an update, with this as its package; `breaks_off`: it sends half of it only."""
        self._cloud.package, self._cloud.breaks_off = package, breaks_off
        self.stage(offer)

    def night(self) -> None:
        """The coming night: what is offered is installed, if it is due."""
        if self._reporter is not None and self._core is not None:
            self._nights = asyncio.create_task(self._spend_night(self._core, self._reporter))

    def unpacked(self, name: str) -> bool:
        """Whether a file of that name lies where the camera keeps its data, and where no update belongs."""
        return name == "settings" or name in self._software.files

    def answer_with(self, offer: Any) -> None:
        """Let the camera take an answer of the service that may be no offer at all, as its reporter does."""
        if self._reporter is not None:
            self._reporter.take(offer)

    def status(self) -> dict[str, Any]:
        """What the bench can see, and what the service heard last on the line; ``state`` is null without power.

        It sees the status light flicker when the camera has decided on a package, and counts that.
        """
        return {
            "state": self._core.state if self._core else None,
            "power": self._core is not None or self._halted,
            "network": self._up,
            "decisions": self._software.decisions,
            "line": self._broker.state,
            "boot_count": self._core.boot_count if self._core else None,
            "flaws": sorted(flaw.label for flaw in self._flaws),
        }

    def radio(self) -> list[str]:
        """Names of the wireless networks that the camera has on the air, as a receiver near it hears them."""
        core = self._core
        on = core is not None and (
            core.state == "factory-default"
            or InterfaceFlaw.RADIO_STAYS_ON in self._flaws
            or (
                InterfaceFlaw.RADIO_AT_START in self._flaws and time.monotonic() - self._started < _STARTING_S
            )
        )
        return [self._values["ssid"]] if on else []

    def attached(self) -> list[str]:
        """What responds at the cables of the bench, and at its probe for test points."""
        if self._core is None:
            return []
        shown = {
            InterfaceFlaw.USB_STORAGE: "usb: 1d6b:0104 mass storage",
            InterfaceFlaw.JTAG_ANSWERS: "jtag: one device, 0x4ba00477",
        }
        lines = ["ethernet: link up, 100 Mbit/s"] * self._up + ["supply: 5 V, 0.4 A"]
        return [*lines, *(line for flaw, line in shown.items() if flaw in self._flaws)]

    def log(self) -> list[str]:
        """The camera's log, oldest line first."""
        return list(self._lines)

    def note(self, line: str) -> None:
        """Add a line to the camera's log; what is not printable, or too long, is cut out."""
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        text = "".join(char if char.isprintable() else "?" for char in line[:_LOG_WIDTH])
        self._lines.append(f"{now} {text}")

    # Inside -------------------------------------------------------------------------------------------------

    @property
    def _software(self) -> Software:
        return self._softwares[self._unit.serial]

    async def _spend_night(self, core: Core, reporter: Reporter) -> None:
        await reporter.look()
        offer = core.upkeep.offer
        if offer is None or not core.upkeep.due(core.settings()):
            self.note("update: nothing to install")
            return
        software = self._software
        counts = UpdateFlaw.CUT_TRANSFER_COUNTS in self._flaws
        package = await reporter.fetch(offer.version, LARGEST + 1, cut_counts=counts)
        if package is None:
            software.missed()
            return
        try:
            version = software.decide(package, offer)
        except RefusedPackageError as error:
            self.note(f"update: {error}")
            if software.dead:
                self._restart_soon()
            return
        software.begin()
        await asyncio.sleep(_WRITING_S)
        if self._core is core:
            software.installed(version)
            self.note(f"update: {version} installed")
            self._restart_soon()

    async def _power(self, *, on: bool) -> None:
        if on == (self._core is not None or self._halted):
            return
        if not on:
            await self._close()
            self._software.interrupted()
            self._core, self._halted = None, False
            self._console.power(on=False)
            self.note("bench: power off")
            return
        core = self._new_core()
        if (self._altered and not self._verifies_nothing) or self._software.dead:
            self._halt(core)
            return
        await self._start(core)

    @property
    def _verifies_nothing(self) -> bool:
        """Whether the loader starts what was altered, which flaws let it do."""
        foreign = self._altered == "foreign-key" and StorageFlaw.FOREIGN_KEY_STARTS in self._flaws
        return foreign or StorageFlaw.ALTERED_STARTS in self._flaws

    async def _start(self, core: Core) -> None:
        core.boot(cut=self._cut)
        self._cut = False
        self._core = core
        self._software.started()
        self._started = time.monotonic() - self._running_s
        self._running_s = 0.0
        self.note(f"camera: boot {core.boot_count}, {core.state}")
        self._console.power(on=True, boot_count=core.boot_count)
        if self._up and not self._outages.comes_up_dead:
            await self._open()

    def _restart_soon(self) -> None:
        """Start anew, as a watchdog has it; whoever asks for it is ended by it."""

        async def restart() -> None:
            async with self._switching:
                await self._power(on=False)
                await self._power(on=True)

        self.note("camera: restart")
        self._restarting = asyncio.create_task(restart())

    def _halt(self, core: Core) -> None:
        """The loader has found neither set of software to be right: the light blinks, and nothing is started."""
        self._halted = True
        self.note("loader: signature of both sets wrong, halted")
        if StorageFlaw.STARTS_AFTER_ALERT in self._flaws:
            self._starting = asyncio.create_task(self._start_after_all(core))
        if PeerFlaw.TALKS_AFTER_FAILED_BOOT in self._flaws:
            self._reporter = self._new_reporter(core)
            self._calling.append(asyncio.create_task(self._reporter.run()))

    async def _start_after_all(self, core: Core) -> None:
        await asyncio.sleep(0.5)
        async with self._switching:
            if self._halted:
                self._halted = False
                await self._start(core)

    def _new_reporter(self, core: Core) -> Reporter:
        return Reporter(
            core,
            self._service_address(),
            self.note,
            started=self._started,
            backoff=backoff_of(self._flaws),
            flaws=self._flaws,
        )

    async def _open(self) -> None:
        core = self._core
        if core is None:
            return
        device = {key: self._values[key] for key in ("manufacturer", "model", "hardware", "software")}
        device |= {"serial": self._unit.serial, "mac": self._unit.mac}
        service = self._new_reporter(core)
        page = device_app(
            core, device, service=service, flaws=self._flaws, secure=True, log=self.note, crash=self._crash
        )
        shown = (self._certificates, self._place.host, self._values["serial"], self._flaws)
        self._servers.append(await self._serve(page, self._place.https, https_context(*shown)))
        talkative = DisclosureFlaw.DESCRIPTION_TELLS_SOFTWARE in self._flaws
        told = description(self._values["https_url"], self._values["uuid"], talkative=talkative)
        if LoginFlaw.PLAIN_HTTP_LOGIN in self._flaws:
            plain = device_app(core, device, service=service, flaws=self._flaws, secure=False, log=self.note)
            describe(plain, told)
        else:
            plain = redirect_app(self._values["https_url"], told, self._flaws)
        self._servers.append(await self._serve(plain, self._place.http))
        if self._flaws & {LoginFlaw.UNDOCUMENTED_LOGIN, LoginFlaw.LOGIN_IN_SPANISH}:
            await self._open_telnet()
        host = self._place.host
        with taken(host, self._place.stray):
            await self._strays.open(core.state, debug=self._outages.opens_a_port)
        with taken(host, self._place.mdns):
            await self._discovery.open()
        self._recorder = Recorder(core, self.note, self._flaws)
        with taken(host, self._place.rtsps):
            await self._recorder.open(host, self._place.rtsps, recorder_context(*shown))
        self._reporter = service
        self._calling += [
            asyncio.create_task(caller.run()) for caller in (service, self._new_line(core, service))
        ]

    async def _close(self) -> None:
        calling, self._calling, self._reporter = self._calling, [], None
        for task in calling:
            task.cancel()
        await asyncio.gather(*calling, return_exceptions=True)
        if self._recorder:
            await self._recorder.close()
            self._recorder = None
        self._discovery.close()
        if self._telnet:
            self._telnet.close()
            self._telnet = None
        self._strays.close()
        if self._crashing:
            await self._crashing
            self._crashing = None
        servers, self._servers = self._servers, []
        for runner in servers:
            await runner.cleanup()

    def _crash(self) -> None:
        """End the web server, as a fault in it does; the rest goes on, and a power cycle brings it back."""
        self.note("web: killed")
        servers, self._servers = self._servers, []
        self._crashing = asyncio.gather(*(runner.cleanup() for runner in servers))

    def _new_line(self, core: Core, service: Reporter) -> Line:
        return Line(
            core,
            (self._place.host, self._place.push),
            client_context(
                self._certificates.ca, credulous=PeerFlaw.PUSH_CERTIFICATE_UNCHECKED in self._flaws
            ),
            Connect(self._unit.serial, self._unit.serial, self._unit.token),
            local=self._place.host,
            look=service.wake,
            note=self.note,
            backoff=backoff_of(self._flaws, PeerFlaw.PUSH_CONSTANT_RETRY),
        )

    async def _open_telnet(self) -> None:
        host, port = self._place.host, self._place.telnet
        loop = asyncio.get_running_loop()
        words = SPANISH if LoginFlaw.LOGIN_IN_SPANISH in self._flaws else ENGLISH
        with taken(host, port):
            self._telnet = await loop.create_server(
                lambda: TelnetLogin(self._values["serial"], words), host, port
            )

    async def _serve(
        self, app: web.Application, port: int, tls: ssl.SSLContext | None = None
    ) -> web.AppRunner:
        runner = web.AppRunner(
            app, access_log=None, handle_signals=False, shutdown_timeout=0.05, keepalive_timeout=_KEEP_ALIVE_S
        )
        await runner.setup()
        try:
            await web.TCPSite(runner, self._place.host, port, ssl_context=tls).start()
        except OSError as error:
            await runner.cleanup()
            raise PortTakenError(f"{self._place.host}:{port}: {error.strerror or error}") from error
        return runner

    def _service_address(self) -> ServiceAddress:
        return ServiceAddress(
            url=self._values["cloud_url"],
            tls=client_context(
                self._certificates.ca,
                obsolete=PeerFlaw.OBSOLETE_TLS_TO_CLOUD in self._flaws,
                credulous=bool(
                    self._flaws & {PeerFlaw.CLOUD_CERTIFICATE_UNCHECKED, UpdateFlaw.UPDATE_SERVER_UNCHECKED}
                ),
                any_name=UpdateFlaw.UPDATE_SERVER_OF_ANY_NAME in self._flaws,
            ),
            token=self._unit.token,
            serial=self._unit.serial,
            local=self._place.host,
            clear_first=PeerFlaw.REPORT_IN_CLEAR in self._flaws,
            updates_in_clear=UpdateFlaw.UPDATES_IN_CLEAR in self._flaws,
            other_way=f"https://{self._place.host}:{self._place.service}"
            * (OutageFlaw.SECOND_WAY_OUT in self._flaws),
        )

    def _service_text(self) -> str | None:
        """What the service connector tells while the owner has it open; None: it is closed."""
        core = self._core
        if core is None or not core.upkeep.connector_s:
            return None
        reached = self._reporter is not None and self._reporter.reached
        return (
            f"{MODEL} {HARDWARE} {core.upkeep.installed}; starts {core.boot_count}; "
            f"network {'up' if self._up else 'down'}; "
            f"service {'reached' if reached else 'not reached'}"
        )

    def _new_core(self) -> Core:
        core = Core(
            self._unit.flash,
            self._unit.label_password,
            clock=time.time,
            flaws=self._flaws,
            first_lock_s=self._first_lock_s,
            outages=self._outages,
            software=self._software,
        )
        core.takes_token = self._chips.settle
        return core
