"""Decisions met at the first start and on a fresh device: pages are read as users get them, and nothing is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import httpx

from pytest_etsi.dut.observe.decisions.model import DecisionsSeen, Met
from pytest_etsi.dut.observe.states import in_factory_default
from pytest_etsi.dut.reach.auth.http import http_client
from pytest_etsi.dut.reach.auth.taking import text_of
from pytest_etsi.probes.http.controls import read_controls
from pytest_etsi.probes.webdocs import read_html
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.http.controls import Control
    from pytest_etsi.profile.entries import UserDecEntry
    from pytest_etsi.profile.facts import UserDecAccess

__all__ = ["observe_decisions"]

_OWN = "*"
_SHOWN = 1500
"""Characters of a page that are kept for whoever judges its words."""
_ASKS = ("checkbox", "radio", "select")
"""Kinds of controls that put a choice."""


def observe_decisions(dut: Core) -> DecisionsSeen:
    """Reset the device, read what it asks, set it up, and read what it asks then; done once in a run.

    Returns:
        What was seen, which is nothing where it could not be tried: not permitted, no operations, another device.
    """
    try:
        return dut.recorder.once("decisions", lambda: _observe(dut))
    except Inconclusive as error:
        return DecisionsSeen(gaps=(error.reason,), cause=error.cause, settle=error.settle)


def _observe(dut: Core) -> DecisionsSeen:
    entries = tuple(dut.profile.ixit.user_dec)
    with in_factory_default(dut):
        first = [_met(dut, one, entries) for one in entries if one.access.factory_default]
    # Now it is set up, and nobody has decided anything else.
    later = [_met(dut, one, entries) for one in entries if not one.access.factory_default]
    seen = DecisionsSeen((*first, *later), set_up=True)
    dut.recorder.observed("decisions", seen)
    return seen


def _met(dut: Core, entry: UserDecEntry, entries: Iterable[UserDecEntry]) -> Met:
    access = entry.access
    if access.page is None:
        return _elsewhere(dut, entry)
    where = f"the page {access.page}"
    try:
        page = _page(dut, access)
    except (Inconclusive, httpx.HTTPError, httpx.InvalidURL) as error:
        return Met(entry.id, where, detail=str(error) or type(error).__name__, wizard=access.factory_default)
    controls = read_controls(page)
    options = tuple((name, _offers(access, name, controls)) for name in access.controls)
    chosen = tuple(name for name in access.controls if _is_chosen(access, name, controls))
    if not chosen:
        chosen = tuple(
            name for name, one in access.controls.items() if one.field is None and one.button is None
        )
    known = {
        name
        for one in entries
        if one.access.page == access.page and one.access.factory_default == access.factory_default
        for control in one.access.controls.values()
        for name in (control.field,)
        if name is not None
    }
    return Met(
        entry.id,
        where,
        looked=True,
        options=options,
        chosen=chosen,
        values=tuple(_unknown_values(access, controls)),
        others=tuple(_other_choices(access, controls)),
        strays=tuple(
            f"{one.kind} {one.name!r}" for one in controls if one.kind in _ASKS and one.name not in known
        ),
        wizard=access.factory_default,
        asked=_words_of(page)[:_SHOWN],
    )


def _words_of(page: str) -> str:
    return "\n".join(passage.text for passage in read_html(page).passages)


def _page(dut: Core, access: UserDecAccess) -> str:
    """The page as its user gets it.

    Raises:
        Inconclusive: the login does not let in, or the page is not there.
        httpx.HTTPError: it was not given.
    """
    session = dut.login(access.login) if access.login else None
    client = http_client(session) if session is not None else dut.network.http()
    try:
        answer = client.get(access.page or "", follow_redirects=session is None)
    finally:
        (session or client).close()
    if not answer.is_success:
        inconclusive(
            f"HTTP {answer.status_code}", cause=Cause.BENCH, settle="name the page that puts the decision"
        )
    return text_of(answer)


def _elsewhere(dut: Core, entry: UserDecEntry) -> Met:
    """A decision that is no page: what shows that each option is open, and what holds while nobody has chosen."""
    access = entry.access
    if not access.offered:
        return Met(entry.id, detail="access does not say where it is met", wizard=access.factory_default)
    options = tuple((name, dut.operations.holds(one)) for name, one in access.offered.items())
    unanswered = access.unanswered
    chosen = entry.facts.default
    holds = unanswered is not None and chosen is not None and dut.operations.holds(unanswered)
    return Met(
        entry.id,
        ", ".join(str(one) for one in access.offered.values()),
        looked=True,
        options=options,
        chosen=(chosen,) if holds and chosen is not None else (),
        wizard=access.factory_default,
    )


def _of(access: UserDecAccess, name: str, controls: Sequence[Control]) -> Iterator[Control]:
    """The controls by which an option is chosen."""
    wanted = access.controls[name]
    for one in controls:
        if wanted.button is not None and one.kind == "button" and one.name == wanted.button:
            yield one
        if wanted.field is not None and one.kind != "button" and one.name == wanted.field:
            yield one


def _offers(access: UserDecAccess, name: str, controls: Sequence[Control]) -> bool:
    wanted = access.controls[name]
    if wanted.field is None and wanted.button is None:
        # To do nothing is possible wherever something can be done.
        return any(
            _offers(access, other, controls)
            for other, one in access.controls.items()
            if one.field or one.button
        )
    return any(
        one.kind in ("button", "text") or wanted.value in one.choices for one in _of(access, name, controls)
    )


def _is_chosen(access: UserDecAccess, name: str, controls: Sequence[Control]) -> bool:
    wanted = access.controls[name]
    return any(
        bool(one.chosen[0]) if wanted.value == _OWN and one.kind == "text" else wanted.value in one.chosen
        for one in _of(access, name, controls)
        if one.kind != "button" and one.chosen
    )


def _unknown_values(access: UserDecAccess, controls: Sequence[Control]) -> Iterator[str]:
    """What is chosen at first, and no option stands for."""
    for field in dict.fromkeys(one.field for one in access.controls.values() if one.field is not None):
        known = {one.value for one in access.controls.values() if one.field == field}
        for control in controls:
            if control.kind == "button" or control.name != field:
                continue
            for value in control.chosen:
                if value in known or (_OWN in known and control.kind == "text"):
                    continue
                yield f"a text in {field!r}" if control.kind == "text" else f"{value!r} of {field!r}"


def _other_choices(access: UserDecAccess, controls: Sequence[Control]) -> Iterator[str]:
    """Choices of the same controls that no option stands for; of a checkbox there are two in any case."""
    for field in dict.fromkeys(one.field for one in access.controls.values() if one.field is not None):
        known = {one.value for one in access.controls.values() if one.field == field}
        for control in controls:
            if control.kind in ("radio", "select") and control.name == field:
                yield from (f"{value!r} of {field!r}" for value in control.choices if value not in known)
