"""The flaw matrix: without a flaw nothing fails; each flaw fails exactly its units.

A run with a flaw looks at the families of its own units only, so that the camera is seen to have no further effect of it
there. The two largest families look, besides, at a camera that has all flaws of the other at once: what all of them leave
alone, each does. With the environment variable ETSI_WHOLE_MATRIX a run looks at all units that a program decides.
"""

from __future__ import annotations

import os
import shutil
from functools import partial
from typing import TYPE_CHECKING

import pytest
from suite_runs import SuiteRun, run_side_by_side, run_suite

from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import shipped_profiles
from pytest_etsi.standard import edition
from pytest_etsi.virtual.flaws import FLAWS as SEEDED
from pytest_etsi.virtual.flaws import GuidanceFlaw

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pytest_etsi.virtual.flaws import Flaw

SOUND = "no flaw"
STEPS = {
    "5.11-1-2/a", "5.11-2-2/a", "5.11-3-1/a", "5.11-4-1/a", "5.12-1-2/a", "5.12-2-1/a", "5.12-3-1/a",
}  # fmt: skip
"""Units that carry something out for the units behind them, which fail where it cannot be done as documented."""
_TELLING = (
    "undocumented-login", "login-in-spanish", "second-realm", "certificate-for-another-name",
    "obsolete-tls-for-a-name", "debug-port", "tcp-beside-udp", "tftp-server", "udp-discovery",
)  # fmt: skip
_NO_POLICY = (
    "policy-behind-login", "policy-behind-consent", "policy-behind-form", "policy-gone", "policy-in-a-circle",
    "policy-is-start-page",
)  # fmt: skip
_OF_SUPPORT = {"5.3-13-2/c", "5.3-14-2/c", "5.3-14-2/d", "5.3-14-2/e"}
LEFT_OPEN = {
    "password-change-refused": {"5.1-4-2/b"},
    "plain-http-login": {"5.6-2-2/a"},
    "universal-default-password": {"5.1-4-2/a", "5.1-4-2/b", "5.1-5-2/b"},
    "reflected-markup": {"5.6-2-2/a"},
    "stack-trace-page": {"5.5-4-2/a"},
    "second-way-out": {"5.3-15-2/c", "5.9-1-2/a", "5.9-2-2/a"},
    "shown-offline": {
        "5.3-15-2/b",
        "5.3-15-2/c",
        "5.9-1-2/a",
        "5.9-1-2/b",
        "5.9-2-2/a",
        "5.9-2-2/b",
    },
    "spare-refuses-setup": {"5.3-15-2/e"},
    "altered-starts": {"5.7-2-2/a", "5.7-2-2/b"},
    "no-alert": {"5.7-2-2/b"},
    "decision-missing": {"5.12-1-2/a"},
    "erasure-asks-more": {"5.11-2-2/c", "5.11-4-1/a"},
    "privacy-notice-gone": {"6-1-2/b", "6-5-2/b", "6-5-2/c"},
    "telemetry-untold": {"6-1-2/b"},
    **{key: {"5.2-1-2/b"} for key in _NO_POLICY},
    **dict.fromkeys(("support-behind-login", "support-gone"), _OF_SUPPORT),
    **{
        key: {"5.2-1-2/b", "5.3-13-2/a", "5.3-14-2/a", *_OF_SUPPORT}
        for key in ("certificate-over", "certificate-of-another")
    },
    "designation-missing": {"5.3-16-2/b"},
    **{key: {"5.6-2-2/a"} for key in _TELLING},
}
"""Units that a flaw leaves INCONCLUSIVE: the effect of a change that the device did not make cannot be judged, what an
undocumented page, realm or certificate tells is for a person to classify, a camera that has a way past its network cannot
be cut off, software that is started as if nothing were wrong, and a camera that does not tell of it, bring no detection
about, one that its service shows as away does not come back there, of a page behind a hurdle nothing is read, and a password that is too common for the
camera to take it back, once the stream's was changed, is no longer there for the recorder's login, which shares it."""


LONGER = {"lockout-too-short": ("lockout_s: 2,", "lockout_s: 30,")}
"""What the documents of the web login state in the run with a flaw, where a busy machine might see nothing of it before
the time that they usually state is over. Such a run looks at the flaw's own units only."""


def _by_program() -> set[str]:
    """Functional units that a program decides."""
    units = load_units()
    return {
        unit.id
        for unit in edition("1.1.1").units
        if unit.functional and unit.id in units and not units[unit.id][0].by_hand
    }


DECIDED = _by_program()
RESERVED = {id_ for id_, functions in load_units().items() if functions[0].reserved}
"""Units that a program tries and may refute, and a person confirms: a run looks at those that its flaw fails."""
_APART: dict[str, set[str]] = {
    "justifications": {"4"},
    "passwords": {"5.1-1", "5.1-2"},
    "protection of logins": {"5.1-3"},
    "changes of passwords": {"5.1-4"},
    "guessing": {"5.1-5"},
    "implementations": {"5.5-2-2/a"},
    "access": {"5.5-4-2/a", "5.5-4-2/b"},
    "peers": {"5.5-1-2/a", "5.5-4-2/c", "5.5-6-2/a", "5.5-7-2/a", "5.8-1-2/a", "5.8-2-2/a"},
    "states": {"5.5-5-2/a", "5.5-5-2/b", "5.13-1-2/c"},
    "watching": {"5.9-3-2/a"},
    "outages": {"5.9-1-2/a", "5.9-1-2/b", "5.9-2-2/a", "5.9-2-2/b"},
    "isolation": {"5.3-15-2/a", "5.3-15-2/b", "5.3-15-2/c"},
    "replacement": {"5.3-15-2/d", "5.3-15-2/e"},
    "updates": {"5.3-1-2", "5.3-2-2/b"},
    "update settings": {"5.3-6-2"},
    "boot": {"5.7-2-2/b"},
    "altered software": {"5.7-1-2/a", "5.7-2-2/a"},
    "storage": {"5.4-1-2/a", "5.4-3-2/a"},
    "exposure": {"5.6-3-2/a", "5.6-3-2/c", "5.6-3-2/d"},
    "console": {"5.6-4-2/a"},
    "inputs": {"5.13-1-2/a"},
    "decisions": {"5.12-1-2/a", "5.12-1-2/d", "5.12-2-1/a"},
    "set-up check": {"5.12-3-1/a", "5.12-3-1/c"},
    "consent": {"6-2-2/a", "6-3-2/a"},
    "publications": {"5.2-1-2", "5.3-13-2", "5.3-14-2", "5.3-16-2"},
    "erasing": {"5.11-1-2", "5.11-2-2", "5.11-3-1/a", "5.11-4-1/a"},
    "texts": {"5.8-3-1/a", "5.11-3-1/b", "5.12-2-1/b", "6-1-2", "6-5-2"},
}


def _is_of(name: str, one: str) -> bool:
    """Whether a unit is one, or belongs to a case or group."""
    return name == one or name.startswith((f"{one}-", f"{one}/"))


FAMILIES = {
    **_APART,
    "search": {
        name for name in DECIDED if not any(_is_of(name, one) for units in _APART.values() for one in units)
    },
}
"""Units that are looked at together, since what they cost is the same: searching, logging in, standing in for the device's
peers, resetting it, watching it for long, sending it hundreds of messages."""
WHOLE = bool(os.environ.get("ETSI_WHOLE_MATRIX"))
"""Look at every unit with every flaw, which takes an hour."""
_AT_ONCE = 6
"""Runs that go side by side: each waits for nine tenths of its time, for locks to end and for the camera to come back."""
IN_THE_TEXTS = {"privacy-notice-gone", "telemetry-untold", "erasure-untold", "wep-recommended"}
"""Of the flaws of the maker's texts those for which a run is made: `tests/coverage/test_texts_of_the_maker.py` looks at what
all of them fail, without a camera that has no part in it."""
ALL = [
    flaw
    for flaw in SEEDED
    if (DECIDED | RESERVED).issuperset(name for name in flaw.fails if not name.startswith("5.1-"))
]
FLAWS = [flaw for flaw in ALL if not isinstance(flaw, GuidanceFlaw) or flaw.label in IN_THE_TEXTS]


def _documents(directory: Path, flaw: Flaw) -> str | Path:
    if flaw.label not in LONGER:
        return "virtual-camera"
    camera = shutil.copytree(shipped_profiles()["virtual-camera"].parent, directory / "camera")
    web = camera / "ixit" / "01-AuthMech.yaml"
    web.write_text(web.read_text(encoding="utf-8").replace(*LONGER[flaw.label], 1), encoding="utf-8")
    return camera / "profile.yaml"


def _concerned(flaw: Flaw) -> list[str]:
    """The families of units that a flaw concerns."""
    own = {*flaw.fails, *LEFT_OPEN.get(flaw.label, ())} - RESERVED
    return [
        family
        for family, units in FAMILIES.items()
        if any(_is_of(name, one) for name in own for one in units)
    ]


def _concerning(family: str, *, but: str) -> list[Flaw]:
    """The flaws that concern one family of units and not another."""
    return [flaw for flaw in FLAWS if family in (own := _concerned(flaw)) and but not in own]


_SEARCHED = _concerning("search", but="outages")
_IN_ONES_WAY = {"tftp-server", "login-in-spanish", "upgrade-behind-redirect"}
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


def _scope(families: Iterable[str]) -> list[str]:
    return sorted(set().union(*(FAMILIES[family] for family in families)))


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """What a program decides on the virtual camera, once without and once with each flaw."""

    def together(name: str) -> partial[SuiteRun]:
        family, flaws = TOGETHER[name]
        seeded = [f"--etsi-flaw={flaw.label}" for flaw in flaws]
        only = f"--etsi-only={','.join(_scope([family]))}"
        return partial(run_suite, tmp_path_factory.mktemp("together"), "virtual-camera", only, *seeded)

    def run(flaw: Flaw | None) -> partial[SuiteRun]:
        # The directories are made here, because making them is not for several threads at once.
        directory: Path = tmp_path_factory.mktemp(flaw.label if flaw else "sound")
        if flaw is None:
            only = f"--etsi-only={','.join(_scope(FAMILIES))}"
            return partial(run_suite, directory, "virtual-camera", only, as_a_user=True)
        scope = {*_scope(FAMILIES if WHOLE else _concerned(flaw)), *RESERVED.intersection(flaw.fails)}
        only = f"--etsi-only={','.join(flaw.fails if flaw.label in LONGER else sorted(scope))}"
        return partial(run_suite, directory, _documents(directory, flaw), only, f"--etsi-flaw={flaw.label}")

    apart = {name: together(name) for name in TOGETHER}
    # Those that wait for minutes begin first, so that none is left alone at the end.
    flaws = sorted(FLAWS, key=lambda flaw: "outages" not in _concerned(flaw))
    wanted = {SOUND: run(None), **apart, **{flaw.label: run(flaw) for flaw in flaws}}
    return run_side_by_side(wanted, at_once=_AT_ONCE)


def test_camera_without_flaws_passes_every_unit(runs: dict[str, SuiteRun]) -> None:
    sound = runs[SOUND]

    assert sound.status == 0, sound.output
    assert sound.units("FAIL") == set()
    assert sound.units("INCONCLUSIVE") == set()
    whole = ("4-1", "5.1-1", "5.1-2", "5.1-3", "5.1-4", "5.1-5")
    assert {sound.group(name)["verdict"] for name in whole} == {"PASS"}


@pytest.mark.parametrize("flaw", FLAWS, ids=lambda flaw: flaw.label)
def test_flaw_fails_exactly_its_units(runs: dict[str, SuiteRun], flaw: Flaw) -> None:
    run = runs[flaw.label]

    assert run.units("FAIL") == set(flaw.fails), run.output
    assert run.units("INCONCLUSIVE") - RESERVED == LEFT_OPEN.get(flaw.label, set()), run.output
    assert run.status == 1


@pytest.mark.parametrize("name", TOGETHER)
def test_flaws_of_one_family_leave_the_units_of_another_alone(runs: dict[str, SuiteRun], name: str) -> None:
    run, (family, flaws) = runs[name], TOGETHER[name]

    assert flaws
    assert run.units("PASS") == FAMILIES[family], run.output
    assert run.status == 0


def test_every_flaw_has_a_name_of_its_own() -> None:
    labels = [flaw.label for flaw in SEEDED]

    assert sorted(set(labels)) == sorted(labels)


def test_every_functional_unit_that_a_program_decides_has_a_flaw() -> None:
    seeded = {unit for flaw in ALL for unit in flaw.fails}

    assert seeded >= (DECIDED | RESERVED) - STEPS - {
        "5.12-1-2/c"
    }  # a question is understood or not by a person
    assert seeded & STEPS == set()
