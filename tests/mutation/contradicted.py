"""The contradictions of `tests/contradictions`, unit by unit, with their documents read before anything is changed.

Each asks only the units that the contradiction has to fail, so that a mutant meets the few that reach it. It is no part of
the suite, where the same is asked of all units.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "contradictions"))

from contradictions import all_changes, load_changed

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units

_UNITS = load_units()


def _read(*changes):
    with tempfile.TemporaryDirectory() as directory:
        profile = load_changed(Path(directory, "camera"), *changes)
    asked = {}
    for planned in make_plan(profile, _UNITS).evaluations:
        if not planned.unit.functional and planned.function is not None and planned.applies is not False:
            asked.setdefault(planned.unit.id, []).append((profile, planned))
    return asked


def _fails(asked):
    return any(examine(profile, planned).outcome.verdict == "FAIL" for profile, planned in asked)


SOUND = _read()
WORSE = {
    f"{unit}: {name}": asked.get(unit, [])
    for name, change in all_changes().items()
    for asked in [_read(change)]
    for unit in sorted(change.fails)
}


@pytest.mark.parametrize("asked", WORSE.values(), ids=WORSE)
def test_a_contradiction_fails_its_unit(asked):
    assert _fails(asked)


@pytest.mark.parametrize("asked", SOUND.values(), ids=SOUND)
def test_documents_without_a_contradiction_fail_no_unit(asked):
    assert not _fails(asked)
