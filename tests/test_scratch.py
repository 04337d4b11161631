"""What runs that were killed leave behind is removed, and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import TYPE_CHECKING

import pytest

from pytest_etsi.scratch import Scratch, remove_leftovers

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_what_a_living_process_owns_stays_until_it_is_closed(place: Path) -> None:
    with Scratch("virtual") as scratch:
        assert remove_leftovers() == []
        assert scratch.path.parent == place
        assert scratch.path.stat().st_mode & 0o077 == 0

    assert list(place.iterdir()) == []


def test_what_a_killed_process_has_left_is_removed(place: Path) -> None:
    code = (
        "import os, signal\nfrom pytest_etsi.scratch import Scratch\n"
        "s = Scratch('virtual'); (s.path / 'key').write_text('secret'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False, env={**os.environ, "TMPDIR": str(place)})
    left = list(place.glob("etsi-virtual-*"))
    assert len(left) == 1

    assert remove_leftovers() == left
    assert list(place.iterdir()) == []


def test_what_an_earlier_version_left_is_removed_unless_a_process_was_told_of_it(place: Path) -> None:
    left, used, new = place / "etsi-notice-left", place / "etsi-virtual-used", place / "etsi-notice-new"
    for path in (left, used, new):
        path.mkdir()
    for path in (left, used):
        os.utime(path, (0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", "input()", f"--state={used}/state"],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert remove_leftovers() == [left]
    finally:
        process.communicate()

    assert remove_leftovers() == [used]
    assert new.is_dir()


def test_neither_a_link_nor_what_is_not_ours_is_touched(place: Path) -> None:
    target, foreign = place / "documents", place / "etsi-somebody-else"
    for path in (target, foreign):
        path.mkdir()
        os.utime(path, (0, 0))
    (place / "etsi-virtual-link").symlink_to(target)

    assert remove_leftovers() == []
    assert target.is_dir()
