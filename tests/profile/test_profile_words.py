"""References that name nothing: every usual form of "none" is read alike, and an ID is never taken for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from profile_documents import load, open_problems_of, write_profile

if TYPE_CHECKING:
    from pathlib import Path


def _component(text: str) -> str:
    return f'"7-UpdMech":\n- ID: UpdMech-OTA\n"6-SoftComp":\n- {{ID: a, Update Mechanism: "{text}"}}\n'


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "None.",
        "n/a",
        "N.A.",
        "nil",
        "--",
        "\u2013",
        "Does not apply",
        "keine",
        "none needed",
        "none; in mask ROM",
        "nil - in mask ROM",
    ],
)
def test_a_reference_to_nothing_names_no_entry_in_whatever_words(tmp_path: Path, text: str) -> None:
    write_profile(tmp_path, ixit=_component(text))

    (entry,) = load(tmp_path).ixit.soft_comp
    assert entry.references["Update Mechanism"] == ()
    assert entry["Update Mechanism"] == text


@pytest.mark.parametrize(
    "text", ["None-1", "NIC", "ND", "Nothing but UpdMech-OTA", "not UpdMech-OTA", "tbd", "?"]
)
def test_what_is_no_form_of_none_is_not_read_over(tmp_path: Path, text: str) -> None:
    write_profile(tmp_path, ixit=_component(text))

    assert open_problems_of(tmp_path)
