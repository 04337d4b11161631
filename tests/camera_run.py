"""A whole run of the virtual camera with five flaws, as it was recorded: what forms of report are tried on.

    python tests/camera_run.py etsi-results    # keeps another one, after a run with --etsi-flaw for each of FLAWS

A run takes two minutes, and the forms of report need no device.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

from record_files import forge

FLAWS = ("obsolete-tls", "undocumented-login", "lockout-after-50", "server-version-header", "uart-login")
KEPT = Path(__file__).parent / "data" / "camera-run.tar.xz"
PROFILE = "device_profiles/virtual-camera/profile.yaml"

__all__ = ["FLAWS", "camera_run", "evaluations_of"]


def camera_run(directory: Path) -> Path:
    """Lay the recorded run into a directory; gives the directory of its results."""
    with tarfile.open(KEPT) as archive:
        archive.extractall(directory, filter="data")
    return directory


def evaluations_of(results: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """Every evaluation in results, with the id of its unit."""
    return [
        (f"{case['case']}/{unit['unit']}", evaluation)
        for group in results["groups"]
        for case in group["cases"]
        for unit in case["units"]
        for evaluation in unit["evaluations"]
    ]


def _keep(directory: Path) -> None:
    """Keep a run, with the profile where any user has it; its results are made anew from the record."""
    from pytest_etsi.assessment.results import digest_of, write_results

    record, results = directory / "record.jsonl", directory / "results.json"
    said = json.loads(results.read_bytes())
    said["profile"]["path"] = PROFILE

    def change(records: list[dict[str, Any]]) -> None:
        records[0]["profile"]["path"] = PROFILE
        records[-1]["results"] = digest_of(said)

    forge(record, change)
    said["record"]["hash"] = json.loads(record.read_bytes().splitlines()[-1])["hash"]
    write_results(results, said)
    with tarfile.open(KEPT, "w:xz") as archive:
        for path in (record, results, *sorted(directory.glob("evidence/**/*"))):
            if path.is_file():
                about = tarfile.TarInfo(path.relative_to(directory).as_posix())
                content = path.read_bytes()
                about.size = len(content)
                archive.addfile(about, io.BytesIO(content))


if __name__ == "__main__":
    _keep(Path(sys.argv[1]))
