"""A project's own tests that evaluate units, use the fixtures, and add to what the suite can do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plugin_project import Project

OWN = """
import pytest

@pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
def test_old_password_is_dead(etsi_evidence):
    etsi_evidence.add("answer", {"status": 401})

@pytest.mark.etsi_unit("5.1-5-2/b", entry="AuthMech-web")
def test_guessing_is_stopped():
    assert 1 == 2, "not stopped"

def test_without_a_unit():
    pass
"""


def own(project: Project, directory: str = "etsi-results") -> dict[str, tuple[str, str, int]]:
    return {
        unit: (item["source"], item["verdict"], len(item["evidence"]))
        for (unit, _), item in project.evaluations(directory).items()
    }


@pytest.mark.parametrize("arguments", [(), ("-n2",)])
def test_marked_tests_count_as_evaluations(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.pytester.makepyfile(test_own=OWN)
    result = project.run("--etsi-suite=off", *arguments)

    assert result.ret == 1
    assert result.parseoutcomes() == {"passed": 2, "failed": 1}
    assert own(project) == {"5.1-4-2/b": ("project", "PASS", 1), "5.1-5-2/b": ("project", "FAIL", 0)}
    evidence = project.evaluations()["5.1-4-2/b", "AuthMech-web"]["evidence"][0]
    assert (project.path / "etsi-results" / evidence["file"]).is_file()


def test_marked_tests_are_ordinary_without_a_profile(project: Project) -> None:
    project.pytester.makepyfile(test_own=OWN)
    result = project.run("--strict-markers", "-rs", profile=None)

    assert result.parseoutcomes() == {"passed": 1, "failed": 1, "skipped": 1}
    result.stdout.fnmatch_lines(["SKIPPED*needs a device profile: run pytest with --etsi-profile=PROFILE"])


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ('"5.1-4-2/z"', "*test_own.py::test_x: etsi_unit: *5.1-4-2/z*5.1-4-2/b*"),
        (
            '"5.1-4-2/b", entry="AuthMech-wep"',
            "*1-AuthMech of camera has no entry 'AuthMech-wep'; did you mean \"AuthMech-web\"?",
        ),
        (
            '"5.1-5-2/a", entry="AuthMech-web"',
            "*unit 5.1-5-2/a is not repeated over entries, leave out entry='AuthMech-web'",
        ),
        ("", '*write @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")*'),
    ],
)
@pytest.mark.parametrize("arguments", [(), ("-n2",)])
def test_a_wrong_marker_is_an_error_at_collection(
    project: Project, marker: str, message: str, arguments: tuple[str, ...]
) -> None:
    project.profile()
    project.pytester.makepyfile(
        test_own=f"import pytest\n@pytest.mark.etsi_unit({marker})\ndef test_x(): open('ran', 'w')"
    )
    result = project.run("--etsi-suite=off", *arguments)

    assert result.ret == (2 if not arguments else 1)
    assert result.parseoutcomes()["errors"] >= 1
    result.stdout.fnmatch_lines([message])
    assert not (project.path / "ran").exists()


def test_a_selection_leaves_other_evaluations_of_the_project_out(project: Project) -> None:
    project.profile()
    project.pytester.makepyfile(test_own=OWN)
    result = project.run("--etsi-suite=off", "--etsi-only=5.1-4")

    assert own(project) == {"5.1-4-2/b": ("project", "PASS", 1)}
    assert result.ret == 1


def test_with_several_devices_each_test_runs_for_each(project: Project) -> None:
    project.profile()
    project.profile("lamp", ixit={"1-AuthMech": [{"ID": "AuthMech-ssh"}, {"ID": "AuthMech-web"}]})
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
        def test_own():
            pass

        @pytest.mark.etsi_unit("5.1-5-2/b", entry="AuthMech-ssh")
        def test_only_one_has_it():
            pass

        def test_entries(etsi_ixit, etsi_profile):
            assert len(etsi_ixit.auth_mech) == {"camera": 1, "lamp": 2}[etsi_profile.name]

        def test_without_a_device():
            pass
    """
    )
    result = project.run("--etsi-profile=lamp.yaml", "--etsi-suite=off")

    assert result.parseoutcomes() == {"passed": 7}
    assert own(project, "etsi-results/camera") == {"5.1-4-2/b": ("project", "PASS", 0)}
    assert own(project, "etsi-results/lamp") == {
        "5.1-4-2/b": ("project", "PASS", 0),
        "5.1-5-2/b": ("project", "PASS", 0),
    }


def test_a_session_fixture_of_the_project_may_build_on_the_documents(project: Project) -> None:
    project.profile()
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.fixture(scope="session")
        def release(etsi_profile, etsi_ics, etsi_ixit):
            assert etsi_ics.rows["5.1-1"].support == "Y"
            assert etsi_ixit.auth_mech.get("AuthMech-web")["Description"] == "web page"
            return etsi_profile.dut.software

        def test_release(release):
            assert release == "1.4.2"
    """
    )

    assert project.run("--etsi-suite=off").parseoutcomes() == {"passed": 1}


def test_a_project_adds_evidence(project: Project) -> None:
    project.profile()
    project.suite(test_one='@unit("5.1-5-2", "b")\ndef test_x(auth_mech): assert 0')
    project.pytester.makeconftest(
        """
        def pytest_etsi_evidence(unit, entry, dut):
            assert (unit, entry, dut) == ("5.1-5-2/b", "AuthMech-web", None)
            yield "system log", "reboot at 12:00"
    """
    )
    project.run()

    record = project.evaluations()["5.1-5-2/b", "AuthMech-web"]
    assert record["verdict"] == "FAIL"
    assert [item["file"].rpartition("/")[2] for item in record["evidence"]] == ["01-system-log.txt"]


@pytest.mark.parametrize(("body", "expected"), [("pass", "INCONCLUSIVE"), ("assert 0", "FAIL")])
def test_evidence_that_cannot_be_had_hides_no_fail(project: Project, body: str, expected: str) -> None:
    project.profile()
    project.suite(test_one=f'@unit("5.1-5-2", "b")\ndef test_x(auth_mech): {body}')
    project.pytester.makeconftest("def pytest_etsi_evidence(unit, entry, dut): raise OSError('disk full')")
    project.run()

    assert project.evaluations()["5.1-5-2/b", "AuthMech-web"]["verdict"] == expected


def test_a_project_adds_operations_and_drivers(project: Project) -> None:
    project.profile()
    project.pytester.makeconftest(
        """
        def pytest_etsi_operations(profile):
            return {"ring": lambda dut, **_: open(f"rung-{profile.name}", "w").close()}

        def pytest_etsi_auth_drivers():
            return {"pin-pad": lambda entry, dut: (entry, dut)}
    """
    )
    project.pytester.makepyfile(
        test_own="""
        def test_ring(etsi_dut):
            etsi_dut.operations.run("ring")
            assert "pin-pad" in etsi_dut.drivers
    """
    )

    assert project.run("--etsi-suite=off").parseoutcomes() == {"passed": 1}
    assert (project.path / "rung-camera").exists()


def test_what_the_profile_gives_no_way_to_reach_is_open(project: Project) -> None:
    project.profile()
    project.suite(
        test_one='@unit("5.1-5-2", "a")\ndef test_x(etsi_console): pass\n'
        '@unit("5.1-1-2", "a")\ndef test_y(etsi_cloud): pass'
    )
    project.run()

    found = {unit: item["cause"] for (unit, _), item in project.evaluations().items()}
    assert found == {"5.1-5-2/a": "access", "5.1-1-2/a": "access"}


def test_a_judgement_is_required_and_found(project: Project) -> None:
    source = '@unit("5.1-5-1", "a")\ndef test_x(auth_mech, etsi_judgement):\n    etsi_judgement.required()'
    project.profile()
    project.suite(test_one=source)
    project.run()
    open_ = project.evaluations()["5.1-5-1/a", "AuthMech-web"]
    assert (open_["verdict"], open_["cause"]) == ("INCONCLUSIVE", "judgement")

    fingerprint = "sha256:" + open_["settle"].split("sha256:")[1][:64]
    judgement = {
        "unit": "5.1-5-1/a",
        "entry": "AuthMech-web",
        "verdict": "PASS",
        "assessor": "A. Sessor",
        "date": "2026-11-20",
        "rationale": "five attempts a day",
        "basis": "own-examination",
        "fingerprint": fingerprint,
    }
    project.profile(judgements=[judgement])
    project.run()
    record = project.evaluations()["5.1-5-1/a", "AuthMech-web"]
    assert (record["verdict"], record["decided_by"]) == ("PASS", "judgement")

    project.profile(judgements=[judgement | {"verdict": "FAIL"}])
    assert project.run().ret == 1
    assert project.evaluations()["5.1-5-1/a", "AuthMech-web"]["verdict"] == "FAIL"


@pytest.mark.parametrize(
    ("subtests", "expected"),
    [
        ("assert 1 == 1 | assert 1 == 2, 'violated'", "FAIL"),
        ("assert 1 == 2, 'violated' | assert 1 == 1", "FAIL"),
        ("assert 1 == 1 | raise OSError('away')", "INCONCLUSIVE"),
        ("assert 1 == 1 | assert 2 == 2", "PASS"),
    ],
)
def test_a_test_of_subtests_is_over_when_all_of_them_are(
    project: Project, subtests: str, expected: str
) -> None:
    project.profile()
    first, second = subtests.split(" | ")
    project.pytester.makepyfile(
        test_own=f"""
        import unittest
        import pytest

        class TestOwn(unittest.TestCase):
            @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
            def test_old_password_is_dead(self):
                with self.subTest("web"):
                    {first}
                with self.subTest("api"):
                    {second}
        """
    )
    if not hasattr(pytest, "Subtests"):
        pytest.skip("subtests are part of pytest since 9.0")
    project.run("--etsi-suite=off")

    assert own(project)["5.1-4-2/b"][1] == expected


def test_the_assertions_of_unittest_are_about_the_device(project: Project) -> None:
    project.profile()
    project.pytester.makepyfile(
        test_own="""
        import unittest
        import pytest

        class TestOwn(unittest.TestCase):
            @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
            def test_old_password_is_dead(self):
                self.assertEqual(200, 401)
        """
    )
    project.run("--etsi-suite=off")

    assert own(project)["5.1-4-2/b"][1] == "FAIL"


SOFT = """
import pytest

@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if call.when == "call":
        report.outcome, report.longrepr = "failed", "a soft assertion failed"
    return report
"""


@pytest.mark.parametrize("arguments", [(), ("-n2",)])
def test_what_another_plugin_made_fail_has_not_passed(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.pytester.makeconftest(SOFT)
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
        def test_old_password_is_dead():
            pass
        """
    )
    result = project.run("--etsi-suite=off", "--junitxml=junit.xml", *arguments)

    assert result.ret == 1
    found = project.evaluations()["5.1-4-2/b", "AuthMech-web"]
    assert (found["verdict"], found["cause"]) == ("INCONCLUSIVE", "error")
    assert found["reason"].endswith("ended the test as failed: a soft assertion failed")
    assert 'name="etsi_verdict" value="INCONCLUSIVE"' in (project.path / "junit.xml").read_text("utf-8")


def test_a_test_that_is_wrongly_expected_to_fail_has_not_passed(project: Project) -> None:
    project.profile()
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.xfail(strict=True)
        @pytest.mark.etsi_unit("5.1-4-2/b", entry="AuthMech-web")
        def test_old_password_is_dead():
            pass
        """
    )
    assert project.run("--etsi-suite=off").ret == 1
    assert own(project)["5.1-4-2/b"][1] == "INCONCLUSIVE"
