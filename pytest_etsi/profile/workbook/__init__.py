"""ICS and IXIT in one spreadsheet workbook (.xlsx), because that is how they are exchanged.

`export_workbook` writes one from the documents of a profile, `import_workbook` writes YAML documents from one; there
and back nothing is lost. A workbook is untrusted input: it is bounded in size, formulas are refused, and everything in
it is checked as documents are, with `WorkbookError` naming sheet and cell. `add_sheet` writes the sheets of other
workbooks too: no cell of any is a formula.
"""

from pytest_etsi.profile.workbook._errors import WorkbookError
from pytest_etsi.profile.workbook._export import Exported, export_workbook
from pytest_etsi.profile.workbook._import import import_workbook
from pytest_etsi.profile.workbook._sheets import Column, add_sheet
from pytest_etsi.profile.workbook._written import Imported

__all__ = [
    "Column",
    "Exported",
    "Imported",
    "WorkbookError",
    "add_sheet",
    "export_workbook",
    "import_workbook",
]
