"""A sheet as a document: the checks of documents run on it, and name its cells."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_etsi.profile._document import Document, Place
from pytest_etsi.profile._interpolate import Filled, Filler
from pytest_etsi.profile._yaml import Node, Scalar
from pytest_etsi.profile.workbook._layout import TYPED

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Trail
    from pytest_etsi.profile.unread import Kind, Unread

__all__ = ["AsWritten", "SheetDocument"]


class AsWritten(Filler):
    """Leaves what comes from the environment and the secrets file as it is written: only a profile knows these."""

    def fill(self, text: str) -> Filled:
        """`text` as it is, or with the nominal values of a virtual device filled in."""
        filled = super().fill(text)
        return Filled(text, filled.origin, filled.problems) if _is_open(filled.origin) else filled

    def _value(self, kind: str, name: str) -> tuple[str, tuple[str, str] | None]:
        return ("", None) if kind in ("env", "secret") else super()._value(kind, name)


@dataclass(eq=False)
class SheetDocument(Document):
    """A sheet as a document.

    Attributes:
        silent: places of which nothing (more) is to be said: what cannot be read has been noted, and of what the
            environment fills in nothing is known.
    """

    silent: set[Place] = field(default_factory=set)

    def place_name(self, line: int) -> str:
        """A row of the sheet."""
        return f"row {line}"

    def problem(self, place: Place | Node, where: str, message: str, hint: str = "") -> None:
        """Note a problem at a place, unless that is silent."""
        at = (place.line, place.column) if isinstance(place, Node) else place
        if at not in self.silent:
            super().problem(at, where, message, hint)

    def unread(
        self,
        place: Place | Node,
        kind: Kind,
        part: str,
        name: str,
        message: str,
        hint: str = "",
        *,
        wrong: bool = False,
    ) -> Unread:
        """Note what could not be understood, unless its place is silent."""
        noted = super().unread(place, kind, part, name, message, hint, wrong=wrong)
        if (noted.problem.line, noted.problem.column) in self.silent:
            self.open.remove(noted)
        return noted

    def text(self, scalar: Scalar, place: Place | None = None, where: str = "", trail: Trail = ()) -> str:
        """The text of a scalar; where it is still open, its cell becomes silent.

        Facts and access share a cell with others, and their models are told otherwise.
        """
        text = super().text(scalar, place, where, trail)
        if not (trail and trail[0] in TYPED) and _is_open(self.origins.get(id(scalar), "")):
            self.silent.add(place or (scalar.line, scalar.column))
        return text

    @cached_property
    def context(self) -> dict[str, Any]:
        """What a model needs beside a value; a file that it names need not be there yet."""
        return {**super().context, "not_there_yet": True}


def _is_open(origin: str) -> bool:
    return "env:" in origin or "secret:" in origin
