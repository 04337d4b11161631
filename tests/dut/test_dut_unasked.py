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


def page_device(*, basic, home="dashboard"):
    """It shows its start page to who is logged in only; `home` is what it shows to everybody, where not that.

    `asked`: the paths, each with what was shown to be let in.
    """
    asked = []

    def answers(request):
        kind, _, value = request.headers.get("Authorization", "").partition(" ")
        password = base64.b64decode(value).decode().partition(":")[2] if kind == "Basic" else None
        asked.append((request.path, password or ("session" if "session" in request.cookies else "nothing")))
        if request.path == "/login" and request.method == "POST":
            right = request.body.get("password") == FORM["password"]
            return Answer(204 if right else 403, headers={"Set-Cookie": "session=1"} if right else {})
        if request.path == "/login":
            return Answer(
                200, "<form method=post><input name=username><input type=password name=password></form>"
            )
        if home == "everybody's" and request.path == "/":
            return Answer(200, "welcome")
        if "session" in request.cookies or (basic and password == FORM["password"]):
            return Answer(200, "dashboard")
        return Answer(302, headers={"Location": "/login"})

    return answers, asked


UNNAMED = {**FORM, "protected_url": None, "success": {"status": [204]}}


def test_an_address_that_no_entry_names_is_found_by_what_the_login_opens(tmp_path):
    answers, _ = page_device(basic=True)
    with logging_in(tmp_path, answers, **UNNAMED) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert "/ opens to the password of web by HTTP Basic" in str(found.violations)


def test_what_the_login_opens_and_basic_does_not_is_no_further_login(tmp_path):
    answers, asked = page_device(basic=False)
    with logging_in(tmp_path, answers, **UNNAMED) as dut:
        assert dut.unasked_logins() == ()

    assert ("/", FORM["password"]) in asked
    assert not any("guess" in shown for _, shown in asked)


def test_where_nothing_shows_who_is_logged_in_it_is_said_that_it_was_not_asked(tmp_path):
    answers, asked = page_device(basic=True, home="everybody's")
    with logging_in(tmp_path, answers, **UNNAMED) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert "no address is known that it alone opens" in str(found.unknowns)
    assert found.unknowns[0].settle.startswith("state access.protected_url")
    assert found.unknowns[0].cause == "access"
    assert FORM["password"] not in [shown for _, shown in asked]


def test_an_address_that_opens_to_everybody_shows_nothing(tmp_path):
    answers, _ = page_device(basic=True, home="everybody's")
    with logging_in(tmp_path, answers, **{**FORM, "protected_url": "{base}/"}) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert "opens without a login too" in str(found.unknowns)


@pytest.mark.parametrize(
    ("missing", "why", "settle"),
    [
        ("password", "gives no credential", "access.password"),
        ("success", "nothing tells an accepted login", "access.success or access.protected_url"),
    ],
)
def test_what_the_profile_lacks_to_ask_is_said(tmp_path, missing, why, settle):
    answers, _ = page_device(basic=True)
    access = {name: value for name, value in UNNAMED.items() if name != missing}
    if missing == "password":
        access["password"] = None
    with logging_in(tmp_path, answers, **access) as dut:
        found = criteria.logins.unasked(dut.unasked_logins())

    assert why in str(found.unknowns)
    assert settle in found.unknowns[0].settle


def test_the_password_of_a_digest_login_is_not_sent_in_clear(tmp_path):
    answers, asked = device(basic="right")
    with logging_in(tmp_path, answers, **{**FORM, "driver": "http-digest"}) as dut:
        assert dut.unasked_logins() == ()

    assert asked == []


def test_without_an_address_of_its_own_a_basic_login_above_it_is_still_the_documented_one(tmp_path):
    answers, asked = page_device(basic=True)
    with logging_in(tmp_path, answers, **{**UNNAMED, "driver": "http-basic", "url": "{base}/"}) as dut:
        assert dut.unasked_logins() == ()

    assert asked == []
