"""What of the documents is drafted that a unit rests on, whatever it asks for: by what the catalogue says it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    for table_id in profile.ixit.tables if "*" in read else dict.fromkeys(read):
        table = profile.ixit.tables.get(table_id)
        if table is None or not table.drafts:
            continue
        if table_id == unit.iterates and entry is not None:
            one = table.get(entry)
            yield from (one.draft,) if one is not None and one.draft is not None else ()
        else:
            yield from table.drafts
