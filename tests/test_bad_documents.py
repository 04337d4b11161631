"""Every verdict on the documents can fail: a change for the worse fails exactly the units it concerns.

The profile of the virtual camera is changed in one place. A judgement on a changed entry is stale, so that what
does not fail on that entry is INCONCLUSIVE and never PASS.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest
from suite_runs import SuiteRun, run_side_by_side, run_suite

PROFILE = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"
AUTH = "ixit/01-AuthMech.yaml"
USER = "ixit/02-UserInfo.yaml"
GENERATION = """          method: random
          inputs: [random]
          length: 12
          alphabet: ${virtual:password_alphabet}
          random_bits: 59
"""
WEB_TLS = "versions: [TLSv1.2, TLSv1.3]\n        cipher_suites:\n"


@dataclass(frozen=True)
class Worse:
    """A change for the worse.

    Attributes:
        file: of the profile.
        old: text that is replaced where it stands first, or first after `after`.
        also: another text and what replaces it.
        fails: units that have to fail.
    """

    file: str
    old: str
    new: str
    fails: frozenset[str]
    after: str = ""
    also: tuple[str, str] = ("", "")

    def apply(self, directory: Path) -> None:
        """Make the change in a copy of the profile."""
        path = directory / self.file
        text = path.read_text(encoding="utf-8")
        start = text.index(self.after) if self.after else 0
        place = text.index(self.old, start)
        text = text[:place] + self.new + text[place + len(self.old) :]
        path.write_text(text.replace(*self.also, 1) if self.also[0] else text, encoding="utf-8")


def _worse(
    file: str, old: str, new: str, *fails: str, after: str = "", also: tuple[str, str] = ("", "")
) -> Worse:
    return Worse(file, old, new, frozenset(fails), after, also)


def _generation(**values: str) -> str:
    return "".join(f"          {key}: {value}\n" for key, value in values.items())


CHANGES = {
    "a recommendation left out with a placeholder": _worse(
        "ics.yaml",
        'support: "Y"\n  detail: >-\n    Automatic updates and update notices are on from the start; the owner can switch either '
        'off and on again, and\n    postpone updates, on the page "Account".',
        'support: "N"\n  detail: tbd',
        "4-1-1/a",
    ),
    "one password for the product line": _worse(
        AUTH,
        GENERATION,
        _generation(method="constant", inputs="[model]", length="10"),
        "5.1-1-1/a",
        "5.1-2-1/a",
        "5.1-2-1/d",
        "5.1-5-1/a",
    ),
    "passwords that count up": _worse(
        AUTH,
        GENERATION,
        _generation(method="counter", inputs="[counter]", length="8", alphabet="digits"),
        "5.1-2-1/a",
        "5.1-2-1/d",
    ),
    "passwords with a common word": _worse(
        AUTH,
        "          length: 12\n",
        "          length: 12\n          examples: [password1234]\n",
        "5.1-2-1/b",
    ),
    "passwords from the MAC address": _worse(
        AUTH,
        GENERATION,
        _generation(method="hash", inputs="[mac]", length="12", alphabet="hex"),
        "5.1-2-1/c",
        "5.1-2-1/d",
        "5.1-5-1/a",
    ),
    "four digits": _worse(
        AUTH,
        GENERATION,
        _generation(method="random", inputs="[random]", length="4", alphabet="digits", random_bits="13"),
        "5.1-1-1/a",
        "5.1-2-1/d",
    ),
    "a generation that says nothing": _worse(
        AUTH,
        "In production a station with a hardware random generator draws 12 characters for each camera, each one evenly from\n"
        "      31 letters and digits without 0, 1, I, L and O (about 59 bits). No data of the device goes into it.",
        "tbd",
        "5.1-1-1/a",
    ),
    "no authenticity": _worse(
        AUTH,
        "guarantees: [authenticity, integrity, confidentiality, replay-protection]",
        "guarantees: [confidentiality]",
        "5.1-3-1/a",
    ),
    "confidentiality over plain HTTP": _worse(
        AUTH,
        "Login of apps and recorders of the user that show the picture without the web page, by HTTP Basic authentication\n"
        "      over HTTPS;",
        "Login of apps and recorders over plain HTTP, unencrypted;",
        "5.1-3-1/b",
    ),
    "passwords stored as MD5": _worse(
        AUTH, "algorithm: scrypt, parameters: {n: 4096, r: 8, p: 1}", "algorithm: MD5", "5.1-3-1/c"
    ),
    "TLS 1.0": _worse(
        AUTH, "versions: [TLSv1.2, TLSv1.3]", "versions: [TLSv1.0, TLSv1.2, TLSv1.3]", "5.1-3-1/c"
    ),
    "RC4": _worse(
        AUTH, WEB_TLS, WEB_TLS + "          - TLS_RSA_WITH_RC4_128_SHA\n", "5.1-3-1/c", "5.1-3-1/d"
    ),
    "a mechanism that the manual does not know": _worse(
        AUTH, "mentions: [web password]", "mentions: [fingerprint reader]", "5.1-4-1/a"
    ),
    "no guidance named": _worse(
        USER,
        'Documentation of Change Mechanisms: >-\n    User manual, chapters "Change your web password" and "Change your stream '
        'password", ${virtual:manual_url}',
        'Documentation of Change Mechanisms: ""',
        "5.1-4-1/a",
    ),
    "no prevention": _worse(
        AUTH,
        "Five wrong passwords in a row lock the account for 2 seconds; each further lock is twice as long, up to one day.\n"
        "      The count belongs to the account, whichever address or connection the attempts come from, and outlives a power\n"
        "      cut; only a successful login to the same account clears it.",
        "none",
        "5.1-5-1/a",
        also=(
            "brute_force: {max_attempts: 5, lockout_s: 2, growth: 2, max_lockout_s: 86400, scope: account}",
            "",
        ),
    ),
    "a count that belongs to the connection": _worse(
        AUTH, "scope: account", "scope: connection", "5.1-5-1/a"
    ),
}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, SuiteRun]:
    """The conceptual units of scenarios 4 and 5.1 on each changed profile."""

    def run(change: Worse, directory: Path) -> SuiteRun:
        copy = shutil.copytree(PROFILE, directory / "profile")
        change.apply(copy)
        return run_suite(
            directory / "run", copy / "profile.yaml", "--etsi-only=4,5.1", "-m", "etsi_conceptual"
        )

    return run_side_by_side(
        # The directories are made here, because making them is not for several threads at once.
        {name: partial(run, change, tmp_path_factory.mktemp("worse")) for name, change in CHANGES.items()}
    )


@pytest.mark.parametrize("name", CHANGES)
def test_change_for_the_worse_fails_exactly_its_units(runs: dict[str, SuiteRun], name: str) -> None:
    run = runs[name]

    assert run.units("FAIL") == CHANGES[name].fails, run.output


@pytest.mark.parametrize("name", [name for name, change in CHANGES.items() if change.file == AUTH])
def test_nothing_passes_on_an_entry_that_has_changed_since_it_was_judged(
    runs: dict[str, SuiteRun], name: str
) -> None:
    run = runs[name]
    changed = {entry for unit, entry in run.entries("FAIL") if entry is not None}

    assert changed
    assert {entry for _, entry in run.entries("PASS")}.isdisjoint(changed)
