"""References: which entries a field names, looked up when every table has been read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._errors import shown
from pytest_etsi.profile.words import none_first
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile._document import Document, Place
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Field

__all__ = ["Naming", "Pending", "without_blanks"]

_REMARK = re.compile(r"\([^()]*\)")
_CLAUSE = re.compile(r"[,;\n]")
_AND = re.compile(r"\s(?:and|und|et|y|e|en|oraz|&|\+)\s|\s*/\s*")
_BY = re.compile(
    r"^(?:via|over|by|through|see|with|using|\u00fcber|per|mittels|siehe|par|voir)\s+", re.IGNORECASE
)
"""What may stand before an ID that is referred to: "via ComMech-Tls"."""
_NAME = re.compile(r"\w[\w.+-]*")
_ENDS = " \t[]\"'\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019.:-*\u2022\u2013\u2014"
# "none needed": where IDs are expected, what follows need not be set off by a sign.
_NONE = re.compile(r"(?:none|n/a)\b(?!-\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Pending:
    """A field that refers to other tables, and the texts that stand there, each with its place."""

    document: Document
    part: str
    field: Field
    written: tuple[tuple[str, Place], ...]
    references: dict[str, tuple[str, ...]]
    unread: dict[str, Unread]


@dataclass
class Naming:
    """Looks up what fields name among all entries of an IXIT."""

    ixit: Ixit
    _where: dict[str, list[str]] = field(default_factory=dict)
    _candidates: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for table in self.ixit.tables.values():
            for entry in table.entries:
                if entry.id:
                    self._where.setdefault(entry.id, []).append(table.id)
        folded: dict[str, list[str]] = {}
        for name in self._where:
            folded.setdefault(name.casefold(), []).append(name)
        self._folded: dict[str, list[str]] = folded
        self._stems = {_stem(name) for name in self._where} | {
            table.name.casefold() for table in self.ixit.tables.values()
        }

    def resolve(self, pending: Pending) -> None:
        """Put down the IDs that a field names; what names none is noted."""
        found: dict[str, None] = {}
        for text, place in pending.written:
            found |= dict.fromkeys(self._named(pending, text, place))
        pending.references[pending.field.name] = tuple(found)

    def _named(self, pending: Pending, text: str, place: Place) -> list[str]:
        plain = _REMARK.sub("", text).strip()
        none = none_first(plain) or _NONE.match(plain) is not None
        further = (part.strip(_ENDS).partition(" ")[0] for part in _CLAUSE.split(plain))
        if not plain or (none and not any(self._known(pending, name) for name in further)):
            return []
        asked = pending.field.second_part
        remarks = set(re.findall(r"\w+", asked.lower())) if asked else set()
        found: list[str] = []
        for name in self._parts(pending, plain):
            if not name or name.lower() in remarks:
                continue
            known = self._known(pending, name)
            name = name if known else _BY.sub("", name)
            known = known or self._known(pending, name)
            words = [self._known(pending, word.strip(_ENDS)) for word in name.split()]
            if known:
                found.append(known)
            elif words and all(words):
                found += words
            elif words and words[0] and not any(words[1:]):
                found.append(words[0])  # "ComMech-Tls for the cloud"
            elif self._is_reference(pending, name):
                found.append(name)
                self._is_nowhere(pending, name, place)
            elif none or len(name.split()) == 1 or not found or self._all(pending, name):
                self._is_none(pending, name, place, asked)
        return found

    def _parts(self, pending: Pending, text: str) -> Iterator[str]:
        """What stands between commas; and between the words for "and" where IDs stand there."""
        for clause in _CLAUSE.split(text):
            parts = [part.strip(_ENDS) for part in _AND.split(clause)]
            named = any(self._known(pending, part) or self._is_reference(pending, part) for part in parts)
            yield from parts if named else (clause.strip(_ENDS),)

    def _known(self, pending: Pending, name: str) -> str:
        """The ID of a table that the field may name; in another case only if that is one alone."""
        one: str
        for one in (name, without_blanks(name), *self._folded.get(name.casefold(), ())):
            if any(table in self._where.get(one, ()) for table in pending.field.tables):
                return one
        return ""

    def _all(self, pending: Pending, text: str) -> list[str]:
        return [name for word in _NAME.findall(text) if (name := self._known(pending, word.strip(_ENDS)))]

    def _is_reference(self, pending: Pending, name: str) -> bool:
        """Whether a word is an ID and no other word: it is one of another table, or built like one."""
        if not _NAME.fullmatch(name):
            return False
        built = _stem(name) in self._stems and _stem(name) != name.casefold()
        return name in self._where or built or bool(pending.document.hints.alike(name, self._where, 0.8))

    def _is_nowhere(self, pending: Pending, name: str, place: Place) -> None:
        targets = pending.field.tables
        if any(self.ixit.tables[table].unread for table in targets):
            return  # what the table lacks has been noted
        if name in self._where:
            hint = f"it is in {listed(self._where[name])}"
        else:
            if targets not in self._candidates:
                self._candidates[targets] = [
                    one for one, tables in self._where.items() if {*targets} & {*tables}
                ]
            hint = pending.document.hints.near(name, self._candidates[targets], listed=True)
        message = f'{listed(targets, last="or")} has no entry "{name}"'
        self._note(pending, place, message, hint, wrong=True)

    def _is_none(self, pending: Pending, name: str, place: Place, asked: str | None) -> None:
        if asked and not self._all(pending, name):
            return  # the field asks for more than IDs
        self._note(
            pending,
            place,
            f"expected IDs of {listed(pending.field.tables, last='or')}, separated by commas, got {shown(name)}",
            'write [] or "none" if there is none, and remarks in brackets',
        )

    def _note(self, pending: Pending, place: Place, message: str, hint: str, *, wrong: bool = False) -> None:
        name = pending.field.name
        noted = pending.document.unread(place, "reference", pending.part, name, message, hint, wrong=wrong)
        # What may be read in another way weighs more than what is wrong in any.
        if name not in pending.unread or (pending.unread[name].wrong and not wrong):
            pending.unread[name] = noted


def without_blanks(name: str) -> str:
    """A name in the letters of an ID: "Auth Mech 1" as Auth-Mech-1."""
    return re.sub(r"[^\w.+-]+", "-", name).strip("-.+")


def _stem(name: str) -> str:
    """The part of an ID that others of its table share: "ComMech" of "ComMech-Tls"."""
    return re.split(r"[-_.\d]", name, maxsplit=1)[0].casefold()
