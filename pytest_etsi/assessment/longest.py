"""How long a unit may take at most: said in the plan, and kept by whoever runs it.

The limit ends what is looked at and waited for. What has changed the device is then restored: neither a change nor its
restoration is ended in the middle (`pytest_etsi.bounds.undisturbed`), and each of their steps has a limit of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.bounds import ALL_PORTS

if TYPE_CHECKING:
    from pytest_etsi.profile import Profile
    from pytest_etsi.standard import Unit

__all__ = ["longest_s"]

_DOCUMENTS_S = 300.0
_QUESTIONS_S = 900.0
"""A channel, a login or a document: questions with deadlines of seconds each."""
_SEARCH_S = 1800.0
"""All services of an address recognised, and its UDP ports asked, on top of the scan of its TCP ports."""
_SCAN_S = ALL_PORTS.whole_s
_CHANGES_S = 7200.0
"""Guessing until a login locks, the end of two locks, a device that starts anew; each of these has a limit itself."""
_STARTS = 3
"""Times of a start that pass at each, at most: its own, the quiet after it, and until the device is itself again."""
_BACK_S = 60.0
_GENUINE = 6
"""Genuine packages of a series, first, last, and when the last one was refused."""
_ASKS_SERVICES = frozenset({"network", "capture", "bench"})


def longest_s(unit: Unit, profile: Profile, needs: tuple[str, ...]) -> float:
    """Seconds after which an evaluation of the unit is ended, apart from what it then restores.

    Args:
        unit: the unit.
        profile: of the device: each of its addresses is searched.
        needs: what the unit does to the device.
    """
    if not unit.functional:
        return _DOCUMENTS_S
    limit = _QUESTIONS_S + (_CHANGES_S if needs else 0.0)
    network, uplink = profile.access.network, profile.access.uplink
    if (unit.automation in _ASKS_SERVICES or "erase" in needs) and network is not None:
        # The first unit that needs the services searches for them; the others are given what it found.
        limit += len(network.hosts) * (_SCAN_S + _SEARCH_S)
    if "update" in needs:
        limit += sum(
            (one.access.attempts + len(one.access.cuts_after_s) + _GENUINE)
            * (
                one.access.installs_within_s
                + profile.access.power.starts_within_s
                + (one.access.network.comes_within_s if one.access.network is not None else 0.0)
            )
            for one in profile.ixit.upd_mech
            if one.access.packages is not None
        )
    serial = profile.access.serial
    if unit.automation == "serial" and serial is not None:
        limit += serial.starts * (_STARTS * serial.boot_s + serial.on_s + _BACK_S)
    if (unit.automation in ("capture", "bench") or "outage" in needs) and uplink is not None:
        limit += uplink.watch_s
    return limit
