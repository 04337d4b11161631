"""RTSP: whether a stream is described, without credentials or with them (RFC 2326, RFC 7826; digest by RFC 7616)."""

from __future__ import annotations

import re
import time
from base64 import b64encode
from contextlib import closing
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, receive, send, url_host, why
from pytest_etsi.probes.http.digest import digest_answer, digest_challenge
from pytest_etsi.probes.http.logins import parse_www_authenticate
from pytest_etsi.probes.login import LoginAttempt, LoginOutcome
from pytest_etsi.probes.mqtt.connection import open_connection
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Mapping

__all__ = ["USUAL_PATHS", "attempt", "told"]

USUAL_PATHS = ("", "live", "stream", "stream1", "h264", "cam/realmonitor", "11")
"""Where devices have their streams, below the root."""

_MAX_ANSWER = bounds.RTSP.most
_CHANGING = {"cseq", "date", "session", "content-length", "expires", "last-modified"}


def attempt(
    host: str,
    port: int,
    path: str,
    username: str | None,
    password: str | None,
    *,
    timeout_s: float = bounds.RTSP.step_s,
    context: ssl.SSLContext | None = None,
    source: str | None = None,
) -> LoginAttempt:
    """Ask for the description of a stream, and answer the challenge once.

    Args:
        host: name or address.
        port: TCP port.
        path: of the stream.
        username: None: without credentials.
        password: None: an empty one.
        timeout_s: seconds for all of it.
        context: TLS context; None: without TLS.
        source: local address to connect from.

    Returns:
        accepted: it is described; the detail says so where no credentials were asked for. rejected: 401 or 403.
    """
    deadline = Deadline(timeout_s)
    url = f"rtsp{'s' if context else ''}://{url_host(host)}:{port}/{path.lstrip('/')}"
    try:
        connection = open_connection(host, port, deadline, context, source=source)
    except (OSError, ValueError) as error:
        outcome: LoginOutcome = "timeout" if isinstance(error, TimeoutError) else "refused"
        return LoginAttempt("rtsp", host, port, username, outcome, why(error), deadline.elapsed)
    with closing(connection):
        started = time.monotonic()
        answer, end = _describe(connection, url, 1, "", deadline)
        status = _status(answer)
        if status == 401 and username is not None:
            given = _credentials(answer, url, username, password or "")
            if not given:
                return LoginAttempt(
                    "rtsp",
                    host,
                    port,
                    username,
                    "unsupported",
                    "no challenge that is known",
                    deadline.elapsed,
                )
            started = time.monotonic()
            answer, end = _describe(connection, url, 2, given, deadline)
            status = _status(answer)
        elif status == 200 and username is not None:
            return LoginAttempt(
                "rtsp", host, port, username, "accepted", "without any credential", deadline.elapsed, code=200
            )
    seconds = round(time.monotonic() - started, 6)
    outcome, detail = _meaning(status, answer, end)
    return LoginAttempt(
        "rtsp", host, port, username, outcome, detail, seconds, code=status, retry_after_s=_wait(answer)
    )


def told(
    host: str, port: int, *, timeout_s: float = bounds.RTSP_TOLD.step_s, context: ssl.SSLContext | None = None
) -> tuple[tuple[tuple[str, str, str], ...], tuple[str, ...]]:
    """What a server tells whoever asks for its options and for descriptions at `USUAL_PATHS`.

    Args:
        host: name or address.
        port: TCP port.
        timeout_s: seconds for each of the eight requests.
        context: TLS context; None: without TLS.

    Returns:
        (kind, name, text) of each thing: "header", "realm", or "sdp" for a line of a description; and what was not
        answered, or not to its end.
    """
    url = f"rtsp{'s' if context else ''}://{url_host(host)}:{port}/"
    found: dict[tuple[str, str, str], None] = {}
    unanswered: list[str] = []
    for line in (f"OPTIONS {url}", *(f"DESCRIBE {url}{path}" for path in USUAL_PATHS)):
        deadline = Deadline(timeout_s)
        request = f"{line} RTSP/1.0\r\nCSeq: 1\r\n\r\n"
        try:
            with closing(open_connection(host, port, deadline, context)) as connection:
                send(connection, request.encode(), deadline)
                answer, _ = receive(connection, deadline, limit=_MAX_ANSWER, enough=_whole)
        except (OSError, ValueError):
            answer = b""
        if not _whole(answer):
            unanswered.append(line)
        if _status(answer) is None:
            continue
        head, _, body = answer.decode("latin-1").partition("\r\n\r\n")
        for header in head.split("\r\n")[1:]:
            name, colon, text = header.partition(":")
            if name.strip().lower() == "www-authenticate":
                for _, parameters in parse_www_authenticate([text.strip()]):
                    found["realm", "", printable(parameters.get("realm", ""), 200)] = None
            elif colon and name.strip().lower() not in _CHANGING:
                found["header", printable(name.strip(), 60), printable(text.strip(), 400)] = None
        for part in body.splitlines() if _status(answer) == 200 else ():
            name, _, text = part.partition("=")
            found["sdp", printable(name, 10), printable(text, 400)] = None
    return tuple(found), tuple(unanswered)


def _describe(
    connection: socket.socket, url: str, number: int, given: str, deadline: Deadline
) -> tuple[bytes, str]:
    header = f"Authorization: {given}\r\n" if given else ""
    request = f"DESCRIBE {url} RTSP/1.0\r\nCSeq: {number}\r\nAccept: application/sdp\r\n{header}\r\n"
    if not send(connection, request.encode(), deadline):
        return b"", "closed"
    return receive(connection, deadline, limit=_MAX_ANSWER, enough=_whole)


def _whole(data: bytes) -> bool:
    """Whether head and body are there."""
    head, end, body = data.partition(b"\r\n\r\n")
    if not end:
        return False
    length = re.search(rb"(?im)^content-length:\s*(\d{1,9})\s*$", head)
    return len(body) >= (int(length[1]) if length else 0)


def _status(answer: bytes) -> int | None:
    match = re.match(rb"RTSP/[12]\.\d (\d{3})", answer)
    return int(match[1]) if match else None


def _wait(answer: bytes) -> float | None:
    """Seconds after which the server wants to be asked again, if it says so."""
    asked = re.search(rb"(?im)^retry-after:\s*(\d{1,9})\s*?$", answer.partition(b"\r\n\r\n")[0])
    return float(asked[1]) if asked else None


def _meaning(status: int | None, answer: bytes, end: str) -> tuple[LoginOutcome, str]:
    if status is None:
        if answer:
            return "garbage", f"not RTSP: {printable(answer, 40)}"
        return (
            ("timeout", "no answer in time") if end == "timeout" else ("closed", f"{end} without an answer")
        )
    line = printable(answer.partition(b"\r\n")[0], 80)
    if status == 200:
        return "accepted", line
    if status in {401, 403}:
        return "rejected", line
    return ("refused" if status in {429, 453, 503} else "unsupported"), line


def _credentials(answer: bytes, url: str, username: str, password: str) -> str:
    """The answer to a challenge, digest before basic; empty: there is none that is known."""
    headers = re.findall(rb"(?im)^www-authenticate:\s*(.*?)\r?$", answer)
    challenges = parse_www_authenticate([header.decode("latin-1") for header in headers])
    for scheme, parameters in challenges:
        if scheme == "digest" and (given := _digest(parameters, url, username, password)):
            return given
    if any(scheme == "basic" for scheme, _ in challenges):
        return "Basic " + b64encode(f"{username}:{password}".encode()).decode()
    return ""


def _digest(parameters: Mapping[str, str], url: str, username: str, password: str) -> str:
    challenge = digest_challenge(dict(parameters))
    return digest_answer(challenge, "DESCRIBE", url, username, password) if challenge.usable else ""
