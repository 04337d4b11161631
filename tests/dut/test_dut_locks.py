"""A lock is any change of all answers that ends after its stated time; it is examined from everywhere."""

from __future__ import annotations

import math
import time

import pytest
from scripted_login import ScriptedLogin

from pytest_etsi.dut.reach.auth import Attempt
from pytest_etsi.verdict import Cause, Inconclusive


@pytest.fixture
def device():
    return ScriptedLogin()


def no_answer(status="ReadError", answer=""):
    return lambda: Attempt("no-answer", status, 0.0, answer=answer)


def decided(found):
    return "FAIL" if found.violations else "INCONCLUSIVE" if found.unknowns else "PASS"


# For how long -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("counts", ["account", "source"])
def test_a_lock_that_holds_as_documented_passes(device, counts):
    device.counts = counts
    log, found = device.attacked(scope=counts)

    assert decided(found) == "PASS", found
    assert log.attempts[-1].attempt.accepted


@pytest.mark.parametrize("lasts", [0.5, 2, 20, 200, 500, 570])
@pytest.mark.parametrize("counts", ["account", "source"])
def test_a_lock_that_ends_before_its_time_fails_whoever_else_gets_in(device, counts, lasts):
    device.lock_s, device.counts = lasts, counts
    _, found = device.attacked(scope=counts)

    assert decided(found) == "FAIL", found


@pytest.mark.parametrize("declared", [1, 2, 3, 5])
@pytest.mark.parametrize("part", [0.02, 0.1, 0.3])
def test_a_lock_of_seconds_that_ends_long_before_its_time_fails(device, declared, part):
    device.lock_s, device.delay_s = declared * part, 0.02 * declared
    _, found = device.attacked(lockout_s=declared)

    assert decided(found) == "FAIL", found


def test_a_lock_that_was_over_before_slow_answers_could_show_its_length_stays_open(device):
    device.lock_s, device.delay_s = 1.4, 1.0
    _, found = device.attacked(lockout_s=3)

    assert decided(found) == "INCONCLUSIVE", found
    assert "the length of the lock" in str(found.unknowns)


def test_a_lock_that_is_short_is_seen_early(device):
    device.lock_s, device.counts = 2.0, "source"
    device.attacked(scope="source")

    assert device.slept < 60


def test_a_lock_that_lasts_longer_than_stated_is_left_open_or_noted(device):
    device.lock_s = 900
    _, found = device.attacked()

    assert not found.violations, found


# Around it --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "declared", "verdict"),
    [
        ("source", "account", "FAIL"),
        ("source", "global", "FAIL"),
        ("source", None, "INCONCLUSIVE"),
        ("connection", "account", "FAIL"),
        ("connection", "source", "FAIL"),
        ("connection", None, "FAIL"),
        ("account", "source", "PASS"),
        ("account", None, "PASS"),
    ],
)
def test_what_the_lock_is_for_is_compared_with_what_is_documented(device, counts, declared, verdict):
    device.counts = counts
    _, found = device.attacked(scope=declared)

    assert decided(found) == verdict, found


def test_guesses_at_once_that_are_examined_before_one_counts_are_a_way_around(device):
    device.at_once = 2
    _, found = device.attacked()

    assert "5 wrong attempts in a row got through" in str(found.violations)


def test_the_order_in_which_answers_to_guesses_at_once_come_says_nothing(device):
    """An answer that takes long may come after that to a guess which met the lock."""

    class Overtaken(ScriptedLogin):
        def _attempt(self, number, source, password):
            told = super()._attempt(number, source, password)
            if len(self._open) > 2:
                with self._mutex:
                    self.now += 0.01 if told.outcome == "locked" else 0.5
            return Attempt(told.outcome, told.status, 0.001, answer=told.answer)

    for _ in range(20):
        _, found = Overtaken().attacked(lockout_s=600)
        assert decided(found) == "PASS", found


def test_a_lock_that_comes_only_once_fails(device):
    class Once(ScriptedLogin):
        def _judged(self, *given):
            told = super()._judged(*given)
            if told.outcome == "locked":
                self.locks = 0
            return told

    _, found = Once().attacked()

    assert decided(found) == "FAIL", found


def test_a_device_that_serves_one_connection_at_a_time_is_not_blamed_for_it(device):
    device.one_at_a_time, device.lock_s = True, 30
    log, found = device.attacked(lockout_s=30)

    assert not found.violations, found
    assert log.attempts[-1].attempt.accepted


SILENT = {"locked": lambda: Attempt("refused", "HTTP 401", 0.0, answer="no")}
AT_ONCE = {
    "all answered": ({}, False),
    "all answered, by a lock that is silent": (SILENT, False),
    "one answered": ({"one_at_a_time": True}, True),
    "one answered, by a lock that is silent": ({"one_at_a_time": True} | SILENT, True),
}


@pytest.mark.parametrize(("how", "told"), AT_ONCE.values(), ids=AT_ONCE)
def test_passwords_at_once_that_nobody_answered_are_on_record(device, how, told):
    device.lock_s = 30
    for name, value in how.items():
        setattr(device, name, value)
    log, _ = device.attacked(lockout_s=30)

    assert any(one.phase == "over many connections" for one in log.attempts)
    assert ("wrong passwords at once: they were not answered" in log.summary) is told


def test_one_address_leaves_open_whether_the_account_is_locked_for_others(device):
    device.sources = False
    _, found = device.attacked()

    assert decided(found) == "INCONCLUSIVE"
    assert "other source addresses" in str(found.unknowns)


# As what it shows itself ------------------------------------------------------------------------------------

PAGE = Attempt("accepted", "HTTP 200", 0.0, answer="bad request", exclusive=False)
SHOWN = {
    "closes": no_answer(),
    "418": no_answer("HTTP 418", "teapot"),
    "500": no_answer("HTTP 500", "internal error"),
    "503": no_answer("HTTP 503", "unavailable"),
    "a page under 200": lambda: PAGE,
    "another page under 401": lambda: Attempt("refused", "HTTP 401", 0.0, answer="wait"),
}


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("counts", ["account", "source"])
def test_a_lock_passes_whatever_it_is_shown_by(device, shown, counts):
    device.locked, device.counts = SHOWN[shown], counts
    _, found = device.attacked(scope=counts)

    assert decided(found) == "PASS", found


@pytest.mark.parametrize("shown", SHOWN)
@pytest.mark.parametrize("counts", ["account", "source"])
def test_a_lock_that_ends_early_fails_whatever_it_is_shown_by(device, shown, counts):
    device.locked, device.lock_s, device.counts = SHOWN[shown], 4.0, counts
    _, found = device.attacked(scope=counts)

    assert decided(found) == "FAIL", found


def test_a_silent_lock_is_not_taken_for_one_that_was_counted(device):
    device.locked = lambda: Attempt("refused", "HTTP 401", 0.0, answer="no")
    _, found = device.attacked()

    assert not found.violations, found


def test_a_device_that_dies_is_not_locked(device):
    device.dies_after = 5
    with pytest.raises(Inconclusive, match="stopped answering"):
        device.attacked()


def test_a_device_that_dies_while_it_is_locked_leaves_the_end_of_the_lock_open(device):
    device.dies_after = 7
    _, found = device.attacked()

    assert decided(found) == "INCONCLUSIVE"
    assert "the end of the lock" in str(found.unknowns)


def test_a_hitch_of_the_network_is_no_lock(device):
    class Hitches(ScriptedLogin):
        def _judged(self, *given):
            told = super()._judged(*given)
            return Attempt("no-answer", "ReadError", 0.0) if self.asked in (4, 5, 6) else told

    device = Hitches()
    _, found = device.attacked()

    assert decided(found) == "PASS", found


def test_a_device_that_refuses_by_closing_refuses(device):
    device.refused = lambda _: Attempt("no-answer", "closed", 0.0)
    _, found = device.attacked()
    assert not found.violations, found

    device = ScriptedLogin()
    device.refused = lambda _: Attempt("no-answer", "closed", 0.0)
    device.locks = 0
    _, found = device.attacked()
    assert decided(found) == "FAIL", found


# Who is let in ----------------------------------------------------------------------------------------------


def test_a_wrong_password_that_gets_what_the_right_one_gets_is_let_in(device):
    device.refused = device.welcome
    _, found = device.attacked()

    assert "A wrong value was accepted" in str(found.violations)


def test_a_page_of_warning_for_every_third_wrong_password_is_no_entrance(device):
    warning = Attempt("accepted", "HTTP 200", 0.0, answer="careful", exclusive=True)
    device.refused = lambda asked: (
        warning if asked % 3 == 0 else Attempt("refused", "HTTP 401", 0.0, answer="no")
    )
    _, found = device.attacked()

    assert decided(found) == "INCONCLUSIVE", found


def test_a_wrong_password_that_opens_what_strangers_do_not_get_is_let_in_though_pages_differ(device):
    device.welcome = lambda asked: Attempt(
        "accepted", "HTTP 200", 0.0, answer=f"page {asked}", exclusive=True
    )
    device.refused = device.welcome
    _, found = device.attacked()

    assert "A wrong value was accepted" in str(found.violations)


def test_what_opens_to_anybody_at_this_address_lets_nobody_in(device):
    device.welcome = lambda _: Attempt("accepted", "HTTP 200", 0.0, answer="in", exclusive=False)
    device.refused = device.welcome
    _, found = device.attacked()

    assert decided(found) == "INCONCLUSIVE", found
    assert "opens to anybody at this address" in str(found.unknowns)


def test_what_opens_to_anybody_from_everywhere_takes_every_password(device):
    device.welcome = lambda _: Attempt("accepted", "HTTP 200", 0.0, answer="in", exclusive=False)
    device.refused = device.welcome
    device.opens_to_anybody = lambda _: True
    _, found = device.attacked(lockout_s=30)

    assert decided(found) == "FAIL", found


# Until a restart --------------------------------------------------------------------------------------------

UNTIL_RESTART = {"lockout_s": None, "until": "restart"}


@pytest.mark.parametrize("switch", [True, False])
@pytest.mark.parametrize("shown", ["closes", "418", "a page under 200"])
def test_a_lock_until_a_restart_is_watched_for_a_bounded_time(device, switch, shown):
    device.lock_s, device.has_switch, device.locked = math.inf, switch, SHOWN[shown]
    log, found = device.attacked(**UNTIL_RESTART)

    assert decided(found) == "PASS", found
    assert device.slept < 200
    assert ("stays locked until the device restarts" in log.summary) is not switch


def test_a_lock_until_a_restart_that_the_bench_cannot_make_is_open(device):
    def hangs(_):
        raise Inconclusive("the relay hangs", cause=Cause.BENCH)

    device.lock_s, device.has_switch, device._restart = math.inf, True, hangs
    _, found = device.attacked(**UNTIL_RESTART)

    assert decided(found) == "INCONCLUSIVE"
    assert "the end of the lock by a restart: " in str(found.unknowns)
    assert "the relay hangs" in str(found.unknowns)


@pytest.mark.parametrize("lasts", [2, 20, 50])
def test_a_lock_that_ends_without_a_restart_fails(device, lasts):
    device.lock_s = lasts
    _, found = device.attacked(**UNTIL_RESTART)

    assert decided(found) == "FAIL", found


def test_silence_of_a_device_that_does_not_answer_at_all_is_no_lock_until_a_restart(device):
    device.lock_s, device.locked, device.alive = math.inf, no_answer(), False
    with pytest.raises(Inconclusive, match="stopped answering"):
        device.attacked(**UNTIL_RESTART)


# Delays -----------------------------------------------------------------------------------------------------

DELAY = {"max_attempts": None, "lockout_s": None, "delay_s": 2}


@pytest.mark.parametrize(
    ("scope", "verdict"), [("account", "FAIL"), (None, "INCONCLUSIVE"), ("connection", "PASS")]
)
def test_a_delay_that_many_connections_at_once_avoid_is_compared_with_what_it_is_for(device, scope, verdict):
    device.locks = 0

    class Delays(ScriptedLogin):
        def _attempt(self, number, source, password):
            began = self.now
            told = super()._attempt(number, source, password)
            if len(self._open) < 3:
                self.now = began + 2.0
            return Attempt(told.outcome, told.status, 2.0, answer=told.answer)

    device = Delays()
    device.locks = 0
    _, found = device.attacked(**DELAY, scope=scope)

    assert decided(found) == verdict, found


def test_locks_of_ten_minutes_are_attacked_within_no_time_of_ours(device):
    began = time.monotonic()
    device.attacked()

    assert device.slept > 600
    assert time.monotonic() - began < 60
