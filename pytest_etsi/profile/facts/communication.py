"""Facts and access of 11-ComMech and 12-NetSecImpl: how the device communicates (5.5)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from pytest_etsi.profile._types import OperationName, Strict, Text
from pytest_etsi.profile.facts.common import ConnectingFacts, PlaceAccess
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee, SshFacts, TlsFacts

__all__ = [
    "ComMechAccess",
    "ComMechFacts",
    "NetSecImplFacts",
]


class ComMechFacts(ConnectingFacts):
    """Typed claims of an entry of 11-ComMech (11-SecComMech)."""

    peer: Literal["associated-service", "app", "device", "user", "other"] | None = None
    remote: bool | None = Field(default=None, description="Whether it is remotely accessible.")
    protocol: Text | None = Field(default=None, description="https, mqtt, coap, ble ...")
    redirect_only: bool | None = Field(
        default=None, description="Whether it answers with the address of another one, and does nothing else."
    )
    guarantees: tuple[Guarantee, ...] = ()
    tls: TlsFacts | None = None
    ssh: SshFacts | None = None
    cryptography: tuple[CryptographyFacts, ...] = ()


class ComMechAccess(PlaceAccess):
    """How a program makes the mechanism talk."""

    trigger: OperationName | None = Field(
        default=None, description="Operation that makes the device communicate."
    )


class NetSecImplFacts(Strict):
    """Typed claims of an entry of 12-NetSecImpl."""

    name: Text | None = None
    version: Text | None = None
    method: Literal["audit", "code-analysis", "certification", "public-review"] | None = None
    by: Text | None = Field(default=None, description="Who reviewed or evaluated it.")
    date: Text | None = Field(
        default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="When: 2025-03-31."
    )
