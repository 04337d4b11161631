"""What a run could do to a device and not undo: told before it starts, with what follows from it.

The suite undoes nothing by guess: what has no way back is left undone, or comes last and leaves what is after it open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile.facts.outages import ways_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from pytest_etsi.profile import Profile

__all__ = ["one_ways"]

_INITIALIZE, _RESET = "initialize", "factory-reset"


def one_ways(profile: Profile, permissions: Collection[str]) -> tuple[str, ...]:
    """A sentence for each thing that is permitted and has no way back: what comes of it, and what would change that.

    Args:
        profile: of the device.
        permissions: of this run.
    """
    return tuple(
        dict.fromkeys(
            (
                *(_updates(profile) if "update" in permissions else ()),
                *(_erasing(profile) if "erase" in permissions else ()),
                *(_outages(profile) if "outage" in permissions else ()),
            )
        )
    )


def _updates(profile: Profile) -> Iterator[str]:
    for entry in profile.ixit.upd_mech:
        packages = entry.access.packages
        if packages is None or entry.access.restore is not None:
            continue
        if packages.newest is not None:
            yield (
                f"an update by {entry.id}: nothing brings the version back (access.restore); it comes last, and the "
                f"device is left with {packages.newest_version}"
            )
        else:
            yield (
                f"an update by {entry.id}: nothing brings the version back (access.restore), so that none is "
                "installed and what needs it is INCONCLUSIVE; name an operation, also one by hand, or a second "
                "package that is newer still (access.packages.newest)"
            )


def _erasing(profile: Profile) -> Iterator[str]:
    operations = profile.access.operations
    if _RESET in operations and _INITIALIZE not in operations:
        yield (
            f"a reset to factory default: nothing sets the device up again ({_INITIALIZE}), so that none is made and "
            "what needs it is INCONCLUSIVE; describe the operation, also one by hand"
        )
    for entry in profile.ixit.del_func:
        target = entry.facts.target
        name = entry.access.operation or "erase-user-data"
        if name not in operations or (target and "device" not in target):
            continue
        if entry.access.again is None and _INITIALIZE not in operations:
            yield (
                f"the deletion by {entry.id}: nothing brings the device back into use (access.again or {_INITIALIZE}); "
                "it comes last, and what is left then may be INCONCLUSIVE until somebody sets it up by hand"
            )


def _outages(profile: Profile) -> Iterator[str]:
    operations = profile.access.operations
    if "power-off" in operations and "power-on" not in operations:
        without = "" if "power-cycle" in operations else ", and what needs it is INCONCLUSIVE"
        yield f"power-off: nothing gives the power back (power-on), so that it is never cut by it{without}"
    for entry in profile.ixit.res_mech:
        for way in ways_of(entry.access):
            if "network" in entry.facts.covers and way.restore is None:
                yield (
                    f"{way.cut} of {entry.id}: nothing undoes it (restore); unless it ends by itself, the device stays "
                    "cut off and what follows is INCONCLUSIVE"
                )
