"""The order of things on one port: listen, look for TLS, ask, listen again."""

from __future__ import annotations

import re
import ssl
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes import tls
from pytest_etsi.probes._net import connect, receive, send, url_host, why
from pytest_etsi.probes.services._model import Challenge
from pytest_etsi.probes.services._registry import ANSWERS, ANSWERS_BYTES, GREETS
from pytest_etsi.probes.services._talk import MAX_ANSWER, Greeting, is_text

if TYPE_CHECKING:
    import socket

    from pytest_etsi.probes.services._model import Service
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["run"]

_BANNER_WAIT_S = 0.6
_HANDSHAKES = 3
"""How many answers' time a hello is given: a microcontroller computes for seconds before it answers."""
_USUALLY_TLS = frozenset({443, 465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 5061, 5671, 8443, 8883})
"""Ports that the registry of service names (IANA) gives to TLS: there a hello is what is expected."""
_START_PAGE = b"GET / HTTP/1.1\r\nHost: %b\r\nConnection: close\r\n\r\n"
_IN_CLEAR = re.compile(
    rb"HTTP/1\.\d (?:400|426|497|30[1278](?=.*^location:\s*https:))",
    re.DOTALL | re.MULTILINE | re.IGNORECASE,
)
"""How web servers that expect TLS answer a request in clear."""
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
                return _greets_again(talk, service)
            talk.first_bytes = banner
            talk.text = is_text(banner)
        elif end in {"closed", "reset"}:
            talk.notes.append(f"the connection was {end} before anything was sent")
        held = _make_room(talk, first)
        service = _by_questions(talk)
        if service is not None:
            return service
        # Some daemons look up the peer's name before they greet, or wait for a key to be pressed.
        if not banner and end == "timeout" and held:
            service = _late(talk, first)
            if service is not None:
                return service
    talk.notes.append("not recognised by its banner, nor as TLS or by any question that is known")
    if talk.text:
        talk.notes.append("it speaks in text, so that nothing was sent that text protocols forbid")
    if not talk.first_bytes:
        talk.notes.append("it accepts connections and answers nothing")
    return talk.service("unknown", banner=talk.first_bytes)


def _make_room(talk: Talk, first: socket.socket) -> bool:
    """Whether the device takes a second connection beside the first, which otherwise is closed."""
    try:
        connect(talk.host, talk.port, talk.budget()).close()
    except OSError:
        first.close()
        began = time.monotonic()
        if talk.accepts():
            talk.pause_s = 1.5 * (time.monotonic() - began)
            talk.notes.append("it takes one connection at a time")
        return False
    return True


def _greets_again(talk: Talk, service: Service) -> Service:
    """The service, which was not examined to the end if it does not greet any more."""
    try:
        talk.ready()
        with closing(connect(talk.host, talk.port, talk.budget())) as again:
            if receive(again, talk.budget(), limit=MAX_ANSWER)[0]:
                return service
            note = "it greeted at first, and not any more after it had been asked"
    except OSError as error:
        note = f"it accepted at first, and not any more after it had been asked: {why(error)}"
    return replace(service, complete=False, note="; ".join(filter(None, (service.note, note))))


def _by_greeting(talk: Talk, greeting: Greeting) -> Service | None:
    return next((found for greets in GREETS if (found := greets(talk, greeting)) is not None), None)


def _by_questions(talk: Talk) -> Service | None:
    """Ask in text first, unless the port is one of TLS; a service that answers in text is asked nothing else."""
    if not (talk.text or talk.port in _USUALLY_TLS):
        talk.page = talk.exchange(_START_PAGE % url_host(talk.server_name).encode())
        talk.first_bytes = talk.first_bytes or talk.page
        talk.text = _speaks_text(talk.page)
        if _dead(talk):
            return talk.service("unknown", banner=talk.first_bytes, complete=False)
    service = None if talk.text else _by_tls(talk)
    return service or _by_question(talk)


def _speaks_text(page: bytes) -> bool:
    """Whether a request in text was answered in text, and not by a web server that expects TLS."""
    return (is_text(page) or page.startswith(b"HTTP/")) and not _IN_CLEAR.match(page)


def _by_question(talk: Talk) -> Service | None:
    for answers in ANSWERS if talk.text else (*ANSWERS, *ANSWERS_BYTES):
        if talk.deadline.expired:
            return None
        asked = len(talk.questions)
        found = answers(talk)
        if found is not None:
            return found
        if len(talk.questions) > asked and _dead(talk):
            return talk.service("unknown", banner=talk.first_bytes, complete=False)
    return None


def _dead(talk: Talk) -> bool:
    """Whether the port does not accept any more: what was asked last is the question that it did not survive."""
    if talk.accepts() or talk.deadline.expired:
        return False
    last = f"asked: {talk.questions[-1]}" if talk.questions else "connected to"
    talk.notes.append(f"it does not accept any more since it was {last}")
    return True


def _late(talk: Talk, connection: socket.socket) -> Service | None:
    budget = talk.deadline.within(min(talk.timeout_s, 2.0))
    talk.asks("an empty line")
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
        talk.ready()
        talk.asks(f"TLS hello of {version}")
        answer = tls.hello(
            talk.host,
            talk.port,
            version=version,
            suites=_TLS13_SUITES if version == "TLSv1.3" else (),
            server_name=talk.server_name if talk.server_name != talk.host else None,
            flight=version != "TLSv1.3",
            timeout_s=max(0.1, talk.deadline.left(_HANDSHAKES * talk.timeout_s)),
        )
        if answer.kind == "hello":
            break
        if answer.kind != "alert":
            talk.first_bytes = talk.first_bytes or answer.first_bytes
            if _dead(talk):
                return talk.service("unknown", banner=talk.first_bytes, complete=False)
            return None
    return _inside_tls(talk, asks_certificate=answer.client_certificate)


def _inside_tls(talk: Talk, *, asks_certificate: bool) -> Service:
    talk.tls = True
    talk.page = talk.first_bytes = b""
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
