"""Tables of a loaded profile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import load, write_profile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["24-TelData", "TelData", "tel_data"])
def test_table_without_entries_is_found_by_each_of_its_names(tmp_path: Path, name: str) -> None:
    write_profile(tmp_path)
    table = load(tmp_path).ixit.table(name)

    assert (table.id, len(table)) == ("24-TelData", 0)
