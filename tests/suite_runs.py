"""Runs of the suite in processes of their own, and what came out of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forks import OWN_NETWORK, run_forked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

__all__ = ["ALONE", "OURS", "SuiteRun", "run_side_by_side", "run_suite"]

_LONGEST_S = 900
_AT_ONCE = 4
"""Runs mostly wait for locks to pass, so that more of them than cores go side by side."""

ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
"""Environment of a run without other plugins that happen to be installed: to import them takes as long as many a run."""
OURS = ("-p", "etsi", "-p", "etsi_fixtures")
"""Options by which it has ours all the same."""


@dataclass(frozen=True)
class SuiteRun:
    """A finished run: exit status, output, and the results it wrote (None: it wrote none)."""

    status: int
    output: str
    results: dict[str, Any] | None

    def evaluations(self) -> Iterable[tuple[str, dict[str, Any]]]:
        """Unit id and evaluation, for every evaluation in the results."""
        assert self.results is not None, self.output
        for group in self.results["groups"]:
            for case in group["cases"]:
                for unit in case["units"]:
                    for evaluation in unit["evaluations"]:
                        yield f"{case['case']}/{unit['unit']}", evaluation

    def units(self, verdict: str) -> set[str]:
        """Ids of the units with an evaluation of that verdict."""
        return {unit for unit, evaluation in self.evaluations() if evaluation["verdict"] == verdict}

    def entries(self, verdict: str) -> set[tuple[str, str | None]]:
        """Unit and entry of every evaluation of that verdict."""
        return {(unit, found["entry"]) for unit, found in self.evaluations() if found["verdict"] == verdict}

    def reasons(self, unit: str) -> list[str]:
        """Verdict and reason of each evaluation of a unit, for the message of an assertion."""
        return [f"{found['verdict']}: {found['reason']}" for id_, found in self.evaluations() if id_ == unit]

    def failures(self, unit: str) -> list[str]:
        """Entry and reason of each evaluation of a unit that is FAIL."""
        return [
            f"{found['entry']}: {found['reason']}"
            for id_, found in self.evaluations()
            if id_ == unit and found["verdict"] == "FAIL"
        ]

    def group(self, id_: str) -> dict[str, Any]:
        """A group of the results."""
        assert self.results is not None, self.output
        return next(group for group in self.results["groups"] if group["group"] == id_)


def run_suite(
    directory: Path,
    profile: str | Path,
    *options: str,
    network: Path = OWN_NETWORK,
    as_a_user: bool = False,
    longest_s: float = _LONGEST_S,
) -> SuiteRun:
    """Run pytest with a profile in a directory.

    Args:
        directory: current directory of the run.
        profile: the documents.
        options: further options.
        network: file of the network to run it in; not for one as a user.
        as_a_user: start Python anew, and let pytest load every plugin that is installed.
        longest_s: seconds after which it is stopped.
    """
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    arguments = [f"--etsi-profile={profile}", "--etsi-suite=only", *options]
    if not as_a_user:
        environment |= ALONE
        arguments = [*OURS, *arguments]
    if as_a_user:
        done = subprocess.run(
            [sys.executable, "-m", "pytest", *arguments],
            cwd=directory,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=longest_s,
            check=False,
        )
        status, output = done.returncode, done.stdout
    else:
        status, output = run_forked(
            "pytest",
            arguments,
            directory=directory,
            environment=environment,
            timeout=longest_s,
            network=network,
        )
    written = directory / "etsi-results" / "results.json"
    results = json.loads(written.read_text(encoding="utf-8")) if written.exists() else None
    return SuiteRun(status, output, results)


def run_side_by_side(
    runs: dict[str, Callable[[], SuiteRun]], *, at_once: int = _AT_ONCE
) -> dict[str, SuiteRun]:
    """Run several at once, at most so many; name -> run."""
    with ThreadPoolExecutor(at_once) as pool:
        started = {name: pool.submit(run) for name, run in runs.items()}
        return {name: future.result() for name, future in started.items()}
