"""HTTP, and what is spoken on top of it: ONVIF, UPnP, TR-069, WebSocket."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import url_host
from pytest_etsi.probes.http.logins import explore
from pytest_etsi.probes.services._model import Challenge, Secret, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_etsi.probes.http.logins import WebChallenge, WebExploration
    from pytest_etsi.probes.services._talk import Greeting, Talk

__all__ = ["answers", "answers_without_status", "greets"]

_DESCRIPTIONS = ("/rootDesc.xml", "/description.xml", "/upnp/desc.xml")
_SOCKETS = ("/ws", "/websocket", "/")
_KEY = base64.b64encode(b"0123456789abcdef").decode()
# RFC 6455, 1.3: the value that only a server that speaks the protocol answers with.
_ACCEPT = base64.b64encode(
    hashlib.sha1(f"{_KEY}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode(), usedforsecurity=False).digest()
)
_ASKS_TIME = (
    '<?xml version="1.0" encoding="utf-8"?><s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body>'
    '<GetSystemDateAndTime xmlns="http://www.onvif.org/ver10/device/wsdl"/></s:Body></s:Envelope>'
)


def greets(talk: Talk, greeting: Greeting) -> Service | None:
    """Recognise a server that answers before it was asked."""
    return answers(talk) if greeting.data.lstrip().startswith(b"HTTP/") else None


def answers(talk: Talk) -> Service | None:
    """Ask for the start page."""
    if not talk.page:
        talk.page = talk.exchange(_get(talk, "/"))
        talk.first_bytes = talk.first_bytes or talk.page
    if re.match(rb"(?i)\s*HTTP/[12](?:\.\d)?[ \t]+\d{3}", talk.page):
        return _service(talk)
    return None


def answers_without_status(talk: Talk) -> Service | None:
    """HTTP/0.9: a page and nothing before it."""
    if not re.match(rb"\s*<(!doctype|html)", talk.page[:200], re.IGNORECASE):
        return None
    talk.notes.append("HTTP/0.9: a page without a status line")
    return _service(talk)


def _get(talk: Talk, path: str, headers: str = "Connection: close\r\n") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: {url_host(talk.server_name)}\r\n{headers}\r\n".encode()


def _service(talk: Talk) -> Service:
    scheme = "https" if talk.tls else "http"
    found = explore(
        f"{scheme}://{url_host(talk.host)}:{talk.port}/",
        max_requests=talk.max_requests,
        timeout_s=talk.timeout_s,
        deadline_s=max(0.1, talk.deadline.left()),
        render=talk.render,
    )
    talk.notes.extend(found.notes)
    head = re.split(rb"\r?\n\r?\n", talk.page, maxsplit=1)[0]
    server = re.search(rb"(?im)^server:\s*(.*?)\r?$", head)
    banner = head.split(b"\r\n")[0] + (b"; Server: " + server[1] if server else b"")
    challenges = tuple(_challenge(item) for item in found.challenges)
    above = () if found.trouble else tuple(_spoken_above(talk, found, server[1] if server else b""))
    service = talk.service(scheme, challenges, banner, complete=found.complete, speaks=above)
    return replace(service, unread=not found.complete)


def _spoken_above(talk: Talk, found: WebExploration, server: bytes) -> Iterator[str]:
    # A device that said what it speaks needs no further question; each is asked at most once.
    envelope = (
        f"POST /onvif/device_service HTTP/1.1\r\nHost: {url_host(talk.server_name)}\r\nConnection: close\r\n"
        f"Content-Type: application/soap+xml; charset=utf-8\r\nContent-Length: {len(_ASKS_TIME)}\r\n\r\n{_ASKS_TIME}"
    ).encode()
    answer = talk.exchange(envelope, _whole)
    if b"GetSystemDateAndTimeResponse" in answer and b"www.onvif.org/ver10/device/wsdl" in answer:
        yield "onvif"
    asked = _each(talk, _DESCRIPTIONS, found, enough=_whole)
    if b"UPnP/" in server or any(b"urn:schemas-upnp-org:device-1-0" in answer for answer in asked):
        yield "upnp"
    said = b" ".join([server, *(one.detail.encode() for one in found.challenges)])
    if re.search(rb"(?i)tr-?069|cwmp|connection[ _-]?request", said):
        yield "tr-069"
    upgrade = f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {_KEY}\r\n"
    for answer in _each(talk, _SOCKETS, found, upgrade):
        if answer.startswith(b"HTTP/1.1 101") and _ACCEPT in answer:
            yield "websocket"
            return


def _each(
    talk: Talk,
    paths: tuple[str, ...],
    found: WebExploration,
    headers: str = "Connection: close\r\n",
    *,
    enough: Callable[[bytes], bool] | None = None,
) -> Iterator[bytes]:
    """The answers of some paths; a device that asks for credentials everywhere may count each, so one is enough."""
    for path in paths:
        request = _get(talk, path, headers)
        answer = talk.exchange(request, enough) if enough else talk.exchange(request)
        yield answer
        if found.refuses_everything and re.match(rb"HTTP/1\.\d 401", answer):
            return


def _whole(seen: bytes) -> bool:
    """Whether an answer is there as far as it matters: the body only of a success, and no more than 64 KiB of it."""
    head, end, body = seen.partition(b"\r\n\r\n")
    if not end:
        return len(seen) > 65536
    length = re.search(rb"(?im)^content-length:\s*(\d{1,9})\s*$", head)
    if not re.match(rb"HTTP/1\.\d 200", head):
        return True
    return len(body) >= (min(int(length[1]), 65536) if length else 65536)


def _challenge(found: WebChallenge) -> Challenge:
    secrets: dict[str, Secret] = {
        "form": "password",
        "basic": "password",
        "digest": "password",
        "bearer": "token",
    }
    return Challenge(found.kind, found.detail, secrets.get(found.kind, "unknown"))
