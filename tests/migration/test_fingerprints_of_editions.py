"""What a judgement is bound to in an edition that added fields: to those only that its unit reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inline_documents import inline
from yaml_text import dumped

from pytest_etsi.assessment.judgement import fingerprint
from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pathlib import Path

SECOND = edition("2.1.1")


def profile(folder: Path, **fields: str) -> Profile:
    """The sensor in the later edition, with other fields of its door events."""
    content = inline("constrained-sensor-2.1.1")
    door, *others = content["ixit"]["21-PersData"]
    tables = content["ixit"] | {"21-PersData": [door | fields, *others]}
    folder.mkdir()
    (folder / "profile.yaml").write_text(dumped(content | {"ixit": tables}), encoding="utf-8")
    return load_profile(folder)


def changed(before: Profile, after: Profile) -> set[str]:
    """The units over 21-PersData whose judgements would have to be made again."""
    units = [unit for unit in SECOND.units if unit.iterates == "21-PersData"]
    one, other = (
        {unit.id: fingerprint(known, unit, "PersData-Door") for unit in units} for known in (before, after)
    )
    return {unit for unit in one if one[unit] != other[unit]}


def test_a_field_that_the_edition_added_counts_for_the_units_that_read_it(tmp_path: Path) -> None:
    before, after = profile(tmp_path / "a"), profile(tmp_path / "b", Purpose="Something else.")
    # Where the catalogue does not say what a unit reads of its entry, all of it counts.
    readers = {unit.id for unit in SECOND.units if "Purpose" in unit.reads.get("21-PersData", ("Purpose",))}
    over = {unit.id for unit in SECOND.units if unit.iterates == "21-PersData"}

    assert "21-PersData" in SECOND.added_fields
    assert changed(before, after) == readers & over
    assert over - readers


def test_a_field_of_both_editions_counts_for_every_unit_of_its_table(tmp_path: Path) -> None:
    before, after = profile(tmp_path / "a"), profile(tmp_path / "b", Description="Something else.")

    assert changed(before, after) == {unit.id for unit in SECOND.units if unit.iterates == "21-PersData"}


def test_the_first_edition_has_added_nothing() -> None:
    assert edition("1.1.1").added_fields == {}
    assert SECOND.added_fields["10-SecParam"] == frozenset()
    assert SECOND.added_fields["27-UserIntf"] == {"Type"}
