"""A real Linux machine under QEMU, built well and badly: kernel, BusyBox, Dropbear and a few lines of shell.

Its console, its plug and its documents are those that anybody gets who starts it by `./dev board`. The documents are the same
for every build; what fails of a bad one follows from the difference. By default the good one and three others are
assessed, by as few units as show it; `./dev qemu` assesses every one.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests import daemons
from tests.qemu import builds, software
from tests.suite_runs import SuiteRun, run_side_by_side, run_suite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
