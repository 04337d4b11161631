"""A unit takes no longer than the plan says."""

from __future__ import annotations

import signal
import threading
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from work import FAR_TOO_LONG_S

from pytest_etsi.assessment import plan
from pytest_etsi.assessment.longest import longest_s
from pytest_etsi.bounds import OutOfTime, at_most, changed, undisturbed
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from plugin_project import Project

WAITS = """
import threading

@unit("5.1-5-2", "b")
def test_waits(auth_mech):
    try:
        threading.Event().wait(60)
    except Exception:
        pass  # as an observer that takes everything for silence

@unit("5.1-1-1", "a")
def test_does_not(auth_mech): assert 0, "found"
"""


def test_a_unit_that_takes_longer_is_ended_and_left_open(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "longest_s", lambda *_: 0.1)
    project.profile()
    project.suite(test_one=WAITS)
    result = project.run()
    records = project.evaluations()

    assert result.ret == 1
    record = records["5.1-5-2/b", "AuthMech-web"]
    assert (record["verdict"], record["cause"]) == ("INCONCLUSIVE", "bench")
    assert "the longest that it may" in record["reason"]
    assert records["5.1-1-1/a", "AuthMech-web"]["verdict"] == "FAIL"
    assert signal.getsignal(signal.SIGALRM) is signal.SIG_DFL


def test_what_ends_in_time_ends_as_it_does() -> None:
    with at_most(60):
        pass

    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_the_timer_of_another_plugin_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = signal.signal(signal.SIGALRM, lambda *_: None)
    try:
        with at_most(0.001):
            assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    finally:
        signal.signal(signal.SIGALRM, theirs)


def test_no_handler_of_errors_takes_it_for_an_answer() -> None:
    assert not issubclass(OutOfTime, Exception)


def test_a_limit_does_not_end_a_change_nor_its_restoration_but_what_is_between() -> None:
    done: list[str] = []

    def slowly(what: str) -> None:
        time.sleep(0.05)
        done.append(what)

    with (  # noqa: PT012 - what is within is what is ended
        pytest.raises(OutOfTime),
        at_most(0.02),
        changed(lambda: slowly("changed"), lambda: slowly("restored")),
    ):
        done.append("looked at")
        threading.Event().wait(FAR_TOO_LONG_S)

    assert done == ["changed", "restored"]


def test_a_limit_that_is_reached_between_a_change_and_its_restoration_ends_what_waits_there() -> None:
    done: list[str] = []
    with (  # noqa: PT012 - what is within is what is ended
        pytest.raises(OutOfTime),
        at_most(0.05),
        changed(lambda: done.append("changed"), lambda: done.append("restored")),
    ):
        done.append("looked at")
        threading.Event().wait(FAR_TOO_LONG_S)

    assert done == ["changed", "looked at", "restored"]


def test_a_limit_that_begins_within_a_change_counts_there() -> None:
    with at_most(60) as outer, undisturbed():
        with pytest.raises(OutOfTime) as late, at_most(0.01) as inner:
            threading.Event().wait(FAR_TOO_LONG_S)

        assert late.value.limit is inner
        assert late.value.limit is not outer
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_what_went_wrong_within_a_change_is_told_before_the_time() -> None:
    with pytest.raises(ValueError, match="mine"), at_most(0.01), undisturbed():  # noqa: PT012
        time.sleep(0.03)
        raise ValueError("mine")


def test_the_outer_limit_is_kept_when_an_inner_one_has_ended() -> None:
    with pytest.raises(OutOfTime) as late, at_most(0.05) as outer:  # noqa: PT012
        with at_most(60):
            pass
        threading.Event().wait(FAR_TOO_LONG_S)

    assert late.value.limit is outer


def test_a_shield_in_a_thread_of_a_probe_is_none_for_the_unit() -> None:
    up, go = threading.Event(), threading.Event()

    def shielded() -> None:
        with undisturbed():
            up.set()
            go.wait(FAR_TOO_LONG_S)

    thread = threading.Thread(target=shielded)
    thread.start()
    up.wait()
    with pytest.raises(OutOfTime), at_most(0.02):
        threading.Event().wait(FAR_TOO_LONG_S)
    go.set()
    thread.join()


def profile(*hosts: str, watch_s: float | None = None) -> Any:
    uplink = None if watch_s is None else SimpleNamespace(watch_s=watch_s)
    network = SimpleNamespace(hosts=hosts) if hosts else None
    return SimpleNamespace(access=SimpleNamespace(network=network, uplink=uplink, serial=None))


def test_the_longest_time_follows_from_what_is_looked_at() -> None:
    units = edition("1.1.1").units
    conceptual = next(unit for unit in units if not unit.functional)
    network = next(unit for unit in units if unit.functional and unit.automation == "network")

    one, two = longest_s(network, profile("a"), ()), longest_s(network, profile("a", "b"), ())
    assert 0 < longest_s(conceptual, profile("a"), ()) < one < two
    assert one < longest_s(network, profile("a"), ("change-credentials",)) < 24 * 3600
    assert longest_s(conceptual, profile("a"), ("erase",)) == longest_s(conceptual, profile("a"), ())


def test_the_plan_says_it(project: Project) -> None:
    project.profile()
    project.suite(test_one=WAITS)
    result = project.run("--etsi-plan")

    result.stdout.fnmatch_lines(["*an evaluation takes at most*min*"])
