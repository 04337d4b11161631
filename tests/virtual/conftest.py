"""Virtual cameras for the tests of the virtual camera."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from virtual_process import Process

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def start(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., Process]]:
    """Starts cameras of which the state directories are `name`; what still runs at the end is stopped.

    In a module with the constant BY_COMMAND they are started by the command line.
    """
    processes: list[Process] = []
    by_command = getattr(request.module, "BY_COMMAND", False)

    def start(*options: str, name: str = "camera") -> Process:
        process = Process(tmp_path / name, options, by_command)
        processes.append(process)
        return process.start()

    yield start
    for process in processes:
        if process.popen:
            process.kill()


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """An initialized camera that the tests of a module share; they leave it as they found it."""
    process = Process(tmp_path_factory.mktemp("camera"), ("--initialized",)).start()
    yield process
    assert process.stop() == (0, "")


@pytest.fixture
def own(start: Callable[..., Process]) -> Process:
    """An initialized camera of a test's own, of which a lock is not over before it has been looked at."""
    return start("--initialized", "--first-lock", "600")
