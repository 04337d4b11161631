"""Accidents of the machine that the run is on."""

from __future__ import annotations

import errno
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi import evidence
from pytest_etsi.assessment import journal, results
from pytest_etsi.plugin.recorder import UNWRITTEN_STATUS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from plugin_project import Project

SUITE = """
import pytest

@unit("5.1-1-1", "a")
def test_a(auth_mech): pass

@unit("5.1-5-2", "b")
def test_b(auth_mech, etsi_evidence):
    etsi_evidence.add("noise", "x" * 300_000)

@unit("5.1-4-2", "b")
def test_c(auth_mech, etsi_evidence): pass
"""


def refusing(number: int, call: Any = None, *, from_call: int = 1) -> Any:
    """The function, and from its so manieth call on what a disk says that takes nothing any more."""
    calls = iter(range(1, 1_000_000))

    def refuses(*given: Any, **named: Any) -> Any:
        if next(calls) >= from_call:
            raise OSError(number, os.strerror(number))
        return call(*given, **named)

    return refuses


@pytest.mark.parametrize(
    ("where", "number", "why"),
    [
        ("evidence", errno.ENOSPC, "No space left on device"),
        ("record", errno.ENOSPC, "No space left on device"),
        ("record", errno.EROFS, "Read-only file system"),
        ("results", errno.EROFS, "Read-only file system"),
    ],
)
def test_a_disk_that_takes_no_more_has_an_exit_status_of_its_own_and_the_run_goes_on_later(
    project: Project, monkeypatch: pytest.MonkeyPatch, where: str, number: int, why: str
) -> None:
    project.profile()
    project.suite(test_one=SUITE)
    with monkeypatch.context() as patch:
        if where == "evidence":
            create = evidence.EvidenceStore._create

            def of_units(store: evidence.EvidenceStore, place: Path, *given: Any) -> str:
                """What is kept of the documents still has room, so that the run begins."""
                return (create if place.name == "documents" else refusing(number))(store, place, *given)

            patch.setattr(evidence.EvidenceStore, "_create", of_units)
        elif where == "record":
            patch.setattr(journal, "_sealed", refusing(number, journal._sealed, from_call=4))
        else:
            patch.setattr(results, "_json", refusing(number))
        result = project.run()

    said = [line for line in result.stdout.lines if "cannot be written:" in line]
    assert result.ret == UNWRITTEN_STATUS
    assert len(said) == 1
    assert why in said[0]
    assert "--etsi-resume" in said[0]
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()

    again = project.run("--etsi-resume")
    assert again.ret == 10
    verdicts = {key: record["verdict"] for key, record in project.evaluations().items()}
    assert verdicts == {
        ("5.1-1-1/a", "AuthMech-web"): "INCONCLUSIVE",  # only a person can say that it holds
        ("5.1-5-2/b", "AuthMech-web"): "PASS",
        ("5.1-4-2/b", "AuthMech-web"): "PASS",
    }


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with little room."""
    place = tmp_path / "small"
    place.mkdir()
    if os.geteuid() != 0:
        pytest.skip("a file system can be mounted by root only")
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", place], check=False, capture_output=True
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", place], check=True)


def test_a_disk_that_is_full_is_told_from_a_fail(project: Project, small_disk: Path) -> None:
    project.profile()
    project.suite(test_one=SUITE)
    result = project.run(f"--etsi-output={small_disk}/results")

    assert result.ret == UNWRITTEN_STATUS
    subprocess.run(["mount", "-o", "remount,size=4m", small_disk], check=True)

    assert project.run(f"--etsi-output={small_disk}/results", "--etsi-resume").ret == 10
