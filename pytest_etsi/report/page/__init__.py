"""The test report: one HTML file that needs nothing beside it, to be read, searched, printed and signed.

Everything that a device, its maker or a person has written is text here: the templates escape it, and the page lets no
script run but its own (a content security policy says so).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.page._render import hash_of, rendered, source
from pytest_etsi.report.page._view import View
from pytest_etsi.report.writer import Paged

if TYPE_CHECKING:
    from pytest_etsi.report.kept import Kept

__all__ = ["Page"]

AT_ONCE = 3000
"""Evaluations that a page draws at once; of more, a unit's are drawn when it is opened."""


class Page(Paged):
    """The test report as a page."""

    name: ClassVar[str] = "html"
    file: ClassVar[str] = "report.html"
    shows_views: ClassVar[bool] = True

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once

    def page(self, kept: Kept, *, paper: bool) -> str:
        """The page."""
        script = source("script.js")
        return rendered(
            "report.html.j2",
            paper=paper,
            view=View(kept, self._at_once, paper),
            script=script,
            script_hash=hash_of(script),
        )
