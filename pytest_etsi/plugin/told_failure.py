"""What pytest shows of an evaluation that has not passed: the record, told in lines when somebody asks for them.

pytest keeps every report to the end of the run, so that of thousands there is no text beside the record.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pytest_etsi.plugin import compat
from pytest_etsi.report.told import summary_of, told

if TYPE_CHECKING:
    from pytest_etsi.report.writer import Json

__all__ = ["ToldFailure"]


class ToldFailure(compat.LazyReport):
    """The representation of a failure for pytest.

    Args:
        record: the evaluation.
        about: titles of what it belongs to.
        path: the file that is named with it where that is asked for.
    """

    __slots__ = ("_about", "_path", "_record")

    def __init__(self, record: Json, about: Json, path: str) -> None:
        self._record = record
        self._about = about
        self._path = sys.intern(path)

    def made(self) -> compat.PlainReport:
        """Verdict and reason as the summary, and all lines."""
        return compat.plain_report(summary_of(self._record), told(self._record, self._about), self._path)
