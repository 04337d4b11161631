"""What the command says: one way out for all of it, so that no terminal acts on what a document or a device holds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from pytest_etsi.text import in_json, neutral_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["say", "say_json", "say_open_problems"]


def say(text: object = "", *, err: bool = False) -> None:
    """Print lines; with `err`, where errors go."""
    click.echo(neutral_lines(str(text)), err=err)


def say_open_problems(heading: str, problems: Sequence[object], limit: int) -> None:
    """Print what could not be understood below a heading, where there is any; at most `limit` lines of it (0: all)."""
    if not problems:
        return
    say(heading)
    shown = problems[: limit or None]
    for problem in shown:
        say(f"  {problem}")
    if more := len(problems) - len(shown):
        say(f"  and {more} more")


def say_json(content: Any, *, indent: int = 1) -> None:
    """Print JSON."""
    click.echo(in_json(json.dumps(content, indent=indent, ensure_ascii=False)))
