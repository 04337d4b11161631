"""Judgements on units of the edition, and answers on entries of the IXIT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_etsi.profile._documents import EntryAnswerDocument, JudgementDocument
from pytest_etsi.profile._model import EntryAnswer, External, Judgement
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.entry_questions import questions_of
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.verdict import Verdict

if TYPE_CHECKING:
    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.standard import Edition, Unit

__all__ = ["read_judgements"]


def read_judgements(
    documents: list[Document], standard: Edition, ixit: Ixit
) -> tuple[tuple[Judgement, ...], tuple[EntryAnswer, ...]]:
    """The judgements on units and the answers on entries, in the order written.

    What is wrong with them is noted in their document.
    """
    found: dict[tuple[str, str | None], Judgement | EntryAnswer] = {}
    units = {unit.id: unit for unit in standard.units}
    for document in documents:
        root = document.root
        if root is None or (isinstance(root, Scalar) and root.is_null):
            continue
        if not isinstance(root, Sequence):
            document.problem(root, "judgements", "expected a list of judgements")
            continue
        for index, node in enumerate(root.items):
            if isinstance(node, Mapping) and node.get("question") is not None and node.get("unit") is None:
                made: Judgement | EntryAnswer | None = _answer(document, node, index, standard, ixit)
            else:
                made = _judgement(document, node, index, standard, ixit, units)
            if made is None:
                continue
            if made.key in found:
                name = " ".join(part for part in made.key if part)
                first = found[made.key].source.line
                document.problem(
                    node, f"judgement {name}", "a second judgement of the same", f"first in line {first}"
                )
                continue
            found[made.key] = made
    judgements = tuple(one for one in found.values() if isinstance(one, Judgement))
    return judgements, tuple(one for one in found.values() if isinstance(one, EntryAnswer))


def _answer(
    document: Document, node: Mapping, index: int, standard: Edition, ixit: Ixit
) -> EntryAnswer | None:
    """An answer on an entry; the question, the entry and the answer have to be known ones."""
    written = document.check(EntryAnswerDocument, node, where=f"judgement {index + 1}")
    if written is None:
        return None
    where = f"judgement {written.question} {written.entry}"
    known = questions_of(standard)
    question = known.get(written.question)
    if question is None:
        message = f'there is no question "{written.question}" about an entry'
        document.problem(node.place("question"), where, message, document.hints.near(written.question, known))
        return None
    table = ixit.table(question.table)
    if table.get(written.entry) is None:
        message = f'{table.id} has no entry "{written.entry}"'
        near = document.hints.near(written.entry, [entry.id for entry in table])
        document.problem(node.place("entry"), where, message, near)
        return None
    if written.answer not in question.answers:
        document.problem(node.place("answer"), where, f"expected {' or '.join(question.answers)}")
        return None
    return EntryAnswer(
        question=written.question,
        entry=written.entry,
        answer=written.answer,
        **_concluded(written),
        source=document.source(node),
    )


def _concluded(written: JudgementDocument | EntryAnswerDocument) -> dict[str, Any]:
    """What every recorded answer says, by the names of its attributes."""
    external = written.external
    return {
        "assessor": written.assessor,
        "date": written.date,
        "rationale": written.rationale,
        "basis": written.basis,
        "evidence": written.evidence,
        "fingerprint": written.fingerprint,
        "external": External(**external.model_dump()) if external is not None else None,
    }


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
        **_concluded(written),
        reviewed_by=written.reviewed_by or "",
        reviewed_on=written.reviewed_on,
        source=document.source(node),
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
