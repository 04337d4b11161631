"""Text as it is meant: white space, hyphenation at the end of lines, ligatures written apart, invisible characters."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["joined", "plain", "squeezed"]

_LIGATURES = str.maketrans({
    "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl", "\ufb05": "st", "\ufb06": "st",
    "\u00a0": " ", "\u2007": " ", "\u2009": " ", "\u202f": " ", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "",
    "\u2060": "", "\ufeff": "", "\u2010": "-", "\u2011": "-", "\u2018": "'", "\u2019": "'", "\u201b": "'",
})  # fmt: skip
_APART = re.compile(r"(?<![\w-])(?P<before>\w*)(?P<ligature>ffi|ffl|fi|fl|ff) (?P<after>[a-zà-ÿ]+)")
_HYPHEN = re.compile(r"(?P<before>[^\W\d_])[-\u00ad\u2010\u0002\ufffe]$")
_WORD_BREAK = "\u0002\ufffe"


def squeezed(text: str) -> str:
    """In one line, with single spaces."""
    return " ".join(text.split())


def plain(text: str) -> str:
    """Without ligatures, invisible characters and unusual spaces; composed (NFC), in one line."""
    return squeezed(unicodedata.normalize("NFC", text.translate(_LIGATURES)))


def joined(lines: list[str]) -> str:
    """Lines of one paragraph as one text: words that were cut at the end of a line are whole again.

    A hyphen before a small letter is one of the line; before any other character it is one of the word ("Wi-" "Fi").
    """
    parts: list[str] = []
    for line in lines:
        line = line.strip()
        if not line:
            continue
        last = parts[-1] if parts else ""
        if last and last[-1] in _WORD_BREAK:
            parts[-1] = last[:-1]
        elif last and _HYPHEN.search(last[-3:]):
            parts[-1] = last[:-1] if line[0].islower() else last
        elif last:
            parts.append(" ")
        parts.append(line)
    text = "".join(parts)
    for mark in _WORD_BREAK:
        text = text.replace(mark, "")
    return _ligatures_together(plain(text))


def _ligatures_together(text: str) -> str:
    """Undo ``fi rst``: some programs write a ligature as its letters and leave a gap behind it.

    What ends in ``ff`` may be a word of its own ("off", "Zugriff") and stays as it is.
    """
    return _APART.sub(_together, text)


_WHOLE_WORDS = frozenset({"wifi", "hifi", "scifi", "lofi"})


def _together(match: re.Match[str]) -> str:
    word = match["before"] + match["ligature"]
    if word.casefold() in _WHOLE_WORDS or len(match["before"]) > 12:
        return match[0]
    if match["ligature"] == "ff" and match["before"]:
        return match[0]
    return word + match["after"]
