"""Facts and access of 10-SecParam and 14-SecMgmt: security parameters (5.4, 5.5-8)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import Endpoints, Name, Secret, Strict
from pytest_etsi.profile.facts.common import DescribedFacts
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee

__all__ = [
    "SecMgmtFacts",
    "SecParamAccess",
    "SecParamFacts",
]


class SecParamFacts(Strict):
    """Typed claims of an entry of 10-SecParam."""

    purpose: tuple[
        Literal[
            "identity", "user-authentication", "update-check", "service-communication", "storage", "other"
        ],
        ...,
    ] = ()
    guarantees: tuple[Guarantee | Literal["tamper-resistance"], ...] = ()
    tamper_means: tuple[Literal["physical", "electrical", "software"], ...] = Field(
        default=(), description="Means that a hard-coded identity withstands."
    )
    hard_coded_identity: bool | None = None
    hard_coded_in_source: bool | None = None
    provisioning: Literal["production", "generated-on-device", "user", "service", "compiled-in"] | None = None
    at_rest: Literal["clear", "hashed", "encrypted"] | None = Field(
        default=None, description="How it lies in persistent storage."
    )
    hashing: CryptographyFacts | None = Field(
        default=None,
        description="How it is hashed, where only a hash is stored: {use: password-storage, ...}.",
    )
    unique_per_device: bool | None = None
    generation: CryptographyFacts | None = None


class SecParamAccess(Strict):
    """How a program reads the parameter, where it can."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value that must not be found in clear."
    )
    shown_at: Endpoints = Field(
        default=(),
        description="Where the device shows its public part, as TLS certificate or SSH host key: 443/tcp.",
    )


class SecMgmtFacts(DescribedFacts):
    """Typed claims of an entry of 14-SecMgmt."""

    stages: tuple[
        Literal["generation", "provisioning", "storage", "update", "decommissioning", "compromise"], ...
    ] = Field(default=(), description="Stages of a parameter's life that the process handles.")
    parameters: tuple[Name, ...] = Field(default=(), description="IDs in 10-SecParam that it manages.")
