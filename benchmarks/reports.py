"""Every form of report from a record of 50,000 evaluations: seconds of CPU and in all, largest memory in megabytes.

    python benchmarks/reports.py [NUMBER]

The record is that of a run of the virtual camera with five flaws, its evaluations said again for further entries. What
is above LONGEST_S or MOST_MB is named, and the status is then 1; seconds count on two cores that do nothing else.
"""

from __future__ import annotations

import copy
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

FORMS = ("html", "gaps", "gaps-html", "gaps-xlsx", "markdown", "csv", "sarif", "oscal", "in-toto",
         "html --pdf", "gaps-html --pdf")  # fmt: skip
LONGEST_S, MOST_MB = 10.0, 1000
"""What every form is to stay below."""


def many(directory: Path, number: int) -> Path:
    """A run of about so many evaluations; every hash fits."""
    from camera_run import camera_run
    from passed_run import rewrite

    made = camera_run(directory)

    def more(results: dict[str, Any], records: list[dict[str, Any]]) -> None:
        units = [unit for group in results["groups"] for case in group["cases"] for unit in case["units"]]
        once = sum(len(unit["evaluations"]) for unit in units)
        times = -(-number // once)
        for unit in units:
            unit["evaluations"] = [_again(one, turn) for one in unit["evaluations"] for turn in range(times)]
        for origin in results["origins"]:
            origin["evaluations"] = [
                _again(one, turn) for one in origin["evaluations"] for turn in range(times)
            ]
        last = records.pop()
        evaluations = [one for one in records if one["record"] == "evaluation"]
        records[:] = [one for one in records if one["record"] != "evaluation"]
        records += [_again(one, turn) for one in evaluations for turn in range(times)]
        records.append(last)

    rewrite(made, more)
    return made


def _again(one: dict[str, Any], turn: int) -> dict[str, Any]:
    if not turn:
        return one
    return copy.deepcopy(one) | {"entry": f"{one['entry'] or 'Device'}-{turn}"}


def measured(*command: str) -> tuple[float, float, int, int]:
    """CPU seconds, seconds, largest memory in megabytes, and status of a command."""
    script = (
        "import resource, subprocess, sys, time; began = time.monotonic();"
        "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL);"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss // 1024, done.returncode)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], capture_output=True, text=True, check=True
    )
    cpu, seconds, memory, status = done.stdout.split()
    return float(cpu), float(seconds), int(memory), int(status)


def opened(place: Path) -> float:
    """CPU seconds that the page's thread of a browser needs until the page is loaded; needs chromium."""
    from browser import Browser

    page = place / "html.html"
    page.write_bytes((place / "html").read_bytes())
    with Browser("/usr/bin/chromium", place / "browser") as browser:
        return browser.cpu_until_loaded(page.as_uri())


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    with tempfile.TemporaryDirectory() as place:
        run = many(Path(place), number)
        results = json.loads((run / "results.json").read_bytes())
        units = [unit for group in results["groups"] for case in group["cases"] for unit in case["units"]]
        print(f"{sum(len(unit['evaluations']) for unit in units):,} evaluations")
        del results, units
        command = [str(Path(sys.executable).with_name("pytest-etsi"))]
        above = []
        for form in FORMS:
            file = f"{place}/{form.replace(' --', '.')}"
            cpu, seconds, memory, status = measured(
                *command, "report", str(run), "--format", *form.split(), "-o", file
            )
            size = Path(file).stat().st_size / 1e6 if status == 0 else 0
            told = f"{cpu:6.1f} s of CPU {seconds:6.1f} s {memory:6} MB  status {status}, {size:.1f} MB"
            print(f"{form:15} {told}", flush=True)
            above += [form] if seconds > LONGEST_S or memory > MOST_MB or status else []
        print(f"{'in Chromium':15} {opened(Path(place)):6.1f} s of CPU until html was loaded", flush=True)
        for name, arguments in {
            "verify": ["verify", str(run)],
            "compare": ["compare", str(run), str(run)],
            "archive": ["archive", str(run), "-o", f"{place}/x.tar.gz"],
        }.items():
            cpu, seconds, memory, status = measured(*command, *arguments)
            print(
                f"{name:15} {cpu:6.1f} s of CPU {seconds:6.1f} s {memory:6} MB  status {status}", flush=True
            )
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")
    if above:
        raise SystemExit(f"above {LONGEST_S:.0f} s or {MOST_MB} MB: {', '.join(above)}")


if __name__ == "__main__":
    main()
