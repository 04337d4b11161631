"""The command verify: what a directory of results still is."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from record_files import change_line, edit, forge, number_of
from suite_runs import run_suite

from pytest_etsi.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable


def verify(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["verify", *map(str, arguments)], catch_exceptions=False)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The results of a run on the virtual camera, and what the terminal showed."""
    directory = tmp_path_factory.mktemp("verify")
    run = run_suite(directory, "virtual-camera", "--etsi-only=5.1-3,5.6-1-2")
    return directory / "etsi-results", run.output


@pytest.fixture
def results(finished: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of them that may be changed."""
    return Path(shutil.copytree(finished[0], tmp_path / "results"))


def first_evidence(directory: Path) -> tuple[str, str]:
    """A file, and what it is of."""
    lines = map(json.loads, (directory / "record.jsonl").read_text(encoding="utf-8").splitlines())
    line = next(line for line in lines if line["record"] == "evaluation" and line["evidence"])
    return line["evidence"][0]["file"], " ".join(filter(None, (line["unit"], line["entry"])))


def last_hash(directory: Path) -> str:
    return str(json.loads((directory / "record.jsonl").read_bytes().splitlines()[-1])["hash"])


def test_what_nobody_touched_fits(finished: tuple[Path, str]) -> None:
    directory, output = finished
    result = verify(directory)

    assert result.exit_code == 0, result.output
    assert "nothing not as written" in result.output
    assert last_hash(directory) in result.output
    assert last_hash(directory) in output


def test_results_name_the_last_line_of_their_record(results: Path) -> None:
    said = json.loads((results / "results.json").read_bytes())["record"]

    assert said == {
        "lines": len((results / "record.jsonl").read_bytes().splitlines()),
        "hash": last_hash(results),
    }


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (Path.unlink, "it is missing"),
        (lambda path: path.write_bytes(b""), "it was altered: it had "),
        (
            lambda path: path.write_bytes(path.read_bytes()[::-1]),
            "it was altered: its hash is not the one in the record",
        ),
    ],
)
def test_damaged_evidence_is_named_with_its_unit(
    results: Path, damage: Callable[[Path], object], problem: str
) -> None:
    file, about = first_evidence(results)
    damage(results / file)
    result = verify(results)

    assert result.exit_code == 1
    assert f"{results}/{file} of {about}: {problem}" in result.output


def lines_of(directory: Path) -> list[bytes]:
    return (directory / "record.jsonl").read_bytes().splitlines(keepends=True)


def swapped(lines: list[bytes], one: int, other: int) -> list[bytes]:
    lines[one], lines[other] = lines[other], lines[one]
    return lines


LINES: dict[str, tuple[Callable[[list[bytes]], list[bytes]], int, str]] = {
    "the first is removed": (lambda lines: lines[1:], 4, "the run has no beginning"),
    "one in the middle is removed": (lambda lines: [*lines[:3], *lines[4:]], 4, "record.jsonl:4: "),
    "the last is removed": (lambda lines: lines[:-1], 1, "the record does not have the line with the hash"),
    "the last two are removed": (lambda lines: lines[:-2], 1, "the record does not have the line with the hash"),
    "the last is cut off": (lambda lines: [*lines[:-1], lines[-1][:20]], 1, "the record does not have the line"),
    "two are swapped": (lambda lines: swapped(lines, 2, 3), 4, "record.jsonl:3: "),
    "the first two are swapped": (lambda lines: swapped(lines, 0, 1), 4, "record.jsonl:1: "),
    "the last two are swapped": (lambda lines: swapped(lines, -2, -1), 4, "was left out, put in or moved"),
    "one is there twice": (lambda lines: [*lines[:3], lines[2], *lines[3:]], 4, "record.jsonl:4: "),
    "the last is there twice": (lambda lines: [*lines, lines[-1]], 4, "was left out, put in or moved"),
    "an empty one is put in": (lambda lines: [*lines[:3], b"\n", *lines[3:]], 4, "record.jsonl:4: "),
    "one of another run is put in": (
        lambda lines: [*lines[:3], lines[2].replace(b"PASS", b"FAIL"), *lines[3:]], 4, "record.jsonl:4: "
    ),
    "line ends are other ones": (lambda lines: [line[:-1] + b"\r\n" for line in lines], 4, "record.jsonl:1: "),
    "all are removed": (lambda _: [], 4, "the run has no beginning"),
}  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_whatever_happens_to_lines_is_noticed(results: Path, what: str) -> None:
    change, status, said = LINES[what]
    (results / "record.jsonl").write_bytes(b"".join(change(lines_of(results))))
    result = verify(results)

    assert (result.exit_code, said in result.output) == (status, True), result.output


def another(directory: Path) -> Path:
    """A piece of evidence beside the first one, with other content."""
    first = directory / first_evidence(directory)[0]
    files = [path for path in (directory / "evidence").rglob("*") if path.is_file()]
    return next(path for path in sorted(files) if path.read_bytes() != first.read_bytes())


def linked(directory: Path, file: Path) -> None:
    other = another(directory)
    file.unlink()
    file.symlink_to(other)


def exchanged(directory: Path, file: Path) -> None:
    mine, other = file.read_bytes(), another(directory)
    file.write_bytes(other.read_bytes())
    other.write_bytes(mine)


FILES: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "renamed": (lambda _, file: file.rename(file.with_name("09-other.json")), "it was added, or renamed"),
    "its directory renamed": (
        lambda _, file: file.parent.rename(file.parent.with_name("other")), "it was added, or renamed"
    ),
    "exchanged with another": (exchanged, "it was altered"),
    "copied": (lambda _, file: shutil.copy(file, file.with_name("09-copy.json")), "it was added, or renamed"),
    "a link in its place": (linked, "it cannot be read"),
    "a link beside it": (lambda _, file: file.with_name("09.json").symlink_to(file), "it was added, or renamed"),
    "a file of no unit": (
        lambda directory, _: (directory / "evidence" / "more.txt").write_text("x"), "it was added, or renamed"
    ),
    "a directory in its place": (lambda _, file: (file.unlink(), file.mkdir()), "it is no longer a file"),
    "all removed": (lambda directory, _: shutil.rmtree(directory / "evidence"), "it is missing"),
}  # fmt: skip


@pytest.mark.parametrize("what", FILES)
def test_whatever_happens_to_files_of_evidence_is_noticed(results: Path, what: str) -> None:
    change, said = FILES[what]
    change(results, results / first_evidence(results)[0])
    result = verify(results)

    assert (result.exit_code, said in result.output) == (1, True), result.output


@pytest.mark.parametrize("folder", ["interrupted/1/x", "project-tests/test_own"])
def test_evidence_on_which_no_verdict_rests_may_be_there(results: Path, folder: str) -> None:
    place = results / "evidence" / folder
    place.mkdir(parents=True)
    (place / "01-seen.json").write_text("{}")

    assert verify(results).exit_code == 0


def test_an_edited_line_is_named_with_its_unit(results: Path) -> None:
    number = number_of(results / "record.jsonl", "5.6-1-2/a")
    change_line(results / "record.jsonl", number, b'"verdict": "', b'"verdict": "PASS", "was": "')
    result = verify(results)

    assert result.exit_code == 4
    assert f"{results / 'record.jsonl'}:{number}: the line of 5.6-1-2/a" in result.output


def test_an_edited_verdict_in_the_results_is_noticed(results: Path) -> None:
    path = results / "results.json"
    path.write_text(path.read_text(encoding="utf-8").replace("INCONCLUSIVE", "PASS"), encoding="utf-8")
    result = verify(results)

    assert result.exit_code == 1
    assert f"{path}: it was altered" in result.output


@pytest.mark.parametrize("content", ["", "[]", "{}", "[" * 100_000, '{"record": {"hash": 7, "lines": 3}}'])
def test_results_that_are_none_are_noticed(results: Path, content: str) -> None:
    (results / "results.json").write_text(content, encoding="utf-8")
    result = verify(results)

    assert result.exit_code == 1
    assert f"{results}/results.json: it was altered" in result.output


def test_where_results_were_cut_off_is_said(results: Path) -> None:
    path = results / "results.json"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)[:40]
    path.write_text("".join(lines) + ' "', encoding="utf-8")

    assert (
        f"{path}: it was altered: it is truncated, or no JSON, at line 41, column 2" in verify(results).output
    )


def test_missing_results_of_a_finished_run_are_noticed(results: Path) -> None:
    (results / "results.json").unlink()

    result = verify(results)
    assert result.exit_code == 1
    assert f"{results}/results.json: it is missing" in result.output


def test_a_record_that_was_cut_off_does_not_fit_its_results(results: Path) -> None:
    edit(results / "record.jsonl", lambda lines: lines.pop())
    result = verify(results)

    assert result.exit_code == 1
    assert f"{results}/results.json: the record does not have the line with the hash" in result.output


def test_a_run_that_has_not_ended_fits_as_far_as_it_got(results: Path) -> None:
    (results / "results.json").unlink()
    edit(results / "record.jsonl", lambda lines: lines.pop())
    result = verify(results)

    assert result.exit_code == 0
    assert "the run has not ended" in result.output


def test_only_the_kept_hash_shows_that_all_hashes_were_computed_anew(results: Path) -> None:
    kept = last_hash(results)
    assert verify(results, "--hash", kept).exit_code == 0
    number = number_of(results / "record.jsonl", "5.6-1-2/a")
    forge(results / "record.jsonl", lambda lines: lines[number - 1].update(reason="all is well"))
    (results / "results.json").unlink()

    result = verify(results, "--hash", kept)
    assert result.exit_code == 4
    assert "no line has the hash that was kept" in result.output


def test_the_directories_of_several_devices_are_all_checked(results: Path) -> None:
    shutil.copytree(results, results.parent / "other")
    file, about = first_evidence(results)
    (results / file).unlink()
    result = verify(results.parent)

    assert result.exit_code == 1
    assert f"{results}/{file} of {about}: it is missing" in result.output
    assert f"{results.parent / 'other'}: " in result.output


@pytest.mark.parametrize("name", [".", "missing"])
def test_a_directory_without_a_record_is_unusable(tmp_path: Path, name: str) -> None:
    result = verify(tmp_path / name)

    assert result.exit_code == 4
    assert "expected a directory with a record.jsonl" in result.output


@pytest.mark.parametrize("content", [b"", b"\0", b"{}\n", b"\xff\n"])
def test_a_record_that_is_none_is_unusable(results: Path, content: bytes) -> None:
    (results / "record.jsonl").write_bytes(content)
    result = verify(results)

    assert result.exit_code == 4
    assert f"{results / 'record.jsonl'}:1: " in result.output
