"""What may be sent to a console, in ranks: the harmless first, and what disturbs a device by permission only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["BOOT_KEYS", "BOOT_WORDS", "DISTURBING", "ENTERS", "QUESTIONS", "Rank", "Stimulus", "marker"]

Rank = Literal["harmless", "intrusive"]
"""harmless: Enter, and questions that order nothing, once it was quiet for longer than a boot; intrusive: BREAK,
Ctrl-C, Esc, and keys at a boot loader, each of which stops some devices for good."""


@dataclass(frozen=True, slots=True)
class Stimulus:
    """Something that is sent.

    Attributes:
        name: for people: "Enter (CR)", "BREAK".
        data: the bytes; of a BREAK there are none.
        rank: what it may do.
    """

    name: str
    data: bytes
    rank: Rank = "harmless"


ENTERS = (Stimulus("Enter (CR)", b"\r"), Stimulus("Enter (LF)", b"\n"), Stimulus("Enter (CR LF)", b"\r\n"))
"""Each is a line's end for some devices, and none for others."""

QUESTIONS = (
    Stimulus("AT (CR)", b"AT\r"),
    Stimulus("AT (CR LF)", b"\r\nAT\r\n"),
    Stimulus("help (CR)", b"\rhelp\r"),
    Stimulus("help (CR LF)", b"\r\nhelp\r\n"),
)
"""They order nothing; what an earlier one has left in the line is ended first. They
are not asked where a login prompt would take them for a name."""

DISTURBING = (
    Stimulus("Ctrl-C", b"\x03", "intrusive"),
    Stimulus("Esc", b"\x1b", "intrusive"),
    Stimulus("Ctrl-D", b"\x04", "intrusive"),
    Stimulus("BREAK", b"", "intrusive"),
)
"""For a device that runs; Ctrl-C halts some for their debugger, BREAK restarts others."""

BOOT_KEYS = (
    Stimulus("Enter", b"\r", "intrusive"),
    Stimulus("Space", b" ", "intrusive"),
    Stimulus("Ctrl-C", b"\x03", "intrusive"),
    Stimulus("Esc", b"\x1b", "intrusive"),
    Stimulus("s", b"s", "intrusive"),
    Stimulus("q", b"q", "intrusive"),
    Stimulus("f", b"f", "intrusive"),
    Stimulus("1", b"1", "intrusive"),
    Stimulus("4", b"4", "intrusive"),
    Stimulus("Ctrl-B", b"\x02", "intrusive"),
    Stimulus("Del", b"\x7f", "intrusive"),
    Stimulus("F2", b"\x1bOQ", "intrusive"),
    Stimulus("BREAK", b"", "intrusive"),
)
"""Single keys that stop boot loaders of the field; sent in turn over the whole stretch until the kernel."""

BOOT_WORDS = (
    Stimulus("tpl", b"tpl", "intrusive"),
    Stimulus("stop", b"stop", "intrusive"),
    Stimulus("slp", b"slp", "intrusive"),
    Stimulus("123", b"123", "intrusive"),
)
"""Words that do, each in a row without anything between; in a start of their own."""


def marker(token: str) -> tuple[bytes, str]:
    """A command whose echo differs from its output, and the output.

    Args:
        token: letters that are in nothing else, at least two.
    """
    return f"echo {token[0]}'{token[1:]}'".encode(), token
