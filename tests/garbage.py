"""How often Python looks for garbage in the processes of the tests: seldom, since none of them lives for long."""

from __future__ import annotations

import gc

__all__ = ["seldom_collect"]

_NEW_OBJECTS = 100_000
"""So many more objects than there were are looked through; with Python's own 700 that takes a quarter of what tests compute."""


def seldom_collect() -> None:
    """Have what is there now never gone through again, and what comes to be seldom.

    A process that is forked from this one inherits both, and need not copy what it would go through.
    """
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, *gc.get_threshold()[1:])
