"""The flaw matrix: without a flaw nothing fails; each flaw fails exactly its units.

Flaws that do not interact share a camera, and a run looks at the families of all their units (`flaw_groups.py`). What
fails there is exactly what all of them are to fail: each fails its units, and none outside. Where several fail the same
unit, its reasons tell of each, and there is none that tells of none of them. That a flaw needs one that it shares the
camera with, or would fail a unit of that one too, such a run does not show. The two
largest families are looked at, besides, on a camera that has all flaws of the other at once: what all of them leave alone,
each does. With the environment variable ETSI_WHOLE_MATRIX each flaw has a camera to itself, and a run looks at all units
that a program decides.

ETSI_MATRIX_EDITION=2.1.1 makes the same of the camera's documents in that edition, with a camera for each flaw, and looks
at the families of its units. Without it a few flaws are looked at in both: those of what only the later edition asks.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import pytest
from flaw_families import LATER, is_of, matrix
from flaw_groups import TOLD, concerned, grouped, touched
from suite_runs import SuiteRun, run_side_by_side, run_suite

from pytest_etsi.profile import shipped_profiles
from pytest_etsi.standard import edition
from pytest_etsi.standard.crosswalk import crosswalk
from pytest_etsi.virtual.flaws import FLAWS as SEEDED
from pytest_etsi.virtual.flaws import GuidanceFlaw
from pytest_etsi.virtual.flaws._later import BECAME, became

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flaw_families import Matrix

    from pytest_etsi.virtual.flaws import Flaw

SOUND = "no flaw"
EDITION = os.environ.get("ETSI_MATRIX_EDITION", "1.1.1")
MATRIX = matrix(EDITION)
SECOND = matrix(LATER)
LONGER = {"lockout-too-short": ("lockout_s: 2,", "lockout_s: 30,")}
"""What the documents of the web login state in the run with a flaw, where a busy machine might see nothing of it before
the time that they usually state is over. Such a run looks at the flaw's own units only."""


WHOLE = bool(os.environ.get("ETSI_WHOLE_MATRIX"))
"""Look at every unit with every flaw, one flaw a run, which takes an hour."""
_AT_ONCE = 12
"""Runs that go side by side: each waits for most of its time, for locks to end and for the camera to come back."""
IN_THE_TEXTS = {"privacy-notice-gone", "telemetry-untold", "erasure-untold", "wep-recommended"}
"""Of the flaws of the maker's texts those for which a run is made: `tests/coverage/test_texts_of_the_maker.py` looks at what
all of them fail, without a camera that has no part in it."""
ALL = [
    flaw
    for flaw in SEEDED
    if (fails := flaw.fails_in(EDITION))
    and (MATRIX.decided | MATRIX.reserved).issuperset(name for name in fails if not name.startswith("5.1-"))
]
FLAWS = [flaw for flaw in ALL if not isinstance(flaw, GuidanceFlaw) or flaw.label in IN_THE_TEXTS]


def _added() -> dict[Flaw, set[str]]:
    """The first flaw of each unit that no flaw fails by what became of a unit of the first edition."""
    reached = {unit for flaw in SEEDED for unit in became(flaw.fails)}
    found: dict[Flaw, set[str]] = {}
    for unit in sorted(SECOND.decided - reached):
        if (flaw := next((one for one in SEEDED if unit in one.fails_later), None)) is not None:
            found.setdefault(flaw, set()).add(unit)
    return found


ADDED = _added()
"""Flaws of what only the later edition asks, each with these units."""
ADDED_GROUPS = [(flaw,) for flaw in ADDED] if WHOLE else [tuple(ADDED)]
"""Those that one camera has, run by run: they concern different units, and leave each other alone."""


def _documents(directory: Path, flaw: Flaw) -> str | Path:
    if flaw.label not in LONGER:
        return MATRIX.profile
    camera = shutil.copytree(shipped_profiles()[MATRIX.profile].parent, directory / "camera")
    web = camera / "ixit" / "01-AuthMech.yaml"
    web.write_text(web.read_text(encoding="utf-8").replace(*LONGER[flaw.label], 1), encoding="utf-8")
    return camera / "profile.yaml"


def _concerning(family: str, *, but: str) -> list[Flaw]:
    """The flaws that concern one family of units and not another."""
    return [flaw for flaw in FLAWS if family in (own := concerned(flaw, MATRIX)) and but not in own]


_SEARCHED = _concerning("search", but="outages")
_IN_ONES_WAY = {"tftp-server", "ftp-login", "login-in-spanish", "upgrade-behind-redirect"}
"""Flaws that take the port or the page of another of their family."""
TOGETHER = {
    "outages, flaws of the search": (
        "outages",
        [flaw for flaw in _SEARCHED if flaw.label not in _IN_ONES_WAY],
    ),
    "outages, further flaws of the search": (
        "outages",
        [flaw for flaw in _SEARCHED if flaw.label in _IN_ONES_WAY],
    ),
    "search, flaws of outages": ("search", _concerning("outages", but="search")),
}
"""A family of units, and the flaws of another family that the camera has all at once and that it is to see nothing of."""
GROUPS = [(flaw,) for flaw in FLAWS] if WHOLE or EDITION == LATER else grouped(FLAWS)
"""The flaws that one camera has, run by run."""
GROUP = {flaw: group for group in GROUPS for flaw in group}


def _fails(flaw: Flaw) -> set[str]:
    own = set(flaw.fails_in(EDITION))
    return set(MATRIX.fails_after_others.get(flaw.label, own)) if WHOLE else own


def _leaves_open(flaw: Flaw) -> set[str]:
    elsewhere = MATRIX.left_open_elsewhere.get(flaw.label, ()) if WHOLE else ()
    return {*MATRIX.left_open.get(flaw.label, ()), *elsewhere}


def _failed_by_several(group: tuple[Flaw, ...]) -> dict[str, list[Flaw]]:
    """The units that more than one flaw of a camera fails, each with these flaws."""
    times = Counter(unit for flaw in group for unit in _fails(flaw))
    return {
        unit: [flaw for flaw in group if unit in _fails(flaw)] for unit, number in times.items() if number > 1
    }


def _scope(families: Iterable[str]) -> list[str]:
    return sorted(set().union(*(MATRIX.families[family] for family in families)))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """What a program decides on the virtual camera, once without and once with each flaw."""

    def together(name: str) -> partial[SuiteRun]:
        family, flaws = TOGETHER[name]
        seeded = [f"--etsi-flaw={flaw.label}" for flaw in flaws]
        only = f"--etsi-only={','.join(_scope([family]))}"
        return partial(run_suite, tmp_path_factory.mktemp("together"), MATRIX.profile, only, *seeded)

    def sound() -> partial[SuiteRun]:
        only = f"--etsi-only={','.join(_scope(MATRIX.families))}"
        return partial(run_suite, tmp_path_factory.mktemp("sound"), MATRIX.profile, only, as_a_user=True)

    def run(group: tuple[Flaw, ...]) -> partial[SuiteRun]:
        # The directories are made here, because making them is not for several threads at once.
        directory: Path = tmp_path_factory.mktemp(group[0].label)
        fails = {unit for flaw in group for unit in flaw.fails_in(EDITION)}
        looked_at = MATRIX.families if WHOLE else [one for flaw in group for one in concerned(flaw, MATRIX)]
        scope = {*_scope(looked_at), *MATRIX.reserved.intersection(fails)}
        if group[0].label in LONGER:
            scope = fails
        only = f"--etsi-only={','.join(sorted(scope))}"
        seeded = [f"--etsi-flaw={flaw.label}" for flaw in group]
        return partial(run_suite, directory, _documents(directory, group[0]), only, *seeded)

    def in_both(group: tuple[Flaw, ...]) -> partial[SuiteRun]:
        directory: Path = tmp_path_factory.mktemp("later")
        only = f"--etsi-only={','.join(sorted({unit for flaw in group for unit in ADDED[flaw]}))}"
        seeded = [f"--etsi-flaw={flaw.label}" for flaw in group]
        return partial(run_suite, directory, SECOND.profile, only, *seeded)

    apart = {name: together(name) for name in TOGETHER}
    # Those that wait for minutes begin first, so that none is left alone at the end.
    groups = sorted(GROUPS, key=lambda group: not any("outages" in concerned(flaw, MATRIX) for flaw in group))
    also = {
        f"{group[0].label}, later": in_both(group) for group in (ADDED_GROUPS if EDITION != LATER else ())
    }
    wanted = {SOUND: sound(), **apart, **{group[0].label: run(group) for group in groups}, **also}
    return run_side_by_side(wanted, at_once=_AT_ONCE)


def test_camera_without_flaws_passes_every_unit(runs: dict[str, SuiteRun]) -> None:
    sound = runs[SOUND]

    assert sound.status == (10 if MATRIX.open else 0), sound.output
    assert sound.units("FAIL") == set()
    assert sound.units("INCONCLUSIVE") == MATRIX.open
    # Nothing in the camera is hard-coded, which is not applicable then.
    assert sound.units("PASS") >= MATRIX.decided - MATRIX.unseeded - {"5.4-3-2/a"}
    whole = {"4-1" if EDITION != LATER else "5.0-1", "5.1-1", "5.1-2", "5.1-3", "5.1-4", "5.1-5"}
    whole -= {name for name in whole if any(is_of(unit, name) for unit in MATRIX.open)}
    looked_at = _scope(MATRIX.families)
    whole -= {
        name
        for name in whole
        for unit in edition(EDITION).group(name).units
        if not any(is_of(unit.id, one) for one in looked_at)
    }
    assert len(whole) >= 4
    assert {sound.group(name)["verdict"] for name in whole} == {"PASS"}


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.label)
def test_flaw_fails_exactly_its_units(runs: dict[str, SuiteRun], flaw: Flaw) -> None:
    run = runs[GROUP[flaw][0].label]

    others = {unit for other in GROUP[flaw] if other is not flaw for unit in touched(other, MATRIX)}
    assert run.units("FAIL") - (others - _fails(flaw)) == _fails(flaw), run.output
    undecided = run.units("INCONCLUSIVE") - MATRIX.reserved - MATRIX.open
    assert undecided - others == _leaves_open(flaw) - MATRIX.open, run.output
    assert run.status == 1


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].label)
def test_flaws_of_one_camera_fail_exactly_the_units_of_all(
    runs: dict[str, SuiteRun], group: tuple[Flaw, ...]
) -> None:
    run = runs[group[0].label]

    failed = {unit for flaw in group for unit in _fails(flaw)}
    left_open = {unit for flaw in group for unit in _leaves_open(flaw)}
    assert run.units("FAIL") == failed, run.output
    assert failed & left_open == set()
    assert run.units("INCONCLUSIVE") - MATRIX.reserved - MATRIX.open == left_open - MATRIX.open, run.output


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].label)
def test_flaws_that_fail_the_same_unit_of_one_camera_are_told_each(
    runs: dict[str, SuiteRun], group: tuple[Flaw, ...]
) -> None:
    run = runs[group[0].label]

    for unit, flaws in _failed_by_several(group).items():
        words = [TOLD[flaw.label] for flaw in flaws]
        reasons = [reason.lower() for reason in run.failures(unit)]
        untold = [word for word in words if not any(word in reason for reason in reasons)]
        assert untold == [], (unit, reasons)
        assert all(any(word in reason for word in words) for reason in reasons), (unit, reasons)


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: group[0].label)
def test_words_that_tell_of_a_flaw_tell_of_no_other_of_its_camera(group: tuple[Flaw, ...]) -> None:
    for flaws in _failed_by_several(group).values():
        words = [TOLD[flaw.label] for flaw in flaws]
        assert [one for one in words if sum(one in other for other in words) > 1] == []


@pytest.mark.skipif(WHOLE or EDITION == LATER, reason="no flaw shares a camera")
def test_words_are_those_of_flaws_that_share_a_unit() -> None:
    shared = [flaws for group in GROUPS for flaws in _failed_by_several(group).values()]

    assert sorted(TOLD) == sorted({flaw.label for flaws in shared for flaw in flaws})


def test_each_flaw_is_looked_at_once() -> None:
    assert sorted(flaw.label for group in GROUPS for flaw in group) == sorted(flaw.label for flaw in FLAWS)


@pytest.mark.parametrize("name", TOGETHER)
def test_flaws_of_one_family_leave_the_units_of_another_alone(runs: dict[str, SuiteRun], name: str) -> None:
    run, (family, flaws) = runs[name], TOGETHER[name]

    assert flaws
    assert run.units("PASS") == MATRIX.families[family], run.output
    assert run.status == 0


def test_every_flaw_has_a_name_of_its_own() -> None:
    labels = [flaw.label for flaw in SEEDED]

    assert sorted(set(labels)) == sorted(labels)


@pytest.mark.parametrize("of", [matrix("1.1.1"), SECOND], ids=lambda of: of.edition)
def test_every_functional_unit_that_a_program_decides_has_a_flaw(of: Matrix) -> None:
    seeded = {unit for flaw in SEEDED for unit in flaw.fails_in(of.edition)}

    assert seeded >= (of.decided | of.reserved) - of.steps - of.unseeded
    assert seeded & (of.steps | of.unseeded) == set()


@pytest.mark.skipif(EDITION == LATER, reason="the whole of the later edition is looked at")
@pytest.mark.parametrize("flaw", ADDED, ids=lambda flaw: flaw.label)
def test_flaw_fails_what_only_the_later_edition_asks(runs: dict[str, SuiteRun], flaw: Flaw) -> None:
    group = next(group for group in ADDED_GROUPS if flaw in group)
    run = runs[f"{group[0].label}, later"]

    others = {unit for other in group if other is not flaw for unit in other.fails_in(LATER)}
    assert ADDED[flaw] & others == set()
    assert run.units("FAIL") - others == ADDED[flaw], run.output


def test_a_flaw_names_units_of_the_later_edition() -> None:
    known = {unit.id for unit in edition(LATER).units}

    assert {unit for flaw in SEEDED for unit in flaw.fails_later} <= known
    assert [flaw.label for flaw in SEEDED if flaw.fails_later == ()] == [
        "no-updates-after-setup", "no-notices-after-setup", "check-untold"
    ]  # fmt: skip


def test_what_became_of_a_flaws_units_is_what_the_catalogue_says() -> None:
    ways = crosswalk("1.1.1", LATER)
    units = sorted({unit for flaw in SEEDED for unit in flaw.fails})
    kept = [unit for unit in units if unit not in BECAME]

    assert {unit: tuple(row.new for row in ways.became(unit)) for unit in kept} == {
        unit: (unit,) for unit in kept
    }
    same = {row.old: (row.new,) for unit in units for row in ways.became(unit) if row.same}
    assert {unit: became([unit]) for unit in same} == same
