"""A unit takes no longer than the plan says."""

from __future__ import annotations

import signal
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment import plan
from pytest_etsi.assessment.longest import longest_s
from pytest_etsi.plugin.time_limit import OutOfTime, at_most
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    import pytest
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


def profile(*hosts: str, watch_s: float | None = None) -> Any:
    uplink = None if watch_s is None else SimpleNamespace(watch_s=watch_s)
    network = SimpleNamespace(hosts=hosts) if hosts else None
    return SimpleNamespace(access=SimpleNamespace(network=network, uplink=uplink))


def test_the_longest_time_follows_from_what_is_looked_at() -> None:
    units = edition("1.1.1").units
    conceptual = next(unit for unit in units if not unit.functional)
    network = next(unit for unit in units if unit.functional and unit.automation == "network")

    one, two = longest_s(network, profile("a"), ()), longest_s(network, profile("a", "b"), ())
    assert one is not None
    assert two is not None
    assert 0 < (longest_s(conceptual, profile("a"), ()) or 0) < one < two
    assert longest_s(network, profile("a"), ("change-credentials",)) is None


def test_the_plan_says_it(project: Project) -> None:
    project.profile()
    project.suite(test_one=WAITS)
    result = project.run("--etsi-plan")

    result.stdout.fnmatch_lines(["*an evaluation takes at most*min*"])
