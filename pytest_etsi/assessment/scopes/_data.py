"""Which entries of the tables about data the units of scenarios 5.10 to 6 concern."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.criteria.deletion import targets
from pytest_etsi.assessment.criteria.telemetry import states_examination
from pytest_etsi.assessment.reading.conditions import rests_on_consent
from pytest_etsi.unit import Scope

if TYPE_CHECKING:
    from pytest_etsi.profile import Entry
    from pytest_etsi.profile.entries import PersDataEntry, UserDecEntry

__all__ = [
    "deletes_from_services",
    "deletes_on_the_device",
    "examined_telemetry",
    "kept_by_a_service",
    "processed_on_consent",
    "security_relevant_decision",
    "telemetry_with_personal_data",
]


def _on_service(entry: PersDataEntry) -> bool | None:
    on_service: bool | None = entry.facts.on_service
    return on_service


def _with_personal_data(entry: Entry) -> bool | None:
    return bool(entry.references.get("Personal Data"))


def _security_relevant(entry: UserDecEntry) -> bool | None:
    relevant: bool | None = entry.facts.security_relevant
    return relevant


examined_telemetry = Scope("telemetry with an examination for security", states_examination)
deletes_on_the_device = Scope("functions that delete on the device", lambda entry: targets(entry, "device"))
deletes_from_services = Scope("functions that delete from services", lambda entry: targets(entry, "service"))
kept_by_a_service = Scope("personal data that an associated service keeps", _on_service)
processed_on_consent = Scope("personal data processed on consent", rests_on_consent)
telemetry_with_personal_data = Scope("telemetry that refers to personal data", _with_personal_data)
security_relevant_decision = Scope("decisions that matter for security", _security_relevant)
