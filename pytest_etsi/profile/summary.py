"""What a valid profile holds, in a few lines, and what is still to be filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.standard import edition
from pytest_etsi.text import abridged

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
        f"{profile.name}: valid ({profile.path})",
        f"  device      {dut.manufacturer} {dut.model}, hardware {dut.hardware}, software {dut.software}",
        f"  edition     {standard.test_specification}, {standard.standard}",
        f"  ICS         {len(filled)} of {len(rows)} provisions",
        f"  IXIT        {len(tables)} tables with {entries} entries",
        f"  judgements  {len(profile.judgements) + len(profile.answers)}",
    ]
    missing = [row for row in rows if row not in profile.ics.rows]
    if missing:
        lines.append(f"  to fill in  ICS rows {abridged(missing, 8)}")
    empty = [table.id for table in tables if not any(entry.values for entry in table)]
    if empty:
        lines.append(f"  nothing in  IXIT {', '.join(empty)}")
    if profile.nominal:
        lines.append(f"  note        checked without the virtual device {profile.virtual or ''}".rstrip())
    return lines
