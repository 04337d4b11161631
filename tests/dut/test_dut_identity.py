"""Who the device is can be read from JSON at any depth, from a page, a header, a realm, or the answer to a POST."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from login_device import LIMIT, LoginDevice, profile_of
from web_logins import Answer, logging_in

from pytest_etsi.dut import Dut
from pytest_etsi.profile import ProfileError
from pytest_etsi.verdict import Inconclusive

if TYPE_CHECKING:
    from pathlib import Path

PAGE = "<html><title>Lamp</title><body>Serial no. L-1, software 1.0</body></html>"


def who(directory, answers, **identity):
    """What is known of who a device is that answers so."""
    with logging_in(directory, answers) as dut:
        base = dut.profile.ixit.auth_mech[0].access.url.removesuffix("/login")
        device = LoginDevice()
        device.base = base
        asked = {"identity": {"url": f"{base}/about", **identity}}
        return Dut(profile_of(directory, device, access=asked)).observed_identity()


@pytest.mark.parametrize(
    ("answer", "identity"),
    [
        (Answer(200, {"device": {"info": [{"sn": "L-1"}]}}), {"fields": {"serial": "device.info.0.sn"}}),
        (Answer(200, {"device.sn": "L-1"}), {"fields": {"serial": "device.sn"}}),
        (Answer(200, [{"sn": "L-1"}]), {"fields": {"serial": "0.sn"}}),
        (
            Answer(200, PAGE),
            {"patterns": {"serial": r"Serial no\. ([\w-]+)", "model": "<title>(.*?)</title>"}},
        ),
        (Answer(404, PAGE, {"X-Product": "Lamp/1.0"}), {"patterns": {"model": r"^x-product: (\w+)/"}}),
        (
            Answer(401, "", {"WWW-Authenticate": 'Basic realm="Lamp L-1"'}),
            {"patterns": {"serial": '^www-authenticate: .*realm="Lamp ([^"]+)"'}},
        ),
    ],
    ids=["nested", "a key with a dot", "list", "page", "header", "realm"],
)
@pytest.mark.parametrize("serial", ["L-1", "L-2"])
def test_it_is_compared_wherever_it_stands(tmp_path, answer, identity, serial):
    told = Answer(
        answer.status,
        answer.body.replace("L-1", serial) if isinstance(answer.body, str) else _renamed(answer.body, serial),
        {name: value.replace("L-1", serial) for name, value in answer.headers.items()},
    )
    is_asked = "serial" in identity.get("fields", {}) or "serial" in identity.get("patterns", {})

    assert who(tmp_path, lambda _: told, **identity)["verified"] is (serial == "L-1" or not is_asked)


def _renamed(body, serial):
    if isinstance(body, dict):
        return {key: _renamed(value, serial) for key, value in body.items()}
    return [_renamed(one, serial) for one in body] if isinstance(body, list) else serial


def test_it_may_be_the_answer_to_a_request_with_a_body_and_a_token(tmp_path):
    def answers(asked):
        if asked.headers.get("X-Session-Id") != "one":
            return Answer(409, "conflict", {"X-Session-Id": "one"})
        good = (asked.method, asked.body, asked.headers.get("X-Ask")) == ("POST", {"method": "about"}, "yes")
        return Answer(200, {"serial": "L-1" if good else ""})

    identity = {
        "method": "POST", "json": {"method": "about"}, "headers": {"X-Ask": "yes"}, "fields": {"serial": "serial"},
    }  # fmt: skip
    assert who(tmp_path, answers, **identity)["verified"] is True


def test_a_page_in_which_nothing_fits_says_nothing_of_the_device(tmp_path):
    seen = who(tmp_path, lambda _: Answer(503, "busy"), patterns={"serial": "Serial (.*)"})

    assert seen["verified"] is None
    assert "answered HTTP 503, in which nothing fits" in seen["detail"]


def test_a_page_in_which_one_of_two_fits_is_of_another_device(tmp_path):
    patterns = {"model": "<title>(.*?)</title>", "serial": "Number (.*)"}

    assert who(tmp_path, lambda _: Answer(200, PAGE), patterns=patterns)["verified"] is False


def test_a_pattern_says_which_part_is_compared(tmp_path):
    with pytest.raises(ProfileError, match="has no group"):
        who(tmp_path, lambda _: Answer(200, PAGE), patterns={"serial": "L-1"})


def test_a_login_that_is_locked_is_told_as_that_when_the_device_is_asked_who_it_is(
    tmp_path: Path, device: LoginDevice
) -> None:
    device.guarded, device.lock_s = True, 500.0
    asked = {
        "identity": {"url": f"{device.base}/identity", "fields": {"serial": "serial"}, "session_of": "web"}
    }
    facts = {"brute_force": {"max_attempts": LIMIT, "lockout_s": 500, "scope": "account"}}
    dut = Dut(profile_of(tmp_path, device, access=asked, facts=facts))
    entry = dut.profile.ixit.auth_mech[0]
    session = dut.driver(entry).connect()
    for _ in range(LIMIT):
        session.attempt("owner", "wrong")
    session.close()

    with pytest.raises(Inconclusive) as error:
        dut.require_identity()
    assert "does not look like" not in error.value.reason
    assert "could not be asked" in error.value.reason
    assert "locked until 2" in error.value.reason
