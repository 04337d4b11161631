"""What changed from one edition to the next, in our words: all provisions, a group unit by unit, or an IXIT table.

`describe` gives builtins for `--json`; `render` gives a rich renderable for a terminal or a pipe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Group as Lines
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from pytest_etsi.standard import UnknownIdError
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from pytest_etsi.standard import Edition, Field, Group, Table, Unit
    from pytest_etsi.standard.crosswalk import Crosswalk, ProvisionRow

__all__ = ["FORMAT", "describe", "render"]

FORMAT = 1
"""Version of the JSON form; grows when a key is dropped or changes its meaning, not when one is added."""


def describe(walk: Crosswalk, what: str | None = None) -> dict[str, Any]:
    """The difference as builtins.

    Args:
        walk: from the earlier edition to the later one.
        what: id of a scenario or group of either edition, or of an IXIT table; None: everything.

    Raises:
        UnknownIdError: neither edition has it.
    """
    rows, tables = _find(walk, what)
    return {
        "format": FORMAT,
        "old": walk.old.id,
        "new": walk.new.id,
        "selected": what,
        "provisions": [
            {
                "old": row.old,
                "new": row.new,
                "kind": row.kind,
                "note": row.note,
                "confidence": row.confidence,
                "confirm": row.confirm,
                "status": [_status(walk.old, row.old), _status(walk.new, row.new)],
                "difference": walk.new.group(row.new).difference if row.new else None,
                "doubts": list(walk.new.group(row.new).doubts) if row.new else [],
                "units": [_unit_json(walk, *pair) for pair in _pairs(walk, row)],
            }
            for row in rows
        ],
        "tables": [
            {
                "old": old.id,
                "new": new.id,
                "fields": [{"field": name, "kind": kind, "what": text} for name, kind, text in fields],
            }
            for old, new in tables
            if (fields := list(_fields(walk, old, new))) or old.id != new.id
        ],
    }


def render(walk: Crosswalk, what: str | None = None) -> RenderableType:
    """The difference to read.

    Raises:
        UnknownIdError: neither edition has it.
    """
    rows, tables = _find(walk, what)
    head = Text(f"{walk.old.test_specification} -> {walk.new.test_specification}", "dim")
    if what is None or what in {*walk.old.scenarios, *walk.new.scenarios}:
        parts: list[RenderableType] = [head, _overview(walk, rows)]
        if what is None:
            parts += [Text(), Text("IXIT tables", "bold"), _tables(walk, tables)]
            parts += [
                Text(),
                Text("One group, unit by unit: pytest-etsi catalogue --difference 1.1.1 2.1.1 5.3-4A", "dim"),
            ]
        return Lines(*parts)
    if rows:
        return Lines(head, *(part for row in rows for part in _page(walk, row)))
    return Lines(head, _tables(walk, tables, every=True))


def _find(
    walk: Crosswalk, what: str | None
) -> tuple[tuple[ProvisionRow, ...], tuple[tuple[Table, Table], ...]]:
    tables = tuple(_table_pairs(walk))
    if what is None:
        return walk.provisions, tables
    scenario = {group.id for one in (walk.old, walk.new) for group in one.groups if group.scenario == what}
    if rows := tuple(row for row in walk.provisions if scenario & {row.old, row.new}):
        return rows, ()
    if chosen := tuple(
        pair for pair in tables if what in {name for one in pair for name in (one.id, one.name)}
    ):
        return (), chosen
    try:
        return walk.of(what), ()
    except UnknownIdError as error:
        raise UnknownIdError(
            f"neither edition has a scenario, group or IXIT table {what!r}"
            + (f"; the nearest: {', '.join(error.near)}" if error.near else ""),
            error.near,
        ) from None


def _table_pairs(walk: Crosswalk) -> Iterator[tuple[Table, Table]]:
    for old in walk.old.tables:
        yield old, walk.new.table(walk.new.renamed_tables.get(old.id, old.id))


def _status(edition: Edition, provision: str | None) -> str:
    if provision is None:
        return ""
    known = edition.provision(provision)
    return known.printed or known.status


# Units ------------------------------------------------------------------------------------------------------


def _pairs(walk: Crosswalk, row: ProvisionRow) -> Iterator[tuple[Unit | None, Unit | None, bool]]:
    """The units of a row, old and new, and whether they are the same."""
    later = walk.new.group(row.new).units if row.new else ()
    earlier = walk.old.group(row.old).units if row.old else ()
    within = {unit.id for unit in later}
    for unit in later:
        came = [one for one in walk.came_from(unit.id) if one.old in {old.id for old in earlier}]
        if not came:
            yield None, unit, False
        for one in came:
            yield walk.old.unit(one.old), unit, one.same
    for unit in earlier:
        became = walk.became(unit.id)
        if not became or (row.kind != "split" and not within & {one.new for one in became}):
            yield unit, None, False


def _unit_json(walk: Crosswalk, old: Unit | None, new: Unit | None, same: bool) -> dict[str, Any]:
    return {
        "old": old.id if old else None,
        "new": new.id if new else None,
        "same": same,
        "changes": [list(one) for one in _changes(walk, old, new, same)],
    }


def _changes(
    walk: Crosswalk, old: Unit | None, new: Unit | None, same: bool
) -> Iterator[tuple[str, str, str]]:
    """What differs of a unit: the name of it, then and now."""
    if same or old is None or new is None:
        return
    for name, before, after in (
        ("does", old.does, new.does),
        ("mode", _manner(old), _manner(new)),
        ("over", _over(old), _over(new)),
        ("reads", _reads(old), _reads(new)),
        ("program", old.how, new.how),
    ):
        if _renamed(walk, before) != after:
            yield name, before, after


def _renamed(walk: Crosswalk, text: str) -> str:
    for old, new in walk.new.renamed_tables.items():
        text = text.replace(old, new)
    return text


def _manner(unit: Unit) -> str:
    return f"{unit.mode} {'on the device' if unit.functional else 'on paper'}"


def _over(unit: Unit) -> str:
    over = f"each entry of {unit.iterates}" if unit.iterates else "once"
    return f"{over}: {unit.scope}" if unit.scope else over


def _reads(unit: Unit) -> str:
    return "; ".join(f"{table}: {', '.join(fields)}" for table, fields in unit.reads.items()) or "nothing"


def _page(walk: Crosswalk, row: ProvisionRow) -> Iterator[RenderableType]:
    yield Text()
    yield Text.assemble((f"{row.old or '-'} -> {row.new or '-'}", "bold cyan"), "  ", (_kind(row), "bold"))
    facts: list[tuple[str, str]] = []
    for edition, name in ((walk.old, row.old), (walk.new, row.new)):
        if name is not None:
            facts.append((edition.id, f"{edition.provision(name).title} ({_status(edition, name)})"))
            facts += [
                ("", f"({one}) {edition.condition(one).meaning}")
                for one in edition.provision(name).conditional
            ]
    if row.note:
        facts.append(("Changed", row.note))
    group: Group | None = walk.new.group(row.new) if row.new else None
    if group and group.difference:
        facts.append(("Tested", group.difference))
    facts += [("Doubt", doubt) for doubt in (group.doubts if group else ())]
    facts.append(("Your ICS", _claim(row)))
    yield _facts(facts)
    for old, new, same in _pairs(walk, row):
        yield from _unit(walk, old, new, same)


def _claim(row: ProvisionRow) -> str:
    if row.kind == "new":
        return "a row to be written"
    if row.kind == "gone":
        return "the row has no place any more"
    return "the old answer is a proposal, to be confirmed" if row.confirm else "the old answer stands"


def _unit(walk: Crosswalk, old: Unit | None, new: Unit | None, same: bool) -> Iterator[RenderableType]:
    if same and old is not None and new is not None:
        name = new.id if old.id == new.id else f"{old.id} -> {new.id}"
        yield Padding(Text.assemble((name, "cyan"), "  the same"), (0, 0, 0, 2))
        return
    if new is None or old is None:
        shown = new or old
        assert shown is not None  # noqa: S101 - a pair has at least one side
        what = "is new" if old is None else "is gone"
        yield Padding(Text.assemble((shown.id, "cyan"), f"  {what}: ", shown.does), (0, 0, 0, 2))
        return
    name = new.id if old.id == new.id else f"{old.id} -> {new.id}"
    yield Padding(Text.assemble((name, "cyan"), "  changed"), (0, 0, 0, 2))
    changes = list(_changes(walk, old, new, same))
    rows = [
        pair
        for label, before, after in changes
        for pair in ((f"{label}, then", before), (f"{label}, now", after))
    ]
    reason = "what the fields that it reads can hold" if not rows else ""
    yield Padding(_facts(rows or [("differs in", reason)]), (0, 0, 0, 4))


# All provisions, and tables ---------------------------------------------------------------------------------


def _overview(walk: Crosswalk, rows: tuple[ProvisionRow, ...]) -> RenderableType:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in (walk.old.id, walk.new.id, "Status", "Units"):
        grid.add_column(name, no_wrap=True)
    grid.add_column("What became of it")
    for row in rows:
        pairs = list(_pairs(walk, row))
        same = sum(one[2] for one in pairs)
        grid.add_row(
            row.old or "-",
            row.new or "-",
            _both(_status(walk.old, row.old), _status(walk.new, row.new)),
            "the same" if same == len(pairs) else f"{same} of {len(pairs)}",
            Text(_kind(row) + (f": {row.note}" if row.note else "")),
        )
    kinds = [row.kind for row in rows]
    changed = sum(row.kind in ("same", "renumbered") and row.confirm for row in rows)
    counted = ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds))
    total = (
        f"{len(rows)} rows: {counted}; of those that kept their place {changed} ask another thing. "
        "Units: how many ask the same, of how many of both editions"
    )
    return Lines(grid, Text(), Text(total))


def _both(old: str, new: str) -> str:
    return new if old in ("", new) else old if not new else f"{old} -> {new}"


def _kind(row: ProvisionRow) -> str:
    return "changed" if row.kind == "same" and row.confirm else row.kind


def _tables(
    walk: Crosswalk, pairs: tuple[tuple[Table, Table], ...], *, every: bool = False
) -> RenderableType:
    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("Table", "Field", "What became of it"):
        grid.add_column(name)
    for old, new in pairs:
        name = new.id if old.id == new.id else f"{old.id} -> {new.id}"
        fields = list(_fields(walk, old, new))
        if not fields and (every or old.id != new.id):
            grid.add_row(Text(name), "", "the fields are the same")
        for field, kind, text in fields:
            grid.add_row(Text(name), Text(field), Text(f"{kind}{': ' if text else ''}{text}"))
            name = ""
    return grid


def _fields(walk: Crosswalk, old: Table, new: Table) -> Iterator[tuple[str, str, str]]:
    """The fields that are not as they were: name, what became of them, and more about it."""
    renamed = walk.new.renamed_fields.get(old.id, {})
    then = {renamed.get(field.name, field.name): field for field in old.fields}
    for field in new.fields:
        before = then.get(field.name)
        if before is None:
            yield field.name, "new", field.meaning
        elif before.name != field.name:
            yield field.name, "renamed", f"was {before.name}"
        elif text := "; ".join(_answers(walk, before, field)):
            yield field.name, "changed", text
    now = {field.name for field in new.fields}
    for name, before in then.items():
        if name not in now:
            moved = [one.id for one in walk.new.tables if one is not new and _has_new(walk, one, name)]
            yield before.name, "gone", f"its place is in {listed(moved, last='or')}" if moved else ""


def _has_new(walk: Crosswalk, table: Table, field: str) -> bool:
    """Whether a table got a field of that name with this edition."""
    older = {new: old for old, new in walk.new.renamed_tables.items()}.get(table.id, table.id)
    had = {one.name for one in walk.old.table(older).fields}
    return field not in had and any(one.name == field for one in table.fields)


def _answers(walk: Crosswalk, old: Field, new: Field) -> Iterator[str]:
    if old.values != new.values:
        yield f"one of {', '.join(new.values)} instead of {', '.join(old.values)}"
    if old.type != new.type:
        yield f"{new.type} instead of {old.type}"
    if old.applies_if != new.applies_if:
        yield f"asked {new.applies_if or 'of every entry'} instead of {old.applies_if or 'of every entry'}"
    if old.second_part != new.second_part:
        yield f"followed by {new.second_part or 'nothing'}"
    if [walk.new.renamed_tables.get(name, name) for name in old.tables] != list(new.tables):
        yield f"IDs in {listed(new.tables, last='or')}"


def _facts(rows: list[tuple[str, str]]) -> Grid:
    grid = Grid.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column()
    for label, text in rows:
        grid.add_row(Text(label), Text(text))
    return grid
