"""The built wheel carries everything: installed into a fresh environment, it assesses the virtual camera."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("PYTEST_", "PYTHONPATH", "VIRTUAL_ENV"))
    }
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    directory = tmp_path_factory.mktemp("wheel")
    done = _run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", directory, ROOT, cwd=directory
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return next(directory.glob("*.whl"))


def test_wheel_carries_suite_profiles_and_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())

    assert {
        "pytest_etsi/py.typed",
        "pytest_etsi/testcases/tso_5_01_passwords/test_5_1_5.py",
        "pytest_etsi/device_profiles/virtual-camera/profile.yaml",
        "pytest_etsi/device_profiles/constrained-sensor/ixit/09-ReplSup.yaml",
        "pytest_etsi/assessment/data/ics.json",
        "pytest_etsi/device_profiles/schema/ixit.schema.json",
        "pytest_etsi/standard/data/1.1.1/groups.json",
        "pytest_etsi/assessment/data/cryptography.json",
    } <= names
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_installed_wheel_assesses_the_virtual_camera_from_an_empty_directory(
    wheel: Path, tmp_path: Path
) -> None:
    environment = tmp_path / "environment"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    installed = _run(python, "-m", "pip", "install", "--quiet", f"{wheel}[virtual]", cwd=tmp_path)
    assert installed.returncode == 0, installed.stderr
    empty = tmp_path / "empty"
    empty.mkdir()

    done = _run(environment / "bin" / "pytest", "--etsi-profile=virtual-camera", cwd=empty)

    results = json.loads((empty / "etsi-results" / "results.json").read_text(encoding="utf-8"))
    verdicts = {group["group"]: group["verdict"] for group in results["groups"]}
    assert done.returncode == 10, done.stdout + done.stderr
    assert {verdicts[group] for group in ("4-1", "5.1-1", "5.1-2", "5.1-3", "5.1-4", "5.1-5")} == {"PASS"}
    assert "FAIL" not in verdicts.values()
