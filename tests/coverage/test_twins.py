"""Twins: a plain text that covers an entry, and the same text with a sentence, a row or a second document that takes it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from published_texts import concluded, findings_of, ixit_of, read_texts
from yaml_text import loaded

from pytest_etsi.assessment.findings import Findings

TWINS: dict[str, dict[str, Any]] = loaded(Path(__file__).with_name("twins.yaml").read_text(encoding="utf-8"))
EACH = [
    pytest.param(name, number, id=f"{name}-{twin['kind'].replace(' ', '-')}-{number}")
    for name, about in TWINS.items()
    for number, twin in enumerate(about["twins"])
]


def said_of(name: str, twin: dict[str, Any]) -> str:
    """What the criteria decide on a text, as it is changed by a twin."""
    about = TWINS[name]
    text = about["text"].rstrip() + "\n"
    if before := twin.get("before"):
        title, _, rest = text.partition("\n")
        text = f"{title}\n\n{before}\n{rest}"
    if instead := twin.get("instead"):
        assert instead[0] in text
        text = text.replace(*instead)
    if after := twin.get("after"):
        text = f"{text}\n{after}\n"
    documents = [text, *([twin["document"]] if "document" in twin else [])]
    ixit = ixit_of(twin.get("ixit", about["ixit"]))
    findings = findings_of(about["unit"], about["about"], ixit, read_texts(documents))
    entry = f"/{about['about']}"
    own = [
        one
        for one in findings
        if about["about"] == "-" or one.place is None or one.place.entry.endswith(entry)
    ]
    return concluded(Findings(own, findings.examined)).decision


@pytest.mark.parametrize("name", TWINS)
def test_the_plain_text_covers(name: str) -> None:
    assert said_of(name, {}) == "PASS"


@pytest.mark.parametrize(("name", "number"), EACH)
def test_what_takes_it_back_leaves_nothing_covered(name: str, number: int) -> None:
    assert said_of(name, TWINS[name]["twins"][number]) in {"FAIL", "person"}
