"""``pytest-etsi compare``: what has changed between two runs."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_etsi.cli._say import say

__all__ = ["compare"]

_WORSE, _UNUSABLE = 1, 4


@click.command(short_help="Compare two results of a device.")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "name",
    type=click.Choice(["table", "markdown", "html"]),
    default="table",
    show_default=True,
    help="What to print.",
)
@click.option("--all", "every", is_flag=True, help="List what is still open, or new in the plan, too.")
def compare(old: Path, new: Path, name: str, every: bool) -> None:
    """Compare NEW results with OLD ones, each the directory of a run or its results.json.

    The exit status is 1 if something has become worse: what did not fail before fails, or what was decided before is
    open again. It is 4 if results cannot be read, or are of different devices.
    """
    from pytest_etsi.report import comparing
    from pytest_etsi.report.comparison import compared
    from pytest_etsi.report.kept import UnreadableError, check_written, read_kept

    try:
        older, newer = read_kept(old), read_kept(new)
        check_written(old, older)
        check_written(new, newer)
    except UnreadableError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    made = compared(older.results, newer.results)
    if made.of_different_devices:
        say(f"{new}: {made.of_different_devices}; expected two results of one device", err=True)
        raise click.exceptions.Exit(_UNUSABLE)
    show = {"table": comparing.table, "markdown": comparing.markdown, "html": comparing.page}[name]
    say(show(made, every=every))
    raise click.exceptions.Exit(_WORSE if made.is_worse else 0)
