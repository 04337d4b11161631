"""The password of a web login that opens by HTTP Basic as well, which nothing asks for and no document lists."""

from __future__ import annotations

import base64

import pytest
from web_logins import Answer, logging_in

from pytest_etsi.assessment import criteria

FORM = {
    "driver": "https-form",
    "url": "{base}/login",
    "protected_url": "{base}/settings",
    "username": "owner",
    "password": "Owner-Password-1",
}


def device(*, basic):
    """What it takes by HTTP Basic: "right", "any" password, or "nothing"; `asked`: the passwords that it got."""
    asked = []

    def answers(request):
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        password = base64.b64decode(value).decode().partition(":")[2] if kind == "Basic" else None
        asked.append(password)
        opens = {"right": password == FORM["password"], "any": password is not None, "nothing": False}[basic]
        return Answer(200, "settings") if opens else Answer(302, headers={"Location": "/login"})

    return answers, asked


def test_it_is_found_and_violates_the_list(tmp_path):
    answers, _ = device(basic="right")
    with logging_in(tmp_path, answers, **FORM) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert "/settings opens to the password of" in str(found.violations)
    assert "HTTP 302 to nobody, 200 to the right password and 302 to a wrong one" in str(found.violations)


@pytest.mark.parametrize("basic", ["nothing", "any"])
def test_what_opens_to_nobody_or_to_every_password_is_no_login(tmp_path, basic):
    answers, _ = device(basic=basic)
    with logging_in(tmp_path, answers, **FORM) as dut:
        assert dut.unasked_logins() == ()


@pytest.mark.parametrize("busy", [0, 1, 2])
@pytest.mark.parametrize("status", [429, 503])
def test_an_answer_that_is_no_verdict_leaves_it_open(tmp_path, busy, status):
    """Whichever of the three questions gets it: nobody's, with the right password, with a wrong one."""
    answers, asked = device(basic="right")

    def at_times(request):
        answer = answers(request)
        return Answer(status) if len(asked) == busy + 1 else answer

    with logging_in(tmp_path, at_times, **FORM) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert not found.violations
    assert f"could not be seen: HTTP {'302 to nobody, ' * bool(busy)}" in str(found.unknowns)
    assert f"{status} to {('nobody', 'the right password', 'a wrong one')[busy]}" in str(found.unknowns)


def test_a_device_that_is_gone_leaves_it_open(tmp_path):
    answers, _ = device(basic="right")
    with logging_in(tmp_path, answers, **FORM) as dut:
        pass
    found = criteria.logins.unasked(dut.unasked_logins())

    assert "could not be seen: no answer to nobody" in str(found.unknowns)


def test_no_wrong_password_is_sent_where_the_right_one_opens_nothing(tmp_path):
    answers, asked = device(basic="nothing")
    with logging_in(tmp_path, answers, **FORM) as dut:
        dut.unasked_logins()

    assert asked == [None, FORM["password"]]


def test_a_documented_login_by_basic_is_not_asked_for(tmp_path):
    answers, asked = device(basic="right")
    with logging_in(tmp_path, answers, **{**FORM, "driver": "http-basic", "url": "{base}/settings"}) as dut:
        assert dut.unasked_logins() == ()

    assert asked == []
