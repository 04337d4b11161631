"""Pages of the device that take software, looked for where devices usually have them and where its pages lead."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, url_host
from pytest_etsi.probes.http.client import bounded_client, same_origin
from pytest_etsi.probes.http.page import links_of_header, parse_page, refresh_target
from pytest_etsi.probes.http.visits import MOST_REQUESTS, Visits
from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.services import Service

__all__ = ["PATHS", "UpdateEntry", "UpdateSearch", "find_update_entries", "search_pages"]

PATHS = (
    "/update", "/update/", "/upgrade", "/firmware", "/ota", "/fwupdate", "/fw_update", "/firmware-update",
    "/system/update", "/cgi-bin/upgrade.cgi", "/cgi-bin/update.cgi", "/cgi-bin/firmware.cgi", "/upload", "/flash",
    "/up", "/u1", "/api/update", "/api/firmware", "/api/ota", "/api/v1/update", "/api/system/firmware",
    "/rpc/Shelly.Update", "/cm?cmnd=Upgrade", "/goform/upgrade", "/upgrade.html", "/update.html", "/firmware.html",
    "/fw.html",
)  # fmt: skip
_MAX_BODY = bounds.UPDATES.most
_MAX_LINKS = 40
_TIMEOUT_S = bounds.UPDATES.step_s
_DEADLINE_S = bounds.UPDATES.whole_s
_MULTIPART = re.compile(r"(?i)multipart/form-data")
_NEAR_A_FILE = re.compile(
    r"""(?is)type\s{0,3}=\s{0,3}["']?file.{0,300}?\b(?:firmware|software|upgrade|update|ota|flash)\b"""
    r"""|\b(?:firmware|software|upgrade|update|ota|flash)\b.{0,300}?type\s{0,3}=\s{0,3}["']?file"""
)
_ABOUT_SOFTWARE = re.compile(r"(?i)firmware|upgrade|update|\bota\b|flash")
_PICTURES = re.compile(r"(?i)\.(css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|mp4|pdf|zip|bin|m?js)$")


@dataclass(frozen=True, slots=True)
class UpdateEntry:
    """A page that seems to take software.

    Attributes:
        url: its address.
        path: of the address.
        takes_files: it has a form for a file, or allows to send one.
        why: what speaks for it.
    """

    url: str
    path: str
    takes_files: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class UpdateSearch:
    """What was found, and whether a page that was not found is not there.

    Attributes:
        found: the pages that seem to take software.
        gaps: what keeps the search from being complete, a sentence each.
        account: how many requests were made and refused, per service where any was.
    """

    found: tuple[UpdateEntry, ...]
    gaps: tuple[str, ...] = ()
    account: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "found": [one.to_json() for one in self.found],
            "gaps": list(self.gaps),
            "account": list(self.account),
        }


def find_update_entries(dut: Core) -> UpdateSearch:
    """Ask every web service of the device for the pages by which software is usually installed.

    Nothing is sent to them; an answer that a page gives to any path says nothing.

    Raises:
        Inconclusive: as `Network.services`.
    """
    searches = [
        search_pages(service)
        for service in dut.network.services().services
        if service.protocol == "tcp" and service.kind in {"http", "https"}
    ]
    return UpdateSearch(
        tuple(one for search in searches for one in search.found),
        tuple(one for search in searches for one in search.gaps),
        tuple(one for search in searches for one in search.account),
    )


def search_pages(service: Service) -> UpdateSearch:
    """Ask one web service for its first page, where that leads, and the usual paths."""
    place = f"{url_host(service.host)}:{service.port}"
    start = f"{'https' if service.tls else 'http'}://{place}/"
    with bounded_client([place], timeout_s=_TIMEOUT_S, max_body=_MAX_BODY) as client:
        visits = Visits(
            client,
            start,
            deadline=Deadline(_DEADLINE_S),
            timeout_s=_TIMEOUT_S,
            max_requests=MOST_REQUESTS["pages for updates"],
        )
        walk = _Walk(start, visits)
        walk.run()
        gaps = [f"tcp/{service.port}: {gap}" for gap in (*visits.end(), *walk.unasked())]
    account = [f"tcp/{service.port}: {visits.account}"] if visits.account else []
    return UpdateSearch(tuple(walk.found.values()), tuple(gaps), tuple(account))


@dataclass(slots=True)
class _Walk:
    start: str
    visits: Visits
    found: dict[str, UpdateEntry] = field(default_factory=dict)
    named: deque[str] = field(default_factory=deque)
    usual: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)

    def run(self) -> None:
        self.known.add(self.start)
        self.usual.extend(urljoin(self.start, path) for path in PATHS)
        if (first := self.visits.begin()) is not None:
            self._visit(self.start, first)
        self.visits.walk(self._following, self._visit)

    def unasked(self) -> list[str]:
        """What the pages name and was not asked for."""
        if self.visits.out_of_requests and (waiting := [*self.named, *self.usual]):
            return [f"its pages name more than could be asked, such as {printable(waiting[0], 80)}"]
        return []

    def _following(self) -> str | None:
        if self.named:
            return self.named.popleft()
        while self.usual:
            target = self.usual.popleft()
            if target not in self.known:
                self.known.add(target)
                return target
        return None

    def _visit(self, target: str, answer: httpx.Response) -> None:
        text = answer.text
        page = parse_page(text)
        headers = (
            answer.headers.get("location", ""),
            refresh_target(answer.headers.get("refresh", "")),
            *links_of_header(answer.headers.get("link", "")),
        )
        self._lead_on(target, answer, (*headers, *page.redirects, *page.links))
        path = urlsplit(target).path
        if target != self.start and self.visits.like_nobodys(answer) and not page.takes_files:
            return
        usual = path in {urlsplit(one).path for one in PATHS}
        status = answer.status_code
        if status == 200 and (page.takes_files or (usual and _MULTIPART.search(text))):
            if usual or _ABOUT_SOFTWARE.search(path) or _NEAR_A_FILE.search(text):
                self._add(target, "a page that takes a file", takes_files=True)
            else:
                self._add(
                    target, "a page that takes a file of a kind that it does not say", takes_files=False
                )
        elif not usual:
            return
        elif status == 405 and {"PUT", "POST"} & set(re.findall(r"[A-Z]+", answer.headers.get("allow", ""))):
            why = f"it takes what is sent by {printable(answer.headers['allow'], 40)}"
            self._add(target, why, takes_files=True)
        elif status in {401, 403} or (status == 200 and _ABOUT_SOFTWARE.search(text)):
            self._add(target, f"HTTP {status}", takes_files=False)

    def _add(self, target: str, why: str, *, takes_files: bool) -> None:
        path = urlsplit(target).path
        # One page with and without a slash at its end is one.
        self.found.setdefault(path.rstrip("/"), UpdateEntry(target, path, takes_files, why))

    def _lead_on(self, target: str, answer: httpx.Response, links: tuple[str, ...]) -> None:
        if target != self.start and self.visits.like_nobodys(answer):
            return
        for link in sorted(links, key=lambda link: not _ABOUT_SOFTWARE.search(link)):
            try:
                goal = urljoin(target, link.strip()).partition("#")[0] if link else ""
                leads = bool(goal) and same_origin(goal, self.start)
            except ValueError:
                continue
            if not leads or goal in self.known or _PICTURES.search(urlsplit(goal).path):
                continue
            if len(self.known) >= _MAX_LINKS + len(PATHS):
                self.visits.watch.gap(f"its pages name more than {_MAX_LINKS} others")
                return
            self.known.add(goal)
            self.named.append(goal)
