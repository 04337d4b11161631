"""Which entries of the tables about design the units of scenarios 5.3 to 5.8 concern."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.criteria.communication import carries
from pytest_etsi.assessment.criteria.interfaces import is_enabled
from pytest_etsi.assessment.criteria.services import referred_to
from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.reading.conditions import yes_no
from pytest_etsi.assessment.reading.logic import any_of, every, negated
from pytest_etsi.assessment.reading.words import says_nothing
from pytest_etsi.unit import Scope

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import (
        ComMechEntry,
        IntfEntry,
        PersDataEntry,
        SecParamEntry,
        SoftCompEntry,
        SoftServEntry,
        UpdMechEntry,
    )

__all__ = [
    "accessible_debug_for_good",
    "accessible_debug_interface",
    "accessible_debug_intermittent",
    "air_interface",
    "air_without_need",
    "automatic_update",
    "carries_critical_parameter",
    "carries_critical_parameter_remotely",
    "carries_personal_data",
    "carries_sensitive_data_to_service",
    "changes_security_settings",
    "component_with_configurable_updates",
    "component_with_updates",
    "component_without_updates",
    "critical_parameter",
    "critical_parameter_for_updates_or_services",
    "enabled_by_default",
    "enabled_network_or_logical_interface",
    "hard_coded_identity",
    "hard_coded_in_source",
    "intermittent_physical_interface",
    "mechanism_of_a_service",
    "network_function",
    "network_interface",
    "network_or_logical_interface",
    "network_update",
    "notifying_update",
    "physical_without_need",
    "serves_as_identity",
    "uses_cryptography",
]


def _has_updates(entry: Entry) -> bool | None:
    return bool(entry.references.get("Update Mechanism"))


def _configurable(entry: Entry, ixit: Ixit) -> bool | None:
    used = mechanisms(entry, ixit)
    if not used:
        return False
    return any_of(*(True if one.facts.user_options else None for one in used))


def _automatic(entry: UpdMechEntry) -> bool | None:
    return None if entry.facts.interaction is None else entry.facts.interaction == "automatic"


_NO_NOTICE = re.compile(r"(?:none|no(?: notifications?| notices?)?)[\s.;]*", re.IGNORECASE)


def _notifies(entry: UpdMechEntry) -> bool | None:
    if entry.facts.notifies_on:
        return True
    text = entry["User Notification"].strip()
    return False if says_nothing(text) or _NO_NOTICE.fullmatch(text) else None


def _by_network(entry: UpdMechEntry) -> bool | None:
    return None if entry.facts.transport is None else entry.facts.transport == "network"


def _critical(entry: Entry) -> bool | None:
    text = entry["Type"].strip().lower()
    return None if not text else "critical" in text


def _identity(entry: SecParamEntry) -> bool | None:
    stated: bool | None = entry.facts.hard_coded_identity
    return stated


def _as_identity(entry: SecParamEntry) -> bool | None:
    return any_of("identity" in entry.facts.purpose, _identity(entry))


def _in_source(entry: SecParamEntry) -> bool | None:
    stated: bool | None = entry.facts.hard_coded_in_source
    if entry.facts.provisioning == "compiled-in":
        return True
    return stated


def _for_updates_or_services(entry: SecParamEntry) -> bool | None:
    purposes = set(entry.facts.purpose)
    return bool(purposes & {"update-check", "service-communication"}) if purposes else None


@lru_cache(maxsize=16)
def _unanswered(ixit: Ixit, table: str) -> bool:
    """Whether an entry leaves out by which mechanisms it travels: any of them might carry it. `[]` is an answer."""
    return any(
        entry.values.get(entry.mechanisms_field) in (None, "")
        for entry in ixit.table(table)
        if table != "sec_param" or _critical(entry) is not False
    )


def _carried(entry: Entry, ixit: Ixit, table: Literal["sec_param", "pers_data"]) -> bool | None:
    if carries(entry, ixit, table):
        return True
    return None if _unanswered(ixit, table) else False


def _carries_critical(entry: Entry, ixit: Ixit) -> bool | None:
    return _carried(entry, ixit, "sec_param")


def _remotely(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    return every(_carries_critical(entry, ixit), entry.facts.remote)


def _carries_personal(entry: Entry, ixit: Ixit) -> bool | None:
    return _carried(entry, ixit, "pers_data")


def _is_sensitive(entry: PersDataEntry) -> bool | None:
    return any_of(entry.facts.sensitive, yes_no(entry, "Sensitive"))


def _sensitive_to_service(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    sensitive = [_is_sensitive(one) for one in carries(entry, ixit, "pers_data")]
    to_service = None if entry.facts.peer is None else entry.facts.peer == "associated-service"
    unanswered = None if _unanswered(ixit, "pers_data") else False
    return every(any_of(*sensitive, unanswered), to_service)


def _cryptographic(entry: SoftCompEntry) -> bool | None:
    if entry.facts.cryptography is not None:
        return bool(entry.facts.cryptography)
    return yes_no(entry, "Cryptographic Usage")


def _network_function(entry: SoftServEntry) -> bool | None:
    states = entry.facts.states
    return every(
        entry.facts.network,
        "initialized" in states if states else None if entry.facts.network is None else True,
    )


def _configures(entry: SoftServEntry) -> bool | None:
    return any_of(entry.facts.configures, yes_no(entry, "Allows Configuration"))


def _kind(*wanted: str) -> Scope:
    def applies(entry: IntfEntry) -> bool | None:
        return _is_kind(entry, *wanted)

    return Scope(f"{' and '.join(wanted)} interfaces", applies)


def _is_kind(entry: IntfEntry, *wanted: str) -> bool | None:
    text = entry["Type"].lower()
    if not text.strip() and not entry.facts.type:
        return None
    return any(kind in text or kind in entry.facts.type for kind in wanted)


def _exposure(entry: IntfEntry, *wanted: str) -> bool | None:
    return None if entry.facts.exposure is None else entry.facts.exposure in wanted


def _enabled_interface(entry: IntfEntry) -> bool | None:
    return every(_is_kind(entry, "network", "logical"), is_enabled(entry))


def _debug(entry: IntfEntry) -> bool | None:
    debug = entry.facts.debug if entry.facts.debug is not None else yes_no(entry, "Debug Interface")
    return every(_is_kind(entry, "physical"), debug, entry.facts.accessible)


def _default_on(entry: Entry) -> bool | None:
    text = entry["Status"].strip().lower()
    return None if not text else text.startswith("enabled")


component_without_updates = Scope(
    "components without update mechanism", lambda entry: negated(_has_updates(entry))
)
component_with_updates = Scope("components with an update mechanism", _has_updates)
component_with_configurable_updates = Scope(
    "components whose updates the user can configure", across=_configurable
)
automatic_update = Scope("automatic update mechanisms", _automatic)
notifying_update = Scope("update mechanisms that notify the user", _notifies)
network_update = Scope("update mechanisms over a network", _by_network)
critical_parameter = Scope("critical security parameters", _critical)
serves_as_identity = Scope("parameters that serve as a hard-coded identity", _as_identity)
hard_coded_identity = Scope("parameters declared as hard-coded identity", _identity)
hard_coded_in_source = Scope(
    "critical parameters hard-coded in source code", lambda entry: every(_critical(entry), _in_source(entry))
)
critical_parameter_for_updates_or_services = Scope(
    "critical parameters for update checks or service communication",
    lambda entry: every(_critical(entry), _for_updates_or_services(entry)),
)
carries_critical_parameter = Scope("mechanisms that a critical parameter refers to", across=_carries_critical)
carries_critical_parameter_remotely = Scope(
    "remotely accessible mechanisms that a critical parameter refers to", across=_remotely
)
carries_personal_data = Scope("mechanisms that personal data refer to", across=_carries_personal)
carries_sensitive_data_to_service = Scope(
    "mechanisms that take sensitive personal data to an associated service", across=_sensitive_to_service
)
uses_cryptography = Scope("components that use cryptography", _cryptographic)
network_function = Scope("functions that the network reaches in the initialized state", _network_function)
mechanism_of_a_service = Scope("mechanisms that a service refers to", across=referred_to)
changes_security_settings = Scope("functions that change security-relevant settings", _configures)
network_interface = _kind("network")
network_or_logical_interface = _kind("network", "logical")
air_interface = _kind("air")
enabled_network_or_logical_interface = Scope("enabled network and logical interfaces", _enabled_interface)
physical_without_need = Scope(
    "physical interfaces that need no exposure",
    lambda entry: every(_is_kind(entry, "physical"), _exposure(entry, "not-required")),
)
air_without_need = Scope(
    "air interfaces that need no exposure",
    lambda entry: every(_is_kind(entry, "air"), _exposure(entry, "not-required")),
)
intermittent_physical_interface = Scope(
    "physical interfaces, radio included, that need exposure only at times",
    lambda entry: every(_is_kind(entry, "physical", "air"), _exposure(entry, "intermittent")),
)
accessible_debug_interface = Scope("accessible physical debug interfaces", _debug)
accessible_debug_for_good = Scope(
    "accessible debug interfaces that are not needed at times",
    lambda entry: every(_debug(entry), negated(_exposure(entry, "intermittent"))),
)
accessible_debug_intermittent = Scope(
    "accessible debug interfaces that are needed at times",
    lambda entry: every(_debug(entry), _exposure(entry, "intermittent")),
)
enabled_by_default = Scope("services enabled by default", _default_on)
