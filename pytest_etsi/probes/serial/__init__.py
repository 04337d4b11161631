"""Serial consoles: a line that is always drained, a log that only grows, talk, and what a console turns out to be.

The URL of a line may be a device file, a pseudo terminal, ``socket://host:port``, ``rfc2217://host:port`` or ``loop://``.
"""

from pytest_etsi.probes.serial.console import Console, ConsoleMatch
from pytest_etsi.probes.serial.errors import (
    ConsoleError,
    ConsoleGone,
    ConsoleShared,
    ConsoleTimeout,
    ConsoleUnsettable,
)
from pytest_etsi.probes.serial.line import Line
from pytest_etsi.probes.serial.log import Log, Transcript, TranscriptLine
from pytest_etsi.probes.serial.logfile import LogFile
from pytest_etsi.probes.serial.text import plain

__all__ = [
    "Console",
    "ConsoleError",
    "ConsoleGone",
    "ConsoleMatch",
    "ConsoleShared",
    "ConsoleTimeout",
    "ConsoleUnsettable",
    "Line",
    "Log",
    "LogFile",
    "Transcript",
    "TranscriptLine",
    "plain",
]
