"""Docstrings say what a caller has to reckon with: what a public function raises stands under its Raises."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import pytest_etsi

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(pytest_etsi.__file__).parent
VERDICTS = {"inconclusive", "not_applicable"}
"""Functions that do nothing but raise."""


def _public_functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public_functions(node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def _raises(node: ast.AST) -> bool:
    """Whether the code itself raises, outside the functions that it defines; raising again what came does not count."""
    for inside in ast.iter_child_nodes(node):
        if isinstance(inside, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(inside, ast.Raise) and inside.exc is not None:
            return ast.unparse(inside.exc) != "NotImplementedError"  # the body of a hook's specification
        if isinstance(inside, ast.Call) and isinstance(inside.func, ast.Name) and inside.func.id in VERDICTS:
            return True
        if _raises(inside):
            return True
    return False


def _is_command(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """A command of the command line: its docstring is its help, and what it raises is an exit status."""
    return any("command" in ast.unparse(decorator) for decorator in function.decorator_list)


def undeclared(source: str) -> list[str]:
    """Public functions of a module that raise, and do not say so."""
    return [
        f"{function.lineno} {function.name}"
        for function in _public_functions(ast.parse(source))
        if _raises(function)
        and not _is_command(function)
        and "Raises:" not in (ast.get_docstring(function) or "")
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("raise ValueError", True),
        ("if x: inconclusive('why', cause='error')", True),
        ('"""Does.\n\n    Raises:\n        ValueError: always.\n    """\n    raise ValueError', False),
        ("try: g()\n    except OSError: raise", False),
        ("raise NotImplementedError", False),
        ("def g(): raise ValueError\n    return g", False),
    ],
)
def test_a_function_that_raises_is_told_from_one_that_does_not(body: str, found: bool) -> None:
    assert undeclared(f"def f(x):\n    {body}\n") == (["1 f"] if found else [])


def test_what_is_private_or_a_command_need_not_say_it() -> None:
    assert undeclared("def _f():\n    raise ValueError\n") == []
    assert undeclared("@main.command()\ndef f():\n    raise click.UsageError\n") == []


def test_every_public_function_that_raises_says_so() -> None:
    missing = {
        str(path.relative_to(PACKAGE)): names
        for path in sorted(PACKAGE.rglob("*.py"))
        if (names := undeclared(path.read_text("utf-8")))
    }

    assert missing == {}
