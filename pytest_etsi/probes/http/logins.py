"""How a web server asks for credentials: WWW-Authenticate headers, login forms, protected paths, scripts."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from pytest_etsi import bounds
from pytest_etsi.probes._net import Deadline, url_host
from pytest_etsi.probes.http.challenges import parse_www_authenticate
from pytest_etsi.probes.http.client import bounded_client, origin_port, same_origin
from pytest_etsi.probes.http.page import Page, links_of_header, parse_page, refresh_target
from pytest_etsi.probes.http.scripts import (
    draws_password,
    login_paths,
    logs_in_by_socket,
    posted_logins,
    prompts_for,
    scripts_of,
)
from pytest_etsi.probes.http.visits import MOST_REQUESTS, Visits
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    import httpx

    from pytest_etsi.probes.http.rendering import Renderer

__all__ = [
    "USUAL_PATHS",
    "Page",
    "WebChallenge",
    "WebExploration",
    "explore",
    "parse_page",
    "parse_www_authenticate",
]

USUAL_PATHS = (
    "/login",
    "/onvif/device_service",
    "/login.html",
    "/admin",
    "/api/login",
    "/api",
    "/cgi-bin/luci",
    "/signin",
    "/index.html",
    "/api/v1",
    "/auth/login",
    "/user/login",
    "/api/device",
    "/stream",
    "/snapshot.jpg",
    "/config",
)
"""Paths that are asked for besides those that the pages name."""

_MAX_SCRIPT = 1024 * 1024
_MAX_PAGE = bounds.LOGINS.most
_MAX_LINKS = 80
_ENOUGH_ELSEWHERE = 8
_MOST_DRAWN = 4
"""Pages that are drawn, at some seconds each."""
_LOGIN_WORDS = re.compile(r"(?i)log-?in|sign-?in|auth|session|token|passw")
_MAX_PROLOGUE = 4000
_STYLED = re.compile(r"<\?xml-stylesheet\b[^>]{0,300}\bxsl")
"""A document of data that a browser shows by a style sheet, which may draw anything."""
_STATIC = re.compile(r"(?i)\.(css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|mp4|pdf|zip|bin)$")


@dataclass(frozen=True, slots=True)
class WebChallenge(Observation):
    """One way in which a web server asks for credentials: kind as in `services.Challenge`, and where."""

    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class WebExploration(Observation):
    """What a short walk over a web server found.

    Attributes:
        url: where it began.
        challenges: the ways in which it asks for credentials.
        requests: number of requests.
        paths: paths that were asked for, with the status each gave (0: no answer).
        notes: what else there is to know, and why the walk is not complete.
        complete: a login that was not found is not there, as far as asking shows: the controls were answered as before,
            whatever the pages name was read, and what they show does not depend on scripts that were not run.
        refuses_everything: every path asked for the same credentials; more of them would show nothing new.
        trouble: the server showed that it had enough; empty: it did not.
    """

    url: str
    challenges: tuple[WebChallenge, ...]
    requests: int
    paths: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    complete: bool
    refuses_everything: bool = False
    trouble: str = ""


def explore(
    url: str,
    *,
    max_requests: int = MOST_REQUESTS["logins"],
    timeout_s: float = bounds.LOGINS.step_s,
    deadline_s: float = bounds.LOGINS.whole_s,
    verify: bool = False,
    render: Renderer | None = None,
) -> WebExploration:
    """Walk a little over a web server and note how it asks for credentials; only GET requests are sent.

    Pages that are drawn by scripts are read, and where that shows no login also drawn, if `render` does that: then
    requests are sent as the scripts will.

    Args:
        url: where to begin; other hosts and ports are never followed.
        max_requests: requests at most.
        timeout_s: seconds for one request.
        deadline_s: seconds for all of it.
        verify: verify the server's certificate.
        render: draws a page; None: that is not wished.
    """
    deadline = Deadline(deadline_s)
    parts = urlsplit(url)
    host = url_host(parts.hostname or "")
    port = origin_port(parts.scheme, parts.port)
    with bounded_client(
        [f"{host}:{port}"], verify=verify, timeout_s=timeout_s, max_body=_MAX_SCRIPT
    ) as client:
        visits = Visits(client, url, deadline=deadline, timeout_s=timeout_s, max_requests=max_requests)
        return _Walk(url, visits, render).run()


@dataclass(slots=True)
class _Walk:
    url: str
    visits: Visits
    render: Renderer | None = None
    named: deque[str] = field(default_factory=deque)
    usual: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    challenges: dict[tuple[str, str], WebChallenge] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    drawn: str = ""
    socket: str = ""
    rendered: str = ""
    elsewhere: int = 0
    unclear: dict[str, str] = field(default_factory=dict)

    def run(self) -> WebExploration:
        self.known.add(self.url.partition("#")[0])
        self.usual.extend(urljoin(self.url, path) for path in USUAL_PATHS)
        first = self.visits.begin()
        if first is not None:
            self._visit(self.url, first)
        if self.visits.nobodys is not None:
            self._visit(urljoin(self.url, "/"), self.visits.nobodys)
        self.visits.walk(self._following, self._visit)
        if self.drawn and self.render is not None and not self._in_pages:
            self._draw(self.render)
        gaps = [*self.visits.end(), *self._unshown()]
        account = (self.visits.account, *self.visits.oddities[:10])
        return WebExploration(
            url=self.url,
            challenges=tuple(self.challenges.values()),
            requests=self.visits.requests,
            paths=tuple(self.visits.paths),
            notes=tuple(dict.fromkeys(note for note in (*self.notes, *gaps, *account) if note)),
            complete=not gaps,
            refuses_everything=self.visits.refuses_everything,
            trouble=self.visits.trouble,
        )

    def _following(self) -> str | None:
        if self.named:
            return self.named.popleft()
        while self.usual:
            target = self.usual.popleft()
            if target not in self.known and not self._only_elsewhere():
                self.known.add(target)
                return target
        return None

    def _only_elsewhere(self) -> bool:
        """Whether everything so far leads to another origin, as from HTTP to HTTPS."""
        return len(self.visits.paths) >= _ENOUGH_ELSEWHERE and self.elsewhere == len(self.visits.paths)

    def _unshown(self) -> list[str]:
        """What the answers do not show, in a sentence each."""
        unshown = []
        waiting = [*self.named, *(path for path in self.usual if path not in self.known)]
        if waiting and self.visits.out_of_requests and not self.visits.refuses_everything:
            unshown.append(
                f"its pages name more than could be asked, such as {_shown(urlsplit(waiting[0]).path)}"
            )
        unshown += [f"{_shown(path)} {what}" for path, what in list(self.unclear.items())[:5]]
        if self._in_pages:
            return unshown
        if self.socket:
            unshown.append(
                f"{self.socket} speaks of logging in and talks over a WebSocket, which was not followed"
            )
        if self.drawn:
            run = self.rendered or "which were read and not run; no login was found in them"
            unshown.append(f"{self.drawn} is drawn by scripts, {run}")
        elif self.visits.answers_everything and self.visits.first is not None:
            unshown.append(
                f"every path, also one that nobody has, is answered alike (HTTP {self.visits.first.status_code}), "
                "so that its answers show nothing"
            )
        return unshown

    @property
    def _in_pages(self) -> bool:
        """Whether a login was found in what the pages show."""
        return bool({"form", "api", "bearer"} & {kind for kind, _ in self.challenges})

    def _draw(self, render: Renderer) -> None:
        """Look at the page as its scripts draw it, and at those of its links that lead to a login by their names."""
        waiting, drawn = deque([urljoin(self.url, self.drawn)]), set[str]()
        while waiting and len(drawn) < _MOST_DRAWN and not self._in_pages:
            target = waiting.popleft()
            drawn.add(target)
            seen = render(target)
            if seen.error:
                self.rendered = f"and could not be drawn: {seen.error}"
                return
            path = urlsplit(target).path or "/"
            self.notes.append(f"{_shown(path)} was drawn by Chromium, whose requests are not counted here")
            page = self._page(path, seen.text, target, known=True)
            links = (_join(target, link) for link in page.links if _LOGIN_WORDS.search(link))
            waiting.extend(one for one in links if one not in drawn and one and same_origin(one, self.url))
        self.rendered = "which were run; no login was found in the views that they drew"

    def _visit(self, target: str, response: httpx.Response) -> None:
        path = urlsplit(target).path or "/"
        self._headers(path, response)
        location = response.headers.get("location", "")
        if location and 300 <= response.status_code < 400:
            self._redirect(target, location)
        if refreshed := refresh_target(response.headers.get("refresh", "")):
            self._redirect(target, refreshed)
        for link in links_of_header(response.headers.get("link", "")):
            self._remember(_join(target, link))
        kind = response.headers.get("content-type", "").lower()
        if "json" in kind:
            for link in login_paths(response.text):
                self._remember(_join(target, link))
            return
        if kind and not re.search(r"text|html|javascript|xml", kind):
            return
        if response.extensions.get("truncated") or response.extensions.get("unknown_coding"):
            self.visits.watch.gap(f"{_shown(path)} could not be read to its end")
        if "javascript" in kind or path.endswith((".js", ".mjs")):
            self._script(path, response.text, target)
        elif response.content:
            known = path != "/" and self.visits.like_nobodys(response)
            page = self._page(path, response.text, target, known=known)
            if response.is_success and (
                page.drawn_by_scripts or _STYLED.search(response.text[:_MAX_PROLOGUE])
            ):
                self.drawn = self.drawn or _shown(path)

    def _headers(self, path: str, response: httpx.Response) -> None:
        schemes = parse_www_authenticate(response.headers.get_list("www-authenticate"))
        for scheme, parameters in schemes[:10]:
            realm = printable(parameters.get("realm", ""), 80)
            self._add(printable(scheme, 40), f"{_shown(path)} realm={realm!r}", realm)
        if response.status_code == 401 and not schemes:
            self._add("api", f"{_shown(path)} answers 401", "401")
        elif (
            response.status_code in {405, 415, 422}
            and _LOGIN_WORDS.search(path)
            and not self.visits.like_nobodys(response)
        ):
            self._add("api", f"{_shown(path)} answers {response.status_code} to GET", path)

    def _page(self, path: str, text: str, target: str, *, known: bool) -> Page:
        """Read a page; one that is `known` says of its forms alone, since its links were followed where it was met."""
        if len(text) > _MAX_PAGE:
            self.visits.watch.gap(f"{_shown(path)} could not be read to its end")
        page = parse_page(text[:_MAX_PAGE])
        base = _join(target, page.base) if page.base else target
        for action, method, names in page.forms:
            where = urlsplit(_join(base, action or target)).path or path
            told = f"with {', '.join(_shown(n) for n in names)}"
            # A form that is sent to where it stands is the same one wherever a device shows it.
            self._add(
                "form", f"{method.upper()} {_shown(where)} {told}", where if action else f"itself {told}"
            )
        if page.loose_password or (not page.forms and draws_password(page.inline)):
            self._add("form", f"{_shown(path)}: a password field outside of a form", path)
        for name in page.clear_password:
            what = f"asks for {_shown(name)} in a field that shows it, which may be a login"
            self.unclear.setdefault(path, what)
        for link in page.redirects:
            self._redirect(base, link)
        if known:
            return page
        for link in (*page.scripts, *scripts_of(page.inline)):
            self._remember(_join(base, link), first=True)
        self._prompts(page.inline, path)
        self._posted(page.inline, base)
        links = sorted(page.links, key=lambda link: not _LOGIN_WORDS.search(link))
        for link in (*login_paths(page.inline), *links):
            self._remember(_join(base, link))
        return page

    def _script(self, path: str, text: str, target: str) -> None:
        if draws_password(text):
            self._add("form", f"{_shown(path)}: a script with a password field", path)
        self._prompts(text, path)
        self._posted(text, target)
        for link in scripts_of(text):
            # Beside itself, or beside the page: builders write either.
            self._remember(_join(target, link), first=True)
            self._remember(_join(self.url, link), first=True)
        for link in login_paths(text):
            self._remember(_join(target, link))

    def _prompts(self, text: str, path: str) -> None:
        """A script that asks in a dialogue of the browser, or may log in without any page."""
        asked = prompts_for(text)
        if asked == "password":
            self._add("form", f"{_shown(path)}: a script asks for a password in a dialogue", path)
        elif asked:
            self.unclear.setdefault(path, "asks for something in a dialogue, which may be a login")
        elif logs_in_by_socket(text):
            self.socket = self.socket or _shown(path)

    def _posted(self, text: str, base: str) -> None:
        for link in posted_logins(text):
            where = _join(base, link)
            if where and same_origin(where, self.url):
                path = urlsplit(where).path
                self._add("api", f"{_shown(path)}: a script posts a login to it", path)

    def _redirect(self, target: str, location: str) -> None:
        goal = _join(target, location)
        if goal and same_origin(goal, self.url):
            self._remember(goal, first=True)
        elif goal:
            parts = urlsplit(goal)
            where = f"{parts.scheme}://{parts.netloc}"
            self.elsewhere += 1
            self.notes.append(f"redirects to {printable(where, 120)}")

    def _remember(self, target: str, *, first: bool = False) -> None:
        bare = target.partition("#")[0]
        if not bare or bare in self.known or not same_origin(bare, self.url):
            return
        if _STATIC.search(urlsplit(bare).path):
            return
        if len(self.known) >= _MAX_LINKS:
            self.visits.watch.gap(f"its pages name more than {_MAX_LINKS} others")
            return
        self.known.add(bare)
        if first:
            self.named.appendleft(bare)
        else:
            self.named.append(bare)

    def _add(self, kind: str, detail: str, key: str) -> None:
        if len(self.challenges) < 50:
            self.challenges.setdefault((kind, key), WebChallenge(kind, detail))


def _join(base: str, link: str) -> str:
    """An absolute http(s) URL, or nothing when the link is no such thing."""
    try:
        goal = urljoin(base, link.strip())
        parts = urlsplit(goal)
        _ = parts.port
    except ValueError:
        return ""
    return goal if parts.scheme in {"http", "https"} and parts.hostname else ""


def _shown(text: str) -> str:
    return printable(text, 80)
