"""How easily a text is read: a measure that supports the person who judges, and decides nothing.

LIX (C.-H. Björnsson, Läsbarhet, 1968) counts the words of a sentence and the share of words of more than six letters. It needs
no dictionary and is used in all the languages of the vocabulary; about 30 is easy, 40 to 50 is a newspaper, from 60 on only
experts follow.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from pytest_etsi.assessment.findings import note
from pytest_etsi.probes.webdocs.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.assessment.coverage.reading import Text
    from pytest_etsi.assessment.findings import Finding
    from pytest_etsi.profile import Entry

__all__ = ["MISSING", "lix", "readability"]

MISSING = "how easily it is read was not measured: pip install 'pytest-etsi[readability]'"
_FEWEST_WORDS = 40


def lix(text: str) -> float | None:
    """LIX of a text by textstat; None where that is not installed."""
    if importlib.util.find_spec("textstat") is None:
        return None
    import textstat

    return float(textstat.lix(text))


def readability(text: Text, entry: Entry, field: str) -> Iterator[Finding]:
    """The measure of each language of a text, as a note."""
    for language in text.languages:
        prose = [
            part.passage.text
            for part in text.parts
            if part.language == language and part.passage.kind in {Kind.MAIN, Kind.LIST_STEP}
        ]
        joined = " ".join(line if line.endswith((".", "!", "?")) else f"{line}." for line in prose)
        words = len(joined.split())
        if words < _FEWEST_WORDS:
            continue
        value = lix(joined)
        if value is None:
            yield note(entry, field, MISSING, aspect="guidance")
            return
        message = f"its text in {language} ({words} words) has LIX {value:.0f} (30 easy, 40 to 50 a newspaper, from 60 on hard)"
        yield note(entry, field, message, aspect="guidance")
