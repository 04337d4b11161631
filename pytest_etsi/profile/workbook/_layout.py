"""What a workbook looks like: its sheets and their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile.drafts import MARK

if TYPE_CHECKING:
    from pytest_etsi.standard import Edition, Table

__all__ = [
    "ABOUT",
    "ABOUT_COLUMNS",
    "CONDITIONS",
    "CONDITION_COLUMNS",
    "DUT_ITEMS",
    "FORMAT",
    "ICS",
    "ICS_COLUMNS",
    "NOTES",
    "OPTIONAL",
    "RECORD_COLUMNS",
    "TYPED",
    "Columns",
    "columns_of",
    "sheets_of",
]

FORMAT = "1"
"""Format of the workbook; stands on its first sheet."""

ABOUT, ICS, CONDITIONS, NOTES = "About", "ICS", "Conditions", "Notes"
"""The sheets beside those of the tables; `NOTES` may be added by anyone and is not read."""

TYPED = ("facts", "access")
"""The columns (of a single record: rows) that hold YAML for programs."""

OPTIONAL = (MARK,)
"""Columns (or rows) of tables that are read where they are there. A row of a table with nothing but the mark of what
is drafted is about the table: nobody has checked whether it has further entries."""

Columns = tuple[tuple[str, ...], tuple[str, ...]]
"""The columns that are read, each of which has to be there; and those that only inform."""

ABOUT_COLUMNS: Columns = (("item", "value"), ())
ICS_COLUMNS: Columns = (("provision", "support", "detail"), ("title", "status"))
CONDITION_COLUMNS: Columns = (("id", "holds"), ("meaning",))
RECORD_COLUMNS: Columns = (("field", "value"), ("meaning",))

DUT_ITEMS = ("manufacturer", "model", "hardware", "software")
"""Rows of `ABOUT` that say for which device the workbook is filled in."""


def columns_of(table: Table) -> Columns:
    """The columns of a table's sheet."""
    return RECORD_COLUMNS if table.single else ((*(field.name for field in table.fields), *TYPED), ())


def sheets_of(standard: Edition) -> tuple[str, ...]:
    """The sheets of an edition, in order; each has to be there."""
    return (ABOUT, ICS, CONDITIONS, *(table.id for table in standard.tables))
