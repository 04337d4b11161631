"""What a shell says of files is read whatever stands around it, and by a real shell for odd names."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from pytest_etsi.probes.file_modes import FileSeen, ask_about, read_answer

if TYPE_CHECKING:
    from pathlib import Path

SHELLS = [["sh", "-c"], ["busybox", "sh", "-c"]]


def asked(shell: list[str], *paths: str) -> tuple[FileSeen, ...]:
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    done = subprocess.run([*shell, ask_about(paths)], capture_output=True, text=True, check=False)
    return read_answer(done.stdout, paths)


@pytest.mark.parametrize("shell", SHELLS, ids=lambda shell: shell[0])
def test_a_shell_tells_of_a_file_and_of_one_that_is_missing(tmp_path: Path, shell: list[str]) -> None:
    there = tmp_path / 'it\'s a "file" $(false)'
    there.write_text("secret", encoding="utf-8")
    there.chmod(0o640)

    seen, missing = asked(shell, str(there), str(tmp_path / "none"))

    assert (seen.exists, seen.readable, seen.writable, seen.mode) == (True, True, True, "-rw-r-----")
    assert seen.owner == there.stat().st_uid
    assert (missing.exists, missing.readable, missing.mode, missing.owner) == (False, False, "", -1)


def test_who_may_not_read_is_told_apart() -> None:
    text = (
        "etsi-file=0 user=1000 is=1 read=1 write=0 mode=-rw-r--r-- owner=0\r\n"
        "etsi-file=1 user=1000 is=1 read=0 write=0 mode=-rw------- owner=0\r\n"
    )

    control, key = read_answer(text, ("/etc/passwd", "/data/key"))

    assert (control.readable, key.readable, key.user) == (True, False, 1000)


def test_the_echo_of_the_command_is_no_answer() -> None:
    assert read_answer(ask_about(("/etc/passwd", "/data/key")), ("/etc/passwd", "/data/key")) == ()


def test_what_nobody_has_asked_about_is_left_out() -> None:
    assert read_answer("etsi-file=7 user=0 is=1 read=1 write=1", ("/a",)) == ()
