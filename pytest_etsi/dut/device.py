"""The device under test as the tests see it."""

from __future__ import annotations

import time
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_etsi.dut.reach.auth import driver_for
from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.operations import Operations
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.dut.reach.recovery import Recovery
from pytest_etsi.dut.reach.uplink import Uplink
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import httpx

    from pytest_etsi.dut.observe.access.http import AccessObservation, Try
    from pytest_etsi.dut.observe.brute_force import GuessingLog
    from pytest_etsi.dut.observe.capture import LiveCapture
    from pytest_etsi.dut.observe.channels import ChannelObservation
    from pytest_etsi.dut.observe.credentials import CredentialChange
    from pytest_etsi.dut.observe.failed_boot import FailedBootObservation
    from pytest_etsi.dut.observe.first_start import FirstStart
    from pytest_etsi.dut.observe.inputs.inputs import InputObservation
    from pytest_etsi.dut.observe.interfaces import InterfaceObservation
    from pytest_etsi.dut.observe.resilience import ResilienceObservation
    from pytest_etsi.dut.observe.update_entries import UpdateEntry
    from pytest_etsi.dut.reach.auth import Attempt, AuthDriver, AuthSession, DriverFactory
    from pytest_etsi.dut.reach.operations import Operation
    from pytest_etsi.dut.reach.recording import Sink
    from pytest_etsi.dut.reach.services import ServiceSearch
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.probes.disclosure import DisclosureObservation
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.probes.uart import Console
    from pytest_etsi.profile import Entry, Profile
    from pytest_etsi.profile.entries import (
        AuthMechEntry,
        ComMechEntry,
        InpValEntry,
        IntfEntry,
        SecBootEntry,
        SoftServEntry,
    )

__all__ = ["Dut", "lock_of"]

_LONGEST_LOCK_S = 30.0
"""Seconds of a lock for which a login waits."""
_LISTEN_S = 1.0
_MAX_LINES = 2000
_LATE_S = 0.3


class Dut:
    """One device: who it is, the state it is in, and the ways to reach it.

    Args:
        profile: the validated documents.
        operations: operations that a project adds, by name.
        drivers: authentication drivers that a project adds, by name.
        on_secret: called with every secret made during the run (new passwords), before it is used.
        recovery: file that keeps passwords which the run has set, until the former ones are back; None: no file.
        permissions: what may be done to the device; None: what the profile permits.
        nmap: let nmap give a second opinion on services.
        progress: told in a few words what takes long; with nothing when it is done.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        operations: Mapping[str, Operation] | None = None,
        drivers: Mapping[str, DriverFactory] | None = None,
        on_secret: Callable[[str], None] | None = None,
        recovery: Path | None = None,
        permissions: Iterable[str] | None = None,
        nmap: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.profile = profile
        self.recorder = Recorder()
        self.drivers: Mapping[str, DriverFactory] = dict(drivers or {})
        self.state = "initialized"
        self.nmap = nmap
        self.progress = progress
        self._on_secret = on_secret
        self._own_operations: Mapping[str, Operation] = dict(operations or {})
        self._changes: dict[str, tuple[CredentialChange, list[tuple[str, Any]]]] = {}
        self._tried: dict[str, AccessObservation] = {}
        self._recovery = Recovery(recovery)
        self.permissions = frozenset(profile.permissions if permissions is None else permissions)
        for password in self._recovery.passwords():
            self.new_secret(
                password
            )  # made by an earlier run, and to be kept out of the evidence of this one too

    @property
    def identity(self) -> dict[str, str]:
        """Manufacturer, model, hardware and software version as the profile states them."""
        dut = self.profile.dut
        return {
            "manufacturer": dut.manufacturer,
            "model": dut.model,
            "hardware": dut.hardware,
            "software": dut.software,
        }

    def attach(self, sink: Sink | None) -> None:
        """Hand every observation from now on to `sink`; see `Recorder`."""
        self.recorder.attach(sink)

    @cached_property
    def network(self) -> Network:
        """The device on the network."""
        return Network(self)

    @cached_property
    def documents(self) -> Documents:
        """What the manufacturer publishes for users."""
        return Documents(self)

    @cached_property
    def operations(self) -> Operations:
        """What can be done to the device."""
        return Operations(self, self._own_operations)

    @cached_property
    def uplink(self) -> Uplink:
        """The device's way to the internet."""
        return Uplink(self)

    @cached_property
    def console(self) -> Console:
        """The serial console, opened.

        Raises:
            Inconclusive: the profile gives no serial access (``access``), or it cannot be opened (``bench``).
        """
        from pytest_etsi.probes.uart import Console

        serial = self.profile.access.serial
        if serial is None:
            inconclusive(
                "the profile gives no serial access to the device",
                cause=Cause.ACCESS,
                settle="give the console's URL under access.serial.url",
            )
        console = Console(serial.url, baudrate=serial.baudrate)
        try:
            console.open()
        except OSError as error:
            inconclusive(
                f"the serial console {serial.url} cannot be opened: {error}",
                cause=Cause.BENCH,
                settle="check cable, device name and permissions",
            )
        return console

    @cached_property
    def cloud(self) -> httpx.Client:
        """An HTTP client for the associated service, bound to its host; base URL and headers are the profile's.

        Raises:
            Inconclusive: the profile names no associated service.
        """
        from pytest_etsi.probes.http.client import bounded_client

        cloud = self.profile.access.cloud
        if cloud is None:
            inconclusive(
                "the profile names no associated service",
                cause=Cause.ACCESS,
                settle="give its address under access.cloud.url",
            )
        host = urlsplit(cloud.url).netloc.rpartition("@")[2]
        return bounded_client(
            (host,),
            verify=str(cloud.ca) if cloud.ca else True,
            base_url=cloud.url,
            headers=dict(cloud.headers),
        )

    def driver(self, entry: AuthMechEntry) -> AuthDriver:
        """The driver for an entry of 1-AuthMech."""
        return driver_for(entry, self)

    def credentials(self, entry: AuthMechEntry) -> tuple[str, str]:
        """User name and current password of an entry.

        Raises:
            Inconclusive: the profile gives no password.
        """
        password = next(iter(self._recovery.candidates(entry.id)), entry.access.password)
        if password is None:
            inconclusive(
                f"the profile gives no credential for {entry.table}/{entry.id}",
                cause=Cause.ACCESS,
                settle="give access.username and access.password (${secret:NAME} keeps it out of the file)",
            )
        return entry.access.username or "", password

    def password_is(self, entry: Entry, password: str) -> None:
        """Remember the password that an entry is about to have; it is used from now on."""
        self.new_secret(password)
        self._recovery.keep(entry.id, password)

    def password_counts(self, entry: AuthMechEntry, password: str) -> None:
        """A login has shown that an entry has this password now; if it is the profile's, all others are forgotten."""
        if password == entry.access.password:
            self._recovery.forget(entry.id)
        elif entry.id in self._recovery:
            self._recovery.settle(entry.id, password)

    def new_secret(self, value: str) -> None:
        """Keep a secret made during the run out of evidence and reports."""
        if self._on_secret is not None:
            self._on_secret(value)

    def login(self, entry_id: str) -> AuthSession:
        """A session of an entry of 1-AuthMech, logged in with its credential; close it after use.

        Raises:
            Inconclusive: the credential is not accepted (``access``).
        """
        entry = self.profile.ixit.auth_mech.get(entry_id)
        if entry is None:
            inconclusive(
                f"1-AuthMech has no entry {entry_id}",
                cause=Cause.INFORMATION,
                settle="name an entry of 1-AuthMech",
            )
        session = self.driver(entry).connect()
        try:
            attempt = self._log_in(session, entry)
        except BaseException:
            session.close()
            raise
        if not attempt.accepted:
            session.close()
            inconclusive(
                f"the credential that the profile gives for 1-AuthMech/{entry_id} is not accepted: {attempt}",
                cause=Cause.ACCESS,
                settle="bring the device into the state that the profile describes, or correct the credential",
            )
        return session

    def second_login(self, entry_id: str) -> AuthSession:
        """A session of the second account of an entry of 1-AuthMech; close it after use.

        Raises:
            Inconclusive: the entry has none (``access``), or its credential is not accepted (``access``).
        """
        entry = self.profile.ixit.auth_mech.get(entry_id)
        second = entry.access.second_account if entry is not None else None
        if entry is None or second is None:
            inconclusive(
                f"1-AuthMech/{entry_id} gives no second account",
                cause=Cause.ACCESS,
                settle="give access.second_account, an account without the right",
            )
        session = self.driver(entry).connect()
        attempt = session.attempt(second.username, second.password)
        if not attempt.accepted:
            session.close()
            inconclusive(
                f"the second account of 1-AuthMech/{entry_id} is not accepted: {attempt}",
                cause=Cause.ACCESS,
                settle="correct access.second_account, or set the account up",
            )
        return session

    def access(self, entry: SoftServEntry) -> AccessObservation:
        """Who gets at the functions of an entry of 13-SoftServ, kept as evidence; tried once in a run."""
        from pytest_etsi.dut.observe.access.http import observe_access

        self.require_identity()
        if entry.id not in self._tried:
            self._tried[entry.id] = observe_access(self, entry)
        self.recorder.observed("access", self._tried[entry.id])
        return self._tried[entry.id]

    def inputs(self, entry: InpValEntry) -> InputObservation:
        """What the inputs of an entry of 29-InpVal do with unexpected values, kept as evidence."""
        from pytest_etsi.dut.observe.inputs.inputs import observe_inputs

        self.require_identity()
        observation = observe_inputs(self, entry)
        self.recorder.observed("inputs", observation)
        return observation

    def changes_in_factory_default(self, entry: Entry) -> tuple[Try, ...]:
        """What nobody could change in factory default, kept as evidence.

        Raises:
            Inconclusive: the device cannot be brought into factory default and back.
        """
        tried = self._in_factory_default[1].get(entry.id, ())
        self.recorder.observed("changes-in-factory-default", [asdict(one) for one in tried])
        return tried

    def _log_in(self, session: AuthSession, entry: AuthMechEntry) -> Attempt:
        """Try what an interrupted run may have set, then what the profile gives; nothing is forgotten unproved."""
        username, password = self.credentials(entry)
        possible = (password, *self._recovery.candidates(entry.id), entry.access.password)
        for password in dict.fromkeys(one for one in possible if one is not None):
            attempt = session.attempt(username, password)
            if attempt.outcome == "locked" and 0 < (wait_s := lock_of(entry, attempt)) <= _LONGEST_LOCK_S:
                # Some devices count every attempt, so that logins of the run itself can use up what is allowed.
                time.sleep(wait_s + _LATE_S)
                attempt = session.attempt(username, password)
            if attempt.accepted:
                self.password_counts(entry, password)
            if attempt.outcome != "refused":
                break
        return attempt

    def live_password(self, entry: AuthMechEntry) -> str:
        """The password that an entry has now, proved by a login.

        Raises:
            Inconclusive: there is none in the profile, or it is not accepted (``access``).
        """
        self.login(entry.id).close()
        return self.credentials(entry)[1]

    def channel(self, entry: AuthMechEntry) -> TlsObservation | SshObservation:
        """What the endpoint of an entry accepts: TLS or SSH settings, kept as evidence.

        Raises:
            Inconclusive: the entry does not say where it answers (``access``).
        """
        access = entry.access
        if access.driver == "ssh" or entry.facts.ssh is not None:
            return self.network.ssh_settings(self.network.host(access.host), access.port or 22)
        if access.url:
            return self.network.tls(*self.network.endpoint_of(access.url))
        ports = [endpoint.port for endpoint in entry.facts.endpoint if endpoint.protocol == "tcp"]
        port = access.port or (ports[0] if ports else None)
        if port is None:
            inconclusive(
                f"{entry.table}/{entry.id} does not say where it answers",
                cause=Cause.ACCESS,
                settle="give access.url, access.port or facts.endpoint",
            )
        return self.network.tls(self.network.host(access.host), port)

    def communication(self, entry: ComMechEntry) -> ChannelObservation:
        """How a mechanism of 11-ComMech protects what it carries, as server and as client, kept as evidence."""
        from pytest_etsi.dut.observe.channels import observe_channel

        return observe_channel(self, entry)

    def searches(self) -> tuple[tuple[str, ServiceSearch], ...]:
        """What answers in every state of the device; each is looked at once in a run, and kept as evidence.

        Raises:
            Inconclusive: as `Network.services`, or the device cannot be brought into factory default and back.
        """
        initialized = ("in the initialized state", self.network.services())
        found = self._in_factory_default[0]
        self.recorder.observed("services-in-factory-default", found)
        return (initialized, ("in factory default", found))

    @cached_property
    def _in_factory_default(self) -> tuple[ServiceSearch, dict[str, tuple[Try, ...]]]:
        """All that is looked at in factory default, so that the device is reset for it once only."""
        from pytest_etsi.dut.observe.access.http import try_as_nobody
        from pytest_etsi.dut.observe.states import in_factory_default

        services = self.profile.ixit.soft_serv
        with in_factory_default(self):
            tried = {
                one.id: try_as_nobody(self, one.access.changes) for one in services if one.access.changes
            }
            return self.network.services_now("services-in-factory-default"), tried

    def interface(self, entry: IntfEntry) -> InterfaceObservation:
        """Where an interface of 15-Intf answers, kept as evidence."""
        from pytest_etsi.dut.observe.interfaces import observe_interface

        observation = observe_interface(self, entry)
        self.recorder.observed("interface", observation)
        return observation

    def update_entries(self) -> tuple[UpdateEntry, ...]:
        """Pages by which software seems to be installed, kept as evidence.

        Raises:
            Inconclusive: as `Network.services`.
        """
        from pytest_etsi.dut.observe.update_entries import PATHS, find_update_entries

        found = find_update_entries(self)
        self.recorder.observed(
            "update-entries", {"asked": list(PATHS), "found": [one.to_json() for one in found]}
        )
        return found

    @cached_property
    def _disclosed(self) -> tuple[DisclosureObservation, ...]:
        from pytest_etsi.probes.disclosure import DISCOVERY, collect

        search, hosts = self.network.services(), self.network.hosts
        ports = [port for port in DISCOVERY if port in self.network.ports]
        return tuple(collect(host, search.services, own=hosts, discovery=ports) for host in hosts)

    def disclosures(self) -> tuple[DisclosureObservation, ...]:
        """What the device tells without a login, collected once in a run, kept as evidence of each unit that asks.

        Raises:
            Inconclusive: as `Network.services`.
        """
        self.network.services()  # the evidence of which services were asked
        found = self._disclosed
        for one in found:
            self.recorder.observed("disclosed", one)
        return found

    @cached_property
    def _heard(self) -> str:
        self.console.send("\n")
        return self.console.read_for(_LISTEN_S)

    def console_text(self) -> tuple[tuple[str, str], ...]:
        """What the serial console says when its line is woken: (where, line); nothing where the profile has no console.

        Raises:
            Inconclusive: the console cannot be opened (``bench``).
        """
        if self.profile.access.serial is None:
            return ()
        return tuple(
            ("serial console", line) for line in self._heard.splitlines()[:_MAX_LINES] if line.strip()
        )

    def carriers(self, entry: Entry) -> tuple[tuple[ComMechEntry, ChannelObservation], ...]:
        """The mechanisms of 11-ComMech that speak of an entry of 1-AuthMech, and how each protects what it carries."""
        mechanisms = self.profile.ixit.com_mech
        fields = ("Description", "Security Guarantees", "Cryptographic Details")
        speaking = [one for one in mechanisms if any(entry.id in one[field] for field in fields)]
        return tuple((one, self.communication(one)) for one in speaking)

    def credential_change(self, entry: AuthMechEntry) -> CredentialChange:
        """Change the credential of `entry` and change it back; done once in a run, kept as evidence each time."""
        from pytest_etsi.dut.observe.credentials import change_and_restore

        self.require_identity()
        if entry.id not in self._changes:
            gathered: list[tuple[str, Any]] = []
            try:
                with self.recorder.gathering() as gathered:
                    self._changes[entry.id] = (change_and_restore(self, entry), gathered)
            except BaseException:
                self._hand_on(gathered)
                raise
        change, gathered = self._changes[entry.id]
        self._hand_on(gathered)
        self.recorder.observed("credential-change", change)
        return change

    def _hand_on(self, gathered: list[tuple[str, Any]]) -> None:
        for name, content in gathered:
            self.recorder.observed(name, content)

    def wrong_password(self, entry: AuthMechEntry) -> Attempt | None:
        """One login with a wrong password, kept as evidence; None: the entry does not say how to log in."""
        if not entry.access.driver:
            return None
        session = self.driver(entry).connect()
        try:
            attempt = session.attempt(entry.access.username or "root", "Wr0ng-0000-guess")
        finally:
            session.close()
        self.recorder.observed("wrong-password", attempt)
        return attempt

    def guess(self, entry: AuthMechEntry) -> GuessingLog:
        """Guess wrong passwords of `entry` within bounds and see what stops that."""
        from pytest_etsi.dut.observe.brute_force import observe_guessing

        self.require_identity()
        observation = observe_guessing(self, entry)
        self.recorder.observed("guessing", observation)
        return observation

    def first_start(self, entry: AuthMechEntry) -> FirstStart:
        """Reset the device, try to use it before a password is set, set one, and restore the initialized state."""
        from pytest_etsi.dut.observe.first_start import observe_first_start

        self.require_identity()
        observation = observe_first_start(self, entry)
        self.recorder.observed("first-start", observation)
        return observation

    def observed_identity(self) -> dict[str, Any]:
        """What the device says of itself now, and how that compares with the profile; never raises.

        Returns:
            ``{"verified": True | False | None, "observed": {...}, "detail": "..."}``; None: it could not be asked.
        """
        from pytest_etsi.dut.reach.identity import observe_identity

        return observe_identity(self)

    def require_identity(self) -> None:
        """Make sure, before anything intrusive, that this is the device that the profile describes.

        Raises:
            Inconclusive: it is another one or cannot be asked (``bench``), or the profile does not say how
                (``access``).
        """
        seen = self.observed_identity()
        self.recorder.observed("identity", seen)
        if seen["verified"]:
            return
        if self.profile.access.identity is None:
            inconclusive(
                "the profile does not say how to tell that this is the device it describes",
                cause=Cause.ACCESS,
                settle="describe it under access.identity, so that no other device is touched",
            )
        inconclusive(
            f"this does not look like the device that the profile describes: {seen['detail']}",
            cause=Cause.BENCH,
            settle="connect the device that the profile describes, or correct the profile",
        )

    def capture(self, name: str) -> AbstractContextManager[LiveCapture]:
        """Record the device's traffic until the end of the block, by the means that the profile describes.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.capture.live_capture`.
        """
        from pytest_etsi.dut.observe.capture import live_capture

        return live_capture(self, name)

    @cached_property
    def _named_captures(self) -> tuple[tuple[str, CaptureObservation], ...]:
        from pytest_etsi.dut.observe.capture import named_captures

        return named_captures(self)

    def captures(self, *during: str) -> tuple[CaptureObservation, ...]:
        """What the captures show that the profile names, of these occasions or of all, kept as evidence in short.

        Raises:
            Inconclusive: one of them cannot be read (``bench``).
        """
        from pytest_etsi.dut.observe.capture import in_short

        found = tuple(seen for when, seen in self._named_captures if not during or when in during)
        for seen in found:
            self.recorder.observed(f"capture-{seen.file}", in_short(self, seen))
        return found

    def resilience(self, entry: ComMechEntry) -> ResilienceObservation:
        """How a mechanism of 11-ComMech begins and ends connections, and comes back after an outage, as evidence."""
        from pytest_etsi.dut.observe.resilience import observe_resilience

        return observe_resilience(self, entry)

    def failed_boot(self, entry: SecBootEntry) -> FailedBootObservation:
        """What the device sends after it found its software altered, for an entry of 20-SecBoot, as evidence.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.failed_boot.observe_failed_boot`.
        """
        from pytest_etsi.dut.observe.failed_boot import observe_failed_boot

        return observe_failed_boot(self, entry)

    def close(self) -> None:
        """Release what was opened."""
        for name in ("console", "cloud"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()


def lock_of(entry: AuthMechEntry, attempt: Attempt) -> float:
    """Seconds for which the mechanism is locked, as the device says or the documents state; 0: neither does."""
    if attempt.retry_after_s is not None:
        return attempt.retry_after_s
    stated = entry.facts.brute_force
    return float(stated.lockout_s or 0.0) if stated is not None else 0.0
