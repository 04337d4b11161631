"""The device under test as the tests see it."""

from __future__ import annotations

from dataclasses import asdict, replace
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from pytest_etsi.dut.core import Core
from pytest_etsi.dut.observe.access.functions import observe_access
from pytest_etsi.dut.observe.access.http import try_as_nobody
from pytest_etsi.dut.observe.altered_boot import AlteredBoot, observe_altered_boot
from pytest_etsi.dut.observe.brute_force import GuessingLog, observe_guessing
from pytest_etsi.dut.observe.capture import LiveCapture, in_short, live_capture, named_captures
from pytest_etsi.dut.observe.channels import ChannelObservation, observe_channel
from pytest_etsi.dut.observe.consent.observe import observe_consent
from pytest_etsi.dut.observe.consoles import ConsoleSight, observe_console
from pytest_etsi.dut.observe.credentials import CredentialChange, change_and_restore
from pytest_etsi.dut.observe.decisions.observe import observe_decisions
from pytest_etsi.dut.observe.designation import DesignationSeen, observe_designation
from pytest_etsi.dut.observe.erasing.observe import observe_erasing
from pytest_etsi.dut.observe.exposure import (
    Attached,
    Periods,
    observe_attached,
    observe_connector,
    observe_radio,
    radios_now,
)
from pytest_etsi.dut.observe.failed_boot import FailedBootObservation, observe_failed_boot
from pytest_etsi.dut.observe.first_start import FirstStart, observe_first_start
from pytest_etsi.dut.observe.images import ImagesSeen, observe_images
from pytest_etsi.dut.observe.inputs.observe import InputObservation, observe_inputs
from pytest_etsi.dut.observe.interfaces import InterfaceObservation, observe_interface
from pytest_etsi.dut.observe.isolation import IsolationObservation, observe_isolation
from pytest_etsi.dut.observe.outages.observe import observe_outages
from pytest_etsi.dut.observe.power import PowerCut, cut_power
from pytest_etsi.dut.observe.replacement import Replacement, observe_replacement
from pytest_etsi.dut.observe.resilience import ResilienceObservation, observe_resilience
from pytest_etsi.dut.observe.sensors import SensorsSeen, observe_sensors
from pytest_etsi.dut.observe.setup_check import SetupCheckSeen, observe_setup_check
from pytest_etsi.dut.observe.states import in_factory_default
from pytest_etsi.dut.observe.storage import (
    IdentityTampering,
    StorageTried,
    observe_offers,
    observe_storage,
    tamper_with_identity,
    told_values,
)
from pytest_etsi.dut.observe.unasked import UnaskedLogin, observe_unasked
from pytest_etsi.dut.observe.update_entries import PATHS, UpdateSearch, find_update_entries
from pytest_etsi.dut.observe.updates.series import observe_series, planned
from pytest_etsi.dut.observe.updates.use import observe_after_set_up, observe_options
from pytest_etsi.dut.reach.auth.keys import credential_of
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pytest_etsi.dut.observe.access.model import AccessObservation, Try
    from pytest_etsi.dut.observe.consent.model import ConsentSeen
    from pytest_etsi.dut.observe.decisions.model import DecisionsSeen
    from pytest_etsi.dut.observe.erasing.model import Erasing
    from pytest_etsi.dut.observe.outages.model import OutageObservation
    from pytest_etsi.dut.observe.updates.model import UpdateSeries
    from pytest_etsi.dut.observe.updates.use import AfterSetUp, OptionTried, What
    from pytest_etsi.dut.reach.auth import Attempt
    from pytest_etsi.dut.reach.recording import Sink
    from pytest_etsi.dut.reach.services import ServiceSearch
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.probes.disclosure import DisclosureObservation
    from pytest_etsi.probes.packages import Alteration
    from pytest_etsi.probes.serial.leaks import Leak
    from pytest_etsi.probes.ssh import SshObservation
    from pytest_etsi.probes.tls import TlsObservation
    from pytest_etsi.profile.entries import (
        AnyInterfaceEntry,
        AuthMechEntry,
        ComMechEntry,
        ConnectingEntry,
        DelFuncEntry,
        InpValEntry,
        IntfEntry,
        PersDataEntry,
        SecBootEntry,
        SecParamEntry,
        SoftServEntry,
        UpdMechEntry,
    )

__all__ = ["Dut"]

_Seen = TypeVar("_Seen")

_LISTEN_S = 1.0
_MAX_LINES = 2000


class Dut(Core):
    """The device with all that tests ask of it; what they ask is kept as evidence of the evaluation that asks.

    A project's operations and drivers are given it too. Observers take the `Core`, and know nothing of these verbs.
    """

    def attach(self, sink: Sink | None) -> None:
        """Hand every observation from now on to `sink`; see `Recorder`."""
        self.recorder.attach(sink)

    def _kept(self, name: str, observation: _Seen) -> _Seen:
        """The observation, as evidence too."""
        self.recorder.observed(name, observation)
        return observation

    def access(self, entry: SoftServEntry) -> AccessObservation:
        """Who gets at the functions of an entry of 13-SoftServ, kept as evidence; tried once in a run."""
        self.require_identity()
        once = self.recorder.once(f"access-{entry.id}", lambda: observe_access(self, entry))
        return self._kept("access", once)

    def inputs(self, entry: InpValEntry) -> InputObservation:
        """What the inputs of an entry of 29-InpVal do with unexpected values, kept as evidence; tried once in a run."""
        self.require_identity()
        once = self.recorder.once(f"inputs-{entry.id}", lambda: observe_inputs(self, entry))
        return self._kept("inputs", once)

    def changes_in_factory_default(self, entry: SoftServEntry) -> tuple[Try, ...]:
        """What nobody could change in factory default, kept as evidence.

        Raises:
            Inconclusive: the device cannot be brought into factory default and back.
        """
        tried = self._in_factory_default[1].get(entry.id, ())
        self.recorder.observed("changes-in-factory-default", [asdict(one) for one in tried])
        return tried

    def unasked_logins(self) -> tuple[UnaskedLogin, ...]:
        """What opens by HTTP Basic to the password of a documented web login, kept as evidence."""
        found = self.recorder.once("unasked-logins", lambda: observe_unasked(self))
        self.recorder.observed("unasked-logins", [asdict(one) for one in found])
        return found

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
        host, port = self.network.login_of(entry)
        if entry.access.driver == "ssh" or entry.facts.ssh is not None:
            return self.network.ssh_settings(host, port)
        return self.network.tls(host, port)

    def communication(self, entry: ComMechEntry) -> ChannelObservation:
        """How a mechanism of 11-ComMech protects what it carries, as server and as client, kept as evidence."""
        return observe_channel(self, entry)

    def searches(self, *, every_state: bool = True) -> tuple[tuple[str, ServiceSearch], ...]:
        """What answers in every state of the device; each is looked at once in a run, and kept as evidence.

        Args:
            every_state: False: in the initialized state only, for which nothing is done to the device.

        Raises:
            Inconclusive: as `Network.services`, or the device cannot, or may not, be brought into factory default and
                back.
        """
        initialized = ("in the initialized state", self.network.services())
        if not every_state:
            return (initialized,)
        found = self._in_factory_default[0]
        self.recorder.observed("services-in-factory-default", found)
        return (initialized, ("in factory default", found))

    @cached_property
    def _in_factory_default(
        self,
    ) -> tuple[ServiceSearch, dict[str, tuple[Try, ...]], dict[str, tuple[str, bool | None]]]:
        """All that is looked at in factory default, so that the device is reset for it once only."""
        services = self.profile.ixit.soft_serv
        with in_factory_default(self):
            tried = {
                one.id: try_as_nobody(self, one.access.changes) for one in services if one.access.changes
            }
            heard = radios_now(self)
            return self.network.services_now("services-in-factory-default"), tried, heard

    def interface(self, entry: AnyInterfaceEntry) -> InterfaceObservation:
        """Where an interface of 15-Intf (15-PhyIntf) or 28-LogIntf answers, kept as evidence."""
        return self._kept("interface", observe_interface(self, entry))

    def update_entries(self) -> UpdateSearch:
        """Pages by which software seems to be installed, kept as evidence.

        Raises:
            Inconclusive: as `Network.services`.
        """
        found = find_update_entries(self)
        self.recorder.observed("update-entries", {"asked": list(PATHS), **found.to_json()})
        return found

    @cached_property
    def _disclosed(self) -> tuple[DisclosureObservation, ...]:
        from pytest_etsi.probes.disclosure import DISCOVERY, collect

        search, hosts = self.network.services(), self.network.hosts
        ports = [port for port in DISCOVERY if port in self.network.ports]
        found = [
            collect(host, search.services, own=hosts, discovery=ports, expected=search.expected_udp)
            for host in hosts
        ]
        # Discovery says itself where it got no answer.
        silent = [f"tcp/{port}" for port in search.missing]
        silent += [f"udp/{port}" for port in search.missing_udp if port not in ports]
        gaps = tuple(
            f"{place}: something answers there by the documents, and nothing did" for place in silent
        )
        return (replace(found[0], gaps=(*found[0].gaps, *gaps)), *found[1:])

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

    def console_survey(self, entry: IntfEntry) -> ConsoleSight:
        """What is to be seen at the serial console of an interface of 15-Intf, kept as evidence; once in a run.

        The device is switched off and on for it, and keys are sent to its boot loader, as far as either is permitted.
        """
        return self._kept("console-survey", observe_console(self, entry))

    def console_leaks(self) -> tuple[Leak, ...]:
        """Secrets that the consoles of 15-Intf have told without being asked; none where no console is wired."""
        wired = [entry for entry in self.profile.ixit.intf if entry.access.serial]
        seen = [self.console_survey(entry).seen for entry in wired]
        return tuple(leak for one in seen if one is not None for leak in one.leaks)

    def images(self) -> ImagesSeen:
        """What the firmware images of the profile give away, kept as evidence; searched once in a run.

        Raises:
            Inconclusive: one of them cannot be read (``bench``).
        """
        return observe_images(self)

    def storage(self, entry: SecParamEntry) -> StorageTried:
        """Attempts to get at a parameter as an entry of 10-SecParam says, kept as evidence."""
        return self._kept("storage-tried", observe_storage(self, entry))

    def offers(self, entry: SecParamEntry) -> StorageTried:
        """Attempts to use the hard-coded value of an entry of 10-SecParam, kept as evidence.

        The device is reset to factory default for it where the entry says how its own value could be left out.
        """
        return self._kept("storage-tried", observe_offers(self, entry))

    def identity_tampering(self, entry: SecParamEntry) -> IdentityTampering:
        """Attempts to change a hard-coded identity of 10-SecParam, kept as evidence."""
        return self._kept("storage-tried", tamper_with_identity(self, entry))

    def altered_boot(self, entry: SecBootEntry) -> AlteredBoot:
        """Starts of altered software that an entry of 20-SecBoot describes, kept as evidence; once in a run."""
        return self._kept("altered-boot", observe_altered_boot(self, entry))

    def attached(self) -> Attached:
        """What responds at the cables and receivers of the bench, kept as evidence."""
        return self._kept("attached", observe_attached(self))

    def radio(self, entry: IntfEntry) -> Periods:
        """When a radio of 15-Intf is on the air, kept as evidence; once in a run.

        The device is started anew for it, and brought into factory default and back, as far as either is permitted.
        """
        return self._kept("radio", self.recorder.once(f"radio-{entry.id}", lambda: self._radio(entry)))

    def _radio(self, entry: IntfEntry) -> Periods:
        try:
            by_default = self._in_factory_default[2].get(entry.id) if entry.access.scan else None
        except Inconclusive as error:
            seen = observe_radio(self, entry, None)
            return replace(seen, gaps=(*seen.gaps, f"not listened to in factory default: {error.reason}"))
        return observe_radio(self, entry, by_default)

    def connector(self, entry: IntfEntry) -> Periods:
        """When a serial connector of 15-Intf answers, as its operations enable and disable it, kept as evidence."""
        return self._kept("connector", observe_connector(self, entry))

    def console_gaps(self) -> tuple[str, ...]:
        """Consoles of 15-Intf that are wired and could not be looked at, with the reason of each."""
        wired = [entry for entry in self.profile.ixit.intf if entry.access.serial]
        sights = [(entry, self.console_survey(entry)) for entry in wired]
        return tuple(f"{entry.id}: {sight.why}" for entry, sight in sights if sight.seen is None)

    def disclosed_values(self) -> tuple[tuple[str, str], ...]:
        """Known secrets that services tell without a login: what each is called, and where it was told.

        Raises:
            Inconclusive: as `Network.services`.
        """
        return told_values(self, self.disclosures())

    @cached_property
    def _heard(self) -> str:
        access, console = self.profile.access.serial, self.console
        if access is not None and console.quiet(access.boot_s, access.boot_s * 2):
            # Only now no boot loader can be waiting for a key.
            console.send_line()
            console.read_for(_LISTEN_S)
        return console.text()

    def console_text(self) -> tuple[tuple[str, str], ...]:
        """What the serial console has said so far, and says when its line is woken: (where, line).

        Nothing where the profile has no console.

        Raises:
            Inconclusive: the console cannot be opened (``bench``).
        """
        if self.profile.access.serial is None:
            return ()
        return tuple(
            ("serial console", line) for line in self._heard.splitlines()[:_MAX_LINES] if line.strip()
        )

    def carriers(self, entry: AuthMechEntry) -> tuple[tuple[ComMechEntry, ChannelObservation], ...]:
        """The mechanisms of 11-ComMech that speak of an entry of 1-AuthMech, and how each protects what it carries."""
        mechanisms = self.profile.ixit.com_mech
        fields = ("Description", "Security Guarantees", "Cryptographic Details")
        speaking = [one for one in mechanisms if any(entry.id in one[field] for field in fields)]
        return tuple((one, self.communication(one)) for one in speaking)

    def credential_change(self, entry: AuthMechEntry) -> CredentialChange:
        """Change the credential of `entry` and change it back; done once in a run, kept as evidence each time."""
        self.require_identity()
        change = self.recorder.once(f"change-{entry.id}", lambda: change_and_restore(self, entry))
        return self._kept("credential-change", change)

    def wrong_password(self, entry: AuthMechEntry) -> Attempt | None:
        """One login with a wrong password, kept as evidence; None: the entry does not say how to log in."""
        if not entry.access.driver:
            return None
        session = self.driver(entry).connect()
        try:
            attempt = session.attempt(entry.access.username or "root", "Wr0ng-0000-guess")
            if attempt.accepted and credential_of(entry.access) is not None:
                attempt = attempt.doubted(session.attempt(*self.credentials(entry)))
        finally:
            session.close()
        self.recorder.observed("wrong-password", attempt)
        return attempt

    def guess(self, entry: AuthMechEntry) -> GuessingLog:
        """Guess wrong passwords of `entry` within bounds and see what stops that."""
        self.require_identity()
        return self._kept("guessing", observe_guessing(self, entry))

    def first_start(self, entry: AuthMechEntry) -> FirstStart:
        """Reset the device, try to use it before a password is set, set one, and restore the initialized state."""
        self.require_identity()
        return self._kept("first-start", observe_first_start(self, entry))

    def capture(self, name: str) -> AbstractContextManager[LiveCapture]:
        """Record the device's traffic until the end of the block, by the means that the profile describes.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.capture.live_capture`.
        """
        return live_capture(self, name)

    @cached_property
    def _named_captures(self) -> tuple[tuple[str, CaptureObservation], ...]:
        return named_captures(self)

    def captures(self, *during: str) -> tuple[CaptureObservation, ...]:
        """What the captures show that the profile names, of these occasions or of all, kept as evidence in short.

        Raises:
            Inconclusive: one of them cannot be read (``bench``).
        """
        found = tuple(seen for when, seen in self._named_captures if not during or when in during)
        for seen in found:
            self.recorder.observed(f"capture-{seen.file}", in_short(self, seen))
        return found

    def resilience(self, entry: ConnectingEntry) -> ResilienceObservation:
        """How an entry of 11-ComMech or 28-LogIntf begins and ends connections, and comes back after an outage."""
        return observe_resilience(self, entry)

    def outages(self, kind: str) -> OutageObservation:
        """What the device does without network or power ("network", "power"), and afterwards, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``).
        """
        return observe_outages(self, kind)

    def cut_power(self) -> PowerCut:
        """Take the power of the device away until it is gone, and give it back, as evidence.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.power.cut_power`.
        """
        return cut_power(self)

    def isolation(self) -> IsolationObservation:
        """The product in operation, isolated as 9-ReplSup describes, and in its network again, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``), or the documents do not say how (``access``).
        """
        return observe_isolation(self)

    def replacement(self) -> Replacement:
        """Other hardware in the place of the device, as 9-ReplSup describes, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``).
        """
        return observe_replacement(self)

    def misuse_planned(self, entry: UpdMechEntry) -> tuple[Alteration, ...]:
        """The altered packages that a program makes of the genuine one of a mechanism; nothing is done to the device.

        Raises:
            OSError: the package cannot be read.
        """
        return planned(entry)

    def misuse(self, entry: UpdMechEntry) -> UpdateSeries:
        """What the device does with altered packages that are handed to it by a mechanism, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``).
        """
        return observe_series(self, entry)

    def updates_after_set_up(self, entry: UpdMechEntry) -> AfterSetUp:
        """What the device does with an update on offer when it has been reset and set up, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``), or the documents do not say how (``access``).
        """
        return observe_after_set_up(self, entry)

    def update_options(self, entry: UpdMechEntry, what: What) -> tuple[OptionTried, ...]:
        """What the user's settings of installation ("updates") or of "notices" change, as evidence.

        Raises:
            Inconclusive: not permitted (``permission``), or the documents do not say how (``access``).
        """
        return observe_options(self, entry, what)

    def consent(self, entry: PersDataEntry) -> ConsentSeen:
        """Consent to an entry of 21-PersData, refused, given and withdrawn on a fresh device, as evidence."""
        return observe_consent(self, entry)

    def decisions(self) -> DecisionsSeen:
        """The decisions of 26-UserDec as they are met at a first start and after it, as evidence; once in a run."""
        return observe_decisions(self)

    def sensors(self) -> SensorsSeen:
        """Readings of sensors in what documented requests give, as evidence; looked for once in a run."""
        return observe_sensors(self)

    def setup_check(self) -> SetupCheckSeen:
        """What the check of the set-up says of a good and of a weak configuration, as evidence; once in a run."""
        return observe_setup_check(self)

    def maintenance_check(self) -> SetupCheckSeen:
        """The same of the check that the device is kept in a secure state."""
        return observe_setup_check(self, "maintenance")

    def designation(self) -> DesignationSeen:
        """The model designation, read as the documents describe it, as evidence; once in a run.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.designation.observe_designation`.
        """
        return observe_designation(self)

    def erasing(self, entry: DelFuncEntry, target: str) -> Erasing:
        """A deletion function of 25-DelFunc on data of its own ("device", "service"), as evidence; once in a run."""
        return observe_erasing(self, entry, target)

    def failed_boot(self, entry: SecBootEntry) -> FailedBootObservation:
        """What the device sends after it found its software altered, for an entry of 20-SecBoot, as evidence.

        Raises:
            Inconclusive: see `pytest_etsi.dut.observe.failed_boot.observe_failed_boot`.
        """
        return observe_failed_boot(self, entry)
