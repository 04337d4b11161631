"""Whether one answer gives a function, and who tries what lies behind a login."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest

from pytest_etsi.dut.observe.access.model import Try
from pytest_etsi.dut.observe.access.people import each_behind_login, people
from pytest_etsi.dut.observe.access.request import judge
from pytest_etsi.verdict import Cause, Inconclusive


def page(text: str) -> httpx.Response:
    return httpx.Response(200, html=text)


def plain(text: str) -> httpx.Response:
    return httpx.Response(200, text=text)


STATE = page("<html><title>State</title><body><h1>On</h1></body></html>")
LOGIN = page("<html><title>Log in</title><body><form><input type=password name=p></form></body></html>")
OTHER = page("<html><title>State</title><body><h1>Off</h1></body></html>")
CHANGE = page("<html><body><form><INPUT name=o TYPE='password'><input type=password></form></body></html>")
EMPTY = httpx.Response(200)


@pytest.mark.parametrize(
    ("method", "answer", "usual", "granted", "answered"),
    [
        ("GET", STATE, STATE, True, True),
        ("GET", LOGIN, STATE, False, True),  # what everybody gets in place of the function
        ("GET", LOGIN, plain("on"), False, True),
        ("GET", plain("on"), STATE, False, False),  # the function in other clothes, or none of it
        ("GET", plain("off"), plain("on"), True, True),
        ("GET", OTHER, STATE, False, False),  # the same page a moment later, perhaps
        ("GET", OTHER, None, False, False),
        ("GET", CHANGE, None, False, False),
        ("GET", CHANGE, STATE, False, False),
        ("GET", LOGIN, CHANGE, False, False),
        ("GET", OTHER, plain("on"), False, True),
        ("GET", LOGIN, None, False, True),
        ("GET", plain("on"), None, True, True),
        ("POST", LOGIN, None, True, True),
        ("POST", plain("on"), None, True, True),
        ("POST", LOGIN, EMPTY, True, True),
        ("GET", LOGIN, EMPTY, True, True),
        ("GET", httpx.Response(401), STATE, False, True),
        ("GET", httpx.Response(503), STATE, False, False),
    ],
)
def test_a_success_gives_the_function_unless_it_is_a_page_in_its_place(
    method, answer, usual, granted, answered
):
    request = SimpleNamespace(method=method, expect=(200,))
    seen = judge("nobody", "it", request, answer, usual)

    assert (seen.granted, seen.answered, seen.status) == (granted, answered, f"HTTP {answer.status_code}")


# Who tries --------------------------------------------------------------------------------------------------


def mechanism(second=None):
    return SimpleNamespace(id="web", access=SimpleNamespace(second_account=second, username="owner"))


CORE = SimpleNamespace(
    credentials=lambda _: ("owner", "Owner-1"),
    profile=SimpleNamespace(ixit=SimpleNamespace(auth_mech={"web": mechanism()})),
)
GUEST = SimpleNamespace(username="guest", password="Guest-1")


@pytest.mark.parametrize(
    ("second", "not_by_second", "tries", "gap"),
    [
        (GUEST, True, True, False),
        (GUEST, False, False, False),
        (None, True, False, True),
        (None, False, False, False),
    ],
)
def test_the_second_account_tries_what_it_may_not_and_its_lack_is_a_gap(second, not_by_second, tries, gap):
    gaps: list[str] = []
    ways = people(
        CORE, mechanism(second), SimpleNamespace(login="web", not_by_second=not_by_second), "it", gaps
    )

    subjects = [subject for subject, *_ in ways]
    assert subjects[:3] == ["with the right", "nobody", "nobody"]
    assert subjects.count("wrong identity") == 3
    assert ("without the right" in subjects) is tries
    assert gaps == (["1-AuthMech/web gives no second account for it"] if gap else [])


def test_what_could_not_be_tried_is_a_gap_and_the_rest_is_tried():
    def tries(_mechanism, access):
        if access.name == "closed":
            raise Inconclusive("no password", cause=Cause.ACCESS)
        yield Try("nobody", access.name, "refused", granted=False)

    gaps: list[str] = []
    accesses = [SimpleNamespace(login=login, name=name) for login, name in
                [("web", "closed"), ("unknown", "left out"), ("web", "open")]]  # fmt: skip
    seen = list(each_behind_login(CORE, accesses, tries, lambda access: access.name, gaps))

    assert [one.request for one in seen] == ["open"]
    assert gaps == ["closed: no password"]
