"""Which entries of an IXIT table a unit concerns, told from the entries' fields and facts, or by a person.

Each scope answers True, False or None; None whenever something is missing that could bring the entry in. What an entry
claims is read by `pytest_etsi.assessment.reading.claims`, what a person is asked where it does not tell is in
`pytest_etsi.profile.entry_questions`; here they are put together, in the order of the tables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pytest_etsi.assessment.concern import asked, both, either, known, known_across, unless
from pytest_etsi.assessment.criteria import hard_coded
from pytest_etsi.assessment.criteria.communication import carries
from pytest_etsi.assessment.criteria.deletion import targets
from pytest_etsi.assessment.criteria.interfaces import is_enabled
from pytest_etsi.assessment.criteria.services import referred_to
from pytest_etsi.assessment.criteria.telemetry import states_examination
from pytest_etsi.assessment.criteria.update_init import asked_at_initialization
from pytest_etsi.assessment.criteria.updates import mechanisms
from pytest_etsi.assessment.reading import claims
from pytest_etsi.assessment.reading.logic import any_of
from pytest_etsi.assessment.reading.passwords import unlisted_password
from pytest_etsi.profile.unread import remembered
from pytest_etsi.unit import Scope

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry, Ixit
    from pytest_etsi.profile.entries import ComMechEntry
    from pytest_etsi.unit import Condition

    _Carried = Literal["sec_param", "pers_data"]

__all__ = [
    "accessible_debug_for_good",
    "accessible_debug_interface",
    "accessible_debug_intermittent",
    "aggregated_data",
    "air_interface",
    "air_without_need",
    "automatic_update",
    "automatic_update_with_consent",
    "carries_critical_parameter",
    "carries_critical_parameter_by_remote_interface",
    "carries_critical_parameter_remotely",
    "carries_personal_data",
    "carries_sensitive_data_to_service",
    "changes_security_settings",
    "component_with_configurable_updates",
    "component_with_updates",
    "component_without_updates",
    "critical_parameter",
    "critical_parameter_for_updates_or_services",
    "debug_for_good",
    "debug_interface",
    "debug_intermittent",
    "debug_port",
    "deletes_from_services",
    "deletes_on_the_device",
    "enabled_by_default",
    "enabled_interface_on_network",
    "enabled_network_interface",
    "enabled_network_or_logical_interface",
    "examined_telemetry",
    "hard_coded_identity",
    "hard_coded_in_source",
    "hard_coded_or_denied",
    "interface_on_network",
    "interface_without_need",
    "intermittent_physical_interface",
    "kept_by_a_service",
    "machine_authentication",
    "mechanism_of_a_service",
    "method_for_network_input",
    "method_for_user_input",
    "network_authentication",
    "network_function",
    "network_interface",
    "network_or_logical_interface",
    "network_update",
    "notifying_update",
    "password_chosen_by_the_user",
    "password_not_chosen_by_the_user",
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


# 1-AuthMech -------------------------------------------------------------------------------------------------


def _origin(*wanted: str) -> Condition:
    return asked(
        "auth_mech", "password-origin", lambda entry: claims.password_origin(entry, *wanted), *wanted
    )


_users = asked("auth_mech", "authenticates-users", claims.authenticates_users)

_not_chosen = both(
    _origin("pre-installed", "device-generated"),
    asked("auth_mech", "outside-factory-default", claims.outside_factory_default),
)
password_not_user_chosen_outside_factory_default = Scope(
    "user authentication by a password that the user does not choose, outside factory default",
    both(_users, _not_chosen),
)
password_not_chosen_by_the_user = Scope(
    "passwords of users or machines that the user does not choose, outside factory default", _not_chosen
)
user_chosen_password = Scope(
    "user authentication by a password that the user chooses", both(_users, _origin("user-defined"))
)
password_chosen_by_the_user = Scope(
    "passwords of users or machines that the user chooses", _origin("user-defined")
)
pre_installed_password = Scope("pre-installed passwords", _origin("pre-installed"))
user_authentication = Scope("mechanisms that authenticate users", _users)
machine_authentication = Scope(
    "mechanisms between machines",
    asked("auth_mech", "authenticates-users", claims.authenticates_machines, "no"),
)
network_authentication = Scope(
    "mechanisms that a network interface gives direct access to",
    asked("auth_mech", "network-access", claims.by_network_interface),
)
mechanism_of_a_service = Scope("mechanisms that a service refers to", known_across(referred_to))

# 6-SoftComp and 7-UpdMech -----------------------------------------------------------------------------------


def _configurable(entry: Entry, ixit: Ixit) -> bool | None:
    return any_of(False, *(claims.configurable_updates(one) for one in mechanisms(entry, ixit)))


component_without_updates = Scope("components without update mechanism", unless(known(claims.updatable)))
component_with_updates = Scope("components with an update mechanism", known(claims.updatable))
component_with_configurable_updates = Scope(
    "components whose updates the user can configure",
    asked("soft_comp", "configurable-updates", across=_configurable),
)
uses_cryptography = Scope(
    "components that use cryptography", asked("soft_comp", "cryptography", claims.uses_cryptography)
)
_automatic = asked("upd_mech", "automatic", claims.automatic)
automatic_update = Scope("automatic update mechanisms", _automatic)
automatic_update_with_consent = Scope(
    "automatic update mechanisms for which the user is asked during initialization",
    both(_automatic, known_across(asked_at_initialization)),
)
notifying_update = Scope(
    "update mechanisms that notify the user", asked("upd_mech", "notifies", claims.notifies)
)
network_update = Scope("update mechanisms over a network", asked("upd_mech", "network", claims.by_network))

# 10-SecParam ------------------------------------------------------------------------------------------------

_critical = asked("sec_param", "critical", claims.critical)
_hard_coded_identity = asked("sec_param", "hard-coded-identity", claims.hard_coded_identity)

critical_parameter = Scope("critical security parameters", _critical)
serves_as_identity = Scope(
    "parameters that serve as a hard-coded identity",
    either(known(lambda entry: "identity" in entry.facts.purpose), _hard_coded_identity),
)
hard_coded_identity = Scope("parameters declared as hard-coded identity", _hard_coded_identity)
_in_source = asked("sec_param", "hard-coded-in-source", claims.hard_coded_in_source)
hard_coded_in_source = Scope("critical parameters hard-coded in source code", both(_critical, _in_source))
hard_coded_or_denied = Scope(
    "critical parameters hard-coded in source code, and those whose documents deny it, which the software may refute",
    both(_critical, either(_in_source, known(hard_coded.denied))),
)
critical_parameter_for_updates_or_services = Scope(
    "critical parameters for update checks or service communication",
    both(_critical, asked("sec_param", "updates-or-services", claims.for_updates_or_services)),
)

# 11-ComMech -------------------------------------------------------------------------------------------------


@remembered(16)
def _unanswered(ixit: Ixit, table: _Carried) -> bool:
    """Whether an entry leaves out by which mechanisms it travels, or is itself left out: any of them might carry it."""
    if table == "sec_param" and not len(ixit.sec_param) and len(ixit.auth_mech):
        return True  # whoever proves who he is does so by something secret
    if table == "sec_param" and unlisted_password(ixit) is not None:
        return True
    return any(
        claims.travels(entry) is None
        for entry in ixit.table(table)
        if table != "sec_param" or claims.critical(entry) is not False
    )


def _carried(entry: ComMechEntry, ixit: Ixit, table: _Carried) -> bool | None:
    return any_of(bool(carries(entry, ixit, table)), None if _unanswered(ixit, table) else False)


def _sensitive(entry: ComMechEntry, ixit: Ixit) -> bool | None:
    sensitive = [claims.sensitive(one) for one in carries(entry, ixit, "pers_data")]
    return any_of(*sensitive, None if _unanswered(ixit, "pers_data") else False)


_carries_critical = asked(
    "com_mech", "carries-critical-parameter", across=lambda entry, ixit: _carried(entry, ixit, "sec_param")
)

carries_critical_parameter = Scope("mechanisms that a critical parameter refers to", _carries_critical)
carries_critical_parameter_remotely = Scope(
    "remotely accessible mechanisms that a critical parameter refers to",
    both(_carries_critical, asked("com_mech", "remote", lambda entry: entry.facts.remote)),
)
carries_critical_parameter_by_remote_interface = Scope(
    "mechanisms that a critical parameter refers to and whose interface is remotely accessible",
    both(_carries_critical, asked("com_mech", "remote", across=claims.remote)),
)
carries_personal_data = Scope(
    "mechanisms that personal data refer to",
    asked("com_mech", "carries-personal-data", across=lambda entry, ixit: _carried(entry, ixit, "pers_data")),
)
carries_sensitive_data_to_service = Scope(
    "mechanisms that take sensitive personal data to an associated service",
    both(
        asked("com_mech", "to-service", claims.to_service),
        asked("com_mech", "carries-sensitive-data", across=_sensitive),
    ),
)

# 13-SoftServ and 15-Intf ------------------------------------------------------------------------------------


def _kind(*wanted: str) -> Condition:
    return known(lambda entry: claims.is_kind(entry, *wanted))


def _exposure(*wanted: str) -> Condition:
    return asked("intf", "exposure", lambda entry: claims.exposure(entry, *wanted), *wanted)


network_function = Scope(
    "functions that the network reaches in the initialized state",
    asked("soft_serv", "network-function", claims.network_function),
)
changes_security_settings = Scope(
    "functions that change security-relevant settings over the network",
    asked("soft_serv", "configures", claims.configures_over_the_network),
)
enabled_by_default = Scope(
    "services enabled by default", asked("soft_serv", "enabled-by-default", claims.enabled_by_default)
)
_is_on = asked("intf", "enabled", is_enabled)
network_interface = Scope("network interfaces", _kind("network"))
enabled_network_interface = Scope("enabled network interfaces", both(_kind("network"), _is_on))
network_or_logical_interface = Scope("network and logical interfaces", _kind("network", "logical"))
air_interface = Scope("air interfaces", _kind("air"))
enabled_network_or_logical_interface = Scope(
    "enabled network and logical interfaces",
    both(_kind("network", "logical"), _is_on),
)
physical_without_need = Scope(
    "physical interfaces that need no exposure", both(_kind("physical"), _exposure("not-required"))
)
interface_without_need = Scope("interfaces that need no exposure", _exposure("not-required"))
air_without_need = Scope(
    "air interfaces that need no exposure", both(_kind("air"), _exposure("not-required"))
)
intermittent_physical_interface = Scope(
    "physical interfaces, radio included, that need exposure only at times",
    both(_kind("physical", "air"), _exposure("intermittent")),
)
_debug = asked("intf", "debug", claims.debug)
debug_interface = Scope("debug interfaces", _debug)
debug_for_good = Scope(
    "debug interfaces that are not needed at times", both(_debug, unless(_exposure("intermittent")))
)
debug_intermittent = Scope(
    "debug interfaces that are needed at times", both(_debug, _exposure("intermittent"))
)
debug_port = Scope("physical ports for debugging", both(_kind("physical"), _debug))
_reachable_debug = both(
    _kind("physical"),
    _debug,
    asked("intf", "accessible", lambda entry: entry.facts.accessible),
)
accessible_debug_interface = Scope("accessible physical debug interfaces", _reachable_debug)
accessible_debug_for_good = Scope(
    "accessible debug interfaces that are not needed at times",
    both(_reachable_debug, unless(_exposure("intermittent"))),
)
accessible_debug_intermittent = Scope(
    "accessible debug interfaces that are needed at times",
    both(_reachable_debug, _exposure("intermittent")),
)

# 21-PersData, 24-TelData, 25-DelFunc and 26-UserDec ---------------------------------------------------------

kept_by_a_service = Scope(
    "personal data that an associated service keeps",
    asked("pers_data", "kept-by-service", lambda entry: entry.facts.on_service),
)
processed_on_consent = Scope(
    "personal data processed on consent", asked("pers_data", "consent", claims.rests_on_consent)
)
aggregated_data = Scope(
    "personal data collected for an aggregate alone", asked("pers_data", "aggregated", claims.aggregated)
)
examined_telemetry = Scope(
    "telemetry with an examination for security", asked("tel_data", "examined", states_examination)
)
telemetry_with_personal_data = Scope(
    "telemetry that refers to personal data", known(lambda entry: bool(entry.refers_to("Personal Data")))
)
deletes_on_the_device = Scope(
    "functions that delete on the device",
    asked("del_func", "on-device", lambda entry: targets(entry, "device")),
)
deletes_from_services = Scope(
    "functions that delete from services",
    asked("del_func", "from-services", lambda entry: targets(entry, "service")),
)
security_relevant_decision = Scope(
    "decisions that matter for security",
    asked("user_dec", "security-relevant", lambda entry: entry.facts.security_relevant),
)

# 28-LogIntf and 29-InpVal -----------------------------------------------------------------------------------

_by_network = asked("ext_api", "network", across=claims.on_network)

interface_on_network = Scope("logical interfaces that can be reached over a network", _by_network)
enabled_interface_on_network = Scope(
    "enabled logical interfaces that can be reached over a network",
    both(_by_network, asked("ext_api", "enabled", is_enabled)),
)
method_for_user_input = Scope(
    "methods for input through a user interface",
    asked("inp_val", "user-input", across=claims.validates_user_input),
)
method_for_network_input = Scope(
    "methods for input through a network interface",
    asked("inp_val", "network-input", across=claims.validates_network_input),
)
