"""The command `pytest-etsi`: everything about an assessment that does not need a test run."""

from __future__ import annotations

import click

from pytest_etsi.cli._say import say, say_json, say_open_problems
from pytest_etsi.cli.archive import archive
from pytest_etsi.cli.assess import assess
from pytest_etsi.cli.compare import compare
from pytest_etsi.cli.init import init
from pytest_etsi.cli.ixit import ixit
from pytest_etsi.cli.merge import merge
from pytest_etsi.cli.migrate import migrate
from pytest_etsi.cli.report import report
from pytest_etsi.cli.verify import verify
from pytest_etsi.cli.watch import watch


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="pytest-etsi")
def main() -> None:
    """Prepare and look at assessments against ETSI EN 303 645."""


main.add_command(archive)
main.add_command(assess)
main.add_command(compare)
main.add_command(init)
main.add_command(ixit)
main.add_command(migrate)
main.add_command(merge)
main.add_command(report)
main.add_command(verify)
main.add_command(watch)


@main.command(short_help="Show what the standard tests and asks for.")
@click.argument("what", metavar="[SCENARIO|GROUP|CASE|UNIT|TABLE]", required=False)
@click.option("--edition", "edition_id", default="1.1.1", show_default=True, help="Edition of TS 103 701.")
@click.option("--json", "as_json", is_flag=True, help="Give everything as JSON.")
@click.option("--automation", is_flag=True, help="Say who decides each unit, as a page in Markdown.")
@click.option(
    "--difference",
    nargs=2,
    metavar="OLD NEW",
    help="Say what changed from one edition to the other: of everything, a scenario, a group or a table.",
)
def catalogue(
    what: str | None,
    edition_id: str,
    as_json: bool,
    automation: bool,
    difference: tuple[str, str] | None,
) -> None:
    """Show what the standard tests: scenarios, test groups, cases and units, and IXIT tables.

    \b
    pytest-etsi catalogue              every test group, by scenario
    pytest-etsi catalogue 5.1-5        a group: provision, conditions, cases, every unit
    pytest-etsi catalogue 5.1-5-2/b    a single unit
    pytest-etsi catalogue 1-AuthMech   an IXIT table: its fields and the units that read it
    pytest-etsi catalogue --difference 1.1.1 2.1.1 5.3-4   what became of a group
    """  # noqa: D301 - click's mark for "do not rewrap" needs the real character
    from pytest_etsi.report.catalogue import describe, hint, render
    from pytest_etsi.standard import UnknownIdError, edition

    if difference:
        if automation:
            raise click.UsageError("--difference and --automation do not go together")
        _difference(*difference, what, as_json=as_json)
        return
    try:
        chosen = edition(edition_id)
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--edition") from None
    if automation:
        from pytest_etsi.assessment.suite import load_units
        from pytest_etsi.report.automation import page

        if what is not None or as_json:
            raise click.UsageError("--automation takes neither an id nor --json")
        click.echo(page(load_units(), edition_id), nl=False)
        return
    try:
        if as_json:
            say_json(describe(chosen, what), indent=2)
        else:
            from pytest_etsi.report.console import NeutralConsole

            NeutralConsole(highlight=False).print(render(chosen, what), width=110)
    except UnknownIdError as error:
        raise click.UsageError(f"{error}\n{hint(chosen, what)}") from None


def _difference(old: str, new: str, what: str | None, *, as_json: bool) -> None:
    from pytest_etsi.report.console import NeutralConsole
    from pytest_etsi.report.difference import describe, render
    from pytest_etsi.standard import UnknownIdError
    from pytest_etsi.standard.crosswalk import crosswalk

    try:
        walk = crosswalk(old, new)
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--difference") from None
    try:
        if as_json:
            say_json(describe(walk, what), indent=2)
        else:
            NeutralConsole(highlight=False).print(render(walk, what), width=110)
    except UnknownIdError as error:
        raise click.UsageError(str(error)) from None


@main.command(short_help="Show what an assessment would evaluate.")
@click.argument("profile")
@click.option("--json", "as_json", is_flag=True, help="Give JSON, with the fingerprints of judgements.")
@click.option("--only", metavar="ID", multiple=True, help="Only this scenario, group, case or unit.")
@click.option("--allow", metavar="NEED", multiple=True, help="Permit this too; repeatable.")
def plan(profile: str, as_json: bool, only: tuple[str, ...], allow: tuple[str, ...]) -> None:
    """Show what an assessment would evaluate, whether it applies and what it needs; nothing is touched.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile.
    """
    from pytest_etsi.assessment.ics.plausibility import ics_findings
    from pytest_etsi.assessment.operations import missing_operations
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import SuiteError, load_units
    from pytest_etsi.profile import ProfileError, load_profile
    from pytest_etsi.report.plan import render as render_plan
    from pytest_etsi.report.plausibility import concerning
    from pytest_etsi.standard import UnknownIdError
    from pytest_etsi.unit import NEEDS

    wanted = [need.strip() for text in allow for need in text.split(",") if need.strip()]
    if unknown := [need for need in wanted if need not in NEEDS]:
        raise click.BadParameter(f"{unknown[0]!r} is none of {', '.join(NEEDS)}", param_hint="--allow")
    try:
        loaded = load_profile(profile)
        made = make_plan(loaded, load_units(), allow=wanted, only=only)
    except ProfileError as error:
        say(str(error), err=True)
        raise click.exceptions.Exit(4) from None
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--only") from None
    except SuiteError as error:
        raise click.ClickException(str(error)) from None
    findings = concerning(made, ics_findings(loaded))
    missing = missing_operations(loaded, made)
    if as_json:
        content = made.to_json() | {
            "ics_findings": [finding.to_json() for finding in findings],
            "missing_operations": [one.to_json() for one in missing],
        }
        say_json(content)
    else:
        from pytest_etsi.report.console import NeutralConsole

        console = NeutralConsole(highlight=False)
        console.print(render_plan(made, findings, missing), width=max(80, min(console.width, 110)))


@main.command(short_help="Check a profile and its documents.")
@click.argument("profile")
@click.option("--limit", default=50, show_default=True, metavar="N", help="Print at most N problems; 0: all.")
def validate(profile: str, limit: int) -> None:
    """Check a device profile with its ICS, IXIT and judgements; the exit status is 4 if they are unusable.

    What cannot be understood is printed with its place and the choices there are. It leaves open the units that read
    it, and the exit status at 0: only what makes the profile itself unusable (which device it is, how to reach it, a
    file that is no YAML) has to be solved before anything can be assessed.

    What is usable but does not fit in the ICS (a missing row or reason, answers that contradict each other or the IXIT)
    is printed after the summary and leaves the exit status at 0: the assessment says what follows from it.

    PROFILE is a file, a directory with a profile.yaml, or the name of a shipped profile.
    """
    from pytest_etsi.assessment.ics.plausibility import ics_findings
    from pytest_etsi.assessment.one_way import one_ways
    from pytest_etsi.assessment.operations import missing_operations
    from pytest_etsi.assessment.plan import make_plan
    from pytest_etsi.assessment.suite import load_units
    from pytest_etsi.profile import ProfileError, load_profile
    from pytest_etsi.profile.summary import summary
    from pytest_etsi.report import operations
    from pytest_etsi.report.plausibility import HEADING, lines

    try:
        loaded = load_profile(profile)
    except ProfileError as error:
        say(error.report(limit or len(error.problems)), err=True)
        number = len(error.problems)
        say(f"{number} problem{'' if number == 1 else 's'}; nothing can be assessed until solved", err=True)
        raise click.exceptions.Exit(4) from None
    for line in summary(loaded):
        say(line)
    heading = "What could not be understood, and leaves open the units that read it:"
    say_open_problems(heading, loaded.open_problems, limit)
    if stuck := one_ways(loaded, loaded.permissions):
        say("What cannot be undone with this profile:")
        for line in stuck:
            say(f"  {line}")
    if missing := missing_operations(loaded, make_plan(loaded, load_units())):
        say(f"{operations.HEADING}, the most useful first:")
        for line in operations.lines(missing):
            say(f"  {line}")
    # The summary names missing rows already.
    if found := [finding for finding in ics_findings(loaded) if finding.rule != "missing-row"]:
        say(f"{HEADING} (it can be assessed all the same):")
        for line in lines(found, limit):
            say(f"  {line}")


@main.command(short_help="Give the JSON Schema of a document.")
@click.argument("kind", metavar="[profile|ics|ixit|judgements]", required=False)
@click.option("--edition", "edition_id", help="Only what this edition of TS 103 701 has; left out: both.")
@click.option(
    "--write",
    "directory",
    type=click.Path(file_okay=False),
    help="Write all four, for both editions, to files there.",
)
def schema(kind: str | None, edition_id: str | None, directory: str | None) -> None:
    """Give the JSON Schema of a document, for editors that complete and check while one writes."""
    from pathlib import Path

    from pytest_etsi.profile.schema import KINDS, json_schema, schema_files
    from pytest_etsi.standard import UnknownIdError

    if directory is not None:
        if kind is not None or edition_id is not None:
            raise click.UsageError("--write takes neither a kind nor --edition")
        Path(directory).mkdir(parents=True, exist_ok=True)
        for name, content in schema_files().items():
            Path(directory, name).write_text(content, encoding="utf-8")
            say(str(Path(directory, name)))
        return
    chosen = next((known for known in KINDS if known == kind), None)
    if chosen is None:
        got = "none" if kind is None else repr(kind)
        raise click.UsageError(f"expected one of {', '.join(KINDS)}, got {got}")
    try:
        say_json(json_schema(chosen, edition_id))
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--edition") from None
