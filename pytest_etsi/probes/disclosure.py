"""What a device tells without a login: banners, headers, pages, errors, listings and certificates, item by item.

Only GET requests are sent and nothing that could count as an attempt to log in. Whether an item matters is not
said here.
"""

from __future__ import annotations

import contextlib
import json
import re
import ssl
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from cryptography import x509

from pytest_etsi.probes import rtsp
from pytest_etsi.probes._net import Deadline, connect, lenient_context, url_host, why
from pytest_etsi.probes._xml import XmlError, told
from pytest_etsi.probes.charset import charset_of, encoding_for
from pytest_etsi.probes.coap import ask_core
from pytest_etsi.probes.discovery.search import MdnsObservation, SsdpObservation, mdns, ssdp, ws_discovery
from pytest_etsi.probes.http._page_text import page_text
from pytest_etsi.probes.http.client import bounded_client, same_origin
from pytest_etsi.probes.http.logins import USUAL_PATHS, parse_page, parse_www_authenticate
from pytest_etsi.probes.http.visits import MOST_REQUESTS, Visits
from pytest_etsi.probes.mqtt.session import MqttSession
from pytest_etsi.probes.observation import Observation, printable
from pytest_etsi.probes.snmp import probe_snmp

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator

    import httpx

    from pytest_etsi.probes.discovery.search import WsDiscoveryObservation
    from pytest_etsi.probes.services import Service

__all__ = [
    "CONTINUED",
    "DEVICE",
    "DISCOVERY",
    "OVERLAP",
    "Disclosed",
    "DisclosureObservation",
    "collect",
    "from_discovery",
    "from_response",
]

DEVICE = "<device>"
"""Stands for the device's own address, which whoever asks knows already."""

DISCOVERY: dict[
    int, tuple[str, Callable[..., MdnsObservation | SsdpObservation | WsDiscoveryObservation]]
] = {
    5353: ("mDNS", mdns),
    1900: ("SSDP", ssdp),
    3702: ("WS-Discovery", ws_discovery),
}
"""UDP port -> the kind of discovery that is asked there. Multicast reaches these ports alone."""

_MAX_ITEMS = 2000
_MAX_TEXT = 400
_MAX_SCRIPT = 4000
_LISTEN_S = 1.5
CONTINUED = "…"
"""Begins a piece of a text that is longer than one item."""
OVERLAP = 80
"""Characters at its beginning that ended the piece before, to whose context they belong."""
_MAX_BODY = 64 * 1024
_MAX_WAITING = 400
_MOST_LINKS_FIRST = 30
_VALUES_PER_FIELD = 200
_ERROR_PATHS = ("/no-such-page-7f3a", "/no-such-page-7f3a.php", "/api/no-such-page-7f3a", "/%ff%00")
_TELLING_PATHS = (
    "/version", "/api/version", "/api/info", "/api/setup", "/api/status", "/info", "/status", "/health",
    "/server-status", "/description.xml", "/rootDesc.xml", "/robots.txt", "/.well-known/security.txt", "/static/",
    "/js/", "/css/", "/files/", "/logs/", "/backup/", "/.git/HEAD", "/cgi-bin/",
)  # fmt: skip
_LISTING = re.compile(r"(?i)\s*(?:index of /|directory listing (?:for|of)|listing of /|directory: /)")
_NOT_TEXT = {
    "mqtt",
    "rtsp",
    "http",
    "https",
    "mdns",
    "ssdp",
    "ws-discovery",
    "coap",
    "coap+tcp",
    "snmp",
    "smux",
}
"""Kinds of services whose first bytes are no text: what they tell is asked for in their own language."""
_DISCOVERED = {"mdns": DISCOVERY[5353], "ssdp": DISCOVERY[1900], "ws-discovery": DISCOVERY[3702]}
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_CHANGING = {"date", "content-length", "set-cookie", "www-authenticate", "age"}


@dataclass(frozen=True, slots=True)
class Disclosed(Observation):
    """One thing that was told without a login.

    Attributes:
        protocol: "tcp" or "udp".
        port: where.
        where: the path of a page, or empty.
        field: what carried it: "banner", "header", "cookie", "realm", "title", "generator", "comment", "text", "json",
            "script", "listing", "certificate", "xml", "sdp", "mdns", "upnp", "coap", "snmp", "mqtt" ...
        name: of the header, key or attribute; empty where the field has none.
        text: printable and bounded; the device's own address is replaced by `DEVICE`.
    """

    protocol: str
    port: int
    where: str
    field: str
    name: str
    text: str

    @property
    def full(self) -> str:
        """Name and text as they are written in documents: ``Server: ExampleCam``."""
        return f"{self.name}: {self.text}" if self.name else self.text

    def __str__(self) -> str:
        """With its place, for a report."""
        place = f"{self.protocol}/{self.port}{' ' + self.where if self.where else ''}"
        return f"{place}: {self.field} {self.full!r}"


@dataclass(frozen=True, slots=True)
class DisclosureObservation(Observation):
    """All that was told.

    Attributes:
        host: as asked for.
        items: each once, with the first place where it was seen.
        sources: what was asked, one phrase each.
        gaps: what could not be asked or read to its end.
        duration_s: seconds.
    """

    host: str
    items: tuple[Disclosed, ...]
    sources: tuple[str, ...]
    gaps: tuple[str, ...] = ()
    duration_s: float = 0.0


def collect(
    host: str,
    services: Iterable[Service],
    *,
    own: Iterable[str] = (),
    discovery: Iterable[int] = (),
    expected: Container[int] = (),
    timeout_s: float = 3.0,
    deadline_s: float = 60.0,
    max_requests: int = MOST_REQUESTS["disclosures"],
) -> DisclosureObservation:
    """Ask every service of a host for what it tells without a login.

    Args:
        host: name or address; no other is touched.
        services: as `services.identify` gives them; those of other hosts are left out.
        own: further addresses of the device.
        discovery: UDP ports on which discovery is asked, of `DISCOVERY`.
        expected: UDP ports at which the documents say that something answers: there silence is a gap.
        timeout_s: seconds for one answer.
        deadline_s: seconds for one service.
        max_requests: HTTP requests to one service at most.
    """
    clock = Deadline(deadline_s)
    services = tuple(services)
    found = _Collection((host, *own))
    for service in services:
        if service.host != host or service.kind == "closed":
            continue
        deadline = Deadline(deadline_s)
        found.protocol, found.port = service.protocol, service.port
        place = f"{service.protocol}/{service.port}"
        if service.banner and service.kind not in _NOT_TEXT:
            found.add("", "banner", "", service.banner)
        found.sources.append(f"{place} {service.kind}")
        if service.tls:
            _certificate(found, host, service.port, deadline.within(timeout_s))
        if service.kind in {"http", "https"}:
            _Walk(found, host, service, timeout_s, deadline, max_requests).run()
        elif service.kind in {"coap", "snmp"} and service.protocol == "udp":
            _told_by(found, host, service, timeout_s)
        elif service.kind == "mqtt":
            _broker(found, host, service)
        elif service.kind == "rtsp":
            _streams(found, host, service, deadline.left(timeout_s))
        elif service.kind == "unknown":
            found.gaps.append(f"{place}: the service was not recognised, so that it could not be asked")
    asked = {port: DISCOVERY[port] for port in discovery}
    answering = [one for one in services if one.host == host and one.kind in _DISCOVERED]
    for service in answering:
        if service.protocol == "udp":
            asked.setdefault(service.port, _DISCOVERED[service.kind])
    for port, (kind, ask) in asked.items():
        known = port in expected or any(one.protocol == "udp" and one.port == port for one in answering)
        seen = ask(host, port=port, expected=known)
        found.sources.append(f"udp/{port} {kind}")
        found.gaps.extend(f"udp/{port}: {gap}" for gap in seen.gaps)
        for item in from_discovery(seen, own=found.own):
            found.items.setdefault((item.protocol, item.port, item.field, item.name, item.text), item)
    return DisclosureObservation(
        host, tuple(found.items.values()), tuple(found.sources), tuple(found.gaps), clock.elapsed
    )


def from_response(
    response: httpx.Response, *, own: Iterable[str], port: int, where: str = "/"
) -> tuple[Disclosed, ...]:
    """What one HTTP answer tells."""
    found = _Collection(tuple(own), port=port)
    _read(found, where, response)
    return tuple(found.items.values())


def from_discovery(
    seen: MdnsObservation | SsdpObservation | WsDiscoveryObservation, *, own: Iterable[str]
) -> tuple[Disclosed, ...]:
    """What the answers to one question of discovery tell."""
    found = _Collection(tuple(own), protocol="udp", port=seen.port)
    if isinstance(seen, MdnsObservation):
        _names(found, seen)
    elif isinstance(seen, SsdpObservation):
        for answer in seen.answers:
            found.add("", "upnp", "Server", answer.server)
            found.add("", "upnp", "ST", answer.target)
            # The name is the device's, as in its description, and behind it once more what was searched for.
            found.add("", "upnp", "UDN", answer.name.partition("::")[0])
            found.add("", "upnp", "Location", answer.location)
            for name, text in answer.headers:
                found.add("", "upnp", name, text)
        for name, text in seen.described:
            found.add("", "upnp", name, text)
    else:
        for match in seen.answers:
            for name, words in (
                ("Types", match.types),
                ("Scopes", match.scopes),
                ("XAddrs", match.addresses),
            ):
                for word in words:
                    found.add("", "ws-discovery", name, word)
    return tuple(found.items.values())


def _names(found: _Collection, seen: MdnsObservation) -> None:
    """What the records of mDNS tell: their texts, and the names that only their owners carry."""
    pointed_at = {text.casefold() for _, kind, text in seen.records if kind in {"PTR", "CNAME"}}
    for name, kind, text in seen.records:
        # A TXT record is a key with its value already.
        found.add(printable(name, 120), "mdns", "" if kind == "TXT" else kind, text)
        if kind in {"SRV", "TXT"} and name.casefold() not in pointed_at:
            found.add("", "mdns", "PTR", name)
        elif kind in {"A", "AAAA", "HINFO"}:
            found.add("", "mdns", "host", name)


@dataclass(slots=True)
class _Collection:
    own: tuple[str, ...]
    protocol: str = "tcp"
    port: int = 0
    items: dict[tuple[str, int, str, str, str], Disclosed] = field(default_factory=dict)
    sources: list[str] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)
    counts: dict[tuple[int, str], int] = field(default_factory=dict)

    def add(self, where: str, kind: str, name: str, text: str) -> None:
        """Take in an item; a long one in overlapping pieces, so that nothing in it goes unseen."""
        for address in self.own:
            text = re.sub(rf"(?<![\w.]){re.escape(address)}(?![\w.]*\w)", DEVICE, text)
        text = " ".join(text.split())
        size = _MAX_SCRIPT if kind == "script" else _MAX_TEXT
        for start in range(0, max(1, len(text) - OVERLAP), size - OVERLAP):
            begins = CONTINUED if start else ""
            self._add(where, kind, name, begins + text[start : start + size - len(begins)])

    def _add(self, where: str, kind: str, name: str, text: str) -> None:
        shown = printable(text, len(text))
        if not shown:
            return
        item = Disclosed(self.protocol, self.port, printable(where, 120), kind, printable(name, 60), shown)
        key = (item.protocol, item.port, item.field, item.name, item.text)
        if key in self.items:
            return
        count = self.counts[item.port, kind] = self.counts.get((item.port, kind), 0) + 1
        if count > _VALUES_PER_FIELD or len(self.items) >= _MAX_ITEMS:
            gap = f"{item.protocol}/{item.port}: more than {_VALUES_PER_FIELD} different {kind} items"
            if gap not in self.gaps:
                self.gaps.append(gap)
            return
        self.items[key] = item


@dataclass(slots=True)
class _Walk:
    found: _Collection
    host: str
    service: Service
    timeout_s: float
    deadline: Deadline
    max_requests: int
    known: set[str] = field(default_factory=set)
    waiting: deque[str] = field(default_factory=deque)
    led_to: set[str] = field(default_factory=set)

    def run(self) -> None:
        place = f"tcp/{self.service.port}"
        scheme = "https" if self.service.tls else "http"
        start = f"{scheme}://{url_host(self.host)}:{self.service.port}/"
        self.waiting.extend(urljoin(start, path) for path in (*_ERROR_PATHS, *_TELLING_PATHS, *USUAL_PATHS))
        allowed = [f"{url_host(self.host)}:{self.service.port}"]
        with bounded_client(allowed, timeout_s=self.timeout_s, max_body=_MAX_BODY) as client:
            visits = Visits(
                client,
                start,
                deadline=self.deadline,
                timeout_s=self.timeout_s,
                max_requests=self.max_requests,
            )
            self.known.add(start)
            if (first := visits.begin()) is not None:
                self._visit(start, first)
            visits.walk(self._following, self._visit)
            self.found.gaps.extend(f"{place}: {gap}" for gap in visits.end())
        if visits.account:
            self.found.sources.append(f"{place}: {visits.account}")
        for oddity in visits.oddities:
            self.found.add("", "header", "", oddity.partition(": ")[2])
        if unseen := self.led_to - self.known:
            most = f"more than {self.max_requests} pages" if visits.out_of_requests else "further pages"
            self.found.gaps.append(
                f"{place}: leads to {most}, {len(unseen)} were not asked, such as {printable(min(unseen), 80)}"
            )

    def _following(self) -> str | None:
        while self.waiting:
            target = self.waiting.popleft()
            if target not in self.known:
                self.known.add(target)
                return target
        return None

    def _visit(self, target: str, response: httpx.Response) -> None:
        text = _read(self.found, urlsplit(target).path or "/", response)
        links = [response.headers.get("location", "")]
        if "html" in response.headers.get("content-type", ""):
            page = parse_page(text)
            links += [*page.redirects, *page.scripts, *page.links]
        for number, link in enumerate(links):
            goal = _joined(target, link) if link else ""
            # Pages that the device itself leads to come before those that are only usual, but not all of a long list.
            if goal and same_origin(goal, target) and goal not in self.known:
                self.led_to.add(goal)
                if len(self.waiting) < _MAX_WAITING:
                    (self.waiting.appendleft if number < _MOST_LINKS_FIRST else self.waiting.append)(goal)


def _broker(found: _Collection, host: str, service: Service) -> None:
    """What a broker delivers to a client without a name: its own figures, and messages that it keeps."""
    context = lenient_context() if service.tls else None
    with contextlib.closing(MqttSession.open(host, service.port, None, None, context=context)) as session:
        if session.connection is None:
            return
        for pattern in ("$SYS/#", "#"):
            session.subscribe(pattern)
        session.listen(_LISTEN_S)
    for topic, content in session.messages:
        # Its figures change all the time; what they count is of no interest.
        if not (topic.startswith("$SYS/") and re.fullmatch(rb"[\d.]+(?: seconds)?", content)):
            found.add("", "mqtt", topic, printable(content, _MAX_TEXT))


def _streams(found: _Collection, host: str, service: Service, timeout_s: float) -> None:
    """What an RTSP server tells in its headers, and of a stream that it describes to everybody."""
    context = lenient_context() if service.tls else None
    told, unanswered = rtsp.told(host, service.port, timeout_s=timeout_s, context=context)
    if unanswered:
        found.gaps.append(
            f"tcp/{service.port}: {len(unanswered)} requests were not answered to their end, "
            f"such as {printable(unanswered[0], 120)}"
        )
    for kind, name, text in told:
        found.add("", kind, name, text)


def _told_by(found: _Collection, host: str, service: Service, timeout_s: float) -> None:
    """What a service over UDP tells to whom asks in its language."""
    if service.kind == "coap":
        links = ask_core(host, service.port, timeout_s=timeout_s)
        if links is None:
            found.gaps.append(f"udp/{service.port}: /.well-known/core was not answered")
        for link in re.findall(r"<[^>]*>[^,<]*", links or ""):
            found.add("/.well-known/core", "coap", "", link)
        return
    seen = probe_snmp(host, service.port, timeout_s=timeout_s)
    found.add("", "snmp", "sysDescr", seen.description)
    found.add("", "snmp", "engine", seen.engine_id)


def _joined(base: str, link: str) -> str:
    try:
        goal = urljoin(base, link.strip()).partition("#")[0]
        parts = urlsplit(goal)
        _ = parts.port
    except ValueError:
        return ""
    return goal if parts.scheme in {"http", "https"} and parts.hostname else ""


def _read(found: _Collection, where: str, response: httpx.Response) -> str:
    """Take an answer apart; gives its text."""
    for name, value in response.headers.multi_items():
        if name == "set-cookie":
            found.add(where, "cookie", "", value.partition("=")[0])
        elif name not in _CHANGING:
            found.add(where, "header", name.title(), value)
    for scheme, parameters in parse_www_authenticate(response.headers.get_list("www-authenticate"))[:10]:
        found.add(where, "realm", "", parameters.get("realm", "") or scheme)
    if response.extensions.get("truncated"):
        found.gaps.append(
            f"tcp/{found.port}: {printable(where, 80)} is longer than {_MAX_BODY} bytes, or cut"
        )
    kind = response.headers.get("content-type", "").lower()
    if coding := response.extensions.get("unknown_coding"):
        found.gaps.append(
            f"tcp/{found.port}: {printable(where, 80)} could not be unpacked from {printable(coding, 40)}"
        )
        return ""
    if re.match(r"image|audio|video|font", kind):
        return ""
    text = _text(response)
    if text is None:
        if re.match(r"text|application/(?:json|xml)", kind):
            found.gaps.append(f"tcp/{found.port}: {printable(where, 80)} is no text in a known character set")
        return ""
    if "json" in kind:
        _json(found, where, text)
    elif "javascript" in kind or "css" in kind:
        found.add(where, "script", "", text)
    elif "html" in kind or re.match(r"\s*<(?:!doctype|html)", text, re.IGNORECASE):
        pieces = page_text(text)
        if any(name == "title" and _LISTING.match(piece) for name, piece in pieces):
            found.add(where, "listing", "", " ".join(piece for _, piece in pieces))
        else:
            for name, piece in pieces:
                found.add(where, name, "", piece)
    elif not _xml(found, where, text):
        # The version that an XML document begins with is that of the language.
        for line in _XML_DECLARATION.sub("", text).splitlines():
            found.add(where, "text", "", line)
    return text


def _text(response: httpx.Response) -> str | None:
    """The content in the character set that it says, or else as UTF-8; None: it is no text."""
    content = response.content
    encoding = encoding_for(content, charset_of(response.headers.get("content-type", "")))
    text = content.decode(encoding, "replace")
    # A null byte here and there is somebody's path or padding; many of them are no text in this character set.
    return None if text[:1024].count("\0") > len(text[:1024]) // 8 else text


def _xml(found: _Collection, where: str, text: str) -> bool:
    """Take an XML document apart into elements and attributes; False when it is none."""
    if not text.lstrip().startswith("<"):
        return False
    try:
        pieces = list(told(text.encode()))
    except XmlError:
        return False
    for kind, name, value in pieces:
        found.add(where, kind, name, value)
    return True


def _json(found: _Collection, where: str, text: str) -> None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        found.add(where, "text", "", text)
        return
    for name, value in leaves(document):
        found.add(where, "json", name, value)


def leaves(document: Any, name: str = "", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Key and value of everything in a JSON document that holds no more parts; keys of parts are joined by dots."""
    if isinstance(document, dict) and depth < 20:
        for key, value in document.items():
            yield from leaves(value, f"{name}.{key}" if name else str(key), depth + 1)
    elif isinstance(document, list) and depth < 20:
        for value in document:
            yield from leaves(value, name, depth + 1)
    elif document is not None:
        yield name, document if isinstance(document, str) else json.dumps(document)


def _certificate(found: _Collection, host: str, port: int, deadline: Deadline) -> None:
    try:
        with connect(host, port, deadline) as plain:
            plain.settimeout(max(0.1, deadline.left()))
            with lenient_context().wrap_socket(plain, server_hostname=host) as wrapped:
                der = wrapped.getpeercert(True)
        certificate = x509.load_der_x509_certificate(der or b"")
        names = [
            (f"{who} {attribute.rfc4514_attribute_name}", str(attribute.value))
            for who, whole in (("subject", certificate.subject), ("issuer", certificate.issuer))
            for attribute in whole
        ]
        for extension in certificate.extensions:
            if isinstance(extension.value, x509.SubjectAlternativeName):
                names += [("name", str(getattr(one, "value", ""))) for one in extension.value]
    except (OSError, ValueError, x509.DuplicateExtension) as error:
        reason = why(error) if isinstance(error, OSError | ssl.SSLError) else type(error).__name__
        found.gaps.append(f"tcp/{port}: its certificate could not be read: {reason}")
        return
    for name, text in names:
        found.add("", "certificate", name, text)
