"""``pytest-etsi assess``: the open questions to a competent person, asked, listed, or answered from a file."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pytest_etsi.cli._say import say, say_json

if TYPE_CHECKING:
    from pytest_etsi.assessment.agenda import Agenda, Order, Role
    from pytest_etsi.assessment.planned import Plan
    from pytest_etsi.profile import EntryAnswer, Judgement, Profile
    from pytest_etsi.profile.judged_file import JudgedFile

__all__ = ["assess"]


@click.command(short_help="Answer what only a person can judge.")
@click.argument("profile")
@click.option(
    "--only",
    metavar="NAMES",
    multiple=True,
    help="Only these scenarios, groups, cases, units, tables or entries, with commas between them.",
)
@click.option(
    "--for",
    "roles",
    metavar="ROLES",
    multiple=True,
    help="Only what is for conceptual (the documents alone), network or bench, with commas between them.",
)
@click.option(
    "--by",
    "order",
    type=click.Choice(["entry", "unit"]),
    default="entry",
    show_default=True,
    help="In which order: each entry with all its units, or each unit with all its entries.",
)
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
@click.option(
    "--results",
    "results",
    type=click.Path(exists=True, path_type=Path),
    help="Show beside each question what a run has found: its results.json, or its directory.",
)
def assess(
    profile: str,
    only: tuple[str, ...],
    roles: tuple[str, ...],
    order: Order,
    assessor: str,
    everything: bool,
    listing: bool,
    as_json: bool,
    source: Path | None,
    results: Path | None,
) -> None:
    """Walk through the questions that only a competent person can answer, and record the judgements.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile. The way goes from entry to
    entry of the IXIT: its text is read once, then all its units are answered. Each answer is saved at once in the
    judgements of the profile; leave with q, and go on later where you left.
    """
    from pytest_etsi.assessment.agenda import Agenda, selection
    from pytest_etsi.assessment.seen import ResultsError, seen_in
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile import ProfileError, load_profile
    from pytest_etsi.standard import UnknownIdError

    if as_json and not listing:
        raise click.UsageError("--json goes with --list")
    if listing and source is not None:
        raise click.UsageError("--list asks and takes nothing; leave out --from")
    wanted_roles = _roles(roles)
    try:
        loaded = load_profile(profile)
        if source is not None:
            _take(source, loaded)
            return
        wanted = selection(loaded, _names(only), wanted_roles)
        seen = seen_in(results, loaded) if results is not None else {}
    except ResultsError as error:
        say(str(error), err=True)
        raise click.exceptions.Exit(4) from None
    except ProfileError as error:
        say(str(error), err=True)
        raise click.exceptions.Exit(4) from None
    except UnknownIdError as error:
        problem = f"{error}, and the IXIT has no such table or entry"
        raise click.BadParameter(problem, param_hint="--only") from None
    if not listing and sys.stdin.isatty():
        say("Looking through the documents ...")
    agenda = Agenda(loaded, load_units(), _judged(loaded), wanted, order, everything, seen)
    if listing:
        _list(agenda, as_json=as_json)
    else:
        _ask(agenda, assessor)


def _names(given: tuple[str, ...]) -> list[str]:
    return [name.strip() for names in given for name in names.split(",") if name.strip()]


def _roles(given: tuple[str, ...]) -> list[Role]:
    from pytest_etsi.assessment.agenda import ROLES

    names = _names(given)
    for name in names:
        if name not in ROLES:
            raise click.BadParameter(f"{name!r}: expected {', '.join(ROLES)}", param_hint="--for")
    return [role for role in ROLES if role in names]


def _judged(profile: Profile) -> JudgedFile | None:
    """What the recorded judgements were about; None: the profile names no file of judgements."""
    from pytest_etsi.profile.judged_file import JudgedFile, judged_file
    from pytest_etsi.profile.judgement_file import JudgementFileError, judgement_file

    try:
        return JudgedFile(judged_file(judgement_file(profile.path)))
    except JudgementFileError:
        return None


def _list(agenda: Agenda, *, as_json: bool) -> None:
    from pytest_etsi.assessment.questions import EntryAsked

    asked, unsettled = agenda.asked, agenda.inquiry.unsettled
    entries = [one for one in asked if isinstance(one, EntryAsked)]
    questions = [one for one in asked if not isinstance(one, EntryAsked)]
    if as_json:
        content = {
            "format": 1,
            "edition": agenda.plan.edition,
            "entries": [one.to_json() for one in entries],
            "questions": [one.to_json() for one in questions],
            "unsettled": [one.to_json() for one in unsettled],
        }
        say_json(content)
        return
    for one in asked:
        name, entry = one.key
        state, text = (
            (one.asked.status, one.asked.question.asks)
            if isinstance(one, EntryAsked)
            else (one.state, one.asks)
        )
        say(f"{name}{f' {entry}' if entry else ''}  {state}  {text}")
        if one.changed:
            say(f"    changed: {', '.join(change.name for change in one.changed)}")
        elif one.stale_because:
            say(f"    {one.stale_because}")
    for left in unsettled:
        unit, entry = left.planned.key
        settle = f" {left.settle}" if left.settle else ""
        name = f"{unit}{f' {entry}' if entry else ''}"
        say(f"not asked: {name}  {left.verdict}: {left.reason}{settle}")
    say(_progress(agenda))


def _progress(agenda: Agenda) -> str:
    """How many are answered, and what is open: as many as are listed."""
    every = agenda.inquiry.questions
    answered = sum(one.state in ("valid", "failed") for one in every) + agenda.entries_answered
    states = Counter(one.state for one in every if one.is_open) + Counter(
        one.asked.status for one in agenda.inquiry.entries
    )
    total = answered + sum(states.values())
    left = ", ".join(f"{states[state]} {state}" for state in ("missing", "stale", "open"))
    waiting = len({one.key for asked in agenda.inquiry.entries for one in asked.waiting})
    wait = f"; {waiting} more wait for an answer on their entry" if waiting else ""
    unsettled = len(agenda.inquiry.unsettled)
    beside = f"; {unsettled} no judgement settles" if unsettled else ""
    return f"{answered} of {total} answered; {left}{wait}{beside}"


def _take(source: Path, profile: Profile) -> None:
    """Record the answers of a file, all of them or none: each has to be about what there is, and to have an effect."""
    from pytest_etsi.assessment.answers import bind
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile.answers import read_answers

    functions = load_units()
    bound, problems = bind(read_answers(source, profile), profile, functions)
    if problems:
        say("\n".join([*problems, "nothing was recorded"]), err=True)
        raise click.exceptions.Exit(4)
    _record(profile, make_plan(profile, functions), bound)
    say(f"{len(bound)} judgements recorded")


def _record(profile: Profile, plan: Plan, judgements: list[Judgement | EntryAnswer]) -> None:
    from pytest_etsi.assessment.recording import record
    from pytest_etsi.profile.judgement_file import JudgementFileError

    try:
        record(profile, plan, judgements)
    except (JudgementFileError, OSError) as error:
        raise click.ClickException(str(error)) from None


def _ask(agenda: Agenda, assessor: str) -> None:
    from pytest_etsi.interview.conversation import Interview
    from pytest_etsi.interview.keys import TerminalKeyboard
    from pytest_etsi.report.console import NeutralConsole

    count, unsettled = len(agenda.asked), len(agenda.inquiry.unsettled)
    if not count:
        beside = f" {unsettled} that no judgement settles: --list says what would." if unsettled else ""
        say(f"No question is open.{beside}")
        return
    if not sys.stdin.isatty():
        raise click.ClickException(
            f"{count} questions are open, and nobody is there to answer: run this in a terminal, list them with "
            "--list (--json), or give the answers with --from FILE"
        )
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - lets the person edit a line, and go back to earlier ones

    _record(agenda.profile, agenda.plan, [])  # that it cannot be written to is said before the first question
    interview = Interview(
        NeutralConsole(highlight=False),
        TerminalKeyboard(),
        lambda answer: _record(agenda.profile, agenda.plan, [answer]),
        assessor,
    )
    interview.run(agenda)
