"""The virtual camera's documents told in the tables and rows of edition 2.1.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from second_edition_fields import OPERATIONS, filled, logical
from yaml_text import dumped, loaded

from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["write_second_edition"]

FIRST, SECOND = edition("1.1.1"), edition("2.1.1")
_ADDED = {
    "9-ReplSup": {
        "Connectivity and functionality": "The new camera is connected to the network as the old one was, reports to the "
        "service by itself after its first start, and gives picture and stream as before.",
    },
}
"""Fields that the later edition adds, and that a unit needs."""
_FIELDS = {"Communication Mechanisms": "Secure Communication Mechanisms"}
_TYPES = {"network, physical": "physical port", "physical": "physical port"}


def write_second_edition(
    directory: Path,
    change: Callable[[dict[str, Any]], None] = lambda tables: None,
    *,
    then: Callable[[dict[str, Any]], None] = lambda tables: None,
) -> Path:
    """Write the profile, and return its file.

    What is the same in both editions is taken over as it is. Logical interfaces leave 15-Intf for 28-LogIntf, fields
    that the later edition does not have are left out, and those that it adds are filled; no judgement is taken over.

    Args:
        directory: where to.
        change: alters the tables before they are told, under their names in the first edition.
        then: alters them afterwards, under their names in the second.
    """
    source = load_profile("virtual-camera").path
    tables: dict[str, Any] = {}
    for file in sorted((source.parent / "ixit").glob("*.yaml")):
        tables |= loaded(file.read_text(encoding="utf-8"))
    change(tables)
    ixit = {table.id: _table(table.id, tables) for table in SECOND.tables}
    ixit["28-LogIntf"] = logical(tables)
    filled(ixit)
    then(ixit)
    profile = loaded(source.read_text(encoding="utf-8"))
    profile["access"]["operations"] |= OPERATIONS
    profile |= {"edition": "2.1.1", "ics": _ics(), "ixit": ixit, "judgements": []}
    directory.mkdir(parents=True, exist_ok=True)
    written = directory / "profile.yaml"
    written.write_text(dumped(profile), encoding="utf-8")
    return written


_NOT_SUPPORTED = {
    "5.3-4B": "The camera installs updates by itself without asking for consent at its first start.",
}
"""Recommendations of the later edition that the camera does not follow -> why."""


def _ics() -> dict[str, Any]:
    rows = (row.id for row in SECOND.provisions if row.id != "5.0-1")
    return {
        row: {"support": "N", "detail": _NOT_SUPPORTED[row]}
        if row in _NOT_SUPPORTED
        else {"support": "Y", "detail": f"The camera meets {row}, as its documents say."}
        for row in rows
    }


def _table(table_id: str, tables: Mapping[str, Any]) -> Any:
    before = {new: old for old, new in SECOND.renamed_tables.items()}.get(table_id, table_id)
    known = {field.name for field in SECOND.table(table_id).fields} | {"facts", "access"}
    written = tables[before]
    if isinstance(written, dict):
        return {name: value for name, value in written.items() if name in known} | _ADDED.get(table_id, {})
    return [
        {
            _FIELDS.get(name, name): _value(table_id, name, value)
            for name, value in entry.items()
            if _FIELDS.get(name, name) in known
        }
        for entry in written
        if table_id != "15-PhyIntf" or "logical" not in entry["Type"]
    ]


def _value(table_id: str, name: str, value: Any) -> Any:
    return _TYPES.get(value, value) if (table_id, name) == ("15-PhyIntf", "Type") else value
