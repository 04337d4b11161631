"""What is known of a service, and of the ways in which it asks for credentials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pytest_etsi.probes.observation import Observation

__all__ = ["Challenge", "Secret", "Service", "product_of"]

Secret = Literal["password", "key", "token", "unknown"]


@dataclass(frozen=True, slots=True)
class Challenge(Observation):
    """One way in which a service asks for credentials.

    Attributes:
        kind: "form", "basic", "digest", "bearer", "api", "ssh-password", "ssh-publickey", "login-prompt",
            "mqtt", "rtsp-basic", "rtsp-digest", "ftp", "vnc", "snmp-v3", "tls-client-certificate" ...
        detail: realm, form action, path, prompt.
        secret: what is asked for, as far as it can be seen.
    """

    kind: str
    detail: str
    secret: Secret = "unknown"  # noqa: S105 - a kind of secret


@dataclass(frozen=True, slots=True)
class Service(Observation):
    """What answers on a port.

    Attributes:
        host: as asked for.
        port: as asked for.
        protocol: "tcp" or "udp".
        tls: the service speaks TLS.
        kind: "http", "https", "ssh", "telnet", "ftp", "mqtt", "rtsp", "vnc", "smtp", "snmp", ...; "unknown"
            when it answers (or accepts and stays silent) but was not recognised; "closed" when there is
            nothing to talk to.
        challenges: the ways in which it asks for credentials.
        banner: what it said first, printable.
        starttls: it offers to change to TLS in the middle of a connection.
        speaks: what is spoken on top of HTTP: "onvif", "upnp", "tr-069", "websocket".
        product: the software that it says it is, and
        version: of which version; empty where it says neither.
        note: what else there is to know.
        complete: the examination came to its end within its time.
        unread: its pages were not all read: what is spoken is known, and what they ask for may not be.
        questions: what it was asked, in this order; the pages of a web server are asked for besides.
        duration_s: seconds.
    """

    host: str
    port: int
    protocol: Literal["tcp", "udp"] = "tcp"
    tls: bool = False
    kind: str = "unknown"
    challenges: tuple[Challenge, ...] = ()
    banner: str = ""
    note: str = ""
    complete: bool = True
    unread: bool = False
    starttls: bool = False
    speaks: tuple[str, ...] = ()
    product: str = ""
    version: str = ""
    questions: tuple[str, ...] = ()
    duration_s: float = 0.0

    @property
    def identified(self) -> bool:
        """Whether the service was recognised."""
        return self.kind not in {"unknown", "closed"}


_PROTOCOL = re.compile(r"(?i)\b(?:HTTP|RTSP|SSH|UPnP|DLNADOC|TLS|SSL|RFB|IMAP)[/ -]?v?\d(?:\.\d+)+[ -]?")
_PRODUCT = re.compile(r"([A-Za-z][A-Za-z0-9+-]*(?:_[A-Za-z]+)*)(?:[/_-]v?|\s+v?(?=\d+\.))(\d[\w.+~-]*)")


def product_of(text: str) -> tuple[str, str]:
    """Name and version of the software that a banner names first; empty where it names none."""
    found = _PRODUCT.search(_PROTOCOL.sub(" ", text))
    return (found[1], found[2].rstrip(".-")) if found else ("", "")
