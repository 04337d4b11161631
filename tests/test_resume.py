"""A run that is killed and resumed comes out as one that was not."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from suite_runs import SuiteRun, run_suite

if TYPE_CHECKING:
    from pathlib import Path

OPTIONS = ("--etsi-only=4,5.1-1,5.1-2,5.1-3,5.6-1,5.6-2",)
"""Groups that log in, search, and are judged, but wait for no lock."""
FILES = ("evidence", "documents")
TIMES = {"started", "finished", "duration_s", "record"}
"""Times, and where the results stand in the record, whose hashes are over times."""


def _start_and_kill(directory: Path, after: int) -> int:
    """Start a run, kill it with SIGKILL once it has recorded `after` lines; how many it had when it was dead."""
    (directory / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    record = directory / "etsi-results" / "record.jsonl"
    command = [sys.executable, "-m", "pytest", "--etsi-profile=virtual-camera", "--etsi-suite=only", *OPTIONS]
    process = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + 90
        while not record.exists() or record.read_bytes().count(b"\n") < after:
            assert process.poll() is None, "the run ended before it could be killed"
            assert time.monotonic() < end, "the run did not get on"
            time.sleep(0.02)
    finally:
        process.kill()
        status = process.wait(timeout=10)
    assert status == -signal.SIGKILL
    return record.read_bytes().count(b"\n")


def _apart_from_times(value: Any) -> Any:
    """The results without times: moments, durations, seconds in reasons, and the hashes of what holds such."""
    if isinstance(value, dict):
        return {
            key: [_file_of(item) for item in part] if key in FILES else _apart_from_times(part)
            for key, part in value.items()
            if key not in TIMES
        }
    if isinstance(value, list):
        return [_apart_from_times(item) for item in value]
    if isinstance(value, str):
        return re.sub(r"\b\d+(\.\d+)? s\b", "... s", value)
    return value


def _file_of(evidence: Any) -> Any:
    """The name of a file of evidence, which is listed with its hash, and in a finding by its name alone."""
    return evidence["file"] if isinstance(evidence, dict) else evidence


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, SuiteRun]:
    """An uninterrupted run, and its directory: the virtual camera of another one has other passwords and ports."""
    directory = tmp_path_factory.mktemp("resume") / "run"
    return directory, run_suite(directory, "virtual-camera", *OPTIONS)


@pytest.mark.parametrize("after", [10, 45])
def test_run_that_is_killed_and_resumed_gives_the_same_results(
    whole: tuple[Path, SuiteRun], after: int
) -> None:
    directory, uninterrupted = whole
    shutil.rmtree(directory)
    directory.mkdir()
    recorded = _start_and_kill(directory, after)
    resumed = run_suite(directory, "virtual-camera", "--etsi-resume", *OPTIONS)

    assert after <= recorded < 62
    assert uninterrupted.status == resumed.status == 0, resumed.output
    assert _apart_from_times(resumed.results) == _apart_from_times(uninterrupted.results)
    lines = (directory / "etsi-results" / "record.jsonl").read_text(encoding="utf-8").splitlines()
    done = [
        (line["unit"], line["entry"]) for line in map(json.loads, lines) if line["record"] == "evaluation"
    ]
    assert len(done) == len(set(done)), "something was evaluated twice"
