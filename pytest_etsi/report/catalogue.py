"""Shows the catalogue of an edition: an overview, a part of it, or an IXIT table, for people and as JSON.

`describe` gives builtins for `--json`; `render` gives a rich renderable for a terminal or a pipe.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from rich.console import Group as Lines
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from pytest_etsi.standard import EDITIONS, UnknownIdError
from pytest_etsi.standard import edition as load
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from pytest_etsi.standard import Case, Edition, Field, Group, Table, Unit

__all__ = ["FORMAT", "describe", "hint", "render"]

FORMAT = 1
"""Version of the JSON form; grows when a key is dropped or changes its meaning, not when one is added."""

MEANS = {
    "document": "the documents (ICS and IXIT)",
    "network": "network access to the device",
    "serial": "the serial console",
    "cloud": "the associated service",
    "capture": "a capture of the network traffic",
    "documentation-fetch": "fetching what the manufacturer publishes",
    "bench": "the bench: supply, network switch, buttons",
    "assessor": "none; a person decides",
}
STATUS = {"M": "mandatory", "R": "recommendation"}


def describe(edition: Edition, what: str | None = None) -> dict[str, Any]:
    """The catalogue as builtins: the whole edition, or only what concerns `what`, in the same shape.

    Args:
        edition: the edition to describe.
        what: id of a scenario, group, case, unit or IXIT table; None: everything.

    Raises:
        UnknownIdError: the edition has nothing of that id.
    """
    table, units = _find(edition, what)
    chosen = {unit.id for unit in units}
    groups = [group for group in edition.groups if chosen.intersection(unit.id for unit in group.units)]
    if what is None:
        tables, conditions = edition.tables, edition.conditions
    else:
        read = {table_id for unit in units for table_id in unit.reads}
        tables = tuple(known for known in edition.tables if known is table or known.id in read or "*" in read)
        used = {name for group in groups for name in edition.provision(group.id).conditional}
        conditions = tuple(condition for condition in edition.conditions if condition.id in used)
    return {
        "format": FORMAT,
        "edition": edition.id,
        "test_specification": edition.test_specification,
        "standard": edition.standard,
        "remarks": list(edition.remarks),
        "selected": table.id if table else what,
        "counts": {
            "groups": len(groups),
            "cases": len({unit.case for unit in units}),
            "units": len(units),
            "mandatory": sum(edition.provision(group.id).status == "M" for group in groups),
            "recommended": sum(edition.provision(group.id).status == "R" for group in groups),
        },
        "scenarios": [
            {
                "id": scenario,
                "title": title,
                "groups": [
                    _group_json(edition, group, chosen) for group in groups if group.scenario == scenario
                ],
            }
            for scenario, title in edition.scenarios.items()
            if any(group.scenario == scenario for group in groups)
        ],
        "conditions": {condition.id: condition.meaning for condition in conditions},
        "tables": [_table_json(known) for known in tables],
    }


def render(edition: Edition, what: str | None = None) -> RenderableType:
    """The catalogue to read: an overview, or the page of a scenario, group, case, unit or IXIT table.

    Raises:
        UnknownIdError: the edition has nothing of that id.
    """
    table, units = _find(edition, what)
    if table:
        return _table_page(edition, table)
    if what is None or what in edition.scenarios:
        return _overview(edition, what)
    chosen = {unit.id for unit in units}
    return _group_page(edition, edition.group(edition.case(units[0].case).group), chosen)


def hint(edition: Edition, what: str | None) -> str:
    """What to do about an id that the edition lacks: the other edition that has it, or where to look."""
    for other in EDITIONS:
        if other != edition.id:
            with contextlib.suppress(UnknownIdError):
                _find(load(other), what)
                return f"edition {other} has it: add --edition {other}"
    return "`pytest-etsi catalogue` without an id lists what there is"


def _find(edition: Edition, what: str | None) -> tuple[Table | None, tuple[Unit, ...]]:
    if what is None:
        return None, edition.units
    try:
        return None, edition.select(what)
    except UnknownIdError as neither:
        try:
            return edition.table(what), ()
        except UnknownIdError as no_table:
            raise (no_table if no_table.near else neither) from None


# JSON -------------------------------------------------------------------------------------------------------


def _group_json(edition: Edition, group: Group, chosen: set[str]) -> dict[str, Any]:
    provision = edition.provision(group.id)
    return {
        "id": group.id,
        "title": group.title,
        "note": group.note,
        "provision": {
            "id": provision.id,
            "title": provision.title,
            "clause": provision.clause,
            "status": provision.status,
            "conditional": list(provision.conditional),
            "printed": provision.printed,
            "note": provision.note,
        },
        "base": group.base,
        "difference": group.difference,
        "doubts": list(group.doubts),
        "cases": [
            {
                "id": case.id,
                "kind": case.kind,
                "purpose": case.purpose,
                "units": [_unit_json(unit) for unit in case.units if unit.id in chosen],
                "pass_when": list(case.pass_when),
                "basis": case.basis or None,
            }
            for case in group.cases
            if any(unit.id in chosen for unit in case.units)
        ],
    }


def _unit_json(unit: Unit) -> dict[str, Any]:
    return {
        "id": unit.id,
        "letter": unit.letter,
        "mode": unit.mode,
        "functional": unit.functional,
        "iterates": unit.iterates,
        "reads": {table: list(fields) for table, fields in unit.reads.items()},
        "scope": unit.scope,
        "does": unit.does,
        "how": unit.how,
        "automation": unit.automation,
        "combine": unit.combine,
        "applies": list(unit.applies),
    }


def _table_json(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "number": table.number,
        "name": table.name,
        "title": table.title,
        "single": table.single,
        "one_entry_is": table.one_entry_is,
        "fields": [
            {
                "name": field.name,
                "type": field.type,
                "meaning": field.meaning,
                "example": field.example,
                "values": list(field.values),
                "tables": list(field.tables),
                "many": field.many,
                "free_text": field.free_text,
                "second_part": field.second_part,
                "applies_if": field.applies_if,
            }
            for field in table.fields
        ],
    }


# For people -------------------------------------------------------------------------------------------------


def _overview(edition: Edition, scenario: str | None) -> RenderableType:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("Group", no_wrap=True)
    grid.add_column("Status", no_wrap=True)
    grid.add_column("Cases", justify="right", no_wrap=True)
    grid.add_column("Units", justify="right", no_wrap=True)
    grid.add_column("Title")
    shown = [group for group in edition.groups if scenario in (None, group.scenario)]
    for known, title in edition.scenarios.items():
        members = [group for group in shown if group.scenario == known]
        if not members:
            continue
        grid.add_row()
        grid.add_row(Text(known, "bold"), "", "", "", Text(title, "bold"))
        for group in members:
            grid.add_row(
                group.id,
                _status(edition, group),
                str(len(group.cases)),
                str(len(group.units)),
                Text(group.title),
            )
    statuses = [edition.provision(group.id).status for group in shown]
    cases = sum(len(group.cases) for group in shown)
    units = sum(len(group.units) for group in shown)
    total = (
        f"{len(shown)} test groups ({statuses.count('M')} mandatory, {statuses.count('R')} recommended), "
        f"{cases} test cases, {units} test units"
    )
    used = {name for group in shown for name in edition.provision(group.id).conditional}
    conditions = [(f"({known.id})", known.meaning) for known in edition.conditions if known.id in used]
    parts: list[RenderableType] = [_headline(edition), grid, Text(), Text(total), Text()]
    if conditions:
        parts.append(
            Text("M mandatory, R recommendation, where every condition or feature in brackets is given:")
        )
        parts.append(_facts(conditions))
    else:
        parts.append(Text("M mandatory, R recommendation"))
    parts += [Text(f"\n{remark}", "dim") for remark in edition.remarks]
    return Lines(*parts)


def _group_page(edition: Edition, group: Group, chosen: set[str]) -> RenderableType:
    provision = edition.provision(group.id)
    status = STATUS[provision.status]
    if provision.conditional:
        status += ", only where " + (
            "this is given:" if len(provision.conditional) == 1 else "all of this is given:"
        )
    facts: list[tuple[str, str]] = [
        ("Scenario", f"{group.scenario} {edition.scenarios[group.scenario]}"),
        ("Provision", f"{provision.title} (clause {provision.clause})"),
        ("Status", f"{_status(edition, group)}: {status}"),
    ]
    facts += [("", f"({name}) {edition.condition(name).meaning}") for name in provision.conditional]
    if provision.note:
        facts.append(("", provision.note))
    if group.note:
        facts.append(("Note", group.note))
    if group.difference:
        origin = f" (From group {group.base}.)" if group.base not in (None, group.id) else ""
        facts.append(("Changed", group.difference + origin))
    facts += [("Doubt", doubt) for doubt in group.doubts]
    parts: list[RenderableType] = [_headline(edition), _title(group.id, group.title), _facts(facts)]
    for case in group.cases:
        units = [unit for unit in case.units if unit.id in chosen]
        if units:
            parts += _case_lines(edition, case, units)
    return Lines(*parts)


def _case_lines(edition: Edition, case: Case, units: Sequence[Unit]) -> list[RenderableType]:
    lines: list[RenderableType] = [Text(), _title(case.id, f"{case.kind} test case"), Text(case.purpose)]
    for unit in units:
        lines += [Text(), _indent(Text.assemble((unit.id, "bold cyan"), "  ", _manner(unit)), 2)]
        lines.append(_indent(_facts(_unit_facts(edition, unit)), 4))
    lines += [Text(), _indent(Text("PASS of the case needs", "bold"), 2)]
    lines.append(_indent(_facts(("-", condition) for condition in case.pass_when), 4))
    if case.reconstructed:
        said = case.reconstructed
        lines.append(_indent(Text(f"{said[0].upper()}{said[1:]}.", "dim"), 4))
    return lines


def _manner(unit: Unit) -> str:
    where = "on the device" if unit.functional else "on paper"
    if unit.iterates is None:
        return f"{unit.mode} {where}, once"
    often = f"for each entry of {unit.iterates}"
    if unit.combine == "any":
        often += ", of which one that passes is enough"
    elif unit.combine == "open":
        often += "; whether one that passes is enough is open"
    return f"{unit.mode} {where}, {often}"


def _unit_facts(edition: Edition, unit: Unit) -> list[tuple[str, str]]:
    facts = [("Does", unit.does)]
    if unit.scope:
        facts.append(("Scope", unit.scope))
    label = "Reads"
    for table, fields in unit.reads.items():
        facts.append((label, "all other IXIT tables" if table == "*" else f"{table}: {_fields(fields)}"))
        label = ""
    if unit.applies:
        again = [
            f"{case_id} ({', '.join(u.letter for u in edition.case(case_id).units)})"
            for case_id in unit.applies
        ]
        facts.append(("Repeats", f"the units of {', '.join(again)} on its own scope"))
    facts.append(("Program", unit.how))
    facts.append(("Means", MEANS[unit.automation]))
    return facts


def _fields(names: tuple[str, ...]) -> str:
    return "all fields" if names == ("*",) else ", ".join(names)


def _table_page(edition: Edition, table: Table) -> RenderableType:
    entries = "one record" if table.single else f"a list; an entry is {table.one_entry_is}"
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 1, 0), header_style="dim")
    grid.add_column("Field", style="bold", ratio=1)
    grid.add_column("What belongs there", ratio=3)
    for field in table.fields:
        grid.add_row(Text(field.name), _field_text(field))
    readers = [unit.id for unit in edition.units if table.id in unit.reads]
    facts = [("Form", entries), ("Read by", ", ".join(readers) or "no test unit")]
    return Lines(_headline(edition), _title(table.id, table.title), _facts(facts), Text(), grid)


def _field_text(field: Field) -> Text:
    remarks: list[str] = [field.type]
    if field.values:
        remarks = [("any of " if field.many else "one of ") + ", ".join(field.values)]
    elif field.tables:
        remarks = [("IDs" if field.many else "ID") + f" of entries in {listed(field.tables, last='or')}"]
    if field.second_part:
        remarks.append(f"followed by: {field.second_part}")
    if field.free_text:
        remarks.append("a remark may follow")
    if field.applies_if:
        remarks.append(f"only if: {field.applies_if}")
    return Text.assemble(f"{field.meaning}\n", (f"{'; '.join(remarks)}\n", "dim"), f"e.g. {field.example}")


def _headline(edition: Edition) -> Text:
    return Text(f"{edition.test_specification}, testing {edition.standard}", "dim")


def _title(name: str, title: str) -> Text:
    return Text.assemble((name, "bold cyan"), "  ", (title, "bold"))


def _status(edition: Edition, group: Group) -> str:
    provision = edition.provision(group.id)
    return provision.printed or provision.status


def _facts(rows: Iterable[tuple[str, str]]) -> Grid:
    """Labels to the left, text to the right."""
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, text in rows:
        grid.add_row(Text(label), Text(text))
    return grid


def _indent(content: RenderableType, by: int) -> Padding:
    return Padding(content, (0, 0, 0, by))
