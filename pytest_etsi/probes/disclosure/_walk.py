"""A walk over the pages of a web server, its usual ones and those that do not exist."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pytest_etsi.probes._net import Deadline, url_host
from pytest_etsi.probes.disclosure._answers import MAX_BODY, read
from pytest_etsi.probes.http.client import bounded_client, same_origin
from pytest_etsi.probes.http.logins import USUAL_PATHS
from pytest_etsi.probes.http.page import links_of_header, parse_page, refresh_target
from pytest_etsi.probes.http.visits import Visits
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.probes.disclosure._model import Collection
    from pytest_etsi.probes.services import Service

__all__ = ["Walk"]

_MAX_WAITING = 400
_MOST_LINKS_FIRST = 30
_ERROR_PATHS = ("/no-such-page-7f3a", "/no-such-page-7f3a.php", "/api/no-such-page-7f3a", "/%ff%00")
_TELLING_PATHS = (
    "/version", "/api/version", "/api/info", "/api/setup", "/api/status", "/info", "/status", "/health",
    "/server-status", "/description.xml", "/rootDesc.xml", "/robots.txt", "/.well-known/security.txt", "/static/",
    "/js/", "/css/", "/files/", "/logs/", "/backup/", "/.git/HEAD", "/cgi-bin/",
)  # fmt: skip


@dataclass(slots=True)
class Walk:
    found: Collection
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
        with bounded_client(allowed, timeout_s=self.timeout_s, max_body=MAX_BODY) as client:
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
        text = read(self.found, urlsplit(target).path or "/", response)
        headers = response.headers
        links = [headers.get("location", ""), refresh_target(headers.get("refresh", ""))]
        links += links_of_header(headers.get("link", ""))
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


def _joined(base: str, link: str) -> str:
    try:
        goal = urljoin(base, link.strip()).partition("#")[0]
        parts = urlsplit(goal)
        _ = parts.port
    except ValueError:
        return ""
    return goal if parts.scheme in {"http", "https"} and parts.hostname else ""
