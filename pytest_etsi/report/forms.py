"""The forms of report that are made from kept results, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.report.page import Page

if TYPE_CHECKING:
    from pytest_etsi.report.writer import Form

__all__ = ["FORMS"]

FORMS: dict[str, Form] = {form.name: form for form in (Page(),)}
"""Every form; one is added here, and nowhere else."""
