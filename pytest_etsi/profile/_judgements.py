"""Judgements: each for a unit of the edition, and for an entry that the IXIT has."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.profile._documents import JudgementDocument
from pytest_etsi.profile._model import External, Judgement
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Edition, Unit

__all__ = ["read_judgements"]


def read_judgements(documents: list[Document], standard: Edition, ixit: Ixit) -> tuple[Judgement, ...]:
    """The judgements, in the order written. What is wrong with them is noted in their document."""
    judgements: list[Judgement] = []
    units = {unit.id: unit for unit in standard.units}
    seen: dict[tuple[str, str | None], int] = {}
    for document in documents:
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            continue
        if not isinstance(root, Sequence):
            document.problem(root, "judgements", "expected a list of judgements")
            continue
        for index, node in enumerate(root.items):
            judgement = _judgement(document, node, index, standard, ixit, units)
            if judgement is None:
                continue
            key = (judgement.unit, judgement.entry)
            if key in seen:
                name = f"{judgement.unit} {judgement.entry or ''}".strip()
                document.problem(
                    node, f"judgement {name}", "a second judgement of the same", f"first in line {seen[key]}"
                )
                continue
            seen[key] = node.line
            judgements.append(judgement)
    return tuple(judgements)


def _judgement(
    document: Document, node: Node, index: int, standard: Edition, ixit: Ixit, units: dict[str, Unit]
) -> Judgement | None:
    where = f"judgement {index + 1}"
    unit_node, entry_node = (
        (node.get("unit"), node.get("entry")) if isinstance(node, Mapping) else (None, None)
    )
    unit = document.text(unit_node) if isinstance(unit_node, Scalar) else ""
    entry = document.text(entry_node) if isinstance(entry_node, Scalar) and not entry_node.is_null else None
    if unit:
        where = f"judgement {unit}" + (f" {entry}" if entry else "")
    written = document.check(JudgementDocument, node, where=where)
    fits = (
        not unit
        or not isinstance(node, Mapping)
        or _fits(document, node, unit, entry, where, standard, ixit, units)
    )
    if written is None or not fits:
        return None
    return Judgement(
        unit=written.unit,
        entry=written.entry,
        verdict=Verdict(written.verdict),
        assessor=written.assessor,
        date=written.date,
        rationale=written.rationale,
        basis=written.basis,
        evidence=written.evidence,
        fingerprint=written.fingerprint,
        source=document.source(node),
        external=External(**written.external.model_dump()) if written.external is not None else None,
    )


def _fits(
    document: Document,
    node: Mapping,
    name: str,
    entry: str | None,
    where: str,
    standard: Edition,
    ixit: Ixit,
    units: dict[str, Unit],
) -> bool:
    """Whether the unit is one of the edition's, and the entry one of its table's; noted where not."""
    unit = units.get(name)
    if unit is None:
        hint = _elsewhere(document, name, standard, units)
        document.problem(node.place("unit"), where, f'edition {standard.id} has no unit "{name}"', hint)
        return False
    table = ixit.tables.get(unit.iterates) if unit.iterates else None
    place = node.place("entry")
    if entry is None:
        if table is not None and not table.single and len(table):
            document.problem(
                node.place("unit"),
                where,
                f"entry is missing: {name} is evaluated for each entry of {table.id}",
            )
            return False
        return True
    if unit.iterates is None:
        document.problem(place, where, f"{name} is not evaluated entry by entry", "leave entry out")
        return False
    if table is not None and table.get(entry) is None:
        # It is about nothing that is there, as one that is stale: the entry, if it has another name, is judged anew.
        document.unread(
            place,
            "judgement",
            where,
            "",
            f'{table.id} has no entry "{entry}"',
            document.hints.near(entry, [e.id for e in table]),
        )
        return False
    return True


def _elsewhere(document: Document, name: str, standard: Edition, units: dict[str, Unit]) -> str:
    for other in EDITIONS:
        if other != standard.id and any(unit.id == name for unit in edition(other).units):
            return f"edition {other} has it"
    return document.hints.near(name, units)
