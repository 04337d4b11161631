"""The core of the device under test: what is known of it, the ways to reach it, and logins; what observers build on."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pytest_etsi.dut.reach.auth import driver_for
from pytest_etsi.dut.reach.auth.keys import credential_of
from pytest_etsi.dut.reach.consoles import Consoles
from pytest_etsi.dut.reach.documents import Documents
from pytest_etsi.dut.reach.handing_over import fill_in, let_out
from pytest_etsi.dut.reach.identity import observe_identity
from pytest_etsi.dut.reach.life import Life
from pytest_etsi.dut.reach.network import Network
from pytest_etsi.dut.reach.operations import Line, Operations
from pytest_etsi.dut.reach.recording import Recorder
from pytest_etsi.dut.reach.recovery import Lost, Recovery
from pytest_etsi.dut.reach.uplink import Uplink
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from pathlib import Path

    import httpx

    from pytest_etsi.dut.reach.auth import Attempt, AuthDriver, AuthSession, DriverFactory
    from pytest_etsi.dut.reach.operations import Attendant, Operation
    from pytest_etsi.dut.reach.shelf import Shelf
    from pytest_etsi.probes.serial import Console
    from pytest_etsi.profile import Entry, Profile
    from pytest_etsi.profile.entries import AuthMechEntry

__all__ = ["Core", "lock_of"]

_LONGEST_LOCK_S = 30.0
"""Seconds of a lock for which a login waits."""
_LONGEST_TOLD_S = 366 * 86_400.0
"""Seconds of a lock of which the end is told as a date."""
_LATE_S = 0.3


class Core:
    """One device: who it is, the state it is in, and the ways to reach it.

    Attributes:
        permissions: what may be done to the device.
        state: "initialized" or "factory-default"; who changes the device's state says so.
        recorder: keeps what is observed.
        network: the device on the network.
        documents: what the manufacturer publishes for users.
        operations: what can be done to the device.
        life: whether the device shows any.
        uplink: the device's way to the internet.
        consoles: its serial consoles.
        drivers: authentication drivers that a project adds, by name.

    Args:
        profile: the validated documents.
        operations: operations that a project adds, by name.
        drivers: authentication drivers that a project adds, by name.
        on_secret: called with every secret made during the run (new passwords), before it is used.
        recovery: file that keeps passwords which the run has set, until the former ones are back; None: no file.
        permissions: what may be done to the device; None: what the profile permits.
        nmap: let nmap give a second opinion on services.
        progress: told in a few words what takes long; with nothing when it is done.
        console_log: directory in which all that goes over serial consoles is written down; None: none.
        mask: takes secrets out of what is written there.
        attendant: the person at the bench; None: nobody is there.
        shelf: keeps published documents for later runs, and gives them to one without a network; None: none.
    """

    def __init__(
        self,
        profile: Profile,
        *,
        operations: Mapping[str, Operation] | None = None,
        drivers: Mapping[str, DriverFactory] | None = None,
        on_secret: Callable[[str], None] = lambda _: None,
        recovery: Path | None = None,
        permissions: Iterable[str] | None = None,
        nmap: bool = False,
        progress: Callable[[str], None] = lambda _: None,
        console_log: Path | None = None,
        mask: Callable[[bytes], bytes] = bytes,
        attendant: Attendant | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self.profile = profile
        self.progress = progress
        self.permissions = frozenset(profile.permissions if permissions is None else permissions)
        self.state = "initialized"
        self.recorder = Recorder()
        self.network = Network(profile, self.recorder, nmap=nmap, progress=progress)
        self.documents = Documents(profile, self.network, self.recorder, shelf)
        self.life = Life(profile, self.network)
        self.operations = Operations(self, operations or {}, attendant)
        self.uplink = Uplink(
            profile.access.uplink,
            operations=self.operations,
            recorder=self.recorder,
            permissions=self.permissions,
            require_identity=self.require_identity,
        )
        self.consoles = Consoles(
            profile.access.serial, directory=console_log, mask=mask, offered=self.operations.place.console
        )
        self.drivers: Mapping[str, DriverFactory] = dict(drivers or {})
        self._on_secret = on_secret
        self._lost: Lost | None = None
        self._recovery = Recovery(recovery)
        for password in self._recovery.passwords():
            # Made by an earlier run, and to be kept out of the evidence of this one too.
            self.new_secret(password)

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

    @property
    def console(self) -> Console:
        """The serial console, opened once in a run and drained all the time.

        Raises:
            Inconclusive: the profile gives no serial access (``access``), or it cannot be opened (``bench``).
        """
        return self.consoles.main()

    @property
    def line(self) -> Line:
        """The console as operations use it; raises as `console`."""
        return Line(self.console)

    def is_lost(
        self, reason: str, recover: str, *, back: Callable[[], bool] | None = None, spares: str = ""
    ) -> None:
        """The device could not be brought back into the state that the profile describes: nothing that follows counts.

        Args:
            reason: what happened, in one sentence.
            recover: how to bring it back by hand.
            back: whether it is back after all; None: only a new run finds out.
            spares: permission of units that still conclude from what was seen; none of them may touch it again.
        """
        self._lost = Lost(reason, recover, back, spares)
        self.recorder.observed("device-lost", {"reason": reason, "recover": recover})

    def require_whole(self, needs: Collection[str] = ()) -> None:
        """Make sure that the device is in the state that the profile describes, as far as this run has changed it.

        Args:
            needs: permissions of the unit that is about to begin; none: the device is about to be touched.

        Raises:
            Inconclusive: it was lost, and is not back (``bench``).
        """
        if self._lost is None or self._lost.spares in needs:
            return
        if self._lost.back is not None and self._lost.back():
            self._lost = None
            return
        inconclusive(
            f"an earlier unit could not bring the device back: {self._lost.reason}",
            cause=Cause.BENCH,
            settle=self._lost.recover
            or "bring the device back by hand into the state that the profile describes",
        )

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
            headers=fill_in(cloud.headers, {}),
        )

    def driver(self, entry: AuthMechEntry) -> AuthDriver:
        """The driver for an entry of 1-AuthMech."""
        return driver_for(entry, self, self.drivers)

    def credentials(self, entry: AuthMechEntry) -> tuple[str, str]:
        """User name and current password of an entry; for a login by key, its fingerprint stands for the password.

        Raises:
            Inconclusive: the profile gives neither.
        """
        password = next(iter(self._recovery.candidates(entry.id)), credential_of(entry.access))
        if password is None:
            inconclusive(
                f"the profile gives no credential for {entry.table}/{entry.id}",
                cause=Cause.ACCESS,
                settle="give access.username and access.password (${secret:NAME} keeps it out of the file), or "
                "access.key",
            )
        return entry.access.username or "", password

    def password_is(self, entry: Entry, password: str) -> None:
        """Remember the password that an entry is about to have; it is used from now on."""
        self.new_secret(password)
        self._recovery.keep(entry.id, password)

    def password_counts(self, entry: AuthMechEntry, password: str) -> None:
        """A login has shown that an entry has this password now; if it is the profile's, all others are forgotten."""
        if password == let_out(entry.access.password):
            self._recovery.forget(entry.id)
        elif entry.id in self._recovery:
            self._recovery.settle(entry.id, password)

    def new_secret(self, value: str) -> None:
        """Keep a secret made during the run out of evidence and reports."""
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
                f"the credential that the profile gives for 1-AuthMech/{entry_id} is not accepted: {attempt}"
                + _wanted(session)
                + _locked_until(entry, attempt),
                cause=Cause.ACCESS,
                settle="bring the device into the state that the profile describes, or correct the credential",
            )
        return session

    def second_credentials(self, entry: AuthMechEntry) -> tuple[str, str]:
        """User name and password of the second account of an entry.

        Raises:
            Inconclusive: the entry has none (``access``).
        """
        second = entry.access.second_account
        if second is None:
            inconclusive(
                f"1-AuthMech/{entry.id} gives no second account",
                cause=Cause.ACCESS,
                settle="give access.second_account, an account without the right",
            )
        return second.username, let_out(second.password)

    def second_login(self, entry_id: str) -> AuthSession:
        """A session of the second account of an entry of 1-AuthMech; close it after use.

        Raises:
            Inconclusive: the entry has none (``access``), or its credential is not accepted (``access``).
        """
        entry = self.profile.ixit.auth_mech.get(entry_id)
        if entry is None:
            inconclusive(
                f"1-AuthMech has no entry {entry_id}",
                cause=Cause.INFORMATION,
                settle="name an entry of 1-AuthMech",
            )
        username, password = self.second_credentials(entry)
        session = self.driver(entry).connect()
        attempt = session.attempt(username, password)
        if not attempt.accepted:
            session.close()
            inconclusive(
                f"the second account of 1-AuthMech/{entry_id} is not accepted: {attempt}",
                cause=Cause.ACCESS,
                settle="correct access.second_account, or set the account up",
            )
        return session

    def _log_in(self, session: AuthSession, entry: AuthMechEntry) -> Attempt:
        """Try what an interrupted run may have set, then what the profile gives; nothing is forgotten unproved."""
        username, password = self.credentials(entry)
        possible = (password, *self._recovery.candidates(entry.id), let_out(entry.access.password))
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

    def observed_identity(self) -> dict[str, Any]:
        """What the device says of itself now, and how that compares with the profile; never raises.

        Returns:
            ``{"verified": True | False | None, "observed": {...}, "detail": "..."}``; None: it could not be asked.
        """
        return observe_identity(self)

    def require_identity(self) -> None:
        """Make sure, before anything intrusive, that this is the device that the profile describes.

        Raises:
            Inconclusive: it is another one, cannot be asked or was lost (``bench``), or the profile does not say how
                (``access``).
        """
        self.require_whole()
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
        if seen["verified"] is None:
            inconclusive(
                f"whether this is the device that the profile describes could not be asked: {seen['detail']}",
                cause=Cause.BENCH,
                settle="let the device answer what access.identity asks: wait for the end of a lock, correct the "
                "credential, or the profile",
            )
        inconclusive(
            f"this does not look like the device that the profile describes: {seen['detail']}",
            cause=Cause.BENCH,
            settle="connect the device that the profile describes, or correct the profile",
        )

    def close(self) -> None:
        """Release what was opened."""
        self.consoles.close()
        self.operations.place.close()
        opened = self.__dict__.pop("cloud", None)
        if opened is not None:
            opened.close()


def _wanted(session: AuthSession) -> str:
    """What the login wants and was not sent, as far as its driver has noticed."""
    wants = getattr(session, "wants", None)
    said = wants() if callable(wants) else ""
    return f"; {said}" if said else ""


def _locked_until(entry: AuthMechEntry, attempt: Attempt) -> str:
    """Until when a lock lasts that is still on from an earlier unit or run, as far as that is known."""
    if attempt.outcome != "locked":
        return ""
    wait_s = lock_of(entry, attempt)
    if 0 < wait_s <= _LONGEST_TOLD_S:
        until = datetime.now(UTC) + timedelta(seconds=wait_s)
        return f"; locked until {until:%Y-%m-%d %H:%M:%S} UTC at the latest, by earlier attempts"
    stated = entry.facts.brute_force
    ends = f" until a {stated.until}" if stated is not None and stated.until is not None else ""
    return f"; locked{ends} by earlier attempts"


def lock_of(entry: AuthMechEntry, attempt: Attempt) -> float:
    """Seconds for which the mechanism is locked, as the device says or the documents state; 0: neither does."""
    if attempt.retry_after_s is not None:
        return attempt.retry_after_s
    stated = entry.facts.brute_force
    if stated is None:
        return 0.0
    return float(stated.lockout_s or max((rate.per_s for rate in stated.rates), default=0.0))
