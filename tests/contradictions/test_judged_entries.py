"""A judgement is about what it read: an answer that changes makes stale exactly the judgements that read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from contradictions import Change, load_changed

from pytest_etsi.assessment.plan import make_plan
from pytest_etsi.assessment.suite import load_units
from pytest_etsi.profile import load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.profile import Judgement

CATALOGUE = edition("1.1.1")
CAMERA = load_profile("virtual-camera")


def _edits() -> list[tuple[str, str, str]]:
    """Table, entry and field: one text of each entry."""
    edits = []
    for table in CAMERA.ixit:
        texts = [
            field.name
            for field in CATALOGUE.table(table.id).fields
            if field.type == "text" and field.name != "ID"
        ]
        for entry in table:
            field = next((name for name in texts if isinstance(entry.values.get(name), str)), None)
            if field is not None:
                edits.append((table.id, entry.id, field))
    return edits


def _read_by(judgement: Judgement, table: str, entry: str, field: str) -> bool:
    unit = CATALOGUE.unit(judgement.unit)
    if unit.iterates == table:
        return judgement.entry == entry
    return "*" in unit.reads or field in unit.reads.get(table, ())


@pytest.mark.parametrize(("table", "entry", "field"), _edits(), ids=lambda part: part or "record")
def test_a_changed_answer_makes_stale_exactly_the_judgements_that_read_it(
    tmp_path: Path, table: str, entry: str, field: str
) -> None:
    text = CAMERA.ixit.table(table).get(entry).raw[field]
    changed = load_changed(
        tmp_path / "camera", Change(table, entry, field, f"{text} Edited since.", frozenset())
    )
    stale = {one.key for one in make_plan(changed, load_units()).evaluations if one.judgement == "stale"}

    assert stale == {(one.unit, one.entry) for one in CAMERA.judgements if _read_by(one, table, entry, field)}
