"""What a form of report is.

A writer is told of each evaluation, and of every device at the end of a run; a form is made from kept results at any
time. Both read what is recorded and ask nothing else of the run. ``results.json`` is none: it is what they read, and is
written without pytest too, as is what the commands print (plan, catalogue ...).
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pytest

    from pytest_etsi.report.kept import Kept

__all__ = ["Form", "Json", "NotYetError", "Paged", "Writer"]

Json: TypeAlias = "Mapping[str, Any]"
"""A record, or results, as read from JSON."""


class Writer:
    """A form of report; one overrides what concerns it, and does nothing at the rest.

    Where the record is kept, pytest knows the writer as a plugin: hooks of pytest, or of the plugin whose report the
    form is a part of, are methods of it.
    """

    def is_active(self) -> bool:
        """Whether this run is reported in the form."""
        return True

    def concluded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Take an evaluation in the process and at the moment in which its test has concluded it.

        Args:
            report: of that phase of the test; what is put on it has to be builtins.
            record: the evaluation, as it is going to be recorded.
            about: what a record does not say: titles, and the directory of the results.
        """

    def recorded(self, report: pytest.TestReport, record: Json, about: Json) -> None:
        """Take an evaluation, cleaning up included, where the record is kept; `report` is the last one of its test."""

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Take the results of every device at the end of the run: the path of ``results.json`` and what is in it."""


class NotYetError(Exception):
    """A form that only some results allow cannot be made of these.

    Attributes:
        missing: what is missing, a line each.
    """

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__("\n".join(missing))
        self.missing = tuple(missing)


class Form(Protocol):
    """A form of report that is one file, made from what a run has left.

    Attributes:
        name: what ``pytest-etsi report --format`` calls it.
        file: what the file is called where nobody says otherwise.
        shows_views: whether it has a place for the views of schemes.
    """

    name: ClassVar[str]
    file: ClassVar[str]
    shows_views: ClassVar[bool] = False

    def text(self, kept: Kept) -> str:
        """The content of the file.

        Raises:
            NotYetError: the results do not allow it.
        """

    def content(self, kept: Kept) -> bytes:
        """The same in bytes; what is no text overrides this.

        Raises:
            NotYetError: the results do not allow it.
        """
        return self.text(kept).encode()


class Paged(Form):
    """A form that is a page, to be read in a browser or, by `pytest_etsi.report.pdf`, on paper."""

    def text(self, kept: Kept) -> str:
        """The page for a browser.

        Raises:
            NotYetError: the results do not allow it.
        """
        return self.page(kept, paper=False)

    @abstractmethod
    def page(self, kept: Kept, *, paper: bool) -> str:
        """The page.

        Args:
            kept: what it is made from.
            paper: without style and script, and well-formed XML.

        Raises:
            NotYetError: the results do not allow it.
        """
