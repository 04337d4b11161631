"""Consent tried out on a freshly set-up device: no answer, refused, given, withdrawn, and after a restart."""

from __future__ import annotations

import contextlib
import ipaddress
import math
import re
import time
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.bounds import undisturbed
from pytest_etsi.dut.observe.capture import live_capture
from pytest_etsi.dut.observe.consent.model import ConsentSeen, Stage
from pytest_etsi.dut.observe.states import in_factory_default, is_itself
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.probes.capture import NotACaptureError
from pytest_etsi.profile.places import normal_host
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.capture import LiveCapture
    from pytest_etsi.dut.observe.consent.model import When
    from pytest_etsi.dut.reach.operations import OperationResult
    from pytest_etsi.probes.capture import CaptureObservation, Flow
    from pytest_etsi.profile.entries import PersDataEntry
    from pytest_etsi.profile.facts import ConsentAccess

__all__ = ["observe_consent"]

_GIVE, _WITHDRAW = "give-consent", "withdraw-consent"
_REPORTS_WITHIN_S = 60.0
"""Seconds within which a device tells its service something."""
_UNDER_WAY_S = 1.0
"""Seconds within which a connection that is older than the recording is over, if it is not to count for it."""


def observe_consent(dut: Core, entry: PersDataEntry) -> ConsentSeen:
    """Refuse, give and withdraw the consent to an entry of 21-PersData on a fresh device; done once in a run.

    Returns:
        What was seen, which is nothing where it could not be tried: not permitted, not described, another device.
    """
    try:
        return dut.recorder.once(f"consent-{entry.id}", lambda: _observe(dut, entry))
    except Inconclusive as error:
        return ConsentSeen(entry.id, gaps=(error.reason,), cause=error.cause, settle=error.settle)


def _observe(dut: Core, entry: PersDataEntry) -> ConsentSeen:
    access = entry.access.consent
    if access is None:
        inconclusive(
            f"{entry} does not say how consent is given by program",
            cause=Cause.ACCESS,
            settle="describe it under access.consent",
        )
    one = _One(dut, entry.id, access)
    with contextlib.ExitStack() as stack, undisturbed() as disturbed:
        if access.flow is not None:
            one.recording = stack.enter_context(live_capture(dut, "consent"))
            one.recorded_from = time.time()
        with in_factory_default(dut):
            pass
        try:
            with disturbed():
                one.go()
        except Inconclusive as error:
            one.gaps.append(error.reason)
        finally:
            one.tidy()
        if one.recording is not None:
            one.look_again(one.recording.end())
    seen = ConsentSeen(entry.id, tuple(one.stages), tuple(dict.fromkeys(one.gaps)))
    dut.recorder.observed("consent", seen)
    return seen


class _One:
    """One kind of data.

    Attributes:
        recording: of the device's traffic; None: there is none.
        recorded_from: when it had begun, in seconds since 1970.
        stages: what was seen until now.
        gaps: what could not be seen.

    Args:
        dut: the device.
        purpose: what fills {purpose} in operations.
        access: how it is done.
    """

    def __init__(self, dut: Core, purpose: str, access: ConsentAccess) -> None:
        self._dut = dut
        self._purpose = purpose
        self._access = access
        self._since = time.time()
        self._spans: list[tuple[float, float]] = []
        self.recording: LiveCapture | None = None
        self.recorded_from = self._since
        self.stages: list[Stage] = []
        self.gaps: list[str] = []

    def go(self) -> None:
        """Every stage, in order; one whose answer could not be given ends it."""
        access = self._access
        refuse, withdraw = access.refuse or _WITHDRAW, access.withdraw or _WITHDRAW
        answers: tuple[tuple[When, str], ...] = (
            ("fresh", ""), ("refused", refuse), ("given", access.give or _GIVE), ("withdrawn", withdraw),
        )  # fmt: skip
        for when, name in answers:
            if not self._stage(when, name) and when != "refused":
                return
        if access.restart is not None and "outage" in self._dut.permissions:
            self._end_span()
            self._since = time.time()
            self._dut.operations.run(access.restart)
            wait_until(lambda: is_itself(self._dut), within_s=self._dut.profile.access.power.starts_within_s)
            self._stage("restarted", "")

    def _stage(self, when: When, name: str) -> bool:
        """Give an answer, use the device, and look; gives whether the answer could be given."""
        access, operations = self._access, self._dut.operations
        answer: OperationResult | None = None
        before = self._record()
        self._end_span()
        if name:
            answer = operations.attempt(name, purpose=self._purpose)
            self._since = time.time()
        self._spans.append((self._since, math.inf))
        given = self._given()
        for use in access.use:
            operations.run(use)
        reported = self._reported()
        record = self._record()
        broken = tuple(
            f"{one}: {result.detail}"
            for one in access.functions
            if not (result := operations.attempt(one)).done
        )
        self.stages.append(
            Stage(
                when,
                name,
                answer is None or answer.done,
                answer is None or answer.answered,
                answer.detail if answer is not None else "",
                given,
                None if record is None else re.fullmatch(access.nothing, record) is None,
                renewed=record != before,
                reported=reported,
                flows=self._flows(),
                broken=broken,
                stored=self._stored(),
            )
        )
        return answer is None or answer.done

    def _given(self) -> bool | None:
        result = self._dut.operations.attempt(self._access.read)
        if not result.done or result.value is None:
            self.gaps.append(f"whether consent is given could not be read: {result.detail or 'no value'}")
            return None
        return re.fullmatch(self._access.given, result.value) is not None

    def _record(self) -> str | None:
        result = self._dut.operations.attempt(self._access.record)
        if not result.done or result.value is None:
            self.gaps.append(f"what is recorded could not be read: {result.detail or 'no value'}")
            return None
        return result.value

    def _stored(self) -> tuple[tuple[str, bool], ...] | None:
        """What the record of the consent holds of what it should; its text is nobody's business."""
        if self._access.stored is None:
            return None
        result = self._dut.operations.attempt(self._access.stored)
        if not result.done:
            return None if not result.answered else tuple((one, False) for one in self._access.stored_shows)
        told = result.value or ""
        return tuple((one, re.search(one, told) is not None) for one in self._access.stored_shows)

    def _reported(self) -> bool | None:
        """Have the device tell its service what it has to tell, and see that it did."""
        access, operations = self._access, self._dut.operations
        before = operations.attempt(access.reports).value if access.reports is not None else None
        if access.report is not None:
            operations.run(access.report)
        if access.reports is None:
            return None
        name = access.reports
        return wait_until(
            lambda: operations.attempt(name).value not in (None, before), within_s=_REPORTS_WITHIN_S
        )

    def _flows(self) -> int | None:
        if self.recording is None:
            return None
        host, _, port = (self._access.flow or "").rpartition(":")
        try:
            seen = self.recording.look()
        except NotACaptureError as error:
            self.gaps.append(f"the capture cannot be read: {error}")
            return None
        if seen.missing_for("contacts"):
            self.gaps.append(f"the capture is not complete: {seen.missing_for('contacts')}")
        flows = [
            flow for flow in seen.outgoing if flow.first_s >= self._since and str(flow.server_port) == port
        ]
        if _is_address(host):
            return sum(flow.server == host.strip("[]") for flow in flows)
        # What was under way when the recording began, and was over at once, had asked before it.
        under_way = self.recorded_from + _UNDER_WAY_S
        if unseen := sum(
            not flow.server_name and ((not flow.begun and flow.last_s > under_way) or flow.gaps)
            for flow in flows
        ):
            self.gaps.append(f"the capture lacks what {unseen} connections to port {port} ask for")
        return sum(flow.server_name.lower() == host.lower() for flow in flows)

    def _end_span(self) -> None:
        """What follows is no longer of the answer before it."""
        if self._spans:
            since, until = self._spans[-1]
            self._spans[-1] = (since, min(until, time.time()))

    def look_again(self, seen: CaptureObservation) -> None:
        """See in the whole recording what went, after each answer, to the same places under other names or none.

        Where such data go, their own name shows once consent is given, or the name that led there.
        """
        host, _, port = (self._access.flow or "").rpartition(":")
        if _is_address(host):
            return
        own = normal_host(host)
        flows = [flow for flow in seen.outgoing if str(flow.server_port) == port]
        places = {
            flow.server
            for flow in flows
            if own in {normal_host(name) for name in (flow.server_name, *seen.called(flow.server))}
        }
        known = {own, *map(normal_host, self._access.flow_others)}
        documented = {
            peer.rpartition(":") for entry in self._dut.profile.ixit.com_mech for peer in entry.facts.peers
        }
        documented_at = {normal_host(name) for name, _, at in documented if at == port}

        def is_strange(flow: Flow) -> bool:
            if flow.server in places:
                return normal_host(flow.server_name) not in known
            # Whose address it is nothing tells.
            called = flow.server_name or seen.called(flow.server)
            return not called and normal_host(flow.server) not in documented_at

        # One that was under way when the recording began has asked before it.
        strange = [flow for flow in flows if flow.begun and is_strange(flow)]
        self.stages = [
            replace(stage, others=_counted(flow for flow in strange if since <= flow.first_s < until))
            for stage, (since, until) in zip(self.stages, self._spans, strict=False)
        ]

    def tidy(self) -> None:
        """No consent is given, as on a fresh device."""
        with contextlib.suppress(Inconclusive):
            if self.stages and self._given() is not False:
                self._dut.operations.run(self._access.withdraw or _WITHDRAW, purpose=self._purpose)


def _counted(flows: Iterable[Flow]) -> tuple[tuple[str, int], ...]:
    """Names that were asked for, and how often; a connection by which nothing was said carries nothing."""
    said = Counter(flow.server_name or "no name" for flow in flows if flow.protection != "empty")
    return tuple(sorted(said.items()))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True
