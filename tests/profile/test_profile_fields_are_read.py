"""What the documents may say to programs, a program reads: no field of the models is there for nobody."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

import pytest_etsi
from pytest_etsi.assessment.suite import suite_path
from pytest_etsi.profile import access, entries

PACKAGE = Path(pytest_etsi.__file__).parent
_FACTS, _ACCESS = (
    sorted(
        {get_args(getattr(entries, name))[place] for name in entries.__all__}, key=lambda one: one.__name__
    )
    for place in (0, 1)
)


def inner(model: type[BaseModel]) -> set[type[BaseModel]]:
    """The models that the fields of a model hold, at any depth."""
    found: set[type[BaseModel]] = set()
    waiting: list[object] = [field.annotation for field in model.model_fields.values()]
    while waiting:
        one = waiting.pop()
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in found:
            found.add(one)
            waiting += [field.annotation for field in one.model_fields.values()]
        waiting += get_args(one)
    return found


@cache
def reads() -> frozenset[str]:
    """Everything that programs read off an object, as ``base.name``; ``.name`` where the name is looked up by text."""
    found: set[str] = set()
    for path in (*PACKAGE.rglob("*.py"), *suite_path().rglob("*.py")):
        if path.is_relative_to(PACKAGE / "virtual"):
            continue
        every = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
        validators = {
            id(inside)
            for node in every
            if isinstance(node, ast.FunctionDef)
            and any("validator" in ast.unparse(one) for one in node.decorator_list)
            for inside in ast.walk(node)
        }
        nodes = [node for node in every if id(node) not in validators]
        for node in nodes:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(f"{_last_name(node.value)}.{node.attr}")
        if any(isinstance(node, ast.Name) and node.id == "getattr" for node in nodes):
            found |= {
                f".{node.value}"
                for node in nodes
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return frozenset(found)


def _last_name(node: ast.expr) -> str:
    """What an object is called that something is read off: "facts" of `entry._facts`; "?": it has no name."""
    if isinstance(node, ast.Attribute):
        return node.attr.lstrip("_")
    return node.id.lstrip("_") if isinstance(node, ast.Name) else "?"


def unread(models: list[type[BaseModel]], base: str) -> list[str]:
    """The fields of some models that no program reads.

    Args:
        models: the models.
        base: what the objects are called where they are read; "": anything.
    """
    names = reads()
    by_name = {read.rpartition(".")[2] for read in names}
    return [
        f"{model.__name__}.{name}"
        for model in models
        for name in model.model_fields
        if not (f".{name}" in names or (f"{base}.{name}" in names if base else name in by_name))
    ]


def test_every_fact_is_read() -> None:
    assert unread(_FACTS, "facts") == []


def test_every_way_of_access_is_read() -> None:
    assert unread(_ACCESS, "access") == []


@pytest.mark.parametrize("models", [_FACTS, _ACCESS], ids=["facts", "access"])
def test_what_stands_within_facts_and_access_is_read(models: list[type[BaseModel]]) -> None:
    within = set().union(*(inner(model) for model in models))

    assert len(within) > 3
    assert unread(sorted(within, key=lambda one: one.__name__), "") == []


def test_what_the_profile_says_of_the_bench_is_read() -> None:
    assert len(inner(access.Access)) > 10
    assert unread([access.Access, *sorted(inner(access.Access), key=lambda one: one.__name__)], "") == []


def test_a_field_that_nobody_reads_is_found() -> None:
    class Spare(BaseModel):
        endpoint: str
        never_read_by_any_program: str

    assert unread([Spare], "facts") == ["Spare.never_read_by_any_program"]
