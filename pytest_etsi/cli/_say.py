"""What the command says: one way out for all of it, so that no terminal acts on what a document or a device holds."""

from __future__ import annotations

import json
from typing import Any

import click

from pytest_etsi.text import in_json, neutral_lines

__all__ = ["say", "say_json"]


def say(text: object = "", *, err: bool = False) -> None:
    """Print lines; with `err`, where errors go."""
    click.echo(neutral_lines(str(text)), err=err)


def say_json(content: Any, *, indent: int = 1) -> None:
    """Print JSON."""
    click.echo(in_json(json.dumps(content, indent=indent, ensure_ascii=False)))
