"""The documents that a field of 2-UserInfo names, as the criteria on what they cover take them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_etsi.assessment.coverage import text_of
from pytest_etsi.assessment.criteria import publications
from pytest_etsi.assessment.findings import Findings, unknown

if TYPE_CHECKING:
    from pytest_etsi.assessment.coverage import Text
    from pytest_etsi.dut.reach.documents import Seen
    from pytest_etsi.profile.entries import UserInfoEntry

__all__ = ["open_to_all", "text"]


def open_to_all(info: UserInfoEntry, field: str, seen: Seen) -> Findings:
    """What refutes that users get to the documents of a field, and what leaves it open; see `publications`."""
    found = publications.open_to_all(info, field, seen.documents)
    if not seen.why:
        return found
    made = replace(unknown(info, field, seen.why, aspect="guidance"), cause=seen.cause, settle=seen.settle)
    return Findings((*found, made), found.examined)


def text(seen: Seen) -> Text:
    """The text of documents; where one could not be read, it is not whole."""
    read = text_of(seen.documents)
    return replace(read, whole=False, why=seen.why) if seen.why else read
