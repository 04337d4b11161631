"""Automatic installation and notices of updates: on after the set-up, and what the user's settings change of them."""

from __future__ import annotations

import contextlib
import time
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.bounds import changed
from pytest_etsi.dut.observe.states import in_factory_default
from pytest_etsi.dut.observe.updates.settling import VERSION, Bench, Settled, version_of
from pytest_etsi.dut.reach.operations import wait_until
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.dut.core import Core
    from pytest_etsi.profile.entries import UpdMechEntry
    from pytest_etsi.profile.facts import UpdatePackages, UpdateSwitch
    from pytest_etsi.profile.operations import Condition

__all__ = ["SET_AUTOMATIC", "AfterSetUp", "OptionTried", "What", "observe_after_set_up", "observe_options"]

SET_AUTOMATIC = "set-auto-update"
What = Literal["updates", "notices"]
_KNOWN_S = 60.0
"""Seconds for which it is waited that the device learns of an offer."""
_SHOWN_S = 30.0
_LONGER = 3.0
_LEAST_S = 2.0
"""What is not installed has to stay so for three times as long as it took otherwise, and so many seconds at least."""


@dataclass(frozen=True, slots=True)
class AfterSetUp:
    """What was seen of a device that has been reset and set up with the choices that it offers.

    Attributes:
        on: what shows the setting of automatic installation says that it is on; None: nothing shows it.
        notices_on: the same of notices.
        known: the device knew of the update that was offered; None: nothing shows it.
        installed_s: seconds after which it was installed by itself, once it was due; None: it was not.
        settled: what became of it then.
        was_due: it was made due.
        shown_before: a notice was shown before there was anything to tell.
        shown: a notice was shown when there was; None: the documents do not say how that is seen.
        open: what could not be seen, a sentence each.
    """

    on: bool | None = None
    notices_on: bool | None = None
    known: bool | None = None
    installed_s: float | None = None
    settled: Settled | None = None
    was_due: bool = False
    shown_before: bool = False
    shown: bool | None = None
    open: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class OptionTried:
    """One choice of the user.

    Attributes:
        option: "enable", "disable" or "postpone".
        done: the operation for it succeeded.
        detail: why it did not.
        answered: what was asked has answered, be it otherwise than a success does.
        reads: the setting reads as on; None: nothing shows it.
        known: the device knew of the update that was offered.
        happened: it was installed, or told of, then; None: that was not seen.
        took_s: seconds after which it was installed.
        settled: what became of it then, where it is what the choice is for.
    """

    option: str
    done: bool
    detail: str = ""
    answered: bool = True
    reads: bool | None = None
    known: bool | None = None
    happened: bool | None = None
    took_s: float | None = None
    settled: Settled | None = None

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


def observe_after_set_up(dut: Core, entry: UpdMechEntry) -> AfterSetUp:
    """Reset the device, set it up, and see what it does with an update that is offered; done once in a run.

    Raises:
        Inconclusive: not permitted (``permission``), the profile does not say how (``access``), or the device did not
            come back (``bench``).
    """
    _permitted(dut, "update", "erase")
    packages = _packages(dut, entry)
    return dut.recorder.once(f"updates-after-set-up-{entry.id}", lambda: _after_set_up(dut, entry, packages))


def observe_options(dut: Core, entry: UpdMechEntry, what: What) -> tuple[OptionTried, ...]:
    """Try what the user can set, one choice after the other, each with an update on offer; done once in a run.

    The device is left with the first choice that is described.

    Raises:
        Inconclusive: as `observe_after_set_up`.
    """
    _permitted(dut, "update")
    packages = _packages(dut, entry)
    return dut.recorder.once(f"{what}-options-{entry.id}", lambda: _options(dut, entry, packages, what))


def _permitted(dut: Core, *needs: str) -> None:
    missing = sorted(set(needs) - set(dut.permissions))
    if missing:
        inconclusive(
            "software may not be installed on the device after a reset",
            cause=Cause.PERMISSION,
            settle=f"allow it by the permission {', '.join(missing)}",
        )


def _packages(dut: Core, entry: UpdMechEntry) -> UpdatePackages:
    access = entry.access
    missing = [
        name
        for name, given in (
            ("packages", access.packages),
            ("offer", access.offer),
            ("restore", access.restore),
            (f"operation {VERSION}", VERSION in dut.operations),
        )
        if not given
    ]
    if missing or access.packages is None:
        inconclusive(
            f"no update can be offered to the device: {entry.id} lacks {', '.join(missing)}",
            cause=Cause.ACCESS,
            settle="describe under access of 7-UpdMech a genuine package, how it is offered, and how it is undone",
        )
    dut.require_identity()
    return access.packages


def _after_set_up(dut: Core, entry: UpdMechEntry, packages: UpdatePackages) -> AfterSetUp:
    access = entry.access
    with in_factory_default(dut):
        pass
    bench = Bench(dut, access, version_of(dut) or "")
    seen = AfterSetUp()
    if not bench.home or bench.home == packages.version:
        return replace(seen, open=("the device does not tell an older version than that of the package",))
    automatic, notices = access.automatic, access.notices
    if automatic is not None and automatic.is_on is not None:
        seen = replace(seen, on=dut.operations.holds(automatic.is_on))
    if notices is not None and notices.is_on is not None:
        seen = replace(seen, notices_on=dut.operations.holds(notices.is_on))
    shown = notices.shown if notices is not None else None
    if shown is not None:
        seen = replace(seen, shown_before=dut.operations.holds(shown, within_s=0.0))
    with _offered(dut, entry, packages, bench):
        seen = replace(seen, known=_known(dut, automatic, notices))
        if shown is not None:
            seen = replace(seen, shown=dut.operations.holds(shown, within_s=_SHOWN_S))
            if not seen.shown and seen.known:
                seen = replace(seen, known=_known(dut, automatic, notices))
        if access.due is not None:
            installed_s = _due(dut, entry, packages, bench, access.installs_within_s)
            seen = replace(seen, was_due=True, installed_s=installed_s)
            if installed_s is None and version_of(dut) != bench.home:
                seen = replace(seen, open=("the version that runs could not be read to the end",))
            elif installed_s is not None:
                seen = replace(seen, settled=bench.keeps(packages.version))
    dut.recorder.observed(f"updates-after-set-up-{entry.id}", seen)
    return seen


def _options(dut: Core, entry: UpdMechEntry, packages: UpdatePackages, what: What) -> tuple[OptionTried, ...]:
    switch = entry.access.automatic if what == "updates" else entry.access.notices
    if switch is None:
        return ()
    bench = Bench(dut, entry.access, version_of(dut) or "")
    if not bench.home or bench.home == packages.version:
        inconclusive(
            "the device does not tell an older version than that of the package",
            cause=Cause.BENCH,
            settle="bring the version of the profile back",
        )
    tried: list[OptionTried] = []
    longest_s = entry.access.installs_within_s
    for option in ("enable", "disable", "postpone"):
        if _choice(dut, switch, what, option) is None:
            continue
        if option == "postpone":
            _enable(dut, switch, what)  # what is switched off is not put off
        one = _option(dut, entry, packages, bench, what, option, longest_s)
        tried.append(one)
        if option == "enable" and one.took_s is not None:
            longest_s = min(longest_s, max(_LEAST_S, _LONGER * one.took_s))
    _enable(dut, switch, what)
    dut.recorder.observed(f"{what}-options-{entry.id}", [one.to_json() for one in tried])
    return tuple(tried)


def _choice(dut: Core, switch: UpdateSwitch, what: What, option: str) -> tuple[str, dict[str, str]] | None:
    """The operation by which the user makes a choice, and what fills it; None: there is none."""
    if name := getattr(switch, option):
        return name, {}
    wanted = {"enable": "on", "disable": "off"}.get(option)
    if what == "updates" and wanted is not None and SET_AUTOMATIC in dut.operations:
        return SET_AUTOMATIC, {"wanted": wanted}
    return None


def _enable(dut: Core, switch: UpdateSwitch, what: What) -> None:
    if (choice := _choice(dut, switch, what, "enable")) is not None:
        dut.operations.attempt(choice[0], **choice[1])


def _option(
    dut: Core,
    entry: UpdMechEntry,
    packages: UpdatePackages,
    bench: Bench,
    what: What,
    option: str,
    longest_s: float,
) -> OptionTried:
    """One choice, and what it changes."""
    switch = entry.access.automatic if what == "updates" else entry.access.notices
    assert switch is not None  # noqa: S101 - whoever calls this has it from there
    name, filled = _choice(dut, switch, what, option) or ("", {})
    try:
        result = dut.operations.attempt(name, **filled)
    except Inconclusive as error:
        return OptionTried(option, done=False, detail=error.reason, answered=False)
    if not result.done:
        return OptionTried(option, done=False, detail=result.detail, answered=result.answered)
    reads = dut.operations.holds(switch.is_on) if switch.is_on is not None else None
    with _offered(dut, entry, packages, bench):
        known = _known(dut, switch)
        happened: bool | None = None
        took_s: float | None = None
        settled: Settled | None = None
        if what == "updates" and entry.access.due is not None:
            took_s = _due(dut, entry, packages, bench, longest_s)
            happened = took_s is not None
            if not happened and version_of(dut) != bench.home:
                happened = None
            if happened and option == "enable":
                settled = bench.keeps(packages.version)
        elif what == "notices" and switch.shown is not None:
            happened = _is_shown(dut, switch.shown, wanted=option == "enable")
            if not happened and not _known(dut, switch):
                # A device that does not answer shows no notice either.
                happened = None
    return OptionTried(
        option, True, reads=reads, known=known, happened=happened, took_s=took_s, settled=settled
    )


def _is_shown(dut: Core, shown: Condition, *, wanted: bool) -> bool:
    """Whether a notice is there; one that should not be, may still have to go."""
    if wanted:
        return dut.operations.holds(shown, within_s=_SHOWN_S)
    gone = wait_until(lambda: not dut.operations.holds(shown, within_s=0.0), within_s=_SHOWN_S)
    return not gone


@contextlib.contextmanager
def _offered(dut: Core, entry: UpdMechEntry, packages: UpdatePackages, bench: Bench) -> Iterator[None]:
    """A genuine update is on offer in the block; after it none is, and the device runs what it ran before."""
    access = entry.access

    def offer() -> None:
        dut.operations.run(access.offer or "", package=str(packages.genuine), version=packages.version)

    def back() -> None:
        try:
            if access.withdraw is not None:
                _withdraw(dut, access.withdraw, bench)
        finally:
            if version_of(dut) != bench.home and not bench.restored():
                dut.is_lost(
                    f"the device does not run {bench.home} any more, after an update was offered to it",
                    dut.operations.recovery(access.restore or "") or f"install {bench.home} by hand",
                    back=lambda: version_of(dut) == bench.home,
                )

    with changed(offer, back):
        yield


def _withdraw(dut: Core, operation: str, bench: Bench) -> None:
    """Take the offer back; a device that shows the new version may only then restart with it, and hear nothing."""
    try:
        dut.operations.run(operation)
    except Inconclusive:
        if not wait_until(bench.in_order, within_s=dut.profile.access.power.starts_within_s):
            raise
        dut.operations.run(operation)


def _known(dut: Core, *switches: UpdateSwitch | None) -> bool | None:
    known = next((one.known for one in switches if one is not None and one.known is not None), None)
    return None if known is None else dut.operations.holds(known, within_s=known.within_s or _KNOWN_S)


def _due(
    dut: Core, entry: UpdMechEntry, packages: UpdatePackages, bench: Bench, within_s: float
) -> float | None:
    """Make the installation due; gives the seconds until the new version runs, or nothing where it does not."""
    bench.begins()
    dut.operations.run(entry.access.due or "")
    began = time.monotonic()
    if not wait_until(lambda: version_of(dut) == packages.version, within_s=within_s):
        # A device that does not answer may be starting with it.
        wait_until(lambda: version_of(dut) is not None, within_s=dut.profile.access.power.starts_within_s)
        if version_of(dut) != packages.version:
            return None
    return round(time.monotonic() - began, 1)
