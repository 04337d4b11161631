"""Answers under 200 that give the function, refuse it, or are neither."""

from __future__ import annotations

import httpx
import pytest

from pytest_etsi.dut.observe.access.refusals import compare_json
from pytest_etsi.dut.observe.access.request import judge
from pytest_etsi.profile.facts import Request

USUAL = {"ssid": "home", "key": "abc", "status": "ok"}


def answer(content):
    return httpx.Response(200, json=content)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (USUAL, ""),
        ({"ssid": "home"}, ""),  # a part of the function is the function
        ({"error": "login required"}, "refusal"),
        ({"error": {"code": 7}, "message": "no"}, "other"),
        ({"error": "exists already"}, "other"),  # what a second time of the function says
        ({"error": {"code": 7}, "message": "permission denied"}, "refusal"),
        ({"success": False, "msg": "session expired"}, "refusal"),
        ({"status": "error", "detail": "denied"}, "refusal"),
        ({"code": 401}, "refusal"),
        ({"result": "Unauthorized"}, "refusal"),
        ({"error": "x", "key": "abc"}, ""),  # an error that comes with what was asked for
        ({"error": None, "key": "abc"}, ""),
        ({"error": 0, "model": "camera"}, "other"),
        ({"login": "/login"}, "other"),
        ({}, "other"),
        ([1, 2], ""),
        ("text", ""),
    ],
)
def test_a_refusal_in_json_is_told_from_the_function(content, told):
    assert compare_json(answer(content), answer(USUAL)) == told


def test_a_function_that_always_says_error_is_no_refusal():
    errors = {"errors": ["battery low"]}

    assert compare_json(answer(errors), answer(errors)) == ""


@pytest.mark.parametrize(
    ("content", "usual", "granted", "answered"),
    [
        (USUAL, USUAL, True, True),
        ({"error": "login required"}, USUAL, False, True),
        ({"hint": "x"}, USUAL, False, False),
        ({"error": "login required"}, None, False, True),
        ({"error": "exists already"}, None, False, False),
        ({"done": True}, None, True, True),
    ],
)
def test_the_attempt_is_judged_by_it(content, usual, granted, answered):
    request = Request(method="PUT", url="https://192.0.2.7/api/wifi", expect=(200,))
    found = judge("nobody", "PUT", request, answer(content), answer(usual) if usual is not None else None)

    assert (found.granted, found.answered) == (granted, answered)


def test_a_status_that_the_documents_call_a_success_is_one():
    """A function that was carried out before answers 409."""
    request = Request(method="POST", url="https://192.0.2.7/api/users", expect=(201, 409))
    conflict = httpx.Response(409, json={"error": "the session's user exists"})

    assert judge("nobody", "POST", request, conflict, httpx.Response(201, json={"username": "x"})).granted
