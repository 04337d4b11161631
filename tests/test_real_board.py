"""A real Linux machine under QEMU, built well and badly: the distribution's kernel, BusyBox and Dropbear, and a few lines of shell.

Its console, its plug and its documents are those that anybody gets who starts it by `./dev board`. The documents are the same
for every build, and what fails of a bad one follows from the difference. `./dev test` assesses the good one and three bad
ones by the units that show it quickest; `./dev qemu` assesses all, the good one by every unit that is for such a device.
"""

from __future__ import annotations

from functools import partial

import pytest

from tests import daemons
from tests.qemu import builds, software
from tests.suite_runs import SuiteRun, run_side_by_side, run_suite

GOOD, INTERRUPTED = "good", "good, and cut while it writes and starts"
QUICK = ("5.9-1-2", "5.9-2-2", "5.11-1-2", "5.11-3-1", "5.11-4-1")
SLOW = ("5.6-4-2", "5.4-1-2", "5.4-3-2", "5.3-1-2", "5.3-2-2", "5.3-6-2")
"""Units that start the board many times, the second and third of them to hear what its console says."""
BAD_BY_DEFAULT = ("a shell at the UART", "settings are kept in memory", "a reset leaves the settings")
PASS, NONE, PERSON = "PASS", "NOT APPLICABLE", "INCONCLUSIVE judgement"
OPEN = "INCONCLUSIVE access"
EXPECTED = {
    **{("5.4-1-2/a", entry): PASS for entry in ("SecParam-Password", "SecParam-HostKey")},
    **{
        ("5.4-3-2/a", entry): NONE for entry in ("SecParam-Password", "SecParam-HostKey")
    },  # nothing is hard-coded
    **{(f"5.9-{case}-2/{unit}", None): PASS for case in "12" for unit in "ab"},
    ("5.11-1-2/a", None): PASS,
    ("5.11-1-2/b", "DelFunc-Reset"): PASS,
    ("5.11-1-2/c", "DelFunc-Reset"): PASS,
    ("5.11-3-1/a", None): PASS,
    ("5.11-3-1/b", "DelFunc-Reset"): PERSON,
    ("5.11-3-1/c", "DelFunc-Reset"): PERSON,
    ("5.11-4-1/a", "DelFunc-Reset"): PASS,
    ("5.11-4-1/b", "DelFunc-Reset"): PERSON,
    ("5.6-4-2/a", "Intf-UART"): PASS,
    ("5.6-4-2/b", None): PERSON,
    # It fetches by bare TCP, where no false server stands.
    ("5.3-1-2/a", "SoftComp-App"): OPEN,
    ("5.3-2-2/a", "UpdMech-App"): PERSON,
    ("5.3-2-2/b", "UpdMech-App"): OPEN,
    **{(f"5.3-6-2/{unit}", "UpdMech-App"): PASS for unit in "abcd"},
}
_LONGEST_S = 1200.0
_AT_ONCE = 2
"""Boards that run side by side: QEMU without KVM takes a processor while a board starts."""


@pytest.fixture(scope="module")
def runs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """Each build that one of the chosen tests asks for, assessed by the units that it asks for."""
    if why := software.missing():
        daemons.missing(why)
    every = _every(request.config)
    wanted = {GOOD: (builds.GOOD, (*SLOW, *QUICK) if every else QUICK)}
    wanted |= {
        name: (builds.BAD[name], builds.BAD[name].looks) for name in (builds.BAD if every else BAD_BY_DEFAULT)
    }
    if every:
        wanted[INTERRUPTED] = (builds.INTERRUPTED, builds.INTERRUPTED.looks)
    directories = {name: tmp_path_factory.mktemp("board") for name in wanted}

    def run(name: str, build: builds.Build, units: tuple[str, ...]) -> SuiteRun:
        with builds.running(directories[name] / "machine", build) as (_, profile):
            only = f"--etsi-only={','.join(units)}"
            return run_suite(directories[name] / "run", profile, only, longest_s=_LONGEST_S)

    return run_side_by_side(
        {name: partial(run, name, *one) for name, one in wanted.items()}, at_once=_AT_ONCE
    )


def _every(config: pytest.Config) -> bool:
    return "every_build" in config.getoption("markexpr")


@pytest.fixture(autouse=True)
def _asked_for(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("every_build") and not _every(request.config):
        pytest.skip("./dev qemu assesses every build of the board")


def _verdicts(run: SuiteRun, cases: tuple[str, ...]) -> dict[tuple[str, str | None], str]:
    return {
        (unit, one["entry"]): " ".join(filter(None, (one["verdict"], one["cause"])))
        for unit, one in run.evaluations()
        if unit.rpartition("/")[0] in cases
    }


def _of(cases: tuple[str, ...]) -> dict[tuple[str, str | None], str]:
    return {place: verdict for place, verdict in EXPECTED.items() if place[0].rpartition("/")[0] in cases}


def test_the_good_build_gives_what_follows_from_its_documents(runs: dict[str, SuiteRun]) -> None:
    assert _verdicts(runs[GOOD], QUICK) == _of(QUICK), runs[GOOD].output


@pytest.mark.every_build
def test_console_storage_and_updates_of_the_good_build_pass(runs: dict[str, SuiteRun]) -> None:
    assert _verdicts(runs[GOOD], SLOW) == _of(SLOW), runs[GOOD].output


@pytest.mark.every_build
def test_cuts_while_it_writes_and_starts_do_the_good_build_no_harm(runs: dict[str, SuiteRun]) -> None:
    run, cases = runs[INTERRUPTED], builds.INTERRUPTED.looks

    assert _verdicts(run, cases) == _of(cases), run.output
    (reason,) = run.reasons("5.9-1-2/b")
    assert "3 cuts while writing" in reason
    assert "2 cuts while starting" in reason


@pytest.mark.parametrize(
    "name",
    [
        name if name in BAD_BY_DEFAULT else pytest.param(name, marks=pytest.mark.every_build)
        for name in builds.BAD
    ],
)
def test_a_bad_build_fails_its_units_and_no_other(runs: dict[str, SuiteRun], name: str) -> None:
    build, run = builds.BAD[name], runs[name]

    assert run.units("FAIL") & set(_units(build.looks)) == set(build.fails), run.output


def _units(cases: tuple[str, ...]) -> set[str]:
    return {unit for unit, _ in EXPECTED if unit.rpartition("/")[0] in cases}
