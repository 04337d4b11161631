"""What of the documents is drafted that a unit rests on, whatever it asks for: by what the catalogue says it reads."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_etsi.profile import Profile
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Unit

__all__ = ["drafts_read"]


def drafts_read(profile: Profile, unit: Unit, entry: str | None) -> Iterator[Unread]:
    """What is drafted as a whole of what a unit reads.

    Args:
        profile: the device's documents.
        unit: the unit, of the profile's edition.
        entry: ID of the entry that it is evaluated for; None: it is evaluated once.
    """
    read = [*([unit.iterates] if unit.iterates else []), *unit.reads]
    drafted = _drafted_tables(profile)
    for table_id in drafted if "*" in read else dict.fromkeys(read):
        if table_id not in drafted:
            continue
        if table_id == unit.iterates and entry is not None:
            one = profile.ixit.tables[table_id].get(entry)
            yield from (one.draft,) if one is not None and one.draft is not None else ()
        else:
            yield from drafted[table_id]


@lru_cache(maxsize=8)
def _drafted_tables(profile: Profile) -> Mapping[str, tuple[Unread, ...]]:
    """The tables in which anything is drafted as a whole, with what: asked for by each of hundreds of evaluations."""
    return {table_id: table.drafts for table_id, table in profile.ixit.tables.items() if table.drafts}
