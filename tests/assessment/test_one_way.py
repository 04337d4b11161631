"""What has no way back is told before a run, and what has one is not."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from pytest_etsi.assessment.one_way import one_ways
from pytest_etsi.profile import load_profile

EVERY = ("update", "erase", "outage")


@pytest.fixture(scope="module")
def camera():
    return load_profile("virtual-camera")


def without(camera, *names):
    """The same profile without these operations."""
    operations = {name: one for name, one in camera.access.operations.items() if name not in names}
    return replace(camera, access=camera.access.model_copy(update={"operations": operations}))


def test_a_profile_with_a_way_back_from_everything_is_told_nothing(camera):
    assert one_ways(camera, EVERY) == ()


@pytest.mark.parametrize(
    ("names", "needs", "words"),
    [
        (("initialize",), "erase", "a reset to factory default: nothing sets the device up again"),
        (("power-on",), "outage", "so that it is never cut by it"),
    ],
)
def test_what_has_no_way_back_is_told_where_it_is_permitted(camera, names, needs, words):
    profile = without(camera, *names)

    assert any(words in one for one in one_ways(profile, EVERY))
    assert one_ways(profile, set(EVERY) - {needs}) == ()


def test_what_an_entry_gives_no_way_back_from_is_told(camera):
    (mechanism, *_) = (one for one in camera.ixit.upd_mech if one.access.packages is not None)
    (network, *_) = (one for one in camera.ixit.res_mech if "network" in one.facts.covers)
    (way, *_) = network.access.outages
    stuck = way.model_copy(update={"restore": None})
    ixit = SimpleNamespace(
        upd_mech=[SimpleNamespace(id="Upd", access=mechanism.access.model_copy(update={"restore": None}))],
        res_mech=[
            SimpleNamespace(
                id="Net", facts=network.facts, access=network.access.model_copy(update={"outages": (stuck,)})
            )
        ],
        del_func=[
            SimpleNamespace(
                id="Del",
                facts=SimpleNamespace(target=("device",)),
                access=SimpleNamespace(operation="factory-reset", again=None),
            )
        ],
    )
    told = one_ways(replace(without(camera, "initialize"), ixit=ixit), EVERY)

    assert "a second package that is newer still" in told[0]
    assert [one.partition(":")[0] for one in told] == [
        "an update by Upd",
        "a reset to factory default",
        "the deletion by Del",
        f"{way.cut} of Net",
    ]


def test_an_update_that_stays_installed_is_told_with_its_version(camera):
    (mechanism, *_) = (one for one in camera.ixit.upd_mech if one.access.packages is not None)
    packages = mechanism.access.packages.model_copy(update={"newest": "b.swu", "newest_version": "9.9"})
    access = mechanism.access.model_copy(update={"restore": None, "packages": packages})
    ixit = SimpleNamespace(upd_mech=[SimpleNamespace(id="Upd", access=access)])

    (told,) = one_ways(replace(camera, ixit=ixit), {"update"})

    assert "the device is left with 9.9" in told
