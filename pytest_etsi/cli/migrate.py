"""``pytest-etsi migrate``: a profile in the next edition of the standard."""

from __future__ import annotations

from pathlib import Path

import click

from pytest_etsi.cli._say import say, say_json

__all__ = ["migrate"]


@click.command(short_help="Write a profile in the next edition of the standard.")
@click.argument("profile")
@click.option("--to", "to", required=True, metavar="EDITION", help="The later edition: 2.1.1.")
@click.option(
    "--into",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write to this folder; left out: beside the old documents, with the edition in the names.",
)
@click.option(
    "--additions",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="Documents that say what the later edition adds: see docs/editions.md.",
)
@click.option("--name", default="", help="The new profile's name; left out: as the old one's.")
@click.option(
    "--limit", default=20, show_default=True, metavar="N", help="Print at most N things left; 0: all."
)
@click.option("--json", "as_json", is_flag=True, help="Give what was written, and all that is left, as JSON.")
def migrate(
    profile: str, to: str, into: Path | None, additions: Path | None, name: str, limit: int, as_json: bool
) -> None:
    """Write PROFILE with its documents and judgements in a later edition; the old ones are not touched.

    What changed its name is renamed, what was split is put into both, what the later edition adds stands there as a
    comment to be filled in, and what has no place any more is kept as a comment. What a person has to confirm is marked
    as drafted, and confirms nothing until the mark is taken away. All of it is listed, with file and line.

    Nothing is overwritten. The exit status is 4 when the old documents are unusable, or something is there already.
    """
    from pytest_etsi.assessment.migrating import ExistsError
    from pytest_etsi.assessment.migrating import migrate as write
    from pytest_etsi.profile import ProfileError, load_profile, shipped_profiles
    from pytest_etsi.standard import EDITIONS, UnknownIdError

    if to not in EDITIONS:
        raise click.BadParameter(f"{to!r} is none of {', '.join(EDITIONS)}", param_hint="--to")
    if into is None and _is_shipped(profile, shipped_profiles()):
        raise click.UsageError("the profile comes with the package: say where to with --into DIR")
    try:
        made = write(profile, to, into=into, additions=additions, name=name)
    except ProfileError as error:
        say(error.report(), err=True)
        raise click.exceptions.Exit(4) from None
    except UnknownIdError as error:
        raise click.BadParameter(str(error), param_hint="--to") from None
    except ExistsError as error:
        say(str(error), err=True)
        raise click.exceptions.Exit(4) from None
    except OSError as error:
        raise click.ClickException(f"cannot be written: {error.strerror or error}") from None
    before = load_profile(profile)
    if as_json:
        say_json(
            {
                "format": 1,
                "profile": str(made.profile.path),
                "from": before.edition,
                "to": made.profile.edition,
                "judgements": {
                    "kept": made.judgements.kept,
                    "stale": made.judgements.stale,
                    "without_place": made.judgements.without_place,
                },
                "left": [
                    {
                        "kind": one.left.kind,
                        "name": one.left.name,
                        "what": one.left.what,
                        "file": one.file.as_posix(),
                        "line": one.line,
                    }
                    for one in made.left
                ],
            }
        )
        return
    say(f"{made.profile.path}: edition {before.edition} -> {made.profile.edition}, ICS and IXIT as YAML")
    kept, total = made.judgements.kept, len(before.judgements) + len(before.answers)
    if total:
        say(f"{kept} of {total} judgements stand as they are")
    if not made.left:
        say("Nothing is left to do.")
        return
    say("Left to do:")
    for number, what in made.counted():
        say(f"  {number:4} {what}")
    shown = made.left if not limit else made.left[:limit]
    for one in shown:
        say(f"  {made.layout.folder / one.file}:{one.line}: {one.left.name}: {one.left.what}")
    if more := len(made.left) - len(shown):
        say(f"  and {more} more")
    say(f"All of it stands in {made.layout.folder / made.layout.left}. What is open shows with")
    say(f"  pytest-etsi validate {made.profile.path}")
    say(f"  pytest-etsi assess {made.profile.path}")


def _is_shipped(profile: str, shipped: dict[str, Path]) -> bool:
    return profile in shipped and not Path(profile).exists()
