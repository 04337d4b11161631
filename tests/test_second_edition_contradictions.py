"""What edition 2.1.1 asks of documents beyond the first one, each refuted by one bad entry: all in one set of documents.

The camera's own documents contradict nothing (`test_second_edition.py`); here entries are added, and answers taken away.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from second_edition import write_second_edition

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import Profile

PHYSICAL: dict[str, dict[str, Any]] = {
    "Intf-Spare": {
        "Type": "network",
        "Status": "enabled",
        "Description": "tbd",
        "facts": {"exposure": "required"},
    },
    "Intf-Hole": {
        "Type": "physical port",
        "Status": "enabled",
        "Description": "Exposure not required.",
        "Protection": "n/a",
        "facts": {"exposure": "not-required"},
    },
    "Intf-Glued": {
        "Type": "physical port",
        "Status": "enabled",
        "Description": "Exposure required.",
        "Debug Interface": "yes",
        "Protection": "Glue.",
        "facts": {"exposure": "required", "accessible": False, "debug": True},
    },
    "Intf-Open": {
        "Type": "physical port",
        "Status": "enabled",
        "Description": "Exposure intermittently required.",
        "Debug Interface": "yes",
        "Protection": "",
        "facts": {"exposure": "intermittent", "accessible": True, "debug": True, "default": "enabled"},
    },
}
LOGICAL: dict[str, dict[str, Any]] = {
    "LogIntf-Test": {
        "Description": "Only for testing.",
        "Access": "Intf-LAN, local",
        "Status": "enabled",
        "Disclosed Information": "",
        "Resilience Measures": "",
    },
}
PERSONAL: dict[str, dict[str, Any]] = {
    "PersData-Vague": {
        "Description": "Motion.",
        "Purpose": "",
        "Aggregation": "yes",
        "Lifecycle": "They are kept forever and never deleted.",
        "Processing Activities": "",
        "Obtaining Consent": "A box that is empty at first.",
        "Withdrawing Consent": "The same box.",
        "Storing Consent": "Consent is not stored.",
        "Anonymization": "none",
        "facts": {"consent": True, "aggregated": True, "sensitive": False},
    },
}
FAILS: dict[str, set[str]] = {
    "Intf-Spare": {"5.6-1-1/a"},
    "Intf-Hole": {"5.6-3-1/a", "5.6-3-1/b"},
    "Intf-Glued": {"5.6-4A-1/a", "5.6-4A-1/b", "5.6-4A-1/c"},
    "Intf-Open": {"5.6-4A-1/a", "5.6-4A-1/b", "5.6-4A-1/d", "5.6-4B-1/a"},
    "LogIntf-Test": {"5.6-1-1/b", "5.6-2-1/a", "5.6-2-1/b", "5.9-3-1/a", "5.9-3-1/b", "5.13-1B-1/a"},
    "": {"5.11-1-1/a", "5.11-1-1/c", "5.12-3-1/a", "5.12-3-1/b"},
    "UserIntf-Voice": {"5.13-1A-1/a"},
    "InpVal-Browser": {"5.13-1A-1/b", "5.13-1B-1/b"},
    "PersData-Vague": {
        *("6-1-1/a", "6-3B-1/a", "6-6-1/a", "6-6-1/b", "6-6-1/c"),
        *("6-7-1/a", "6-7-1/b", "6-7-1/c", "6-8-1/a"),
    },
}  # fmt: skip
"""Entry -> exactly the units that have to FAIL because of it; "": units that are evaluated once."""
NOT_REFUTED = {"6-6-2/c"}
"""Asks about what was found on the device: nothing in the documents can refute it."""
NOT_FOLLOWED = ("5.6-4B", "6-8")
"""Recommendations that the camera does not claim."""
SECOND = edition("2.1.1")
MINE = {
    unit.id: unit
    for unit in SECOND.units
    if unit.origin.edition == "2.1.1" and (unit.id.startswith("6-") or int(unit.id[2:].partition("-")[0]) > 5)
}


def worse(ixit: dict[str, Any]) -> None:
    for table, entries in (("15-PhyIntf", PHYSICAL), ("28-LogIntf", LOGICAL), ("21-PersData", PERSONAL)):
        ixit[table] += [{"ID": name, **entry} for name, entry in entries.items()]
    ixit["27-UserIntf"].append({"ID": "UserIntf-Voice", "Type": "voice", "Description": "It listens."})
    ixit["29-InpVal"].append(
        {
            "ID": "InpVal-Browser",
            "Source": "UserIntf-Web, ExtAPI-Web",
            "Description": "Length and range of every value.",
            "facts": {"where": ["browser"]},
        }
    )
    for one in ixit["25-DelFunc"]:
        if one["ID"] == "DelFunc-Reset":
            one["facts"]["covers"] = ["settings"]
    ixit["2-UserInfo"]["Documentation of Setup Check"] = "On request."
    ixit["2-UserInfo"]["Documentation of Maintenance Check"] = ""


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    return load_profile(
        str(write_second_edition(tmp_path_factory.mktemp("bad"), then=worse, claimed=NOT_FOLLOWED))
    )


@cache
def refuted(profile: Profile) -> dict[str, set[str]]:
    """Entry -> units that FAIL on it, of those that only the second edition has."""
    found: dict[str, set[str]] = {}
    on_paper = [unit.id for unit in MINE.values() if not unit.functional]
    for one in make_plan(profile, load_units(), only=on_paper).evaluations:
        if examine(profile, one).outcome.verdict == "FAIL":
            found.setdefault(one.entry or "", set()).add(one.unit.id)
    return found


@pytest.mark.parametrize("entry", FAILS)
def test_a_bad_entry_fails_exactly_its_units(bad: Profile, entry: str) -> None:
    assert refuted(bad).get(entry, set()) == FAILS[entry]


def test_nothing_else_is_refuted(bad: Profile) -> None:
    assert refuted(bad).keys() == FAILS.keys()


def test_every_unit_on_paper_can_be_refuted() -> None:
    on_paper = {unit.id for unit in MINE.values() if not unit.functional}

    assert len(on_paper) > 30
    assert on_paper - set().union(*FAILS.values()) == NOT_REFUTED


def test_the_camera_itself_is_refuted_nowhere(tmp_path: Path) -> None:
    assert refuted(load_profile(str(write_second_edition(tmp_path)))) == {}
