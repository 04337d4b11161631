"""Facts and access of the tables other than 1-AuthMech: what a program compares or exercises."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._types import (
    Endpoints,
    FilePath,
    HttpMethod,
    Json,
    Name,
    NonNegativeFloat,
    NonNegativeInt,
    Port,
    PositiveInt,
    Regex,
    Secret,
    StatusCode,
    Strict,
    Text,
    Url,
)
from pytest_etsi.profile.facts._auth_mech import CryptographyFacts, DeviceState, Guarantee, SshFacts, TlsFacts  # noqa: TC001 - pydantic reads them

__all__ = [
    "ComMechAccess",
    "ComMechFacts",
    "DelFuncAccess",
    "DelFuncFacts",
    "DescribedFacts",
    "ExtApiAccess",
    "ExtApiFacts",
    "InpValAccess",
    "InpValFacts",
    "InputAccess",
    "IntfAccess",
    "IntfFacts",
    "MessageAccess",
    "NetSecImplFacts",
    "NoAccess",
    "OpenApiAccess",
    "PersDataAccess",
    "PersDataFacts",
    "Published",
    "ReplSupFacts",
    "Request",
    "ResMechAccess",
    "ResMechFacts",
    "SecBootAccess",
    "SecBootFacts",
    "SecDevFacts",
    "SecMgmtFacts",
    "SecParamAccess",
    "SecParamFacts",
    "ShellAccess",
    "SoftCompFacts",
    "SoftServAccess",
    "SoftServFacts",
    "StreamAccess",
    "TelDataFacts",
    "TimeFrameFacts",
    "TopicAccess",
    "UpdMechAccess",
    "UpdMechFacts",
    "UserDecAccess",
    "UserDecFacts",
    "UserInfoAccess",
    "UserInfoFacts",
    "UserIntfAccess",
]

Outage = Literal["network", "power"]
Exposure = Literal["required", "intermittent", "not-required"]


class NoAccess(Strict):
    """Access of a table whose entries a program does not exercise."""


class DescribedFacts(Strict):
    """Facts of a table that people judge: only the words by which documents refer to the entry."""

    mentions: tuple[Text, ...] = Field(
        default=(), description="Words by which published documents refer to it."
    )


class Request(Strict):
    """One HTTP request to the device or a service."""

    method: HttpMethod = "GET"
    url: Url
    json_body: Json = Field(default=None, alias="json", description="JSON body.")
    form: dict[str, Text] | None = Field(default=None, description="Form body.")
    headers: dict[str, Text] = Field(default_factory=dict)
    expect: tuple[StatusCode, ...] = Field(default=(200, 204), description="HTTP status of a success.")
    login: Name | None = Field(
        default=None, description="ID of the 1-AuthMech entry in whose session it is sent."
    )


class SecMgmtFacts(DescribedFacts):
    """Typed claims of an entry of 14-SecMgmt."""

    stages: tuple[
        Literal["generation", "provisioning", "storage", "update", "decommissioning", "compromise"], ...
    ] = Field(default=(), description="Stages of a parameter's life that the process handles.")
    parameters: tuple[Name, ...] = Field(default=(), description="IDs in 10-SecParam that it manages.")


class SecDevFacts(DescribedFacts):
    """Typed claims of an entry of 19-SecDev."""

    topics: tuple[
        Literal[
            "training",
            "requirements",
            "coding",
            "tools",
            "testing",
            "review",
            "archival",
            "deployment",
            "third-party",
        ],
        ...,
    ] = Field(default=(), description="Topics of secure development that the process addresses.")


class TimeFrameFacts(Strict):
    """Time frame of 3-VulnTypes and 8-UpdProc entries, and sources of 5-VulnMon."""

    max_days: NonNegativeFloat | None = Field(
        default=None, description="Longest time from notice to remedy, in days."
    )
    interval_days: NonNegativeFloat | None = Field(
        default=None, description="Interval of monitoring, in days."
    )
    sources: tuple[Text, ...] = Field(default=(), description="Feeds, lists and mailboxes that are watched.")
    roles: tuple[Text, ...] = Field(default=(), description="Roles that are involved.")


class Published(Strict):
    """Where a document is published and what it has to say."""

    url: Url | None = Field(
        default=None, description="Address; its host has to be in access.network.documents_hosts."
    )
    linked_from: Url | None = Field(default=None, description="Page that leads the user to it.")
    contains: tuple[Text, ...] = Field(default=(), description="Phrases that the document carries.")


class UserInfoFacts(Strict):
    """Typed claims of 2-UserInfo: one published document per field."""

    change_mechanisms: Published | None = Field(
        default=None, description="Documentation of Change Mechanisms"
    )
    replacement: Published | None = Field(default=None, description="Documentation of Replacement")
    sensors: Published | None = Field(default=None, description="Documentation of Sensors")
    secure_setup: Published | None = Field(default=None, description="Documentation of Secure Setup")
    setup_check: Published | None = Field(default=None, description="Documentation of Setup Check")
    maintenance_check: Published | None = Field(
        default=None, description="Documentation of Maintenance Check"
    )
    personal_data: Published | None = Field(default=None, description="Documentation of Personal Data")
    telemetry_data: Published | None = Field(default=None, description="Documentation of Telemetry Data")
    deletion: Published | None = Field(default=None, description="Documentation of Deletion")
    support_period: Published | None = Field(default=None, description="Publication of Support Period")
    disclosure_policy: Published | None = Field(
        default=None, description="Publication of Vulnerability Disclosure Policy"
    )
    non_updatable: Published | None = Field(default=None, description="Publication of Non-Updatable")
    model_designation: Text | None = Field(
        default=None, description="The designation as the device gives it."
    )
    support_until: Text | None = Field(
        default=None, pattern=r"^\d{4}-\d{2}-\d{2}$", description="Last day: 2031-12-31."
    )
    policy_max_days: NonNegativeFloat | None = Field(
        default=None,
        description="Longest time to a remedy that the published disclosure policy states, in days.",
    )


class UserInfoAccess(Strict):
    """How a program reads the model designation."""

    model_designation: Request | None = Field(
        default=None, description="A request whose answer carries the designation."
    )
    console_command: Text | None = Field(
        default=None, description="A console command that prints the designation."
    )


class SoftCompFacts(Strict):
    """Typed claims of an entry of 6-SoftComp."""

    name: Text | None = Field(default=None, description="Name of the component, as version queries give it.")
    version: Text | None = None
    supplier: Literal["own", "third-party"] | None = None
    purl: Text | None = Field(default=None, description="Package URL.")
    cryptography: bool | None = Field(default=None, description="Whether it uses cryptography.")
    side_effects_considered: bool | None = Field(
        default=None, description="Whether exchanging it was thought through."
    )
    no_update_reason: Literal["immutable", "constrained", "other"] | None = Field(
        default=None, description="Why it has no update mechanism."
    )


class UpdMechFacts(Strict):
    """Typed claims of an entry of 7-UpdMech."""

    transport: Literal["network", "local", "cable"] | None = Field(
        default=None, description="How the package arrives."
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
    hosts: tuple[Text, ...] = Field(default=(), description="Hosts that the package comes from.")


class UpdMechAccess(Strict):
    """How a program offers an update and reads what is installed."""

    version: Request | None = Field(
        default=None, description="A request whose answer carries the installed version."
    )
    version_pattern: Regex | None = Field(
        default=None, description="Regular expression whose first group is the version."
    )
    upload: Request | None = Field(
        default=None, description="The request that hands a package to the device."
    )
    upload_field: Text | None = Field(default=None, description="Name of the file field of the upload.")
    packages: dict[Literal["current", "newer", "older", "foreign-model"], FilePath] = Field(
        default_factory=dict, description="Package files."
    )
    operation: Name | None = Field(default=None, description="Operation that starts the update.")
    settings: Request | None = Field(
        default=None, description="A request whose answer carries the update settings."
    )


class ReplSupFacts(Strict):
    """Typed claims of 9-ReplSup."""

    isolation: Literal["network", "closed-environment", "none"] | None = None
    replaceable: bool | None = None


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
    unique_per_device: bool | None = None
    generation: CryptographyFacts | None = None


class SecParamAccess(Strict):
    """How a program reads the parameter, where it can."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value that must not be found in clear."
    )
    read: Request | None = Field(default=None, description="A request that must not reveal it.")
    console_command: Text | None = None


class ComMechFacts(Strict):
    """Typed claims of an entry of 11-ComMech (11-SecComMech)."""

    direction: Literal["outgoing", "incoming", "both"] | None = None
    endpoint: Endpoints = Field(
        default=(), description="Where the device answers: 443/tcp, or a list of such."
    )
    peers: tuple[Text, ...] = Field(
        default=(), description="Hosts that the device connects to, with port: api.example:443."
    )
    peer: Literal["associated-service", "app", "device", "user", "other"] | None = None
    remote: bool | None = Field(default=None, description="Whether it is remotely accessible.")
    protocol: Text | None = Field(default=None, description="https, mqtt, coap, ble ...")
    guarantees: tuple[Guarantee, ...] = ()
    tls: TlsFacts | None = None
    ssh: SshFacts | None = None
    cryptography: tuple[CryptographyFacts, ...] = ()
    retry_first_s: NonNegativeFloat | None = Field(
        default=None, description="First wait before a new attempt, in seconds."
    )
    retry_max_s: NonNegativeFloat | None = Field(
        default=None, description="Longest wait before a new attempt, in seconds."
    )
    retry_jitter: bool | None = Field(default=None, description="Whether the waits are randomized.")


class ComMechAccess(Strict):
    """How a program makes the mechanism talk."""

    trigger: Name | None = Field(default=None, description="Operation that makes the device communicate.")
    url: Url | None = None
    host: Text | None = None
    port: Port | None = None


class NetSecImplFacts(Strict):
    """Typed claims of an entry of 12-NetSecImpl."""

    name: Text | None = None
    version: Text | None = None
    method: Literal["audit", "code-analysis", "certification", "public-review"] | None = None
    by: Text | None = Field(default=None, description="Who reviewed or evaluated it.")
    date: Text | None = Field(
        default=None, pattern=r"^\d{4}(-\d{2}(-\d{2})?)?$", description="When: 2025-03-31."
    )
    report: Text | None = Field(default=None, description="File or address of the report.")


class SoftServFacts(Strict):
    """Typed claims of an entry of 13-SoftServ."""

    endpoint: Endpoints = Field(default=(), description="Where it answers: 554/tcp, or a list of such.")
    network: bool | None = Field(
        default=None, description="Whether a network interface exposes it in the initialized state."
    )
    states: tuple[DeviceState, ...] = ()
    protocol: Text | None = None
    configures: bool | None = Field(
        default=None, description="Whether security-relevant settings can be changed through it."
    )


class TopicAccess(Strict):
    """A topic of the device's MQTT broker that only those may read or write who hold the right."""

    topic: Text = Field(description="Topic, or for reading a filter.")
    do: Literal["read", "write"] = Field(description="What the right is for.")
    login: Name = Field(description="ID of the 1-AuthMech entry (driver mqtt) that holds the right.")
    payload: Text = Field(
        default="etsi-{random}",
        description="Harmless content to publish; {random} becomes a new value each time, by which it is recognised.",
    )
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )
    wait_s: NonNegativeFloat = Field(default=2.0, description="Time in which a message arrives.")

    @model_validator(mode="after")
    def _a_written_message_is_recognised(self) -> TopicAccess:
        if self.do == "write" and "{random}" not in self.payload:
            raise PydanticCustomError(
                "etsi_payload", "payload has no {random}, by which one message is told from another", {}
            )
        return self


class OpenApiAccess(Strict):
    """An OpenAPI document of the service: its GET operations that need a login are tried like access.requests."""

    file: FilePath = Field(description="The document, JSON or YAML.")
    url: Url = Field(description="Where the API is on the device; the document's servers are not asked.")
    login: Name = Field(description="ID of the 1-AuthMech entry in whose session they are made.")
    generate: bool = Field(
        default=False,
        description="Whether operations that change something, and have no request of their own, are tried without a "
        "login, with values made from the document (needs the extra openapi and the permission change-credentials).",
    )


class StreamAccess(Strict):
    """A stream of the device's RTSP server that only those may get who hold the right."""

    path: Text = Field(description="Path of the stream: /live.")
    login: Name = Field(description="ID of the 1-AuthMech entry (driver rtsp) that holds the right.")
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )


class ShellAccess(Strict):
    """What lies behind a login of SSH or telnet, which only those may reach who hold the right."""

    login: Name = Field(description="ID of the 1-AuthMech entry (driver ssh or telnet) that holds the right.")
    not_by_second: bool = Field(
        default=False, description="Whether the second account of login must not either."
    )


class SoftServAccess(Strict):
    """Requests that need authentication and those that change a security-relevant setting."""

    requests: tuple[Request, ...] = Field(
        default=(), description="Requests that are refused without authentication."
    )
    changes: tuple[Request, ...] = Field(
        default=(), description="Requests that change a security-relevant setting."
    )
    refused: tuple[Request, ...] = Field(
        default=(),
        description="Requests that the second account of their login may not make; expect: what a success would be.",
    )
    never: tuple[Request, ...] = Field(
        default=(),
        description="Requests that nobody may make once the device is initialized; expect: what a success would be.",
    )
    openapi: OpenApiAccess | None = Field(default=None, description="An OpenAPI document of the service.")
    streams: tuple[StreamAccess, ...] = Field(
        default=(), description="Streams of RTSP that are refused without authentication."
    )
    topics: tuple[TopicAccess, ...] = Field(
        default=(), description="Topics of MQTT that are refused without authentication."
    )
    shells: tuple[ShellAccess, ...] = Field(
        default=(), description="Logins of SSH or telnet that let nobody in without the right."
    )
    paths: tuple[Text, ...] = Field(default=(), description="Further paths or topics of the service.")


class IntfFacts(Strict):
    """Typed claims of an entry of 15-Intf (15-PhyIntf)."""

    type: tuple[Literal["network", "logical", "physical", "air"], ...] = ()
    exposure: Exposure | None = None
    enabled: bool | None = None
    default: Literal["enabled", "disabled", "permanently-disabled"] | None = None
    debug: bool | None = None
    accessible: bool | None = Field(
        default=None, description="Whether it can be reached from outside the casing."
    )
    endpoint: Endpoints = Field(
        default=(), description="Where it answers, for network and logical interfaces."
    )
    services: tuple[Text, ...] = Field(
        default=(), description="Discovery names: _http._tcp, upnp:rootdevice ..."
    )
    discloses: tuple[Text, ...] = Field(
        default=(), description="What it reveals without login, as found on the wire."
    )


class IntfAccess(Strict):
    """How a program reaches the interface."""

    serial: Text | None = Field(default=None, description="Any pyserial URL.")
    baudrate: PositiveInt | None = None
    address: Text | None = None
    enable: Name | None = Field(default=None, description="Operation that enables it.")
    disable: Name | None = Field(default=None, description="Operation that disables it.")
    scan: Request | None = Field(
        default=None,
        description="A request to a receiver of the bench that tells which radios are on the air.",
    )
    seen: Regex | None = Field(
        default=None, description="Regular expression by which this one shows in the receiver's answer."
    )

    @model_validator(mode="after")
    def _scan_shows_something(self) -> IntfAccess:
        if (self.scan is None) != (self.seen is None):
            raise PydanticCustomError("etsi_scan", "scan and seen go together", {})
        return self


class SecBootFacts(Strict):
    """Typed claims of an entry of 20-SecBoot."""

    guarantees: tuple[Guarantee, ...] = ()
    cryptography: tuple[CryptographyFacts, ...] = ()
    alerts_on: tuple[Literal["device", "app", "mail", "service", "serial"], ...] = ()
    alert_hosts: tuple[Text, ...] = Field(
        default=(), description="The only hosts it talks to after detection."
    )


class SecBootAccess(Strict):
    """How a program alters the software and restores it."""

    alter: Name | None = Field(
        default=None, description="Operation that alters the software in a detectable way."
    )
    restore: Name | None = Field(default=None, description="Operation that undoes it; required with alter.")
    alerted: Name | None = Field(
        default=None,
        description="Operation that succeeds only while the alert is there, such as a question to a light sensor.",
    )
    alert_pattern: Regex | None = Field(
        default=None,
        description="What the serial console says when the device has found its software altered.",
    )
    watch_s: NonNegativeFloat = Field(
        default=600.0,
        description="Time to watch the device after the alert; the sound device must have spoken within it.",
    )

    @model_validator(mode="after")
    def _what_is_altered_can_be_restored(self) -> SecBootAccess:
        if self.alter and not self.restore:
            raise PydanticCustomError(
                "etsi_restore", "restore is missing: the operation that undoes alter", {}
            )
        return self


class PersDataFacts(Strict):
    """Typed claims of an entry of 21-PersData."""

    sensitive: bool | None = None
    consent: bool | None = Field(default=None, description="Whether the processing rests on consent.")
    on_device: bool | None = None
    on_service: bool | None = None
    recipients: tuple[Text, ...] = ()
    terms: tuple[Text, ...] = Field(
        default=(), description="Words by which the privacy notice names the data."
    )
    purposes: tuple[Text, ...] = Field(
        default=(), description="Words by which the privacy notice names the purposes."
    )
    retention_days: NonNegativeFloat | None = None
    consent_by: Literal["explicit-action", "preselected", "implied"] | None = Field(
        default=None, description="How consent is given, where the processing rests on it."
    )
    withdrawal: Literal["setting", "account-deletion", "support", "impossible"] | None = Field(
        default=None, description="How consent is withdrawn."
    )


class PersDataAccess(Strict):
    """How a program writes, reads and consents."""

    canary: Secret | None = Field(
        default=None, repr=False, description="A known value of these data that must not be found in clear."
    )
    write: Request | None = None
    read: Request | None = None
    consent: Request | None = Field(default=None, description="The request that reads the consent flag.")
    withdraw: Request | None = Field(default=None, description="The request that withdraws consent.")


class ResMechFacts(Strict):
    """Typed claims of an entry of 23-ResMech."""

    covers: tuple[Outage, ...] = ()
    recovery_s: NonNegativeFloat | None = Field(
        default=None, description="Longest time to recover, in seconds."
    )
    keeps: tuple[Literal["settings", "accounts", "recordings", "clock", "local-functions"], ...] = ()


class ResMechAccess(Strict):
    """How a program causes the outage and sees the recovery."""

    outage: Name | None = Field(default=None, description="Operation that causes the outage.")
    restore: Name | None = Field(default=None, description="Operation that ends it.")
    healthy: Request | None = Field(
        default=None, description="A request that succeeds when the function is back."
    )


class TelDataFacts(Strict):
    """Typed claims of an entry of 24-TelData."""

    examined: bool | None = Field(default=None, description="Whether it is examined for security anomalies.")
    fields: tuple[Text, ...] = Field(default=(), description="Names of the fields that are sent.")
    recipients: tuple[Text, ...] = ()
    terms: tuple[Text, ...] = Field(default=(), description="Words by which published documents name it.")
    needs_personal_data: bool | None = Field(
        default=None, description="Whether the purpose cannot be reached without personal data."
    )


class DelFuncFacts(Strict):
    """Typed claims of an entry of 25-DelFunc."""

    target: tuple[Literal["device", "service"], ...] = ()
    covers: tuple[Literal["personal-data", "settings", "credentials", "keys"], ...] = ()
    confirms_by: tuple[Literal["device", "app", "mail", "page", "api"], ...] = ()
    deadline_h: NonNegativeFloat | None = Field(
        default=None, description="Longest time until the data are gone, in hours."
    )
    mentions: tuple[Text, ...] = Field(default=(), description="Words by which the instructions refer to it.")
    personal_data: tuple[Name, ...] = Field(
        default=(), description="IDs in 21-PersData of the data that it deletes from services."
    )
    interaction: Literal["simple", "expert"] | None = Field(
        default=None,
        description="simple: a layperson can do it; expert: it takes special tools or knowledge.",
    )


class DelFuncAccess(Strict):
    """How a program starts the deletion."""

    operation: Name | None = None
    confirmed: Request | None = Field(
        default=None, description="A request whose answer confirms the deletion."
    )
    confirmation_pattern: Regex | None = None


class UserDecFacts(Strict):
    """Typed claims of an entry of 26-UserDec."""

    security_relevant: bool | None = None
    topic: Literal["password", "network", "updates", "remote-access", "data-sharing", "other"] | None = None
    options: tuple[Text, ...] = ()
    default: Text | None = None
    recommended: Text | None = None
    mentions: tuple[Text, ...] = Field(default=(), description="Words by which the guidance refers to it.")


class UserDecAccess(Strict):
    """How a program meets the decision."""

    prompt: Request | None = Field(default=None, description="A request whose answer offers the decision.")
    setting: Request | None = Field(
        default=None, description="A request whose answer carries the value chosen."
    )
    option_pattern: Regex | None = None


class UserIntfAccess(Strict):
    """Where a program can enter data."""

    url: Url | None = None
    requests: tuple[Request, ...] = ()


class ExtApiFacts(Strict):
    """Typed claims of an entry of 28-ExtAPI (28-LogIntf)."""

    endpoint: Endpoints = Field(default=(), description="Where it answers: 443/tcp, or a list of such.")
    protocol: Text | None = None
    remote: bool | None = None
    network: bool | None = None
    enabled: bool | None = None
    paths: tuple[Text, ...] = Field(default=(), description="Paths or topics.")
    services: tuple[Text, ...] = Field(
        default=(), description="Discovery names: _http._tcp, upnp:rootdevice ..."
    )
    discloses: tuple[Text, ...] = Field(
        default=(), description="What it reveals without login, as found on the wire."
    )


class ExtApiAccess(Strict):
    """Requests that the interface takes."""

    url: Url | None = None
    host: Text | None = None
    port: Port | None = None
    requests: tuple[Request, ...] = ()


class InputAccess(Strict):
    """One input of the device over HTTP, and what the documents say of the values that it takes."""

    request: Request = Field(description="The request; {input} in its address, headers or body is the input.")
    type: Literal["text", "integer", "number", "boolean", "any"] = Field(
        default="text", description="What a value is; any: nothing is said of it."
    )
    valid: Json = Field(default="", description="A value that is taken; sent first, and again at the end.")
    invalid: tuple[Text, ...] = Field(default=(), description="Texts that the documents exclude.")
    min_length: NonNegativeInt | None = Field(default=None, description="Fewest characters.")
    max_length: PositiveInt | None = Field(default=None, description="Most characters.")
    minimum: float | None = Field(default=None, description="Least number.")
    maximum: float | None = Field(default=None, description="Greatest number.")
    read: Request | None = Field(
        default=None, description="A request whose answer shows the value that is stored."
    )
    pages: tuple[Url, ...] = Field(default=(), description="Pages on which the value is shown.")


class MessageAccess(Strict):
    """A service that does not speak HTTP, and takes messages whose form the method checks."""

    protocol: Literal["mqtt", "coap", "rtsp", "mdns", "ssdp", "raw"] = Field(
        description="What it speaks: MQTT, CoAP, RTSP, multicast DNS, SSDP, or anything else over TCP (raw)."
    )
    port: Port
    host: Text | None = Field(default=None, description="One of access.network.hosts; the first by default.")
    tls: bool = Field(default=False, description="Whether it speaks within TLS.")


class InpValAccess(Strict):
    """How a program feeds the inputs whose values the method checks."""

    inputs: tuple[InputAccess, ...] = Field(default=(), description="Inputs over HTTP.")
    messages: tuple[MessageAccess, ...] = Field(
        default=(), description="Services that are sent malformed messages of their protocol."
    )
    operations: tuple[Name, ...] = Field(
        default=(),
        description="Operations of the bench that feed something unexpected, such as a short press of a button.",
    )
    console: tuple[Name, ...] = Field(
        default=(),
        description="Operations after which the serial console takes lines; odd ones are sent then.",
    )


class InpValFacts(Strict):
    """Typed claims of an entry of 29-InpVal."""

    sources: tuple[Name, ...] = Field(
        default=(), description="IDs in 27-UserIntf, 28 or 11 whose input it validates."
    )
    where: tuple[Literal["device", "app", "browser", "service"], ...] = ()
    rejects: tuple[Literal["type", "length", "range", "encoding", "markup"], ...] = ()
