"""Which attempts are made at functions over HTTP, and what is said of those that could not be made."""

from __future__ import annotations

import pytest
from scripted_access import BASE, OWNER, ScriptedDevice, observed, openapi

from pytest_etsi.dut.observe.access import described
from pytest_etsi.dut.observe.access.openapi import OpenApiError
from pytest_etsi.profile.facts import Request
from pytest_etsi.verdict import Cause, Inconclusive

READ = {"url": f"{BASE}/state", "login": "web"}
WRITE = {"method": "PUT", "url": f"{BASE}/name", "json": {"name": "lamp"}, "login": "web"}
LOGOUT = {"logout": {"url": f"{BASE}/logout"}}
SECOND = {"second_account": {"username": "guest", "password": "Guest-Password-1"}}


@pytest.fixture
def device():
    return ScriptedDevice()


def granted(seen):
    return {one.subject for one in seen.tries if one.granted}


def test_a_device_that_gives_to_the_owner_only_grants_nothing_else_and_leaves_no_gap(device, tmp_path):
    seen = observed(tmp_path, device, {"requests": [READ], "changes": [WRITE]}, LOGOUT)

    assert seen.gaps == ()
    assert granted(seen) == {"with the right"}
    assert {one.subject for one in seen.tries} == {
        "nobody", "wrong identity", "tampered session", "ended session", "with the right",
    }  # fmt: skip
    assert all(one.answered for one in seen.tries)


def test_what_anybody_gets_is_granted_to_nobody(device, tmp_path):
    device.forgives = {"/state"}

    assert "nobody" in granted(observed(tmp_path, device, {"requests": [READ]}))


def test_the_owners_password_under_another_name_is_a_wrong_identity(device, tmp_path):
    device.takes_any_name = True

    assert "wrong identity" in granted(observed(tmp_path, device, {"requests": [READ]}))


def test_an_entry_without_any_request_could_not_be_tried(device, tmp_path):
    assert observed(tmp_path, device, {}).gaps == (
        "no request is given by which it could be tried (access.requests, topics, streams, shells)",
    )


def test_changes_are_not_sent_without_the_permission_and_that_is_said(device, tmp_path):
    device.permissions = ()
    seen = observed(tmp_path, device, {"requests": [READ], "changes": [WRITE]})

    assert seen.gaps == (
        "requests that change settings are not sent: the permission change-credentials is missing",
    )
    assert not any(path == "/name" for _, path, _ in device.asked)


def test_a_login_that_does_not_work_is_a_gap_for_everybody_who_would_have_used_it(device, tmp_path):
    device.failing = {"login"}
    seen = observed(tmp_path, device, {"requests": [READ]}, LOGOUT)

    assert seen.gaps == (
        f"GET {BASE}/state with the right: the login does not work",
        f"GET {BASE}/state with a tampered session: the login does not work",
        "web with an ended session: the login does not work",
    )


def test_a_password_that_is_not_known_is_a_gap_of_the_wrong_name(device, tmp_path):
    def unknown(_):
        raise Inconclusive("no password is given", cause=Cause.INFORMATION)

    device.credentials = unknown

    assert observed(tmp_path, device, {"requests": [READ]}).gaps == (
        "web under a wrong name: no password is given",
    )


# Sessions that were ended -----------------------------------------------------------------------------------


def test_a_session_that_goes_on_after_its_end_is_granted(device, tmp_path):
    device.ends_sessions = False

    assert "ended session" in granted(observed(tmp_path, device, {"requests": [READ]}, LOGOUT))


@pytest.mark.parametrize(
    ("status", "gap"),
    [
        (500, f"POST {BASE}/logout: the session could not be ended: HTTP 500"),
        (None, f"POST {BASE}/logout: ReadError"),
    ],
)
def test_a_session_that_could_not_be_ended_is_a_gap_and_not_tried(device, tmp_path, status, gap):
    device.logout_status = status
    seen = observed(tmp_path, device, {"requests": [READ]}, LOGOUT)

    assert seen.gaps == (gap,)
    assert seen.by("ended session") == ()


def test_without_a_way_to_end_it_no_session_is_ended(device, tmp_path):
    assert observed(tmp_path, device, {"requests": [READ]}).by("ended session") == ()


# The second account -----------------------------------------------------------------------------------------


def test_a_second_account_without_a_request_that_it_may_not_make_is_a_gap(device, tmp_path):
    seen = observed(tmp_path, device, {"requests": [READ]}, SECOND)

    assert seen.gaps == (
        "web has a second account, and no request is given that it may not make (access.refused)",
    )


def test_a_second_account_that_may_do_everything_leaves_no_gap(device, tmp_path):
    seen = observed(tmp_path, device, {"requests": [READ], "refused": []}, SECOND)

    assert seen.gaps == ()
    assert seen.by("without the right") == ()


def test_a_second_account_that_is_refused_leaves_no_gap(device, tmp_path):
    seen = observed(tmp_path, device, {"requests": [READ], "refused": [WRITE]}, SECOND)

    assert seen.gaps == ()
    assert [one.granted for one in seen.by("without the right")] == [False]


def test_a_second_account_that_gets_what_it_may_not_is_granted(device, tmp_path):
    device.guest_may = {"/name"}
    seen = observed(tmp_path, device, {"requests": [READ], "refused": [WRITE]}, SECOND)

    assert "without the right" in granted(seen)


def test_a_second_account_that_cannot_log_in_is_a_gap(device, tmp_path):
    device.failing = {"second_login"}
    seen = observed(tmp_path, device, {"requests": [READ], "refused": [WRITE]}, SECOND)

    assert seen.gaps == (f"PUT {BASE}/name without the right: the login does not work",)


# Operations of an OpenAPI document --------------------------------------------------------------------------


def test_operations_of_a_document_are_tried_like_requests(device, tmp_path):
    device.forgives = {"/api/b"}
    seen = observed(tmp_path, device, {"openapi": openapi(tmp_path, {"/a": {"get": {}}, "/b": {"get": {}}})})

    assert seen.gaps == ()
    assert [one.request for one in seen.by("nobody") if one.granted] == [f"GET {BASE}/api/b"]


def test_an_operation_that_gives_its_owner_nothing_either_is_a_gap(device, tmp_path):
    device.lacks.add("/api/b")
    seen = observed(tmp_path, device, {"openapi": openapi(tmp_path, {"/a": {"get": {}}, "/b": {"get": {}}})})

    assert {one.request for one in seen.by("with the right")} == {f"GET {BASE}/api/a"}
    (gap,) = seen.gaps
    assert "1 GET operations of api.json could not be tried" in gap
    assert "/api/b" in gap


@pytest.mark.parametrize(("many", "is_gap"), [(60, False), (61, True)])
def test_no_more_than_sixty_operations_are_tried_and_that_is_said(device, tmp_path, many, is_gap):
    document = openapi(tmp_path, {f"/p{number}": {"get": {}} for number in range(many)})
    # What anybody gets ends the attempts of each subject, so that this stays short.
    device.forgives = {"/api/p0"}
    seen = observed(tmp_path, device, {"openapi": document})

    said = "api.json has more than 60 operations; the rest was not tried"
    assert (said in seen.gaps) is is_gap
    assert len({path for _, path, token in device.asked if token == OWNER}) == 60


@pytest.mark.parametrize(
    ("method", "declared", "is_known"),
    [
        ("delete", {"method": "DELETE", "url": f"{BASE}/api/lamps/1"}, True),
        ("delete", {"method": "DELETE", "url": f"{BASE}/api/rooms/1"}, False),
        ("delete", {"method": "PUT", "url": f"{BASE}/api/lamps/1"}, False),
        ("delete", {"method": "DELETE", "url": f"{BASE}/api/lamps/1/name"}, False),
        ("put", {"method": "PUT", "url": f"{BASE}/api/lamps/7"}, True),
    ],
)
def test_an_operation_counts_as_tried_where_a_request_has_both_its_method_and_its_path(
    device, tmp_path, method, declared, is_known
):
    document = openapi(tmp_path, {"/lamps/{id}": {method: {}}})
    seen = observed(
        tmp_path, device, {"requests": [READ], "refused": [declared | {"login": "web"}], "openapi": document}
    )

    missing = f"1 operations of api.json that change something have no request by which they could be tried: {method.upper()}"
    assert any(gap.startswith(missing) for gap in seen.gaps) is not is_known


@pytest.mark.parametrize(
    ("declared", "is_known"),
    [
        ({"url": f"{BASE}/api/lamps/kitchen"}, True),
        ({"url": f"{BASE}/api/rooms/kitchen"}, False),
        ({"method": "PUT", "url": f"{BASE}/api/lamps/kitchen"}, False),
    ],
)
def test_an_operation_without_values_counts_as_tried_by_a_request_with_some(
    device, tmp_path, declared, is_known
):
    named = {"name": "name", "in": "path", "schema": {"type": "object"}}
    document = openapi(tmp_path, {"/lamps/{name}": {"get": {"parameters": [named]}}})
    seen = observed(tmp_path, device, {"requests": [declared | {"login": "web"}], "openapi": document})

    assert any("1 GET operations of api.json could not be tried" in gap for gap in seen.gaps) is not is_known


def test_an_operation_that_the_owner_does_not_get_is_a_gap(device, tmp_path):
    device.failing = {"login"}
    seen = observed(tmp_path, device, {"openapi": openapi(tmp_path, {"/a": {"get": {}}})})

    assert f"GET {BASE}/api/a: the login does not work" in seen.gaps


def test_an_operation_that_changes_something_is_tried_with_made_up_values_only_where_that_is_permitted(
    device, tmp_path
):
    document = openapi(tmp_path, {"/lamps": {"delete": {}}}) | {"generate": True}
    device.permissions = ()
    seen = observed(tmp_path, device, {"openapi": document})

    assert (
        "operations that change something are not tried: the permission change-credentials is missing"
        in seen.gaps
    )
    assert any("have no request by which they could be tried: DELETE /lamps" in gap for gap in seen.gaps)
    assert not any(method == "DELETE" for method, _, _ in device.asked)


def test_a_document_from_which_no_values_can_be_made_is_a_gap(device, tmp_path, monkeypatch):
    def fails(*_):
        raise OpenApiError("no values can be made")

    monkeypatch.setattr(described, "generated", fails)
    document = openapi(tmp_path, {"/lamps": {"delete": {}}}) | {"generate": True}
    seen = observed(tmp_path, device, {"openapi": document})

    assert "no values can be made" in seen.gaps
    assert any("have no request by which they could be tried: DELETE /lamps" in gap for gap in seen.gaps)


def test_a_document_that_cannot_be_read_is_a_gap(device, tmp_path):
    document = openapi(tmp_path, {})
    (tmp_path / "api.json").write_text("[]")

    assert any(
        "api.json" in gap
        for gap in observed(tmp_path, device, {"requests": [READ], "openapi": document}).gaps
    )


@pytest.mark.parametrize(
    ("status", "gap"),
    [
        (401, None),
        (403, None),
        (
            404,
            f"DELETE {BASE}/api/lamps was answered by HTTP 404, which is neither a success nor a refusal of access",
        ),
    ],
)
def test_only_a_refusal_of_access_says_that_a_made_up_request_lets_nobody_in(
    device, tmp_path, monkeypatch, status, gap
):
    made = Request.model_validate({"method": "DELETE", "url": f"{BASE}/api/lamps", "login": "web"})
    monkeypatch.setattr(described, "generated", lambda *_: ((made,), ()))
    device.statuses = {"/api/lamps": status}
    seen = observed(
        tmp_path, device, {"openapi": openapi(tmp_path, {"/lamps": {"delete": {}}}) | {"generate": True}}
    )

    assert [one for one in seen.gaps if "no request is given" not in one] == ([gap] if gap else [])
    assert [one.granted for one in seen.by("nobody")] == ([False] if gap is None else [])


def test_a_made_up_request_that_anybody_may_make_is_granted(device, tmp_path, monkeypatch):
    made = Request.model_validate({"method": "DELETE", "url": f"{BASE}/api/lamps", "login": "web"})
    monkeypatch.setattr(described, "generated", lambda *_: ((made,), ()))
    device.forgives = {"/api/lamps"}
    seen = observed(
        tmp_path, device, {"openapi": openapi(tmp_path, {"/lamps": {"delete": {}}}) | {"generate": True}}
    )

    assert granted(seen) == {"nobody"}


# Connections that break -------------------------------------------------------------------------------------


def test_an_attempt_without_an_answer_grants_nothing_and_is_no_refusal(device, tmp_path):
    device.broken = {"/state"}
    seen = observed(tmp_path, device, {"requests": [READ]})

    assert {one.status for one in seen.tries} >= {"ReadError"}
    assert not any(one.granted or one.answered for one in seen.tries if one.status == "ReadError")
    assert [(one.granted, one.answered) for one in seen.by("with the right")] == [(False, False)]


def test_what_nobody_may_do_any_more_is_tried_by_nobody(device, tmp_path):
    setup = {"method": "POST", "url": f"{BASE}/setup", "json": {"password": "x"}}

    assert granted(observed(tmp_path, device, {"requests": [READ], "never": [setup]})) == {"with the right"}
    assert [path for _, path, _ in device.asked if "setup" in path] == ["/setup"]
    device.statuses = {"/setup": 409}  # as a device answers that has been set up
    (tried,) = (
        one
        for one in observed(tmp_path, device, {"requests": [READ], "never": [setup]}).tries
        if "/setup" in one.request
    )
    assert (tried.subject, tried.granted, tried.answered) == ("nobody", False, True)
    device.forgives = {"/setup"}
    assert "nobody" in granted(observed(tmp_path, device, {"requests": [READ], "never": [setup]}))
