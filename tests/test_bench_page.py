"""What docs/bench.md says of a board in half an hour, done as it stands there, with the board of `./dev board`."""

from __future__ import annotations

import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests import daemons
from tests.qemu import software
from tests.qemu.bench import bench
from tests.qemu.board import Board
from tests.qemu.builds import answered
from tests.qemu.places import BENCH, HTTP, SSH, UART
from tests.suite_runs import run_suite

PAGE = Path(__file__).parents[1] / "docs" / "bench.md"


def _section() -> str:
    return PAGE.read_text("utf-8").partition("## A board in half an hour\n")[2].partition("\n## ")[0]


def _documents(place: Path) -> None:
    """Follow the page: its first command, and what it says is written into the files."""
    section = _section()
    command = re.search(r"`pytest-etsi (init board .*?)`", section)
    assert command
    arguments = re.findall(r'"([^"]*)"|(\S+)', command[1])
    init = [
        str(Path(sys.executable).with_name("pytest-etsi")),
        *(quoted or plain for quoted, plain in arguments),
    ]
    subprocess.run(init, cwd=place, check=True, capture_output=True, timeout=60)
    access, test, interfaces, outages, rows = (
        textwrap.dedent(one) for one in re.findall(r"(?s)   ```\w+\n(.*?)   ```", section)
    )
    profile = place / "board" / "profile.yaml"
    kept = profile.read_text("utf-8").partition("\naccess:")[0]
    profile.write_text(
        _replaced(kept, "permissions: []", "permissions: [console, outage]") + f"\n{access}", "utf-8"
    )
    for table, entries in (("15-Intf", interfaces), ("23-ResMech", outages)):
        path = place / "board" / "ixit" / f"{table}.yaml"
        path.write_text(_replaced(path.read_text("utf-8"), f'"{table}": []', entries), "utf-8")
    ics = place / "board" / "ics.yaml"
    text = ics.read_text("utf-8")
    for row in rows.splitlines():
        commented = re.search(rf"(?m)^ *# {re.escape(row.strip().partition(':')[0])}:.*$", text)
        assert commented, row
        text = _replaced(text, commented[0], row)
    ics.write_text(text, "utf-8")
    (place / "test_bench.py").write_text(test, "utf-8")


def _replaced(text: str, what: str, by: str) -> str:
    assert text.count(what) == 1, what
    return text.replace(what, by)


@pytest.mark.every_build
def test_the_page_is_true_of_the_board(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if "every_build" not in request.config.getoption("markexpr"):
        pytest.skip("./dev qemu follows the page")
    if why := software.missing():
        daemons.missing(why)
    _documents(tmp_path)
    built = software.Software(tmp_path / "software").build()
    with Board(tmp_path / "machine", built, HTTP, SSH, UART) as board, bench(board, BENCH):
        board.on()
        answered(f"http://127.0.0.1:{HTTP}/")
        own = subprocess.run(
            [sys.executable, "-m", "pytest", "--etsi-profile=board", "--etsi-suite=off", "-p", "no:schemathesis", "test_bench.py"],
            cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        run = run_suite(tmp_path, tmp_path / "board" / "profile.yaml", "--etsi-only=5.6-4-2/a,5.9-1-2/b")

    assert own.returncode == 0, own.stdout
    assert run.units("PASS") == {"5.6-4-2/a", "5.9-1-2/b"}, run.output
