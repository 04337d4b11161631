"""Every evaluation as a row of comma-separated values, for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, ClassVar

from pytest_etsi.report.summary import evaluations
from pytest_etsi.report.told import documented, without_fingerprint
from pytest_etsi.report.writer import Form
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_etsi.report.kept import Kept

__all__ = ["Csv"]

COLUMNS = (
    "provision", "title", "status", "support", "unit", "entry", "verdict", "cause", "decided_by", "reason", "settle",
    "origins", "documents", "assessor", "judged", "rationale", "reviewer", "reviewed", "evidence", "started",
    "duration_s",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Csv(Form):
    """A table of all evaluations; no cell is a formula."""

    name: ClassVar[str] = "csv"
    file: ClassVar[str] = "evaluations.csv"

    def text(self, kept: Kept) -> str:
        """The table, with its heading first."""
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(map(_cell, row) for row in _rows(kept))
        return out.getvalue()


def _rows(kept: Kept) -> Iterator[list[object]]:
    for group in kept.results["groups"]:
        for unit, one in evaluations(group):
            judged = one["judgement"] or {}
            places = dict.fromkeys(filter(None, map(documented, one["findings"])))
            yield [
                group["group"], group["title"], group["status"], group["support"], unit, one["entry"], one["verdict"],
                one["cause"], one["decided_by"], one["reason"], without_fingerprint(one["settle"]),
                " ".join(one.get("origins", ())), "; ".join(places), judged.get("assessor"), judged.get("date"),
                judged.get("rationale"), judged.get("reviewed_by"),
                judged.get("reviewed_on"), "; ".join(item["file"] for item in one["evidence"]), one.get("started"),
                one.get("duration_s"),
            ]  # fmt: skip


def _cell(value: object) -> str:
    """As text that no spreadsheet takes for a formula; also not one that begins with blanks."""
    text = "" if value is None else neutralised(value)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
