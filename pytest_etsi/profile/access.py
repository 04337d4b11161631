"""How a program reaches the device: hosts, serial line, cloud service and operations."""

from __future__ import annotations

import datetime
import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from pytest_etsi.profile._handed import HandedUrl
from pytest_etsi.profile._types import (
    AuthMechName,
    Body,
    FileOrFolder,
    FilePath,
    Form,
    Headers,
    HttpMethod,
    Name,
    NonNegativeFloat,
    OperationName,
    Port,
    PositiveInt,
    Regex,
    Strict,
    Text,
    Url,
)
from pytest_etsi.profile.bench import Equipment, LabgridEquipment, PowerAccess
from pytest_etsi.profile.labgrid import LABGRID, LabgridAccess
from pytest_etsi.profile.operations import Operation

__all__ = [
    "Access",
    "CaptureFileAccess",
    "CloudAccess",
    "FoundInterface",
    "IdentityAccess",
    "ImageAccess",
    "InventoryAccess",
    "LiveCaptureAccess",
    "NetworkAccess",
    "SerialAccess",
    "UplinkAccess",
]


def _ports(text: str) -> str:
    if text.strip().lower() == "all":
        return "all"
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?\s*", part)
        if match is None or not 1 <= int(match[1]) <= int(match[2] or match[1]) <= 65535:
            raise PydanticCustomError(
                "etsi_ports", 'expected "all" or ports such as 1-1024,8443, got "{got}"', {"got": text}
            )
    return text.replace(" ", "")


def _host(text: str) -> str:
    if not re.fullmatch(r"[0-9A-Za-z._:%-]+", text):
        raise PydanticCustomError("etsi_host", 'expected an address or host name, got "{got}"', {"got": text})
    return text


def _serial_url(text: str) -> str:
    if not text or any(character.isspace() for character in text):
        raise PydanticCustomError(
            "etsi_serial_url", 'expected a device file or a pyserial URL, got "{got}"', {"got": text}
        )
    return text


Host = Annotated[
    str, AfterValidator(_host), Field(json_schema_extra={"x-expected": "an address or host name"})
]
PortRanges = Annotated[
    str, AfterValidator(_ports), Field(json_schema_extra={"x-expected": "all, or 1-1024,8443"})
]


class CaptureFileAccess(Strict):
    """A capture that was recorded beforehand."""

    file: FilePath = Field(description="File in the format pcap or pcapng.")
    during: Literal["normal", "initialization", "update", "outage", "failed-boot"] = Field(
        default="normal", description="What the device did meanwhile."
    )
    hosts: tuple[Host, ...] = Field(
        default=(), description="Addresses of the device in it, where they are other than network.hosts."
    )


class LiveCaptureAccess(Strict):
    """A recorder of packets on an interface through which the device's traffic goes."""

    kind: Literal["dumpcap", "tcpdump", "ssh"] = Field(
        description="Program on this machine, or tcpdump on another one (an access point) by ssh."
    )
    interface: Name = Field(description="Interface of the machine that records: eth1, br-lan ...")
    host: Text | None = Field(
        default=None, description="For ssh: the other machine, as ssh takes it (user@192.0.2.1)."
    )
    filter: Text = Field(
        default="", description="Capture filter: host 192.0.2.7. With ssh, leave ssh itself out."
    )

    @model_validator(mode="after")
    def _host_goes_with_ssh(self) -> LiveCaptureAccess:
        if (self.kind == "ssh") != (self.host is not None):
            raise PydanticCustomError("etsi_capture_host", "expected host with kind ssh, and only there", {})
        if (self.host or "").startswith("-") or self.interface.startswith("-"):
            raise PydanticCustomError("etsi_capture_dash", "host and interface cannot begin with a dash", {})
        return self


class NetworkAccess(Strict):
    """The network side of the device; `hosts` are the only addresses that are ever touched, but for `other_devices`."""

    hosts: tuple[Host, ...] = Field(min_length=1, description="Addresses or names of the device.")
    ports: PortRanges = Field(
        default="all", description='Which ports belong to the device: all, or "1-1024,8443".'
    )
    ports_because: Text | None = Field(
        default=None, description="Why no other port belongs to the device; required with anything but all."
    )
    other_devices: tuple[Host, ...] = Field(
        default=(),
        description="Further devices of the same kind. At the ports where this one shows certificates (TLS) or host "
        "keys (SSH), theirs are read too: no two may share a key. Nothing else is sent to them.",
    )
    documents_hosts: tuple[Host, ...] = Field(
        default=(), description="Hosts, or host:port, from which published documents may be fetched."
    )
    ca: FilePath | None = Field(default=None, description="Certificates (PEM) to trust on TLS connections.")
    source_addresses: tuple[Host, ...] = Field(
        default=(), description="Local addresses, beside the usual one, from which the device can be reached."
    )
    rate: NonNegativeFloat = Field(
        default=0.0,
        description="Most ports asked per second; 0: the default, 1,000 (no limit for this machine itself).",
    )
    answer_s: NonNegativeFloat = Field(
        default=0.0,
        description="Seconds that the device may take for the key exchange of a TLS connection; 0: as it shows.",
    )
    render: bool = Field(
        default=False,
        description="Whether pages that scripts draw, and in which no login was found, are drawn in Chromium of this "
        "machine. Their scripts then run, and reach nothing but the device.",
    )
    capture: LiveCaptureAccess | None = Field(
        default=None, description="How the device's traffic is recorded while the assessment runs."
    )

    @model_validator(mode="after")
    def _restriction_has_a_reason(self) -> NetworkAccess:
        if self.ports != "all" and not (self.ports_because or "").strip():
            raise PydanticCustomError(
                "etsi_ports_because",
                "ports_because is missing: say why no other port belongs to the device",
                {},
            )
        return self

    def port_ranges(self) -> tuple[tuple[int, int], ...]:
        """The device's ports as inclusive ranges, (1, 65535) for all."""
        if self.ports == "all":
            return ((1, 65535),)
        parts = (part.partition("-") for part in self.ports.split(","))
        return tuple((int(low), int(high or low)) for low, _, high in parts)


class SerialAccess(Strict):
    """The serial console."""

    url: Annotated[str, AfterValidator(_serial_url), AfterValidator(HandedUrl)] = Field(
        description="/dev/serial/by-id/..., /dev/ttyUSB0, socket://host:port, rfc2217://host:port, loop:// or labgrid://."
    )
    baudrate: PositiveInt = Field(default=115200, description="Symbols per second.")
    speeds: tuple[PositiveInt, ...] = Field(
        default=(), description="Further speeds, beside the usual ones, at which the device may speak."
    )
    dtr: bool | None = Field(
        default=False,
        description="State of DTR, set before the line is opened. Some USB devices are mute without it; null: as the "
        "system does.",
    )
    rts: bool | None = Field(
        default=False,
        description="State of RTS, likewise. Asserted wires hold many boards in reset.",
    )
    exclusive: bool = Field(default=True, description="Refuse to share the line with another program.")
    line_end: Literal["cr", "lf", "crlf"] = Field(
        default="cr",
        description="What ends a line that is typed: cr is what the Enter key of a terminal sends.",
    )
    pace_s: NonNegativeFloat = Field(
        default=0.0, description="Seconds between two characters typed; 0.02 for consoles that lose them."
    )
    reopen_s: NonNegativeFloat = Field(
        default=10.0, description="Seconds within which a line that goes away may come back."
    )
    answer_s: NonNegativeFloat = Field(default=0.5, description="Seconds that an answer may take.")
    starts: PositiveInt = Field(default=8, description="How often a survey may switch the device off and on.")
    on_s: NonNegativeFloat = Field(
        default=15.0,
        description="Seconds for which it stays on before the next start; quick ones in a row erase some devices.",
    )
    emulated: bool = Field(
        default=False,
        description="Whether an emulator is at the other end, so that speeds, DTR and RTS mean nothing.",
    )
    wired: Text | None = Field(
        default=None,
        description="How it was seen that the wires reach the interface where the device says nothing at all: a loose "
        "wire is as silent as an interface that is disabled.",
    )
    boot_s: NonNegativeFloat = Field(
        default=60.0,
        description="Seconds from power to the end of the start at most; nothing is typed before the line was quiet "
        "for so long.",
    )


class CloudAccess(Strict):
    """The associated service."""

    url: Url = Field(description="Base address.")
    ca: FilePath | None = Field(default=None, description="Certificates (PEM) to trust.")
    headers: Headers = Field(default_factory=dict, repr=False, description="Sent with every request.")


_DutName = Literal["manufacturer", "model", "hardware", "software", "serial", "mac", "ssid"]
"""What is told under ``dut`` of a profile and may be compared."""


class IdentityAccess(Strict):
    """How to tell, before anything intrusive, that this is the device that the profile describes."""

    url: Url | None = Field(
        None, description="Where the device says who it is, or any https URL of it for tls_sha256."
    )
    method: HttpMethod = Field("GET", description="Method of that request.")
    json_body: Body = Field(default=None, alias="json", description="JSON body of that request.")
    form: Form | None = Field(default=None, description="Form body of that request.")
    headers: Headers = Field(default_factory=dict, description="Headers of that request.")
    session_of: AuthMechName | None = Field(
        None, description="ID of the 1-AuthMech entry in whose session it is asked."
    )
    fields: dict[_DutName, Text] = Field(
        default_factory=dict,
        description="What is compared: name under dut -> key of the JSON answer; keys in keys, and numbers of list "
        "elements from 0, are joined by dots: device.info.0.serial.",
    )
    patterns: dict[_DutName, Regex] = Field(
        default_factory=dict,
        description="What is compared: name under dut -> regular expression over the answer's status, headers and "
        "body, line by line ('Name: value', an empty line, the body), whatever the status; its first group is the "
        "value.",
    )
    tls_sha256: Text | None = Field(None, description="SHA-256 of the device's TLS certificate, in hex.")
    ssh_sha256: Text | None = Field(None, description="SHA-256 of the device's SSH host key, in hex.")
    ssh_port: Port = Field(22, description="Port for ssh_sha256.")

    @model_validator(mode="after")
    def _something_is_compared(self) -> IdentityAccess:
        by_answer = self.fields or self.patterns
        if not by_answer and self.tls_sha256 is None and self.ssh_sha256 is None:
            raise PydanticCustomError(
                "identity",
                "expected fields, patterns, tls_sha256 or ssh_sha256, so that something is compared",
                {},
            )
        if self.url is None and (by_answer or self.ssh_sha256 is None):
            raise PydanticCustomError("identity_url", "url is missing", {})
        ungrouped = sorted(name for name, pattern in self.patterns.items() if not re.compile(pattern).groups)
        if ungrouped:
            raise PydanticCustomError(
                "etsi_identity_pattern",
                "the pattern of {name} has no group (...) that says which part is compared",
                {"name": ungrouped[0]},
            )
        return self


class UplinkAccess(Strict):
    """The gateway of the laboratory, through which the device reaches the internet."""

    listen: Host = Field(
        default="127.0.0.1", description="Address of this machine at which the gateway reaches it."
    )
    lead_to: OperationName | None = Field(
        default=None,
        description="Operation that leads the device's connections to {peer_host} port {peer_port} (a peer of "
        "11-ComMech) to {host} port {port} instead.",
    )
    cut: OperationName | None = Field(
        default=None, description="Operation that cuts the device off from the internet, and nothing else."
    )
    restore: OperationName | None = Field(
        default=None, description="Operation that undoes the other two; required with either."
    )
    capture: Url | None = Field(
        default=None,
        description="Address, on one of bench_hosts, of a capture file (pcap) that grows while it is read.",
    )
    capture_headers: Headers = Field(
        default_factory=dict, repr=False, description="Sent with the request for it."
    )
    watch_s: NonNegativeFloat = Field(
        default=600.0,
        description="Longest time for which the device's new attempts are watched while it is cut off.",
    )
    watch_attempts: PositiveInt = Field(
        default=20,
        description="Number of attempts of one mechanism after which that ends; at least 5 are needed.",
    )

    @model_validator(mode="after")
    def _what_is_done_can_be_undone(self) -> UplinkAccess:
        if (self.lead_to or self.cut) and not self.restore:
            raise PydanticCustomError(
                "etsi_restore", "restore is missing: the operation that undoes the others", {}
            )
        return self


class FoundInterface(Strict):
    """Something that a person has found on the closed device."""

    what: Text = Field(description="What it is, and where.")
    interface: Name | None = Field(
        default=None, description="ID of the entry of 15-Intf that it is; none: there is no such entry."
    )
    reached: bool = Field(
        default=True, description="Whether it can be reached without opening or breaking the casing."
    )


class InventoryAccess(Strict):
    """What a person has found who examined the closed device; it is compared with 15-Intf."""

    by: Text = Field(description="Who has looked.")
    date: datetime.date = Field(description="Day on which.")
    whole: bool = Field(
        default=False,
        description="Whether all sides were looked at, under caps, labels and feet, and with a receiver for radios.",
    )
    found: tuple[FoundInterface, ...] = ()


class ImageAccess(Strict):
    """Software of the device as it is delivered, to be searched for secrets; nothing of it is run."""

    path: FileOrFolder = Field(
        description="A firmware image or an update package, or a folder with the file system of one."
    )


class Access(Strict):
    """How a program reaches the device; whatever is left out is not accessible."""

    network: NetworkAccess | None = None
    serial: SerialAccess | None = None
    cloud: CloudAccess | None = None
    samples: FilePath | None = Field(
        default=None,
        description="CSV file of factory passwords with columns serial, mac, password and any other.",
    )
    identity: IdentityAccess | None = Field(default=None, description="How to tell that this is the device.")
    bench_hosts: tuple[Host, ...] = Field(
        default=(), description="Hosts, or host:port, of bench equipment that operations may talk to."
    )
    bench: dict[Name, Equipment] = Field(
        default_factory=dict, description="Equipment of the bench by name, for operations of the kind bench."
    )
    labgrid: LabgridAccess | None = Field(
        default=None, description="The place of labgrid that the device hangs on."
    )
    power: PowerAccess = Field(
        default_factory=PowerAccess, description="What the device stands of cuts of its power."
    )
    operations: dict[Name, Operation] = Field(default_factory=dict, description="Name -> how it is done.")
    uplink: UplinkAccess | None = Field(
        default=None, description="The gateway between the device and the internet."
    )
    inventory: InventoryAccess | None = Field(
        default=None, description="Interfaces that a person has found on the closed device."
    )
    attached: OperationName | None = Field(
        default=None,
        description="Operation that gives, one a line, what responds at the cables and receivers of the bench.",
    )
    beacon: Regex | None = Field(
        default=None,
        description="Regular expression for a transmitter of the laboratory, which the answers to access.scan of "
        "15-Intf have to show: a receiver that does not hear it hears no device either.",
    )
    images: tuple[ImageAccess, ...] = Field(
        default=(), description="Firmware images of the assessed version, or unpacked file systems."
    )
    captures: tuple[CaptureFileAccess, ...] = Field(
        default=(), description="Captures of the device's traffic that were recorded beforehand."
    )

    @model_validator(mode="after")
    def _labgrid_is_told(self) -> Access:
        wanted = [f"bench.{name}" for name, one in self.bench.items() if isinstance(one, LabgridEquipment)]
        if self.serial is not None and self.serial.url.startswith(LABGRID):
            wanted.append("serial.url")
        if self.labgrid is None and wanted:
            raise PydanticCustomError(
                "etsi_labgrid_missing",
                "{wanted} needs labgrid: the place that it belongs to",
                {"wanted": wanted[0]},
            )
        return self
