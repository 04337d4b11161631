"""How a device comes back after an outage, against the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import captures
import pytest
from captures import CLOUD, DEVICE, MECHANISM, RETRIES
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.assessment.criteria.capture import _regular
from pytest_etsi.dut import ResilienceObservation
from pytest_etsi.dut.observe.resilience import Ending
from pytest_etsi.probes.capture import ConnectionAttempt

if TYPE_CHECKING:
    from collections.abc import Sequence


def _outage(waits: Sequence[float], **facts: Any) -> criteria.Findings:
    times = [100.0]
    for wait in waits:
        times.append(times[-1] + wait)
    attempts = tuple(ConnectionAttempt(at, DEVICE, CLOUD, 443, "refused") for at in times)
    others = (
        ConnectionAttempt(100.5, DEVICE, CLOUD, 80, "accepted"),
        ConnectionAttempt(100.6, "192.0.2.50", CLOUD, 443, "accepted"),
    )
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | (RETRIES | facts)})  # type: ignore[operator]
    observed = ResilienceObservation(captures.capture(attempts=(*attempts, *others)))
    return criteria.capture.reconnect(entry, observed)


@pytest.mark.parametrize(
    ("waits", "facts"),
    [
        ((0.6, 1.5, 3.7, 7.9), {}),
        ((1, 2, 4, 8, 16, 32), {"retry_jitter": False}),
        ((9.2, 10.6, 9.9, 10.9), {"retry_first_s": 10, "retry_max_s": 11}),
        ((0.6, 1.5, 3.7, 4.0, 3.1, 3.9, 3.6), {"retry_max_s": 4}),
        ((30, 30, 30, 30, 30, 30), {"retry_first_s": 30, "retry_max_s": 30, "retry_jitter": False}),
    ],
)
def test_waits_as_documented(waits: Sequence[float], facts: dict[str, Any]) -> None:
    found = _outage(waits, **facts)

    assert not found.violations
    assert not found.unknowns


@pytest.mark.parametrize(
    ("waits", "facts", "words"),
    [
        ((1.01, 1.0, 1.02, 1.0), {}, "do not grow"),
        ((1.1, 0.97, 1.05, 1.02), {}, "do not grow"),
        ((1.0, 1.0, 1.0, 3.4), {}, "do not grow"),  # one was late
        ((1.0, 1.7, 1.0, 1.0, 1.02, 1.0, 1.0, 2.9), {}, "do not grow"),
        (
            (10.0, 10.01, 10.0, 10.02, 10.0, 10.01),
            {"retry_first_s": 10, "retry_max_s": 10},
            "always the same",
        ),
        ((1, 2.0, 4.01, 8.0, 16.0, 32.0), {}, "each 2.00 times"),
        ((0.1, 0.2, 0.1, 0.2), {}, "storm"),
    ],
)
def test_waits_other_than_documented(waits: Sequence[float], facts: dict[str, Any], words: str) -> None:
    assert words in str(_outage(waits, **facts).violations)


@pytest.mark.parametrize(
    ("waits", "facts", "words"),
    [
        ((), {}, "1 attempts"),
        ((0.6, 1.5), {}, "too few"),
        ((1, 2.0, 4.0, 8.0), {}, "more are needed"),
        ((0.01, 0.01, 0.01, 0.01), {"retry_first_s": 0, "retry_jitter": False}, "to hold them against"),
        ((1.0, 1.3, 1.7, 1.2), {}, "whether they grow from 1 s up to 60 s"),
        (
            (4.0, 4.1, 4.0, 3.9),
            {"retry_max_s": 4},
            "whether they grow from 1 s up to 4 s",
        ),  # begun before the capture
        ((10.0, 10.0, 10.0, 10.0), {"retry_first_s": 10, "retry_max_s": 10}, "more are needed"),
        ((1, 2, 4, 8), {"retry_first_s": None, "retry_jitter": None}, "neither facts.retry_first_s"),
    ],
)
def test_what_was_seen_too_seldom_stays_open(
    waits: Sequence[float], facts: dict[str, Any], words: str
) -> None:
    found = (
        _outage(waits, **{name: value for name, value in facts.items() if value is not None})
        if None not in (facts.values())
        else criteria.capture.reconnect(
            entry_of("11-ComMech", MECHANISM), ResilienceObservation(captures.capture())
        )
    )

    assert not found.violations
    assert words in str(found.unknowns)


@pytest.mark.parametrize("facts", [{"retry_first_s": 1}, {"retry_jitter": False}])
def test_one_documented_figure_of_retries_is_enough_to_compare(facts: dict[str, Any]) -> None:
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | facts})  # type: ignore[operator]
    found = criteria.capture.reconnect(entry, ResilienceObservation(captures.capture()))

    assert "shows 0 attempts to connect" in str(found.unknowns)


def test_a_peer_that_was_seldom_called_does_not_hide_another() -> None:
    times = [100.0, 101.0, 102.0, 103.0, 104.0]
    attempts = tuple(ConnectionAttempt(at, DEVICE, CLOUD, 443, "refused") for at in times)
    seldom = ConnectionAttempt(100.2, DEVICE, "198.51.100.10", 443, "refused")
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | RETRIES})  # type: ignore[operator]

    for order in ((seldom, *attempts), (*attempts, seldom)):
        found = criteria.capture.reconnect(entry, ResilienceObservation(captures.capture(attempts=order)))
        assert "do not grow" in str(found.violations)
        assert not found.unknowns


def test_attempts_are_counted_with_the_first_to_each_peer() -> None:
    assert "shows 3 attempts" in str(_outage((0.6, 1.5)).unknowns)


@pytest.mark.parametrize(
    ("waits", "storm"),
    [
        ((0.2, 0.2, 0.2, 9), True),
        ((0.2, 0.2, 5, 9), False),  # half of them are no storm
        ((0.25, 0.25, 0.25, 0.25), False),  # a quarter of the first wait, and not below it
    ],
)
def test_most_waits_below_a_quarter_of_the_first_are_a_storm(waits: Sequence[float], storm: bool) -> None:
    assert ("a storm" in str(_outage(waits).violations)) == storm


@pytest.mark.parametrize(("most", "refuted"), [(4, True), (3.9, False), (None, False)])
def test_waits_are_to_grow_where_the_longest_is_four_times_the_first(
    most: float | None, refuted: bool
) -> None:
    facts = {"retry_first_s": 1, "retry_jitter": False} | ({} if most is None else {"retry_max_s": most})
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | facts})  # type: ignore[operator]
    attempts = tuple(ConnectionAttempt(100.0 + at, DEVICE, CLOUD, 443, "refused") for at in range(6))

    found = criteria.capture.reconnect(entry, ResilienceObservation(captures.capture(attempts=attempts)))

    assert ("do not grow" in str(found.violations)) == refuted


@pytest.mark.parametrize(
    ("waits", "facts", "level"),
    [
        ((1, 1.25, 1.5, 1.75), {}, ""),  # the later ones are half as long again
        ((1, 1.25, 1.25, 1.75), {}, "unknown"),
        ((1, 1.25, 2, 2.25), {}, ""),
        ((1, 1.5, 1.25, 2, 2.5, 2.25), {}, ""),  # of six the last three
        ((2, 2, 2, 2, 2, 2), {"retry_max_s": 4}, "violation"),
        ((2, 2, 2, 2, 2, 2), {"retry_max_s": 5}, "violation"),
        ((2, 2, 2, 2, 2, 2), {"retry_max_s": 3.75, "retry_first_s": 0.5}, "unknown"),
        ((1.75, 1.75, 1.75, 1.75, 2, 2), {"retry_max_s": 3.75, "retry_first_s": 0.5}, "unknown"),
        ((0.25, 0.5, 0.25, 0.375), {"retry_max_s": None, "retry_first_s": 0.25}, ""),
    ],
)
def test_whether_waits_grow_is_told_by_the_shortest_of_the_later_ones_and_the_longest_that_is_documented(
    waits: Sequence[float], facts: dict[str, Any], level: str
) -> None:
    found = _outage(waits, **facts)

    assert {one.kind for one in found} == ({level} if level else set())
    assert not level or "grow" in str(found)


def test_what_was_looked_at_is_told_for_the_record() -> None:
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | RETRIES})  # type: ignore[operator]
    attempts = tuple(ConnectionAttempt(at, DEVICE, CLOUD, 443, "refused") for at in (100.0, 101.0, 103.0))
    ending = Ending("192.0.2.7:443", opened=True, closed=True)
    told = criteria.capture.resilience_seen

    assert told(entry, ResilienceObservation()) == "nothing"
    assert told(entry, ResilienceObservation(endings=(ending,))) == (
        "1 connections begun and ended in good order"
    )
    assert "waits of 1.0, 2.0 s" in told(entry, ResilienceObservation(captures.capture(attempts=attempts)))


@pytest.mark.parametrize(
    ("waits", "said"),
    [
        ((50.0, 49.0, 50.0), "always the same"),  # 2 % below the longest
        ((50.0, 48.9, 50.0), ""),
        ((1.0, 2.0, 4.0), "each 2.00 times the one before"),
        ((1.0, 2.0, 5.0), ""),
        ((8.0, 4.0, 2.0), ""),
        ((10.0, 10.5, 11.025), ""),  # too slow to be meant
        ((0.0, 1.0, 2.0, 4.0), "each 2.00 times the one before"),
        ((0.0, 0.0, 1.0), ""),
    ],
)
def test_waits_that_can_be_foretold(waits: Sequence[float], said: str) -> None:
    assert _regular(waits) == said


def test_what_an_outage_or_an_endpoint_did_not_show_stays_open() -> None:
    entry = entry_of("11-ComMech", MECHANISM | {"facts": MECHANISM["facts"] | RETRIES})  # type: ignore[operator]
    closed = Ending("192.0.2.7:443", opened=False, closed=False, detail="refused")
    observed = ResilienceObservation(captures.capture(missing=["lost"]), endings=(closed,))

    told = [one.message for one in criteria.capture.reconnect(entry, observed).unknowns]

    assert "192.0.2.7:443: refused" in told
    assert "a.pcap: lost" in told


def test_an_endpoint_that_ends_in_good_order_and_one_that_does_not() -> None:
    entry = entry_of("11-ComMech", {"facts": {"direction": "incoming", "endpoint": "443/tcp"}})
    good = Ending("192.0.2.7:443", opened=True, closed=True)
    bad = Ending("192.0.2.7:443", opened=True, closed=False, detail="broken off")

    assert not criteria.capture.reconnect(entry, ResilienceObservation(endings=(good,)))
    assert "broken off" in str(
        criteria.capture.reconnect(entry, ResilienceObservation(endings=(good, bad))).unknowns
    )
    assert criteria.capture.reconnect(entry, ResilienceObservation()).unknowns
