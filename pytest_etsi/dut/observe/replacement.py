"""Other hardware in the place of the device, as 9-ReplSup describes, and the first one back again."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe.isolation import held
from pytest_etsi.dut.observe.outages.recovery import is_back
from pytest_etsi.dut.observe.outages.trying import functions_of
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.outages.model import FunctionTry

__all__ = ["Replacement", "observe_replacement"]

_LONGEST_S = 120.0


@dataclass(frozen=True, slots=True)
class Replacement:
    """What was seen of other hardware in the place of the device.

    Attributes:
        tried: the documents say how it is done, and it was tried.
        done: every step went as they describe.
        answered: where one did not, what was asked has answered, and otherwise than a success does.
        detail: which did not.
        connected: conditions that show that it is there and connected: in words, and whether each holds.
        functions: what was tried on it.
    """

    tried: bool
    done: bool = False
    answered: bool = False
    detail: str = ""
    connected: tuple[tuple[str, bool], ...] = ()
    functions: tuple[FunctionTry, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_replacement(dut: Core) -> Replacement:
    """Replace the hardware and put the first one back; done once in a run.

    Raises:
        Inconclusive: not permitted (``permission``), or it is another device than the profile describes (``bench``).
    """
    missing = {"outage", "erase"} - set(dut.permissions)
    if missing:
        inconclusive(
            "the device may not be replaced, which resets it",
            cause=Cause.PERMISSION,
            settle=f"allow it by the permission {', '.join(sorted(missing))}",
        )
    return dut.recorder.once("replacement", lambda: _observe(dut))


def _observe(dut: Core) -> Replacement:
    access = dut.profile.ixit.repl_sup.access
    if access.replace is None or access.put_back is None:
        return Replacement(tried=False)
    dut.require_identity()
    try:
        seen = _replaced(dut, access.replace)
    finally:
        _put_back(dut, access.put_back)
    dut.recorder.observed("replacement", seen)
    return seen


def _replaced(dut: Core, replace: str) -> Replacement:
    access = dut.profile.ixit.repl_sup.access
    try:
        result = dut.operations.attempt(replace)
    except Inconclusive as error:
        return Replacement(tried=True, detail=error.reason)
    if not result.done:
        return Replacement(tried=True, answered=result.answered, detail=result.detail)
    connected = held(dut, access.replaced)
    return Replacement(
        tried=True, done=True, connected=connected, functions=functions_of(dut, access.functions, "after")
    )


def _put_back(dut: Core, put_back: str) -> None:
    """The first hardware is back, or lost for what follows."""
    reason = "the first hardware is not back"
    try:
        result = dut.operations.attempt(put_back)
        reason += f": {result.detail}" if not result.done else ""
    except Inconclusive as error:
        reason += f": {error.reason}"
    if not wait_until(lambda: is_back(dut, ()), within_s=_LONGEST_S):
        recover = dut.operations.recovery(put_back) or "put the first hardware back, and set it up, by hand"
        dut.is_lost(reason, recover, back=lambda: is_back(dut, ()))
