"""Documents of a profile as makers write them: in Word and in Markdown, in the layouts that are about."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import docx
from docx.oxml import parse_xml

from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.profile.forms import FormError, import_forms
from pytest_etsi.standard import edition

if TYPE_CHECKING:
    from pytest_etsi.profile._model import Entry
    from pytest_etsi.standard import Table

SHIPPED = Path(__file__).parents[2] / "device_profiles" / "virtual-camera"
W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def answers(entry: Entry, table: Table) -> dict[str, str]:
    """The answers of an entry, as they are written."""
    written = {"ID": entry.id} if entry.id else {}
    for field in table.fields:
        if field.name != "ID" and (text := entry._written.get(field.name, "")).strip():
            written[field.name] = text
    return written


def content(profile: Profile) -> dict[str, list[dict[str, str]]]:
    """What the IXIT of a profile says, word for word."""
    return {
        table.id: [answers(entry, table) for entry in profile.ixit.tables[table.id]]
        for table in edition(profile.edition).tables
    }


def claims(profile: Profile) -> dict[str, tuple[str, str]]:
    return {name: (row.support, row.detail) for name, row in profile.ics.rows.items()}


# Word -------------------------------------------------------------------------------------------------------


def fill(cell: Any, text: str) -> None:
    """Write a text into a cell, a paragraph a line."""
    first, *rest = text.split("\n")
    cell.paragraphs[0].text = first
    for line in rest:
        cell.add_paragraph(line)


def add_table(document: Any, rows: list[list[str]]) -> Any:
    table = document.add_table(rows=len(rows), cols=len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            fill(cell, text)
    return table


def word_document(profile: Profile, file: Path, *, a_row_each: bool = True) -> Path:
    """The ICS and IXIT of a profile as a Word document: a table with a row an entry, or a table an entry."""
    document = docx.Document()
    document.add_heading("Implementation conformance statement")
    rows = [[name, "M", row.support, row.detail] for name, row in profile.ics.rows.items()]
    add_table(document, [["Reference", "Status", "Support", "Detail"], *rows])
    for table in edition(profile.edition).tables:
        document.add_heading(f"IXIT {table.id}: {table.title}", level=2)
        names = [field.name for field in table.fields]
        entries = [answers(entry, table) for entry in profile.ixit.tables[table.id]]
        if table.single:
            add_table(document, [["Field", "Answer"], *([name, entries[0].get(name, "")] for name in names)])
        elif a_row_each and entries:
            add_table(document, [names, *([entry.get(name, "") for name in names] for entry in entries)])
        elif entries:
            for entry in entries:
                add_table(document, [[name, entry.get(name, "")] for name in names])
                document.add_paragraph("")
        else:
            document.add_paragraph("None.")
    document.save(str(file))
    return file


def word(*tables: list[list[str]], before: str = "IXIT 1-AuthMech: Authentication Mechanisms") -> Any:
    """A small Word document with tables below a heading; it still has to be saved."""
    document = docx.Document()
    document.add_heading(before)
    for rows in tables:
        add_table(document, rows)
    return document


def docx_file(directory: Path, document: Any) -> Path:
    """A Word document, saved."""
    document.save(str(directory / "d.docx"))
    return directory / "d.docx"


def xml(text: str) -> Any:
    """An element of WordprocessingML; its namespace need not be declared."""
    head, _, rest = text.partition(">")
    close = head.endswith("/")
    head = head.removesuffix("/")
    w14 = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    return parse_xml(f"{head} {W} {w14}{'/' if close else ''}>{rest}")


# Markdown ---------------------------------------------------------------------------------------------------


def escaped(text: str) -> str:
    """A text that Markdown shows as it is, a line break a hard one."""
    special = "\\`*_{}[]<>#+-.!|~&"
    return "\\\n".join("".join(f"\\{c}" if c in special else c for c in line) for line in text.split("\n"))


def markdown(profile: Profile) -> str:
    """The ICS and IXIT of a profile in Markdown, with a heading an entry and a heading a field."""
    lines = [
        "# Implementation conformance statement",
        "",
        "| Reference | Status | Support | Detail |",
        "|---|---|---|---|",
    ]
    for name, row in profile.ics.rows.items():
        lines.append(f"| **Provision {name}** | M | **{row.support}** | {escaped(row.detail)} |")
    for table in edition(profile.edition).tables:
        lines += ["", f"# IXIT {table.id}: {table.title}", ""]
        entries = list(profile.ixit.tables[table.id])
        if not table.single and not entries:
            lines += ["None."]
        for entry in entries:
            texts = answers(entry, table)
            if "ID" in texts:
                lines += [f"## **ID**: {texts.pop('ID')}", ""]
            for name, text in texts.items():
                lines += [f"### {name}", "", escaped(text), ""]
    return "\n".join(lines) + "\n"


# What came in -----------------------------------------------------------------------------------------------


def taken(
    directory: Path, *files: Path, edition_id: str | None = None
) -> tuple[Profile, list[str], list[str]]:
    """The imported documents as a profile; what was not recognised, and what was not understood, without paths."""
    back = directory / "back"
    made = import_forms(files, back, edition_id=edition_id)
    (back / "profile.yaml").write_text(
        f'format: 1\nedition: "{made.edition}"\nics: ics.yaml\nixit: ixit/\n'
        "dut: {manufacturer: Example, model: CAM-200, hardware: '2', software: '1.40'}\n"
    )
    root = f"{directory}/"
    return (
        load_profile(back),
        [str(one).replace(root, "") for one in made.unrecognised],
        [str(one).replace(root, "") for one in made.open_problems],
    )


def refused(directory: Path, *files: Path) -> list[str]:
    """Why documents were not taken, without paths."""
    try:
        import_forms(files, directory / "back")
    except FormError as error:
        assert not (directory / "back").exists()
        return [str(one).replace(f"{directory}/", "") for one in error.problems]
    raise AssertionError("it was taken")
