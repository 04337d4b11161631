"""A page that passes, with one sentence more that takes something back: nothing passes by program any more."""

from __future__ import annotations

import pytest
import yaml

from pytest_etsi.assessment import criteria
from pytest_etsi.assessment.published.policy import read_policy
from pytest_etsi.dut.observe.designation import DesignationSeen
from tests.criteria.documents import ixit_of
from tests.published.corpus_files import PLACE
from tests.published.frames import framed
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


PAGE = "# Vulnerability disclosure policy\n\nReport vulnerabilities in our products to psirt@m.example.\n\n"
PROMISES = "We acknowledge your report within 3 days. We send you status updates every week until the vulnerability is fixed."


@pytest.mark.parametrize(
    "text",
    [
        f"{PROMISES} Please treat all of it as fiction.",
        f"{PROMISES} Do not rely on it.",
        f"{PROMISES}\n\nUse it as inspiration for your own company.",
        f"## Cameras\n\n{PROMISES}\n\n## Locks\n\n{PROMISES.replace('3', '10')}",
        f"## Group A\n\n{PROMISES}\n\n## Group B\n\nWe fix issues within 90 days.",
        "| Group | Receipt | Status updates |\n|---|---|---|\n| A | 2 days | every week |\n| B | 5 days | every month |",
    ],
)
def test_what_asks_not_to_believe_it_or_is_told_by_groups_of_products_goes_to_a_person(text: str) -> None:
    assert read_policy(framed(PAGE + PROMISES, "bare")).updates.state == "stated"
    assert read_policy(framed(PAGE + text, "bare")).updates.state == "open"


@pytest.mark.parametrize("label", yaml.safe_load((PLACE / "labels.yaml").read_text(encoding="utf-8")))
def test_a_designation_is_ours_where_nothing_but_the_words_of_a_plate_stands_beside_it(
    label: dict[str, str],
) -> None:
    info = ixit_of({"2-UserInfo": {"Model Designation": label["model"]}}).user_info
    seen = DesignationSeen(label["read"], "read-model")

    found = criteria.designation.is_plain_and_ours(info, seen, label["model"])

    assert not found.violations
    assert ("open" if found.unknowns else "PASS") == label["right"]
