"""Settings of all tests."""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import socketserver
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.garbage import seldom_collect
from tests.namespaces import live_alone
from tests.rewritten import rewrite_ahead
from tests.turns import in_turn

if TYPE_CHECKING:
    from collections.abc import Generator

if sys.dont_write_bytecode:
    # Hundreds of tests start Python or import the package anew. To compile everything each time takes twice as long, so
    # that the compiled files are kept, outside the checkout, until the tests are over; workers and subprocesses inherit it.
    _compiled = tempfile.mkdtemp(prefix="pytest-etsi-compiled-")
    atexit.register(shutil.rmtree, _compiled, ignore_errors=True)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix = _compiled
    sys.dont_write_bytecode = False

# Servers of the tests write the head of an answer and then its body, which the kernel would hold back for 40 ms each time.
socketserver.StreamRequestHandler.disable_nagle_algorithm = True

# In CI the same examples every time: what a search finds anew belongs to whoever is at the keyboard. No deadlines, since
# a machine that is busy is no defect.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("local", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "local")


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Six workers more than there are processors: two thirds of what their tests take, they wait for a device.

    With two fewer the processors are idle for a fifth of the time.
    """
    return (yield) + 6


def pytest_configure(config: pytest.Config) -> None:
    """Give each process that runs tests a network of its own; let workers take files in the order of the collection."""
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False
    if hasattr(config, "workerinput") or not getattr(config.option, "numprocesses", None):
        live_alone()
    else:
        rewrite_ahead(config)
        # Not before: it remembers the environment, in which the place for compiled files is now.
        from forks import tests_are_collected_once

        plugins = [word for name in config.option.plugins for word in ("-p", name)]
        once = tests_are_collected_once([*plugins, *config.args])
        once.__enter__()
        config.add_cleanup(lambda: once.__exit__(None, None, None))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection() -> Generator[None, object, object]:
    """Let no collection of garbage go through what has been imported and collected: it stays until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        seldom_collect()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let the workers of a distributed run take the files in their turn."""
    if hasattr(config, "workerinput"):
        file_of = {item.path: item.path.relative_to(config.rootpath).as_posix() for item in items}
        places = {file: place for place, file in enumerate(in_turn(list(file_of.values())))}
        items.sort(key=lambda item: places[file_of[item.path]])
