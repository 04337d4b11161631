"""The order of things on one port: listen, look for TLS, ask, listen again."""

from __future__ import annotations

import ssl
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes import tls
from pytest_etsi.probes._net import connect, receive, send, why
from pytest_etsi.probes.services._model import Challenge
from pytest_etsi.probes.services._registry import ANSWERS, GREETS
from pytest_etsi.probes.services._talk import MAX_ANSWER, Greeting

if TYPE_CHECKING:
    import socket

    from pytest_etsi.probes.services._model import Service
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["run"]

_BANNER_WAIT_S = 0.6
_TLS13_SUITES = (0x1301, 0x1302, 0x1303, 0x1304, 0x1305)


def run(talk: Talk) -> Service:
    """Recognise what answers."""
    try:
        first = connect(talk.host, talk.port, talk.budget())
    except OSError as error:
        return talk.service("closed", note=why(error))
    with closing(first):
        banner, end = receive(first, talk.deadline.within(_BANNER_WAIT_S), limit=MAX_ANSWER)
        if banner:
            service = _by_greeting(talk, Greeting(first, banner))
            if service is not None:
                return service
            talk.first_bytes = banner
        elif end in {"closed", "reset"}:
            talk.notes.append(f"the connection was {end} before anything was sent")
        service = _by_tls(talk) or _by_question(talk)
        if service is not None:
            return service
        # Some daemons look up the peer's name before they greet, or wait for a key to be pressed.
        if not banner and end == "timeout":
            service = _late(talk, first)
            if service is not None:
                return service
    talk.notes.append("not recognised by its banner, nor as TLS or by any question that is known")
    if not talk.first_bytes:
        talk.notes.append("it accepts connections and answers nothing")
    return talk.service("unknown", banner=talk.first_bytes)


def _by_greeting(talk: Talk, greeting: Greeting) -> Service | None:
    return next((found for greets in GREETS if (found := greets(talk, greeting)) is not None), None)


def _by_question(talk: Talk) -> Service | None:
    for answers in ANSWERS:
        if talk.deadline.expired:
            return None
        found = answers(talk)
        if found is not None:
            return found
    return None


def _late(talk: Talk, connection: socket.socket) -> Service | None:
    budget = talk.deadline.within(min(talk.timeout_s, 2.0))
    send(connection, b"\r\n", budget)
    banner, _ = receive(connection, budget, limit=MAX_ANSWER)
    if not banner:
        return None
    talk.first_bytes = talk.first_bytes or banner
    return _by_greeting(talk, Greeting(connection, banner))


def _by_tls(talk: Talk) -> Service | None:
    if talk.deadline.expired:
        return None
    for version in ("TLSv1.2", "TLSv1.3", "TLSv1.0", "SSLv3"):
        answer = tls.hello(
            talk.host,
            talk.port,
            version=version,
            suites=_TLS13_SUITES if version == "TLSv1.3" else (),
            server_name=talk.server_name if talk.server_name != talk.host else None,
            flight=version != "TLSv1.3",
            timeout_s=max(0.1, talk.deadline.left(talk.timeout_s)),
        )
        if answer.kind == "hello":
            break
        if answer.kind != "alert":
            talk.first_bytes = talk.first_bytes or answer.first_bytes
            return None
    return _inside_tls(talk, asks_certificate=answer.client_certificate)


def _inside_tls(talk: Talk, *, asks_certificate: bool) -> Service:
    talk.tls = True
    failure, end, banner = "", "", b""
    service: Service | None = None
    try:
        wrapped = talk.open()
    except (OSError, ValueError) as error:
        failure = why(error)
    else:
        with closing(wrapped):
            try:
                banner, end = receive(wrapped, talk.deadline.within(_BANNER_WAIT_S), limit=MAX_ANSWER)
            except (OSError, ValueError) as error:
                failure = why(error)
            service = _by_greeting(talk, Greeting(wrapped, banner)) if banner else None
        if service is None and end in {"timeout", "enough", "closed", "limit"}:
            service = _by_question(talk)
    if service is not None:
        return _with_certificate(service, asks_certificate)
    if end == "reset":
        failure = "the handshake was refused after the fact"
        asks_certificate = asks_certificate or _refused_for_certificate(talk)
    if failure:
        talk.notes.append(f"speaks TLS, but no session could be set up: {failure}")
    talk.notes.append("what is spoken inside TLS was not recognised")
    return _with_certificate(talk.service("unknown", (), banner or talk.first_bytes), asks_certificate)


def _with_certificate(service: Service, asks: bool) -> Service:
    if not asks:
        return service
    challenge = Challenge("tls-client-certificate", "asked for in the handshake", "key")
    return replace(service, challenges=(challenge, *service.challenges))


def _refused_for_certificate(talk: Talk) -> bool:
    """TLS 1.3 tells only after the handshake that a client certificate was required (RFC 8446, 6.2)."""
    try:
        with closing(talk.open()) as wrapped:
            wrapped.settimeout(max(0.1, talk.deadline.left(talk.timeout_s)))
            wrapped.sendall(b"\r\n")
            wrapped.recv(1)
    except ssl.SSLError as error:
        return any(word in (error.reason or "") for word in ("CERTIFICATE_REQUIRED", "HANDSHAKE_FAILURE"))
    except OSError:
        return False
    return False
