"""Whether a published document can be reached as the IXIT says, and its text for the criteria on what it covers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.assessment.findings import Findings, unknown, violation
from pytest_etsi.probes.webdocs.model import Hurdle
from pytest_etsi.verdict import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_etsi.assessment.coverage import Text
    from pytest_etsi.dut.reach.documents import Seen
    from pytest_etsi.profile import Entry

__all__ = ["open_to_all", "text"]

_REFUTING = frozenset({Hurdle.LOGIN, Hurdle.FORM, Hurdle.CONSENT, Hurdle.ANOTHER, Hurdle.GONE})
"""What keeps every reader from the text; the others may keep only this program from it."""


def open_to_all(entry: Entry, field: str, seen: Iterable[Seen]) -> Findings:
    """What keeps users from the documents that a field names.

    Args:
        entry: 2-UserInfo.
        field: of it.
        seen: the documents as they were read.
    """
    found = []
    for one in seen:
        document = one.document
        if document is None:
            made = unknown(entry, field, one.why, aspect="guidance")
            found.append(replace(made, cause=one.cause, settle=one.settle))
        elif document.hurdle in _REFUTING:
            message = f"{document.url} does not lead to the text: {document.hurdle} ({document.shown_by})"
            found.append(
                violation(
                    entry, field, message, aspect="guidance", expected="a text that is open to everyone"
                )
            )
        elif not document.whole:
            message = f"{document.url} was not read: {document.note or document.shown_by or document.hurdle}"
            made = unknown(entry, field, message, aspect="guidance")
            found.append(replace(made, cause=Cause.ACCESS, settle="read it by hand, or publish it as text"))
    read = ", ".join(one.document.url for one in seen if one.document)
    return Findings(found, f"{read} is open to everyone" if read else "")


def text(*seen: Seen) -> Text:
    """The text of documents; where one could not be read, it is not whole."""
    read = text_of([one.document for one in seen if one.document is not None])
    lacking = next((one.why for one in seen if one.document is None), "")
    return replace(read, whole=False, why=lacking) if lacking else read
