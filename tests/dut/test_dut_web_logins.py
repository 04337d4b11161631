"""Logins of the real world are said in the profile: hidden fields, constants, tokens at odd places, steps."""

from __future__ import annotations

import itertools
from contextlib import closing

import pytest
from login_device import OWNER, PASSWORD, attempt_at
from web_logins import Answer, logging_in

from pytest_etsi.dut.observe.brute_force import observe_guessing
from pytest_etsi.verdict import Inconclusive

WELCOME = {"protected_url": "{base}/private"}


def is_right(asked, name="username", word="password"):
    return (asked.body.get(name), asked.body.get(word)) == (OWNER, PASSWORD)


def outcomes(dut):
    return attempt_at(dut).outcome, attempt_at(dut, "wrong").outcome, attempt_at(dut).outcome


class OneTimeField:
    """A form whose hidden field is good for one login; 403 without it."""

    def __init__(self, *, cookie=False, header=False):
        self.numbers = itertools.count()
        self.cookie, self.header = cookie, header
        self.valid = ""

    def __call__(self, asked):
        if asked.path == "/private":
            return Answer(200 if asked.cookies.get("session") == "in" else 401, "private")
        if asked.method == "GET":
            self.valid = f"t{next(self.numbers)}&quot;"
            page = f'<form><input type="hidden" name="_csrf" value="{self.valid}"><input name="username">'
            page += '<input type="password" name="password"></form>'
            return Answer(200, page, {"Set-Cookie": "session=out; Path=/"})
        given, self.valid = self.valid.replace("&quot;", '"'), ""
        if not given or asked.body.get("_csrf") != given:
            return Answer(403, "forged")
        if not is_right(asked):
            return Answer(401, "wrong")
        return Answer(302, "", {"Set-Cookie": "session=in; Path=/", "Location": "/"})


def test_a_hidden_field_that_is_good_once_is_found_by_itself(tmp_path):
    with logging_in(tmp_path, OneTimeField(), **WELCOME) as dut:
        assert outcomes(dut) == ("accepted", "refused", "accepted")


class Strangers(OneTimeField):
    """As `OneTimeField`, with these answers to strangers, one after the other."""

    def __init__(self, *answers):
        super().__init__()
        self.answers = iter(answers)

    def __call__(self, asked):
        if asked.path == "/private" and asked.cookies.get("session") != "in":
            return Answer(next(self.answers), "private")
        return super().__call__(asked)


@pytest.mark.parametrize(
    ("answers", "exclusive"),
    [
        ([401], True),
        ([302], True),
        # An overloaded server says nothing of a right to enter, so that it is asked again.
        ([503, 401], True),
        ([503, 200], False),
        ([429, 503], None),
    ],
)
def test_who_knows_no_password_is_tried_until_the_answer_tells(tmp_path, answers, exclusive):
    strangers = Strangers(*answers)
    with logging_in(tmp_path, strangers, **WELCOME) as dut:
        attempt = attempt_at(dut)

    assert (attempt.outcome, attempt.exclusive) == ("accepted", exclusive)
    assert list(strangers.answers) == []


class CookieAndHeader:
    """Takes JSON with the token of a cookie in a header."""

    def __call__(self, asked):
        if asked.path == "/private":
            return Answer(200 if asked.cookies.get("session") == "in" else 401, "private")
        if asked.method == "GET":
            return Answer(200, "<script></script>", {"Set-Cookie": "csrftoken=abc123; Path=/"})
        if asked.cookies.get("csrftoken") != "abc123" or asked.headers.get("X-CSRFToken") != "abc123":
            return Answer(403, {"detail": "CSRF Failed"})
        if not is_right(asked):
            return Answer(401, {"detail": "wrong"})
        return Answer(200, {}, {"Set-Cookie": "session=in; Path=/"})


def test_a_token_of_a_cookie_goes_back_in_a_header(tmp_path):
    login = {"driver": "http-json", "page": "{base}/", **WELCOME}
    with logging_in(tmp_path, CookieAndHeader(), **login) as dut:
        assert outcomes(dut) == ("accepted", "refused", "accepted")


class OneTimeMeta(OneTimeField):
    """As `OneTimeField`, with the token in an element of the page's head and wanted in a header."""

    def __init__(self, head, header):
        super().__init__()
        self.head, self.wanted_in = head, header

    def __call__(self, asked):
        if asked.path != "/private" and asked.method == "GET":
            self.valid = f"t{next(self.numbers)}"
            return Answer(200, self.head.format(self.valid), {"Set-Cookie": "session=out; Path=/"})
        if asked.method == "POST":
            asked = asked._replace(body={**asked.body, "_csrf": asked.headers.get(self.wanted_in)})
        return super().__call__(asked)


@pytest.mark.parametrize(
    ("head", "header"),
    [
        ('<meta name="csrf-param" content="t"><meta name="csrf-token" content="{}">', "X-CSRF-Token"),
        ('<meta content="{}" name="_csrf"><meta name="_csrf_header" content="X-Mine">', "X-Mine"),
    ],
)
@pytest.mark.parametrize("login", [{}, {"driver": "http-json", "page": "{base}/"}], ids=["form", "json"])
def test_a_token_of_the_head_of_a_page_goes_back_in_a_header(tmp_path, head, header, login):
    with logging_in(tmp_path, OneTimeMeta(head, header), **login, **WELCOME) as dut:
        assert outcomes(dut) == ("accepted", "refused", "accepted")


def grants(asked):
    """Tokens as OAuth gives them, at a nested key, wanted in a header of its own."""
    if asked.path == "/private":
        return Answer(200 if asked.headers.get("X-Auth") == "Token deep-7" else 401, "private")
    if (asked.body.get("client_id"), asked.body.get("grant_type")) != ("app", "password"):
        return Answer(400, {"error": "invalid_client", "error_description": "client_id is missing"})
    if not is_right(asked, "user", "pass"):
        return Answer(401, {"error": "invalid_grant"})
    return Answer(200, {"data": [{"session": {"token": "deep-7"}}]})


GRANTS = {
    "driver": "http-json",
    "fields": {
        "username": "user",
        "password": "pass",
        "constant": {"client_id": "app", "grant_type": "password"},
    },
    "token": {"json": "data.0.session.token"},
    "send": {"X-Auth": "Token {token}"},
    **WELCOME,
}


def test_constants_are_sent_and_a_nested_token_goes_into_a_header_of_its_own(tmp_path):
    with logging_in(tmp_path, grants, **GRANTS) as dut:
        assert outcomes(dut) == ("accepted", "refused", "accepted")


def test_what_a_session_carries_in_a_header_of_its_own_ends_with_the_next_attempt(tmp_path):
    with (
        logging_in(tmp_path, grants, **GRANTS) as dut,
        closing(dut.driver(dut.profile.ixit.auth_mech[0]).connect()) as session,
    ):
        assert session.attempt(OWNER, PASSWORD).accepted
        assert session.carried == {"x-auth"}
        assert not session.attempt(OWNER, "wrong").accepted
        assert "x-auth" not in session.client.headers


class InSteps:
    """A challenge by JSON, the login with it, a ticket in a header, and a page that turns it into a session."""

    def __init__(self):
        self.challenge = ""
        self.numbers = itertools.count(100)

    def __call__(self, asked):
        if asked.path == "/private":
            return Answer(200 if asked.cookies.get("sid") == "s-1" else 401, "private")
        if asked.path == "/challenge":
            self.challenge = str(next(self.numbers))
            return Answer(200, {"data": {"nonce": int(self.challenge)}})
        if asked.path == "/session":
            good, self.challenge = asked.body.get("nonce") == self.challenge, ""
            if good and is_right(asked):
                return Answer(200, {"ok": True}, {"X-Ticket": "ticket-9"})
            return Answer(200, {"ok": False})
        if asked.path == "/enter" and asked.body.get("ticket") == "ticket-9":
            return Answer(204, "", {"Set-Cookie": "sid=s-1; Path=/"})
        return Answer(400, "bad")


STEPS = {
    "driver": "http-steps",
    "url": None,
    "steps": [
        {"url": "{base}/challenge", "take": {"nonce": {"json": "data.nonce"}}},
        {
            "method": "POST",
            "url": "{base}/session",
            "json": {"nonce": "{nonce}", "username": "{username}", "password": "{password}"},
            "take": {"ticket": {"header": "X-Ticket"}},
        },
        {"method": "POST", "url": "{base}/enter", "form": {"ticket": "{ticket}"}},
    ],
}


@pytest.mark.parametrize("success", [WELCOME, {"protected_url": None, "success": {"status": [200, 204]}}])
def test_a_login_in_steps_takes_what_one_gives_to_the_next(tmp_path, success):
    with logging_in(tmp_path, InSteps(), **STEPS, **success) as dut:
        right, wrong, again = outcomes(dut)

    assert (right, again) == ("accepted", "accepted")
    assert wrong == "refused"


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({"field": "key"}, True),
        ({"cookie": "key"}, True),
        ({"pattern": "var key = '([a-z0-9-]+)'"}, True),
        ({"pattern": "key-[0-9]"}, True),
        ({"field": "other"}, False),
        ({"pattern": "nothing"}, False),
    ],
)
def test_values_are_taken_from_pages_and_cookies(tmp_path, place, found):
    def answers(asked):
        if asked.method == "GET":
            page = "<input type=hidden name=key value=key-1><script>var key = 'key-1'</script>"
            return Answer(200, page, {"Set-Cookie": "key=key-1; Path=/"})
        good = asked.body.get("key") == "key-1" and is_right(asked)
        return Answer(200 if good else 401, "")

    steps = [
        {"url": "{base}/", "take": {"key": place}},
        {
            "method": "POST",
            "url": "{base}/login",
            "form": {"key": "{key}", "username": "{username}", "password": "{password}"},
        },
    ]
    login = {"driver": "http-steps", "steps": steps, "protected_url": None, "success": {"status": [200]}}
    with logging_in(tmp_path, answers, **login) as dut:
        assert attempt_at(dut).outcome == ("accepted" if found else "no-answer")
        assert attempt_at(dut, "wrong").outcome == ("refused" if found else "no-answer")


# What the error says ----------------------------------------------------------------------------------------


def page_with(*fields):
    inputs = "".join(f'<input name="{name}" type="{kind}">' for name, kind in fields)
    return lambda asked: Answer(200, f"<form>{inputs}</form>") if asked.method == "GET" else Answer(403, "no")


@pytest.mark.parametrize(
    ("answers", "login", "said"),
    [
        (page_with(("luser", "text"), ("lpass", "password")), {}, "'luser', 'lpass'"),
        (
            page_with(("user", "text"), ("password", "password")),
            {},
            "no field 'username'|further fields 'user'",
        ),
        (
            page_with(("username", "text"), ("password", "password"), ("realm", "text")),
            {},
            "further fields 'realm'",
        ),
        (grants, {**GRANTS, "fields": {"username": "user", "password": "pass"}}, "client_id is missing"),
        (
            InSteps(),
            {**STEPS, "steps": [{"url": "{base}/challenge", "take": {"key": {"json": "a.b"}}}]},
            "no 'key'",
        ),
    ],
)
def test_the_error_of_a_failed_login_names_what_is_wanted(tmp_path, answers, login, said):
    with (
        logging_in(tmp_path, answers, **{**WELCOME, **login}) as dut,
        pytest.raises(Inconclusive, match=said),
    ):
        dut.login("web")


def test_no_password_is_in_what_an_error_repeats(tmp_path):
    login = {"driver": "http-json", **WELCOME}
    with (
        logging_in(tmp_path, lambda asked: Answer(400, {"got": dict(asked.body)}), **login) as dut,
        pytest.raises(Inconclusive) as error,
    ):
        dut.login("web")

    assert PASSWORD not in error.value.reason


# Who is let in ----------------------------------------------------------------------------------------------


def test_a_page_that_opens_for_the_whole_address_after_one_login_lets_no_wrong_password_in(tmp_path):
    """The address is let in by one right login; wrong passwords are told so under 200."""
    let_in = set()

    def answers(asked):
        if asked.path == "/private":
            return Answer(200 if let_in else 401, "private")
        if asked.method == "POST" and is_right(asked):
            let_in.add("here")
            return Answer(200, "welcome")
        return Answer(200, "wrong")

    login = {"success": {"status": [200]}, "guess_budget": 6, **WELCOME}
    with logging_in(tmp_path, answers, **login) as dut:
        log = observe_guessing(dut, dut.profile.ixit.auth_mech[0])

    assert not any(one.credential == "wrong" and one.attempt.accepted for one in log.attempts)
    assert "whether" in " ".join(log.unseen)
