"""The order of a distributed run's files."""

from __future__ import annotations

from pathlib import Path

from turns import WAIT, WAIT_MOST, in_turn

COLLECTED = sorted(
    path.relative_to(Path(__file__).parents[1]).as_posix()
    for path in Path(__file__).parent.rglob("test_*.py")
)


def test_every_file_has_its_turn() -> None:
    assert sorted(in_turn(COLLECTED)) == COLLECTED


def test_what_takes_longest_begins_and_is_there() -> None:
    assert tuple(in_turn(COLLECTED)[: len(WAIT_MOST)]) == WAIT_MOST


def test_files_that_wait_never_follow_each_other_for_long() -> None:
    waits = "".join("w" if file.startswith(WAIT) else "c" for file in in_turn(COLLECTED))

    assert "wwww" not in waits
    assert "cccccc" not in waits[len(WAIT_MOST) :]
