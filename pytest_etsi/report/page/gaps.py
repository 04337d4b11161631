"""The gaps as a page: what to do, by who can do it, to be read in a browser and printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.failures import failures, listed_units
from pytest_etsi.report.gaps import GUIDE, concerned
from pytest_etsi.report.page._render import rendered
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import device_of
from pytest_etsi.report.views import PLAIN
from pytest_etsi.report.writer import Paged

if TYPE_CHECKING:
    from pytest_etsi.report.kept import Kept

__all__ = ["GapsPage"]


class GapsPage(Paged):
    """The page; it has no script."""

    name: ClassVar[str] = "gaps-html"
    file: ClassVar[str] = "gaps.html"
    shows_views: ClassVar[bool] = True

    def page(self, kept: Kept, *, paper: bool) -> str:
        """The page, what FAILs first, then what settles most."""
        results = concerned(kept)
        return rendered(
            "gaps.html.j2",
            paper=paper,
            results=results,
            title=device_of(results),
            views=kept.views,
            plain_about_views=PLAIN,
            todo=steps(results),
            guide=GUIDE,
            failures=[
                (one, listed_units(one.refuted) or f"the ICS: {', '.join(one.provisions)}")
                for one in failures(results)
            ],
        )
