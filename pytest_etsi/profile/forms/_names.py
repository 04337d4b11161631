"""What labels, headings and captions name: a table, a field, an entry, a provision; however they are decorated."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_etsi.standard import EDITIONS, edition

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.standard import Edition, Table

__all__ = ["Names", "edition_of", "plain_label"]

_TABLE = re.compile(r"(?<![^\W_])(\d{1,2})\s*[-\u2010-\u2015_ .]\s*([A-Za-z]{3,})(?![a-z])")
_BEFORE = re.compile(
    r"^(?:[A-Z]\.)?(?:\d+\.)*\d*\s*(?:(?:table|tabelle|tableau)\s+[A-Z]?\.?[\d.]+\s*[:.\u2013-]?\s*)?(?:CRA|ETSI)?[:\s]*"
    r"(?:(?:EN|TS)?\s*\d{3}[ -]?\d{3}\s*)?(?:IXIT)?[\s:_-]*",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:\(?[a-z\d]{1,2}[).]|[A-Z]?(?:\d+\.)+\d*)\s+")
_ID = re.compile(
    r"(?:ixit[ -]?)?(?:id|identifier|kennung|identifiant)\s*[:=\u2013-]\s*(\S+)\s*(.*)",
    re.IGNORECASE | re.DOTALL,
)
_ID_LABELS = frozenset({"id", "identifier", "ixit id", "entry id", "unique id", "kennung", "identifiant"})
_LOOKS_LIKE_ID = re.compile(r"(?:IXIT[ -])?[A-Za-z]\w*(?:[-_.+]\w+)+")
_FILLERS = frozenset(
    {"the", "of", "and", "a", "mechanism", "mechanisms", "details", "detail", "secure", "method", "methods"}
)
_PROVISION = re.compile(r"(?:provision\s+)?(\d+\.\d+-\d+[A-Za-z]?|\d+-\d+)(?!\w)", re.IGNORECASE)
_LONGEST_LABEL = 80


def plain_label(text: str) -> str:
    """A label without numbers, remarks in brackets, marks and stops: "b) Allows Configuration (yes/no):"."""
    short = " ".join(text.split())
    if len(short) > 2 * _LONGEST_LABEL:
        return ""
    short = re.sub(r"\([^()]*\)|\[[^\[\]]*\]", " ", _NUMBERED.sub("", short))
    return " ".join(re.sub(r"[^\w/ ]", " ", short).casefold().split())


class Names:
    """The names of an edition.

    Attributes:
        standard: the edition.
    """

    def __init__(self, standard: Edition) -> None:
        self.standard = standard
        self._tables = {table.name.casefold(): table for table in standard.tables}
        self._titles = {plain_label(table.title): table for table in standard.tables}
        self._provisions = {provision.id.casefold(): provision.id for provision in standard.provisions}

    def table(self, text: str, *, whole: bool = True) -> Table | None:
        """The table that a heading, a caption or the name of a file is about.

        Args:
            text: its text.
            whole: nothing but the table's name and title may stand there.
        """
        short = " ".join(text.split())
        if len(short) > 3 * _LONGEST_LABEL:
            return None
        if not whole:
            return next((one for _, _, one in self._named(short)), None)
        rest = _BEFORE.sub("", short)
        for start, end, table in self._named(short):
            behind = plain_label(short[end:])
            if not _BEFORE.sub("", short[:start]) and (
                not behind or behind == plain_label(table.title) or len(behind) < 60
            ):
                return table
        return self._titles.get(plain_label(rest))

    def _named(self, text: str) -> Iterable[tuple[int, int, Table]]:
        """The tables that are named in a text, each with where its name begins and ends."""
        for found in _TABLE.finditer(text):
            table = self._tables.get(found[2].casefold())
            if table is not None and table.number == int(found[1]):
                yield found.start(), found.end(), table

    def field(self, table: Table, text: str) -> str:
        """The field of a table that a label names, "ID" included; "": none."""
        label = plain_label(text)
        if not label:
            return ""
        known = _fields(table)
        if found := known.get(label) or known.get(_bones(label)):
            return found
        # "Interface type", "Interface ID": what the table is about stands before it.
        about = set(_bones(plain_label(table.title)).split())
        words = _bones(label).split()
        return known.get(" ".join(words[1:]), "") if len(words) > 1 and words[0] in about else ""

    def entry(self, table: Table, text: str) -> tuple[str, str]:
        """The ID of the entry that a heading begins, and what else stands there; "": it begins none by its words."""
        short = " ".join(text.split())
        if found := _ID.fullmatch(short):
            return found[1].rstrip(":,;"), found[2].strip()
        first, _, rest = short.partition(" ")
        name = first.rstrip(":,;")
        if _LOOKS_LIKE_ID.fullmatch(name) and name.casefold().startswith(
            (f"{table.name.casefold()}-", "ixit-")
        ):
            return name, rest.strip(" :\u2013-")
        return "", short

    def by_id(self, name: str) -> Table | None:
        """The table whose name an ID begins with."""
        return self._tables.get(re.split(r"[-_. ]", name.strip())[0].casefold())

    def tables_with(self, labels: list[str]) -> list[Table]:
        """The tables that have a field of each label."""
        return [one for one in self.standard.tables if all(self.field(one, label) for label in labels)]

    def provision(self, text: str) -> str:
        """The provision that a cell names; "": none. One that the edition does not have is given as it is written."""
        found = _PROVISION.match(" ".join(text.split()))
        return self._provisions.get(found[1].casefold(), found[1]) if found else ""


@lru_cache(maxsize=128)
def _fields(table: Table) -> dict[str, str]:
    """How the fields of a table may be called -> their names; bare bones only where these are one field's alone."""
    names = {plain_label(field.name): field.name for field in table.fields}
    bones: dict[str, list[str]] = {}
    for label, name in names.items():
        bones.setdefault(_bones(label), []).append(name)
    short = {bone: found[0] for bone, found in bones.items() if bone and len(found) == 1}
    if not table.single:
        short |= dict.fromkeys((*_ID_LABELS, f"{table.name.casefold()} id"), "ID")
    return short | names


def _bones(label: str) -> str:
    words = [word for word in label.split() if word not in _FILLERS]
    return " ".join(word[:-1] if word.endswith("s") and not word.endswith("ss") else word for word in words)


def edition_of(texts: Iterable[str]) -> tuple[str, ...]:
    """The editions that have a table that the texts name and the others do not have; the most often named first."""
    only: dict[str, str] = {}
    for one in EDITIONS:
        others = {
            table.id.casefold() for other in EDITIONS if other != one for table in edition(other).tables
        }
        only |= {
            table.id.casefold(): one for table in edition(one).tables if table.id.casefold() not in others
        }
    votes: dict[str, int] = {}
    for text in texts:
        for found in _TABLE.finditer(text[:500]):
            one_edition = only.get(f"{found[1]}-{found[2]}".casefold())
            if one_edition is not None:
                votes[one_edition] = votes.get(one_edition, 0) + 1
    return tuple(sorted(votes, key=lambda one: -votes[one]))
