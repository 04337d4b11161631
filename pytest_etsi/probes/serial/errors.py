"""What goes wrong with a serial console.

ConsoleError            an OSError: every one of them is the bench's, never the device's verdict
+-- ConsoleTimeout      what was expected did not come
+-- ConsoleGone         cable, node or connection went away and did not come back in time
+-- ConsoleShared       another program reads the same line, so that some of it is missing here
+-- ConsoleUnsettable   the adapter, or the server in between, cannot set what was asked for
"""

from __future__ import annotations

from pytest_etsi.probes.observation import printable

__all__ = ["ConsoleError", "ConsoleGone", "ConsoleShared", "ConsoleTimeout", "ConsoleUnsettable"]

_SHOWN = 600


class ConsoleError(OSError):
    """The console could not be opened, or does not do what was asked of it."""


class ConsoleTimeout(ConsoleError):  # noqa: N818 - as TimeoutError's kin it reads better so
    """What was expected did not come.

    Attributes:
        pattern: what was expected.
        buffer: the text that stood there instead.
    """

    def __init__(self, url: str, pattern: str, timeout_s: float, buffer: str, log: str) -> None:
        """Describe what was waited for, and what came instead."""
        self.pattern = pattern
        self.buffer = buffer
        shown = printable(buffer[-_SHOWN:], _SHOWN, lines=True) if buffer else "(nothing)"
        super().__init__(
            f"{url}: {pattern!r} did not come within {timeout_s:g} s\nlast received: {shown}\n{log}"
        )


class ConsoleGone(ConsoleError):  # noqa: N818 - a state, as ConsoleTimeout is
    """The line went away and did not come back within the time that it has for that."""


class ConsoleShared(ConsoleError):  # noqa: N818 - a state, as ConsoleTimeout is
    """Another program reads the line too: each gets a part, and what is missing here shows nothing."""


class ConsoleUnsettable(ConsoleError):  # noqa: N818 - a state, as ConsoleTimeout is
    """The adapter, or the server in between, cannot set a speed, a line or a BREAK."""
