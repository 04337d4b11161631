"""A document in use: its nodes, the values made from them, and the problems that models find in these."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from pytest_etsi.profile._errors import Problem, Source, shown
from pytest_etsi.profile._expect import choices, expected, known_keys
from pytest_etsi.profile._types import Strict
from pytest_etsi.profile._yaml import Mapping, Node, Scalar, Sequence
from pytest_etsi.profile.unread import Unread
from pytest_etsi.redaction import MASK
from pytest_etsi.text import did_you_mean, near

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from pytest_etsi.profile._interpolate import Filler
    from pytest_etsi.profile.unread import Kind

__all__ = ["Document", "Hints", "Place", "raw", "trail_text"]

M = TypeVar("M", bound=Strict)
_WITHOUT_CREDENTIALS = re.compile(r"(?<=//)[^/\s]*(?=@)|^[^/\s]*(?=@)|(?<=\?).*", re.DOTALL)
"""User information and query of what should be an address."""
Place = tuple[int, int]
Trail = tuple[int | str, ...]


@dataclass(slots=True)
class Hints:
    """Finds the nearest known name, until that has cost too much: a document may hold 100,000 unknown keys.

    Attributes:
        budget: comparisons of names that are left.
    """

    budget: int = 100_000

    def alike(self, name: str, known: Collection[str], cutoff: float = 0.6) -> list[str]:
        """The known name that looks like `name`, if there is one."""
        if self.budget <= 0:
            return []
        self.budget -= len(known)
        return near(name, known, cutoff=cutoff)

    def near(self, name: str, known: Iterable[str], *, listed: bool = False) -> str:
        """A hint with the nearest known name; with `listed` and none near, the known ones if they are few."""
        names = list(known)
        if self.budget <= 0:
            return ""
        question = did_you_mean(name, self.alike(name, names))
        if question:
            return question
        return f"known: {', '.join(names)}" if listed and 0 < len(names) <= 24 else ""


@dataclass(eq=False)
class Document:
    """One document.

    Attributes:
        path: its file.
        shown: the file as problems name it.
        short: the file as reasons name it; "": as problems do.
        filler: fills in placeholders.
        problems: where problems go that make the profile unusable.
        open: what could not be understood, and leaves open what rests on it.
        drafts: what is marked as drafted, likewise.
        root: its content; None: it is empty or could not be read.
        hints: finds near misses.
        origins: id of a scalar -> what was filled into it.
        files: where files go that the document names, by what it says.
    """

    path: Path
    shown: str
    filler: Filler
    problems: list[Problem]
    root: Node | None = None
    hints: Hints = field(default_factory=lambda: Hints())
    open: list[Unread] = field(default_factory=list)
    drafts: list[Unread] = field(default_factory=list)
    short: str = ""
    origins: dict[int, str] = field(default_factory=dict)
    files: dict[Path, str] = field(default_factory=dict)
    _filled: dict[int, str] = field(default_factory=dict)

    @cached_property
    def context(self) -> dict[str, Any]:
        """What a model needs beside a value: where files are looked for, and where they are noted."""
        return {"base": self.path.parent, "files": self.files}

    def problem(self, place: Place | Node, where: str, message: str, hint: str = "") -> None:
        """Note a problem at a place."""
        line, column = (place.line, place.column) if isinstance(place, Node) else place
        self.problems.append(Problem(self.shown, line, column, where, message, hint))

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
        """Note what could not be understood, see `Unread`; `name` is that of the field or the path of the fact."""
        line, column = (place.line, place.column) if isinstance(place, Node) else place
        where = f"{part}: {name}" if part and name else part or name
        problem = Problem(self.shown, line, column, where, message, hint)
        noted = Unread(problem, f"{self.short or self.shown}:{line}", kind, part, name, wrong)
        self.open.append(noted)
        return noted

    def place_name(self, line: int) -> str:
        """A place as hints name it beside the document."""
        return f"line {line}"

    def draft(
        self, place: Place, kind: Kind, part: str, name: str, message: str, *, evidence: str = ""
    ) -> Unread:
        """Note that a part of it, or a field or fact of that, is marked as drafted."""
        where = f"{part}: {name}" if name else part
        problem = Problem(self.shown, *place, where, message)
        noted = Unread(problem, f"{self.short or self.shown}:{place[0]}", kind, part, name, evidence=evidence)
        self.drafts.append(noted)
        return noted

    def source(self, node: Node, place: Place | None = None) -> Source:
        """Where a node comes from."""
        line, column = place or (node.line, node.column)
        return Source(self.shown, line, column, self.origins.get(id(node), "file"), self.short)

    def text(self, scalar: Scalar, place: Place | None = None, where: str = "", trail: Trail = ()) -> str:
        """The text of a scalar with its placeholders filled in; noted as a problem where that fails."""
        if "${" not in scalar.text:
            return scalar.text
        known = self._filled.get(id(scalar))
        if known is None:
            filled = self.filler.fill(scalar.text)
            for message, hint in filled.problems:
                self.problem(place or scalar, trail_text(where, trail), message, hint)
            self.origins[id(scalar)] = filled.origin
            known = self._filled[id(scalar)] = filled.text
        return known

    def value(self, node: Node, place: Place | None = None, where: str = "", trail: Trail = ()) -> Any:
        """What a model is given for a node: text, lists and dicts; keys without a value are left out.

        Raises:
            TypeError: it is no node.
        """
        if isinstance(node, Scalar):
            if "${" in node.text:
                text = self.text(node, place, where, trail)
                if not _is_marked(node):
                    return text
                node = Scalar(node.line, node.column, text, plain=node.plain)
            return node.given
        if isinstance(node, Sequence):
            return [self.value(item, None, where, (*trail, index)) for index, item in enumerate(node.items)]
        if isinstance(node, Mapping):
            return {
                # Most are scalars as they stand, of which nobody has to know where.
                key: item.given
                if isinstance(item, Scalar) and "${" not in item.text
                else self.value(item, node.keys[key], where, (*trail, key))
                for key, item in node.items.items()
                if not (isinstance(item, Scalar) and item.given is None)
            }
        raise TypeError(node)

    def check(
        self,
        model: type[M],
        node: Node | None,
        *,
        where: str = "",
        trail: Trail = (),
        place: Place | None = None,
    ) -> M | None:
        """A node as a model; None where it does not fit, with the problems noted.

        Args:
            model: what the node has to be.
            node: the node; None or without a value: as an empty mapping.
            where: what the document describes here, "1-AuthMech/AuthMech-web".
            trail: path within that, ("facts",).
            place: of the key that holds the node; None: it has none.
        """
        if node is None or (isinstance(node, Scalar) and node.is_null):
            node = Mapping(node.line, node.column) if node else Mapping(1, 1)
        try:
            value = self.value(node, place, where, trail)
            return model.model_validate(value, context=self.context)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                described = self.describe(model, node, place, detail, trail)
                if described is not None:
                    at, within, message, hint = described
                    self.problem(at, trail_text(where, (*trail, *within)), message, hint)
            return None

    def describe(
        self, model: type[Strict], root: Node, at: Place | None, detail: Any, prefix: Trail = ()
    ) -> tuple[Place, Trail, str, str] | None:
        """An error of a model as place, path, message and hint; None: it has been noted already.

        Args:
            model: what the node had to be.
            root: the node.
            at: of the key that holds it; None: it has none.
            detail: what pydantic tells of the error.
            prefix: path to the node within what the document describes; paths given are without it.
        """
        location: Trail = detail["loc"]
        place, node, parent_place, trail = _walk(root, at, location)
        kind: str = detail["type"]
        hint = ""
        if kind == "missing":
            what = expected(model, location)
            place, message = (
                parent_place,
                f"{location[-1]} is missing" + (f", expected {what}" if what else ""),
            )
        elif kind == "extra_forbidden":
            trail = trail[:-1]
            message = f'unknown key "{location[-1]}"'
            hint = self.hints.near(str(location[-1]), known_keys(model, location[:-1]), listed=True)
        elif id(node) in self._filled and self._filled[id(node)] == getattr(node, "text", None):
            return None  # what could not be filled in has been noted already
        elif kind == "etsi_operation_kind":
            place, message, hint = self._operation_kind(place, node, detail["ctx"]["options"])
        elif kind.startswith("etsi_"):
            message, got = str(detail["msg"]), detail.get("ctx", {}).get("got")
            if isinstance(node, Scalar) and got:
                # Not what was filled in, nor what an address carries: it may be a secret.
                text = _WITHOUT_CREDENTIALS.sub(MASK, node.text) if kind == "etsi_url" else node.text
                message = message.replace(str(got), text)
        elif location and location[-1] == "[key]":
            message = f'expected a name of letters, digits, "-", "_" and ".", got {shown(trail[-1])}'
        elif kind == "too_short":
            message = "expected at least one item, got an empty list"
        else:
            what = "some text" if kind == "string_too_short" else expected(model, location)
            # A literal in the place of a body or of headers may be a secret.
            hides = what == "a mapping" and (*prefix, *trail)[:1] == ("access",)
            got = "text" if hides and isinstance(node, Scalar) else _written(node)
            message = f"expected {what or 'something else'}, got {got}"
            hint = self.hints.near(node.text, choices(model, location)) if isinstance(node, Scalar) else ""
        return place, trail, message, hint

    def _operation_kind(self, place: Place, node: Node | None, options: str) -> tuple[Place, str, str]:
        if not isinstance(node, Mapping):
            return place, f"expected a mapping with a kind, one of {options}, got {_written(node)}", ""
        chosen = node.get("kind")
        if chosen is None:
            return place, f"kind is missing, one of {options}", ""
        hint = self.hints.near(chosen.text, options.split(", ")) if isinstance(chosen, Scalar) else ""
        return node.place("kind"), f"expected kind to be one of {options}, got {_written(chosen)}", hint


def _is_marked(scalar: Scalar) -> bool:
    """Whether it is a value of the document itself that is only marked as no secret."""
    return scalar.text.startswith("${public:") and scalar.text.find("}") == len(scalar.text) - 1


def raw(node: Node) -> Any:
    """A node as written: dicts, lists, text, numbers; placeholders not filled in."""
    if isinstance(node, Scalar):
        return node.value()
    if isinstance(node, Sequence):
        return [raw(item) for item in node.items]
    assert isinstance(node, Mapping)  # noqa: S101 - there is no other kind
    return {key: raw(item) for key, item in node.items.items()}


def trail_text(where: str, trail: Trail) -> str:
    """`where` and a path within it: "1-AuthMech/AuthMech-web: access.hosts[0]"."""
    text = ""
    for part in trail:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return ": ".join(part for part in (where, text) if part)


def _walk(root: Node, at: Place | None, location: Trail) -> tuple[Place, Node | None, Place, Trail]:
    """Follow pydantic's location: place of the value, its node, place of what contains it, the path in the document.

    A location also holds the tags of unions, which the document does not have; they are passed over.
    """
    node: Node | None = root
    container: Node = root
    place = containing = at or (root.line, root.column)
    trail: list[int | str] = []
    for position, part in enumerate(location):
        last = position == len(location) - 1
        step: tuple[Place, Node | None] | None = None
        if isinstance(node, Mapping) and isinstance(part, str) and part in node.items:
            step = node.place(part), node.items[part]
        elif isinstance(node, Sequence) and isinstance(part, int) and part < len(node.items):
            item = node.items[part]
            step = (item.line, item.column), item
        elif last and isinstance(part, str) and part != "[key]" and isinstance(node, Mapping):
            containing = place  # the key is missing here
        if step is not None:
            container, containing = node or container, place
            place, node = step
            trail.append(part)
    return place, node, containing, tuple(trail)


def _written(node: Node | None) -> str:
    if isinstance(node, Scalar):
        return "nothing" if node.is_null else shown(node.text)
    return "a list" if isinstance(node, Sequence) else "a mapping"
