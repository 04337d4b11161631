"""Several devices side by side: virtual cameras, one worker of pytest-xdist a device, beside one camera alone.

    python benchmarks/devices.py [--devices 8] [--rounds 1] [--only ID,...] [--longest 900] [waiting whole]

"waiting" takes the units that mostly wait for the device (outages, locks of logins, updates), "whole" all of them.
Each turn runs one camera alone and then all at once, in one go, so that both meet the same machine. Beside the ratio
of wall times stands what the processors had to do: where the CPU time of all devices, divided by the processors, is
longer than what the bar allows, no way of waiting side by side keeps it. Every camera has to come to the same verdicts
as the one alone, otherwise the time is of other work and the row says so. A run that takes longer than --longest
seconds is ended, and nothing is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from _sidebyside import Row, missing, table

CAMERA = Path(__file__).parents[1] / "device_profiles" / "virtual-camera"
WORKS = {
    "waiting": ("outages, locks and updates of a camera (5.1-5, 5.3, 5.9)", ("5.1-5", "5.3", "5.9")),
    "whole": ("all units of a camera", ()),
}
DEVICES = 8
BAR = 1.5
LONGEST_S = 900.0
_QUIT_S = 30.0


class TookTooLong(Exception):  # noqa: N818 - what happened, as the row says it
    """A run did not end in time."""


@dataclass(frozen=True)
class Taken:
    """What a run took.

    Attributes:
        wall_s: seconds on the clock.
        cpu_s: seconds of all its processes on the processors.
        verdicts: of each device: what its evaluations came to, by unit and entry.
    """

    wall_s: float
    cpu_s: float
    verdicts: list[dict[str, str]]


def run(devices: int, only: tuple[str, ...], longest_s: float) -> Taken:
    """Assess so many cameras, one worker each.

    Raises:
        TookTooLong: it did not end in time.
        OSError: it ended without results.
    """
    with tempfile.TemporaryDirectory(prefix="etsi-devices-") as place:
        profiles = [_camera(Path(place), f"camera-{number}") for number in range(1, devices + 1)]
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:schemathesis"),
            *(("-n", str(devices)) if devices > 1 else ()),
            *(f"--etsi-profile={profile}" for profile in profiles),
            *(("--etsi-only=" + ",".join(only),) if only else ()),
            *("--etsi-suite=only", "--etsi-output=results"),
        ]
        before, began = _cpu_s(), time.perf_counter()
        status, said = _within(command, Path(place), longest_s)
        wall_s, cpu_s = time.perf_counter() - began, _cpu_s() - before
        found = [
            json.loads(file.read_bytes()) for file in sorted(Path(place).glob("results/**/results.json"))
        ]
    if len(found) != devices:
        raise OSError(f"{len(found)} of {devices} results, status {status}: {said[-300:]}")
    return Taken(wall_s, cpu_s, [_verdicts(results) for results in found])


def _camera(place: Path, name: str) -> Path:
    """The camera's documents under a name of its own."""
    profile = Path(shutil.copytree(CAMERA, place / name)) / "profile.yaml"
    lines = profile.read_text(encoding="utf-8").splitlines(keepends=True)
    named = [f"name: {name}\n" if line.startswith("name:") else line for line in lines]
    profile.write_text("".join(named), encoding="utf-8")
    return profile


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _within(command: list[str], place: Path, longest_s: float) -> tuple[int, str]:
    with (place / "said").open("w+") as said:
        process = subprocess.Popen(
            command, cwd=place, stdout=said, stderr=subprocess.STDOUT, start_new_session=True
        )
        try:
            status = process.wait(longest_s)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGINT)
            try:
                process.wait(_QUIT_S)  # it brings the devices back
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
            raise TookTooLong(f"ended after {longest_s:g} s") from None
        said.seek(0)
        return status, said.read()


def _verdicts(results: dict[str, Any]) -> dict[str, str]:
    return {
        f"{case['case']}/{unit['unit']} {found['entry'] or ''}": found["verdict"]
        for group in results["groups"]
        for case in group["cases"]
        for unit in case["units"]
        for found in unit["evaluations"]
    }


def _row(what: str, devices: int, alone: list[Taken], together: list[Taken]) -> Row:
    processors = len(os.sched_getaffinity(0))
    wall_s = statistics.median(one.wall_s for one in together)
    cpu_s = statistics.median(one.cpu_s for one in together)
    one_s = statistics.median(one.wall_s for one in alone)
    expected = alone[0].verdicts[0]
    others = Counter(
        unit
        for one in (*alone, *together)
        for device in one.verdicts
        for unit in device
        if device[unit] != expected[unit]
    )
    counts = ", ".join(f"{number} {name}" for name, number in Counter(expected.values()).most_common())
    remark = (
        f"CPU {statistics.median(one.cpu_s for one in alone):.0f} s alone, {cpu_s:.0f} s together: at least "
        f"{cpu_s / processors:.0f} s on {processors} processors; {counts}"
        + (
            f"; **{sum(others.values())} verdicts differ**: {', '.join(list(others)[:3])}"
            if others
            else "; all the same"
        )
    )
    return Row(f"{devices} x {what}", wall_s, "one alone", one_s, BAR, remark)


def measure(
    works: tuple[tuple[str, tuple[str, ...]], ...],
    *,
    rounds: int = 1,
    devices: int = DEVICES,
    longest_s: float = LONGEST_S,
) -> list[Row]:
    """A row a work: what it is called, and the ids of its units (none: all)."""
    found = []
    for what, units in works:
        alone: list[Taken] = []
        together: list[Taken] = []
        try:
            for _ in range(rounds):
                for number, taken in ((1, alone), (devices, together)):
                    print(f"{what}: {number} at once ...", file=sys.stderr)
                    taken.append(run(number, units, longest_s))
                    print(f"  {taken[-1].wall_s:.0f} s, CPU {taken[-1].cpu_s:.0f} s", file=sys.stderr)
            found.append(_row(what, devices, alone, together))
        except (TookTooLong, OSError) as error:
            found.append(missing(f"{devices} x {what}", "one alone", f"not measured: {error}", BAR))
    return found


def rows(_rounds: int) -> list[Row]:
    """A row a work, of one turn: each takes as long as two assessments."""
    return measure(tuple(WORKS.values()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--devices", type=int, default=DEVICES)
    parser.add_argument("--rounds", type=int, default=1, help="turns of each side")
    parser.add_argument(
        "--only", default="", metavar="ID,...", help="these scenarios, groups, cases or units instead"
    )
    parser.add_argument("--longest", type=float, default=LONGEST_S, metavar="SECONDS", help="of one run")
    parser.add_argument("works", nargs="*", metavar="WORK", help=", ".join(WORKS))
    options = parser.parse_args()
    if unknown := set(options.works) - set(WORKS):
        parser.error(f"no work {', '.join(sorted(unknown))}; there are {', '.join(WORKS)}")
    wanted = tuple(part for part in options.only.split(",") if part)
    print(
        table(
            rows(
                options.rounds, tuple(options.works) or tuple(WORKS), options.devices, options.longest, wanted
            )
        )
    )
