"""Which lines of which modules are changed: by default those that git shows as changed."""

from __future__ import annotations

import random
import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from mutants import mutants_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from mutants import Mutant

__all__ = ["PACKAGE", "ROOT", "changed_lines", "chosen", "tests_for"]

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "pytest_etsi"
WHOLE = ("verdict.py", "assessment", "profile/closed.py", "profile/unread.py")
"""Where every decision is tried: of the profile, what is read of an answer, and what becomes of one that is not."""
SEARCHES = ("dut/observe", "dut/reach", "probes")
"""Where only that is tried which adds, or decides about, something left open."""
TESTS = {
    "verdict.py": ("tests/test_verdict.py", "tests/assessment"),
    "assessment": (
        "tests/mutation/contradicted.py",
        "tests/mutation/corpus.py",
        "tests/criteria",
        "tests/coverage",
        "tests/published",
        "tests/assessment",
        "tests/reading",
        "tests/test_verdict.py",
    ),
    "profile": ("tests/profile", "tests/reading", "tests/assessment"),
    "dut": ("tests/dut", "tests/criteria"),
    "probes": ("tests/probes",),
}
"""Where the tests of a part of the package are; of these the fast ones that reach a line are run."""


def changed_lines(since: str, *, root: Path = ROOT) -> dict[Path, set[int]]:
    """The lines of the package that differ from a commit, by path from the root.

    Raises:
        subprocess.CalledProcessError: git does not know the commit.
    """
    command = ["git", "diff", "--unified=0", "--no-color", "--no-ext-diff", since, "--", PACKAGE]
    told = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    found: dict[Path, set[int]] = {}
    lines: set[int] = set()
    for line in told.splitlines():
        if line.startswith("+++ "):
            lines = found.setdefault(Path(line[6:]), set())
        elif match := re.match(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@", line):
            first, many = int(match[1]), int(match[2] or 1)
            lines.update(range(first, first + many))
    return found


def _within(path: Path, places: tuple[str, ...]) -> bool:
    inside = path.relative_to(PACKAGE).as_posix()
    return any(inside == place or inside.startswith(f"{place}/") for place in places)


def chosen(
    paths: Collection[Path], since: str | None, sample: int = 0, seed: str = "1", *, root: Path = ROOT
) -> list[Mutant]:
    """What is tried, from top to bottom.

    Args:
        paths: modules and directories, from the root; empty: all that make verdicts.
        since: only lines changed since this commit; None: all.
        sample: keep so many, spread by chance; 0: all.
        seed: which ones.
        root: of the project.
    """
    changed = None if since is None else changed_lines(since, root=root)
    found: list[Mutant] = []
    for path in sorted(one.relative_to(root) for one in (root / PACKAGE).rglob("*.py")):
        wanted = not paths or any(path.is_relative_to(one) for one in paths)
        whole, search = _within(path, WHOLE), _within(path, SEARCHES)
        lines = None if changed is None else changed.get(path, set())
        if wanted and (whole or search) and (lines is None or lines):
            source = (root / path).read_text(encoding="utf-8")
            made = mutants_of(path, source, lines, searches=not whole)
            found += [one for one in made if whole or one.could_pass]
    if 0 < sample < len(found):
        kept = set(random.Random(seed).sample(range(len(found)), sample))
        found = [one for number, one in enumerate(found) if number in kept]
    return found


def tests_for(mutants: Sequence[Mutant]) -> list[str]:
    """Where the tests of these are."""
    parts = [place for place in TESTS if any(_within(one.path, (place,)) for one in mutants)]
    return list(dict.fromkeys(test for part in parts for test in TESTS[part]))
