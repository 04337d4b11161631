"""How easily a text is read: a measure that supports the person who judges, and decides nothing.

LIX (C.-H. Björnsson, Läsbarhet, 1968) adds the words of a sentence and the percentage of words of more than six
letters. It needs no dictionary and compares texts of one language: about 30 is easy, 40 to 50 a newspaper, from 60 on
only experts follow. The libraries for such measures know fewer languages, bring dictionaries under the GPL, or install
their tests beside those of whoever uses them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import note
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.coverage import Text
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry

__all__ = ["lix", "readability"]

_FEWEST_WORDS = 40
_LONG = 6
_WORD = re.compile(r"[^\W\d_](?:[\w'\u2019-]*\w)?")
_END = re.compile(r"[.!?:](?=\s|$)")


def lix(text: str) -> float:
    """LIX of a text; 0 of one without words."""
    words = _WORD.findall(text)
    if not words:
        return 0.0
    long = sum(len(word) > _LONG for word in words)
    return len(words) / max(1, len(_END.findall(text))) + 100 * long / len(words)


def readability(text: Text, entry: Entry, field: str) -> Iterator[Finding]:
    """The measure of each language of a text, as a note."""
    for language in text.written_in:
        prose = [
            part.passage.text
            for part in text.parts
            if part.language == language and part.passage.kind in {Kind.MAIN, Kind.LIST_STEP}
        ]
        joined = " ".join(line if line.endswith((".", "!", "?", ":")) else f"{line}." for line in prose)
        words = len(_WORD.findall(joined))
        if words < _FEWEST_WORDS:
            continue
        scale = "30 easy, 40 to 50 a newspaper, from 60 on hard"
        message = f"its text in {language} ({words} words) has LIX {lix(joined):.0f} ({scale})"
        yield note(entry, field, message, aspect="guidance")
