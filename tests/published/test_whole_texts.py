"""A page that passes, with one sentence more that takes something back: nothing passes by program any more."""

from __future__ import annotations

import pytest
import yaml

from pytest_etsi.assessment import criteria
from pytest_etsi.dut.observe.designation import DesignationSeen
from tests.criteria.documents import ixit_of
from tests.published.corpus_files import PLACE
from tests.published.limited_pages import Limited, limited


@pytest.fixture(scope="module")
def pages() -> list[Limited]:
    return list(limited())


@pytest.mark.parametrize("held_out", [False, True])
def test_a_sentence_that_takes_something_back_goes_to_a_person(pages: list[Limited], held_out: bool) -> None:
    half = [one for one in pages if one.held_out == held_out]

    assert len(half) > 30
    assert [one for one in half if one.without != "PASS"] == []
    assert [one for one in half if one.ours != "open"] == []


@pytest.mark.parametrize("label", yaml.safe_load((PLACE / "labels.yaml").read_text(encoding="utf-8")))
def test_a_designation_is_ours_where_nothing_but_the_words_of_a_plate_stands_beside_it(
    label: dict[str, str],
) -> None:
    info = ixit_of({"2-UserInfo": {"Model Designation": label["model"]}}).user_info
    seen = DesignationSeen(label["read"], "read-model")

    found = criteria.designation.is_plain_and_ours(info, seen, label["model"])

    assert not found.violations
    assert ("open" if found.unknowns else "PASS") == label["right"]
