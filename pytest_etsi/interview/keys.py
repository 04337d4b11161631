"""What a person types: a key for a choice, a line for a reason."""

from __future__ import annotations

import codecs
import os
import select
import sys
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from pytest_etsi.interview.words import Words

__all__ = ["Keyboard", "Offering", "TerminalKeyboard"]

_END_OF_FILE = "\x04"
_ESCAPE = "\x1b"


class Keyboard(Protocol):
    """Where the answers come from. EOFError or KeyboardInterrupt ends the conversation."""

    def key(self, prompt: str) -> str:
        """Show a prompt and give the key that is pressed; empty: one that means nothing."""

    def line(self, prompt: str) -> str:
        """Show a prompt and give the line that is typed."""


@runtime_checkable
class Offering(Protocol):
    """A keyboard that can offer words while a line is written."""

    def written(self, prompt: str, words: Words) -> str:
        """Show a prompt and give the line that is written with the words that are offered."""


class TerminalKeyboard:
    """The terminal: keys count as soon as they are pressed, where its settings can be changed; lines can be edited."""

    def key(self, prompt: str) -> str:
        """Show a prompt and give the key that is pressed, in lower case; "": one that means nothing, as an arrow."""
        try:
            import termios
            import tty
        except ImportError:  # no terminal of this kind: a key and the end of a line
            return self.line(prompt).strip().lower()[:1]
        sys.stdout.write(prompt)
        sys.stdout.flush()
        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)
        try:
            # What was typed ahead is not thrown away.
            tty.setcbreak(descriptor, termios.TCSANOW)
            pressed = _pressed(descriptor)
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        shown = pressed if pressed.isprintable() else ""
        sys.stdout.write(f"{shown}\n")
        return shown.strip().lower()

    def line(self, prompt: str) -> str:
        """Show a prompt and give the line that is typed."""
        return input(prompt)

    def written(self, prompt: str, words: Words) -> str:
        """Show a prompt and give the line that is written; words are offered where the terminal can show them."""
        able = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "dumb") != "dumb"
        if not able:
            return self.line(prompt)
        from pytest_etsi.interview.writing import write_line

        return write_line(prompt, words)


def _pressed(descriptor: int) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    pressed = ""
    while not pressed:
        read = os.read(descriptor, 1)
        if not read:
            raise EOFError
        pressed = decoder.decode(read)
    if pressed == _END_OF_FILE:
        raise EOFError
    if pressed == _ESCAPE:
        # An arrow, or another key that sends several characters: none of them is an answer.
        while select.select([descriptor], [], [], 0.02)[0]:
            os.read(descriptor, 32)
    return pressed
