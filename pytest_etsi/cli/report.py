"""``pytest-etsi report``: any form of report, from the directory of a run, without the device."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pytest_etsi.cli._say import say

__all__ = ["report"]

_UNUSABLE = 4


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
def report(results: Path, name: str, output: str | None) -> None:
    """Make a report from RESULTS, the directory that a run has left, or its results.json.

    \b
    html       the test report: one file that needs nothing beside it, to be
               read, searched, printed and signed
    gaps       everything that keeps the device from PASS, by who can close it
    markdown   a summary, for a job of CI or a merge request
    csv        every evaluation as a row
    sarif      SARIF 2.1.0: FAILs as errors that point into the documents
    oscal      OSCAL assessment results
    in-toto    an in-toto statement with the test-result predicate

    What the cover says of the laboratory comes from `laboratory:` in the profile; what is not there is a line to be
    filled in by hand.
    """  # noqa: D301 - click's mark for "do not rewrap" needs the real character
    from pytest_etsi.report.forms import FORMS
    from pytest_etsi.report.kept import UnreadableError, read_kept

    if name not in FORMS:
        raise click.BadParameter(f"{name!r} is none of {', '.join(FORMS)}", param_hint="--format")
    form = FORMS[name]
    try:
        kept = read_kept(results)
    except UnreadableError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    text = form.text(kept)
    if output == "-":
        sys.stdout.buffer.write(text.encode())
        return
    path = Path(output) if output else kept.directory / form.file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        say(f"{path}: it cannot be written: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    say(path)
