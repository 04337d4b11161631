"""One recorded run, laid out once for all tests of the forms of report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from camera_run import camera_run

from pytest_etsi.report.kept import Kept, read_kept

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The directory of its results; to be read only."""
    return camera_run(tmp_path_factory.mktemp("camera"))


@pytest.fixture(scope="session")
def kept(run: Path) -> Kept:
    """The results, read; to be read only."""
    return read_kept(run)


@pytest.fixture(scope="session")
def results(kept: Kept) -> dict[str, object]:
    """What they say; to be read only."""
    return dict(kept.results)
