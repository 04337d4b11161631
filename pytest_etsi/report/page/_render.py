"""How every page is made: the templates escape what they are given, and nothing turns the direction of writing."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from pytest_etsi.text import neutral_lines

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["hash_of", "rendered", "source"]


def rendered(template: str, *, paper: bool, **values: object) -> str:
    """A template of this package with these values; the house's style is there as `style`.

    Args:
        template: name of its file.
        paper: without style and script, and well-formed XML, as `pytest_etsi.report.pdf` lays it out.
        values: what it shows.
    """
    style = "" if paper else source("style.css")
    return _environment().get_template(template).render(style=style, paper=paper, **values)


def hash_of(script: str) -> str:
    """The hash by which a content security policy knows a script."""
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def source(name: str) -> str:
    """A file of this package."""
    return resources.files("pytest_etsi.report.page").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader

    return Environment(
        loader=PackageLoader("pytest_etsi.report.page", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )


def _shown(value: object) -> object:
    """What a template puts out: nothing that turns the direction of writing, or that nobody sees."""
    if type(value) is str and not (value.isascii() and value.isprintable()):
        return neutral_lines(value)
    return value
