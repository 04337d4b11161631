"""A small device with documents and a suite of its own, and a typed way to run pytest on it."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import textwrap
import time
from typing import TYPE_CHECKING, Any

import pytest
from forks import run_forked
from yaml_text import dumped

from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

LEFT_OPEN = 10
"""Exit status of a whole run in which nothing fails: a small suite leaves the rest of the standard open."""

REDIRECT = """
from pathlib import Path

import pytest

from pytest_etsi.assessment import suite

suite.suite_path = lambda: Path({path!r})


@pytest.fixture(autouse=True)
def _says_what_it_examined(request):
    # What these suites are about is not what they examine; without a word on that no unit passes.
    if request.node.nodeid.startswith("etsi/") and getattr(request.module, "SAYS_WHAT_IT_EXAMINED", False):
        request.getfixturevalue("etsi_evidence").summary("a small suite")
"""

HEADER = """
from pytest_etsi import Violation, inconclusive, not_applicable, unit

SAYS_WHAT_IT_EXAMINED = {says}
"""

OTHER_PLUGINS = {
    "-n": ("xdist",),
    "--dist": ("xdist",),
    "--html": ("metadata", "html", "html_fixtures"),
    "--alluredir": ("allure_pytest",),
}
"""The plugins of others, by the options for which a run loads them: to load each of them in each run takes long."""

_LONGEST_S = 600.0
"""Seconds after which a run is stopped; only a hang takes so long."""

AUTH_MECH = {
    "ID": "AuthMech-web",
    "Description": "web page",
    "facts": {"endpoint": "443/tcp"},
}


class Project:
    """A directory with a device profile and a suite."""

    def __init__(self, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        self.pytester = pytester
        self.path = pytester.path
        self.suite_directory = self.path / "bundled"
        self.suite_directory.mkdir()
        pytester.makepyfile(etsi_redirect=REDIRECT.format(path=str(self.suite_directory)))
        pytester.makeini("[pytest]")
        pytester.syspathinsert()
        monkeypatch.setenv("PYTHONPATH", str(self.path))

    def profile(self, name: str = "camera", **changes: Any) -> Path:
        """Write a profile with all its tables; `changes` replace keys of profile.yaml, ``ixit`` those of the IXIT."""
        version = changes.pop("edition", "1.1.1")
        catalogue = edition(version)
        ixit: dict[str, Any] = {table.id: {} if table.single else [] for table in catalogue.tables}
        ixit["1-AuthMech"] = [AUTH_MECH]
        ixit |= changes.pop("ixit", {})
        ics: dict[str, Any] = {
            provision.id: {"support": "Y", "detail": "implemented"}
            for provision in catalogue.provisions
            if provision.id not in ("4-1", "5.0-1")
        }
        ics |= changes.pop("ics", {})
        document: dict[str, Any] = {
            "format": 1,
            "name": name,
            "edition": version,
            "dut": {"manufacturer": "Example", "model": "Cam", "hardware": "B", "software": "1.4.2"},
            "ics": ics,
            "ixit": ixit,
            "access": {"network": {"hosts": ["127.0.0.1"]}},
        }
        document |= changes
        path = self.path / f"{name}.yaml"
        path.write_text(dumped(document), encoding="utf-8")
        return path

    def suite(self, *, says: bool = True, **modules: str) -> None:
        """Write test modules below ``tso_5_01_passwords``; keyword: name of the module.

        Args:
            says: its units say that they have examined something.
            modules: source by name.
        """
        for name, source in modules.items():
            path = self.suite_directory / "tso_5_01_passwords" / f"{name}.py"
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"{HEADER.format(says=says)}\n{textwrap.dedent(source)}", encoding="utf-8")

    def run(
        self,
        *arguments: str,
        profile: str | None = "camera.yaml",
        fresh: bool = False,
        anew: bool = False,
        all_plugins: bool = False,
    ) -> pytest.RunResult:
        """Run pytest; in a process of its own if `fresh` or distributed, and in one that starts Python if `anew`.

        Of the plugins that are installed it has ours and those of which an option is given, or all if `all_plugins`.
        """
        given = [f"--etsi-profile={profile}"] if profile else []
        distributed = any(argument.startswith("-n") for argument in arguments)
        plugins = () if all_plugins else _plugins(*arguments)
        everything = ["-p", "etsi_redirect", *plugins, *given, *arguments]
        with pytest.MonkeyPatch.context() as patch:
            if not all_plugins:
                patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
            if anew:
                return self.pytester.runpytest_subprocess(*everything)
            if fresh or distributed:
                return self._run_forked(*everything)
            return self.pytester.runpytest_inprocess(*everything)

    def _run_forked(self, *arguments: str) -> pytest.RunResult:
        began = time.monotonic()
        with tempfile.TemporaryFile() as file:
            status, output = run_forked(
                "pytest",
                [f"--basetemp={self.path.parent / 'basetemp'}", *arguments],
                directory=self.path,
                environment=os.environ,
                timeout=_LONGEST_S,
                errors=file,
            )
            file.seek(0)
            errors = file.read().decode(errors="replace")
        # Shown where a test fails, as pytester does.
        sys.stdout.write(output)
        sys.stderr.write(errors)
        return pytest.RunResult(status, output.splitlines(), errors.splitlines(), time.monotonic() - began)

    def results(self, directory: str = "etsi-results") -> dict[str, Any]:
        """What was written."""
        text = (self.path / directory / "results.json").read_text(encoding="utf-8")
        loaded: dict[str, Any] = json.loads(text)
        return loaded

    def evaluations(self, directory: str = "etsi-results") -> dict[tuple[str, str | None], dict[str, Any]]:
        """The evaluations that were run, by unit and entry."""
        return {
            (f"{case['case']}/{unit['unit']}", evaluation["entry"]): evaluation
            for group in self.results(directory)["groups"]
            for case in group["cases"]
            for unit in case["units"]
            for evaluation in unit["evaluations"]
            if evaluation["node"]
        }


def _plugins(*arguments: str) -> list[str]:
    """Options that load our plugins and those that the arguments need."""
    names = ["etsi", "etsi_fixtures"]
    for option, needed in OTHER_PLUGINS.items():
        if any(argument.startswith(option) for argument in arguments):
            names += needed
    return [part for name in names for part in ("-p", name)]
