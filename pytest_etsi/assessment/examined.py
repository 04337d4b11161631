"""What a conceptual unit has examined, in a sentence: the documents that the catalogue says it reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_etsi.profile import Profile
    from pytest_etsi.standard import Unit

__all__ = ["documents_examined"]


def documents_examined(profile: Profile, unit: Unit, entry: str | None) -> str:
    """The entries and fields that a unit reads, with their number.

    Args:
        profile: the device's documents.
        unit: the unit, of the profile's edition.
        entry: ID of the entry that it is evaluated for; None: it is evaluated once.

    Returns:
        "1-AuthMech/AuthMech-web (Security Guarantees), 3 entries of 7-UpdMech (Description)"; empty where the unit
        reads nothing of the IXIT.
    """
    parts = []
    for table_id, fields in unit.reads.items():
        read = f" ({', '.join(fields)})" if fields else ""
        if table_id == "*":
            parts.append(f"the entries of all {len(profile.ixit.tables)} tables of the IXIT")
        elif table_id == unit.iterates and entry is not None:
            parts.append(f"{table_id}/{entry}{read}")
        elif table_id in profile.ixit.tables:
            table = profile.ixit.tables[table_id]
            count = "" if table.single else f"{len(table)} {'entry' if len(table) == 1 else 'entries'} of "
            parts.append(f"{count}{table_id}{read}")
    return ", ".join(parts)
