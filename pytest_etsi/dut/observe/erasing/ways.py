"""The ways in on which user data can be seen: operations that the profile names, and what documents say is fetched."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import httpx

from pytest_etsi.dut.observe.access.request import as_login, name_of
from pytest_etsi.dut.observe.erasing.model import Look
from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.probes.needles import Needles
from pytest_etsi.profile.operations import HttpOperation, SshOperation
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.dut.core import Core
    from pytest_etsi.dut.observe.erasing.model import Moment
    from pytest_etsi.profile.facts import Request

__all__ = ["Ways", "new_marker"]

_MOST_REQUESTS = 60
_CONSOLE = "what the serial console says"


def new_marker() -> str:
    """A value that nobody else has: letters and digits, which most devices take as a name."""
    return f"etsi{secrets.token_hex(6)}"


class Ways:
    """The ways in.

    Args:
        dut: the device.
        marker: what is looked for, as it is and in the codings in which values travel.
        reads: names of operations that the documents name.
        documented: whether what documents say is fetched with a login is looked at, too.
    """

    def __init__(self, dut: Core, marker: str, reads: Sequence[str], *, documented: bool) -> None:
        self._dut = dut
        self._marker = Needles({"marker": marker})
        self._reads = reads
        self._requests = tuple(self._documented()) if documented else ()

    def look(self, moment: Moment, *, declared_only: bool = False) -> tuple[Look, ...]:
        """Look for it by every way, or by those alone that the documents name.

        A login that does not let in is not tried again in the same look: that could lock it.
        """
        shut: dict[str, str] = {}
        looks = [self._by_operation(name, moment, shut) for name in self._reads]
        if not declared_only:
            looks += [self._by_request(one, moment, shut) for one in self._requests]
        return tuple(looks)

    def mark(self) -> int | None:
        """Where the serial console is now; None: the profile has none, or it cannot be opened."""
        if self._dut.profile.access.serial is None:
            return None
        try:
            return self._dut.console.mark()
        except Inconclusive:
            return None

    def heard(self, since: int | None, moment: Moment) -> tuple[Look, ...]:
        """What the serial console has said since a mark, without being asked."""
        if since is None:
            return ()
        try:
            text = self._dut.console.text(since)
        except Inconclusive as error:
            return (Look(_CONSOLE, moment, found=False, readable=False, detail=error.reason, declared=False),)
        return (Look(_CONSOLE, moment, self._is_in(text), bool(text), declared=False),)

    def _by_operation(self, name: str, moment: Moment, shut: dict[str, str]) -> Look:
        logins = [one for one in _logins(self._dut, name) if one in shut]
        if logins:
            return Look(name, moment, found=False, readable=False, detail=shut[logins[0]])
        try:
            result = self._dut.operations.attempt(name)
        except Inconclusive as error:
            shut.update(dict.fromkeys(_logins(self._dut, name), error.reason))
            return Look(name, moment, found=False, readable=False, detail=error.reason)
        if not result.done or not result.value:
            detail = result.detail or "it gives no value"
            return Look(name, moment, found=False, readable=False, detail=detail)
        return Look(name, moment, found=self._is_in(result.value), readable=True)

    def _by_request(self, request: Request, moment: Moment, shut: dict[str, str]) -> Look:
        way, login = name_of(request), request.login or ""
        if login in shut:
            return Look(way, moment, found=False, readable=False, detail=shut[login], declared=False)
        try:
            tried, answer = as_login(self._dut, request, "with the right")
        except (Inconclusive, httpx.InvalidURL) as error:
            shut[login] = str(error)
            return Look(way, moment, found=False, readable=False, detail=str(error), declared=False)
        text = text_of(answer) if answer is not None and tried.granted else ""
        return Look(
            way, moment, self._is_in(text), bool(text), "" if text else str(tried.status), declared=False
        )

    def _is_in(self, text: str) -> bool:
        # Some devices keep names in capital or in small letters only.
        return any(self._marker.inside(one.encode("utf-8", "surrogatepass")) for one in (text, text.lower()))

    def _documented(self) -> Iterator[Request]:
        """What 13-SoftServ says is fetched with a login, and no named operation fetches."""
        operations = self._dut.profile.access.operations
        named = {
            step.url
            for name in self._reads
            if isinstance(declared := operations.get(name), HttpOperation)
            for step in declared.requests()
        }
        requests = [
            one
            for entry in self._dut.profile.ixit.soft_serv
            for one in entry.access.requests
            if one.method == "GET" and one.login and one.url not in named
        ]
        yield from requests[:_MOST_REQUESTS]


def _logins(dut: Core, name: str) -> Iterable[str]:
    """The logins that an operation uses."""
    declared = dut.profile.access.operations.get(name)
    if isinstance(declared, SshOperation):
        return (declared.login,)
    if isinstance(declared, HttpOperation):
        return tuple(step.login for step in declared.requests() if step.login)
    return ()
