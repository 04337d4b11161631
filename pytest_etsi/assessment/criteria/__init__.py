"""What the units ask of documents and observations: profile and probes in, findings out.

Test modules import this package as ``from pytest_etsi import criteria``. Each function answers one question and
returns `Findings`; what a finding means for the verdict is said by the test. What belongs to one subject of the
documents stands in a module of its own: ``criteria.updates.trust(entry, ixit)``.
"""

from pytest_etsi.assessment.criteria import (
    decisions,
    deletion,
    personal_data,
    published,
    resilience,
    telemetry,
    validation,
    vulnerabilities,
)
from pytest_etsi.assessment.criteria._confirmation import confirmation
from pytest_etsi.assessment.criteria._cryptography import channel, cryptography, describe, guarantees
from pytest_etsi.assessment.criteria._findings import Findings
from pytest_etsi.assessment.criteria._guessing import brute_force_prevention, guessing, guessing_figures
from pytest_etsi.assessment.criteria._guidance import change_is_documented
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
    "brute_force_prevention",
    "change_is_documented",
    "channel",
    "confirmation",
    "cryptography",
    "decisions",
    "deletion",
    "describe",
    "documented_logins",
    "guarantees",
    "guessing",
    "guessing_figures",
    "justifications",
    "manual_mentions",
    "password_generation",
    "personal_data",
    "plain_variants",
    "published",
    "real_passwords",
    "resilience",
    "samples_of",
    "telemetry",
    "undocumented_logins",
    "validation",
    "vulnerabilities",
]
