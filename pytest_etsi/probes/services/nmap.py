"""A second opinion on which service answers: nmap, where it is installed and wished."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes._xml import XmlError, tags
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.probes.services import Service

__all__ = ["NmapObservation", "NmapPort", "disagreements", "find_nmap", "parse_nmap", "second_opinion"]

_MAX_PORTS = 200
_ALIASES = {"https": "http", "http-alt": "http", "http-proxy": "http", "ssl/http": "http", "upnp": "http",
            "secure-mqtt": "mqtt", "mqtts": "mqtt", "ftps": "ftp", "rtsps": "rtsp", "imaps": "imap", "pop3s": "pop3",
            "smtps": "smtp", "submission": "smtp", "mbap": "modbus", "http2": "http"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class NmapPort(Observation):
    """What nmap says of one port: name of the service, whether inside TLS, product and version.

    Attributes:
        probed: the service answered to nmap; otherwise the name comes from the port number and says nothing.
    """

    port: int
    name: str
    tls: bool = False
    product: str = ""
    version: str = ""
    probed: bool = False


@dataclass(frozen=True, slots=True)
class NmapObservation(Observation):
    """One run of nmap.

    Attributes:
        host: as asked for.
        version: of nmap.
        command: as it was run.
        ports: what it says of each.
        output: its XML, as it came.
        error: why there is no opinion, or not a whole one.
        duration_s: seconds.
    """

    host: str
    version: str = ""
    command: str = ""
    ports: tuple[NmapPort, ...] = ()
    output: str = ""
    error: str = ""
    duration_s: float = 0.0


def find_nmap() -> str | None:
    """Path of nmap; None: it is not installed."""
    return shutil.which("nmap")


def second_opinion(
    host: str, ports: Iterable[int], *, deadline_s: float = bounds.NMAP.whole_s
) -> NmapObservation:
    """Let nmap recognise the services on open TCP ports of one host; nothing else is scanned.

    Args:
        host: name or address.
        ports: open TCP ports.
        deadline_s: seconds for all of it.
    """
    clock = Deadline(deadline_s)
    chosen = sorted(set(ports))[:_MAX_PORTS]
    path = find_nmap()
    if path is None:
        return NmapObservation(host, error="nmap is not installed")
    if not chosen:
        return NmapObservation(host)
    if host.startswith("-"):
        return NmapObservation(host, error="not the name of a host")
    command = [
        path,
        "-oX",
        "-",
        "-sT",
        "-sV",
        "--version-light",
        "-Pn",
        "-n",
        "-p",
        ",".join(map(str, chosen)),
    ]
    command += ["--host-timeout", f"{max(1, int(deadline_s))}s", *(["-6"] if ":" in host else []), host]
    shown = " ".join(["nmap", *command[1:]])
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=deadline_s + 5, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return NmapObservation(host, command=shown, error=f"{type(error).__name__}", duration_s=clock.elapsed)
    try:
        version, found = parse_nmap(done.stdout)
    except XmlError as error:
        said = printable(done.stderr, 200)
        return NmapObservation(host, command=shown, error=f"{error}: {said}", duration_s=clock.elapsed)
    missing = set(chosen) - {one.port for one in found}
    open_question = f"no opinion on {', '.join(map(str, sorted(missing)))}" if missing else ""
    return NmapObservation(
        host, version, shown, found, printable(done.stdout, 20000, lines=True), open_question, clock.elapsed
    )


def parse_nmap(output: bytes) -> tuple[str, tuple[NmapPort, ...]]:
    """Version of nmap, and what it says of each open TCP port.

    Raises:
        XmlError: the output is not what nmap writes.
    """
    version, port, is_open = "", 0, False
    found: list[NmapPort] = []
    for name, values in tags(output):
        if name == "nmaprun":
            version = printable(values.get("version", ""), 40)
        elif name == "port":
            number = values.get("portid", "")
            port = int(number) if re.fullmatch(r"\d{1,5}", number) and values.get("protocol") == "tcp" else 0
            is_open = False
        elif name == "state":
            is_open = values.get("state") == "open"
            if port and is_open:
                found.append(NmapPort(port, ""))
        elif name == "service" and port and is_open and found:
            found[-1] = NmapPort(
                port,
                printable(values.get("name", ""), 60),
                values.get("tunnel") == "ssl",
                printable(values.get("product", ""), 100),
                printable(values.get("version", ""), 60),
                values.get("method") == "probed",
            )
    if not version:
        raise XmlError("not the output of nmap")
    return version, tuple(found)


def disagreements(services: Iterable[Service], opinions: Iterable[NmapObservation]) -> tuple[str, ...]:
    """Where both recognised a service and name different ones, or see TLS differently; one sentence each."""
    said = {
        (one.host, port.port): port for one in opinions for port in one.ports if port.probed and port.name
    }
    found = []
    for service in services:
        other = said.get((service.host, service.port)) if service.protocol == "tcp" else None
        if other is None or other.name == "tcpwrapped":
            continue
        theirs = _ALIASES.get(other.name, other.name)
        ours = _ALIASES.get(service.kind, service.kind)
        if not service.identified:
            found.append(f"tcp/{service.port}: not recognised here, {other.name} by nmap")
        elif ours != theirs:
            found.append(f"tcp/{service.port}: {service.kind} here, {other.name} by nmap")
        elif other.tls != service.tls and not other.name.endswith("s"):
            found.append(f"tcp/{service.port}: TLS is seen by {'nmap' if other.tls else 'us'} alone")
    return tuple(found)
