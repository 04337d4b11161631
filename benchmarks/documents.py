"""Documents with many IXIT entries: validation, plan and the conceptual run, beside an empty pytest test.

Each size is measured in processes of their own: the documents are validated, planned, and every conceptual unit is run
by pytest. As many tests that do nothing are run by the same pytest beside them; the difference is our own time. The
entries are those of the virtual camera, over and over under other IDs, with their references kept inside each copy.

    python benchmarks/documents.py [SIZE ...]
"""

from __future__ import annotations

import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import yaml

CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"
SIZES = tuple(map(int, sys.argv[1:])) or (500, 1000, 5000)
BARS = {"validate s": 2.0, "plan s": 3.0, "own ms": 1.0, "MiB": 400.0}
"""What is aimed at with 5,000 entries on two cores."""

_STEP = """
import resource, sys, time
from pytest_etsi.profile import load_profile
began = time.perf_counter()
profile = load_profile(sys.argv[1])
loaded = time.perf_counter()
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.assessment.plan import make_plan
units = load_units()
ready = time.perf_counter()
plan = make_plan(profile, units)
planned = time.perf_counter()
conceptual = sum(1 for one in plan.evaluations if not one.unit.functional and one.function is not None)
print(loaded - began, planned - ready, conceptual, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""
_EMPTY = """
import pytest

@pytest.mark.parametrize("number", range({number}))
def test_nothing(number):
    pass
"""


def documents(size: int) -> dict[str, Any]:
    """The camera's IXIT with at least `size` entries: table -> entries."""
    base: dict[str, Any] = {}
    for path in sorted((CAMERA / "ixit").glob("*.yaml")):
        base |= yaml.safe_load(path.read_text(encoding="utf-8"))
    ids = {entry["ID"] for entries in base.values() if isinstance(entries, list) for entry in entries}
    tables: dict[str, Any] = {
        name: [] if isinstance(entries, list) else entries for name, entries in base.items()
    }
    made = copy = 0
    while made < size:
        for name, entries in base.items():
            if isinstance(entries, list):
                tables[name] += [renamed(entry, ids, copy) for entry in entries]
                made += len(entries)
        copy += 1
    return tables


def renamed(value: Any, ids: set[str], copy: int) -> Any:
    """A value in which every ID of the base carries the number of the copy."""
    if isinstance(value, dict):
        # How a program would reach a device is of no use without one. No two entries describe the same.
        made = {key: renamed(item, ids, copy) for key, item in value.items() if key != "access"}
        if copy and "ID" in made and "Description" in made:
            made["Description"] = f"Number {copy}: {made['Description']}"
        return made
    if isinstance(value, list):
        return [renamed(item, ids, copy) for item in value]
    if isinstance(value, str) and copy:
        for one in sorted((one for one in ids if one in value), key=len, reverse=True):
            value = value.replace(one, f"{one}.{copy}")
        # A text that names an ID within a longer one has been given two numbers.
        return value.replace(f".{copy}.{copy}", f".{copy}")
    return value


def write(directory: Path, size: int) -> Path:
    """A profile without a running device; gives its file."""
    profile = yaml.safe_load((CAMERA / "profile.yaml").read_text(encoding="utf-8"))
    for key in ("virtual", "access", "permissions", "judgements"):
        profile.pop(key, None)
    profile |= {
        "ics": yaml.safe_load((CAMERA / "ics.yaml").read_text(encoding="utf-8")),
        "ixit": documents(size),
    }
    text = yaml.safe_dump(profile, allow_unicode=True, sort_keys=False, width=1000)
    path = directory / "profile.yaml"
    text = re.sub(r"\$\{virtual:\w*url\}", "https://camera.example", text)
    path.write_text(re.sub(r"\$\{virtual:[^}]*\}", "8443", text), encoding="utf-8")
    return path


def judge(path: Path) -> None:
    """Record a judgement on every conceptual evaluation, so that nothing fails: a traceback would be pytest's time."""
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile import load_profile

    judgements = [
        {
            "unit": one.unit.id, "verdict": "PASS", "assessor": "benchmark", "date": "2026-11-26",
            "basis": "own-examination", "rationale": "Only to be measured.", "fingerprint": one.fingerprint,
        } | ({"entry": one.entry} if one.entry else {})
        for one in make_plan(load_profile(path), load_units()).evaluations
        if one.applies is not False and not one.unit.functional
    ]  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        yaml.safe_dump({"judgements": judgements}, file, sort_keys=False)


def run(*arguments: str, cwd: Path) -> tuple[float, str, float]:
    """Seconds, output and peak memory in MiB of a process of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTEST_")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=cwd,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        output = process.stdout.read() if process.stdout else ""
        _, _, usage = os.wait4(process.pid, 0)
        process.returncode = 0
    return time.perf_counter() - began, output, usage.ru_maxrss / 1024


def steps(path: Path) -> tuple[float, float, float]:
    """Seconds of validation, seconds of the plan, and number of conceptual evaluations."""
    _, output, _ = run("-c", _STEP, str(path), cwd=path.parent)
    try:
        validated, planned, evaluations, _ = map(float, output.split())
    except ValueError:
        raise SystemExit(output) from None
    return validated, planned, evaluations


def measure(size: int, directory: Path) -> dict[str, float]:
    """Everything about one size."""
    path = write(directory, size)
    validated = steps(path)[0]
    judge(path)
    loaded, planned, evaluations = steps(path)
    (directory / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (directory / "test_empty.py").write_text(_EMPTY.format(number=int(evaluations)), encoding="utf-8")
    quiet = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header", "--no-summary", "--tb=no")
    empty, _, _ = run(*quiet, "test_empty.py", cwd=directory)
    ours, output, memory = run(
        *quiet, f"--etsi-profile={path}", "--etsi-suite=only", "-m", "etsi_conceptual", cwd=directory
    )
    results = json.loads((directory / "etsi-results" / "results.json").read_text(encoding="utf-8"))
    recorded = sum(results["counts_by"]["evaluations"].values())
    if recorded < evaluations:
        raise SystemExit(f"{recorded} of {evaluations} evaluations were recorded:\n{output[-2000:]}")
    # Validation and plan have bars of their own.
    own = (ours - empty - loaded - planned) / evaluations * 1000
    return {
        "entries": size, "evaluations": evaluations, "validate s": validated, "plan s": planned,
        "empty s": empty, "ours s": ours, "own ms": own, "MiB": memory,
    }  # fmt: skip


def main() -> None:
    """Print a table, and whether the bars hold for the largest size."""
    rows = []
    for size in SIZES:
        with tempfile.TemporaryDirectory() as directory:
            rows.append(measure(size, Path(directory)))
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} cores\n")
    print(f"| {' | '.join(rows[0])} |\n|{'---|' * len(rows[0])}")
    for row in rows:
        print(
            "| "
            + " | ".join(f"{value:,.0f}" if value >= 100 else f"{value:.2f}" for value in row.values())
            + " |"
        )
    print("\n" + "\n".join(f"{name}: {rows[-1][name]:.2f}, bar {bar:g}" for name, bar in BARS.items()))
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
