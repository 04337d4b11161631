"""The commands `ixit export` and `ixit import`."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from pytest_etsi.cli.main import main
from tests.workbook.workbook_files import edited, profile_in

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl import Workbook


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["ixit", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The workbook of a small valid profile."""
    profile_in(tmp_path / "device")
    assert run("export", tmp_path / "device", tmp_path / "camera.xlsx").exit_code == 0
    return tmp_path / "camera.xlsx"


def test_export_says_what_is_in_the_workbook_and_how_it_comes_back(tmp_path: Path) -> None:
    profile_in(tmp_path / "device")
    result = run("export", tmp_path / "device", tmp_path / "camera.xlsx")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{tmp_path}/camera.xlsx: 2 ICS rows and 5 IXIT entries of camera. To take it back, run",
        f"  pytest-etsi ixit import {tmp_path}/camera.xlsx DIRECTORY",
    ]
    assert result.stderr == ""


def test_export_says_where_a_placeholder_takes_the_place_of_a_credential(tmp_path: Path) -> None:
    entries = "".join(f"- {{ID: {name}, access: {{password: hunter2}}}}\n" for name in ("web", "api"))
    profile_in(tmp_path / "device", ixit=f'"1-AuthMech":\n{entries}')
    result = run("export", tmp_path / "device", tmp_path / "camera.xlsx")

    assert result.stderr == (
        "The access of 1-AuthMech/web and 1 more holds a secret as text; in its place the workbook has "
        "${secret:NAME}.\n"
    )


def test_export_of_the_virtual_camera_shows_no_credential(tmp_path: Path) -> None:
    assert run("export", "virtual-camera", tmp_path / "camera.xlsx").stderr == ""


def test_export_of_unusable_documents_exits_with_4(tmp_path: Path) -> None:
    profile_in(tmp_path / "device", ics='"9-9": {}\n"9-8": {}\n')
    result = run("export", tmp_path / "device", tmp_path / "camera.xlsx", "--limit", "1")

    assert result.exit_code == 4
    assert 'edition 1.1.1 has no provision "9-9"' in result.stderr.splitlines()[0]
    assert result.stderr.splitlines()[1:] == ["and 1 more", "2 problems; nothing was written"]
    assert not (tmp_path / "camera.xlsx").exists()


def test_import_says_whose_documents_they_are_and_how_a_profile_names_them(
    file: Path, tmp_path: Path
) -> None:
    result = run("import", file, tmp_path / "back")

    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{tmp_path}/back: 2 ICS rows and 5 IXIT entries, for",
        "  Example CAM-200, hardware 2, software 1.40",
        "Name the documents in a profile.yaml, paths relative to it; with one beside them:",
        "  format: 1",
        '  edition: "1.1.1"',
        '  dut: {manufacturer: ..., model: ..., hardware: "...", software: "..."}',
        "  ics: ics.yaml",
        "  ixit: ixit/",
        "Then check it with pytest-etsi validate.",
    ]


def test_import_writes_documents_in_the_form_of_init(file: Path, tmp_path: Path) -> None:
    run("import", file, tmp_path / "back")

    names = sorted(
        path.relative_to(tmp_path / "back").as_posix() for path in (tmp_path / "back").rglob("*.*")
    )
    assert names[0] == "ics.yaml"
    assert names[1] == "ixit/01-AuthMech.yaml"
    assert names[29:] == ["ixit/29-InpVal.yaml", "schema/ics.schema.json", "schema/ixit.schema.json"]
    for name in names[:30]:
        first = (tmp_path / "back" / name).read_text().splitlines()[0]
        up, kind = ("", "ics") if name == "ics.yaml" else ("../", "ixit")
        assert first == f"# yaml-language-server: $schema={up}schema/{kind}.schema.json"


def test_import_goes_into_a_directory_of_init_from_which_the_documents_were_taken(
    file: Path, tmp_path: Path
) -> None:
    device = ("--manufacturer", "Example", "--model", "Cam", "--hardware", "1", "--software", "1.40")
    CliRunner().invoke(main, ["init", str(tmp_path / "cam"), *device, "--yes"], catch_exceptions=False)
    schema = (tmp_path / "cam" / "schema" / "ixit.schema.json").stat().st_mtime_ns
    refused = run("import", file, tmp_path / "cam")
    (tmp_path / "cam" / "ics.yaml").unlink()
    still_refused = run("import", file, tmp_path / "cam")
    (tmp_path / "cam" / "ixit").rename(tmp_path / "cam" / "before")
    taken = run("import", file, tmp_path / "cam")

    assert refused.exit_code == still_refused.exit_code == 4
    assert refused.stderr.splitlines() == [
        f"{tmp_path}/cam/ics.yaml: exists already, and 29 more",
        "1 problem; nothing was written",
    ]
    assert taken.exit_code == 0
    assert (tmp_path / "cam" / "schema" / "ixit.schema.json").stat().st_mtime_ns == schema


@pytest.mark.parametrize(
    "name", ["ixit/30-Own.yaml", "ixit/29-InpVal.yml", "ixit/01-AuthMech.yaml", "ics.yaml"]
)
def test_import_overwrites_nothing_and_writes_nothing_beside_it(
    file: Path, tmp_path: Path, name: str
) -> None:
    mine = tmp_path / "back" / name
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    result = run("import", file, tmp_path / "back")

    assert result.exit_code == 4
    assert result.stderr.splitlines()[0] == f"{mine}: exists already"
    assert [path for path in (tmp_path / "back").rglob("*") if path.is_file()] == [mine]
    assert mine.read_text() == "mine"


def test_import_takes_back_what_it_could_not_finish(file: Path, tmp_path: Path) -> None:
    (tmp_path / "back").mkdir()
    (tmp_path / "back" / "schema").write_text("a file where a directory has to be")
    result = run("import", file, tmp_path / "back")

    assert result.exit_code == 4
    assert f"{tmp_path}/back/schema/ics.schema.json: cannot be written: " in result.stderr
    assert [path.name for path in (tmp_path / "back").rglob("*") if path.is_file()] == ["schema"]


def test_import_names_sheet_and_cell_on_the_terminal_and_exits_with_4(file: Path, tmp_path: Path) -> None:
    def change(book: Workbook) -> None:
        book["ICS"]["D2"] = "X"
        book["7-UpdMech"]["B2"] = "=1"

    result = run("import", edited(file, change), tmp_path / "back")
    assert result.exit_code == 4
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f'{file}: sheet ICS, cell D2: ICS 5.1-1: support: expected one of Y, N, N/A, got "X"',
        f"{file}: sheet 7-UpdMech, cell B2: a formula, expected text; write its result",
        "2 problems; nothing was written",
    ]


def test_import_says_which_files_the_documents_name_and_which_sheets_it_left(
    file: Path, tmp_path: Path
) -> None:
    def change(book: Workbook) -> None:
        sheet = book["13-SoftServ"]
        column = {cell.value: cell.column for cell in sheet[1]}
        for row, name in ((2, "new"), (3, "old")):
            document = f"{{file: files/{name}.bin, url: 'https://192.0.2.7/', login: AuthMech-web}}"
            sheet.cell(row, column["ID"]).value = f"SoftServ-{name}"
            sheet.cell(row, column["access"]).value = f"openapi: {document}"
        book.create_sheet("Notes of the\tlaboratory")

    (tmp_path / "back" / "ixit" / "files").mkdir(parents=True)
    (tmp_path / "back" / "ixit" / "files" / "old.bin").write_bytes(b"")
    result = run("import", edited(file, change), tmp_path / "back")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[2:4] == [
        'The sheet "Notes of the\\x09laboratory" was not read.',
        f"13-SoftServ/SoftServ-new: access.openapi.file names {tmp_path}/back/ixit/files/new.bin, which is not there yet.",
    ]


def test_what_was_imported_is_a_valid_profile(file: Path, tmp_path: Path) -> None:
    run("import", file, tmp_path / "back")
    profile = (tmp_path / "device" / "profile.yaml").read_text()
    for name in ("judgements.yaml", "secrets.yaml"):
        (tmp_path / "back" / name).write_text((tmp_path / "device" / name).read_text())
    (tmp_path / "back" / "profile.yaml").write_text(profile.replace("ixit: ixit.yaml", "ixit: ixit/"))
    result = CliRunner().invoke(main, ["validate", str(tmp_path / "back")], catch_exceptions=False)

    assert result.exit_code == 0, result.stderr
    assert "ICS         2 of 67 provisions" in result.stdout


def test_the_commands_load_no_spreadsheet_library_before_it_is_needed() -> None:
    code = "import sys, pytest_etsi.cli.main, pytest_etsi.profile; print('openpyxl' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "False\n"
