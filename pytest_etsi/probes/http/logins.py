"""How a web server asks for credentials: WWW-Authenticate headers, login forms, protected paths."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx

from pytest_etsi.probes._net import Deadline, url_host
from pytest_etsi.probes.http.client import DeadlineExceeded, bounded_client, origin_port, same_origin
from pytest_etsi.probes.observation import Observation, printable

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    "/onvif/device_service",
    "/config",
)
"""Paths that are asked for besides those that the pages name."""

_MAX_PAGE = 256 * 1024
_MAX_LINKS = 60
_LOGIN_WORDS = re.compile(r"(?i)log-?in|sign-?in|auth|session|token|passw")
_SCRIPT_PASSWORD = re.compile(r"""(?i)type["']?\s*[:=,]\s*\\?["'`]password\b""")
_SCRIPT_PATH = re.compile(r"""["'`](/[A-Za-z0-9_./-]{1,60})["'`]""")
_SCRIPT_REDIRECT = re.compile(
    r"""(?i)location(?:\.href|\.replace|\.assign)?\s*[=(]\s*["']([^"']{1,200})["']"""
)
_STATIC = re.compile(r"(?i)\.(css|png|jpe?g|gif|svg|ico|woff2?|ttf|map|mp4|pdf|zip|bin)$")
_API_PATH = re.compile(r"(?i)/(api|rest|cgi-bin|v\d+)(/|$)")


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
        notes: what else there is to know.
        complete: the walk ended by itself or by its number of requests, not by its time, and the server did
            not put its requests off (429, or 503 for all of them).
    """

    url: str
    challenges: tuple[WebChallenge, ...]
    requests: int
    paths: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    complete: bool


@dataclass(slots=True)
class Page:
    """What a page holds that matters for logging in.

    Attributes:
        links: where it leads, as written.
        scripts: scripts that it loads.
        forms: (action, method, names of password fields) of each form with a password field.
        loose_password: there is a password field outside of any form.
        redirects: targets of meta refresh and of scripted redirects.
        inline: text of inline scripts.
        base: address that links are relative to, when the page names one.
    """

    links: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    forms: list[tuple[str, str, tuple[str, ...]]] = field(default_factory=list)
    loose_password: bool = False
    redirects: list[str] = field(default_factory=list)
    inline: str = ""
    base: str = ""


class _PageParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self._form: tuple[str, str] | None = None
        self._fields: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in reversed(attrs)}
        page = self.page
        if tag == "form":
            self._close_form()
            self._form = (values.get("action", ""), values.get("method", "get").lower())
        elif tag == "input" and values.get("type", "").strip().lower() == "password":
            if self._form is None:
                page.loose_password = True
            else:
                self._fields.append(values.get("name") or values.get("id") or "")
        elif tag == "script":
            self._in_script = True
            if values.get("src"):
                page.scripts.append(values["src"])
        elif tag == "base" and values.get("href"):
            page.base = page.base or values["href"]
        elif tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            target = re.search(r"(?i)url\s*=\s*['\"]?([^'\";]+)", values.get("content", ""))
            if target:
                page.redirects.append(target[1].strip())
        elif tag in {"a", "area"} and values.get("href"):
            page.links.append(values["href"])
        elif tag in {"frame", "iframe"} and values.get("src"):
            page.redirects.append(values["src"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._close_form()
        elif tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.page.inline += data

    def _close_form(self) -> None:
        if self._form is not None and self._fields:
            self.page.forms.append((*self._form, tuple(self._fields)))
        self._form = None
        self._fields = []

    def close(self) -> None:
        super().close()
        self._close_form()


def parse_page(text: str) -> Page:
    """Find forms, links, scripts and redirects in a page, however broken it is."""
    parser = _PageParser()
    try:
        parser.feed(text)
        parser.close()
    except (AssertionError, ValueError):  # html.parser gives up on some malformed declarations
        parser._close_form()  # noqa: SLF001 - our own class
    page = parser.page
    page.redirects.extend(_SCRIPT_REDIRECT.findall(page.inline))
    return page


def parse_www_authenticate(headers: Iterable[str]) -> list[tuple[str, dict[str, str]]]:
    """The challenges in WWW-Authenticate headers (RFC 9110, 11.6.1), several in one header included.

    Returns:
        (scheme in lower case, parameters with names in lower case) for each challenge.
    """
    found: list[tuple[str, dict[str, str]]] = []
    for header in headers:
        rest = header.strip()
        while rest:
            match = _AUTH_ITEM.match(rest)
            if match is None:
                rest = rest[1:]
                continue
            rest = rest[match.end() :].lstrip(" \t,")
            name, value = match["name"], match["quoted"]
            if match["name"] is not None:
                text = re.sub(r"\\(.)", r"\1", value) if value is not None else (match["plain"] or "")
                if found:
                    found[-1][1].setdefault(name.lower(), text)
            else:
                found.append((match["scheme"].lower(), {}))
                if match["token68"]:
                    found[-1][1]["token68"] = match["token68"]
    return found


_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar, not a secret
_AUTH_ITEM = re.compile(
    rf"""(?P<name>{_TOKEN})\s*=\s*(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s,"=]+))(?=\s*(?:,|$|\s))
      | (?P<scheme>{_TOKEN})(?:\s+(?P<token68>[A-Za-z0-9._~+/-]+=*)(?=\s*(?:,|$)))?(?=\s|,|$)""",
    re.VERBOSE,
)


def explore(
    url: str,
    *,
    max_requests: int = 20,
    timeout_s: float = 3.0,
    deadline_s: float = 20.0,
    verify: bool = False,
) -> WebExploration:
    """Walk a little over a web server and note how it asks for credentials; only GET requests are sent.

    Args:
        url: where to begin; other hosts and ports are never followed.
        max_requests: requests at most.
        timeout_s: seconds for one request.
        deadline_s: seconds for all of it.
        verify: verify the server's certificate.
    """
    deadline = Deadline(deadline_s)
    parts = urlsplit(url)
    host = url_host(parts.hostname or "")
    port = origin_port(parts.scheme, parts.port)
    with bounded_client([f"{host}:{port}"], verify=verify, timeout_s=timeout_s, max_body=_MAX_PAGE) as client:
        return _Walk(client, url, max_requests, timeout_s, deadline).run()


@dataclass(slots=True)
class _Walk:
    client: httpx.Client
    url: str
    max_requests: int
    timeout_s: float
    deadline: Deadline
    named: deque[str] = field(default_factory=deque)
    known: set[str] = field(default_factory=set)
    asked: list[tuple[str, int]] = field(default_factory=list)
    challenges: dict[tuple[str, str], WebChallenge] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    failures: int = 0
    everywhere: tuple[int, str] | None = None

    def run(self) -> WebExploration:
        self._remember(self.url)
        usual = deque(urljoin(self.url, path) for path in USUAL_PATHS)
        while len(self.asked) < self.max_requests and not self.deadline.expired and self.failures < 3:
            if self.named:
                target = self.named.popleft()
            elif usual:
                target = usual.popleft()
                if target in self.known:
                    continue
                self.known.add(target)
            else:
                break
            self._visit(target)
            if self.everywhere and len(self.asked) >= 4 and all(status == 401 for _, status in self.asked):
                # Everything is protected alike: more paths say nothing new.
                break
            if len(self.asked) >= 4 and not self.named and self._only_elsewhere():
                break
        put_off = self._put_off()
        return WebExploration(
            url=self.url,
            challenges=tuple(self.challenges.values()),
            requests=len(self.asked),
            paths=tuple(self.asked),
            notes=tuple(dict.fromkeys(self.notes)),
            complete=not self.deadline.expired and self.failures < 3 and not put_off,
        )

    def _put_off(self) -> bool:
        """Whether the server refused to serve for now: what it would ask for otherwise was not seen."""
        statuses = [status for _, status in self.asked]
        limited = statuses.count(429)
        if limited:
            self.notes.append(
                f"{limited} of {len(statuses)} requests were answered by 429 (too many requests)"
            )
            return True
        if statuses and set(statuses) == {503}:
            self.notes.append("every request was answered by 503 (service unavailable)")
            return True
        return False

    def _only_elsewhere(self) -> bool:
        return all(300 <= status < 400 for _, status in self.asked) and not self.challenges

    def _visit(self, target: str) -> None:
        path = urlsplit(target).path or "/"
        try:
            response = self.client.get(
                target, extensions={"deadline": max(0.05, self.deadline.left(2 * self.timeout_s))}
            )
        except DeadlineExceeded:
            self._failed(path, "no complete answer in time")
            return
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            self._failed(path, printable(str(error), 80) or type(error).__name__)
            return
        self.failures = 0
        self.asked.append((printable(path, 120), response.status_code))
        self._headers(path, response)
        location = response.headers.get("location", "")
        if location and 300 <= response.status_code < 400:
            self._redirect(target, location)
        kind = response.headers.get("content-type", "").lower()
        text = response.text if "text" in kind or "html" in kind or "javascript" in kind or not kind else ""
        if "javascript" in kind or path.endswith(".js"):
            self._script(path, text, target)
        elif text:
            self._page(path, text, target)

    def _failed(self, path: str, reason: str) -> None:
        self.failures += 1
        self.asked.append((printable(path, 120), 0))
        self.notes.append(f"{printable(path, 60)}: {reason}")

    def _headers(self, path: str, response: httpx.Response) -> None:
        schemes = parse_www_authenticate(response.headers.get_list("www-authenticate"))
        for scheme, parameters in schemes[:10]:
            realm = printable(parameters.get("realm", ""), 80)
            self.everywhere = (response.status_code, realm)
            self._add(printable(scheme, 40), f"{_shown(path)} realm={realm!r}", realm)
        if response.status_code == 401 and not schemes:
            self._add("api", f"{_shown(path)} answers 401", "401")
        elif response.status_code in {405, 415, 422} and _LOGIN_WORDS.search(path):
            self._add("api", f"{_shown(path)} answers {response.status_code} to GET", path)

    def _page(self, path: str, text: str, target: str) -> None:
        page = parse_page(text)
        base = urljoin(target, page.base) if page.base else target
        for action, method, names in page.forms:
            where = urlsplit(_join(base, action or target)).path or path
            self._add(
                "form", f"{method.upper()} {_shown(where)} with {', '.join(_shown(n) for n in names)}", where
            )
        if page.loose_password or (not page.forms and _SCRIPT_PASSWORD.search(page.inline)):
            self._add("form", f"{_shown(path)}: a password field outside of a form", path)
        for link in page.redirects:
            self._redirect(base, link)
        links = sorted(page.links, key=lambda link: not _LOGIN_WORDS.search(link))
        for link in (*page.scripts, *links, *_api_paths(page.inline)):
            self._remember(_join(base, link))

    def _script(self, path: str, text: str, target: str) -> None:
        if _SCRIPT_PASSWORD.search(text):
            self._add("form", f"{_shown(path)}: a script with a password field", path)
        for link in _api_paths(text):
            self._remember(_join(target, link))

    def _redirect(self, target: str, location: str) -> None:
        goal = _join(target, location)
        if goal and same_origin(goal, self.url):
            self._remember(goal, first=True)
        elif goal:
            parts = urlsplit(goal)
            where = f"{parts.scheme}://{parts.netloc}"
            self.notes.append(f"redirects to {printable(where, 120)}")

    def _remember(self, target: str, *, first: bool = False) -> None:
        bare = target.partition("#")[0]
        if not bare or bare in self.known or len(self.known) >= _MAX_LINKS or not same_origin(bare, self.url):
            return
        if _STATIC.search(urlsplit(bare).path):
            return
        self.known.add(bare)
        if first:
            self.named.appendleft(bare)
        else:
            self.named.append(bare)

    def _add(self, kind: str, detail: str, key: str) -> None:
        if len(self.challenges) < 50:
            self.challenges.setdefault((kind, key), WebChallenge(kind, detail))


def _api_paths(text: str) -> list[str]:
    """Paths in a script that look like an interface or a login."""
    found = dict.fromkeys(_SCRIPT_PATH.findall(text[:_MAX_PAGE]))
    return [path for path in found if _API_PATH.search(path) or _LOGIN_WORDS.search(path)][:15]


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
