"""HTTP within bounds: a client that reaches allowed hosts only, with size, redirects and time limited."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import socket
import ssl
import threading
import time
import zlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpcore
import httpx

from pytest_etsi import bounds
from pytest_etsi.probes._net import lenient_context, url_host
from pytest_etsi.probes.charset import charset_of, encoding_for
from pytest_etsi.probes.http._wire import Wire
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

__all__ = [
    "MAX_BODY",
    "BoundedClient",
    "BoundedTransport",
    "DeadlineExceeded",
    "HostNotAllowed",
    "allowed_host",
    "bounded_client",
    "origin_port",
    "tls_context",
]

MAX_BODY = bounds.HTTP.most
"""Bytes of a response body that are kept by default; the rest is left unread."""

_NAME = "Mozilla/5.0 (compatible; pytest-etsi)"
"""Who asks: some devices show their pages to what calls itself a browser alone, and all of these say so."""
_OWN = frozenset({"deadline", "texts_only"})
_NO_TEXT = re.compile(r"(?i)\s*(?:image/(?!svg)|audio/|video/|font/|multipart/|text/event-stream)")

_EXCEPTIONS: tuple[tuple[type[Exception], type[httpx.TransportError]], ...] = (
    (httpcore.ConnectTimeout, httpx.ConnectTimeout),
    (httpcore.ReadTimeout, httpx.ReadTimeout),
    (httpcore.WriteTimeout, httpx.WriteTimeout),
    (httpcore.PoolTimeout, httpx.PoolTimeout),
    (httpcore.ConnectError, httpx.ConnectError),
    (httpcore.ReadError, httpx.ReadError),
    (httpcore.WriteError, httpx.WriteError),
    (httpcore.RemoteProtocolError, httpx.RemoteProtocolError),
    (httpcore.LocalProtocolError, httpx.LocalProtocolError),
    (httpcore.UnsupportedProtocol, httpx.UnsupportedProtocol),
    (httpcore.TimeoutException, httpx.ReadTimeout),
    (httpcore.NetworkError, httpx.NetworkError),
    (httpcore.ProtocolError, httpx.ProtocolError),  # type: ignore[type-abstract,unused-ignore]
)


class HostNotAllowed(httpx.RequestError):
    """A request, or a redirect, would have gone to a host that is not allowed."""


class DeadlineExceeded(httpx.ReadTimeout):
    """The whole exchange took longer than its deadline, though bytes still trickled in."""


def allowed_host(host: str, port: int, allowed: Iterable[str]) -> bool:
    """Whether `allowed` names the host, as "host" for any port or as "host:port" ("[::1]:443" for IPv6)."""
    bare = host.strip("[]").lower()
    for entry in allowed:
        name = entry.lower()
        if name.strip("[]") == bare or name in {f"{bare}:{port}", f"[{bare}]:{port}"}:
            return True
    return False


def tls_context(verify: bool | str | Path | ssl.SSLContext) -> ssl.SSLContext:
    """A TLS context.

    Args:
        verify: False: speak to any device, whatever its certificate and settings; True: the system's
            authorities; a path: that authority (PEM); a context: itself.
    """
    if isinstance(verify, ssl.SSLContext):
        return verify
    if verify is False:
        return lenient_context(alpn=("http/1.1",))
    return ssl.create_default_context(cafile=None if verify is True else str(verify))


def bounded_client(
    allowed_hosts: Iterable[str],
    *,
    verify: bool | str | Path | ssl.SSLContext = False,
    timeout_s: float = bounds.HTTP.step_s,
    deadline_s: float = bounds.HTTP.whole_s,
    max_body: int = MAX_BODY,
    max_redirects: int = 5,
    follow_redirects: bool = False,
    headers: Mapping[str, str] | None = None,
    base_url: str = "",
    auth: httpx.Auth | tuple[str, str] | None = None,
    source: str | None = None,
    keep_alive: bool = True,
    public_only: bool = False,
) -> BoundedClient:
    """An httpx client that cannot leave the allowed hosts and always comes to an end.

    It ignores proxies and other settings of the environment. A request to another host, also by a redirect,
    raises `HostNotAllowed`. A body beyond `max_body` is cut, and `response.extensions["truncated"]` says so;
    bodies in gzip or deflate are unpacked within the same limit, and ``response.extensions["unknown_coding"]`` names a
    coding that could not be undone. ``response.text`` is read in a character set of texts only, whatever is declared.
    What is no HTTP by the book is read as far as wget reads it; ``response.extensions["oddities"]`` tells it in
    phrases. A request may shorten its time by the extension ``{"deadline": seconds}``, and leave bodies that are no
    texts (pictures, streams, which may never end) unread by ``{"texts_only": True}``.

    Args:
        allowed_hosts: names or addresses, each "host" or "host:port".
        verify: see `tls_context`.
        timeout_s: seconds for one step (connecting, one read, one write).
        deadline_s: seconds for a whole request, from connecting to the end of the body.
        max_body: bytes of a body to keep.
        max_redirects: redirects to follow when they are followed.
        follow_redirects: follow redirects by default.
        headers: sent with every request.
        base_url: prefix of relative URLs.
        auth: httpx authentication for every request.
        source: local address to connect from.
        keep_alive: reuse connections.
        public_only: refuse a name that leads to a private address, unless that is an allowed host itself; raises
            `HostNotAllowed`.
    """
    transport = BoundedTransport(
        allowed_hosts,
        verify=verify,
        deadline_s=deadline_s,
        max_body=max_body,
        source=source,
        keep_alive=keep_alive,
        public_only=public_only,
    )
    sent = httpx.Headers({"User-Agent": _NAME, "Accept-Encoding": "identity"})
    sent.update(headers)  # by their names, however these are spelled
    return BoundedClient(
        transport,
        timeout=timeout_s,
        max_redirects=max_redirects,
        follow_redirects=follow_redirects,
        headers=sent,
        base_url=base_url,
        auth=auth,
        trust_env=False,
    )


class BoundedClient(httpx.Client):
    """The client that `bounded_client` makes."""

    def __init__(self, transport: BoundedTransport, **settings: Any) -> None:
        """See `httpx.Client` for the settings."""
        super().__init__(transport=transport, **settings)
        self._bounded = transport
        self._first_headers = self.headers.copy()

    def get_as_stranger(self, url: str) -> httpx.Response:
        """What a URL answers to whom has none of the cookies, headers and credentials that this client has got.

        It goes over the same connections, since a handshake takes a small device longer than all else; no cookie of
        the answer is kept.

        Raises:
            httpx.HTTPError: as for any request.
        """
        timeout = {"timeout": self.timeout.as_dict()}
        request = httpx.Request("GET", url, headers=self._first_headers, extensions=timeout)
        response = self._bounded.handle_request(request)
        response.read()
        return response


class _Clock(threading.local):
    """When the request of this thread has to be over, and what was odd about its answer."""

    end: float = float("inf")

    def __init__(self) -> None:
        self.oddities: list[str] = []

    def left(self, at_most: float | None) -> float | None:
        left = self.end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the deadline of the request passed")
        if left == float("inf"):
            return at_most
        return left if at_most is None else min(left, at_most)


class _Stream(httpcore.NetworkStream):
    def __init__(self, inner: httpcore.NetworkStream, clock: _Clock) -> None:
        self._inner = inner
        self._clock = clock
        self._wire = Wire(lambda oddity: clock.oddities.append(oddity))

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        while True:
            data = self._inner.read(max_bytes, self._clock.left(timeout))
            given = self._wire.feed(data) if data else self._wire.end()
            if given or not data:
                return given

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._wire.asked(buffer)
        self._inner.write(buffer, self._clock.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        inner = self._inner.start_tls(ssl_context, server_hostname, self._clock.left(timeout))
        return _Stream(inner, self._clock)

    def get_extra_info(self, info: str) -> object:
        if info == "is_readable" and not self._wire.in_step:
            return True  # the pool drops an idle connection on which something is left to read
        return self._inner.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    def __init__(self, allowed: tuple[str, ...], clock: _Clock, *, public_only: bool) -> None:
        self._allowed = allowed
        self._public_only = public_only
        self._clock = clock
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if not allowed_host(host, port, self._allowed):
            raise httpcore.ConnectError(f"{host}:{port} is not an allowed host")
        if self._public_only:
            host = self._public(host, port)
        inner = self._inner.connect_tcp(host, port, self._clock.left(timeout), local_address, socket_options)
        return _Stream(inner, self._clock)

    def _public(self, host: str, port: int) -> str:
        """The address to connect to: one that everybody can reach, or that is allowed itself.

        Raises:
            _PrivateAddress: the name leads to none.
        """
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as error:
            raise httpcore.ConnectError(f"{host} is not known: {error.strerror or error}") from error
        addresses = [str(one[4][0]) for one in found]
        for address in addresses:
            bare = address.partition("%")[0]
            loopback = host.lower() == "localhost" and ipaddress.ip_address(bare).is_loopback
            if ipaddress.ip_address(bare).is_global or loopback or allowed_host(bare, port, self._allowed):
                return address
        raise _PrivateAddress(f"{host} leads to the private address {addresses[0]}")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


class _PrivateAddress(httpcore.ConnectError):
    pass


class _Body(httpx.SyncByteStream):
    """A response body that has already been read, within bounds."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def __iter__(self) -> Iterator[bytes]:
        yield self._content


class BoundedTransport(httpx.BaseTransport):
    """The transport below `bounded_client`."""

    def __init__(
        self,
        allowed_hosts: Iterable[str],
        *,
        verify: bool | str | Path | ssl.SSLContext = False,
        deadline_s: float = bounds.HTTP.whole_s,
        max_body: int = MAX_BODY,
        source: str | None = None,
        keep_alive: bool = True,
        public_only: bool = False,
    ) -> None:
        """See `bounded_client` for the arguments."""
        self.allowed_hosts = tuple(allowed_hosts)
        self.deadline_s = deadline_s
        self.max_body = max_body
        self._clock = _Clock()
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(verify),
            max_connections=10,
            max_keepalive_connections=10 if keep_alive else 0,
            local_address=source,
            network_backend=_Backend(self.allowed_hosts, self._clock, public_only=public_only),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request and read its response.

        Raises:
            HostNotAllowed: the request goes to none of the allowed hosts; nothing was sent.
            DeadlineExceeded: the answer was not complete in time.
            httpx.TransportError: the exchange failed.
        """
        url = request.url
        port = origin_port(url.scheme, url.port)
        if not allowed_host(url.host, port, self.allowed_hosts):
            asked, allowed = f"{url.scheme}://{url_host(url.host)}:{port}", ", ".join(self.allowed_hosts)
            raise HostNotAllowed(f"{asked} is not allowed; allowed: {allowed}", request=request)
        seconds = float(request.extensions.get("deadline", self.deadline_s))
        self._clock.end = time.monotonic() + seconds
        self._clock.oddities = []
        try:
            return self._exchange(request)
        except _PrivateAddress as error:
            raise HostNotAllowed(str(error), request=request) from error
        except tuple(ours for ours, _ in _EXCEPTIONS) as error:
            if time.monotonic() >= self._clock.end:
                raise DeadlineExceeded(f"no complete answer within {seconds:g} s", request=request) from error
            theirs = next(theirs for ours, theirs in _EXCEPTIONS if isinstance(error, ours))
            raise theirs(str(error), request=request) from error
        finally:
            self._clock.end = float("inf")

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()

    def _exchange(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, httpx.SyncByteStream)  # noqa: S101 - the client is synchronous
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions={key: value for key, value in request.extensions.items() if key not in _OWN},
        )
        answer = self._pool.handle_request(asked)
        extensions = dict(answer.extensions)
        extensions["peer_certificate"] = _peer_certificate(extensions.pop("network_stream", None))
        headers = httpx.Headers(answer.headers)
        unread = request.extensions.get("texts_only") and _NO_TEXT.match(headers.get("content-type", ""))
        try:
            raw, cut = (b"", False) if unread else self._read(answer)
        finally:
            with contextlib.suppress(Exception):
                answer.close()
        packed = "" if unread else headers.get("content-encoding", "")
        content, cut_again, coding = _unpack(raw, packed, self.max_body)
        # What is handed on is unpacked already: httpx must not try again, nor without a limit.
        kept = [(name, value) for name, value in answer.headers if name.lower() != b"content-encoding"]
        if "location" in headers and not _is_address(headers["location"]):
            # httpx gives no answer at all where it leads nowhere.
            kept = [(name, value) for name, value in kept if name.lower() != b"location"]
            self._clock.oddities.append(
                f"a Location that is no address: {printable(headers['location'], 80)}"
            )
        extensions["truncated"] = cut or cut_again
        extensions["unknown_coding"] = coding
        extensions["oddities"] = tuple(dict.fromkeys(self._clock.oddities))
        response = httpx.Response(
            status_code=answer.status, headers=kept, stream=_Body(content), extensions=extensions
        )
        response.encoding = encoding_for(content, charset_of(headers.get("content-type", "")))
        return response

    def _read(self, answer: httpcore.Response) -> tuple[bytes, bool]:
        content = bytearray()
        assert hasattr(answer.stream, "__iter__")  # noqa: S101 - the pool is synchronous
        for chunk in answer.stream:
            content += chunk
            if len(content) > self.max_body:
                return bytes(content[: self.max_body]), True
        return bytes(content), False


def _is_address(location: str) -> bool:
    """Whether a Location can be followed, as far as its form tells."""
    try:
        httpx.URL(location)
        _ = urlsplit(location).port
    except (httpx.InvalidURL, ValueError):
        return False
    return True


def _peer_certificate(stream: object) -> bytes | None:
    if not isinstance(stream, httpcore.NetworkStream):
        return None
    # httpcore hands out the object below ssl.SSLSocket, which is of no public type.
    ask = getattr(stream.get_extra_info("ssl_object"), "getpeercert", None)
    return ask(True) if ask else None


def _unpack(content: bytes, encoding: str, limit: int) -> tuple[bytes, bool, str]:
    """Undo gzip and deflate, the last coding first, each within a limit.

    Returns:
        The content as far as it could be unpacked, whether it is cut, and the coding that could not be undone.
    """
    cut = False
    for name in reversed([name.strip().lower() for name in encoding.split(",")]):
        if name in {"", "identity"}:
            continue
        plain = _inflate(content, limit) if name in {"gzip", "x-gzip", "deflate"} else None
        if plain is None:
            return content, cut, name
        content, cut = plain[0], cut or plain[1]
    return content, cut, ""


def _inflate(content: bytes, limit: int) -> tuple[bytes, bool] | None:
    """Unpack at most `limit` bytes; tells whether more would follow or the end is missing. None: it is not packed."""
    for window in (47, -15):
        unpacker = zlib.decompressobj(window)
        try:
            plain = unpacker.decompress(content, limit)
        except zlib.error:
            continue
        return plain, not unpacker.eof
    return None


def origin_port(scheme: str, port: int | None) -> int:
    """The port of an origin over HTTP: the one of its scheme where a URL names none (RFC 9110, 4.2)."""
    return port or (443 if scheme == "https" else 80)


def same_origin(url: str, other: str) -> bool:
    """Whether two absolute URLs have the same scheme, host and port."""
    one, two = (
        (parts.scheme, parts.hostname, origin_port(parts.scheme, parts.port))
        for parts in (urlsplit(url), urlsplit(other))
    )
    return one == two
