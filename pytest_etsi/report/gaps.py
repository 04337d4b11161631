"""The gaps: everything that keeps a device from PASS, by who can close it and how much that settles."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.failures import counted, failures, listed_units
from pytest_etsi.report.markdown import plain, view_lines
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import device_of
from pytest_etsi.report.views import limited_to
from pytest_etsi.report.writer import Form

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.failures import Failure
    from pytest_etsi.report.kept import Kept
    from pytest_etsi.report.steps import Steps
    from pytest_etsi.report.writer import Json

__all__ = ["GUIDE", "Gaps", "concerned"]

GUIDE = "ETSI TR 103 621 on {}"
"""Where more is to be read on a cause."""


class Gaps(Form):
    """The gaps in Markdown."""

    name: ClassVar[str] = "gaps"
    file: ClassVar[str] = "gaps.md"
    shows_views: ClassVar[bool] = True

    def text(self, kept: Kept) -> str:
        """The list, what FAILs first, then what settles most; with views only of the provisions that they name."""
        return "\n".join(_lines(kept)) + "\n"


def concerned(kept: Kept) -> Json:
    """The results, limited to what the views that were asked for name, where there are some that name something."""
    named = [number for view in kept.views for number in view.provisions]
    return limited_to(kept.results, named) if named else kept.results


def _lines(kept: Kept) -> Iterator[str]:
    results = concerned(kept)
    device = device_of(results)
    yield f"# Gaps of {plain(device)} to EN 303 645"
    yield f"\nOverall verdict: {results['overall']}."
    for view in kept.views:
        yield from view_lines(view)
    todo = steps(results)
    if not todo:
        yield (
            "\nNothing keeps it from PASS."
            if not kept.views
            else "\nNo evaluation keeps what is named from PASS."
        )
        return
    yield "\n| who | can | settles |"
    yield "|---|---|---|"
    yield from (f"| {mine.who.name} | {plain(mine.who.how)} | {mine.settles} |" for mine in todo)
    for mine in todo:
        yield f"\n## {mine.who.name[0].upper()}{mine.who.name[1:]}"
        yield f"\n{mine.settles[0].upper()}{mine.settles[1:]}.\n"
        if mine.who.causes == ("FAIL",):
            for one in failures(results):
                yield from _failure(one)
        else:
            yield from _items(mine)


def _failure(one: Failure) -> Iterator[str]:
    about = f"{counted(len(one.refuted), 'evaluation')} of {counted(len(one.provisions), 'provision')}"
    yield f"- [ ] **{one.id}** ({about})"
    for seen in one.seen:
        yield f"  - {plain(seen.message)}{f' ({plain(seen.beside)})' if seen.beside else ''}"
    refuted = listed_units(one.refuted) or f"the ICS: {', '.join(one.provisions)}"
    yield f"  - fails: {plain(refuted)}"
    if one.mended:
        yield f"  - how to mend it: {plain(' '.join(one.mended))}"
    if one.guides:
        yield f"  - guidance: {plain(GUIDE.format('; on '.join(one.guides)))}"
    if one.places:
        yield f"  - the documents: {plain('; '.join(one.places))}"


def _items(mine: Steps) -> Iterator[str]:
    for item in mine.items:
        unit = f"**{plain(item.unit)}** " if item.unit else ""
        cause = f"{item.cause}: " if len(mine.who.causes) > 1 else ""
        entries = f" ({plain(', '.join(item.entries))})" if item.entries else ""
        yield f"- [ ] {cause}{unit}{plain(item.text)}{entries}"
