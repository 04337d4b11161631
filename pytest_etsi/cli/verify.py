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
@click.option(
    "--key",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="KEY",
    help="The public key (PEM or OpenSSH) with which `archive --sign` has to have signed it.",
)
def verify(directory: Path, kept: str | None, key: Path | None) -> None:
    """Compare record, evidence and results in DIRECTORY with the hashes that were written with them.

    The exit status is 0 if everything fits, 1 if evidence or results do not, and 4 if the record cannot be believed.
    What does not fit is named with file, line and unit. Of several devices give the directory of all, or that of one.

    Where the directory was unpacked from a signed archive, everything is compared with the manifest too; with --key its
    signature is checked.

    Without --hash or --key this shows accidents and simple editing, not the work of somebody who has computed all
    hashes anew.
    """
    places = [directory] if (directory / "record.jsonl").exists() else _below(directory)
    if not places:
        say(f"{directory}: expected a directory with a record.jsonl, as a run leaves it", err=True)
        raise click.exceptions.Exit(_UNUSABLE)
    if (kept is not None or key is not None) and len(places) > 1:
        raise click.UsageError("--hash and --key go with the directory of one device")
    raise click.exceptions.Exit(max(max(_verify(place, kept), _signed(place, key)) for place in places))


def _below(directory: Path) -> list[Path]:
    """The directories of several devices."""
    return sorted(path.parent for path in directory.glob("*/record.jsonl"))


def _signed(directory: Path, key: Path | None) -> int:
    """Compare a directory with its manifest, where it has one."""
    from pytest_etsi.assessment.journal import JournalError, read
    from pytest_etsi.report.signing import MANIFEST, SigningError, check_files, checked

    manifest = directory / MANIFEST
    if not manifest.exists():
        if key is None:
            return 0
        say(f"{manifest}: it is not there: the results are not signed", err=True)
        return _UNUSABLE
    try:
        files = checked(manifest, key)
        records = read(directory / "record.jsonl")
    except (SigningError, JournalError, OSError) as error:
        say(error, err=True)
        return _UNUSABLE
    evidence = {item["file"] for record in records for item in record.get("evidence", ())}
    found = check_files(directory, files, ["record.jsonl", "results.json", *sorted(evidence)])
    for one in found:
        say(f"{directory}/{one}", err=True)
    if key is None:
        say(f"{manifest}: {len(files)} files; the signature was not checked, --key KEY does")
    elif not found:
        say(f"{manifest}: {len(files)} files, signed with {key}")
    return _DAMAGED if found else 0


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
