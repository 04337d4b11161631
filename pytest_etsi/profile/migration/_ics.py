"""The ICS in the next edition: rows by the crosswalk, as proposals where another thing is asked."""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

from pytest_etsi.profile._yaml import Mapping, Node, Scalar
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.migration._text import Block, Part, scalar
from pytest_etsi.profile.migration.left import Left

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.profile.migration._documents import Cut
    from pytest_etsi.profile.migration._text import Line
    from pytest_etsi.standard import Provision
    from pytest_etsi.standard.crosswalk import ConditionRow, Crosswalk, ProvisionRow

__all__ = ["Row", "condition_lines", "migrate_rows", "read_rows", "row_lines"]

Row = Block | Part
"""A row in keys, or one that is written otherwise."""


def read_rows(cuts: list[Cut]) -> tuple[dict[str, Row], dict[str, Part], list[str]]:
    """Rows by provision, conditions by id, and the comments above all."""
    rows: dict[str, Row] = {}
    conditions: dict[str, Part] = {}
    head: list[str] = []
    for cut in cuts:
        if not isinstance(cut.root, Mapping):
            continue
        for number, (part, end) in enumerate(cut.source.rows(cut.root, cut.end)):
            if number == 0:
                head, part.comments = [*head, *part.comments], []
            if part.key == "conditions" and isinstance(part.node, Mapping):
                conditions |= {one.key: one for one in cut.source.parts(part.node, end)}
            elif part.key == "conditions" and isinstance(part.node, Scalar) and part.node.is_null:
                continue
            elif isinstance(part.node, Mapping):
                rows[part.key] = cut.source.block(part, part.node, end)
            else:
                rows[part.key] = part
    return rows, conditions, head


def migrate_rows(old: dict[str, Row], walk: Crosswalk) -> dict[str, Row]:
    """The rows of the later edition, in its order; what was claimed and has to be thought over is marked.

    Args:
        old: the rows by provision of the earlier edition.
        walk: from the earlier edition to the later one.
    """
    new: dict[str, Row] = {}
    for way in walk.provisions:
        if way.old is None or way.new is None or way.old not in old:
            continue
        row = _copy(old[way.old])
        if _is_open(way, row, walk):
            row = _proposed(row, way, walk)
        new[way.new] = row
    return new


def _copy(row: Row) -> Row:
    if isinstance(row, Part):
        return Part(row.key, row.node, row.text, list(row.comments))
    return Block(dict(row.parts), list(row.comments))


def _is_open(way: ProvisionRow, row: Row, walk: Crosswalk) -> bool:
    """Whether the old answer is no answer any more: another thing is asked, or it spoke of a condition that is gone."""
    return way.confirm or (_speaks_of_conditions(row) and not _same_conditions(way, walk))


def _speaks_of_conditions(row: Row) -> bool:
    return re.match(r"n ?/ ?a|n\.a|na\b|not app", _support(row).strip().lower()) is not None


def _same_conditions(way: ProvisionRow, walk: Crosswalk) -> bool:
    """Whether the later row depends on the same conditions under whatever names."""
    assert way.old is not None  # noqa: S101 - the row was answered
    assert way.new is not None  # noqa: S101 - and has a place
    became = {(one.old, one.new) for one in walk.conditions if one.kind == "same"}
    before, after = walk.old.provision(way.old).conditional, walk.new.provision(way.new).conditional
    return len(before) == len(after) and all(pair in became for pair in zip(before, after, strict=True))


def _support(row: Row) -> str:
    node = row.node if isinstance(row, Part) else row.parts.get("support", Part("", scalar(""))).node
    return node.text if isinstance(node, Scalar) else ""


def _proposed(row: Row, way: ProvisionRow, walk: Crosswalk) -> Block:
    if isinstance(row, Part):
        row = Block({"support": Part("support", row.node)}, row.comments)
    why = way.note if way.confirm else "the condition that it spoke of has changed"
    evidence = f"the answer to {way.old} in edition {walk.old.id}; {why}"
    left = Left("confirm-row", f"ICS {way.new}", f"{_support(row) or 'nothing'}, {evidence}")
    row.parts.pop(MARK, None)
    row.parts = {MARK: Part(MARK, scalar(evidence), left=left), **row.parts}
    return row


def row_lines(rows: dict[str, Row], walk: Crosswalk, old: dict[str, Row]) -> Iterator[Line]:
    """The rows as they are written, those that lack as comments, and what has no place."""
    provisions = [one for one in walk.new.provisions if one.printed]
    for provision in provisions:
        row = rows.get(provision.id)
        if row is None:
            yield from _skeleton(provision, walk)
            continue
        if not row.comments or row.comments[0]:
            yield "", None
        yield from ((line, None) for line in row.comments)
        key = f'"{provision.id}":'
        if isinstance(row, Part):
            part = row.renamed(provision.id)
            yield from ((line, part.left) for line in part.lines())
            continue
        yield key, None
        yield from Block(row.parts, [], row.notes).lines("  ", item=False)
    placed = {way.old for way in walk.provisions if way.new}
    for name, one in old.items():
        if name in placed:
            continue
        left = Left("no-place", f"ICS {name}", f"edition {walk.new.id} has no such row")
        yield "", None
        part = one if isinstance(one, Part) else Part(name, one.node)
        for number, line in enumerate(part.as_comment()):
            yield line, left if number == 0 else None


def _skeleton(provision: Provision, walk: Crosswalk) -> Iterator[Line]:
    ways = walk.of(provision.id)
    note = next((way.note for way in ways if way.note), "")
    what = f"{provision.title} ({provision.printed})" + (f"; {note}" if note else "")
    yield "", None
    yield f"# {what}", None
    yield f'# "{provision.id}": {{support: Y, detail: ""}}', Left("new-row", f"ICS {provision.id}", what)


def condition_lines(old: dict[str, Part], walk: Crosswalk, stated: dict[str, Part]) -> Iterator[Line]:
    """What is stated of each condition; what only follows likely, or is new, as comments.

    Args:
        old: what the earlier documents state, by condition.
        walk: from the earlier edition to the later one.
        stated: what has been stated of the later edition's conditions.
    """
    yield "", None
    yield "# Which conditions hold for the device:", None
    yield "conditions:", None
    told: set[str] = set()
    for condition in walk.new.conditions:
        ways = [way for way in walk.conditions if way.new == condition.id]
        before = [(way, old[way.old]) for way in ways if way.old in old]
        name = f"condition {condition.id}" if condition.id.isdecimal() else f"feature {condition.id}"
        if condition.id in stated:
            part = stated[condition.id].renamed(condition.id)
            yield from ((f"  {line}", None) for line in (*part.comments, *part.lines()))
        elif kept := next((part for way, part in before if _holds_still(way, part)), None):
            part = kept.renamed(condition.id)
            yield from ((f"  {line}", None) for line in (*part.comments, *part.lines()))
        elif before:
            way, part = before[0]
            said = part.node.text if isinstance(part.node, Scalar) else ""
            why = f"condition {way.old} of edition {walk.old.id} was {said}" + (
                f"; {way.note}" if way.note else ""
            )
            yield from _wrapped(f"{condition.meaning} ({why})")
            yield f'  # "{condition.id}": {said}', Left("confirm-condition", name, why)
        else:
            yield from _wrapped(condition.meaning)
            left = Left("new-condition", name, condition.meaning)
            yield f'  # "{condition.id}": true', left
        told |= {way.old for way, _ in before if way.old}
    for key in (one for one in old if one not in told):
        left = Left("no-place", f"condition {key}", f"edition {walk.new.id} has no such condition")
        yield f"  # {key}: {_said(old[key].node)}   # has no place in edition {walk.new.id}", left


def _wrapped(text: str) -> Iterator[Line]:
    yield from ((f"  # {line}", None) for line in textwrap.wrap(text, 108, break_on_hyphens=False))


def _holds_still(way: ConditionRow, part: Part) -> bool:
    """What holds of less holds of more; what does not hold may hold of more."""
    true = _said(part.node).strip().lower() in ("true", "yes")
    return way.kind == "same" or (way.kind == "wider" and true)


def _said(node: Node) -> str:
    return " ".join(node.text.split()) if isinstance(node, Scalar) else ""
