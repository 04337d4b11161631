"""The forms of report that are made from kept results, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.report.csv import Csv
from pytest_etsi.report.gaps import Gaps
from pytest_etsi.report.gaps_workbook import GapsWorkbook
from pytest_etsi.report.in_toto import InToto
from pytest_etsi.report.markdown import Markdown
from pytest_etsi.report.oscal import Oscal
from pytest_etsi.report.page import Page
from pytest_etsi.report.page.declaration import Declaration
from pytest_etsi.report.page.gaps import GapsPage
from pytest_etsi.report.sarif import Sarif

if TYPE_CHECKING:
    from pytest_etsi.report.writer import Form

__all__ = ["FORMS"]

_ALL: tuple[Form, ...] = (
    Page(), Gaps(), GapsPage(), GapsWorkbook(), Markdown(), Csv(), Sarif(), Oscal(), InToto(), Declaration(),
)  # fmt: skip

FORMS: dict[str, Form] = {form.name: form for form in _ALL}
"""Every form; one is added here, and nowhere else."""
