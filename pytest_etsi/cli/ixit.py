"""The commands `pytest-etsi ixit export` and `pytest-etsi ixit import`: ICS and IXIT as spreadsheet and documents."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

import click

from pytest_etsi.cli._say import say, say_open_problems
from pytest_etsi.text import abridged

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import ProfileError
    from pytest_etsi.profile.workbook import Imported

__all__ = ["ixit"]

_LIMIT = click.option(
    "--limit", default=50, show_default=True, metavar="N", help="Print at most N problems; 0: all."
)


@click.group(short_help="Exchange ICS and IXIT as a spreadsheet, take them from documents.")
def ixit() -> None:
    """Exchange ICS and IXIT as one workbook (.xlsx), a sheet a table, or take them from Word documents and Markdown."""


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


@ixit.command(name="import", short_help="Write the YAML documents of a workbook, Word documents or Markdown.")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path())
@click.argument("directory", type=click.Path(file_okay=False))
@click.option(
    "--edition",
    "edition_id",
    type=click.Choice(["1.1.1", "2.1.1"]),
    help="Edition of TS 103 701 that Word documents or Markdown follow.  [default: by the tables that they name]",
)
@_LIMIT
def import_(files: tuple[str, ...], directory: str, edition_id: str | None, limit: int) -> None:
    """Write the ICS and IXIT of a workbook (.xlsx), or of Word documents and Markdown files, to YAML in DIRECTORY.

    Of Word documents (.docx) and Markdown (.md) there may be several, which hold the tables together.

    Everything is taken as it stands. What could not be understood is listed with its place: it can be corrected in the
    documents, or in the workbook that `pytest-etsi ixit export` makes of them once every table is there, where its
    cells are marked. What stands in a Word or Markdown document and was not recognised as part of an ICS or IXIT is
    listed too.

    Nothing is overwritten, and nothing is written where a file cannot be read, or says wrongly how the device is
    reached; the exit status is 4 then.
    """
    from pathlib import Path

    from pytest_etsi.profile import ProfileError

    try:
        made = _imported([Path(file) for file in files], Path(directory), edition_id)
    except ProfileError as error:
        _give_up(error, limit)
    say(f"{directory}: {_contents(made.claims, made.entries)}{', for' if made.device else ''}")
    if made.device:
        say(f"  {made.device}")
    for note in made.notes:
        say(note)
    say_open_problems("What could not be understood was taken as it stands:", made.open_problems, limit)
    say_open_problems("What was not taken as part of an ICS or IXIT:", made.unrecognised, limit)
    say("Name the documents in a profile.yaml, paths relative to it; with one beside them:")
    has_tables = any(name.startswith("ixit/") for name in made.files)
    device = 'dut: {manufacturer: ..., model: ..., hardware: "...", software: "..."}'
    for line in (
        "format: 1",
        f'edition: "{made.edition}"',
        device,
        "ics: ics.yaml",
        *["ixit: ixit/"] * has_tables,
    ):
        say(f"  {line}")
    say("Then check it with pytest-etsi validate.")


def _imported(files: list[Path], directory: Path, edition_id: str | None) -> Imported:
    """What an import has written, of documents or of a workbook, whichever the names of the files say."""
    from pytest_etsi.profile.forms import import_forms, is_form
    from pytest_etsi.profile.workbook import import_workbook

    if any(is_form(file) for file in files):
        if odd := [file for file in files if not is_form(file)]:
            raise click.UsageError(f"{odd[0]} is no Word document or Markdown file, and cannot go with those")
        return import_forms(files, directory, edition_id=edition_id)
    if len(files) > 1:
        raise click.UsageError("a workbook is imported alone")
    if edition_id is not None:
        raise click.UsageError("a workbook says itself which edition it follows")
    return import_workbook(files[0], directory)


def _contents(claims: int, entries: int) -> str:
    return f"{claims} ICS row{'' if claims == 1 else 's'} and {entries} IXIT entr{'y' if entries == 1 else 'ies'}"


def _give_up(error: ProfileError, limit: int) -> NoReturn:
    say(error.report(limit or len(error.problems)), err=True)
    number = len(error.problems)
    say(f"{number} problem{'' if number == 1 else 's'}; nothing was written", err=True)
    raise click.exceptions.Exit(4)
