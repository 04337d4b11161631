"""``pytest-etsi assess``: the open questions to a competent person, asked, listed, or answered from a file."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_etsi.cli._say import say, say_json

if TYPE_CHECKING:
    from pytest_etsi.assessment.plan import Plan
    from pytest_etsi.assessment.questions import Question
    from pytest_etsi.profile import Judgement, Profile
    from pytest_etsi.profile.judged_file import JudgedFile

__all__ = ["assess"]

_OPEN = ("missing", "stale", "open")


@click.command(short_help="Answer what only a person can judge.")
@click.argument("profile")
@click.option("--only", metavar="ID", multiple=True, help="Only this scenario, group, case or unit.")
@click.option("--assessor", default="", help="Who answers; left out: it is asked for.")
@click.option("--all", "everything", is_flag=True, help="Also what is answered already.")
@click.option("--list", "listing", is_flag=True, help="List the questions and ask nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --list: everything about each question, as JSON.")
@click.option(
    "--from",
    "source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Take answers from a file.",
)
def assess(
    profile: str,
    only: tuple[str, ...],
    assessor: str,
    everything: bool,
    listing: bool,
    as_json: bool,
    source: Path | None,
) -> None:
    """Walk through the questions that only a competent person can answer, and record the judgements.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile. Each answer is saved at once
    in the judgements of the profile; leave with q, and go on later where you left.
    """
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.questions import questions
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile import ProfileError, load_profile
    from pytest_etsi.standard import UnknownIdError

    if as_json and not listing:
        raise click.UsageError("--json goes with --list")
    if listing and source is not None:
        raise click.UsageError("--list asks and takes nothing; leave out --from")
    try:
        loaded = load_profile(profile)
        plan = make_plan(loaded, load_units(), only=only)
        if source is not None:
            _take(source, loaded, plan)
            return
    except ProfileError as error:
        say(str(error), err=True)
        raise click.exceptions.Exit(4) from None
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--only") from None
    judged = _judged(loaded)
    found = [
        one
        for one in questions(loaded, plan, judged)
        if everything or (one.state in _OPEN and not one.refuted)
    ]
    if listing:
        _list(found, plan, as_json=as_json)
    else:
        _ask(found, loaded, plan, assessor)


def _judged(profile: Profile) -> JudgedFile | None:
    """What the recorded judgements were about; None: the profile names no file of judgements."""
    from pytest_etsi.profile.judged_file import JudgedFile, judged_file
    from pytest_etsi.profile.judgement_file import JudgementFileError, judgement_file

    try:
        return JudgedFile(judged_file(judgement_file(profile.path)))
    except JudgementFileError:
        return None


def _list(found: list[Question], plan: Plan, *, as_json: bool) -> None:
    if as_json:
        content = {"format": 1, "edition": plan.edition, "questions": [one.to_json() for one in found]}
        say_json(content)
        return
    for one in found:
        entry = f" {one.planned.entry}" if one.planned.entry else ""
        say(f"{one.planned.unit.id}{entry}  {one.state}  {one.asks}")
        if one.changed:
            say(f"    changed: {', '.join(change.name for change in one.changed)}")
        elif one.stale_because:
            say(f"    {one.stale_because}")
    states: Counter[str] = Counter(
        one.judgement for one in plan.evaluations if one.applies is not False and one.judgement != "none"
    )
    total = sum(states.values())
    answered = states["valid"] + states["failed"]
    left = ", ".join(f"{states[state]} {state}" for state in _OPEN)
    say(f"{answered} of {total} answered; {left}")


def _take(source: Path, profile: Profile, plan: Plan) -> None:
    """Record the answers of a file, all of them or none."""
    from pytest_etsi.profile.answers import read_answers

    bound: list[Judgement] = []
    problems: list[str] = []
    for answer in read_answers(source, profile):
        planned = plan.get(answer.unit, answer.entry)
        name = f"{answer.unit}{f' {answer.entry}' if answer.entry else ''}"
        where = f"{answer.source.file}:{answer.source.line}: {name}"
        if planned is None or not planned.fingerprint:
            problems.append(f"{where}: nothing is to be judged here")
        elif answer.fingerprint and not planned.fingerprint.startswith(answer.fingerprint):
            problems.append(f"{where}: what it was about has changed since; expected {planned.fingerprint}")
        else:
            bound.append(replace(answer, fingerprint=planned.fingerprint))
    if problems:
        say("\n".join([*problems, "nothing was recorded"]), err=True)
        raise click.exceptions.Exit(4)
    _record(profile, plan, bound)
    say(f"{len(bound)} judgements recorded")


def _record(profile: Profile, plan: Plan, judgements: list[Judgement]) -> None:
    from pytest_etsi.assessment.recording import record
    from pytest_etsi.profile.judgement_file import JudgementFileError

    try:
        record(profile, plan, judgements)
    except (JudgementFileError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _ask(found: list[Question], profile: Profile, plan: Plan, assessor: str) -> None:
    from pytest_etsi.interview.conversation import Interview
    from pytest_etsi.report.console import NeutralConsole

    if not found:
        say("No question is open.")
        return
    if not sys.stdin.isatty():
        raise click.ClickException(
            f"{len(found)} questions are open, and nobody is there to answer: run this in a terminal, list them with "
            "--list (--json), or give the answers with --from FILE"
        )
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - lets the person edit a line

    _record(profile, plan, [])  # that it cannot be written to is said before the first question
    interview = Interview(
        NeutralConsole(highlight=False),
        input,
        lambda judgement: _record(profile, plan, [judgement]),
        assessor,
    )
    interview.run(found)
