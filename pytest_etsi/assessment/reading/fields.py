"""Which fields the standard asks of an entry: some only where another answer makes them matter.

Where a unit's scope already is that condition (Justification is read of services that are enabled by default), nothing
is said here again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.words import does_not_apply

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.entries import SecParamEntry, UpdMechEntry

__all__ = ["asked"]


def _generated(entry: SecParamEntry) -> bool | None:
    """Asked of critical parameters for updates and services; what a user enters may have been generated elsewhere."""
    serves = claims.for_updates_or_services(entry)
    return None if serves and entry.facts.provisioning == "user" else serves


def _notified(entry: UpdMechEntry) -> bool | None:
    """Asked of every mechanism; whoever connects a cable may well know of the update before the device does."""
    left_out = does_not_apply(entry["User Notification"]) and not claims.by_network(entry)
    return None if left_out else True


_ONLY_IF: dict[tuple[str, str], Callable[[Any], bool | None]] = {
    ("sec_param", "Generation Mechanism"): _generated,
    ("sec_param", "Provisioning Mechanism"): claims.critical,
    ("upd_mech", "User Notification"): _notified,
}
"""By the argument name of the table, and the field. Of others the scopes of the units that read them say the same."""


def asked(entry: Entry, field: str) -> bool | None:
    """Whether the standard asks a field of an entry; None: the entry does not tell."""
    condition = _ONLY_IF.get((entry.argument_name, field))
    return True if condition is None else condition(entry)
