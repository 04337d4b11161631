"""``pytest-etsi merge``: partial runs of one device as one result."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_etsi.cli._say import say

__all__ = ["merge"]

_CONFLICT, _UNUSABLE = 1, 4


@click.command(short_help="Put partial runs of a device together.")
@click.argument("parts", nargs=-1, required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--output",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Where to write record, results and evidence; must not be there yet.",
)
@click.option(
    "--profile",
    "given",
    metavar="PROFILE",
    help="The documents of the runs; left out: from where the first part had them.",
)
@click.option(
    "--prefer",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="PART",
    help="Believe this part where it is in conflict with another; the merged record says so.",
)
def merge(parts: tuple[Path, ...], output: Path, given: str | None, prefer: Path | None) -> None:
    """Put PARTS together, two or more directories of runs of one device, with the same documents and by this version.

    What was evaluated alike more than once is taken from the later part. What two parts have found out differently is
    printed, and nothing is written unless --prefer says which of them is to be believed. The device is not needed.

    The exit status is 1 if there are conflicts, and 4 if the parts cannot be read or are not of one whole.
    """
    from pytest_etsi.assessment.journal import JournalError
    from pytest_etsi.assessment.merging import MergeError, check_parts, conflicts, read_part
    from pytest_etsi.assessment.merging import merge as merged
    from pytest_etsi.profile import ProfileError, load_profile
    from pytest_etsi.report.failures import counted

    if len(parts) < 2:
        raise click.UsageError("expected two or more directories")
    if prefer is not None and prefer not in parts:
        raise click.BadParameter(f"{prefer} is none of the parts", param_hint="--prefer")
    try:
        read = [read_part(part) for part in parts]
        profile = load_profile(given or read[0].first["profile"]["path"])
        check_parts(read, profile)
    except ProfileError as error:
        say(error, err=True)
        say("--profile says where the documents of the runs are", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    except OSError as error:
        say(f"{error.filename}: {error.strerror}; expected a part, as a run leaves it", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    except (JournalError, MergeError) as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    found = conflicts(read)
    preferred = next((part for part in read if part.directory == prefer), None)
    for one in found:
        taken = preferred is not None and any(part is preferred for part, _ in one.found)
        say(f"conflict: {one}{f'; {prefer} is believed' if taken else ''}", err=True)
    if any(all(part is not preferred for part, _ in one.found) for one in found):
        say("nothing was written; --prefer PART says which part is to be believed", err=True)
        raise click.exceptions.Exit(_CONFLICT)
    try:
        results = merged(read, profile, output, preferred=preferred)
    except (MergeError, OSError) as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    keys = [key for part in read for key in part.evaluations]
    said = f"{results['overall']}, {results['record']['lines']} lines from {len(read)} parts"
    say(f"{output}: {said}; {counted(len(keys) - len(set(keys)), 'evaluation')} in more than one")
    raise click.exceptions.Exit(_CONFLICT if found else 0)
