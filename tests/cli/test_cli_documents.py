"""The commands validate, schema and init."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from pytest_etsi.cli.main import main
from pytest_etsi.profile.schema import schema_files

if TYPE_CHECKING:
    from pathlib import Path

DEVICE = ("--manufacturer", "Example", "--model", "Cam", "--hardware", "1", "--software", "1.40")


def run(*arguments: str | Path, text: str | None = None) -> Result:
    return CliRunner().invoke(
        main, [str(argument) for argument in arguments], input=text, catch_exceptions=False
    )


def test_init_then_validate_says_what_is_still_to_be_filled_in(tmp_path: Path) -> None:
    assert run("init", tmp_path / "cam", *DEVICE, "--yes", "--host", "192.0.2.7").exit_code == 0

    result = run("validate", tmp_path / "cam")
    assert result.exit_code == 0
    assert "cam: valid" in result.stdout
    assert "0 of 78 provisions" in result.stdout
    assert "to fill in  ICS rows 5.0-1, 5.1-1" in result.stdout


def test_init_asks_for_what_is_not_given(tmp_path: Path) -> None:
    result = run("init", tmp_path / "cam", "--hardware", "1", text="Example\nCam 2\n3.1\n\n")

    assert result.exit_code == 0
    assert 'model: "Cam 2"' in (tmp_path / "cam" / "profile.yaml").read_text()
    assert 'software: "3.1"' in (tmp_path / "cam" / "profile.yaml").read_text()


def test_init_with_yes_asks_nothing_and_names_what_is_missing(tmp_path: Path) -> None:
    result = run("init", tmp_path / "cam", "--model", "Cam", "--yes")

    assert result.exit_code == 2
    assert "with --yes, --manufacturer, --hardware, --software must be given" in result.stderr
    assert not (tmp_path / "cam").exists()


def test_init_overwrites_nothing_and_writes_nothing_beside_it(tmp_path: Path) -> None:
    (tmp_path / "judgements.yaml").write_text("mine")

    result = run("init", tmp_path, *DEVICE, "--yes")
    assert result.exit_code == 1
    assert "judgements.yaml exists already; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["judgements.yaml"]
    assert (tmp_path / "judgements.yaml").read_text() == "mine"


def test_init_keeps_secrets_out_of_version_control(tmp_path: Path) -> None:
    run("init", tmp_path, *DEVICE, "--yes")

    assert "secrets.yaml" in (tmp_path / ".gitignore").read_text().splitlines()


@pytest.mark.parametrize(
    ("arguments", "edition", "table"),
    [((), "2.1.1", "28-LogIntf"), (("--edition", "1.1.1"), "1.1.1", "28-ExtAPI")],
)
def test_init_writes_the_current_edition_or_the_one_that_is_asked_for(
    tmp_path: Path, arguments: tuple[str, ...], edition: str, table: str
) -> None:
    run("init", tmp_path, *DEVICE, "--yes", *arguments)

    assert f'edition: "{edition}"' in (tmp_path / "profile.yaml").read_text()
    assert (tmp_path / "ixit" / f"{table}.yaml").is_file()
    assert run("validate", tmp_path).exit_code == 0


def test_init_refuses_an_edition_that_does_not_exist(tmp_path: Path) -> None:
    result = run("init", tmp_path, *DEVICE, "--yes", "--edition", "9")

    assert result.exit_code == 2
    assert "'9' is none of 1.1.1, 2.1.1" in result.stderr


def test_validate_of_unusable_documents_exits_with_4(tmp_path: Path) -> None:
    run("init", tmp_path, *DEVICE, "--yes")
    profile = tmp_path / "profile.yaml"
    profile.write_text(profile.read_text() + "colour: red\nsize: 2\nweight: 3\n")

    result = run("validate", tmp_path, "--limit", "2")
    lines = result.stderr.splitlines()
    assert result.exit_code == 4
    assert lines[0].startswith(f"{profile}:")
    assert '"colour"' in lines[0]
    assert lines[2:] == ["and 1 more", "3 problems; nothing can be assessed until solved"]
    assert result.stdout == ""


def test_validate_lists_what_could_not_be_understood_and_ends_well(tmp_path: Path) -> None:
    run("init", tmp_path, *DEVICE, "--yes")
    ics = tmp_path / "ics.yaml"
    ics.write_text(ics.read_text() + '"9-9": {}\n"5.1-1": {support: mostly}\n')

    result = run("validate", tmp_path, "--limit", "1")
    assert result.exit_code == 0
    assert "usable, with 2 open problems" in result.stdout
    assert f"  {ics}:" in result.stdout
    assert "  and 1 more" in result.stdout
    assert "expected one of Y, N, N/A" in run("validate", tmp_path).stdout


def test_validate_of_an_unknown_name_exits_with_4() -> None:
    result = run("validate", "no-such-profile")

    assert result.exit_code == 4
    assert "no such file, and no shipped profile of that name" in result.stderr


def test_validate_prints_no_escape_sequence_of_a_document(tmp_path: Path) -> None:
    run("init", tmp_path, *DEVICE, "--yes")
    (tmp_path / "ics.yaml").write_text('"\\e[31m": {}\n')

    assert "\x1b" not in run("validate", tmp_path).stderr


def test_schema_gives_json(tmp_path: Path) -> None:
    result = run("schema", "ixit", "--edition", "2.1.1")

    properties = json.loads(result.stdout)["properties"]
    assert "28-LogIntf" in properties
    assert "28-ExtAPI" not in properties


def test_schema_writes_the_files(tmp_path: Path) -> None:
    assert run("schema", "--write", tmp_path / "schema").exit_code == 0

    assert {path.name: path.read_text() for path in (tmp_path / "schema").iterdir()} == schema_files()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["schema"], "expected one of profile, ics, ixit, judgements, got none"),
        (["schema", "isc"], "expected one of profile, ics, ixit, judgements, got 'isc'"),
        (["schema", "ics", "--edition", "3"], "'3'"),
        (["schema", "ics", "--write", "x"], "--write takes neither a kind nor --edition"),
    ],
)
def test_schema_names_what_it_expects(arguments: list[str], message: str) -> None:
    result = run(*arguments)

    assert result.exit_code == 2
    assert message in result.stderr


def test_help_needs_neither_documents_nor_pydantic() -> None:
    code = "import sys, pytest_etsi.cli.main; print(sorted({'pydantic', 'yaml', 'pytest_etsi.profile'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout == "[]\n"
