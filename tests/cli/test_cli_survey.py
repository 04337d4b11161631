"""`pytest-etsi init --survey`: from an unknown device to its gaps, and what a person's look at the drafts changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml
from click.testing import CliRunner, Result
from suite_runs import run_suite

from pytest_etsi.cli.init import _progress
from pytest_etsi.cli.main import main
from pytest_etsi.dut.reach.services import ServiceSearch
from pytest_etsi.dut.survey import documents
from pytest_etsi.dut.survey.look import Seen
from pytest_etsi.probes.ports import PortScan
from pytest_etsi.verdict import Cause, inconclusive
from tests.virtual.virtual_process import Process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from suite_runs import SuiteRun

DEVICE = ("--manufacturer", "Example", "--model", "Cam", "--hardware", "1", "--software", "1.4")
HOST = "127.43.0.9"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A camera whose HTTPS port takes TLS 1.0, too."""
    process = Process(tmp_path_factory.mktemp("state"), ("--initialized", "--flaw", "obsolete-tls")).start()
    yield process
    process.kill()


def assessed(directory: Path, *units: str) -> SuiteRun:
    """These units on the surveyed device."""
    return run_suite(directory.parent, directory, f"--etsi-only={','.join(units)}")


def checked(directory: Path) -> None:
    """Take every mark away, as a person does who has checked all drafts."""
    for path in directory.glob("ixit/*.yaml"):
        content = yaml.safe_load(path.read_text())
        content.pop("drafted", None)
        for table in content.values():
            for entry in table if isinstance(table, list) else [table]:
                entry.pop("drafted", None)
        path.write_text(yaml.safe_dump(content))


def given_access(directory: Path, camera: dict[str, str]) -> None:
    """Say how to log in by each form and what that protects, as a person does who has the password."""
    path = directory / "ixit" / "01-AuthMech.yaml"
    content = yaml.safe_load(path.read_text())
    for entry in content["1-AuthMech"]:
        if entry["access"].get("driver") == "https-form":
            entry["access"] |= {
                "username": camera["owner_username"],
                "password": camera["owner_password"],
                "protected_url": f"{camera['https_url']}/api/device",
            }
    path.write_text(yaml.safe_dump(content))


LOGINS, BEST_PRACTICE, IN_USE = "5.1-5-2/a", "5.5-1-1/c", "5.5-1-2/a"


def test_from_an_empty_directory_to_the_gaps_and_to_a_pass(camera: Process, tmp_path: Path) -> None:
    cam, block = tmp_path / "cam", camera.values["block"]
    survey = run(
        "init", cam, "--survey", "--yes", *DEVICE, "--address", camera.values["host"], "--ports", block
    )
    validated = run("validate", cam)

    assert survey.exit_code == 0, survey.output
    assert "sends no password, changes nothing" in " ".join(survey.stderr.split())
    assert f"only some ports were asked: the survey was told to ask {block}" in survey.stdout
    assert validated.exit_code == 0
    assert "cam: valid" in validated.stdout
    assert "drafted     20 entries" in validated.stdout

    profile = cam / "profile.yaml"
    only_these = f"ports: {block}\n    ports_because: it shares the address of this machine"
    profile.write_text(profile.read_text().replace("ports: all", only_these))
    closed = assessed(cam, LOGINS)
    given_access(cam, camera.values)
    drafts = assessed(cam, LOGINS, BEST_PRACTICE, IN_USE)

    assert "the profile gives no credential" in " ".join(closed.reasons(LOGINS))

    assert not drafts.units("PASS")
    assert BEST_PRACTICE in drafts.units("FAIL")
    assert any("TLSv1.0 is not best practice" in reason for reason in drafts.reasons(BEST_PRACTICE))
    (login,) = drafts.reasons(LOGINS)
    assert login.startswith("INCONCLUSIVE: 1-AuthMech")
    assert "cam/ixit/01-AuthMech.yaml:" in login
    assert "nobody has checked it" in login
    assert "wait for a person's look at what was drafted" in " ".join(drafts.output.split())

    checked(cam)
    after = assessed(cam, LOGINS)

    assert after.units("PASS") == {LOGINS}, after.reasons(LOGINS)


def test_the_plan_says_what_rests_on_drafts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    see(monkeypatch, closed_count=9)
    run("init", tmp_path / "cam", "--survey", "--yes", *DEVICE, "--address", HOST)
    plan = run("plan", tmp_path / "cam", "--only", "5.6-1")

    assert "evaluations on drafts, which can fail and cannot pass" in " ".join(plan.output.split())


def see(monkeypatch: pytest.MonkeyPatch, **given: object) -> None:
    """Let a survey see a device without services."""
    usual = {
        "open": (),
        "reset": (),
        "closed_count": 0,
        "filtered_count": 0,
        "complete": True,
        "duration_s": 0.1,
    }
    scan = PortScan(HOST, HOST, 9, **(usual | given))  # type: ignore[arg-type]
    monkeypatch.setattr(documents, "look", lambda *_, **__: Seen(ServiceSearch((), (scan,), "")))


def test_a_device_that_gives_no_answer_is_said_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    see(monkeypatch, filtered_count=9, complete=False, error="no answer from any port")
    result = run("init", tmp_path / "cam", "--survey", "--yes", *DEVICE, "--address", HOST)

    assert result.exit_code == 1
    assert f"no answer at all from {HOST}: no answer from any port; nothing was written" in result.stderr
    assert "Check that the device is on" in result.stderr
    assert not (tmp_path / "cam").exists()


@pytest.mark.parametrize(
    ("options", "status", "said"),
    [
        (("--survey",), 2, "a survey needs the device's address"),
        (("--ports", "80"), 2, "give --survey too"),
        (("--capture", __file__), 2, "give --survey too"),
        (
            ("--survey", "--address", HOST, "--login", "80=admin:geheim"),
            2,
            "with a placeholder for the password",
        ),
        (("--survey", "--address", HOST, "--ports", "http"), 4, "access.network.ports"),
        (("--survey", "--address", HOST, "--capture", __file__), 1, "test_cli_survey.py"),
    ],
)
def test_what_is_wrong_is_said_before_the_device_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], status: int, said: str
) -> None:
    monkeypatch.setattr("pytest_etsi.dut.reach.network.search_services", lambda *_, **__: inconclusive(
        "the device was asked", cause=Cause.ERROR, settle=""
    ))  # fmt: skip
    result = run("init", tmp_path / "cam", "--yes", *DEVICE, *options)

    assert result.exit_code == status, result.output
    assert said in result.stderr
    assert "was asked" not in result.stderr
    assert "geheim" not in result.output
    assert not (tmp_path / "cam").exists()


def test_a_survey_overwrites_nothing_and_asks_nothing_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "survey").mkdir()
    monkeypatch.setattr(documents, "look", lambda *_, **__: pytest.fail("the device was asked"))
    result = run("init", tmp_path, "--survey", "--yes", *DEVICE, "--address", HOST)

    assert result.exit_code == 1
    assert "survey exists already; nothing was written" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["survey"]


def test_progress_in_a_file_is_a_line_now_and_then(capsys: pytest.CaptureFixture[str]) -> None:
    moments = iter([0.0, 1.0, 20.0, 40.0, 41.0])
    show = _progress(lambda: next(moments))
    for words in ("one\x1b[2J", "two", "three", "three", ""):
        show(words)

    assert capsys.readouterr().err.splitlines() == ["  one\\x1b[2J", "  three"]
