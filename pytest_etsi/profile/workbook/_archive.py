"""The file of an office program, looked at before a library takes it apart: what it is, whether whole, how large.

An .xlsx or .docx file is a ZIP archive of XML parts. Sizes are bounded by what the archive declares, which is all that
its reader gives out; a document type, through which XML entities grow, is nothing that an office program writes.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.profile._errors import Problem
from pytest_etsi.profile._yaml import read_bytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MAX_PARTS", "MAX_TAGS", "MAX_UNPACKED", "WORD", "WORKBOOK", "Packed", "read_archive", "unpacked"]

MAX_PARTS = 2_000
"""Most parts of a file."""
MAX_UNPACKED = bounds.WORKBOOK.most
"""Largest size of all XML parts of a file together, unpacked, in bytes: five times one of 5,000 entries."""

MAX_TAGS = bounds.WORKBOOK.items
"""Most tags in all XML parts together; an unpacked element takes many times its length."""

_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_XML = (".xml", ".rels", ".vml")
_STRICT = b"http://purl.oclc.org/ooxml/"


@dataclass(frozen=True, slots=True)
class Packed:
    """A kind of file.

    Attributes:
        ending: of its name, ".xlsx".
        old: of the names of its predecessors.
        what: "workbook".
        opened: what its relative in OpenDocument is called, "spreadsheet".
        program: what writes it, "spreadsheet program".
        main: its main part.
        others: parts of its relatives, each with what that is.
    """

    ending: str
    old: str
    what: str
    opened: str
    program: str
    main: str
    others: tuple[tuple[str, str], ...]

    @property
    def save(self) -> str:
        """What to do about a file of another kind."""
        return f"save it as {self.ending}"

    @property
    def expected(self) -> str:
        """What it should have been."""
        return f"expected {_an(self.ending)} {self.what}"


def _an(ending: str) -> str:
    """The ending of a name behind its article: an .xlsx, a .docx, as they are spoken."""
    return f"{'an' if ending.startswith('.x') else 'a'} {ending}"


WORKBOOK = Packed(
    ".xlsx",
    ".xls",
    "workbook",
    "spreadsheet",
    "spreadsheet program",
    "xl/workbook.xml",
    (("xl/workbook.bin", "an .xlsb workbook"), ("word/document.xml", "a Word document")),
)
WORD = Packed(
    ".docx",
    ".doc",
    "document",
    "text",
    "word processor",
    "word/document.xml",
    (("xl/workbook.xml", "a workbook"),),
)


def read_archive(path: Path, shown: str) -> io.BytesIO | Problem:
    """The XML parts of a workbook, safe to take apart, as an archive of their own; or why it is no workbook.

    Nothing but these parts is needed, so that whatever else a workbook brings along stays packed.

    Args:
        path: the file.
        shown: the file's name in the problem.
    """
    content = read_bytes(path, shown)
    if isinstance(content, Problem):
        return content
    parts = unpacked(content)
    if not isinstance(parts, dict):
        return Problem(shown, 0, 0, "", *parts)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    archive.seek(0)
    return archive


def unpacked(content: bytes, kind: Packed = WORKBOOK) -> dict[str, bytes] | tuple[str, str]:
    """The XML parts of a file: name -> content; or why it is none of its kind, and what to do about it."""
    if content.startswith(_OLD):
        return (
            f"is protected by a password, or {_an(kind.old)} file, {kind.expected}",
            f"{kind.save} without a password",
        )
    if not content.startswith(b"PK"):
        return f"is no {kind.ending} {kind.what}", kind.save
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refused = _of_archive(archive, kind)
            # Each part is read to its end, where its check sum is compared.
            parts = (
                {}
                if refused
                else {part.filename: archive.read(part) for part in filter(_is_xml, archive.infolist())}
            )
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        return f"is a damaged {kind.what}: {_reason(error)}", "get it again"
    return refused or _of_xml(parts, kind) or parts


def _of_archive(archive: zipfile.ZipFile, kind: Packed) -> tuple[str, str] | None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "mimetype" in names and "content.xml" in names:
        return f"is an OpenDocument {kind.opened}, {kind.expected}", kind.save
    for other, what in kind.others:
        if other in names and kind.main not in names:
            return f"is {what}, {kind.expected}", kind.save if what.endswith(
                kind.what
            ) else "give its name the right ending"
    if "[Content_Types].xml" not in names:
        return f"is a ZIP archive, but no {kind.ending} {kind.what}", kind.save
    if len(parts) > MAX_PARTS:
        return f"has more than {MAX_PARTS} parts, the limit for a {kind.what}", ""
    if len(names) < len(parts):
        return f"is a damaged {kind.what}: it has two parts of one name", ""
    if sum(part.file_size for part in parts if _is_xml(part)) > MAX_UNPACKED:
        return f"unpacks to more than {MAX_UNPACKED // 1024 // 1024} MiB, the limit for a {kind.what}", ""
    for part in parts:
        if part.flag_bits & 1:
            return "is protected by a password", f"{kind.save} without a password"
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            return (
                f"is a damaged {kind.what}: {part.filename} is packed in a way that no {kind.program} uses",
                "",
            )
    return None


def _of_xml(parts: dict[str, bytes], kind: Packed) -> tuple[str, str] | None:
    if sum(content.count(b"<") for content in parts.values()) > MAX_TAGS:
        return f"has more than {MAX_TAGS} tags, the limit for a {kind.what}", ""
    for name, content in parts.items():
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            return f"has a document type in {name}, which no {kind.program} writes", ""
        if content[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\x00" in content[:4]:
            return f"has {name} in an encoding other than UTF-8, which no {kind.program} writes", ""
    if any(name.startswith("xl/chartsheets/") for name in parts):
        return "has a sheet of charts", "take it out"
    if _STRICT in parts.get(kind.main, b"")[:4096]:
        return (
            f'is a {kind.what} in the form "Strict Open XML"',
            f"save it as an ordinary {kind.ending} {kind.what}",
        )
    return None


def _is_xml(part: zipfile.ZipInfo) -> bool:
    return part.filename.lower().endswith(_XML)


def _reason(error: Exception) -> str:
    text = str(error).partition("\n")[0]
    return text[:1].lower() + text[1:] if text else type(error).__name__
