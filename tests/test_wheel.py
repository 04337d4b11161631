"""The built wheel carries everything: installed into a fresh environment, it assesses the virtual camera."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import venv
import zipfile
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
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
        "pytest_etsi/device_profiles/virtual-camera-2.1.1/profile.yaml",
        "pytest_etsi/standard/data/crosswalk.json",
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
    venv.create(environment, with_pip=False)
    python = environment / "bin" / "python"
    _share_dependencies(environment)
    installed = _run(
        *(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", wheel),
        cwd=tmp_path,
    )
    assert installed.returncode == 0, installed.stderr
    empty = tmp_path / "empty"
    empty.mkdir()

    done = _run(
        *(python, "-m", "pytest", "--etsi-profile=virtual-camera", "--etsi-only=5.1-1,5.1-3,5.5-2,5.6-1"),
        cwd=empty,
    )

    results = json.loads((empty / "etsi-results" / "results.json").read_text(encoding="utf-8"))
    verdicts = {group["group"]: group["verdict"] for group in results["groups"]}
    assert done.returncode in {0, 10}, done.stdout + done.stderr
    assert {verdicts[group] for group in ("5.1-1", "5.1-3")} == {"PASS"}
    assert "FAIL" not in verdicts.values()


def _share_dependencies(environment: Path) -> None:
    """Let an environment see what is installed in this one, apart from what only an editable installation adds."""
    packages = next(environment.glob("lib/python3*/site-packages"))
    shared = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "shared.pth").write_text("\n".join(shared) + "\n", encoding="utf-8")


def test_everything_that_is_imported_is_a_declared_dependency() -> None:
    declared = _required("pytest-etsi")
    # Parts of their own, such as httpx's httpcore, come with them.
    declared |= {part for name in declared for part in _required(name)}
    providers = packages_distributions()
    used = {
        provider.lower().replace("_", "-")
        for module in _imported_modules()
        if module not in sys.stdlib_module_names and module != "pytest_etsi"
        for provider in providers.get(module, [f"nobody, of module {module}"])
    }

    assert used - declared == set()


def _required(distribution: str) -> set[str]:
    """What a distribution requires, for itself or for what users may want of it; nothing of one that is not there."""
    try:
        found = requires(distribution) or ()
    except PackageNotFoundError:
        return set()
    return {
        re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-")
        for requirement in found
        if 'extra == "dev"' not in requirement
    }


def _imported_modules() -> set[str]:
    found: set[str] = set()
    for path in (*ROOT.glob("pytest_etsi/**/*.py"), *ROOT.glob("testcases/**/*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found
