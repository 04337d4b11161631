"""The house has no circle: of the modules of the package, none imports itself by way of others.

Imports for type checkers count too, as they do for import-linter, whose contracts in pyproject.toml say what may import
what. Nobody understands a part of a circle by itself.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import grimp

if TYPE_CHECKING:
    from collections.abc import Mapping


def circles(imports: Mapping[str, set[str]]) -> set[frozenset[str]]:
    """The largest sets of modules that all import each other, if by way of others."""
    reached = {module: _reachable(imports, module) for module in imports}
    found = (
        frozenset(other for other in reached[module] if module in reached.get(other, ()))
        for module in imports
        if module in reached[module]
    )
    return set(found)


def _reachable(imports: Mapping[str, set[str]], start: str) -> set[str]:
    """What a module imports, directly or not; itself where that leads back to it."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        new = imports.get(ahead.pop(), set()) - found
        found |= new
        ahead.extend(new)
    return found


def test_no_import_leads_back_to_where_it_came_from():
    graph = grimp.build_graph("pytest_etsi", cache_dir=None)

    assert not circles({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})


def test_imports_for_type_checkers_are_seen():
    graph = grimp.build_graph("pytest_etsi", cache_dir=None)

    # It takes the core only as a type.
    assert "pytest_etsi.dut.core" in graph.find_modules_directly_imported_by(
        "pytest_etsi.dut.observe.channels"
    )


def test_every_circle_is_found_and_nothing_else():
    imports = {"a": {"b"}, "b": {"c"}, "c": {"a", "d"}, "d": {"e"}, "e": {"d"}, "f": {"a", "d"}, "g": set()}

    assert circles(imports) == {frozenset("abc"), frozenset("de")}


def test_what_parts_a_long_module_looks_the_same_everywhere():
    ruled = re.compile(r" *# .*-{5}.*")
    # A title, and dashes behind it to the end of the line.
    usual = re.compile(r" *# [A-Z0-9].*[^ -] -+")
    root = Path(__file__).parents[1]
    odd = [
        f"{path.relative_to(root)}:{number}"
        for part in ("pytest_etsi", "testcases", "tests")
        for path in sorted((root / part).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if ruled.fullmatch(line) and not (usual.fullmatch(line) and len(line) == 110)
    ]

    assert odd == []
