r"""What a console shows as text: escape sequences taken away, every kind of line end a line feed, piece by piece.

``\r\n``, ``\r\r\n`` and a bare ``\r`` (progress) all become ``\n``, so that ``^`` and ``$`` mean lines.
"""

from __future__ import annotations

import codecs
import re

__all__ = ["Text", "plain"]

_ESCAPE = re.compile(
    r"\x1b(?:"
    r"\[[0-?]*[ -/]*[@-~]"  # control sequences: colours, moving the cursor, questions of a terminal
    r"|\][^\x07\x1b\r\n]{0,4096}(?:\x07|\x1b\\)"  # operating system commands: titles, links, the clipboard
    r"|[PX^_][^\x1b\r\n]{0,4096}\x1b\\"  # device control strings and their kin
    r"|[ -/]+[0-~]"  # character sets
    r"|[0-Z\\`-~]"
    r")"
    r"|\x9b[0-?]*[ -/]*[@-~]"
)
_BEGUN = re.compile(
    r"(?:\x1b(?:\[[0-?]{0,64}[ -/]{0,8}|[\]PX^_][^\x07\x1b\r\n]{0,4096}\x1b?|[ -/]{0,8})?"
    r"|\x9b[0-?]{0,64}[ -/]{0,8})\Z"
)
_LONGEST = 4200
"""Characters of an escape sequence, at most: one that begins earlier and has no end is none."""
_RETURN = re.compile(r"\r+\n?")
_OF_ASCII = ("utf-8", "ascii", "iso8859-1")
"""Encodings in which no byte of a longer character is a control character of ASCII."""
_MUTE_BYTES = bytes((*range(0x07), 0x08, 0x0B, 0x0C, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
"""What shows nothing, but for what begins or ends an escape sequence."""
_MUTE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


class Text:
    """Makes text of bytes as they come, whatever the pieces are.

    Args:
        encoding: of the text; what does not fit it is replaced.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        self._of_ascii = codecs.lookup(encoding).name in _OF_ASCII
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._begun = ""
        self._after_return = False

    def feed(self, data: bytes) -> str:
        """The text that these bytes add; what may still become an escape sequence waits for its end."""
        if self._of_ascii:
            data = data.translate(None, _MUTE_BYTES)
        text = self._begun + self._decoder.decode(data)
        self._begun = ""
        if "\x1b" in text or "\x9b" in text:
            begun = _BEGUN.search(text, max(0, len(text) - _LONGEST))
            if begun:
                text, self._begun = text[: begun.start()], begun.group()
            text = _ESCAPE.sub("", text)
        if self._after_return and text:
            # A return at the end of the piece before was given as a line's end already.
            rest = text.lstrip("\r")
            text = rest.removeprefix("\n")
            self._after_return = not rest
        if text.endswith("\r"):
            self._after_return = True
        text = text.replace("\r\n", "\n")
        if "\r" in text:
            text = _RETURN.sub("\n", text)
        if self._of_ascii and text.isascii() and "\x1b" not in text and "\x07" not in text:
            return text
        return _MUTE.sub("", text)

    def end(self) -> str:
        """The text of an escape sequence that has begun and never ended: nothing more comes."""
        begun, self._begun = self._begun, ""
        return _MUTE.sub("", begun[2:])


def plain(data: bytes, encoding: str = "utf-8") -> str:
    """All of some bytes as text; see `Text`."""
    text = Text(encoding)
    return text.feed(data) + text.end()
