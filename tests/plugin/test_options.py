"""Options, ini keys, and what is said when they or the documents are unusable."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from plugin_project import LEFT_OPEN

if TYPE_CHECKING:
    from plugin_project import Project

PASSING = """
    @unit("5.1-3-2", "a")
    def test_first(auth_mech):
        pass

    @unit("5.1-4-2", "a")
    def test_second(auth_mech):
        pass
"""


def test_without_a_profile_nothing_happens(project: Project) -> None:
    project.suite(test_two=PASSING)
    project.pytester.makepyfile(test_own="def test_own(): pass")
    result = project.run("--ignore=bundled", profile=None)

    assert result.parseoutcomes() == {"passed": 1}
    result.stdout.no_fnmatch_line("etsi:*")
    assert not (project.path / "etsi-results").exists()


def test_without_a_profile_nothing_is_imported(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    project.pytester.makepyfile(
        test_own="""
        import sys

        def test_own():
            ours = {name for name in sys.modules if name.startswith("pytest_etsi")}
            assert ours <= {
                "pytest_etsi", "pytest_etsi.plugin", "pytest_etsi.plugin.compat", "pytest_etsi.unit", "pytest_etsi.plugin.options",
                "pytest_etsi._version", "pytest_etsi.plugin.fixtures", "pytest_etsi.plugin.hookspecs", "pytest_etsi.plugin.hooks",
                "pytest_etsi.verdict",
            }
            assert not {"yaml", "pydantic", "httpx", "paramiko", "serial", "cryptography", "rich"} & set(sys.modules)
    """
    )
    result = project.pytester.runpytest_subprocess("-p", "etsi", "-p", "etsi_fixtures")

    assert result.parseoutcomes() == {"passed": 1}


def test_the_profile_may_come_from_the_ini_file(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.pytester.makeini("[pytest]\netsi_profile = camera.yaml\n")
    result = project.run(profile=None)

    assert result.parseoutcomes() == {"passed": 2}
    result.stdout.fnmatch_lines(
        ["etsi: profile camera: camera.yaml (from etsi_profile in tox.ini), edition 1.1.1"]
    )


def test_the_option_goes_before_the_ini_file(project: Project) -> None:
    project.profile()
    project.profile("lamp")
    project.suite(test_two=PASSING)
    project.pytester.makeini("[pytest]\netsi_profile = camera.yaml\netsi_suite = off\n")
    result = project.run("--etsi-suite=only", profile="lamp.yaml")

    result.stdout.fnmatch_lines(
        [
            "etsi: suite only (from --etsi-suite); results in etsi-results",
            "etsi: DUT Example Cam, hardware B, software 1.4.2",
            "etsi: profile lamp: lamp.yaml (from --etsi-profile), edition 1.1.1",
        ]
    )
    assert result.parseoutcomes() == {"passed": 2}


def test_a_wrong_ini_value_is_named(project: Project) -> None:
    project.profile()
    project.pytester.makeini("[pytest]\netsi_suite = always\n")
    result = project.run()

    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *: etsi_suite: expected one of auto, only, off, got 'always'"])


def test_every_problem_of_every_profile_is_named_and_nothing_is_run(project: Project) -> None:
    project.profile(editon="1.1.1")
    project.profile("lamp", format=7)
    project.suite(test_two=PASSING)
    project.pytester.makepyfile(test_own="def test_own(): open('ran', 'w')")
    result = project.run("--etsi-profile=lamp.yaml")

    assert result.ret == 4
    result.stderr.fnmatch_lines(
        ["ERROR: the device profile cannot be used", "*camera.yaml:*editon*", "*lamp.yaml:*format*"]
    )
    assert not (project.path / "ran").exists()


@pytest.mark.parametrize("question", ["--help", "--version", "--markers", "--fixtures"])
def test_pytest_can_be_asked_about_itself_with_a_broken_profile(project: Project, question: str) -> None:
    project.profile(editon="1.1.1")
    result = project.run(question)

    assert result.ret == 0


def test_markers_and_fixtures_are_documented(project: Project) -> None:
    markers = project.run("--markers", profile=None).stdout.str()
    fixtures = project.run("--fixtures", "-v", profile=None).stdout.str()
    fixtures = fixtures.partition("defined from pytest_etsi.plugin.fixtures")[2].partition(
        "fixtures defined from"
    )[0]

    for name in (
        "etsi_unit(",
        "etsi_case(",
        "etsi_group(",
        "etsi_scenario(",
        "etsi_conceptual",
        "etsi_functional",
    ):
        assert f"@pytest.mark.{name}" in markers
    for name in ("dut", "network", "console", "cloud", "ixit", "ics", "evidence", "judgement", "profile"):
        assert f"etsi_{name}" in fixtures
    assert fixtures.count("Example::") == 9


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--etsi-only=5.1-55",), "*--etsi-only: *5.1-55*5.1-5*"),
        (
            ("--etsi-allow=brute-forse",),
            "*--etsi-allow: unknown need 'brute-forse'*did you mean \"brute-force\"?",
        ),
        (("--etsi-flaw=no-lockout",), "*--etsi-flaw is for virtual devices; camera is a real one"),
        (
            ("--etsi-profile=camera.yaml",),
            "*two profiles are called 'camera'; give one of them another `name`",
        ),
        (("--etsi-profile=cemara",), "*no such file, and no shipped profile of that name*"),
        (("--dist=each", "--tx=2*popen"), "*--dist=each would run every unit on one device*"),
    ],
)
def test_unusable_options_are_named(project: Project, arguments: tuple[str, ...], message: str) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    result = project.run(*arguments)

    assert result.ret == 4
    result.stderr.fnmatch_lines([message])


def test_the_selection_takes_lists(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)

    assert project.run("--etsi-only=5.1-3-2/a,5.1-4").parseoutcomes() == {"passed": 2}
    assert project.run("--etsi-only=5.1-3", "--etsi-only=5.1-4").parseoutcomes() == {"passed": 2}
    assert project.run("--etsi-only=5.1-3").parseoutcomes() == {"passed": 1}


def test_a_selection_is_named_where_the_overall_verdict_stands(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    result = project.run("--etsi-only=5.1-3-2")

    result.stdout.fnmatch_lines(["Overall: INCONCLUSIVE (1 INCONCLUSIVE); only 5.1-3-2 was looked at"])
    result = project.run("--etsi-only=5.1-3,5.1-4")
    result.stdout.fnmatch_lines(["Overall: *; only 5.1-3, 5.1-4 were looked at"])


def test_the_plan_is_printed_and_nothing_is_touched(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.pytester.makepyfile(test_own="def test_own(): open('ran', 'w')")
    result = project.run("--etsi-plan")

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*Plan for camera, edition 1.1.1*", "*5.1-3-2/a*AuthMech-web*"])
    assert not (project.path / "ran").exists()
    assert not (project.path / "etsi-results").exists()


def test_the_plan_needs_a_profile(project: Project) -> None:
    result = project.run("--etsi-plan", profile=None)

    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --etsi-plan needs a device profile: --etsi-profile=PROFILE"])


def test_a_lost_rootdir_is_pointed_out(project: Project, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    project.profile().rename(elsewhere / "camera.yaml")
    project.suite(test_two=PASSING)
    (elsewhere / "pytest.ini").write_text("[pytest]\n")
    Path(project.path / "tox.ini").unlink()
    result = project.run("--etsi-profile", str(elsewhere / "camera.yaml"), profile=None)

    result.stdout.fnmatch_lines(
        ["*pytest took *elsewhere*for the rootdir*--etsi-profile=*camera.yaml (with =)*"]
    )


def test_results_go_where_they_are_asked_for(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    result = project.run("--etsi-output=out/today")

    assert len(project.evaluations("out/today")) == 2
    result.stdout.fnmatch_lines(
        ["etsi: suite auto; results in out/today (from --etsi-output)*", "Results: out/today/results.json"]
    )


def test_an_earlier_run_is_kept(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.run()
    project.run("--collect-only")
    project.run("--etsi-suite=off")
    assert not (project.path / "etsi-results" / "earlier").exists()
    project.run()

    assert len(list((project.path / "etsi-results" / "earlier").glob("*/results.json"))) == 1


def test_a_run_is_resumed(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.run("-k", "test_first")
    first = project.evaluations()["5.1-3-2/a", "AuthMech-web"]
    result = project.run("--etsi-resume")

    assert result.parseoutcomes() == {"passed": 1, "deselected": 1}
    assert project.evaluations()["5.1-3-2/a", "AuthMech-web"] == first
    assert len(project.evaluations()) == 2
    assert project.run("--etsi-resume", "-n2").ret == LEFT_OPEN


def test_a_fail_from_before_still_counts_after_resuming(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING.replace("pass", "assert 0", 1))
    project.run("-k", "test_first")

    assert project.run("--etsi-resume").ret == 1
    assert project.run("--etsi-resume").ret == 1


def test_asking_for_the_items_of_a_run_that_could_be_resumed_changes_nothing(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.run("-k", "test_first")
    record = project.path / "etsi-results" / "record.jsonl"
    before = record.read_bytes()
    project.run("--etsi-resume", "--collect-only")

    assert record.read_bytes() == before


def test_a_killed_run_goes_on_and_gives_the_same_results(project: Project) -> None:
    project.profile()
    project.suite(
        test_three="""
        import os, pathlib, signal

        @unit("5.1-3-2", "a")
        def test_first(auth_mech, etsi_evidence):
            etsi_evidence.add("seen", {"number": 1})

        @unit("5.1-4-2", "a")
        def test_second(auth_mech, etsi_evidence):
            etsi_evidence.add("seen", {"number": 2})
            if pathlib.Path("kill").exists():
                pathlib.Path("kill").unlink()
                os.kill(os.getpid(), signal.SIGKILL)

        @unit("5.1-5-2", "b")
        def test_third(auth_mech):
            assert 0, "found"
    """
    )

    def comparable(directory: str) -> dict[str, Any]:
        def without_times(value: Any) -> Any:
            if isinstance(value, dict):
                times = ("started", "finished", "duration_s", "created", "record")
                return {key: without_times(item) for key, item in value.items() if key not in times}
            return [without_times(item) for item in value] if isinstance(value, list) else value

        return without_times(project.results(directory))

    project.run("--etsi-output=whole", fresh=True)
    (project.path / "kill").touch()
    assert project.run("--etsi-output=cut", fresh=True).ret == -9
    assert not (project.path / "cut" / "results.json").exists()
    result = project.run("--etsi-output=cut", "--etsi-resume", fresh=True)

    assert result.parseoutcomes() == {"passed": 1, "failed": 1, "deselected": 1}
    assert comparable("cut") == comparable("whole")


def test_two_runs_do_not_write_to_one_directory(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    output = project.pytester.mkdir("etsi-results")
    with FileLock(output / ".lock"):
        result = project.run()

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*another run is writing there*"])


@pytest.mark.parametrize("arguments", [(), ("-n2",), ("--etsi-resume",)])
def test_a_place_that_takes_no_results_is_named_and_nothing_is_run(
    project: Project, arguments: tuple[str, ...]
) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    (project.path / "taken").write_text("a file", encoding="utf-8")
    result = project.run("--etsi-output=taken", *arguments)

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*taken: the results cannot be kept there: *"])


def test_a_mandatory_provision_that_is_not_supported_is_a_fail(project: Project) -> None:
    project.profile(ics={"5.1-3": {"support": "N", "detail": "not yet"}})
    project.suite(test_two=PASSING)

    assert project.run("-k", "test_second").ret == 0
    assert project.run("-k", "test_first").ret == 1
    assert project.run().ret == 1


def test_another_run_is_not_resumed(project: Project) -> None:
    project.profile()
    project.suite(test_two=PASSING)
    project.run("-k", "test_first")
    project.profile(dut={"manufacturer": "Example", "model": "Cam", "hardware": "B", "software": "1.5.0"})
    result = project.run("--etsi-resume")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *cannot be resumed*1.4.2*1.5.0*"])
