"""``pytest-etsi archive``: what the record names, checked before it is packed, the same file of the same results."""

from __future__ import annotations

import hashlib
import tarfile
from typing import TYPE_CHECKING

import pytest
from camera_run import camera_run
from click.testing import CliRunner
from record_files import edit

from pytest_etsi.assessment.integrity import check_directory
from pytest_etsi.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def results(tmp_path: Path) -> Path:
    """A directory of results, with what a run keeps for itself beside them."""
    directory = camera_run(tmp_path / "etsi-results")
    (directory / "recovery.json").write_text('{"password": "hunter22"}', encoding="utf-8")
    (directory / "earlier").mkdir()
    (directory / "earlier" / "old.json").touch()
    return directory


def run(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["archive", *map(str, arguments)])
    return done.exit_code, done.output


def test_what_was_packed_can_be_verified_where_it_was_unpacked(tmp_path: Path, results: Path) -> None:
    status, said = run(results)
    packed = tmp_path / "etsi-results.tar.gz"
    with tarfile.open(packed) as file:
        names = file.getnames()
        file.extractall(tmp_path / "elsewhere", filter="data")
    checked = check_directory(tmp_path / "elsewhere" / "etsi-results")

    assert status == 0
    assert (
        f"{packed}: {len(names)} files; the last line of the record has the hash {checked.chain.hashes[-1]}"
        in said
    )
    assert checked.damaged == []
    assert not [name for name in names if "recovery" in name or "earlier" in name]


def test_the_same_results_give_the_same_file(tmp_path: Path, results: Path) -> None:
    digests = set()
    for name in ("one.tar.gz", "two.tar.gz"):
        assert run(results, "-o", tmp_path / name)[0] == 0
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())

    assert len(digests) == 1


def test_nothing_is_packed_of_what_is_not_as_it_was_written(tmp_path: Path, results: Path) -> None:
    (results / "evidence" / "5.1-5-2_b" / "AuthMech-web" / "02-guessing.json").write_text(
        "{}", encoding="utf-8"
    )
    status, said = run(results)

    assert status == 1
    assert "02-guessing.json of 5.1-5-2/b AuthMech-web: it was altered" in said
    assert not (tmp_path / "etsi-results.tar.gz").exists()


def test_a_run_that_has_not_ended_and_a_record_that_is_none_are_refused(
    tmp_path: Path, results: Path
) -> None:
    edit(results / "record.jsonl", lambda lines: lines.pop())
    (results / "results.json").unlink()
    open_status, said = run(results)

    assert open_status == 4
    assert "the run has not ended" in said
    assert run(tmp_path)[0] == 4
    assert not (tmp_path / "etsi-results.tar.gz").exists()
