"""Every verdict on the documents can fail: each contradiction fails exactly the units that it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from contradictions import Change, all_changes, load_changed, units_that

from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

CHANGES = all_changes()
PROVED_ELSEWHERE = {"5.1-3-1/b", "5.1-4-1/a"}
"""Units that `tests/test_bad_documents.py` fails in a run: they look at the access part, or at the published manual."""


def test_unchanged_documents_contradict_nothing(tmp_path: Path) -> None:
    assert units_that("FAIL", load_changed(tmp_path / "camera")) == {}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_contradiction_fails_exactly_its_units(tmp_path: Path, change: Change) -> None:
    failed = units_that("FAIL", load_changed(tmp_path / "camera", change))

    assert failed.keys() == change.fails, failed


def test_at_least_eighty_contradictions_are_seeded() -> None:
    assert len(CHANGES) >= 80


def test_every_conceptual_unit_can_fail() -> None:
    conceptual = {unit.id for unit in edition("1.1.1").units if not unit.functional}
    covered = {unit for change in CHANGES.values() for unit in change.fails}

    assert conceptual - covered == PROVED_ELSEWHERE
