"""Questions to one web server: few, with controls in between, and none more at the first sign of trouble.

A server may count each question without credentials, and shut everybody out after some. One that answers every path
alike, or otherwise than it did a moment ago, shows nothing by its answers. All searches over web pages ask by this.
"""

from __future__ import annotations

import re
import secrets
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

import httpx

from pytest_etsi.probes.http.challenges import parse_www_authenticate
from pytest_etsi.probes.http.client import DeadlineExceeded
from pytest_etsi.probes.observation import printable
from pytest_etsi.probes.witness import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.probes._net import Deadline

__all__ = ["MOST_REFUSED", "MOST_REQUESTS", "Visits", "alike"]

MOST_REQUESTS = {"logins": 60, "disclosures": 200, "pages for updates": 100}
"""What is looked for on a web server -> requests at most, controls included."""

ENOUGH_REFUSED = 4
"""Refusals by one realm after which nothing new is to be learnt from a further one."""
MOST_REFUSED = 8
"""Requests refused for lack of credentials (401) after which a search asks nothing more."""
_PART = 8
_PAUSES_S = (0.3, 1.0, 2.0)
_ALIKE = 0.75
_COMPARED = 64 * 1024
_LOCKED = re.compile(rb"(?i)too many|locked|block(?:ed|ing)|try again (?:later|in)|temporarily|attempts")


def alike(one: httpx.Response, other: httpx.Response) -> bool:
    """Whether two answers say the same but for times, tokens and their own paths."""
    if one.status_code != other.status_code:
        return False
    if one.is_redirect:
        return _target(one) == _target(other)
    if one.content == other.content:
        return True
    left, right = _words(one), _words(other)
    return len(left & right) >= _ALIKE * len(left | right)


def _target(response: httpx.Response) -> str:
    """Where a redirect leads, without the path that was asked for."""
    asked = response.request.url.path
    path: str = urlsplit(response.headers.get("location", "")).path
    return path if asked == "/" else path.replace(asked, "/")


def _words(response: httpx.Response) -> set[str]:
    text = response.content[:_COMPARED].decode("latin-1")
    if len(response.request.url.path) > 1:
        text = text.replace(response.request.url.path, " ")
    return {word for word in re.findall(r"[A-Za-z0-9_]+", text) if word.isalpha() and len(word) > 1}


class Visits:
    """The questions of one search to one web server, and the account of what they show.

    Args:
        client: for the one server.
        start: the address of its first page.
        deadline: for all of them.
        timeout_s: seconds for one step of a request.
        max_requests: at most, the controls included.
    """

    def __init__(
        self, client: httpx.Client, start: str, *, deadline: Deadline, timeout_s: float, max_requests: int
    ) -> None:
        self.watch = Watch(deadline, pauses_s=_PAUSES_S)
        self.requests = 0
        self.refusals: Counter[str] = Counter()
        self.oddities: list[str] = []
        self.paths: list[tuple[str, int]] = []
        self.first: httpx.Response | None = None
        self.nobodys: httpx.Response | None = None
        self.trouble = ""
        """Why no more is asked: the server showed that it had enough. Empty: it did not."""
        self._client = client
        self._start = start
        self._deadline = deadline
        self._timeout_s = timeout_s
        self._max_requests = max_requests
        self._failures = 0
        self._refused_in: set[tuple[str, str]] = set()
        self._other_than_refused = False

    def begin(self) -> httpx.Response | None:
        """Ask for the first page and for a path that nobody has, which are the controls from now on."""
        self.first = self.ask(self._start)
        if self.first is None or self.over:
            return self.first
        self.nobodys = self.ask(self._nobodys_url())
        if self.nobodys is not None and self.nobodys.status_code != 401:
            self.watch.add("a path that nobody has", self._asks_again(self._nobodys_url, self.nobodys))
        return self.first

    def walk(self, following: Callable[[], str | None], visit: Callable[[str, httpx.Response], None]) -> None:
        """Ask for one page after the other, part by part, until there is none or no more may be asked.

        Args:
            following: gives the next address; None: there is none.
            visit: told of each answer.
        """
        while not self.over:
            room = min(_PART, self._max_requests - self.requests - 2)
            part: list[str] = []
            while len(part) < room and (target := following()) is not None:
                part.append(target)
            if not part:
                return
            path = printable(urlsplit(part[0]).path or "/", 60)
            self.watch.part(f"{path} and {len(part) - 1} more", partial(self._part, part, visit))

    def _part(self, targets: Iterable[str], visit: Callable[[str, httpx.Response], None]) -> None:
        for target in targets:
            if self.over:
                return
            if not self._is_known_to_refuse(target) and (answer := self.ask(target)) is not None:
                visit(target, answer)

    @property
    def over(self) -> bool:
        """Whether no more may be asked."""
        return bool(
            self.trouble
            or self.watch.gone
            or self._deadline.expired
            or self.requests + 2 >= self._max_requests
            or self.refuses_everything
        )

    @property
    def out_of_requests(self) -> bool:
        """Whether no more may be asked for the number of requests alone."""
        return self.requests + 2 >= self._max_requests

    @property
    def refuses_everything(self) -> bool:
        """Whether every path so far, also one that nobody has, asked for the same credentials."""
        return (
            not self._other_than_refused
            and len(self.refusals) == 1
            and self.refusals.total() >= ENOUGH_REFUSED
            and self.nobodys is not None
        )

    @property
    def answers_everything(self) -> bool:
        """Whether a path that nobody has is answered like the first page, in a way that says nothing of either."""
        if self.first is None or self.nobodys is None or not alike(self.first, self.nobodys):
            return False
        return self.first.status_code not in {401, 404, 410} and not self.first.is_redirect

    def like_nobodys(self, answer: httpx.Response) -> bool:
        """Whether an answer is the one that a path gets which nobody has."""
        return self.nobodys is not None and alike(answer, self.nobodys)

    def end(self) -> tuple[str, ...]:
        """Ask the controls a last time, and give what keeps the search from being complete, a sentence each."""
        if (
            not self.refuses_everything
        ):  # the same refusal everywhere is what there is to know, and asked for no more
            self.watch.end(nothing_answered="no request was answered")
        gaps = list(self.watch.gaps)
        if self.trouble:
            gaps.append(self.trouble)
        if self._deadline.expired:
            gaps.append("the walk over its pages ran out of time")
        return tuple(dict.fromkeys(gaps))

    @property
    def account(self) -> str:
        """How many questions were asked, where some of them were refused for lack of credentials."""
        if not self.refusals:
            return ""
        return f"{self.requests} requests without credentials, {self.refusals.total()} of them refused (401)"

    def ask(self, url: str) -> httpx.Response | None:
        """Ask for one page; None: it was not answered, which is on the account."""
        answer, why = self._get(url)
        if answer is None and not why.startswith("no complete answer") and not self._deadline.expired:
            answer, why = self._get(url)
        path = printable(urlsplit(url).path or "/", 120)
        self.paths.append((path, answer.status_code if answer is not None else 0))
        if answer is None:
            self._failures += 1
            self.watch.gap(f"{path}: {why}")
            if self._failures >= 3:
                self.trouble = "requests were not answered"
            return None
        self._failures = 0
        self._learn(url, path, answer)
        return answer

    def _get(self, url: str) -> tuple[httpx.Response | None, str]:
        self.requests += 1
        extensions = {"deadline": max(0.05, self._deadline.left(2 * self._timeout_s)), "texts_only": True}
        try:
            return self._client.get(url, follow_redirects=False, extensions=extensions), ""
        except DeadlineExceeded:
            return None, "no complete answer in time"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            return None, printable(str(error), 80) or type(error).__name__

    def _learn(self, url: str, path: str, answer: httpx.Response) -> None:
        self.oddities += [f"{path}: {oddity}" for oddity in answer.extensions.get("oddities", ())]
        status = answer.status_code
        if status == 401:
            realm = _realm(answer)
            self.refusals[realm] += 1
            self._refused_in.add((_folder(url), realm))
            if self.refusals.total() >= MOST_REFUSED:
                self.trouble = (
                    f"{self.refusals.total()} requests were refused for lack of credentials (401): no more were asked, "
                    "since a device may count them"
                )
            return
        if not self._other_than_refused:
            # Asking again what was refused may use up what the owner has left, and shows as little.
            name = "the first page" if url == self._start else path
            self.watch.add(name, self._asks_again(lambda: url, answer))
        self._other_than_refused = True
        if status == 429:
            self.trouble = f"{path} was answered by 429 (too many requests): no more were asked"
        elif status == 423 or (status in {403, 503} and self._looks_locked(answer)):
            self.trouble = (
                f"{path} was answered by {status}, as by a device that is locked: no more were asked"
            )

    def _looks_locked(self, answer: httpx.Response) -> bool:
        return "retry-after" in answer.headers or bool(_LOCKED.search(answer.content[:_COMPARED]))

    def _is_known_to_refuse(self, url: str) -> bool:
        """Whether what lies beside it was refused often enough, always for the same credentials."""
        realms = [realm for folder, realm in self._refused_in if folder == _folder(url)]
        return len(realms) == 1 and self.refusals[realms[0]] >= ENOUGH_REFUSED

    def _nobodys_url(self) -> str:
        return urljoin(self._start, f"/{secrets.token_hex(8)}")

    def _asks_again(self, url: Callable[[], str], before: httpx.Response) -> Callable[[], bool]:
        def asks() -> bool:
            if self.trouble:
                return True  # that the search ends here is on the account already; asking on would do harm
            if self.requests >= self._max_requests:
                return False
            answer, _ = self._get(url())
            return answer is not None and alike(answer, before)

        return asks


def _realm(answer: httpx.Response) -> str:
    schemes = parse_www_authenticate(answer.headers.get_list("www-authenticate"))
    return "; ".join(sorted({f"{scheme} {values.get('realm', '')}" for scheme, values in schemes[:10]}))


def _folder(url: str) -> str:
    """The first part of a path that has more than one; a path of one part is in no folder."""
    parts = urlsplit(url).path.strip("/").split("/")
    return parts[0] if len(parts) > 1 else urlsplit(url).path
