"""The forms of a page: names and values of their fields, read in time linear in the page's length."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from pytest_etsi.probes.observation import Observation

__all__ = ["Form", "read_forms"]

_READ = 512 * 1024
"""Characters of a page that are looked at."""
_MOST_FIELDS = 200
_TAG = re.compile(r"<(/?)(form|input|button|select|textarea)\b([^<>]{0,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"([a-z-]{1,20})\s{0,5}=\s{0,5}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Form(Observation):
    """One form of a page.

    Attributes:
        hidden: names and values of fields that a reader does not see.
        shown: names of the fields that a reader fills in, those of passwords included.
        passwords: names of the fields that hide what is typed.
    """

    hidden: tuple[tuple[str, str], ...]
    shown: tuple[str, ...]
    passwords: tuple[str, ...]

    def has(self, name: str) -> bool:
        """Whether it has a field of that name."""
        return name in self.shown or any(name == hidden for hidden, _ in self.hidden)


def read_forms(page: str) -> tuple[Form, ...]:
    """The forms of a page in order; fields outside of every form count as one form."""
    found: list[Form] = []
    hidden: list[tuple[str, str]] = []
    shown: list[str] = []
    passwords: list[str] = []

    def end() -> None:
        if hidden or shown:
            found.append(Form(tuple(hidden), tuple(dict.fromkeys(shown)), tuple(passwords)))
        hidden.clear()
        shown.clear()
        passwords.clear()

    for tag in _TAG.finditer(page[:_READ]):
        if tag[2].lower() == "form":
            end()
            continue
        if tag[1] or len(hidden) + len(shown) >= _MOST_FIELDS:
            continue
        given = {
            one[1].lower(): unescape(one[2] or one[3] or one[4] or "") for one in _ATTRIBUTE.finditer(tag[3])
        }
        name, kind = given.get("name", ""), given.get("type", "text").lower()
        if not name or tag[2].lower() == "button" or kind in {"submit", "button", "image", "reset"}:
            continue
        if kind == "hidden":
            hidden.append((name, given.get("value", "")))
        else:
            shown.append(name)
            passwords += [name] if kind == "password" else []
    end()
    return tuple(found)
