"""Starts of altered software, and the alert, against the documents."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from documents import entry_of

from pytest_etsi import criteria
from pytest_etsi.dut.observe.altered_boot import AlteredBoot, AlteredStart

BOOT: Any = entry_of(
    "20-SecBoot",
    {
        "Description": "d",
        "Security Guarantees": "g",
        "Detection Mechanisms": "m",
        "User Notification": "A red light.",
        "Notification Functionality": "n",
    },
)
FOUND = AlteredStart("alter", written=True, started=False, alert_after_s=0.5, waited_s=3)
STARTED = AlteredStart("alter", written=True, started=True, anew=("its session ended",), waited_s=1)
SOUND = AlteredBoot((FOUND,), 1.0, back=True, looked_for="a light sensor", sensor=True)


def verdicts(seen: AlteredBoot) -> tuple[list[str], list[str]]:
    return (
        [one.kind for one in criteria.secure_boot.verifies(BOOT, seen)],
        [one.kind for one in criteria.secure_boot.alerts(BOOT, seen)],
    )


def boot(**changes: Any) -> AlteredBoot:
    return replace(SOUND, starts=(replace(FOUND, **changes),))


def test_altered_software_that_is_found_and_told_of_is_as_it_should_be() -> None:
    assert verdicts(SOUND) == ([], [])


def test_altered_software_that_starts_refutes_and_leaves_the_alert_open() -> None:
    assert verdicts(replace(SOUND, starts=(STARTED,))) == (["violation"], ["unknown"])


def test_one_alteration_that_starts_among_others_refutes() -> None:
    assert verdicts(replace(SOUND, starts=(FOUND, STARTED))) == (["violation"], [])


@pytest.mark.parametrize(
    ("changes", "levels"),
    [
        ({"written": False}, ["unknown"]),
        ({"written": False, "started": True, "anew": ("x",)}, ["unknown"]),
        ({"written": None, "started": True, "anew": ("x",)}, ["unknown"]),
        ({"started": True, "anew": ()}, ["unknown"]),
        ({"written": None, "alert_after_s": None}, ["unknown"]),
        ({"written": None}, []),
        ({"alert_after_s": None}, []),
    ],
)
def test_a_start_shows_something_only_where_it_is_shown_to_be_one_of_altered_software(
    changes: dict[str, Any], levels: list[str]
) -> None:
    assert [one.kind for one in criteria.secure_boot.verifies(BOOT, boot(**changes))] == levels


@pytest.mark.parametrize(
    ("changes", "level"),
    [
        ({}, "violation"),
        ({"sensor": None}, "unknown"),
        ({"sensor": False}, "unknown"),
        ({"looked_for": ""}, "unknown"),
        ({"alert_before": True}, "unknown"),
    ],
)
def test_a_missing_alert_refutes_only_where_it_would_have_been_seen(
    changes: dict[str, Any], level: str
) -> None:
    seen = replace(boot(alert_after_s=None), **changes)

    assert [one.kind for one in criteria.secure_boot.alerts(BOOT, seen)] == [level]


def test_a_missing_alert_after_an_alteration_that_nothing_shows_is_open() -> None:
    assert verdicts(boot(alert_after_s=None, written=None))[1] == ["unknown"]


def test_a_device_that_does_not_come_back_shows_nothing() -> None:
    assert verdicts(replace(SOUND, back=False)) == (["unknown"], ["unknown"])
    assert "violation" not in verdicts(replace(boot(alert_after_s=None), back=False))[1]


@pytest.mark.parametrize("gap", ["nothing says how", "the permission update is not given"])
def test_what_could_not_be_done_is_open_with_its_cause(gap: str) -> None:
    found = criteria.secure_boot.verifies(BOOT, AlteredBoot(gaps=(gap,)))

    assert [str(one.cause) for one in found] == ["permission" if "permission" in gap else "access"]


def test_nothing_done_is_no_pass() -> None:
    assert verdicts(AlteredBoot(looked_for="a sensor")) == (["unknown"], ["unknown"])
