"""From a workbook to YAML documents: checked as documents are, and nothing written when anything is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel

from pytest_etsi.profile._document import Document, Hints, trail_text
from pytest_etsi.profile._errors import Problem, one_line, shown
from pytest_etsi.profile._ics import read_ics
from pytest_etsi.profile._ixit import read_ixit
from pytest_etsi.profile._references import check_names
from pytest_etsi.profile._types import is_file
from pytest_etsi.profile._yaml import Mapping
from pytest_etsi.profile.drafts import MARK
from pytest_etsi.profile.workbook import _layout as layout
from pytest_etsi.profile.workbook._archive import read_archive
from pytest_etsi.profile.workbook._documents import ICS_FILE, ics_document, table_document, table_file
from pytest_etsi.profile.workbook._errors import WorkbookError, in_order
from pytest_etsi.profile.workbook._grid import Grid, read_grid
from pytest_etsi.profile.workbook._nodes import Nodes
from pytest_etsi.profile.workbook._read import Book, open_book, sheet_name
from pytest_etsi.profile.workbook._sheet_document import AsWritten, SheetDocument
from pytest_etsi.profile.workbook._written import Imported, sizes, write_documents
from pytest_etsi.standard import EDITIONS, Edition, edition
from pytest_etsi.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_etsi.profile._document import Trail
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile.unread import Unread

__all__ = ["Imported", "import_workbook"]

_SHEETS_OF_ICS = ("ICS", "ICS conditions")


def import_workbook(file: Path, directory: Path) -> Imported:
    """Write the documents that a workbook holds: ``ics.yaml``, ``ixit/NN-Name.yaml``, and the schemas they refer to.

    Args:
        file: the workbook.
        directory: where to; made where it is missing.

    Raises:
        WorkbookError: the workbook is unusable, or a file is there already; nothing was written.
    """
    return _Import(file, directory).run()


@dataclass
class _Import:
    file: Path
    directory: Path
    problems: list[Problem] = field(default_factory=list)
    open: list[Unread] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shown = str(self.file)
        self.nodes, self.hints = Nodes(), Hints()
        self.filler = AsWritten({}, {})

    def run(self) -> Imported:
        book = self._open()
        about = self._about(book)
        standard = edition(about["edition"])
        ignored = self._check_titles(book, standard)
        conditions = partial(self.nodes.conditions, known={condition.id for condition in standard.conditions})
        claims = self._sheet(book, layout.ICS, ICS_FILE, layout.ICS_COLUMNS, self.nodes.claims)
        stated = self._sheet(book, layout.CONDITIONS, ICS_FILE, layout.CONDITION_COLUMNS, conditions)
        tables = [
            self._sheet(
                book,
                table.id,
                table_file(table),
                layout.columns_of(table),
                partial(self.nodes.record if table.single else self.nodes.entries, table=table),
            )
            for table in standard.tables
        ]
        ics = read_ics([claims, stated], standard)
        ixit = read_ixit([*tables], standard, missing=(claims, (0, 0)))
        check_names(claims, Mapping(0, 0), None, ixit)
        # A row of what the edition does not have has no place in the documents that are written.
        homeless = (one for one in self.open if one.part in _SHEETS_OF_ICS and not one.field)
        self.problems += [one.problem for one in homeless]
        self._stop(standard)
        assert ics is not None  # noqa: S101 - there are documents of it
        files = {ICS_FILE: ics_document(standard, _root(claims), _part(stated, "conditions"), self.file.name)}
        for table, document in zip(standard.tables, tables, strict=True):
            marks = _root(document).items.get(MARK)
            files[table_file(table)] = table_document(table, _part(document, table.id), self.file.name, marks)
        for problem in sizes(files):
            self._note(problem.message)
        self._stop()
        made = write_documents(self.directory, files)
        if isinstance(made, Problem):
            raise WorkbookError([made])
        return Imported(
            directory=self.directory,
            edition=standard.id,
            device=_device(about),
            files=made,
            claims=len(ics.rows),
            entries=sum(len(table) for table in ixit if not table.single),
            notes=(
                *(one_line(f'The sheet "{title}" was not read.') for title in ignored),
                *(
                    one_line(f"{where} names {path}, which is not there yet.")
                    for path, where in _absent(ixit)
                ),
            ),
            open_problems=tuple(self._sorted({one.problem for one in self.open}, standard)),
        )

    def _stop(self, standard: Edition | None = None) -> None:
        """Raise what was found, if anything was."""
        if self.problems:
            # Whoever has to correct one thing sees the others with it.
            # That a sheet is missing has been said of the workbook.
            found = {*self.problems, *(one.problem for one in self.open if one.part != "IXIT")}
            raise WorkbookError(self._sorted(found, standard))

    def _sorted(self, problems: Iterable[Problem], standard: Edition | None) -> Iterable[Problem]:
        sheets = layout.sheets_of(standard) if standard else (layout.ABOUT,)
        return in_order(problems, (sheet_name(self.shown, sheet) for sheet in sheets))

    def _note(self, message: str, hint: str = "", sheet: str | None = None) -> None:
        where = self.shown if sheet is None else sheet_name(self.shown, sheet)
        self.problems.append(Problem(where, 0, 0, "", message, hint))

    def _open(self) -> Book:
        archive = read_archive(self.file, self.shown)
        if isinstance(archive, Problem):
            raise WorkbookError([archive])
        book = open_book(archive, self.shown, self.problems)
        self._stop()
        assert book is not None  # noqa: S101 - or there was a problem
        return book

    def _about(self, book: Book) -> dict[str, str]:
        """The rows of the first sheet that are read, of a format and an edition that are known."""
        if layout.ABOUT not in book.titles:
            self._note(
                f"the sheet {layout.ABOUT} is missing",
                "expected a workbook as pytest-etsi ixit export writes it",
            )
        sheet = book.sheet(layout.ABOUT) if not self.problems else None
        grid = read_grid(sheet, layout.ABOUT_COLUMNS, self.hints, self.problems) if sheet else None
        known = ("format", "edition", *layout.DUT_ITEMS)
        about: dict[str, str] = {}
        for row in grid or ():
            item = row.cells.get("item", "").strip()
            if item in about:
                at = row.place("item")
                self.problems.append(
                    Problem(grid.sheet.shown if grid else "", *at, "", f"a second row {shown(item)}")
                )
            elif item in known:
                about[item] = row.cells.get("value", "").strip()
        if not self.problems:
            self._check_value(about, "format", (layout.FORMAT,))
            self._check_value(about, "edition", tuple(EDITIONS))
        self._stop()
        return about

    def _check_value(self, about: dict[str, str], item: str, expected: tuple[str, ...]) -> None:
        if (got := about.get(item, "")) not in expected:
            what = listed(expected, last="or")
            message = f"{item}: expected {what}, got {shown(got) if got else 'nothing'}"
            self._note(message, sheet=layout.ABOUT)

    def _check_titles(self, book: Book, standard: Edition) -> list[str]:
        """Note sheets that are missing, unknown or there twice; the ones that are left aside."""
        expected = layout.sheets_of(standard)
        ignored = [
            title for title in book.titles if title == layout.NOTES or title.startswith(f"{layout.NOTES} ")
        ]
        for title in dict.fromkeys(book.titles):
            if title in ignored:
                continue
            if title not in expected:
                hint = (
                    self.hints.near(title, expected) or f"a sheet of remarks has to be called {layout.NOTES}"
                )
                self._note(f"edition {standard.id} has no sheet of this name", hint, sheet=title)
            elif book.titles.count(title) > 1:
                self._note("there is a second sheet of this name", sheet=title)
        for title in expected:
            if title not in book.titles:
                self._note(
                    f"the sheet {title} is missing", "keep it with its header where there is nothing to say"
                )
        return ignored

    def _sheet(
        self,
        book: Book,
        title: str,
        file: str,
        columns: layout.Columns,
        fill: Callable[[Grid, SheetDocument], Mapping],
    ) -> SheetDocument:
        """A sheet as a document; without content where it cannot be read, which is noted."""
        document = SheetDocument(
            self.directory / file,
            sheet_name(self.shown, title),
            self.filler,
            self.problems,
            hints=self.hints,
            open=self.open,
        )
        sheet = book.sheet(title) if book.titles.count(title) == 1 else None
        if sheet is not None:
            document.silent |= sheet.unreadable
            of_table = title not in (layout.ICS, layout.CONDITIONS)
            optional = layout.OPTIONAL if of_table else ()
            grid = read_grid(sheet, columns, self.hints, self.problems, optional)
            if grid is not None:
                document.root = fill(grid, document)
        return document


def _device(about: dict[str, str]) -> str:
    manufacturer, model, hardware, software = (about.get(item) or "?" for item in layout.DUT_ITEMS)
    return one_line(f"{manufacturer} {model}, hardware {hardware}, software {software}")


def _root(document: Document) -> Mapping:
    assert isinstance(document.root, Mapping)  # noqa: S101 - otherwise a problem was noted
    return document.root


def _part(document: Document, key: str) -> Any:
    return _root(document).items[key]


def _absent(ixit: Ixit) -> Iterator[tuple[Path, str]]:
    for table in ixit:
        for entry in table:
            for part in layout.TYPED:
                for path, trail in _files(getattr(entry, part), (part,)):
                    if not is_file(path):
                        yield path, trail_text(str(entry), trail)


def _files(value: Any, trail: Trail) -> Iterator[tuple[Path, Trail]]:
    """The files within facts or access, each with its path there."""
    if isinstance(value, Path):
        yield value, trail
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _files(getattr(value, name), (*trail, name))
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _files(item, (*trail, str(key)))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _files(item, (*trail, index))
