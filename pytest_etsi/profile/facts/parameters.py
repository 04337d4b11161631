"""Facts and access of 10-SecParam and 14-SecMgmt: security parameters (5.4, 5.5-8)."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import AuthMechName, Endpoints, Name, OperationName, Secret, Strict
from pytest_etsi.profile.facts.common import DescribedFacts
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee
from pytest_etsi.profile.operations import Condition

__all__ = [
    "Attempt",
    "FileAccess",
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


def _path(text: str) -> str:
    if not re.fullmatch(r"/[^\x00-\x1f\x7f]*", text):
        raise PydanticCustomError(
            "etsi_device_path", "expected a path from the root of the device, /data/...", {}
        )
    return text


DevicePath = Annotated[
    str, AfterValidator(_path), Field(json_schema_extra={"x-expected": "a path from the root, /data/..."})
]


class Attempt(Strict):
    """What must not succeed, and what goes the same way and does."""

    operation: OperationName = Field(
        description="Operation that succeeds only where it is possible after all."
    )
    control: OperationName = Field(
        description="Operation in the same session, by the same way, that is allowed: it succeeds before and after."
    )


class FileAccess(Strict):
    """A file that an unprivileged session on the device must not get at; only its mode, and one byte, are asked for."""

    path: DevicePath
    login: AuthMechName | None = Field(
        default=None,
        description="ID of the 1-AuthMech entry (driver ssh) that tries; none: whoever is at the serial console.",
    )
    second: bool = Field(default=False, description="Whether the second account of login tries.")
    control: DevicePath = Field(default="/etc/passwd", description="A file that it may read.")
    secret: bool = Field(
        default=True, description="Whether it must not be read either; it is never to be written."
    )


class SecParamAccess(Strict):
    """How a program tries the protection of the parameter on the device."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value that must not be found in clear."
    )
    shown_at: Endpoints = Field(
        default=(),
        description="Where the device shows its public part, as TLS certificate or SSH host key: 443/tcp.",
    )
    reads: tuple[Attempt, ...] = Field(default=(), description="Attempts to read it, by those who must not.")
    writes: tuple[Attempt, ...] = Field(
        default=(), description="Attempts to change it, by those who must not."
    )
    files: tuple[FileAccess, ...] = Field(default=(), description="Files in which it lies.")
    states: tuple[Condition, ...] = Field(
        default=(),
        description="What shows on the device that its protection is in place: fuses, locks, encryption of the flash.",
    )
    told_by: OperationName | None = Field(
        default=None,
        description="Operation that gives something by which one value of it is told from another, such as a hash.",
    )
    put_back: OperationName | None = Field(
        default=None, description="Operation that brings its value back, where an attempt has changed it."
    )
    resets: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations that must not change it, such as power-cycle, factory-reset with initialize behind it.",
    )
    offers: tuple[Attempt, ...] = Field(
        default=(), description="Attempts to use its hard-coded value where one of its kind is taken."
    )
    skips: tuple[Attempt, ...] = Field(
        default=(),
        description="Attempts in factory default to use the device without giving it a value of its own.",
    )


class SecMgmtFacts(DescribedFacts):
    """Typed claims of an entry of 14-SecMgmt."""

    stages: tuple[
        Literal["generation", "provisioning", "storage", "update", "decommissioning", "compromise"], ...
    ] = Field(default=(), description="Stages of a parameter's life that the process handles.")
    parameters: tuple[Name, ...] = Field(default=(), description="IDs in 10-SecParam that it manages.")
