"""The test report: one HTML file that needs nothing beside it, to be read, searched, printed and signed.

Everything that a device, its maker or a person has written is text here: the templates escape it, and the page lets no
script run but its own (a content security policy says so).
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.page._view import View
from pytest_etsi.report.writer import Form
from pytest_etsi.text import neutral_lines

if TYPE_CHECKING:
    from jinja2 import Environment

    from pytest_etsi.report.kept import Kept

__all__ = ["Page"]

AT_ONCE = 3000
"""Evaluations that a page draws at once; of more, a unit's are drawn when it is opened."""


class Page(Form):
    """The test report as a page."""

    name: ClassVar[str] = "html"
    file: ClassVar[str] = "report.html"
    shows_views: ClassVar[bool] = True

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once

    def text(self, kept: Kept) -> str:
        """The page."""
        style, script = _source("style.css"), _source("script.js")
        template = _environment().get_template("report.html.j2")
        return template.render(
            view=View(kept, self._at_once),
            style=style,
            script=script,
            script_hash=_hash_of(script),
        )


def _hash_of(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _source(name: str) -> str:
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
