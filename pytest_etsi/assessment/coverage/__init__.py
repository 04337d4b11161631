"""Coverage: whether what the manufacturer publishes speaks of what the IXIT lists, and in which passage.

`vocabulary` holds the words of nine languages, `reading` a document as parts whose language is known, `looking` finds
an entry in them, `telling` what is said of it: for what, to whom,
how long, and `plain` keeps of a text the sentences that nothing may limit.
"""

from __future__ import annotations

from pytest_etsi.assessment.coverage.looking import Coverage, Hit, Sought, look
from pytest_etsi.assessment.coverage.reading import Part, Text, text_of

__all__ = ["Coverage", "Hit", "Part", "Sought", "Text", "look", "text_of"]
