"""What reading documents costs, counted in calls, which are the same on every machine; and what must not be saved."""

from __future__ import annotations

import collections
import copy
import os
from typing import TYPE_CHECKING

import pytest
from profile_documents import PROFILE, load, problems_of, write_profile
from work import calls_within

from pytest_etsi.profile import load_profile
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._load import load_documents
from pytest_etsi.profile._types import Strict
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.unread import Unread, listening

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_etsi.profile._yaml import Node


def _values(node: Node | None) -> int:
    if isinstance(node, Mapping):
        return 1 + sum(map(_values, node.items.values()))
    return 1 + sum(map(_values, node.items)) if isinstance(node, Sequence) else 1


def test_a_value_of_the_documents_takes_a_few_calls() -> None:
    _, documents = load_documents("virtual-camera")  # what is made once has been made
    values = sum(_values(document.root) for document in documents)

    with calls_within() as calls:
        load_profile("virtual-camera")

    assert values > 5000
    assert sum(calls.values()) < 8 * values, calls.most_common(12)


def test_to_make_a_model_without_validators_runs_no_code_of_ours() -> None:
    class Plain(Strict):
        first: str = ""

    with calls_within() as calls:
        for _ in range(100):
            Plain.model_validate({"first": "text"})

    assert sum(calls.values()) < 110, calls


class _Counted(dict[str, str]):
    def __init__(self, *args: dict[str, str]) -> None:
        super().__init__(*args)
        self.asked: collections.Counter[str] = collections.Counter()

    def __getitem__(self, name: str) -> str:
        self.asked[name] += 1
        return super().__getitem__(name)


def test_the_same_text_is_filled_in_once(tmp_path: Path) -> None:
    entry = (
        '"1-AuthMech":\n- ID: A\n  Description: of ${env:OWNER}\n- ID: B\n  Description: of ${env:OWNER}\n'
    )
    write_profile(tmp_path, ixit=entry)
    environ = _Counted({"OWNER": "jo"})

    profile = load(tmp_path, environ=environ)

    assert [one["Description"] for one in profile.ixit.auth_mech] == ["of jo", "of jo"]
    assert [one.source("Description").origin for one in profile.ixit.auth_mech] == ["env:OWNER"] * 2
    assert environ.asked == {"OWNER": 1}


def test_what_cannot_be_filled_in_is_said_at_each_place(tmp_path: Path) -> None:
    entry = (
        '"1-AuthMech":\n- ID: A\n  Description: of ${env:OWNER}\n- ID: B\n  Description: of ${env:OWNER}\n'
    )
    write_profile(tmp_path, ixit=entry)

    assert [line.partition(" ")[0] for line in problems_of(tmp_path)] == [
        "ixit.yaml:3:3:",
        "ixit.yaml:5:3:",
    ]


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda one: one.model_copy()])
def test_what_is_noted_of_a_field_goes_with_each_copy(copied: Callable[[Strict], Strict]) -> None:
    class Claims(Strict):
        first: str = ""
        second: int = 7

    made = Claims.model_validate({"first": "text", "second": 3})
    same = Claims.model_validate({"first": "text", "second": 3})
    noted = Unread(Problem("ixit.yaml", 1, 1, "", "expected a number"), "ixit.yaml:1", "fact", "A", "second")
    made.leave_unread("second", noted)
    heard: list[Unread] = []

    with listening(heard.append):
        assert copied(made).second == 7  # type: ignore[attr-defined]

    assert heard == [noted]
    assert copied(made) == made
    assert made != same


@pytest.mark.parametrize(
    ("text", "given", "value"),
    [
        ("1.40", "1.40", 1.4),
        ("true", "true", True),
        ("", None, None),
        ("~", None, None),
        ("yes", "yes", "yes"),
    ],
)
def test_a_scalar_gives_its_text_and_its_value(text: str, given: str | None, value: object) -> None:
    plain, quoted = Scalar(1, 1, text, plain=True), Scalar(1, 1, text, plain=False)

    assert (plain.given, plain.value(), plain.is_null) == (given, value, given is None)
    assert (quoted.given, quoted.value(), quoted.is_null) == (text, text, False)


def test_a_document_that_is_no_file_is_said_and_not_waited_for(tmp_path: Path) -> None:
    write_profile(tmp_path, profile=PROFILE.replace("judgements.yaml", "pipe"))
    os.mkfifo(tmp_path / "pipe")

    assert problems_of(tmp_path) == ["pipe: is no regular file"]
