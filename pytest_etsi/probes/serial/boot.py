"""Trying to stop a boot loader: keys over the whole stretch from power to kernel, whatever it announces."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from pytest_etsi.probes._net import Deadline
from pytest_etsi.probes.serial.beside import Beside
from pytest_etsi.probes.serial.errors import ConsoleError, ConsoleGone
from pytest_etsi.probes.serial.observation import LoaderTry
from pytest_etsi.probes.serial.recognise import (
    KERNEL,
    LOADER_PROMPT,
    asks_for_a_name,
    last_line,
    loader_message,
    prompt_of,
    shown,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pytest_etsi.probes.serial.console import Console
    from pytest_etsi.probes.serial.stimuli import Stimulus

__all__ = ["try_to_stop"]

_TAIL = 16 * 1024
_SETTLE_S = 0.3
_BREAK_S = 0.02


def try_to_stop(
    console: Console,
    cycle: Callable[[], object],
    keys: Iterable[Stimulus],
    *,
    within_s: float,
    every_s: float = 0.05,
    settle_s: float = _SETTLE_S,
) -> LoaderTry:
    """Start the device and send keys until the kernel speaks, a prompt stands, or the time is over.

    A loader that no message announces is stopped by keys that come at the right moment; so they are sent from the first
    byte, or from power on, and not at a message. What stands in the end has to answer: a prompt that comes back after
    Enter takes orders.

    Args:
        console: the console, at the speed of the loader.
        cycle: switches the device off and on.
        keys: sent in turn; a word is sent as a whole.
        within_s: seconds from power on, at most.
        every_s: seconds between two keys.
        settle_s: seconds of quiet after which a prompt is a prompt.
    """
    mark = console.mark()
    tried = _Keys(console, tuple(keys), every_s)
    with Beside(cycle) as beside:
        began, done, until = Deadline(within_s), 0, "time"
        while not began.expired:
            if not beside.done:
                # Also while the bench is at it: a loader may count already when the relay answers.
                began = Deadline(within_s)
            elif not done:
                done = console.mark()
            tried.next()
            text = console.text(max(mark, console.log.end - _TAIL))
            if _kernel_speaks(text, console.text(done, limit=_TAIL) if done else ""):
                until = "kernel"
                break
            if LOADER_PROMPT.search(text) and _stands(console, settle_s):
                until = "prompt"
                break
    stopped = "" if until == "kernel" else _takes_orders(console, mark, settle_s)
    return LoaderTry(tuple(tried.names), console.baudrate, began.elapsed, tried.sent, stopped, until)


class _Keys:
    """Keys that are sent in turn, and which of them were."""

    def __init__(self, console: Console, keys: tuple[Stimulus, ...], every_s: float) -> None:
        self._console = console
        self._keys = keys
        self._every_s = every_s
        self.sent = 0
        self.names: dict[str, None] = {}

    def next(self) -> None:
        """Send the next one, and wait a little."""
        key = self._keys[self.sent % len(self._keys)]
        try:
            if key.data:
                self._console.send(key.data, pace_s=0.0)
            else:
                self._console.send_break(_BREAK_S)
            self.names.setdefault(key.name)
        except ConsoleGone:
            pass  # a port of the device's own is away while it starts
        except ConsoleError as error:
            self._console.trouble(f"{key.name} cannot be sent: {error}")
        self.sent += 1
        with contextlib.suppress(ConsoleError):
            self._console.read_for(self._every_s)


def _kernel_speaks(text: str, since_power: str) -> bool:
    """Whether the kernel of this start speaks: behind a message of the loader, or since there is power again.

    What a running device says before it is switched off may look the same.
    """
    begin = loader_message(text)
    return bool(KERNEL.search(text, begin) if begin >= 0 else KERNEL.search(since_power))


def _stands(console: Console, settle_s: float) -> bool:
    with contextlib.suppress(ConsoleError):
        return console.quiet(settle_s, settle_s * 2)
    return False


def _takes_orders(console: Console, mark: int, settle_s: float) -> str:
    """What shows that a loader waits for orders; empty: nothing does.

    The same prompt twice after Enter, each time in answer, and no kernel meanwhile.
    """
    said = console.text(max(mark, console.log.end - _TAIL))
    if not (LOADER_PROMPT.search(said) or prompt_of(said)) or asks_for_a_name(said):
        return ""  # a login is none that takes orders, and is told as what it is
    seen = []
    try:
        for _ in range(2):
            at = console.mark()
            console.send(b"\r", pace_s=0.0)
            end = time.monotonic() + max(settle_s * 4, 0.2)
            while time.monotonic() < end and not prompt_of(console.text(at)):
                console.log.wait(console.log.end, 0.05)
            _stands(console, settle_s)
            answer = console.text(at)
            if KERNEL.search(answer):
                return ""
            seen.append(prompt_of(answer) or prompt_of(last_line(answer)))
    except ConsoleError:
        return ""
    return shown(f"the prompt {seen[0]!r} answers to Enter") if seen[0] and seen[0] == seen[1] else ""
