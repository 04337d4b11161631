"""The documents of a constrained device that is replaced instead of updated, as far as the desk part goes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest
from suite_runs import run_suite

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.ics.plausibility import ics_findings
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.reading.conditions import condition_holds
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.profile._shipped import shipped_profiles
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Cause, Verdict

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.assessment.planned import Plan

CATALOGUE = edition("1.1.1")

# From the ICS pro forma: every row that depends on a condition which does not hold for this device.
NOT_APPLICABLE = {
    "5.1-1": "condition 1: no passwords",
    "5.1-2": "condition 2: none that is pre-installed",
    "5.1-4": "condition 8: people do not log in to it",
    "5.1-5": "condition 5: a constrained device",
    "5.3-2": "condition 5: a constrained device",
    "5.3-3": "condition 12: no update mechanism",
    "5.3-4": "condition 12",
    "5.3-5": "condition 12",
    "5.3-6": "conditions 9 and 12: neither automatic updates nor notifications",
    "5.3-7": "condition 12",
    "5.3-8": "condition 12",
    "5.3-9": "condition 12",
    "5.3-10": "conditions 11 and 12: no update over a network",
    "5.3-11": "condition 12",
    "5.3-12": "condition 12",
    "5.6-4": "condition 13: no debug interface that can be reached",
    "5.10-1": "condition 6: no telemetry",
    "6-2": "condition 7: nothing rests on consent",
    "6-4": "condition 6",
    "6-5": "condition 6",
}
# Recommendations without condition that such a device cannot meet.
NOT_SUPPORTED = {
    "5.3-1": "no component can be updated",
    "5.5-3": "nor its cryptography",
    "5.6-7": "no privilege levels",
    "5.6-8": "no memory protection unit",
    "5.7-1": "nothing that a secure boot could verify",
    "5.7-2": "nor an alert about a change",
    "5.11-2": "no associated service",
}


@cache
def sensor() -> Profile:
    return load_profile("constrained-sensor")


@cache
def plan() -> Plan:
    return make_plan(sensor(), load_units())


def test_it_is_shipped_and_reaches_nothing() -> None:
    profile = sensor()

    assert "constrained-sensor" in shipped_profiles()
    assert profile.dut.constrained
    assert (profile.virtual, profile.access.network, profile.access.serial, profile.access.cloud) == (
        None,
    ) * 4
    assert profile.permissions == frozenset()


def test_the_ics_is_complete_and_plausible() -> None:
    profile = sensor()

    assert profile.ics.rows.keys() == {one.id for one in CATALOGUE.provisions} - {"4-1"}
    assert profile.ics.conditions.keys() == {one.id for one in CATALOGUE.conditions}
    assert [str(finding) for finding in ics_findings(profile)] == []


@pytest.mark.parametrize("condition", [one.id for one in CATALOGUE.conditions])
def test_the_other_documents_show_what_the_ics_states_of_each_condition(condition: str) -> None:
    state = condition_holds(sensor(), condition)

    assert state.shown is state.declared


def test_every_table_is_there() -> None:
    filled = {table.id for table in sensor().ixit if any(entry.values for entry in table)}

    assert sensor().ixit.tables.keys() - filled == {
        "7-UpdMech",
        "8-UpdProc",
        "17-PrivlCtrl",
        "18-AccCtrl",
        "20-SecBoot",
        "24-TelData",
    }


def test_what_is_not_applicable_follows_from_the_conditions() -> None:
    released = {group.group.id for group in plan().groups if group.support == "N/A"}

    assert released == NOT_APPLICABLE.keys()
    assert all(
        group.ics.verdict is Verdict.NOT_APPLICABLE for group in plan().groups if group.support == "N/A"
    )


def test_every_other_row_whose_condition_is_absent_would_be_listed() -> None:
    absent = {one.id for one in CATALOGUE.conditions if condition_holds(sensor(), one.id).holds is False}

    assert NOT_APPLICABLE.keys() == {
        provision.id for provision in CATALOGUE.provisions if absent & set(provision.conditional)
    }


def test_recommendations_that_it_cannot_meet_are_not_supported_and_the_rest_is_assessed() -> None:
    groups = {group.group.id: group for group in plan().groups}

    assert {name for name, group in groups.items() if group.support == "N"} == NOT_SUPPORTED.keys()
    assert {
        name for name, group in groups.items() if not group.assessed
    } == NOT_APPLICABLE.keys() | NOT_SUPPORTED.keys()


@pytest.mark.parametrize("provision", ["5.3-14", "5.3-15"])
def test_the_way_of_a_device_without_updates_is_assessed(provision: str) -> None:
    group = next(group for group in plan().groups if group.group.id == provision)
    units = {one.unit.id for one in plan().evaluations if one.group == provision and one.applies}

    assert (group.support, group.assessed, group.ics.verdict) == ("Y", True, Verdict.PASS)
    assert [(state.id, state.holds) for state in group.conditions] == [("3", True), ("4", True)]
    assert units == {unit.id for case in group.group.cases for unit in case.units}


def test_nothing_is_refuted_on_paper() -> None:
    conceptual = [one for one in plan().evaluations if not one.unit.functional and one.applies is not False]
    outcomes = {one.key: examine(sensor(), one).outcome for one in conceptual}

    assert all(one.function is not None for one in conceptual)
    assert {key: one.reason for key, one in outcomes.items() if one.verdict is Verdict.FAIL} == {}
    assert {key: one.reason for key, one in outcomes.items() if one.cause is Cause.ERROR} == {}


def test_a_run_fails_nothing_and_leaves_open_what_needs_a_person_or_the_device(tmp_path: Path) -> None:
    run = run_suite(tmp_path, "constrained-sensor")
    verdicts = {group["group"]: group["verdict"] for group in run.results["groups"]}

    assert "FAIL" not in verdicts.values()
    assert run.results["overall"] == "INCONCLUSIVE"
    assert run.results["ics_findings"] == []
    assert {verdicts[name] for name in NOT_APPLICABLE} == {"NOT APPLICABLE"}
    assert {verdicts["5.3-14"], verdicts["5.3-15"]} == {"INCONCLUSIVE"}
