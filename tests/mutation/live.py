"""Puts a changed module in the place of the one that is loaded, without writing a file.

A change inside a function is the function with other code: every object made from that function's source gets it,
wherever it is kept (properties, methods, wrapped functions). A change to a statement of the module is carried out again
in a copy, and what it binds takes the place of the former value, also where other modules have imported it.
"""

from __future__ import annotations

import gc
import sys
from collections import defaultdict
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mutants import Mutant

__all__ = ["Live"]


class Live:
    """The functions and modules of the package as they are loaded in this process."""

    def __init__(self, package: str) -> None:
        gc.unfreeze()  # what pytest's collection has set aside is among the objects again
        self._modules = {
            module.__file__: module
            for name, module in sys.modules.items()
            if (name == package or name.startswith(f"{package}.")) and getattr(module, "__file__", None)
        }
        self._caches = [
            thing
            for thing in gc.get_objects()
            if isinstance(thing, _lru_cache_wrapper) and _file(thing.__wrapped__) in self._modules
        ]
        self._functions: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
        for thing in gc.get_objects():
            if isinstance(thing, FunctionType) and thing.__code__.co_filename in self._modules:
                self._functions[_key(thing.__code__)].append(thing)

    def has(self, file: Path) -> bool:
        """Whether the module of this file is loaded."""
        return str(file) in self._modules

    def holders(self, file: str, names: tuple[str, ...]) -> set[str]:
        """The modules that have something of these names from this one, itself included: files, as loaded."""
        own = self._modules[file].__dict__ if file in self._modules else {}
        return {file} | {
            other
            for other, module in self._modules.items()
            if any(name in own and module.__dict__.get(name) is own[name] for name in names)
        }

    def apply(self, mutant: Mutant, file: str) -> bool:
        """Put the change in place, for good; False: nothing that is loaded was made from there."""
        if file not in self._modules:
            return False
        for cache in self._caches:
            # What was found out while the tests were loaded was found without the change. What is read of files stays.
            if "standard" not in Path(_file(cache.__wrapped__)).parts:
                cache.cache_clear()
        code = mutant.compiled(file)
        if mutant.function:
            return self._swap(code, mutant)
        return self._bind(code, self._modules[file], mutant.names)

    def _swap(self, code: CodeType, mutant: Mutant) -> bool:
        swapped = False
        for changed in _codes(code):
            if changed.co_qualname == mutant.function:
                for function in self._functions[_key(changed)]:
                    function.__code__ = changed
                    swapped = True
        return swapped

    @staticmethod
    def _bind(code: CodeType, module: ModuleType, names: tuple[str, ...]) -> bool:
        again = ModuleType(module.__name__)
        again.__dict__.update(
            __file__=module.__file__, __package__=module.__package__, __spec__=module.__spec__
        )
        exec(code, again.__dict__)
        for name in names:
            former = module.__dict__[name]
            for other in list(sys.modules.values()):
                if getattr(other, "__dict__", {}).get(name) is former:
                    setattr(other, name, again.__dict__[name])
        return bool(names)


def _file(function: object) -> str:
    return function.__code__.co_filename if isinstance(function, FunctionType) else ""


def _key(code: CodeType) -> tuple[str, str, int]:
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _codes(code: CodeType) -> Iterator[CodeType]:
    for part in code.co_consts:
        if isinstance(part, CodeType):
            yield part
            yield from _codes(part)
