"""From documents to YAML documents: checked as documents are, every table with what was found of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_etsi.profile._document import Hints
from pytest_etsi.profile._errors import Problem, ProfileError
from pytest_etsi.profile._ics import read_ics
from pytest_etsi.profile._ixit import read_ixit
from pytest_etsi.profile._references import check_names
from pytest_etsi.profile._yaml import Mapping, read_bytes
from pytest_etsi.profile.forms._blocks import Paper, TooMuch
from pytest_etsi.profile.forms._found import Found
from pytest_etsi.profile.forms._names import Names, edition_of
from pytest_etsi.profile.forms._sections import Sections
from pytest_etsi.profile.workbook._documents import ICS_FILE, ics_document, table_document, table_file
from pytest_etsi.profile.workbook._sheet_document import AsWritten, SheetDocument
from pytest_etsi.profile.workbook._written import Imported, sizes, write_documents
from pytest_etsi.standard import EDITIONS, edition
from pytest_etsi.text import abridged, listed

if TYPE_CHECKING:
    from collections.abc import Sequence as Several
    from pathlib import Path

    from pytest_etsi.profile._document import Document
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.unread import Unread
    from pytest_etsi.standard import Edition

__all__ = ["FormError", "import_forms", "is_form"]

_WORD = (".docx", ".docm")
_MARKDOWN = (".md", ".markdown")
MAX_FILES = 200
"""Most documents of one import."""


class FormError(ProfileError):
    """The documents are unusable; nothing was written."""


def is_form(file: Path) -> bool:
    """Whether a file is a Word document or a Markdown file, by its name."""
    return file.suffix.lower() in (*_WORD, *_MARKDOWN)


def import_forms(files: Several[Path], directory: Path, *, edition_id: str | None = None) -> Imported:
    """Write the documents that Word or Markdown documents hold: ``ics.yaml`` and ``ixit/NN-Name.yaml``.

    A table of which nothing was found gets no file, so that it is missing, and not empty.

    Args:
        files: the documents, one or several; together they hold each table once.
        directory: where to; made where it is missing.
        edition_id: of TS 103 701; None: by the tables that they name.

    Raises:
        FormError: a document cannot be read, none holds anything of an ICS or IXIT, it is not clear which edition they
            follow, or a file is there already; nothing was written.
    """
    return _Import(tuple(files), directory, edition_id).run()


@dataclass(eq=False)
class _FormDocument(SheetDocument):
    """A table's part of the documents; hints name a place there."""

    found: Found = field(default_factory=Found)

    def place_name(self, line: int) -> str:
        """Table and row, or line."""
        return str(self.found.spots.at(line))


@dataclass
class _Import:
    files: tuple[Path, ...]
    directory: Path
    edition_id: str | None
    notes: list[str] = field(default_factory=list)
    open: list[Unread] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def run(self) -> Imported:
        if len(self.files) > MAX_FILES:
            raise FormError(
                [Problem(str(self.files[0]), 0, 0, "", f"more than {MAX_FILES} documents at once")]
            )
        papers = self._papers()
        standard = self._edition(papers)
        found = Found()
        sections = Sections(Names(standard), found)
        for file, paper in zip(self.files, papers, strict=True):
            sections.take(paper.blocks, file)
            found.told += paper.told
        found.order([block for paper in papers for block in paper.blocks])
        tables = self._tables(found, standard)
        if not tables and not found.claims.items:
            hint = "expected tables or headings named as in the pro forma, such as IXIT 1-AuthMech"
            where = abridged([str(file) for file in self.files], 1)
            raise FormError(
                [Problem(where, 0, 0, "", "holds nothing of an ICS or IXIT that is recognised", hint)]
            )
        claims = self._document(ICS_FILE, found.claims, found)
        ics = read_ics([claims], standard)
        documents: list[Document] = [
            self._document(f"ixit/{name}.yaml", _under(name, node), found) for name, node in tables.items()
        ]
        ixit = read_ixit(documents, standard, missing=(claims, (0, 0)))
        check_names(claims, Mapping(0, 0), None, ixit)
        origin = abridged([file.name for file in self.files], 1)
        written = {ICS_FILE: ics_document(standard, found.claims, Mapping(1, 1), origin)}
        for table in standard.tables:
            if table.id in tables:
                written[table_file(table)] = table_document(table, tables[table.id], origin)
        if failed := [*self.problems, *sizes(written)]:
            raise FormError(found.spots.named(one) for one in failed)
        self._note_missing(found, tables, standard)
        made = write_documents(self.directory, written)
        if isinstance(made, Problem):
            raise FormError([made])
        assert ics is not None  # noqa: S101 - there is a document of it
        return Imported(
            directory=self.directory,
            edition=standard.id,
            device="",
            files=made,
            claims=len(ics.rows),
            entries=sum(len(table) for table in ixit if not table.single),
            notes=tuple(self.notes),
            open_problems=self._open_problems(found),
            unrecognised=tuple(found.unrecognised()),
        )

    def _papers(self) -> list[Paper]:
        papers: list[Paper] = []
        failed: list[Problem] = []
        for file in self.files:
            paper = _read(file)
            if isinstance(paper, Problem):
                failed.append(paper)
            else:
                papers.append(paper)
        if failed:
            raise FormError(failed)
        return papers

    def _edition(self, papers: list[Paper]) -> Edition:
        if self.edition_id is not None:
            return edition(self.edition_id)
        names = [file.stem for file in self.files]
        found = edition_of([*names, *(block.text for paper in papers for block in paper.blocks)])
        if len(found) > 1:
            message = f"tables of the editions {listed(sorted(found))} are named"
            hint = "say which one they follow with --edition"
            raise FormError(
                [Problem(abridged([str(file) for file in self.files], 1), 0, 0, "", message, hint)]
            )
        if not found:
            self.notes.append(
                f"Nothing in it tells the edition of TS 103 701: taken as {EDITIONS[0]}; --edition says it."
            )
        return edition(found[0] if found else EDITIONS[0])

    def _tables(self, found: Found, standard: Edition) -> dict[str, Node]:
        contents = ((table.id, found.content(table)) for table in standard.tables)
        return {name: node for name, node in contents if node is not None}

    def _document(self, name: str, root: Node, found: Found) -> _FormDocument:
        filler = AsWritten({}, {})
        return _FormDocument(
            self.directory / name,
            "",
            filler,
            self.problems,
            root=root,
            hints=Hints(),
            open=self.open,
            found=found,
        )

    def _note_missing(self, found: Found, tables: dict[str, Node], standard: Edition) -> None:
        missing = [table.id for table in standard.tables if table.id not in tables]
        if missing:
            self.notes.append(
                f"{len(missing)} of {len(standard.tables)} IXIT tables are not there, and no file was written of them: "
                f"{', '.join(missing)}."
            )
        if not found.claims.items:
            self.notes.append("There is no row of an ICS; ics.yaml has none filled in.")

    def _open_problems(self, found: Found) -> tuple[Problem, ...]:
        said = sorted(
            {one.problem for one in self.open if one.part != "IXIT"}, key=lambda one: (one.line, one.message)
        )
        return tuple(dict.fromkeys(found.spots.named(one) for one in said))


def _read(file: Path) -> Paper | Problem:
    shown = str(file)
    is_word = file.suffix.lower() in _WORD
    try:
        if is_word:
            from pytest_etsi.profile.forms._docx import MAX_DOCX, read_docx

            content = read_bytes(file, shown, MAX_DOCX)
            return content if isinstance(content, Problem) else read_docx(content, shown)
        from pytest_etsi.profile.forms._markdown import MAX_MARKDOWN, read_markdown

        content = read_bytes(file, shown, MAX_MARKDOWN)
        if isinstance(content, Problem):
            return content
        if b"\x00" in content:
            return Problem(shown, 0, 0, "", "is no text")
        return read_markdown(content.decode("utf-8-sig"), shown)
    except UnicodeDecodeError:
        return Problem(shown, 0, 0, "", "is not UTF-8", "save it as UTF-8")
    except TooMuch as too_much:
        return Problem(shown, 0, 0, "", f"{too_much}, the limit for a document")


def _under(name: str, node: Node) -> Mapping:
    root = Mapping(node.line, 1)
    root.items[name] = node
    root.keys[name] = (node.line, 1)
    return root
