"""Fixtures of the tests of the plugin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from forks import devices_are_forked
from plugin_project import Project

import pytest_etsi.assessment.run
import pytest_etsi.dut

# Imported here, once, and not anew in every run of pytest within pytest.
import pytest_etsi.plugin.collection
import pytest_etsi.plugin.recorder
import pytest_etsi.plugin.running
import pytest_etsi.plugin.start
import pytest_etsi.profile
import pytest_etsi.report.plan  # noqa: F401
from pytest_etsi.assessment import suite

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def devices() -> Iterator[None]:
    """How virtual devices are started: quickly."""
    with devices_are_forked():
        yield


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty directory to put a device profile and a suite into."""
    # A run within this process sets it to the suite of the project, and must not leave it there for other tests.
    monkeypatch.setattr(suite, "suite_path", suite.suite_path)
    return Project(pytester, monkeypatch)
