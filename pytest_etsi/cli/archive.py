"""``pytest-etsi archive``: the results of a run as one file, after everything in them was checked."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_etsi.cli._say import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

__all__ = ["archive"]

_DAMAGED, _UNUSABLE = 1, 4

_LEVEL = 6
"""How hard is packed, as gzip itself does; 9 takes half as long again for a record that becomes 3 % smaller."""


@click.command(short_help="Pack results into one file.")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--output", "-o", metavar="FILE", help="Where to write it; left out: DIRECTORY.tar.gz.")
@click.option(
    "--sign",
    "key",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="KEY",
    help="Sign a manifest of everything with this private key (PEM or OpenSSH; Ed25519, ECDSA or RSA). Its password, "
    "where it has one, is taken from ETSI_SIGN_PASSWORD.",
)
def archive(directory: Path, output: str | None, key: Path | None) -> None:
    """Pack record, results, evidence and documents in DIRECTORY into one file, after they were checked as by `verify`.

    Only what the record names is packed: no earlier runs, no reports, and nothing that a run keeps for itself. The
    same results give the same file. Unpacked anywhere, `verify` checks it.

    The exit status is 1 if something is not as it was written, and 4 if the record cannot be believed or the run has
    not ended; nothing is packed then.
    """
    from pytest_etsi.assessment.integrity import check_directory
    from pytest_etsi.assessment.journal import JournalError
    from pytest_etsi.report.signing import SigningError

    try:
        checked = check_directory(directory)
    except JournalError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    except OSError as error:
        say(f"{directory / 'record.jsonl'}: it cannot be read: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    for damage in checked.damaged:
        say(f"{directory}/{damage}", err=True)
    if checked.damaged:
        raise click.exceptions.Exit(_DAMAGED)
    if not checked.finished:
        say(f"{directory}: the run has not ended; --etsi-resume goes on with it", err=True)
        raise click.exceptions.Exit(_UNUSABLE)
    path = Path(output) if output else _beside(directory)
    files = _files(checked.chain.records)
    try:
        number = _pack(path, directory, files, _manifest(directory, files, key) if key else None)
    except SigningError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    except OSError as error:
        say(f"{path}: it cannot be written: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    say(f"{path}: {number} files; the last line of the record has the hash {checked.chain.hashes[-1]}")


def _beside(directory: Path) -> Path:
    """Where the archive goes if nobody says it: said as the directory was, where that has a name."""
    named = directory if directory.name not in ("", "..") else directory.absolute()
    return named.with_name(f"{named.name}.tar.gz")


def _files(records: Iterable[Mapping[str, Any]]) -> list[str]:
    """What is packed: record and results, and the evidence that the record names, each once and in order."""
    named = {item["file"] for record in records for item in record.get("evidence", ())}
    return ["record.jsonl", "results.json", *sorted(named)]


def _manifest(directory: Path, files: list[str], key: Path) -> bytes:
    """The signed manifest of these files."""
    from pytest_etsi.report.kept import UnreadableError, read_kept
    from pytest_etsi.report.signing import SigningError, signed

    try:
        kept = read_kept(directory)
    except UnreadableError as error:
        raise SigningError(str(error)) from None
    password = os.environ.get("ETSI_SIGN_PASSWORD")
    return signed(kept, files, key, password.encode() if password else None)


def _pack(path: Path, directory: Path, files: list[str], manifest: bytes | None) -> int:
    """Write the archive, below a directory of the name that `directory` has; gives the number of files."""
    from pytest_etsi.report.signing import MANIFEST

    root = directory.absolute().name
    fresh = path.with_name(f".{path.name}.part")
    try:
        with (
            fresh.open("wb") as raw,
            gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as file,
        ):
            for name in files:
                about = tarfile.TarInfo(f"{root}/{name}")
                source = directory / name
                about.size, about.mode = source.stat().st_size, 0o644
                with source.open("rb") as content:
                    file.addfile(about, content)
            if manifest is not None:
                about = tarfile.TarInfo(f"{root}/{MANIFEST}")
                about.size, about.mode = len(manifest), 0o644
                file.addfile(about, io.BytesIO(manifest))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return len(files) + (manifest is not None)
