"""``pytest-etsi watch``: what has become of the published documents since yesterday, and what follows from it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from pytest_etsi.cli._say import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_etsi.profile import Profile
    from pytest_etsi.report.kept import Kept
    from pytest_etsi.report.watched_state import State
    from pytest_etsi.report.watching import Change

__all__ = ["watch"]

_UNUSABLE = 4
_USUAL = frozenset({0, 1, 10})
_STATE, _RUN = "watched.json", "last-run"
_SHOWN_OF_A_FAILED_RUN = 40
_TOLD = ("FAIL", "INCONCLUSIVE")
_WEIGHT = {verdict: weight for weight, verdict in enumerate((*_TOLD, "PASS"))}


@click.command(short_help="Look whether what is published is still there, and says the same.")
@click.argument("profile")
@click.option(
    "--state",
    "directory",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where it is kept what was seen; left out: etsi-watch beside the profile, or here for a shipped one.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["inconclusive", "fail"]),
    default="inconclusive",
    show_default=True,
    help="What makes the exit status other than 0, as --etsi-fail-on.",
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing where all is as it was and the status is 0.")
def watch(profile: str, directory: Path | None, fail_on: str, quiet: bool) -> None:
    """Look at every published document that PROFILE names, and evaluate the units that need nothing else.

    No device is needed, and none is asked. A line a document says whether it is new, unchanged, changed, gone, closed
    (a login, a form or a consent wall before it) or not reachable. Then come the verdicts, with what was against one or
    left it open, and the difference of every text that has changed.

    The exit status is that of the run: 0, 1 if a unit fails, 10 if one is open and none fails. It is 4 if nothing
    could be watched. A text that changed is no failure by itself.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile.
    """
    from pytest_etsi.profile import ProfileError, load_profile

    try:
        loaded = load_profile(profile)
    except ProfileError as error:
        say(error.report(), err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    named = _named(loaded)
    if not named:
        say(
            f"{loaded.path}: 2-UserInfo names no document that could be watched; expected an address in its fields, "
            "or url, file, or where with reads in its facts",
            err=True,
        )
        raise click.exceptions.Exit(_UNUSABLE)
    place = directory or _usual(loaded)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        say(f"{place}: nothing can be kept there: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None
    earlier = _earlier(place / _STATE)
    status, kept = _evaluated(profile, loaded, place / _RUN, fail_on)
    _tell(loaded, named, kept, earlier, place / _STATE, quiet=quiet and status == 0)
    raise click.exceptions.Exit(status)


# Before the run ---------------------------------------------------------------------------------------------


def _named(profile: Profile) -> tuple[str, ...]:
    """The names of all documents that the profile names, masked."""
    from pytest_etsi.dut.reach.documents import Documents
    from pytest_etsi.dut.reach.network import Network
    from pytest_etsi.dut.reach.recording import Recorder
    from pytest_etsi.redaction import Redactor

    recorder = Recorder()
    redact = Redactor(profile.redactions)
    references = Documents(profile, Network(profile, recorder), recorder).everything()
    return tuple(redact.text(one.named.partition("#")[0]) for one in references)


def _usual(profile: Profile) -> Path:
    return Path("etsi-watch") if profile.virtual is not None else profile.path.parent / "etsi-watch"


def _earlier(path: Path) -> State:
    """What is known of before; what is damaged is said, put aside, and taken for nothing."""
    from pytest_etsi.report.watched_state import DamagedError, State, read_state

    try:
        return read_state(path) or State()
    except DamagedError as error:
        aside = path.with_name(f"{path.name}.damaged")
        say(f"{error}; nothing is taken from it, and every document is new; it is now {aside.name}", err=True)
        try:
            path.replace(aside)
        except OSError as problem:
            say(f"{path}: it cannot be put aside: {problem.strerror or problem}", err=True)
            raise click.exceptions.Exit(_UNUSABLE) from None
        return State()


# The run ----------------------------------------------------------------------------------------------------


def _evaluated(reference: str, profile: Profile, output: Path, fail_on: str) -> tuple[int, Kept]:
    """Exit status and results of the run."""
    from pytest_etsi.assessment.watched import by_documents_alone
    from pytest_etsi.report.kept import UnreadableError, read_kept

    results = output / "results.json"
    before = _digest(results)
    status, said = run_pytest(
        [
            f"--etsi-profile={reference}",
            f"--etsi-only={','.join(by_documents_alone(profile.edition))}",
            f"--etsi-output={output.absolute()}",
            f"--etsi-fail-on={fail_on}",
            "--etsi-suite=only",
            "-p",
            "no:cacheprovider",
        ]
    )
    if _digest(results) == before:
        say(_end_of(said), err=True)
        say(f"{profile.path}: the run gave no results, so that nothing was watched", err=True)
        raise click.exceptions.Exit(status or _UNUSABLE)
    if status not in _USUAL:
        say(_end_of(said), err=True)
    # A run each day would keep every day; what was seen before is in the state.
    shutil.rmtree(output / "earlier", ignore_errors=True)
    try:
        return status, read_kept(output)
    except UnreadableError as error:
        say(error, err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None


def _end_of(said: str) -> str:
    return "\n".join(said.strip().split("\n")[-_SHOWN_OF_A_FAILED_RUN:])


def _digest(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def run_pytest(arguments: Sequence[str]) -> tuple[int, str]:
    """Run pytest in a process of its own; gives its exit status and what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="backslashreplace",
        check=False,
    )
    return done.returncode, done.stdout


# After the run ----------------------------------------------------------------------------------------------


def _tell(
    profile: Profile, named: Sequence[str], kept: Kept, earlier: State, path: Path, *, quiet: bool
) -> None:
    """Say what has become of the documents and what follows, and keep it."""
    from pytest_etsi.evidence import utc_now
    from pytest_etsi.report.watched_state import write_state
    from pytest_etsi.report.watching import changes, difference, following, seen_now

    evaluations = list(_evaluations(kept.results))
    # A virtual device's addresses are known only while it runs.
    unread = {} if profile.virtual else {name: _why_unread(name, evaluations) for name in named}
    found = changes(seen_now(kept), earlier, unread)
    verdicts = {name: str(one["verdict"]) for name, one in evaluations}
    turned = earlier.verdicts and earlier.verdicts != verdicts
    if not quiet or turned or any(one.is_news for one in found):
        for one in found:
            say(f"{one.what:<14} {one.name}" + (f"  {one.detail}" if one.detail else ""))
        for line in _verdicts(evaluations, earlier.verdicts):
            say(line)
        for one in found:
            if lines := difference(one):
                say("\n" + "\n".join(lines))
        _say_without_network(found)
    try:
        write_state(path, following(found, earlier, verdicts, utc_now()))
    except OSError as error:
        say(f"{path}: what was seen cannot be kept: {error.strerror or error}", err=True)
        raise click.exceptions.Exit(_UNUSABLE) from None


def _say_without_network(found: Sequence[Change]) -> None:
    from pytest_etsi.probes.webdocs import NO_NETWORK

    if any(one.now and one.now.shown_by.startswith(NO_NETWORK) for one in found):
        away = {"not reachable", "not read"}
        wanted = [one.name for one in found if one.what in away and urlsplit(one.name).hostname]
        say(f"{NO_NETWORK}; wanted: {', '.join(wanted)}", err=True)


def _evaluations(results: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Unit and entry with the evaluation, of all that was looked at; and a provision that fails by its ICS row."""
    from pytest_etsi.assessment.watched import by_documents_alone
    from pytest_etsi.report.told import where

    wanted = frozenset(by_documents_alone(results["edition"]))
    for group in results["groups"]:
        names = {f"{case['case']}/{unit['unit']}" for case in group["cases"] for unit in case["units"]}
        if group["ics"]["verdict"] == "FAIL" and names & wanted:
            yield group["group"], group["ics"]
        for case in group["cases"]:
            for unit in case["units"]:
                name = f"{case['case']}/{unit['unit']}"
                if name in wanted:
                    yield from ((where(name, one["entry"]), one) for one in unit["evaluations"])


def _why_unread(name: str, evaluations: Sequence[tuple[str, Mapping[str, Any]]]) -> str:
    """Why a document that is named was not looked at, as far as the run says."""
    address = re.compile(re.escape(name) + r"(?![\w/?%-])")
    host = urlsplit(name).hostname
    told = [str(one["reason"]) for _, one in evaluations if address.search(str(one["reason"]))]
    if host:  # what keeps one page of a host from being asked keeps the others
        told += [
            str(one["reason"]) for _, one in evaluations if one["cause"] == "access" and host in one["reason"]
        ]
    return told[0] if told else "nothing that was evaluated came to it"


def _verdicts(
    evaluations: Sequence[tuple[str, Mapping[str, Any]]], before: Mapping[str, str]
) -> Iterator[str]:
    """A line a verdict and reason, the weightiest first; a PASS needs none, and all of them are in one."""
    alike: dict[tuple[str, str], list[str]] = {}
    for name, one in sorted(evaluations, key=lambda pair: _WEIGHT.get(pair[1]["verdict"], len(_WEIGHT))):
        verdict, why = str(one["verdict"]), ""
        if verdict in _TOLD:
            why = f": {one['reason']}" + (f" [{one['cause']}]" if one["cause"] else "")
        was = before.get(name, verdict)
        turned = f" (was {was})" if was != verdict else ""
        alike.setdefault((verdict, why), []).append(f"{name}{turned}")
    for (verdict, why), names in alike.items():
        yield f"{verdict:<14} {', '.join(names)}{why}"
