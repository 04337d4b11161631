"""Facts and access of 6-SoftComp, 7-UpdMech and 9-ReplSup: software and its updates (5.3)."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import (
    FilePath,
    NonNegativeFloat,
    OperationName,
    PositiveInt,
    Regex,
    Strict,
    Text,
)
from pytest_etsi.profile.facts.common import Request
from pytest_etsi.profile.facts.outages import OutageAccess
from pytest_etsi.profile.facts.protection import CryptographyFacts, Guarantee, TlsFacts
from pytest_etsi.profile.operations import Condition

__all__ = [
    "ReplSupAccess",
    "ReplSupFacts",
    "SoftCompFacts",
    "UpdMechAccess",
    "UpdMechConsent",
    "UpdMechFacts",
    "UpdateManifest",
    "UpdateMarker",
    "UpdateNetwork",
    "UpdatePackages",
    "UpdateSwitch",
]


class SoftCompFacts(Strict):
    """Typed claims of an entry of 6-SoftComp."""

    name: Text | None = Field(default=None, description="Name of the component, as version queries give it.")
    version: Text | None = None
    supplier: Literal["own", "third-party"] | None = None
    cryptography: bool | None = Field(default=None, description="Whether it uses cryptography.")
    side_effects_considered: bool | None = Field(
        default=None, description="Whether exchanging it was thought through."
    )
    no_update_reason: Literal["immutable", "constrained", "other"] | None = Field(
        default=None, description="Why it has no update mechanism."
    )


class UpdMechConsent(Strict):
    """What the answer to the question for consent, asked during initialization, makes of an automatic mechanism."""

    granted: Literal["on", "off"] | None = Field(
        default=None, description="The mechanism after initialization, where the user has agreed."
    )
    denied: Literal["on", "off"] | None = Field(default=None, description="The same, where the user has not.")


class UpdMechFacts(Strict):
    """Typed claims of an entry of 7-UpdMech."""

    transport: Literal["network", "local", "cable"] | None = Field(
        default=None, description="How the package arrives."
    )
    fetches: bool | None = Field(
        default=None,
        description="Whether the device asks a server for updates and fetches them, by itself or when it is told to; "
        "false: packages are only handed to it.",
    )
    interaction: Literal["automatic", "simple", "manual"] | None = Field(
        default=None,
        description="automatic: no user action; simple: one confirmation; manual: more than that.",
    )
    initiated_by: Literal["device", "user", "service", "app"] | None = None
    guarantees: tuple[Guarantee | Literal["rollback-protection"], ...] = ()
    verified_by: dict[Literal["authenticity", "integrity"], Literal["device", "app", "service", "tool"]] = (
        Field(default_factory=dict, description="Who verifies each of the two.")
    )
    verified_before_install: bool | None = None
    cryptography: tuple[CryptographyFacts, ...] = ()
    tls: TlsFacts | None = None
    user_options: tuple[Literal["enable", "disable", "postpone"], ...] = Field(
        default=(), description="What the user can set about automatic installation."
    )
    automatic_by_default: bool | None = None
    notification_options: tuple[Literal["enable", "disable", "postpone"], ...] = ()
    notifications_by_default: bool | None = None
    check_after_init: bool | None = Field(
        default=None, description="Whether it asks for updates after initialization."
    )
    check_during_init: bool | None = Field(
        default=None, description="Whether it asks for updates in the course of initialization."
    )
    consent: UpdMechConsent | None = Field(
        default=None, description="What the user's consent during initialization does (edition 2.1.1)."
    )
    check_interval_h: NonNegativeFloat | None = Field(
        default=None, description="Interval of the checks, in hours."
    )
    checked_by: Literal["device", "user", "service", "app"] | None = None
    notifies_on: tuple[Literal["device", "app", "mail", "service"], ...] = Field(
        default=(), description="Where it tells."
    )
    names_risks: bool | None = Field(
        default=None, description="Whether the notice names the risks that are fixed."
    )
    tells_disruption: bool | None = Field(
        default=None, description="Whether it announces a loss of function."
    )


class UpdatePackages(Strict):
    """Packages of the maker, from which attempts to misuse the mechanism are derived."""

    genuine: FilePath = Field(description="A package for this device, newer than what runs.")
    version: Text = Field(description="What read-version gives when it runs.")
    older: FilePath | None = Field(
        default=None,
        description="A genuine package of an older version than that: of the one that the profile states, or before.",
    )
    other_model: FilePath | None = Field(
        default=None, description="A genuine package of the maker for another model, newer than what runs."
    )
    altered: tuple[FilePath, ...] = Field(
        default=(),
        description="Packages that the laboratory has altered itself; none of them may be installed.",
    )
    newest: FilePath | None = Field(
        default=None,
        description="A second genuine package, newer than that. Where nothing brings the version back (restore), the "
        "device is tried between the two: other_model and altered are newer than the first then, too.",
    )
    newest_version: Text | None = Field(
        default=None, description="What read-version gives when the second one runs; required with newest."
    )

    @model_validator(mode="after")
    def _the_newest_has_a_version_of_its_own(self) -> UpdatePackages:
        if (self.newest is None) != (self.newest_version is None):
            raise PydanticCustomError("etsi_newest", "newest and newest_version go together", {})
        if self.newest_version == self.version:
            raise PydanticCustomError(
                "etsi_newest_version", "expected another version than that of genuine", {}
            )
        return self


class UpdateMarker(Strict):
    """What shows that an archive has written outside of where it is unpacked."""

    name: Text = Field(
        description="Name of a part that leads there, such as ../../../tmp/etsi-marker; nothing may be in its place."
    )
    found_by: OperationName = Field(description="Operation that succeeds when there is such a file.")
    control: OperationName = Field(
        description="The same way of looking, at a file that is always there beside it: where that is not found "
        "either, nothing shows that the other is not there."
    )


class UpdateManifest(Strict):
    """What the server says of the genuine package when the device asks it for updates."""

    file: FilePath = Field(description="The answer, as bytes: of the maker, and of the genuine package.")
    path: Regex = Field(description="The path at which the device asks, the whole of it.")
    version: Text | None = Field(
        default=None,
        description="The version as it stands there; that of packages where it is left out.",
    )
    signature: Text | None = Field(
        default=None, description="Where its signature stands in it, as in update.signature; for JSON."
    )
    address: Text | None = Field(
        default=None,
        description="Where the address of the package stands in it, as in update.url; for JSON.",
    )
    name: Text | None = Field(
        default=None,
        description="Where a name of a file stands in it, under which the device may keep the package; for JSON.",
    )
    no_sums: tuple[Text, ...] = Field(
        default=(),
        description="What stands in it and looks like a sum of the package, and is none: a date, a serial number.",
    )


class UpdateNetwork(Strict):
    """How the device asks for its updates and fetches them over a network, so that it can be led to a false server."""

    peers: tuple[Text, ...] = Field(
        min_length=1,
        max_length=8,
        description="Whom it asks and from whom it fetches, as 11-ComMech names them: updates.example.com:443.",
    )
    looks: OperationName | None = Field(
        default=None,
        description="Operation that makes it look for an update and install what it finds; due where it is left out.",
    )
    comes_within_s: NonNegativeFloat = Field(
        default=60.0,
        description="Seconds from there within which it has asked, with all that it tries again, and begun to fetch.",
    )
    manifest: UpdateManifest
    package: Regex = Field(description="The path from which it fetches a package, the whole of it.")
    other_name: FilePath | None = Field(
        default=None,
        description="Certificate with its chain, and its key, in PEM: of an authority that the device trusts, and for "
        "another name, such as one of the laboratory's own.",
    )


class UpdateSwitch(Strict):
    """What users can set about automatic installation, or about notices, and how that shows."""

    known: Condition | None = Field(
        default=None, description="What shows that the device knows of the update that is offered."
    )
    is_on: Condition | None = Field(default=None, description="What shows that it is switched on.")
    shown: Condition | None = Field(
        default=None, description="What shows that the user is told of the update."
    )
    enable: OperationName | None = Field(
        default=None, description="Operation by which the user switches it on."
    )
    disable: OperationName | None = Field(
        default=None, description="Operation by which the user switches it off."
    )
    postpone: OperationName | None = Field(
        default=None, description="Operation by which the user puts off what is offered."
    )


class UpdMechAccess(Strict):
    """How a program offers an update and reads what is installed."""

    version: Request | None = Field(
        default=None, description="A request whose answer carries the installed version."
    )
    upload: Request | None = Field(
        default=None, description="The request that hands a package to the device."
    )
    operation: OperationName | None = Field(
        default=None,
        description="Operation that hands {package}, of {version}, to the device; install-update where it is left out.",
    )
    packages: UpdatePackages | None = Field(default=None, description="Packages to try the mechanism with.")
    network: UpdateNetwork | None = Field(
        default=None, description="How it fetches packages; without it no false server is put before it."
    )
    prepare: OperationName | None = Field(
        default=None, description="Operation before each series, such as allowing installation."
    )
    restore: OperationName | None = Field(
        default=None,
        description="Operation that brings back the version of the profile, whatever has been installed.",
    )
    decided: OperationName | None = Field(
        default=None,
        description="Operation whose value changes when the device has refused a package, or runs with it: a count.",
    )
    installs_within_s: NonNegativeFloat = Field(
        default=300.0,
        description="Seconds within which a package is installed, with all restarts, or refused.",
    )
    functions: tuple[OperationName, ...] = Field(
        default=(), description="Operations that succeed while the device is in order."
    )
    marker: UpdateMarker | None = None
    breaks_off: OperationName | None = Field(
        default=None,
        description="Operation that hands {package}, of {version}, over, and lets its transfer never come to its end.",
    )
    forces: OperationName | None = Field(
        default=None,
        description="Operation by which {package}, of {version}, is installed all the same, as its user may who is "
        "told that its check has failed.",
    )
    attempts: PositiveInt = Field(default=40, description="Packages that may be handed over in a series.")
    cuts_after_s: tuple[NonNegativeFloat, ...] = Field(
        default=(),
        max_length=10,
        description="Seconds after which the power is cut while it installs a genuine package, one try each.",
    )
    installing: Condition | None = Field(
        default=None,
        description="What shows that the device has begun to install, such as its light: cuts_after_s are counted from "
        "there; without it from when the package was handed over, which a busy device may not have looked at yet.",
    )
    offer: OperationName | None = Field(
        default=None,
        description="Operation by which {package}, of {version}, is offered and not yet installed.",
    )
    withdraw: OperationName | None = Field(
        default=None, description="Operation by which nothing is offered any more."
    )
    due: OperationName | None = Field(
        default=None, description="Operation that brings the time at which the device installs by itself."
    )
    automatic: UpdateSwitch | None = Field(default=None, description="The setting of automatic installation.")
    notices: UpdateSwitch | None = Field(default=None, description="The setting of notices.")
    consent: Literal["granted", "denied"] | None = Field(
        default=None,
        description="What the operation initialize answers where the device asks for consent to automatic updates.",
    )


class ReplSupAccess(Strict):
    """How a program brings the product into operation, isolates it and replaces its hardware."""

    functions: tuple[OperationName, ...] = Field(
        default=(),
        description="Operations that succeed while the product is in operation: its main functions.",
    )
    in_operation: tuple[Condition, ...] = Field(
        default=(), description="What else shows that it is in operation, such as its state at the service."
    )
    isolation: OutageAccess | None = Field(
        default=None, description="How it is taken off its network, by what that shows, and what works then."
    )
    replace: OperationName | None = Field(
        default=None,
        description="Operation that puts other hardware in its place, as the manufacturer describes.",
    )
    put_back: OperationName | None = Field(
        default=None, description="Operation that puts the first hardware back; required with replace."
    )
    replaced: tuple[Condition, ...] = Field(
        default=(),
        description="What shows that the other hardware is there and connected, by its serial number.",
    )

    @model_validator(mode="after")
    def _what_is_replaced_can_be_put_back(self) -> ReplSupAccess:
        if (self.replace is None) != (self.put_back is None):
            raise PydanticCustomError("etsi_put_back", "replace and put_back go together", {})
        return self


class ReplSupFacts(Strict):
    """Typed claims of 9-ReplSup."""

    isolation: Literal["network", "closed-environment", "none"] | None = None
    replaceable: bool | None = None
