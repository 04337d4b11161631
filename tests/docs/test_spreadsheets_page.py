"""The commands on the page about workbooks work one after the other, as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from forked_commands import forked_commands

PAGE = Path(__file__).parents[2] / "docs" / "spreadsheets.md"


def test_the_commands_run_and_end_with_a_valid_profile(tmp_path: Path) -> None:
    commands = re.findall(r"```console\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    done = subprocess.run(
        ["bash", "-e", "-c", "".join(commands)],
        cwd=tmp_path,
        env=os.environ | {"PATH": f"{forked_commands(tmp_path / 'bin')}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )

    assert len(commands) == 4
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "examplesense-d1: valid (bench/profile.yaml)" in done.stdout
    assert (tmp_path / "questions.xlsx").is_file()


def test_the_page_names_every_sheet_that_is_a_single_record() -> None:
    from pytest_etsi.standard import EDITIONS, edition

    single = {table.id for name in EDITIONS for table in edition(name).tables if table.single}
    row = next(line for line in PAGE.read_text("utf-8").splitlines() if "single record; a field" in line)

    assert set(re.findall(r"`(\d+-\w+)`", row)) == single
