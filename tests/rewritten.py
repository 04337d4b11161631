"""Test modules that are made ready once, before several workers want all of them at the same moment.

Each worker of pytest-xdist collects every test module, and pytest rewrites the assertions of one that it finds for the first
time. Four that begin together on a fresh checkout do all of it four times, which is as much work as two hundred tests.
"""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

# pytest has no public name for these; their signatures are the same in 8.2 and 9.2, and what they exchange is passed on.
from _pytest.assertion import rewrite

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest

__all__ = ["rewrite_ahead"]


def rewrite_ahead(config: pytest.Config) -> None:
    """Rewrite the test modules that a run will collect and that are not kept yet, on all processors."""
    if sys.dont_write_bytecode or rewrite.assertstate_key not in config.stash:
        return
    wanted = [Path(config.invocation_params.dir, argument.partition("::")[0]) for argument in config.args]
    files = sorted(
        {file for path in wanted for file in ([path] if path.is_file() else path.rglob("test_*.py"))}
    )
    waiting = [file for file in files if not _kept(file).exists()]
    shares = [waiting[first :: os.cpu_count() or 1] for first in range(os.cpu_count() or 1)]
    processes = [
        get_context("fork").Process(target=_rewrite, args=(config, share)) for share in shares if share
    ]
    with ExitStack() as stack:
        for process in processes:
            process.start()
            stack.callback(process.join)


def _kept(file: Path) -> Path:
    return rewrite.get_cache_dir(file) / f"{file.stem}{rewrite.PYC_TAIL}"


def _rewrite(config: pytest.Config, files: Sequence[Path]) -> None:
    for file in files:
        kept = _kept(file)
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            source, code = rewrite._rewrite_test(file, config)
        except SyntaxError:
            continue  # which its collection reports
        rewrite._write_pyc(config.stash[rewrite.assertstate_key], code, source, kept)
