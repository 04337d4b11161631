"""What a valid profile holds, in a few lines, and what is still to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.standard import edition
from pytest_etsi.text import abridged, listed

if TYPE_CHECKING:
    from pytest_etsi.profile._profile import Profile

__all__ = ["summary"]


def summary(profile: Profile) -> list[str]:
    """The lines that `pytest-etsi validate` prints for a valid profile."""
    standard = edition(profile.edition)
    dut = profile.dut
    rows = [
        provision.id for provision in standard.provisions if provision.printed
    ]  # the pro forma has no other
    filled = [row for row in rows if row in profile.ics.rows]
    tables = list(profile.ixit)
    entries = sum(len(table) for table in tables if not table.single)
    lines = [
        f"{profile.name}: {_state(profile)} ({profile.path})",
        f"  device      {dut.manufacturer} {dut.model}, hardware {dut.hardware}, software {dut.software}",
        f"  edition     {standard.test_specification}, {standard.standard}",
        f"  ICS         {len(filled)} of {len(rows)} provisions",
        f"  IXIT        {len(tables)} tables with {entries} entries",
        f"  judgements  {len(profile.judgements) + len(profile.answers)}",
    ]
    missing = [row for row in rows if row not in profile.ics.rows and row not in profile.ics.unread]
    if missing:
        lines.append(f"  to fill in  ICS rows {abridged(missing, 8)}")
    empty = [table.id for table in tables if not any(entry.values for entry in table)]
    if empty:
        lines.append(f"  nothing in  IXIT {', '.join(empty)}")
    if profile.drafts:
        lines.append(f"  drafted     {_drafted(profile)}")
    if profile.nominal:
        lines.append(f"  note        checked without the virtual device {profile.virtual or ''}".rstrip())
    return lines


def _drafted(profile: Profile) -> str:
    """How much nobody has checked yet."""
    tables = {one.part for one in profile.drafts if one.kind == "drafted table"}
    rows = {one.part for one in profile.drafts if one.part.startswith("ICS ")}
    whole = {one.part for one in profile.drafts if one.kind == "draft" and not one.field} - rows
    single = [one for one in profile.drafts if one.field]
    counted = [
        f"{len(found)} {word if len(found) == 1 else plural}"
        for found, word, plural in (
            (rows, "ICS row", "ICS rows"),
            (whole, "entry", "entries"),
            (single, "field or fact", "fields and facts"),
            (tables, "table that may have more", "tables that may have more"),
        )
        if found
    ]
    return f"{listed(counted)}; what rests on them cannot pass until you take the marks away"


def _state(profile: Profile) -> str:
    number = len(profile.open_problems)
    return f"usable, with {number} open problem{'' if number == 1 else 's'}" if number else "valid"
