"""Judgements that are given with the additions of an edition: each is bound to what the new documents say by a program.

The file ``judgements.yaml`` among the additions says who judges, which judgements of the earlier edition answer what is
asked now as well, and what is judged for the first time::

    assessor: Jo Example, Example Laboratory
    date: 2026-11-30
    basis: own-examination
    whole: true                        # they answer all that is asked: what nothing came of is not kept
    confirmed:                         # the rationale that was given answers what is asked now
      5.1-1-1/a: []                    # [] or the entries
    judgements:
      - {unit: 5.9-3-1/a, entry: ExtAPI-Web, as: ComMech-Web}   # for the reason given on another entry
      - unit: 6-8-1/a
        entry: PersData-Picture
        rationale: ...
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_etsi.assessment.judgement import fingerprint
from pytest_etsi.profile import Judgement
from pytest_etsi.profile._document import raw
from pytest_etsi.profile._errors import Problem, ProfileError, Source
from pytest_etsi.profile.judgement_file import judgement_text
from pytest_etsi.standard import edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytest_etsi.profile import Profile
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard.crosswalk import Crosswalk

__all__ = ["Anew", "written_anew"]


@dataclass
class Anew:
    """The judgements that are given anew.

    Attributes:
        judgements: in order.
        whole: they answer all that is asked, so that those of which nothing came are not kept as comments.
    """

    judgements: list[Judgement] = field(default_factory=list)
    whole: bool = False

    @property
    def taken(self) -> frozenset[tuple[str, str | None]]:
        """Unit and entry of each."""
        return frozenset((one.unit, one.entry) for one in self.judgements)

    def lines(self, folder: Path) -> Iterator[tuple[str, None]]:
        """Their lines in a document that stands in a folder."""
        for one in self.judgements:
            yield from ((line, None) for line in judgement_text(one, folder).rstrip("\n").split("\n"))


def written_anew(node: Node | None, old: Profile, new: Profile, walk: Crosswalk) -> Anew:
    """The judgements of additions, bound to the new documents.

    Raises:
        ProfileError: one is of no unit, or of no entry.
    """
    if node is None:
        return Anew()
    said: dict[str, Any] = _checked(raw(node))
    made = Anew(whole=bool(said.get("whole")))
    problems: list[str] = []
    known = {unit.id for unit in edition(new.edition).units}
    for unit, entries in (said.get("confirmed") or {}).items():
        if unit not in known:
            problems.append(f"confirmed {unit}: edition {new.edition} has no such unit")
            continue
        found = list(_confirmed(unit, entries, said, old, new, walk))
        made.judgements += found
        if not found or {*entries} - {one.entry for one in found}:
            why = f"no judgement of edition {old.edition} became one of this unit and these entries"
            problems.append(f"confirmed {unit}: {why}")
    for one in said.get("judgements") or ():
        try:
            if one["unit"] not in known:
                raise ValueError(f"edition {new.edition} has no such unit")
            made.judgements.append(_judgement(one, said, old, new, walk))
        except KeyError as error:
            problems.append(f"{one.get('unit')} {one.get('entry') or ''}: {error.args[0]} is missing")
        except ValueError as error:
            problems.append(f"{one.get('unit')} {one.get('entry') or ''}: {error}")
    keys = [(one.unit, one.entry) for one in made.judgements]
    problems += [
        f"{key[0]} {key[1] or ''} is judged twice" for key in dict.fromkeys(keys) if keys.count(key) > 1
    ]
    if problems:
        raise ProfileError(Problem("judgements.yaml", 0, 0, "", one) for one in problems)
    return made


def _checked(said: Any) -> dict[str, Any]:
    """The content, with everything of the form that is read."""
    problems: list[str] = []
    if not isinstance(said, dict):
        problems.append("expected a mapping with assessor, date, confirmed and judgements")
        said = {}
    problems += [f"{name} is missing" for name in ("assessor", "date") if not said.get(name)]
    confirmed, judgements = said.get("confirmed") or {}, said.get("judgements") or []
    if not isinstance(confirmed, dict) or not all(isinstance(one, list) for one in confirmed.values()):
        problems.append("confirmed: expected units, each with a list of entries, or [] for all")
    if not isinstance(judgements, list) or not all(isinstance(one, dict) for one in judgements):
        problems.append("judgements: expected a list of judgements")
    if problems:
        raise ProfileError(Problem("judgements.yaml", 0, 0, "", one) for one in problems)
    checked: dict[str, Any] = said
    return checked


def _confirmed(
    unit: str, entries: list[str], said: dict[str, Any], old: Profile, new: Profile, walk: Crosswalk
) -> Iterator[Judgement]:
    came = {row.old for row in walk.came_from(unit)}
    later = edition(new.edition).unit(unit)
    seen: set[str | None] = set()
    for one in old.judgements:
        entry = one.entry if later.iterates is not None else None
        there = later.iterates is None or new.ixit.tables[later.iterates].get(entry or "") is not None
        if one.unit in came and there and entry not in seen and (not entries or entry in entries):
            seen.add(entry)
            yield Judgement(
                unit=unit, entry=entry, verdict=one.verdict, assessor=one.assessor, date=_day(said),
                rationale=_renamed(one.rationale, walk), basis=one.basis, evidence=one.evidence, external=one.external,
                fingerprint=fingerprint(new, later, entry), source=one.source,
            )  # fmt: skip


def _renamed(text: str, walk: Crosswalk) -> str:
    for old, new in walk.new.renamed_tables.items():
        text = text.replace(old, new)
    return text


def _rationale(one: dict[str, Any], old: Profile, walk: Crosswalk) -> str:
    """The rationale that is given, or that of an earlier judgement on another entry."""
    if "as" not in one:
        return str(one["rationale"])
    came = {row.old for row in walk.came_from(one["unit"])}
    found = [known for known in old.judgements if known.unit in came and known.entry == one["as"]]
    if not found:
        raise ValueError(f"there was no judgement on {one['as']}")
    return _renamed(found[0].rationale, walk)


def _judgement(
    one: dict[str, Any], said: dict[str, Any], old: Profile, new: Profile, walk: Crosswalk
) -> Judgement:
    unit = edition(new.edition).unit(one["unit"])
    entry = one.get("entry")
    table = new.ixit.tables[unit.iterates] if unit.iterates is not None else None
    if table is not None and not table.single and (entry is None or table.get(entry) is None):
        raise ValueError(f"{table.id} has no entry {entry!r}")
    return Judgement(
        unit=unit.id, entry=entry, verdict=Verdict(one.get("verdict", "PASS")), assessor=said["assessor"],
        date=_day(one if "date" in one else said), rationale=_rationale(one, old, walk),
        basis=one.get("basis") or said.get("basis") or "own-examination", evidence=(), external=None,
        fingerprint=fingerprint(new, unit, entry), source=Source("judgements.yaml", 1, 1),
    )  # fmt: skip


def _day(said: dict[str, Any]) -> datetime.date:
    return datetime.date.fromisoformat(str(said["date"]))
