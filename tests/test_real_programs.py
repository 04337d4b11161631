"""Whole assessments of programs that products are built from, with honest documents, and without their login in them.

What is expected of each unit follows from the program's own manual and source and from its documents; see the module of
each program in `tests/programs`. `./dev real` installs all of them and runs this file.
"""

from __future__ import annotations

from functools import partial

import pytest
from suite_runs import SuiteRun, run_side_by_side, run_suite

from tests.namespaces import needs_namespaces
from tests.programs import program
from tests.programs.esphome import ESPHOME
from tests.programs.motion import MOTION
from tests.programs.node_red import NODE_RED
from tests.programs.octoprint import OCTOPRINT
from tests.programs.transmission import TRANSMISSION

pytestmark = [needs_namespaces, pytest.mark.real_programs]

PROGRAMS = {one.name: one for one in (OCTOPRINT, TRANSMISSION, MOTION, NODE_RED, ESPHOME)}
"""Those that take longest first."""
UNITS = (
    "5.1-1-2",
    "5.1-2-2",
    "5.1-3-2",
    "5.1-4-2",
    "5.1-5-1",
    "5.1-5-2",
    "5.3-10-1/c",
    "5.5-1-2",
    "5.5-2-2",
    "5.5-4-2",
    "5.5-5-2",
    "5.6-1-2",
    "5.6-2-2",
    "5.13-1-2/c",
)
"""What a program can decide of the provisions that have something to do with such a device."""
SEARCHES = ("5.1-1-2/a", "5.1-5-2/a")
HONEST, WITHOUT = "honest", "without its login"
_LONGEST_S = 1200.0
"""Seconds that a run may take: with locks, a few minutes on an idle machine."""
_AT_ONCE = 2
"""Programs that run side by side; more of them would answer late on two processors, and their locks would end early."""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """Of each program that is here a run with either kind of documents."""

    def run(one: program.Program, kind: str) -> SuiteRun:
        place = directories[one.name] / kind.replace(" ", "-")
        units = UNITS if kind == HONEST else SEARCHES
        with program.running(place / "program", one) as started:
            profile = program.write(place / "documents", one.documents(), login=kind == HONEST)
            only = f"--etsi-only={','.join(units)}"
            network = started.net.bench_file
            return run_suite(place / "run", profile, only, network=network, longest_s=_LONGEST_S)

    here = [one for one in PROGRAMS.values() if not one.missing]
    directories = {one.name: tmp_path_factory.mktemp(one.name) for one in here}
    wanted = {_key(one.name, kind): partial(run, one, kind) for kind in (HONEST, WITHOUT) for one in here}
    return run_side_by_side(wanted, at_once=_AT_ONCE)


def _key(name: str, kind: str) -> str:
    return f"{name}, {kind}"


@pytest.fixture(params=PROGRAMS)
def name(request: pytest.FixtureRequest) -> str:
    """Each program that is here."""
    if missing := PROGRAMS[request.param].missing:
        pytest.skip(missing)
    return str(request.param)


def _verdicts(run: SuiteRun, units: tuple[str, ...]) -> program.Verdicts:
    return {
        (unit, one["entry"]): " ".join(filter(None, (one["verdict"], one["cause"])))
        for unit, one in run.evaluations()
        if {unit, unit.rpartition("/")[0]} & set(units)
    }


def test_honest_documents_give_the_verdicts_that_follow_from_the_program(
    name: str, runs: dict[str, SuiteRun]
) -> None:
    run = runs[_key(name, HONEST)]

    assert _verdicts(run, UNITS) == PROGRAMS[name].expected, run.output


def test_a_login_that_is_left_out_of_the_documents_is_found(name: str, runs: dict[str, SuiteRun]) -> None:
    run = runs[_key(name, WITHOUT)]

    assert _verdicts(run, SEARCHES) == PROGRAMS[name].expected_without, run.output
