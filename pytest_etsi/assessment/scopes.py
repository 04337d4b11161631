"""Which entries of an IXIT table a unit concerns, told from the entries' fields and facts.

Each scope answers True, False or None; None whenever something is missing that could bring the entry in. What an entry
claims is read by `pytest_etsi.assessment.reading.claims`; here it is put together, in the order of the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pytest_etsi.assessment.criteria.communication import carries
from pytest_etsi.assessment.criteria.deletion import targets
from pytest_etsi.assessment.criteria.interfaces import is_enabled
from pytest_etsi.assessment.criteria.services import referred_to
from pytest_etsi.assessment.criteria.telemetry import states_examination
from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.logic import any_of, every, negated
from pytest_etsi.profile.unread import remembered
from pytest_etsi.unit import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import AuthMechEntry, ComMechEntry, IntfEntry

    # Each is about the entries of one table; the catalogue says which that is for the unit that takes the scope.
    Claim = Callable[[Any], bool | None]
    _Carried = Literal["sec_param", "pers_data"]

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
    "deletes_from_services",
    "deletes_on_the_device",
    "enabled_by_default",
    "enabled_network_or_logical_interface",
    "examined_telemetry",
    "hard_coded_identity",
    "hard_coded_in_source",
    "intermittent_physical_interface",
    "kept_by_a_service",
    "mechanism_of_a_service",
    "network_authentication",
    "network_function",
    "network_interface",
    "network_or_logical_interface",
    "network_update",
    "notifying_update",
    "password_not_user_chosen_outside_factory_default",
    "physical_without_need",
    "pre_installed_password",
    "processed_on_consent",
    "security_relevant_decision",
    "serves_as_identity",
    "telemetry_with_personal_data",
    "user_authentication",
    "user_chosen_password",
    "uses_cryptography",
]


def _all(*parts: Claim) -> Claim:
    return lambda entry: every(*(part(entry) for part in parts))


def _not(part: Claim) -> Claim:
    return lambda entry: negated(part(entry))


def _origin(*wanted: str) -> Callable[[AuthMechEntry], bool | None]:
    return lambda entry: claims.password_origin(entry, *wanted)


def _kind(*wanted: str) -> Callable[[IntfEntry], bool | None]:
    return lambda entry: claims.is_kind(entry, *wanted)


def _exposure(*wanted: str) -> Callable[[IntfEntry], bool | None]:
    return lambda entry: claims.exposure(entry, *wanted)


# 1-AuthMech -------------------------------------------------------------------------------------------------

password_not_user_chosen_outside_factory_default = Scope(
    "user authentication by a password that the user does not choose, outside factory default",
    _all(
        claims.authenticates_users,
        _origin("pre-installed", "device-generated"),
        claims.outside_factory_default,
    ),
)
user_chosen_password = Scope(
    "user authentication by a password that the user chooses",
    _all(claims.authenticates_users, _origin("user-defined")),
)
pre_installed_password = Scope("pre-installed passwords", _origin("pre-installed"))
user_authentication = Scope("mechanisms that authenticate users", claims.authenticates_users)
network_authentication = Scope(
    "mechanisms that a network interface gives direct access to", claims.by_network_interface
)
mechanism_of_a_service = Scope("mechanisms that a service refers to", across=referred_to)

# 6-SoftComp and 7-UpdMech -----------------------------------------------------------------------------------


def _configurable(entry: Entry, ixit: Ixit) -> bool | None:
    return any_of(False, *(True if one.facts.user_options else None for one in mechanisms(entry, ixit)))


component_without_updates = Scope("components without update mechanism", _not(claims.updatable))
component_with_updates = Scope("components with an update mechanism", claims.updatable)
component_with_configurable_updates = Scope(
    "components whose updates the user can configure", across=_configurable
)
uses_cryptography = Scope("components that use cryptography", claims.uses_cryptography)
automatic_update = Scope("automatic update mechanisms", claims.automatic)
notifying_update = Scope("update mechanisms that notify the user", claims.notifies)
network_update = Scope("update mechanisms over a network", claims.by_network)

# 10-SecParam ------------------------------------------------------------------------------------------------

critical_parameter = Scope("critical security parameters", claims.critical)
serves_as_identity = Scope("parameters that serve as a hard-coded identity", claims.serves_as_identity)
hard_coded_identity = Scope("parameters declared as hard-coded identity", claims.hard_coded_identity)
hard_coded_in_source = Scope(
    "critical parameters hard-coded in source code", _all(claims.critical, claims.hard_coded_in_source)
)
critical_parameter_for_updates_or_services = Scope(
    "critical parameters for update checks or service communication", claims.for_updates_or_services
)

# 11-ComMech -------------------------------------------------------------------------------------------------


@remembered(16)
def _unanswered(ixit: Ixit, table: _Carried) -> bool:
    """Whether an entry leaves out by which mechanisms it travels, or is itself left out: any of them might carry it."""
    if table == "sec_param" and not len(ixit.sec_param) and len(ixit.auth_mech):
        return True  # whoever proves who he is does so by something secret
    return any(
        claims.travels(entry) is None
        for entry in ixit.table(table)
        if table != "sec_param" or claims.critical(entry) is not False
    )


def _carried(entry: ComMechEntry, ixit: Ixit, table: _Carried) -> bool | None:
    return any_of(bool(carries(entry, ixit, table)), None if _unanswered(ixit, table) else False)


def _remotely(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    return every(_carried(entry, ixit, "sec_param"), entry.facts.remote)


def _sensitive_to_service(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    sensitive = [claims.sensitive(one) for one in carries(entry, ixit, "pers_data")]
    open_ = None if _unanswered(ixit, "pers_data") else False
    return every(any_of(*sensitive, open_), claims.to_service(entry))


carries_critical_parameter = Scope(
    "mechanisms that a critical parameter refers to",
    across=lambda entry, ixit: _carried(entry, ixit, "sec_param"),
)
carries_critical_parameter_remotely = Scope(
    "remotely accessible mechanisms that a critical parameter refers to", across=_remotely
)
carries_personal_data = Scope(
    "mechanisms that personal data refer to", across=lambda entry, ixit: _carried(entry, ixit, "pers_data")
)
carries_sensitive_data_to_service = Scope(
    "mechanisms that take sensitive personal data to an associated service", across=_sensitive_to_service
)

# 13-SoftServ and 15-Intf ------------------------------------------------------------------------------------

network_function = Scope(
    "functions that the network reaches in the initialized state", claims.network_function
)
changes_security_settings = Scope("functions that change security-relevant settings", claims.configures)
enabled_by_default = Scope("services enabled by default", claims.enabled_by_default)
network_interface = Scope("network interfaces", _kind("network"))
network_or_logical_interface = Scope("network and logical interfaces", _kind("network", "logical"))
air_interface = Scope("air interfaces", _kind("air"))
enabled_network_or_logical_interface = Scope(
    "enabled network and logical interfaces", _all(_kind("network", "logical"), is_enabled)
)
physical_without_need = Scope(
    "physical interfaces that need no exposure", _all(_kind("physical"), _exposure("not-required"))
)
air_without_need = Scope(
    "air interfaces that need no exposure", _all(_kind("air"), _exposure("not-required"))
)
intermittent_physical_interface = Scope(
    "physical interfaces, radio included, that need exposure only at times",
    _all(_kind("physical", "air"), _exposure("intermittent")),
)
accessible_debug_interface = Scope("accessible physical debug interfaces", claims.reachable_debug)
accessible_debug_for_good = Scope(
    "accessible debug interfaces that are not needed at times",
    _all(claims.reachable_debug, _not(_exposure("intermittent"))),
)
accessible_debug_intermittent = Scope(
    "accessible debug interfaces that are needed at times",
    _all(claims.reachable_debug, _exposure("intermittent")),
)

# 21-PersData, 24-TelData, 25-DelFunc and 26-UserDec ---------------------------------------------------------

kept_by_a_service = Scope(
    "personal data that an associated service keeps", lambda entry: entry.facts.on_service
)
processed_on_consent = Scope("personal data processed on consent", claims.rests_on_consent)
examined_telemetry = Scope("telemetry with an examination for security", states_examination)
telemetry_with_personal_data = Scope(
    "telemetry that refers to personal data", lambda entry: bool(entry.refers_to("Personal Data"))
)
deletes_on_the_device = Scope("functions that delete on the device", lambda entry: targets(entry, "device"))
deletes_from_services = Scope("functions that delete from services", lambda entry: targets(entry, "service"))
security_relevant_decision = Scope(
    "decisions that matter for security", lambda entry: entry.facts.security_relevant
)
