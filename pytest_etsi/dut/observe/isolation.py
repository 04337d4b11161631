"""The product in operation, isolated as 9-ReplSup describes, and in its network again."""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe.capture import live_capture
from pytest_etsi.dut.observe.outages.model import FunctionTry, WaySeen
from pytest_etsi.dut.observe.outages.observe import cut_network
from pytest_etsi.dut.observe.outages.recovery import is_back
from pytest_etsi.dut.observe.outages.trying import functions_of
from pytest_etsi.dut.observe.power import uptime_of
from pytest_etsi.dut.observe.states import bring_back
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.capture import CaptureObservation
    from pytest_etsi.profile.facts import OutageAccess
    from pytest_etsi.profile.operations import Condition

__all__ = ["IsolationObservation", "held", "observe_isolation"]

_SAID = 200
"""Bytes from the other end of a connection above which more than its refusal came."""
_RESET = 60
"""The same of a connection that was under way: what ends it is one packet, of at most so many bytes in IPv6."""
_LONGEST_S = 120.0
_UNDER_WAY_S = 3.0
"""Seconds after the cut within which what was under way may still arrive."""


@dataclass(frozen=True, slots=True)
class IsolationObservation:
    """What was seen of the product in operation and in isolation.

    Attributes:
        functions: its main functions, in operation.
        in_operation: conditions that show that it is in operation: in words, and whether each holds.
        isolated: the isolation; None: the documents do not say how.
        way_out: where it was still reached though nothing passed its network: a sentence; empty: that was not seen.
        passed: what passed its former network meanwhile, in words.
        open: what could not be seen, a sentence each.
    """

    functions: tuple[FunctionTry, ...] = ()
    in_operation: tuple[tuple[str, bool], ...] = ()
    isolated: WaySeen | None = None
    way_out: str = ""
    passed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()

    @property
    def works(self) -> bool:
        """Whether it was in operation with all its main functions."""
        return all(one.works for one in self.functions) and all(holds for _, holds in self.in_operation)

    @property
    def during(self) -> tuple[FunctionTry, ...]:
        """What was tried in isolation."""
        return self.isolated.tried("during") if self.isolated is not None else ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_isolation(dut: Core) -> IsolationObservation:
    """Bring the product into operation, isolate it, and undo that; done once in a run.

    Raises:
        Inconclusive: not permitted (``permission``), or it is another device than the profile describes (``bench``).
    """
    if "outage" not in dut.permissions:
        inconclusive(
            "the device may not be kept from its network",
            cause=Cause.PERMISSION,
            settle="allow it by the permission outage",
        )
    return dut.recorder.once("isolation", lambda: _observe(dut))


def _observe(dut: Core) -> IsolationObservation:
    access = dut.profile.ixit.repl_sup.access
    dut.require_identity()
    functions = functions_of(dut, access.functions, "before")
    in_operation = held(dut, access.in_operation)
    gaps: list[str] = []
    isolated: WaySeen | None = None
    way_out = ""
    passed: tuple[str, ...] = ()
    if access.isolation is not None and not all(holds for _, holds in in_operation):
        gaps.append("the product was not in operation, so that its isolation shows nothing")
    elif access.isolation is not None:
        try:
            isolated, way_out, passed = _isolated(dut, access.isolation, gaps)
        except Inconclusive as error:
            gaps.append(error.reason)
    seen = IsolationObservation(functions, in_operation, isolated, way_out, passed, tuple(gaps))
    dut.recorder.observed("isolation", seen)
    return seen


def held(dut: Core, conditions: Sequence[Condition]) -> tuple[tuple[str, bool], ...]:
    """Conditions in words, and whether each holds within its time."""
    return tuple((str(one), dut.operations.holds(one)) for one in conditions)


def _isolated(dut: Core, way: OutageAccess, gaps: list[str]) -> tuple[WaySeen, str, tuple[str, ...]]:
    """The product in isolation, and again in its network, recorded where it can be."""
    seen: CaptureObservation | None = None
    already = [str(one) for one in way.seen if dut.operations.holds(one, within_s=0.0)]
    with cut_network(dut, way):
        time.sleep(_UNDER_WAY_S)
        with contextlib.ExitStack() as stack:
            recording = None
            with contextlib.suppress(Inconclusive):
                # Not before: what passed until then would be taken for something that passed meanwhile.
                recording = stack.enter_context(live_capture(dut, "isolation"))
            told = uptime_of(dut)
            shown = held(dut, way.seen)
            fresh = told is not None and uptime_of(dut) not in (None, told)
            functions = functions_of(dut, way.functions, "during")
            if recording is not None:
                seen = recording.end()
    if not wait_until(
        lambda: is_back(dut, dut.profile.ixit.repl_sup.access.in_operation), within_s=_LONGEST_S
    ):
        gaps.append("it did not come back into operation after the isolation")
        bring_back(dut, "the device did not come back into operation after its isolation")
    after = functions_of(dut, way.functions, "after")
    took_place = bool(shown) and not already and all(holds for _, holds in shown)
    result = WaySeen("9-ReplSup", way.cut, "network", took_place, (*functions, *after))
    missed = [words for words, holds in shown if not holds]
    if seen is None or not missed:
        return result, "", ()
    passed = tuple(str(flow) for flow in seen.outgoing if flow.octets[1] > (_SAID if flow.begun else _RESET))
    whole = seen.packets > 0 and not seen.missing_for("contacts")
    if passed or not (whole and fresh):
        return result, "", passed
    told_by = "tells its service something new, and nothing of it passed its network meanwhile"
    return result, f"it does not hold that {missed[0]}: the device {told_by}", ()
