"""ICS and IXIT from documents as makers write them: Word documents and Markdown, in the layout of the pro forma.

`import_forms` reads one or several files, finds the tables and entries in them, and writes the same YAML documents as
an import of a workbook. Words are taken as they stand; what was not recognised is told with its place, never dropped.
A document is untrusted input: it is bounded in size, and nothing that it links to is fetched.
"""

from pytest_etsi.profile.forms._import import FormError, import_forms, is_form

__all__ = ["FormError", "import_forms", "is_form"]
