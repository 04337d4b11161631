"""The suite of test functions: where it is, and which unit each function evaluates."""

from __future__ import annotations

import hashlib
import importlib
import inspect
import sys
import types
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.unit import UnitMark, units_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pytest_etsi.standard import Origin

__all__ = [
    "SuiteError",
    "UnitFunction",
    "by_unit",
    "functions_of",
    "import_test_module",
    "load_units",
    "suite_fingerprint",
    "suite_path",
]

_PACKAGE = "_etsi_suite"


class SuiteError(Exception):
    """The suite of test functions is unusable; a defect of the suite, not of the profile."""


@dataclass(frozen=True)
class UnitFunction:
    """A test function that evaluates a unit.

    Attributes:
        unit: id of the unit, "5.1-5-2/b".
        module_path: file of the function.
        name: of the function.
        fixtures: names of its arguments.
        call: the function itself.
    """

    unit: str
    mark: UnitMark
    module_path: Path
    name: str
    fixtures: tuple[str, ...]
    call: Callable[..., object] | None = field(default=None, compare=False, repr=False)

    @property
    def reserved(self) -> str:
        """Why only a person may confirm it, where a program may refute it; empty: it is not so."""
        return self.mark.reserved

    @property
    def alone(self) -> str:
        """Why no program tries it, where a person does it by hand; empty: one does."""
        return self.mark.alone

    @property
    def by_hand(self) -> str:
        """What a person has to do, where a program can refute at most; empty: a program decides, or a part of it."""
        return self.mark.by_hand

    @cached_property
    def origin(self) -> Origin:
        """Where the unit that it was written for first stood.

        Raises:
            SuiteError: no edition has a unit of that id.
        """
        for name in EDITIONS:
            if edition(name).has_unit(self.unit):
                return edition(name).unit(self.unit).origin
        raise SuiteError(f"{self.module_path}: {self.name} evaluates {self.unit}, which no edition has")


def suite_path() -> Path:
    """The directory of the test modules: inside an installed package, beside the package in a checkout.

    Raises:
        SuiteError: there is none.
    """
    package = Path(__file__).resolve().parent.parent
    for candidate in (package / "testcases", package.parent / "testcases"):
        if candidate.is_dir():
            return candidate
    raise SuiteError(
        f"the test modules are missing: neither {package / 'testcases'} nor its neighbour exists"
    )


def load_units(path: Path | None = None, package: str = _PACKAGE) -> Mapping[str, list[UnitFunction]]:
    """The functions of the suite by the unit they evaluate; every test module below `path` is imported once.

    Args:
        path: the suite; None: the one that comes with the package.
        package: see `import_test_module`.

    Raises:
        SuiteError: a module cannot be imported.
    """
    return _load((path if path is not None else suite_path()).resolve(), package)


def import_test_module(file: Path, root: Path, package: str = _PACKAGE) -> types.ModuleType:
    """The module of a test file below `root`, imported once under a name that clashes with no other.

    Args:
        file: the test module.
        root: the directory of its suite.
        package: name of the package in which the suite is put, beside other suites; pytest rewrites the assertions of
            the package that its plugin names.

    Raises:
        SuiteError: it cannot be imported.
    """
    suite = f"suite_{hashlib.sha256(str(root).encode()).hexdigest()[:8]}"
    for name, path in ((package, []), (f"{package}.{suite}", [str(root)])):
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            sys.modules[name].__path__ = path
            importlib.invalidate_caches()
    parts = file.relative_to(root).with_suffix("").parts
    try:
        return importlib.import_module(".".join((package, suite, *parts)))
    except Exception as error:
        raise SuiteError(f"{file}: cannot be imported: {type(error).__name__}: {error}") from error


def by_unit(functions: Mapping[str, Sequence[UnitFunction]], edition_id: str) -> dict[str, UnitFunction]:
    """The function that evaluates each unit of an edition; a unit that none evaluates is left out.

    Args:
        functions: by the unit that they name, see `load_units`.
        edition_id: the edition.

    Raises:
        SuiteError: two functions evaluate one unit, or a function names a unit that no edition has.
    """
    everywhere: dict[Origin, list[UnitFunction]] = {}
    for one in (one for several in functions.values() for one in several if not one.mark.editions):
        everywhere.setdefault(one.origin, []).append(one)
    found: dict[str, UnitFunction] = {}
    for unit in edition(edition_id).units:
        here = [one for one in functions.get(unit.id, ()) if edition_id in one.mark.editions]
        mine = [*here, *everywhere.get(unit.origin, ())]
        if len(mine) > 1:
            places = " and ".join(f"{one.module_path.name}::{one.name}" for one in mine[:2])
            raise SuiteError(f"unit {unit.id} is evaluated by {places}; one of them is too many")
        if mine:
            found[unit.id] = mine[0]
    return found


def suite_fingerprint(path: Path | None = None) -> str:
    """Hash over the test modules, which changes with their names or contents."""
    root = (path if path is not None else suite_path()).resolve()
    digest = hashlib.sha256()
    for file in _modules(root):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()}"


def functions_of(module: types.ModuleType, path: Path) -> list[UnitFunction]:
    """The functions of one module that evaluate a unit, in the order of their definition."""
    return [
        UnitFunction(mark.unit, mark, path, name, tuple(inspect.signature(member).parameters), member)
        for name, member in vars(module).items()
        if inspect.isfunction(member) and member.__module__ == module.__name__
        for mark in units_of(member)
    ]


def _modules(root: Path) -> list[Path]:
    return sorted(root.rglob("test_*.py"))


@lru_cache(maxsize=8)
def _load(root: Path, package: str) -> Mapping[str, list[UnitFunction]]:
    units: dict[str, list[UnitFunction]] = {}
    for file in _modules(root):
        for function in functions_of(import_test_module(file, root, package), file):
            units.setdefault(function.unit, []).append(function)
    return units
