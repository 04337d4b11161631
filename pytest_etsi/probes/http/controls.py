"""What a page lets its user choose: checkboxes, radio buttons, lists, fields and buttons, and what is chosen first."""

from __future__ import annotations

from dataclasses import dataclass, field

from pytest_etsi.probes.http.markup import MarkupReader
from pytest_etsi.probes.observation import Observation

__all__ = ["Control", "read_controls"]

_MOST = 500
_LONGEST = 200
_BUTTONS = frozenset({"submit", "button", "image", "reset"})


@dataclass(frozen=True, slots=True)
class Control(Observation):
    """One control of a page that its user sees.

    Attributes:
        kind: "checkbox", "radio", "select", "button", or "text" for whatever is typed in.
        name: of the field; of a button what stands on it.
        choices: values that can be chosen; of a checkbox "" (no tick) and its value; of a text none.
        chosen: values that are chosen at first; of a text what stands in it, "" where nothing does.
    """

    kind: str
    name: str
    choices: tuple[str, ...] = ()
    chosen: tuple[str, ...] = ()


def read_controls(page: str) -> tuple[Control, ...]:
    """The controls of a page, in order; radio buttons of one name are one control."""
    reader = _Reader()
    reader.read(page)
    return tuple(
        Control(one.kind, one.name[:_LONGEST], tuple(one.choices), tuple(one.chosen)) for one in reader.found
    )


@dataclass(slots=True)
class _Found:
    kind: str
    name: str
    choices: list[str] = field(default_factory=list)
    chosen: list[str] = field(default_factory=list)


class _Reader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[_Found] = []
        self._radios: dict[str, _Found] = {}
        self._select: _Found | None = None
        self._area: _Found | None = None
        self._button: _Found | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input":
            self._input(given)
        elif tag == "button":
            self._button = self._add(_Found("button", ""))
        elif tag == "select":
            self._select = self._add(_Found("select", given.get("name", "")))
        elif tag == "textarea":
            self._area = self._add(_Found("text", given.get("name", ""), chosen=[""]))
        elif tag == "option" and self._select is not None:
            value = given.get("value", "")[:_LONGEST]
            self._select.choices.append(value)
            if "selected" in given:
                self._select.chosen.append(value)

    def _input(self, given: dict[str, str]) -> None:
        kind, name = given.get("type", "text").lower(), given.get("name", "")
        value = given.get("value", "")[:_LONGEST]
        if kind == "hidden":
            return
        if kind in _BUTTONS:
            self._add(_Found("button", value))
        elif kind == "checkbox":
            ticked = value or "on"
            self._add(_Found("checkbox", name, ["", ticked], [ticked if "checked" in given else ""]))
        elif kind == "radio":
            if name not in self._radios:
                self._radios[name] = self._add(_Found("radio", name))
            self._radios[name].choices.append(value or "on")
            if "checked" in given:
                self._radios[name].chosen.append(value or "on")
        else:
            self._add(_Found("text", name, chosen=[value]))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self._select is not None:
            if self._select.choices and not self._select.chosen:
                self._select.chosen.append(self._select.choices[0])  # as browsers do
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "button":
            self._button = None

    def handle_data(self, data: str) -> None:
        if self._button is not None:
            self._button.name = " ".join(f"{self._button.name} {data}".split())[:_LONGEST]
        elif self._area is not None:
            self._area.chosen = [f"{self._area.chosen[0]}{data}".strip()[:_LONGEST]]

    def _add(self, one: _Found) -> _Found:
        if len(self.found) < _MOST:
            self.found.append(one)
        return one
