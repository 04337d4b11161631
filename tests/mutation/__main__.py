"""The mutation check: would a test notice if a line that makes verdicts were wrong?

    python tests/mutation                        lines that are not committed yet
    python tests/mutation --since main           lines changed since a commit or branch
    python tests/mutation --all --sample 424     a sample of all lines, the same one each time
    python tests/mutation --all MODULE --tests TESTS    one module, by the tests that are about it

Tried are `verdict.py`, `assessment/` and how the profile reads answers whole; of `dut/` and `probes/` what decides whether a search was complete.
Exit status: 0 no survivor could make a PASS; 1 one could; 2 the tests could not be run.

It is a program of its own because it changes only lines that git shows as changed, picks the tests by line, drops
statements, and needs no new process of pytest for a mutant. mutmut leaves every function with a decorator alone, and so
every property, and cannot be held to changed lines; cosmic-ray knows one command of tests for all mutants.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import pytest
from check import Check, Result
from selection import PACKAGE, ROOT, chosen, tests_for


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python tests/mutation", description=(__doc__ or "").partition("\n")[0]
    )
    add = parser.add_argument
    add("paths", nargs="*", type=Path, help="modules or directories, such as pytest_etsi/assessment")
    add("--since", default="HEAD", help="only lines changed since this commit (default: HEAD)")
    add("--all", action="store_true", help="all lines, not only changed ones")
    add("--sample", type=int, default=0, help="try so many, spread by chance")
    add("--seed", default="1", help="which sample")
    add("--tests", nargs="+", help="only these tests, in place of all that belong to the part")
    add("--longest", type=float, default=2.0, help="seconds that a test may take to be used")
    add("--module", type=float, default=20.0, help="seconds that the tests of one module may take")
    add(
        "--budget",
        type=float,
        default=20.0,
        help="seconds that a mutant may cost above what its tests usually take",
    )
    return parser.parse_args()


def _tell(result: Result) -> None:
    if not result.killed:
        mark = "!" if result.mutant.could_pass else " "
        print(f"{mark} survived {result.tests} tests: {result.mutant}", flush=True)


def main() -> int:
    """Try the mutants that are asked for, and say what became of them."""
    arguments = _arguments()
    mutants = chosen(
        arguments.paths, None if arguments.all else arguments.since, arguments.sample, arguments.seed
    )
    if not mutants:
        print("no line that makes verdicts has changed")
        return 0
    check = Check(ROOT, PACKAGE, mutants, arguments.longest, arguments.module, arguments.budget, _tell)
    begun = time.monotonic()
    tests = arguments.tests or [str(ROOT / test) for test in tests_for(mutants)]
    pytest.main(["-q", "-s", "-p", "no:cacheprovider", "--rootdir", str(ROOT), *tests], plugins=[check])
    if len(check.results) < len(mutants):
        return 2
    killed = sum(result.killed for result in check.results)
    hung = sum(result.hung for result in check.results)
    worst = sum(not result.killed and result.mutant.could_pass for result in check.results)
    print(f"{check.used} tests of {check.seconds:.0f} s in all; tried in {time.monotonic() - begun:.0f} s")
    print(f"{killed} of {len(mutants)} mutants killed ({killed / len(mutants):.0%}, {hung} of them hung);")
    print(f"{len(mutants) - killed} survived, {worst} of them, marked with !, could make a PASS")
    return 1 if worst else 0


if __name__ == "__main__":
    sys.exit(main())
