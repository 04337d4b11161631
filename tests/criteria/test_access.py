"""Who gets at functions: attempts, good and bad, and what each comes to (5.5-4-2, 5.5-5-2 a)."""

from __future__ import annotations

from types import SimpleNamespace

import httpx
import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut import AccessObservation
from pytest_etsi.dut.observe.access.http import _ways_around
from pytest_etsi.dut.observe.access.model import Try
from pytest_etsi.dut.observe.access.request import judge
from pytest_etsi.profile.facts import Request

ENTRY = entry_of("13-SoftServ", {"Description": "Settings over the network."})
REFUSED = [
    Try("nobody", "GET /x", "HTTP 401", granted=False),
    Try("wrong identity", "GET /x with made-up Bearer", "HTTP 401", granted=False),
    Try("tampered session", "GET /x", "HTTP 401", granted=False),
    Try("without the right", "GET /x", "HTTP 403", granted=False),
]
GRANTED = Try("with the right", "GET /x", "HTTP 200", granted=True)


def _observed(*tries: Try, gaps: tuple[str, ...] = ()) -> AccessObservation:
    return AccessObservation(tries, gaps)


def test_refusals_and_the_right_are_as_they_should_be() -> None:
    observed = _observed(*REFUSED, GRANTED)

    assert not criteria.access.kept_out(ENTRY, observed)
    assert not criteria.access.let_in(ENTRY, observed)
    assert "nobody: 1" in criteria.access.told(observed)


@pytest.mark.parametrize(
    "subject", ["nobody", "wrong identity", "tampered session", "ended session", "without the right"]
)
def test_whoever_gets_what_it_should_not_is_a_violation(subject) -> None:
    observed = _observed(*REFUSED, Try(subject, "PUT /x", "HTTP 200", granted=True), GRANTED)

    assert f"granted to {subject}" in str(criteria.access.kept_out(ENTRY, observed).violations)
    assert not criteria.access.let_in(ENTRY, observed)


def test_a_refusal_of_the_right_is_a_violation() -> None:
    observed = _observed(*REFUSED, Try("with the right", "GET /x", "HTTP 403", granted=False))

    assert criteria.access.let_in(ENTRY, observed).violations
    assert not criteria.access.kept_out(ENTRY, observed)


def test_what_is_granted_in_factory_default_is_a_violation() -> None:
    earlier = [Try("nobody", "PUT /x", "HTTP 200", granted=True)]

    assert "in factory default" in str(
        criteria.access.kept_out(ENTRY, _observed(GRANTED), earlier).violations
    )


@pytest.mark.parametrize(
    "observed",
    [
        _observed(gaps=("no request is given",)),
        _observed(Try("nobody", "GET /x", "ConnectError", granted=False, answered=False)),
    ],
)
def test_what_was_not_answered_or_not_tried_leaves_it_open(observed: AccessObservation) -> None:
    found = criteria.access.kept_out(ENTRY, observed)

    assert not found.violations
    assert found.unknowns


def test_what_nobody_has_tried_shows_nothing() -> None:
    """That a function is refused to its owner tells nothing of those who should be kept out, nor the other way round."""
    only_owner = _observed(Try("with the right", "GET /x", "HTTP 401", granted=False))
    only_others = _observed(*REFUSED)

    assert [one.kind for one in criteria.access.kept_out(ENTRY, only_owner)] == ["unknown"]
    assert [one.kind for one in criteria.access.let_in(ENTRY, only_owner)] == ["violation"]
    assert [one.kind for one in criteria.access.let_in(ENTRY, only_others)] == ["unknown"]
    assert not criteria.access.kept_out(ENTRY, only_others)


def test_the_right_that_got_no_answer_leaves_it_open() -> None:
    found = criteria.access.let_in(
        ENTRY, _observed(Try("with the right", "GET /x", "ConnectError", granted=False, answered=False))
    )

    assert [finding.message for finding in found.unknowns] == ["GET /x with the right: ConnectError"]
    assert not found.violations


GET = Request.model_validate({"url": "https://192.0.2.7/api/x"})
PUT = Request.model_validate({"method": "PUT", "url": "https://192.0.2.7/api/x", "json": {"on": True}})
JSON = {"content-type": "application/json"}
HTML = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("status", "headers", "text", "granted"),
    [
        (200, JSON, '{"secret": 1}', True),
        (200, HTML, "<form>Please log in</form>", False),
        (401, JSON, "{}", False),
        (403, JSON, "{}", False),
        (404, JSON, "{}", False),
        (303, {"location": "/login"}, "", False),
        (500, JSON, "{}", False),
    ],
)
def test_a_login_page_in_place_of_the_function_grants_nothing(status, headers, text, granted) -> None:
    usual = httpx.Response(200, headers=JSON, text='{"secret": 2}')
    tried = judge("nobody", "GET /x", GET, httpx.Response(status, headers=headers, text=text), usual)

    assert tried.granted is granted


def test_a_page_with_the_words_of_the_function_grants_it() -> None:
    usual = httpx.Response(200, headers=HTML, text="<h1>Settings of the camera</h1>")

    assert judge("nobody", "GET /x", GET, usual, usual).granted
    other = httpx.Response(200, headers=HTML, text="<h1>Welcome, please log in</h1>")
    assert not judge("nobody", "GET /x", GET, other, usual).granted


def test_a_success_of_another_kind_is_for_a_person() -> None:
    usual = httpx.Response(200, headers=JSON, text='{"secret": 2}')
    other = httpx.Response(200, headers={"content-type": "text/css"}, text='{"secret": 2}')
    tried = judge("nobody", "GET /x;.css", GET, other, usual)

    assert (tried.granted, tried.answered) == (False, False)


def test_an_overloaded_server_says_nothing() -> None:
    assert not judge("nobody", "GET /x", GET, httpx.Response(503), None).answered


def test_ways_around_ask_harmless_requests_in_other_spellings() -> None:
    ways = dict(_ways_around(GET))

    assert ways["with a doubled slash"]["url"] == "https://192.0.2.7//api/x"
    assert ways["with an encoded letter"]["url"] == "https://192.0.2.7/api/%78"
    assert ways["with a dot segment"] == {"target": "/./api/x"}
    assert not any("method" in options for options in ways.values())


def test_ways_around_for_changes_hide_the_method() -> None:
    ways = dict(_ways_around(PUT))

    assert ways["as POST with another method in a header"]["headers"] == {"X-HTTP-Method-Override": "PUT"}
    assert ways["as GET with the values in the address"]["url"].endswith("?on=true")


def test_a_mechanism_without_endpoint_and_carrier_is_open() -> None:
    entry = entry_of("1-AuthMech", {"Description": "Token towards the service."})

    assert criteria.access.authentication_in_use(entry, None, ()).unknowns


def test_a_carrier_speaks_for_the_mechanism() -> None:
    entry = entry_of("1-AuthMech", {"Description": "Token towards the service."})
    carrier = entry_of(
        "11-ComMech",
        {"facts": {"tls": {"versions": ["TLSv1.2"], "cipher_suites": ["TLS_AES_128_GCM_SHA256"]}}},
    )
    observed = SimpleNamespace(open=("nothing seen",), accepted=(), offered=(), services=())

    assert "nothing seen" in str(
        criteria.access.authentication_in_use(entry, None, [(carrier, observed)]).unknowns
    )
