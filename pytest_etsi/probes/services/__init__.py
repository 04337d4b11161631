"""Which service answers on a port, and how it asks for credentials.

A service is recognised by what it says, not by its port number. Nothing that could count as an attempt to log in is
sent: no password, no key, no form. Each protocol has a small recogniser of its own, listed in `_registry`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.http.visits import MOST_REQUESTS
from pytest_etsi.probes.services._identify import run
from pytest_etsi.probes.services._model import Challenge, Secret, Service, product_of
from pytest_etsi.probes.services._talk import MAX_CONNECTIONS, UNKNOWN_USER, Talk
from pytest_etsi.probes.services._udp import identify_snmp, identify_udp

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_etsi.probes.http.rendering import Renderer

__all__ = [
    "MOST_QUESTIONS",
    "Challenge",
    "Secret",
    "Service",
    "identify",
    "identify_snmp",
    "identify_udp",
    "product_of",
]

_MAX_USERS = 8
_HELLOS = 4
MOST_QUESTIONS = MAX_CONNECTIONS + MOST_REQUESTS["logins"] + _MAX_USERS + _HELLOS
"""What one port is asked at most: connections of its own, pages of a web server, users of SSH, hellos of TLS."""


def identify(
    host: str,
    port: int,
    *,
    timeout_s: float = bounds.SERVICES.step_s,
    deadline_s: float = bounds.SERVICES.whole_s,
    ca: str | Path | None = None,
    server_name: str | None = None,
    max_requests: int = MOST_REQUESTS["logins"],
    usernames: Iterable[str] = (),
    render: Renderer | None = None,
) -> Service:
    """Recognise the service on a TCP port and find how it asks for credentials.

    Args:
        host: name or address.
        port: TCP port.
        timeout_s: seconds to wait for one answer.
        deadline_s: seconds for all of it.
        ca: not needed for recognising: certificates are not verified here. Accepted for symmetry with other
            probes.
        server_name: name for TLS and the Host header; by default the host.
        max_requests: HTTP requests at most.
        usernames: users whom a server that offers each of them other ways to log in (SSH) is asked about,
            beside one that it does not know.
        render: draws a page whose scripts show no login; None: that is not wished.
    """
    del ca
    users = tuple(dict.fromkeys((UNKNOWN_USER, *usernames)))[:_MAX_USERS]
    return run(
        Talk(host, port, timeout_s, Deadline(deadline_s), server_name or host, max_requests, users, render)
    )
