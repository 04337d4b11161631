"""Which entries of an IXIT table a unit concerns, told from the entries' fields and facts.

Each scope answers True, False or None; None whenever something is missing that could bring the entry in.
"""

from pytest_etsi.assessment.scopes._auth_mech import (
    network_authentication,
    password_not_user_chosen_outside_factory_default,
    pre_installed_password,
    user_authentication,
    user_chosen_password,
)
from pytest_etsi.assessment.scopes._data import (
    deletes_from_services,
    deletes_on_the_device,
    examined_telemetry,
    kept_by_a_service,
    processed_on_consent,
    security_relevant_decision,
    telemetry_with_personal_data,
)

__all__ = [
    "deletes_from_services",
    "deletes_on_the_device",
    "examined_telemetry",
    "kept_by_a_service",
    "network_authentication",
    "password_not_user_chosen_outside_factory_default",
    "pre_installed_password",
    "processed_on_consent",
    "security_relevant_decision",
    "telemetry_with_personal_data",
    "user_authentication",
    "user_chosen_password",
]
