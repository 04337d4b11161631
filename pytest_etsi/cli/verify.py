"""``pytest-etsi verify``: whether results, record and evidence are still as a run has written them."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_etsi.cli._say import say

__all__ = ["verify"]

_DAMAGED, _UNUSABLE = 1, 4


@click.command(short_help="Check that results are as they were written.")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--hash",
    "kept",
    metavar="HASH",
    help="The hash that the terminal showed after the run: nothing that the record held then was changed since.",
)
def verify(directory: Path, kept: str | None) -> None:
    """Compare record, evidence and results in DIRECTORY with the hashes that were written with them.

    The exit status is 0 if everything fits, 1 if evidence or results do not, and 4 if the record cannot be believed.
    What does not fit is named with file, line and unit. Of several devices give the directory of all, or that of one.

    Without --hash this shows accidents and simple editing, not the work of somebody who has computed all hashes anew.
    """
    places = [directory] if (directory / "record.jsonl").exists() else _below(directory)
    if not places:
        say(f"{directory}: expected a directory with a record.jsonl, as a run leaves it", err=True)
        raise click.exceptions.Exit(_UNUSABLE)
    if kept is not None and len(places) > 1:
        raise click.UsageError("--hash goes with the directory of one device")
    raise click.exceptions.Exit(max(_verify(place, kept) for place in places))


def _below(directory: Path) -> list[Path]:
    """The directories of several devices."""
    return sorted(path.parent for path in directory.glob("*/record.jsonl"))


def _verify(directory: Path, kept: str | None) -> int:
    from pytest_etsi.assessment.integrity import check_directory
    from pytest_etsi.assessment.journal import JournalError

    try:
        checked = check_directory(directory)
    except JournalError as error:
        say(error, err=True)
        return _UNUSABLE
    except OSError as error:
        say(f"{directory / 'record.jsonl'}: it cannot be read: {error.strerror or error}", err=True)
        return _UNUSABLE
    hashes = checked.chain.hashes
    if kept is not None and kept.strip().lower() not in hashes:
        say(
            f"{directory / 'record.jsonl'}: no line has the hash that was kept; it is not the record of that run, "
            "or was written anew",
            err=True,
        )
        return _UNUSABLE
    for damage in checked.damaged:
        say(f"{directory}/{damage}", err=True)
    ended = "" if checked.finished else "; the run has not ended, --etsi-resume goes on with it"
    say(
        f"{directory}: {len(hashes)} lines, {checked.evidence} pieces of evidence, "
        f"{len(checked.damaged) or 'nothing'} not as written{ended}"
    )
    say(f"The last line has the hash {hashes[-1]}")
    return _DAMAGED if checked.damaged else 0
