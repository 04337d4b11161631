"""Fetching a published document: every answer on the way shown, the certificate checked, no cookie ever sent back."""

from __future__ import annotations

import errno
import hashlib
import socket
import ssl
import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx
from cryptography import x509

from pytest_etsi import bounds
from pytest_etsi.probes.http.client import HostNotAllowed
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.webdocs.model import NO_NETWORK, CertificateCheck, Hop, Hurdle, Origin, WebDocument
from pytest_etsi.probes.webdocs.reading import read_document

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MAX_HOPS", "Fetched", "fetch", "fetch_document"]

MAX_HOPS = 8
"""Answers on the way to a document."""
_HEADERS = 40
_MOST_CAUSES = 16
_PROBLEMS = {
    10: "its certificate has expired",
    9: "its certificate is not valid yet",
    62: "its certificate is for another name",
    64: "its certificate is for another address",
    18: "its certificate is signed by itself",
    19: "its certificate ends at an authority that is not trusted",
    20: "its certificate comes from an authority that is not trusted",
}
"""By the numbers of OpenSSL (X509_V_ERR_...)."""
_NO_WAY_OUT = frozenset({errno.ENETUNREACH, errno.ENETDOWN, socket.EAI_AGAIN})
"""What a machine without a network is told when it asks for an address or a name."""


class Fetched:
    """What an address gave.

    Attributes:
        origin: how it was obtained.
        content: the bytes; empty: there was no answer.
        truncated: there were more.
        problem: why the bytes are not what the server meant, in a phrase; empty: they are.
    """

    __slots__ = ("content", "origin", "problem", "truncated")

    def __init__(
        self, origin: Origin, content: bytes = b"", *, truncated: bool = False, problem: str = ""
    ) -> None:
        self.origin, self.content, self.truncated, self.problem = origin, content, truncated, problem

    def read(self) -> WebDocument:
        """The document that it is."""
        origin = self.origin
        if origin.status == 0 or origin.circle:
            seen = read_document(origin, b"")
            return replace(seen, note=f"not fetched: {seen.shown_by}", readable=False)
        if self.problem:
            return WebDocument(origin, hurdle=Hurdle.UNREADABLE, shown_by=self.problem, note=self.problem)
        return read_document(origin, self.content, truncated=self.truncated)


def fetch_document(
    client: httpx.Client, url: str, *, deadline_s: float = bounds.DOCUMENT.whole_s
) -> WebDocument:
    """Fetch a document and read it; arguments and exceptions as of `fetch`."""
    return fetch(client, url, deadline_s=deadline_s).read()


def fetch(
    client: httpx.Client,
    url: str,
    *,
    deadline_s: float = bounds.DOCUMENT.whole_s,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Fetched:
    """Fetch what is published at an address.

    Args:
        client: as `http.bounded_client` gives it; it sets the hosts and the size.
        url: of the document; what follows a ``#`` is not sent.
        deadline_s: seconds for all requests on the way.
        now: gives the time, UTC.

    Raises:
        HostNotAllowed: the document lies on a host that may not be asked; one that a redirect leads to is told in
            `Origin.refused_host`.
    """
    began = now().isoformat(timespec="seconds").replace("+00:00", "Z")
    origin = Origin(url, fetched=began)
    asked = url.partition("#")[0]
    hops: list[Hop] = []
    cookies = False
    end = time.monotonic() + deadline_s
    while True:
        client.cookies.clear()
        left = max(0.01, end - time.monotonic())
        try:
            response = client.get(asked, follow_redirects=False, extensions={"deadline": left})
        except HostNotAllowed:
            if not hops:
                raise
            host = httpx.URL(asked).host
            return Fetched(replace(origin, hops=tuple(hops), cookies=cookies, refused_host=host))
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            return Fetched(_unanswered(replace(origin, hops=tuple(hops), cookies=cookies), asked, error))
        finally:
            client.cookies.clear()
        cookies = cookies or "set-cookie" in response.headers
        location = response.headers.get("location", "") if response.is_redirect else ""
        hops.append(Hop(str(response.url), response.status_code, printable(location, 300)))
        if not location:
            return _given(replace(origin, hops=tuple(hops), cookies=cookies), response)
        following = str(response.url.join(location)).partition("#")[0]
        if len(hops) >= MAX_HOPS or any(following == hop.url for hop in hops):
            return Fetched(
                replace(origin, hops=tuple(hops), status=response.status_code, circle=True, cookies=cookies)
            )
        asked = following


def _given(origin: Origin, response: httpx.Response) -> Fetched:
    content = response.content
    headers = tuple(
        (name.lower(), printable(value, 300))
        for name, value in list(response.headers.multi_items())[:_HEADERS]
        if name.lower() != "set-cookie"
    )
    coding = response.extensions.get("unknown_coding")
    problem = (
        f"its content is not in the coding {printable(coding, 40)} or cannot be unpacked" if coding else ""
    )
    found = replace(
        origin,
        status=response.status_code,
        certificate=_certificate(response.extensions.get("peer_certificate")),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        headers=headers,
    )
    return Fetched(found, content, truncated=bool(response.extensions.get("truncated")), problem=problem)


def _certificate(der: object) -> CertificateCheck:
    if not isinstance(der, bytes):
        return CertificateCheck()
    end = ""
    try:
        end = x509.load_der_x509_certificate(der).not_valid_after_utc.isoformat().replace("+00:00", "Z")
    except ValueError:
        end = ""
    return CertificateCheck(checked=True, valid=True, not_after=end, sha256=hashlib.sha256(der).hexdigest())


def _unanswered(origin: Origin, asked: str, error: Exception) -> Origin:
    said = printable(str(error), 200) or type(error).__name__
    chain = _chain(error)
    if any(isinstance(one, OSError) and one.errno in _NO_WAY_OUT for one in chain):
        said = f"{NO_NETWORK}: {said}"
    cause = next((one for one in chain if isinstance(one, ssl.SSLCertVerificationError)), None)
    if cause is None:
        return replace(origin, error=said)
    problem = _PROBLEMS.get(
        cause.verify_code, f"its certificate does not hold: {printable(cause.verify_message, 100)}"
    )
    return replace(
        origin, error=said, certificate=CertificateCheck(checked=True, problem=f"{asked}: {problem}")
    )


def _chain(error: BaseException) -> list[BaseException]:
    """An exception and what led to it, at most so many."""
    found: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and len(found) < _MOST_CAUSES:
        found.append(cause)
        cause = cause.__cause__ or cause.__context__
    return found
