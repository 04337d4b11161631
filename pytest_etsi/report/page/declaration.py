"""A draft of the manufacturer's declaration of conformity, from results that show it, and from no others.

It has what ISO/IEC 17050-1 asks of a supplier's declaration. What neither results nor profile say is a line to be
filled in by hand. Whoever signs it declares; the draft declares nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.page._render import rendered
from pytest_etsi.report.summary import in_short, unreviewed
from pytest_etsi.report.views import NOT_MET, OPEN
from pytest_etsi.report.writer import NotYetError, Paged
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.kept import Kept
    from pytest_etsi.report.writer import Json

__all__ = ["Declaration", "missing"]

_RELEASED = ("PASS", "NOT APPLICABLE")


class Declaration(Paged):
    """The draft as a page to be printed."""

    name: ClassVar[str] = "declaration"
    file: ClassVar[str] = "declaration.html"
    shows_views: ClassVar[bool] = True

    def page(self, kept: Kept, *, paper: bool) -> str:
        """The page.

        Raises:
            NotYetError: a mandatory provision that applies is not PASS, or something else keeps it from being shown.
        """
        if lacks := missing(kept):
            raise NotYetError(lacks)
        results = kept.results
        return rendered(
            "declaration.html.j2",
            paper=paper,
            results=results,
            laboratory=results.get("laboratory") or {},
            catalogue=edition(results["edition"]),
            views=kept.views,
            mandatory=_of(results, "M"),
            claimed=[one for one in _of(results, "R") if one["support"] == "Y"],
            left=[one for one in _of(results, "R") if one["support"] != "Y"],
        )


def _of(results: Json, status: str) -> list[Json]:
    return [group for group in results["groups"] if group["status"] == status]


def missing(kept: Kept) -> list[str]:
    """What keeps a declaration from being drafted, a line each; empty: nothing does."""
    return list(dict.fromkeys(_missing(kept)))


def _missing(kept: Kept) -> Iterator[str]:
    results = kept.results
    if results.get("partial"):
        yield f"the whole: only {', '.join(results.get('selection') or ())} looked at"
    yield from _written(kept)
    groups = {str(group["group"]): group for group in results["groups"]}
    catalogue = edition(results["edition"])
    for provision in catalogue.provisions:
        if provision.status != "M":
            continue
        group = groups.get(provision.id)
        named = f"{provision.id} {catalogue.group(provision.id).title}"
        if group is None:
            yield f"{named}: it is not in these results"
        elif group["status"] != "M" or group["verdict"] not in _RELEASED:
            short = f" ({in_short(group)})" if in_short(group) else ""
            yield f"{named}: {group['verdict']}{short}"
        elif group["verdict"] == "NOT APPLICABLE" and group["support"] != "N/A":
            yield f"{named}: the ICS does not say that it does not apply"
    if results["overall_mandatory"] != "PASS":
        yield f"PASS over the mandatory provisions: it is {results['overall_mandatory']}"
    for finding in results.get("ics_findings") or ():
        if finding["level"] == "error":
            yield f"an ICS that fits: {finding['about']}: {finding['message']}"
    if lacking := unreviewed(results):
        yield f"a second person's review of each judgement, which the laboratory demands: {', '.join(lacking)}"
    for view in kept.views:
        own = view.scheme
        if own.statement and not own.any_edition and own.edition != results["edition"]:
            yield f"results by {own.standard}, which {own.id} names: these are by edition {results['edition']}"
        for demand in view.demands:
            if demand.standing in (NOT_MET, OPEN):
                shown = ", ".join(one.shown for one in demand.provisions if one.standing == demand.standing)
                yield f"{view.scheme.id}, {demand.demand.asks}: {demand.standing}: {shown or 'see above'}"


def _written(kept: Kept) -> Iterator[str]:
    """What of the results is not as a run has written it."""
    from pytest_etsi.assessment.integrity import check_directory
    from pytest_etsi.assessment.journal import JournalError

    for one in kept.results.get("integrity") or ():
        yield f"{one['file']} as it was written: {one['problem']}"
    try:
        checked = check_directory(kept.directory)
    except JournalError as error:
        yield f"a record that can be believed: {error}"
        return
    except OSError as error:
        yield f"the record of the run, record.jsonl beside the results: {error.strerror or error}"
        return
    if not checked.finished:
        yield "the end of the run: --etsi-resume goes on with it"
    yield from (f"{kept.directory}/{damage}" for damage in checked.damaged)
