"""Pages on replacement: in ordinary words they pass, and each twin that lacks the reason, the plan or the end does not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from tests.published.corpus_decisions import asked
from tests.published.corpus_files import PLACE, Sample

PAGES: list[dict[str, Any]] = yaml.safe_load((PLACE / "replacing.yaml").read_text(encoding="utf-8"))
TWINS = [
    pytest.param(page, twin, id=f"{page['language']}-{number}")
    for page in PAGES
    for number, twin in enumerate(page["twins"])
]


def said_of(page: dict[str, Any], text: str) -> dict[str, str]:
    """What is decided on the three questions, c, d and e."""
    right = dict.fromkeys("cde", "open")
    content = {**page, **right, "id": "page", "text": text, "frame": "help-center"}
    return {one.question: one.ours() for one in asked([Sample("page", "own", content)])}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page["language"])
def test_an_ordinary_page_passes(page: dict[str, Any]) -> None:
    assert said_of(page, page["text"]) == dict.fromkeys("cde", "PASS")


@pytest.mark.parametrize(("page", "twin"), TWINS)
def test_what_lacks_one_of_the_three_does_not_pass(page: dict[str, Any], twin: dict[str, Any]) -> None:
    text = page["text"]
    if "instead" in twin:
        assert twin["instead"][0] in text
        text = text.replace(*twin["instead"])
    if "after" in twin:
        text = f"{text}\n{twin['after']}\n"

    assert said_of(page, text)[twin["takes"]] != "PASS"
