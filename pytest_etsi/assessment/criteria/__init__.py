"""What the units ask of documents and observations: profile and probes in, findings out.

Test modules import this package as ``from pytest_etsi import criteria``. Each function answers one question and
returns `Findings`; what a finding means for the verdict is said by the test. What belongs to one subject of the
documents stands in a module of its own: ``criteria.updates.trust(entry, ixit)``.
"""

from pytest_etsi.assessment.criteria import (
    access,
    capture,
    channels,
    communication,
    decisions,
    deletion,
    disclosure,
    exposure,
    failed_boot,
    implementations,
    inputs,
    interfaces,
    management,
    parameters,
    personal_data,
    published,
    resilience,
    services,
    software,
    support,
    telemetry,
    update_use,
    updates,
    validation,
    vulnerabilities,
)
from pytest_etsi.assessment.criteria._confirmation import confirmation
from pytest_etsi.assessment.criteria._cryptography import channel, cryptography, describe, guarantees
from pytest_etsi.assessment.criteria._findings import Findings
from pytest_etsi.assessment.criteria._guessing import brute_force_prevention, guessing, guessing_figures
from pytest_etsi.assessment.criteria._guidance import change_is_documented, change_is_possible
from pytest_etsi.assessment.criteria._ics import justifications
from pytest_etsi.assessment.criteria._logins import (
    documented_logins,
    manual_mentions,
    plain_variants,
    undocumented_logins,
)
from pytest_etsi.assessment.criteria._passwords import password_generation, real_passwords, samples_of

__all__ = [
    "Findings",
    "access",
    "brute_force_prevention",
    "capture",
    "change_is_documented",
    "change_is_possible",
    "channel",
    "channels",
    "communication",
    "confirmation",
    "cryptography",
    "decisions",
    "deletion",
    "describe",
    "disclosure",
    "documented_logins",
    "exposure",
    "failed_boot",
    "guarantees",
    "guessing",
    "guessing_figures",
    "implementations",
    "inputs",
    "interfaces",
    "justifications",
    "management",
    "manual_mentions",
    "parameters",
    "password_generation",
    "personal_data",
    "plain_variants",
    "published",
    "real_passwords",
    "resilience",
    "samples_of",
    "services",
    "software",
    "support",
    "telemetry",
    "undocumented_logins",
    "update_use",
    "updates",
    "validation",
    "vulnerabilities",
]
