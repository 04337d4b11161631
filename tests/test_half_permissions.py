"""Half a permission is half a unit: what can be seen without it is looked at, and can refute."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from suite_runs import SuiteRun, run_side_by_side, run_suite

CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"
UNITS = {"5.5-5-2/a", "5.5-5-2/b", "5.13-1-2/c"}
FLAWS = {"undocumented-login": {"5.5-5-2/b", "5.13-1-2/c"}, "users-without-login": {"5.5-5-2/a"}}
"""What an attacker meets in the initialized state already, and the units that forbid it."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """Runs without the permission to reset the camera: a sound one, and one with each flaw."""
    directory = tmp_path_factory.mktemp("half")
    shutil.copytree(CAMERA, directory / "camera")
    profile = directory / "camera" / "profile.yaml"
    text = profile.read_text(encoding="utf-8")
    assert "erase, " in text
    profile.write_text(text.replace("erase, ", ""), encoding="utf-8")

    def run(flaw: str = "") -> SuiteRun:
        options = [f"--etsi-flaw={flaw}"] if flaw else []
        place = directory / (flaw or "sound")
        return run_suite(place, profile, f"--etsi-only={','.join(sorted(UNITS))}", *options)

    return run_side_by_side({"": run, **{flaw: lambda flaw=flaw: run(flaw) for flaw in FLAWS}})


def test_what_only_the_permission_shows_stays_open_and_says_so(runs: dict[str, SuiteRun]) -> None:
    found = [one for _, one in runs[""].evaluations()]

    assert runs[""].units("INCONCLUSIVE") == UNITS, runs[""].output
    assert {one["cause"] for one in found} == {"permission"}


@pytest.mark.parametrize("flaw", FLAWS)
def test_what_can_be_seen_without_it_refutes(runs: dict[str, SuiteRun], flaw: str) -> None:
    assert runs[flaw].units("FAIL") == FLAWS[flaw], runs[flaw].output
    assert runs[flaw].units("INCONCLUSIVE") == UNITS - FLAWS[flaw]
