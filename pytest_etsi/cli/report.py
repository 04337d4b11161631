"""``pytest-etsi report``: any form of report, from the directory of a run, without the device."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import click

from pytest_etsi.cli._say import say

__all__ = ["report"]

_NOT_YET, _UNUSABLE = 1, 4


@click.command(short_help="Make a report from results.")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--format", "name", metavar="FORM", default="html", show_default=True, help="Which form of report."
)
@click.option(
    "--output",
    "-o",
    metavar="FILE",
    help="Where to write it; - for the standard output. Left out: beside the results.",
)
@click.option(
    "--view",
    "views",
    metavar="SCHEME",
    multiple=True,
    help="Where the device stands in the eyes of a scheme: psti, mandatory, cls, finland, or a file; repeatable.",
)
@click.option("--pdf", is_flag=True, help="As PDF, of a form that is a page; needs pytest-etsi[pdf].")
def report(results: Path, name: str, output: str | None, views: tuple[str, ...], pdf: bool) -> None:
    """Make a report from RESULTS, the directory that a run has left, or its results.json.

    \b
    html       the test report: one file that needs nothing beside it, to be
               read, searched, printed and signed
    gaps       everything that keeps the device from PASS, by who can close it
    gaps-html  the same as a page
    gaps-xlsx  the same as a workbook, a row for each thing to do
    markdown   a summary, for a job of CI or a merge request
    csv        every evaluation as a row
    sarif      SARIF 2.1.0: FAILs as errors that point into the documents
    oscal      OSCAL assessment results
    declaration
               a draft of the manufacturer's declaration of conformity, to be
               signed; only where every mandatory provision that applies is
               PASS, otherwise what is missing is listed, with status 1
    in-toto    an in-toto statement with the test-result predicate

    What the cover says of the laboratory comes from `laboratory:` in the profile; what is not there is a line to be
    filled in by hand.

    With --view the forms html, markdown, declaration and those of gaps say where the device stands in the eyes of a law
    or a label, gaps only with what keeps it from that.
    """  # noqa: D301 - click's mark for "do not rewrap" needs the real character
    from pytest_etsi.report.forms import FORMS
    from pytest_etsi.report.kept import UnreadableError, check_written, read_kept
    from pytest_etsi.report.pdf import PdfError, pdf_of
    from pytest_etsi.report.schemes import SchemeError, scheme
    from pytest_etsi.report.views import view
    from pytest_etsi.report.writer import NotYetError, Paged

    if name not in FORMS:
        raise click.BadParameter(f"{name!r} is none of {', '.join(FORMS)}", param_hint="--format")
    form = FORMS[name]
    if pdf and not isinstance(form, Paged):
        able = ", ".join(one for one, known in FORMS.items() if isinstance(known, Paged))
        raise click.UsageError(f"--pdf goes with {able}")
    if views and not form.shows_views:
        able = ", ".join(one for one, known in FORMS.items() if known.shows_views)
        raise click.UsageError(f"--view goes with {able}")
    try:
        schemes = [scheme(one) for one in views]
    except SchemeError as error:
        raise click.BadParameter(str(error), param_hint="--view") from None
    try:
        kept = read_kept(results)
        if name != "declaration":  # which checks everything, and says what is missing
            check_written(results, kept)
        kept = replace(kept, views=tuple(view(one, kept.results) for one in schemes))
    except UnreadableError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    path = Path(output) if output else kept.directory / form.file
    try:
        if pdf and isinstance(form, Paged):
            page = form.page(kept, paper=True)
            del kept  # of many evaluations it is hundreds of megabytes, which the PDF needs then
            content = pdf_of(page)
        else:
            content = form.content(kept)
    except PdfError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    except NotYetError as error:
        say(f"{results}: no {name} can be drafted; missing:", err=True)
        for line in error.missing:
            say(f"  {line}", err=True)
        raise click.exceptions.Exit(_NOT_YET) from None
    if output == "-":
        sys.stdout.buffer.write(content)
        return
    path = path.with_suffix(".pdf") if pdf and not output else path
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        say(f"{path}: it cannot be written: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    say(path)
