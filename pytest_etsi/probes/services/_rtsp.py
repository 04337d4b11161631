"""RTSP, by the status line of its answers (RFC 2326, RFC 7826)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import url_host
from pytest_etsi.probes.http.logins import parse_www_authenticate
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.rtsp import USUAL_PATHS
from pytest_etsi.probes.services._model import Challenge, Service

if TYPE_CHECKING:
    from pytest_etsi.probes.services._talk import Talk

__all__ = ["answers"]


def answers(talk: Talk) -> Service | None:
    """Ask for the options, then for descriptions of usual streams."""
    url = f"rtsp://{url_host(talk.server_name)}:{talk.port}/"
    answer = talk.page
    if not answer.startswith(b"RTSP/"):
        answer = talk.exchange(f"OPTIONS {url} RTSP/1.0\r\nCSeq: 1\r\n\r\n".encode())
    if not answer.startswith(b"RTSP/"):
        return None
    challenges: dict[tuple[str, str], Challenge] = {}
    for number, path in enumerate(USUAL_PATHS, 1):
        if talk.deadline.expired:
            break
        request = f"DESCRIBE {url}{path} RTSP/1.0\r\nCSeq: {number}\r\nAccept: application/sdp\r\n\r\n"
        reply = talk.exchange(request.encode())
        if re.match(rb"RTSP/[12]\.\d 401", reply):
            header = re.findall(rb"(?im)^www-authenticate:\s*(.*?)\r?$", reply)
            schemes = parse_www_authenticate([item.decode("latin-1") for item in header])
            for scheme, parameters in schemes or [("unknown", {})]:
                realm = printable(parameters.get("realm", ""), 80)
                challenge = Challenge(f"rtsp-{scheme}", f"/{path} realm={realm!r}", "password")
                challenges.setdefault((scheme, realm), challenge)
            break
        if re.match(rb"RTSP/[12]\.\d 200", reply):
            talk.notes.append(f"RTSP: /{path} is described without credentials")
            break
    server = re.search(rb"(?im)^server:\s*(.*?)\r?$", answer)
    banner = answer.split(b"\r\n")[0] + (b"; Server: " + server[1] if server else b"")
    return talk.service("rtsp", tuple(challenges.values()), banner)
