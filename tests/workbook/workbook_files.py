"""Profiles written as workbooks, workbooks edited as another program would, and what comes back of them."""

from __future__ import annotations

import functools
import io
import pickle
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl

from pytest_etsi.profile import Profile, load_profile
from pytest_etsi.profile.workbook import Imported, WorkbookError, export_workbook, import_workbook
from tests.profile.profile_documents import write_profile

if TYPE_CHECKING:
    from collections.abc import Callable

    from openpyxl import Workbook

SHIPPED = Path(__file__).parents[2] / "device_profiles" / "virtual-camera"

ICS = """\
conditions: {"1": true, "2": false}
"5.1-1": {support: Y, detail: no password is shared}
"5.1-2": {support: N/A, detail: there is no pre-installed password}
"""
IXIT = """\
"1-AuthMech":
  - ID: AuthMech-web
    Description: Login over HTTPS
    Password Generation Mechanism: ""
    facts:
      subject: user
      endpoint: 443/tcp
    access:
      driver: https-form
      url: https://192.0.2.7/login
      password: ${secret:web}
  - ID: AuthMech-api
    Description: Login of apps
"4-Conf":
  Confirmation of Secure Development: "yes"
  Confirmation of Update Procedures:
"6-SoftComp":
  - ID: SoftComp-app
    Description: "1.40"
    Update Mechanism: [UpdMech-net]
    Cryptographic Usage: "yes; side effects considered: yes"
"7-UpdMech":
  - ID: UpdMech-net
    Description: over the network
"15-Intf":
  - ID: Intf-lan
    Type: network, logical
    Status: enabled
"""


def profile_in(directory: Path, **documents: str) -> Path:
    """A small valid profile in a directory of its own; its documents can be given."""
    directory.mkdir(exist_ok=True)
    (directory / "secrets.yaml").write_text("web: hunter2\n")
    given = {"ics": ICS, "ixit": IXIT} | documents
    return write_profile(directory, extra="secrets: secrets.yaml\n", **given)


def exported(profile: Path, file: Path, environ: dict[str, str] | None = None) -> Workbook:
    """The profile's workbook, as another program reads it."""
    export_workbook(profile, file, environ=environ or {})
    return openpyxl.load_workbook(file)


def opened(file: Path) -> Workbook:
    """A workbook as another program reads it, to be changed; it takes long once for each content."""
    book: Workbook = pickle.loads(_opened(file.read_bytes()))
    return book


@functools.lru_cache(maxsize=8)
def _opened(content: bytes) -> bytes:
    return pickle.dumps(openpyxl.load_workbook(io.BytesIO(content)))


def edited(file: Path, change: Callable[[Workbook], object]) -> Path:
    """The workbook after a change by another program."""
    book = opened(file)
    change(book)
    book.save(file)
    return file


def repacked(file: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The workbook after a change to the parts of its archive."""
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    file.write_bytes(content.getvalue())
    return file


def sheet_part(file: Path, title: str) -> str:
    """The part of the archive that holds a sheet which `export_workbook` wrote."""
    return f"xl/worksheets/sheet{opened(file).sheetnames.index(title) + 1}.xml"


def problems_of(file: Path, directory: Path) -> list[str]:
    """The problems of a workbook, without the directory of its name; empty: it was imported."""
    try:
        import_workbook(file, directory)
    except WorkbookError as error:
        return [str(problem).replace(f"{file.parent}/", "") for problem in error.problems]
    return []


def open_problems_of(file: Path, directory: Path) -> list[str]:
    """What an import took as it stands, and did not understand, without the directory of the workbook's name."""
    made = import_workbook(file, directory)
    return [str(problem).replace(f"{file.parent}/", "") for problem in made.open_problems]


def there_and_back(
    profile: Path, work: Path, *, environ: dict[str, str] | None = None
) -> tuple[Profile, Profile, Imported]:
    """The profile; the same with the documents that an import of its workbook wrote; and what the import said."""
    file, back = work / "exchange.xlsx", work / "back"
    export_workbook(profile, file, environ=environ or {})
    made = import_workbook(file, back)
    root = profile.read_text("utf-8")
    names = {
        "ics: ics.yaml": "ics: back/ics.yaml",
        "ixit: ixit.yaml": "ixit: back/ixit/",
        "ixit: ixit/": "ixit: back/ixit/",
    }
    for written, now in names.items():
        root = root.replace(written, now)
    for beside in profile.parent.glob("*.yaml"):
        if beside.name != "profile.yaml" and not (work / beside.name).exists():
            (work / beside.name).write_bytes(beside.read_bytes())
    (work / "profile.yaml").write_text(root, "utf-8")
    first = load_profile(profile, environ=environ or {})
    second = load_profile(work / "profile.yaml", environ=environ or {})
    return first, second, made


def _from(base: Path, value: Any) -> Any:
    """The same with the files that it names as they are named from a directory on."""
    if isinstance(value, dict):
        return {key: _from(base, item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_from(base, item) for item in value]
    return value.relative_to(base) if isinstance(value, Path) and value.is_relative_to(base) else value


def content_of(profile: Profile) -> dict[str, Any]:
    """Everything that the ICS and the IXIT of a loaded profile say, as builtins."""
    return {
        "edition": profile.edition,
        "conditions": dict(profile.ics.conditions),
        "ICS": {name: (row.support, row.detail) for name, row in profile.ics.rows.items()},
        "IXIT": {
            table.id: [
                {
                    "id": entry.id,
                    "raw": entry.raw,
                    "values": dict(entry.values),
                    "references": dict(entry.references),
                    "facts": entry.facts.model_dump(),
                    "access": _from(Path(entry.source("ID").file).parent, entry.access.model_dump()),
                }
                for entry in table
            ]
            for table in profile.ixit
        },
    }
