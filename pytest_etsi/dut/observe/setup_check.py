"""The device's own checks, of its set-up and of its upkeep: what they say of a good and of a weak configuration."""

from __future__ import annotations

import contextlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.bounds import changed
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core

__all__ = ["Check", "SetupCheckSeen", "observe_setup_check"]

Check = Literal["setup", "maintenance"]
_OF = {"setup": "the set-up", "maintenance": "what keeps the device secure"}


@dataclass(frozen=True, slots=True)
class SetupCheckSeen:
    """What the check said.

    Attributes:
        weakened: the configuration read otherwise after it was made weak.
        restored: it read as before in the end.
        good: what the check says of the good configuration; None: nothing.
        weak: what it says of the weak one; None: nothing.
        gaps: what could not be seen, a sentence each.
        cause: why that is open.
        settle: what would settle it, one sentence; empty: as the unit says.
    """

    weakened: bool = False
    restored: bool = False
    good: str | None = None
    weak: str | None = None
    gaps: tuple[str, ...] = ()
    cause: Cause = Cause.BENCH
    settle: str = ""

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_setup_check(dut: Core, check: Check = "setup") -> SetupCheckSeen:
    """Make the configuration weak, ask a check before and after, and restore it; done once in a run."""
    try:
        return dut.recorder.once(f"{check}-check", lambda: _observe(dut, check))
    except Inconclusive as error:
        return SetupCheckSeen(gaps=(error.reason,), cause=error.cause, settle=error.settle)


def _observe(dut: Core, check: Check) -> SetupCheckSeen:
    described = dut.profile.ixit.user_info.access
    access = described.setup_check if check == "setup" else described.maintenance_check
    if access is None:
        inconclusive(
            f"the documents do not say how the check of {_OF[check]} is done by program",
            cause=Cause.ACCESS,
            settle=f"describe it under access.{check}_check of 2-UserInfo",
        )
    dut.require_identity()
    gaps: list[str] = []

    def value(name: str) -> str | None:
        result = dut.operations.attempt(name)
        if not result.done or result.value is None:
            gaps.append(f"{name} gave no value: {result.detail or 'it names none'}")
        return result.value if result.done else None

    before, good = value(access.read), value(access.check)
    during = weak = None

    def restore() -> None:
        try:
            dut.operations.run(access.strengthen)
        except Inconclusive as error:
            recover = (
                dut.operations.recovery(access.strengthen) or "set the device up securely again, by hand"
            )
            dut.is_lost("its configuration was made weak, and not restored", recover)
            gaps.append(error.reason)

    with contextlib.suppress(Inconclusive), changed(lambda: dut.operations.run(access.weaken), restore):
        during, weak = value(access.read), value(access.check)
    if during is None and not gaps:
        gaps.append(f"{access.weaken} could not be carried out")
    seen = SetupCheckSeen(
        None not in (before, during) and before != during,
        before is not None and value(access.read) == before,
        good,
        weak,
        tuple(gaps),
    )
    dut.recorder.observed(f"{check}-check", seen)
    return seen
