"""The command `pytest-etsi init`: the documents to begin with, empty or drafted from what the device shows."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_etsi.cli._say import say
from pytest_etsi.text import abridged, neutralised

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pytest_etsi.dut.survey import Login, Surveyed
    from pytest_etsi.profile.skeleton import Answers

__all__ = ["init"]

_PROGRESS_EVERY_S = 0.5
_QUIET_EVERY_S = 15.0
_OPEN_SHOWN = 10


@click.command(short_help="Write the documents to begin with.")
@click.argument("directory", type=click.Path(file_okay=False, path_type=Path))
@click.option("--manufacturer", help="Who makes the device.")
@click.option("--model", help="Model designation.")
@click.option("--hardware", help="Hardware version.")
@click.option("--software", help="Software version.")
@click.option("--edition", "edition_id", default="2.1.1", show_default=True, help="Edition of TS 103 701.")
@click.option("--host", "--address", "host", help="Address or name of the device.")
@click.option(
    "--survey", "surveyed", is_flag=True, help="Ask the device, and draft the documents from what it shows."
)
@click.option(
    "--capture",
    "captures",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE.pcap",
    help="Captured traffic of the device, for whom it calls; repeatable.",
)
@click.option(
    "--login",
    "logins",
    multiple=True,
    metavar="PORT[/KIND]=USER:PLACEHOLDER",
    help="Credential of a login that the survey finds, with ${secret:NAME} or ${env:NAME} for its password; "
    "it is written down and not tried. Repeatable.",
)
@click.option(
    "--ports", default="all", show_default=True, metavar="PORTS", help="Ask only these: 1-1024,8443."
)
@click.option("--yes", is_flag=True, help="Ask nothing; what is not given and may be left out is left out.")
def init(
    directory: Path,
    manufacturer: str | None,
    model: str | None,
    hardware: str | None,
    software: str | None,
    edition_id: str,
    host: str | None,
    surveyed: bool,
    captures: tuple[Path, ...],
    logins: tuple[str, ...],
    ports: str,
    yes: bool,
) -> None:
    """Write a profile, ICS, IXIT and judgements to begin with, every field explained, to DIRECTORY.

    With --survey the device is asked for what it shows without a login, nothing is changed on it, and no password is
    sent: services, logins, settings of TLS and SSH, discovery, what it discloses. What was seen is written as drafted
    entries with marks, and kept as evidence beside them. A draft can be refuted and confirms nothing, until somebody
    has checked it and takes the mark away.

    Nothing is overwritten: when one of the files exists already, none is written. The exit status is 1 when a device
    that is to be surveyed gives no answer.
    """
    from pytest_etsi.profile.skeleton import Answers, skeleton
    from pytest_etsi.standard import EDITIONS

    if edition_id not in EDITIONS:
        raise click.BadParameter(f"{edition_id!r} is none of {', '.join(EDITIONS)}", param_hint="--edition")
    if not surveyed and (captures or logins or ports != "all"):
        raise click.UsageError("--capture, --login and --ports are for a survey: give --survey too")
    handed = _logins(logins)
    needed = {"manufacturer": manufacturer, "model": model, "hardware": hardware, "software": software}
    if yes and (missing := [f"--{name}" for name, value in needed.items() if not value]):
        raise click.UsageError(f"with --yes, {', '.join(missing)} must be given")
    questions = {"hardware": "Hardware version", "software": "Software version"}
    given = {
        name: value or click.prompt(questions.get(name, name.capitalize())) for name, value in needed.items()
    }
    if host is None and not yes:
        host = click.prompt("Address or name (empty: not on a network)", default="", show_default=False)
    host = (host or "").strip()
    if surveyed and not host:
        raise click.UsageError("a survey needs the device's address: give --address")
    answers = Answers(
        manufacturer=given["manufacturer"],
        model=given["model"],
        hardware=given["hardware"],
        software=given["software"],
        host=host,
        edition=edition_id,
    )
    _check_free(directory, skeleton(answers), "survey" if surveyed else None)
    if not surveyed:
        files = {name: text.encode() for name, text in skeleton(answers).items()}
        _write(directory, files)
        say(f"  pytest-etsi validate {directory}")
        return
    found = _surveyed(answers, directory, captures, handed, ports)
    _write(directory, found.files)
    _tell(found, directory)


def _logins(texts: tuple[str, ...]) -> tuple[Login, ...]:
    from pytest_etsi.dut.survey import Login

    try:
        return tuple(Login.parse(text) for text in texts)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--login") from None


def _check_free(root: Path, names: Mapping[str, object], folder: str | None) -> None:
    """Before anything is asked of a device, make sure that its documents can be written."""
    names = dict(names) | ({folder: None} if folder else {})
    if existing := [name for name in names if (root / name).exists() or (root / name).is_symlink()]:
        shown = abridged([str(root / name) for name in existing], 1)
        raise click.ClickException(f"{shown} exists already; nothing was written")


def _write(root: Path, files: Mapping[str, bytes]) -> None:
    try:
        for name, content in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            with (root / name).open("xb") as file:
                file.write(content)
    except OSError as error:
        raise click.ClickException(f"cannot write to {root}: {error.strerror or error}") from None


def _surveyed(
    answers: Answers, directory: Path, captures: tuple[Path, ...], logins: tuple[Login, ...], ports: str
) -> Surveyed:
    from pytest_etsi.dut.survey import UnreachableError, UnusableCaptureError, announced, survey
    from pytest_etsi.profile import ProfileError

    say(f"The survey of {answers.host} {announced(ports)}.", err=True)
    values = [os.environ.get(name, "") for login in logins for name in login.environment]
    try:
        return survey(
            answers,
            directory,
            captures=captures,
            logins=logins,
            only_ports=ports,
            secrets=[value for value in values if value],
            progress=_progress(),
        )
    except UnreachableError as error:
        raise click.ClickException(
            f"{error}; nothing was written. Check that the device is on and linked, and that its address is right"
        ) from None
    except UnusableCaptureError as error:
        raise click.ClickException(f"{error}; nothing was written") from None
    except ProfileError as error:
        say(error.report(), err=True)
        raise click.exceptions.Exit(4) from None


def _progress(clock: Callable[[], float] = time.monotonic) -> Callable[[str], None]:
    """Shows what takes long where errors go: on a terminal in one line that changes, in a file now and then a line."""
    stream = sys.stderr
    terminal = stream.isatty()
    shown_at, length, said = float("-inf"), 0, ""

    def show(words: str) -> None:
        nonlocal shown_at, length, said
        now, text = clock(), neutralised(words)[:100]
        if not terminal:
            if words and words != said and now - shown_at >= _QUIET_EVERY_S:
                shown_at, said = now, words
                say(f"  {text}", err=True)
            return
        if words and now - shown_at < _PROGRESS_EVERY_S:
            return
        shown_at = now if words else float("-inf")
        stream.write(f"\r  {text}{' ' * (length - len(text))}" if words else f"\r{' ' * (length + 2)}\r")
        stream.flush()
        length = len(text)

    return show


def _tell(found: Surveyed, directory: Path) -> None:
    evidence = sum(name.startswith("survey/") for name in found.files)
    say(
        f"{len(found.files) - evidence} documents in {directory} with {found.entries} drafted entries, after "
        f"{found.questions:,} questions; {evidence} files of evidence in {directory / 'survey'}."
    )
    if found.open:
        say("Not, or not completely, seen (it stands in the documents too):")
        for one in found.open[:_OPEN_SHOWN]:
            say(f"  {one}")
        if more := len(found.open) - _OPEN_SHOWN:
            say(f"  and {more} more") if more > 0 else None
    if found.lacking:
        say(f"Write {directory / found.lacking} with NAME: value for each ${{secret:NAME}} before you go on.")
    say(
        "Drafts can be refuted and confirm nothing: check each, and take its marks (drafted) away. The gaps show with"
    )
    say(f"  pytest-etsi validate {directory}")
    say(f"  pytest --etsi-profile {directory}")
