"""Which operations that a profile lacks would let a program decide more units, and how many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_etsi.assessment.operations import missing_operations, named_operations
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.report.operations import lines


@pytest.fixture(scope="module")
def sensor():
    profile = load_profile("constrained-sensor")
    return profile, make_plan(profile, load_units())


def missing(sensor, *there):
    """What is missing where these operations are there."""
    profile, plan = sensor
    operations = dict.fromkeys(there, next(iter(load_profile("virtual-camera").access.operations.values())))
    access = profile.access.model_copy(update={"operations": operations})
    changed = replace(profile, access=access) if hasattr(profile, "__dataclass_fields__") else profile
    return {one.operation.name: one for one in missing_operations(changed, plan)}


def test_an_operation_that_opens_units_by_itself_comes_first(sensor):
    profile, plan = sensor
    found = missing_operations(profile, plan)
    counts = [(len(one.alone), len(one.with_others)) for one in found]

    assert counts == sorted(counts, reverse=True)
    assert counts[0][0] > 0


def test_an_operation_opens_what_nothing_else_is_missing_for(sensor):
    found = missing(sensor, "link-down", "link-up")

    assert {"5.9-1-2/a", "5.9-2-2/a"} <= set(found["local-function"].alone)


@pytest.mark.parametrize("there", [("power-cycle",), ("power-off", "power-on")])
def test_of_two_ways_to_cut_the_power_one_is_enough(sensor, there):
    assert not {"power-off", "power-on", "power-cycle"} & set(missing(sensor, *there))


def test_one_way_to_cut_the_power_is_asked_for_where_there_is_none(sensor):
    assert {"power-off", "power-on"} <= set(missing(sensor))
    assert "power-cycle" not in missing(sensor)


def test_an_operation_for_units_that_no_program_decides_opens_none(sensor):
    assert "give-consent" not in missing(sensor)


def test_the_virtual_camera_lacks_none():
    profile = load_profile("virtual-camera")

    assert missing_operations(profile, make_plan(profile, load_units())) == ()


def test_a_line_tells_how_many_and_which(sensor):
    profile, plan = sensor
    told = list(lines(missing_operations(profile, plan)))

    assert told[0].startswith("local-function: 2 units (5.3-15-2/a, 5.3-15-2/c)")


def test_names_are_unique():
    names = [one.name for one in named_operations()]

    assert len(names) == len(set(names))
