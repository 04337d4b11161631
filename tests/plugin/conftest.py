"""Fixtures of the tests of the plugin."""

from __future__ import annotations

import pytest
from plugin_project import Project


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    """An empty directory to put a device profile and a suite into."""
    return Project(pytester, monkeypatch)
