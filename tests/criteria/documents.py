"""Small documents for the tests of the criteria: only the tables that a test is about."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yaml_text import dumped

from pytest_etsi.assessment.examine import examine
from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.assessment.evaluation import Outcome
    from pytest_etsi.profile import Entry, Ixit, Profile

__all__ = ["entry_of", "ixit_of", "outcomes_of", "profile_of"]


def profile_of(tables: Mapping[str, Any], **parts: Any) -> Profile:
    """A profile with these IXIT tables (id -> entries, or the record), all others empty.

    Args:
        tables: as they would be written.
        parts: other keys of the profile, such as ``ics``, or another ``edition``.
    """
    known = edition(parts.get("edition", "1.1.1"))
    empty = {table.id: {} if table.single else [] for table in known.tables}
    content = {
        "format": 1,
        "name": "lamp",
        "edition": "1.1.1",
        "dut": {"manufacturer": "Example", "model": "Lamp", "hardware": "A", "software": "1"},
        "ics": {},
        "ixit": empty | dict(tables),
    } | parts
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "lamp.yaml")
        path.write_text(dumped(content), encoding="utf-8")
        return load_profile(path)


def ixit_of(tables: Mapping[str, Any], **parts: Any) -> Ixit:
    """An IXIT with these tables."""
    return profile_of(tables, **parts).ixit


def entry_of(table: str, content: Mapping[str, Any], **parts: Any) -> Entry:
    """A single entry (ID: "one" unless given) of a table, or its record, from fields, ``facts`` and ``access``."""
    known = edition(parts.get("edition", "1.1.1"))
    single = next(one.single for one in known.tables if one.id == table)
    tables = {table: dict(content) if single else [{"ID": "one", **content}]}
    return ixit_of(tables, **parts).table(table)[0]


def outcomes_of(unit: str, tables: Mapping[str, Any], edition_id: str = "2.1.1") -> dict[str | None, Outcome]:
    """What a unit comes to on paper for each entry that is planned, with its provision claimed.

    Args:
        unit: its id.
        tables: as they would be written.
        edition_id: of which edition.
    """
    group = edition(edition_id).case(unit.partition("/")[0]).group
    claimed = {group: {"support": "Y", "detail": "It is met, as the documents say."}}
    profile = profile_of(tables, edition=edition_id, ics=claimed)
    planned = make_plan(profile, load_units(), only=[unit]).evaluations
    return {one.entry: examine(profile, one).outcome for one in planned}
