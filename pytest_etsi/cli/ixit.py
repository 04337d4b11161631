"""The commands `pytest-etsi ixit export` and `pytest-etsi ixit import`: ICS and IXIT as a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from pytest_etsi.cli._say import say, say_open_problems
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from pytest_etsi.profile import ProfileError

__all__ = ["ixit"]

_LIMIT = click.option(
    "--limit", default=50, show_default=True, metavar="N", help="Print at most N problems; 0: all."
)


@click.group(short_help="Exchange ICS and IXIT as a spreadsheet.")
def ixit() -> None:
    """Exchange ICS and IXIT as one spreadsheet workbook (.xlsx), a sheet a table."""


@ixit.command(short_help="Write the ICS and IXIT of a profile to a workbook.")
@click.argument("profile")
@click.argument("file", metavar="FILE.xlsx")
@_LIMIT
def export(profile: str, file: str, limit: int) -> None:
    """Write the ICS and IXIT of PROFILE to a new workbook.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile. Placeholders such as
    ${secret:NAME} stand in the workbook as they are written.
    """
    from pathlib import Path

    from pytest_etsi.profile import ProfileError
    from pytest_etsi.profile.workbook import export_workbook

    try:
        made = export_workbook(profile, Path(file))
    except ProfileError as error:
        _give_up(error, limit)
    if made.credentials:
        say(
            f"The access of {abridged(made.credentials, 1)} holds a secret as text; in its place the workbook has "
            "${secret:NAME}.",
            err=True,
        )
    say(f"{file}: {_contents(made.claims, made.entries)} of {made.profile.name}. To take it back, run")
    say(f"  pytest-etsi ixit import {file} DIRECTORY")


@ixit.command(name="import", short_help="Write the YAML documents of a workbook.")
@click.argument("file", metavar="FILE.xlsx")
@click.argument("directory", type=click.Path(file_okay=False))
@_LIMIT
def import_(file: str, directory: str, limit: int) -> None:
    """Write the ICS and IXIT of a workbook to YAML documents in DIRECTORY.

    Everything is taken as it stands. What could not be understood is listed with its cell: it can be corrected in the
    documents, or in the workbook that `pytest-etsi ixit export` makes of them, where its cells are marked.

    Nothing is overwritten, and nothing is written where the workbook cannot be read, or says wrongly how the device is
    reached; the exit status is 4 then.
    """
    from pathlib import Path

    from pytest_etsi.profile import ProfileError
    from pytest_etsi.profile.workbook import import_workbook

    try:
        made = import_workbook(Path(file), Path(directory))
    except ProfileError as error:
        _give_up(error, limit)
    say(f"{directory}: {_contents(made.claims, made.entries)}, for")
    say(f"  {made.device}")
    for note in made.notes:
        say(note)
    say_open_problems("What could not be understood was taken as it stands:", made.open_problems, limit)
    say("Name the documents in a profile.yaml, paths relative to it; with one beside them:")
    for line in (f'edition: "{made.edition}"', "ics: ics.yaml", "ixit: ixit/"):
        say(f"  {line}")
    say("Then check it with pytest-etsi validate.")


def _contents(claims: int, entries: int) -> str:
    return f"{claims} ICS row{'' if claims == 1 else 's'} and {entries} IXIT entr{'y' if entries == 1 else 'ies'}"


def _give_up(error: ProfileError, limit: int) -> NoReturn:
    say(error.report(limit or len(error.problems)), err=True)
    number = len(error.problems)
    say(f"{number} problem{'' if number == 1 else 's'}; nothing was written", err=True)
    raise click.exceptions.Exit(4)
