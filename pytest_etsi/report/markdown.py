"""A summary in Markdown, for the page of a job in CI, or for a merge request."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.failures import counted, failures, headline, listed_units
from pytest_etsi.report.steps import steps
from pytest_etsi.report.summary import device_of, in_short, left_out, unreviewed
from pytest_etsi.report.views import PLAIN, view
from pytest_etsi.report.writer import Form, Json, Writer
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_etsi.report.kept import Kept
    from pytest_etsi.report.schemes import Scheme
    from pytest_etsi.report.views import View

__all__ = ["Markdown", "Summary", "plain", "summary", "view_lines"]

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|!~$&@]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
"""What may be markup anywhere in a line, or turn an address into a link."""
_FIRST = re.compile(r"^([-+=](?=[-+=\s])|[0-9]{1,9}(?=[.)](?:\s|$)))")
"""What may begin a list, a rule or a heading at the beginning of one."""
_MENTION = re.compile(r"@(?=\w)")
"""Sites look for those in what is shown, where a backslash is gone; a blank that is not seen is still there."""


class Markdown(Form):
    """The summary as a file."""

    name: ClassVar[str] = "markdown"
    file: ClassVar[str] = "summary.md"
    shows_views: ClassVar[bool] = True

    def text(self, kept: Kept) -> str:
        """The summary."""
        return summary(kept.results, kept.views)


class Summary(Writer):
    """The summaries of a run, added to a file; a CI job names its own, as ``$GITHUB_STEP_SUMMARY``.

    Args:
        path: the file; None: none was asked for.
        schemes: whose views it has.
    """

    def __init__(self, path: str | None, schemes: Sequence[Scheme] = ()) -> None:
        self._path = path
        self._schemes = schemes

    def is_active(self) -> bool:
        """Whether a file was named."""
        return bool(self._path)

    def ended(self, results: Mapping[Path, Json]) -> None:
        """Add the summary of each device."""
        path = Path(self._path or "").expanduser()
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            for one in results.values():
                file.write(f"{summary(one, [view(scheme, one) for scheme in self._schemes])}\n")


def summary(results: Json, views: Sequence[View] = ()) -> str:
    """The summary of a device: verdict, what fails by cause, what to do next, and the provisions folded."""
    return "\n".join(_lines(results, views)) + "\n"


def view_lines(one: View) -> Iterator[str]:
    """A view: each demand with its provisions, what was not looked at, and where that is from."""
    yield f"\n### View {plain(one.headline)}\n"
    yield PLAIN
    yield from (f"\n{plain(remark)}" for remark in one.remarks)
    yield "\n| stands | asks | | source |"
    yield "|---|---|---|---|"
    for demand in one.demands:
        behind = "; ".join(f"{label}: {text}" for label, text in demand.lines)
        cells = (demand.standing, demand.demand.asks, behind, one.from_where(demand.demand))
        yield f"| {' | '.join(map(plain, cells))} |"
    if one.scheme.facts:
        yield ""
    for fact in one.scheme.facts:
        yield f"- {plain(fact.about)}: {plain(fact.says)} ({plain(one.from_where(fact))})"


def _lines(results: Json, views: Sequence[View]) -> Iterator[str]:
    device = device_of(results)
    yield f"## EN 303 645: {plain(device)}: {results['overall']}"
    yield ""
    counts = ", ".join(
        f"{number} {verdict}" for verdict, number in results.get("counts", {}).items() if number
    )
    mandatory = results.get("overall_mandatory")
    alone = f" Mandatory provisions alone: {mandatory}." if mandatory and not results.get("partial") else ""
    part = (
        f" Only {plain(', '.join(results.get('selection') or ()))} looked at."
        if results.get("partial")
        else ""
    )
    yield f"{counts or 'nothing was evaluated'}.{alone}{part}"
    yield from (f"\n{plain(left)}." for left in left_out(results))
    found = failures(results)
    if found:
        yield f"\n### {headline(found)}\n"
        for one in found:
            yield f"- **{one.id}** {plain(one.seen[0].message)}"
            if len(one.seen) > 1:
                yield f"  - and {counted(len(one.seen) - 1, 'further violation')} of it"
            yield f"  - fails: {plain(listed_units(one.refuted)) or 'the ICS'}"
            if one.mended:
                yield f"  - how to mend it: {plain(' '.join(one.mended))}"
            if one.places:
                yield f"  - documents: {plain('; '.join(one.places))}"
    if lacking := unreviewed(results):
        yield f"\n{counted(len(lacking), 'judgement')} not reviewed by a second person: {plain(', '.join(lacking))}"
    if todo := steps(results):
        yield "\n### What to do next\n"
        yield from (f"- **{mine.who.name}**: {plain(mine.who.how)} ({mine.settles})" for mine in todo)
    for one_view in views:
        yield from view_lines(one_view)
    yield "\n<details><summary>All provisions</summary>\n"
    yield "| provision | status | ICS | verdict | |"
    yield "|---|---|---|---|---|"
    for group in results["groups"]:
        short = f" ({plain(in_short(group))})" if in_short(group) else ""
        cells = (group["group"], group.get("status") or "", group.get("support") or "-", group["verdict"])
        yield f"| {' | '.join(map(plain, cells))} | {plain(group.get('title') or '')}{short} |"
    yield "\n</details>"


def plain(text: object) -> str:
    """As Markdown that shows the text as it is, on one line: no markup, HTML or link, and nobody is mentioned."""
    shown = _MARKUP.sub(r"\\\1", " ".join(neutralised(text).split()))
    return _MENTION.sub("@&#8203;", _FIRST.sub(_escaped_first, shown))


def _escaped_first(found: re.Match[str]) -> str:
    return f"{found[0]}\\" if found[0].isdigit() else f"\\{found[0]}"
