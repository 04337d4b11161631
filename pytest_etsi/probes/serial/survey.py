"""Surveying a console: what it says unasked, what answers, whether its boot loader can be stopped, in that order.

What harms least comes first, and the survey ends where the next step would show nothing new: a console that answers to
Enter need not be sent a BREAK. Nothing is typed before the line was quiet for longer than a start takes.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from pytest_etsi.probes.serial.errors import ConsoleError
from pytest_etsi.probes.serial.surveying import Plan, Survey
from pytest_etsi.probes.serial.typing_at import Typist

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_etsi.probes.serial.console import Console
    from pytest_etsi.probes.serial.observation import ConsoleObservation, Supply

__all__ = ["Plan", "survey"]


def survey(
    console: Console,
    plan: Plan,
    *,
    supply: Supply | None = None,
    health: Callable[[], str] = lambda: "",
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[ConsoleObservation, tuple[str, ...]]:
    """Survey a console.

    Args:
        console: the console, open.
        plan: how.
        supply: starts the device; None: it may not be started, or cannot.
        health: how the device is, in words that begin with "not" where it is not well; empty: it cannot be asked.
        progress: told in a few words what takes long.

    Returns:
        What was seen, and the secrets among it, to be masked and not to be kept.
    """
    found = Survey(console, plan, supply, health, progress)
    try:
        found.listen()
        if not found.waits_in_a_loader():
            Typist(found).run()
    except ConsoleError as error:
        found.gaps.append(f"the survey ended early: {error}")
    except BaseException:
        # Whatever ends it, the time or a person: no device is left waiting in its boot loader.
        if found.restarts and supply is not None:
            with contextlib.suppress(Exception):
                supply.cycle()
        raise
    return found.observation(), tuple(found.secrets)
