"""Limits of attempts per time: attacked, and held against what is documented; none is taken for a lock that ends early."""

from __future__ import annotations

from types import SimpleNamespace

import daemons
import pytest
from login_device import profile_of
from scripted_login import ScriptedLogin

from pytest_etsi.assessment import criteria
from pytest_etsi.dut import Dut
from pytest_etsi.dut.observe.brute_force import observe_guessing
from pytest_etsi.dut.reach.auth import Attempt

MINUTE = {"attempts": 5, "per_s": 60.0}


@pytest.fixture
def device():
    made = ScriptedLogin()
    made.rates = ((5, 60.0, "sliding"),)
    made.delay_s = 0.2
    return made


def attacked(device, *rates, **declared):
    return device.attacked(max_attempts=None, lockout_s=None, rates=list(rates), **declared)


def decided(found):
    return "FAIL" if found.violations else "INCONCLUSIVE" if found.unknowns else "PASS"


@pytest.mark.parametrize("kind", ["sliding", "fixed"])
@pytest.mark.parametrize(("attempts", "per_s"), [(3, 2.0), (5, 60.0), (8, 20.0), (20, 600.0)])
@pytest.mark.parametrize("begin", [0.0, 0.31, 0.77])
def test_a_limit_that_holds_as_documented_passes(device, attempts, per_s, kind, begin):
    device.rates, device.delay_s = ((attempts, per_s, kind),), 0.01
    device.now = 1200.0 + begin * per_s
    log, found = attacked(device, {"attempts": attempts, "per_s": per_s, "window": kind})

    assert decided(found) == "PASS", found
    assert log.attempts[-1].attempt.accepted


def test_a_limit_whose_kind_of_window_is_not_stated_passes_where_it_is_kept_either_way(device):
    _, found = attacked(device, MINUTE)

    assert decided(found) == "PASS", found


@pytest.mark.parametrize("kind", ["sliding", "fixed"])
@pytest.mark.parametrize("real", [(5, 2.0), (5, 10.0), (5, 25.0), (5, 40.0), (15, 60.0), (0, 60.0)])
def test_one_that_lets_more_through_fails(device, real, kind):
    """A shorter window, a larger number, and none at all."""
    device.rates = ((*real, kind),) if real[0] else ()
    device.locks, device.delay_s = 0, 0.05
    _, found = attacked(device, {**MINUTE, "window": kind})

    assert decided(found) == "FAIL", found


def test_a_few_more_than_a_sliding_window_permits_fail(device):
    device.rates = ((6, 60.0, "sliding"),)
    _, found = attacked(device, {**MINUTE, "window": "sliding"})

    assert "6 wrong attempts got through" in str(found.violations)


def test_a_few_more_are_open_where_the_kind_of_the_window_is_not_stated(device):
    device.rates = ((6, 60.0, "sliding"),)
    _, found = attacked(device, MINUTE)

    assert decided(found) == "INCONCLUSIVE"
    assert "whether the window slides or is fixed is not declared" in str(found.unknowns)


def test_one_that_still_lets_the_right_password_in_looks_at_values_all_the_same(device):
    device.lets_right_in = True
    _, sliding = attacked(device, {**MINUTE, "window": "sliding"})
    _, fixed = attacked(device, {**MINUTE, "window": "fixed"})

    assert "values are looked at all the same" in str(sliding.violations)
    assert decided(fixed) != "PASS"


@pytest.mark.parametrize(
    ("counts", "verdict"), [("account", "PASS"), ("source", "FAIL"), ("connection", "FAIL")]
)
def test_what_it_counts_for_is_compared(device, counts, verdict):
    device.counts = counts
    _, found = attacked(device, {**MINUTE, "window": "sliding"}, scope="account")

    assert decided(found) == verdict, found


def test_another_address_that_gets_in_is_open_where_it_is_not_stated_what_is_counted(device):
    device.counts = "source"
    _, found = attacked(device, {**MINUTE, "window": "sliding"}, scope=None)

    assert decided(found) == "INCONCLUSIVE"
    assert "what is counted is not declared" in str(found.unknowns)


def test_passwords_at_once_that_are_looked_at_before_one_counts_fail(device):
    device.rates = ((3, 60.0, "sliding"),)
    device.at_once = 2
    _, found = attacked(device, {"attempts": 3, "per_s": 60.0, "window": "sliding"})

    assert decided(found) == "FAIL", found


def test_a_longer_limit_is_met_as_the_shorter_one_lets_through(device):
    device.rates = ((3, 10.0, "sliding"), (8, 300.0, "sliding"))
    rates = [{"attempts": 3, "per_s": 10.0}, {"attempts": 8, "per_s": 300.0}]
    _, kept = attacked(device, *rates)
    other = ScriptedLogin()
    other.rates, other.delay_s = device.rates[:1], 0.2
    _, lacking = attacked(other, *({**rate, "window": "sliding"} for rate in rates))

    assert decided(kept) == "PASS", kept
    assert (
        "within any 300 s" in str(lacking.violations[0].expected)
        or "in any 300 s" in lacking.violations[0].expected
    )


def test_a_limit_of_an_hour_that_another_hides_is_open(device):
    rates = [MINUTE, {"attempts": 50, "per_s": 3600.0}]
    _, found = attacked(device, *rates)

    assert decided(found) == "INCONCLUSIVE"
    assert "in 3600 s: it takes longer" in str(found.unknowns)


def test_slow_answers_that_keep_below_the_limit_show_nothing(device):
    device.delay_s = 20.0
    _, found = attacked(device, MINUTE)

    assert "was not reached" in str(found.unknowns)


def test_one_that_is_never_said_is_open(device):
    """It refuses as a wrong password is refused: how many of them it has looked at cannot be told."""
    device.locked = lambda: Attempt("refused", "HTTP 401", 0.0, answer="no")
    _, found = attacked(device, {**MINUTE, "window": "sliding"})

    assert decided(found) == "INCONCLUSIVE", found


def test_a_device_that_never_locks_and_never_says_so_fails(device):
    device.rates, device.locks = (), 0
    _, found = attacked(device, {**MINUTE, "window": "sliding"})

    assert "got through" in str(found.violations)


def test_a_limit_beside_a_lock_is_not_taken_for_a_lock_that_ends_early(device):
    _, found = device.attacked(max_attempts=10, lockout_s=600, rates=[MINUTE])

    assert decided(found) == "INCONCLUSIVE", found


@pytest.mark.parametrize("budget", [2, 5, 6, 7, 9, 20])
def test_the_budget_of_the_profile_counts_for_all_of_it(device, budget):
    device.rates, device.budget = ((3, 10.0, "sliding"), (8, 300.0, "sliding")), budget
    log, found = attacked(device, {"attempts": 3, "per_s": 10.0}, {"attempts": 8, "per_s": 300.0})

    assert log.guesses <= budget
    assert decided(found) == "INCONCLUSIVE"


@pytest.mark.parametrize(
    ("throttle", "verdict"),
    [("limit_req zone=login burst=2 nodelay; limit_req_status 429;", "PASS"), ("", "FAIL")],
)
def test_nginx_that_limits_requests_is_told_from_one_that_does_not(tmp_path, throttle, verdict):
    """Three at once and two a second: seven in any two seconds."""
    limit = {"attempts": 7, "per_s": 2.0, "window": "sliding"}
    zone = "limit_req_zone $remote_user zone=login:1m rate=120r/m;"
    with daemons.nginx(
        tmp_path / "nginx", users={"owner": "Owner-Password-1"}, server=throttle, http=zone
    ) as web:
        base = f"http://{web.host}:{web.port}"
        login = {"driver": "http-basic", "url": f"{base}/", "protected_url": None, "guess_budget": None}
        facts = {"brute_force": {"rates": [limit], "scope": "account"}}
        dut = Dut(profile_of(tmp_path, SimpleNamespace(base=base, port=web.port), facts=facts, login=login))
        (entry,) = dut.profile.ixit.auth_mech
        found = criteria.brute_force.guessing(entry, observe_guessing(dut, entry))

    assert decided(found.besides_notes) == verdict, found
