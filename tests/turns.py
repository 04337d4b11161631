"""The order in which a distributed run begins its files: so that the processors have work while tests wait for devices."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["WAIT", "WAIT_MOST", "in_turn"]

WAIT_MOST = (
    "tests/test_flaw_matrix.py",
    "tests/test_real_programs.py",
    "tests/test_real_board.py",
    "tests/test_wheel.py",
    "tests/test_resume.py",
    "tests/test_real_daemons.py",
    "tests/docs/test_documentation.py",
    "tests/test_bad_documents.py",
    "tests/test_second_edition.py",
    "tests/test_real_gadget.py",
    "tests/test_half_permissions.py",
    "tests/test_hostile_device.py",
)
"""Files whose tests mostly wait for runs against devices, the longest first."""
WAIT = ("tests/cli/", "tests/dut/", "tests/probes/", "tests/virtual/")
"""Directories whose tests wait for most of their time, for what answers late or not at all; the others compute."""


def in_turn(files: Sequence[str]) -> list[str]:
    """The files of a run in the order in which they are begun.

    First what takes longest, so that no worker is left alone with it. Then those that wait, spread evenly over those that
    compute: side by side, all workers would sleep at the same time.

    Args:
        files: paths below the project's directory, in the order of the collection.
    """
    first = [file for file in WAIT_MOST if file in files]
    rest = [file for file in files if file not in WAIT_MOST]
    waiting = [file for file in rest if file.startswith(WAIT)]
    computing = [file for file in rest if not file.startswith(WAIT)]
    places = [
        ((number + 0.5) / len(some), file)
        for some in (waiting, computing)
        for number, file in enumerate(some)
    ]
    return [*first, *(file for _, file in sorted(places))]
