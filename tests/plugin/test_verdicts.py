"""From what a unit raises to its verdict, the outcome that pytest sees, and the exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from plugin_project import LEFT_OPEN

if TYPE_CHECKING:
    from plugin_project import Project

FOUR = """
    @unit("5.1-3-2", "a")
    def test_passes(auth_mech):
        assert auth_mech.id

    @unit("5.1-4-2", "a")
    def test_fails(auth_mech):
        assert auth_mech.id == "other", "ids differ"

    @unit("5.1-4-2", "b")
    def test_is_open(auth_mech):
        inconclusive("nobody answers", cause="access", settle="plug it in")

    @unit("5.1-5-2", "b")
    def test_is_not_concerned(auth_mech):
        not_applicable("nothing of that kind")
"""


def one(body: str, *, arguments: str = "auth_mech", before: str = "") -> str:
    """A module with a single functional unit."""
    lines = "\n".join(f"        {line}" for line in body.splitlines())
    return f"""
    import pytest, json
    {before}

    @unit("5.1-5-2", "b")
    def test_unit({arguments}):
{lines}
"""


def verdict(project: Project) -> tuple[str, str | None]:
    record = project.evaluations()["5.1-5-2/b", "AuthMech-web"]
    return record["verdict"], record["cause"]


def test_the_four_verdicts_stand_beside_the_three_outcomes(project: Project) -> None:
    project.profile()
    project.suite(test_four=FOUR)
    result = project.run("-v")

    assert result.ret == 1
    outcomes = result.parseoutcomes()
    assert outcomes == {"passed": 1, "failed": 1, "inconclusive": 1, "inapplicable": 1}
    result.stdout.fnmatch_lines(
        [
            "5.1-3-2/a AuthMech-web PASS*",
            "5.1-4-2/a AuthMech-web FAIL*",
            "5.1-4-2/b AuthMech-web INCONCLUSIVE*",
            "5.1-5-2/b AuthMech-web NOT APPLICABLE*",
        ]
    )
    found = {unit: (e["verdict"], e["cause"], e["reason"]) for (unit, _), e in project.evaluations().items()}
    assert found == {
        "5.1-3-2/a": ("PASS", None, "a small suite"),
        "5.1-4-2/a": ("FAIL", None, "ids differ"),
        "5.1-4-2/b": ("INCONCLUSIVE", "access", "nobody answers"),
        "5.1-5-2/b": ("NOT APPLICABLE", None, "nothing of that kind"),
    }


def test_an_assertion_of_the_suite_keeps_pytests_introspection(project: Project) -> None:
    project.profile()
    project.suite(test_four=FOUR)
    result = project.run()

    result.stdout.fnmatch_lines(["E       assert 'AuthMech-web' == 'other'"])


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("raise ConnectionError('reset')", ("INCONCLUSIVE", "error")),
        ("pytest.fail('gave up')", ("INCONCLUSIVE", "error")),
        ("pytest.skip('not today')", ("INCONCLUSIVE", "error")),
        ("pytest.xfail('known')", ("INCONCLUSIVE", "error")),
        (
            "json.JSONEncoder(skipkeys=1)\nimport asyncio.base_events as b\nb._run_until_complete_cb(1)",
            ("INCONCLUSIVE", "error"),
        ),
        ("with pytest.raises(ValueError):\n    pass", ("INCONCLUSIVE", "error")),
        ("raise Violation('seen')", ("FAIL", None)),
        ("helper()", ("FAIL", None)),
        ("from textwrap import dedent\nassertion_of_a_library()", ("INCONCLUSIVE", "error")),
        ("exec(compile('assert 0', '<made up>', 'exec'))", ("INCONCLUSIVE", "error")),
    ],
)
def test_only_an_assertion_about_the_device_is_a_fail(
    project: Project, body: str, expected: tuple[str, str | None]
) -> None:
    project.profile()
    before = """
    def helper():
        assert 1 == 2

    def assertion_of_a_library():
        import unittest.mock
        unittest.mock.Mock().assert_called()
"""
    project.suite(test_one=one(body, before=before))
    result = project.run()

    assert verdict(project) == expected
    assert result.ret == (1 if expected[0] == "FAIL" else 10)


def test_an_assertion_in_a_fixture_says_nothing_about_the_device(project: Project) -> None:
    project.profile()
    fixture = """
    @pytest.fixture
    def prepared():
        assert False, "the bench is not ready"
"""
    project.suite(test_one=one("pass", arguments="auth_mech, prepared", before=fixture))
    result = project.run()

    assert verdict(project) == ("INCONCLUSIVE", "error")
    assert result.ret == 10


def test_a_judgement_that_entries_are_missing_is_a_fail_before_anything_is_set_up(project: Project) -> None:
    source = '@unit("5.1-5-1", "a", expects_entries=True)\ndef test_unit(auth_mech, never): pass'
    project.profile(ixit={"1-AuthMech": []})
    project.suite(test_one=source)
    project.run()
    asked = project.evaluations()["5.1-5-1/a", None]["settle"]
    judgement = {
        "unit": "5.1-5-1/a",
        "verdict": "FAIL",
        "assessor": "A. Sessor",
        "date": "2026-11-20",
        "rationale": "the web page asks for a password",
        "basis": "own-examination",
        "fingerprint": "sha256:" + asked.split("sha256:")[1][:64],
    }
    project.profile(ixit={"1-AuthMech": []}, judgements=[judgement])
    result = project.run()
    record = project.evaluations()["5.1-5-1/a", None]

    assert (record["verdict"], record["cause"], record["decided_by"]) == ("FAIL", None, "judgement")
    assert "asks for a password" in record["reason"]
    assert result.ret == 1


def test_a_violation_that_a_fixture_finds_is_no_verdict(project: Project) -> None:
    project.profile()
    fixture = """
    @pytest.fixture
    def prepared():
        raise Violation("found while the bench was prepared")
"""
    project.suite(test_one=one("pass", arguments="auth_mech, prepared", before=fixture))
    project.run()

    assert verdict(project) == ("INCONCLUSIVE", "error")


def test_a_fixture_may_say_why_it_is_open(project: Project) -> None:
    project.profile()
    fixture = """
    @pytest.fixture
    def prepared():
        inconclusive("no power", cause="bench")
"""
    project.suite(test_one=one("pass", arguments="auth_mech, prepared", before=fixture))
    project.run()

    assert verdict(project) == ("INCONCLUSIVE", "bench")


def test_a_fixture_of_the_module_may_build_on_the_entry(project: Project) -> None:
    project.profile()
    fixture = """
    @pytest.fixture
    def endpoint(auth_mech):
        return auth_mech.facts.endpoint[0]
"""
    project.suite(
        test_one=one("assert endpoint.port == 443", arguments="auth_mech, endpoint", before=fixture)
    )
    project.run()

    assert verdict(project) == ("PASS", None)


def test_a_missing_fixture_is_an_error_of_the_suite(project: Project) -> None:
    project.profile()
    project.suite(test_one=one("pass", arguments="auth_mech, nonsense"))
    project.run()

    assert verdict(project) == ("INCONCLUSIVE", "error")


def test_cleaning_up_that_fails_takes_the_pass_back(project: Project) -> None:
    project.profile()
    fixture = """
    @pytest.fixture
    def changed():
        yield
        raise OSError("not restored")
"""
    project.suite(test_one=one("pass", arguments="auth_mech, changed", before=fixture))
    result = project.run()

    assert verdict(project) == ("INCONCLUSIVE", "bench")
    assert "not restored" in project.evaluations()["5.1-5-2/b", "AuthMech-web"]["reason"]
    assert result.ret == 1
    assert result.parseoutcomes()["errors"] == 1


@pytest.mark.parametrize("strict", ["True", "False"])
def test_a_marker_does_not_hide_a_fail(project: Project, strict: str) -> None:
    project.profile()
    source = one("assert 1 == 2").replace("@unit", f"@pytest.mark.xfail(strict={strict})\n    @unit")
    project.suite(test_one=source)
    result = project.run()

    assert verdict(project) == ("FAIL", None)
    assert result.ret == 1
    assert result.parseoutcomes() == {"failed": 1}


def test_a_skip_marker_leaves_the_unit_open(project: Project) -> None:
    project.profile()
    project.suite(test_one=one("pass").replace("@unit", "@pytest.mark.skip(reason='later')\n    @unit"))
    result = project.run()

    assert verdict(project) == ("INCONCLUSIVE", "error")
    assert project.evaluations()["5.1-5-2/b", "AuthMech-web"]["reason"] == "skipped, not evaluated: later"
    assert result.ret == 10


@pytest.mark.parametrize("body", ["raise KeyboardInterrupt", "pytest.exit('enough')"])
def test_an_interrupted_unit_has_no_record(project: Project, body: str) -> None:
    project.profile()
    project.suite(
        test_a=FOUR.replace("5.1-5-2", "5.1-5-1").replace(
            '"b")\n    def test_is_not', '"a")\n    def test_is_not'
        ),
        test_z=one(body),
    )
    result = project.run("--etsi-only=5.1-3,5.1-5-2", fresh=True)

    assert result.ret == 2
    assert ("5.1-3-2/a", "AuthMech-web") in project.evaluations()
    assert ("5.1-5-2/b", "AuthMech-web") not in project.evaluations()


def test_a_unit_that_only_a_person_confirms_does_not_pass_by_itself(project: Project) -> None:
    project.profile()
    project.suite(
        test_one="""
        @unit("5.1-5-1", "a")
        def test_is_adequate(auth_mech):
            pass
    """
    )
    result = project.run()

    record = project.evaluations()["5.1-5-1/a", "AuthMech-web"]
    assert (record["verdict"], record["cause"]) == ("INCONCLUSIVE", "judgement")
    assert result.parseoutcomes() == {"inconclusive": 1}


def test_what_is_not_permitted_is_not_tried(project: Project) -> None:
    project.profile()
    source = """
    import pytest, pathlib

    @pytest.fixture
    def touched():
        pathlib.Path("touched").touch()

    @unit("5.1-5-2", "b", needs="brute-force")
    def test_attack(auth_mech, touched):
        pass
"""
    project.suite(test_one=source)
    result = project.run()

    assert verdict(project) == ("INCONCLUSIVE", "permission")
    assert not (project.path / "touched").exists()
    result.stdout.fnmatch_lines(["*--etsi-allow=brute-force*"])

    project.run("--etsi-allow=brute-force")
    assert verdict(project) == ("PASS", None)
    assert (project.path / "touched").exists()


def test_what_is_not_concerned_sets_no_fixture_up(project: Project) -> None:
    project.profile(ixit={"1-AuthMech": []})
    source = """
    import pytest, pathlib

    @pytest.fixture
    def touched():
        pathlib.Path("touched").touch()

    @unit("5.1-5-2", "b")
    def test_attack(auth_mech, touched):
        pass
"""
    project.suite(test_one=source)
    result = project.run("-rs")

    assert project.evaluations()["5.1-5-2/b", None]["verdict"] == "NOT APPLICABLE"
    assert not (project.path / "touched").exists()
    assert result.ret == LEFT_OPEN
    assert result.parseoutcomes() == {"inapplicable": 1}


def test_open_units_can_be_let_through(project: Project) -> None:
    project.profile()
    project.suite(test_one=one("inconclusive('no', cause='access')"))

    assert project.run().ret == 10
    assert project.run("--etsi-fail-on=fail").ret == 0


def test_a_failed_test_of_the_project_goes_before_an_open_unit(project: Project) -> None:
    project.profile()
    project.suite(test_one=one("inconclusive('no', cause='access')"))
    project.pytester.makepyfile(test_own="def test_own(): assert 0")

    assert project.run("--etsi-fail-on=fail").ret == 1


def test_only_what_was_selected_counts(project: Project) -> None:
    project.profile()
    project.suite(test_four=FOUR)

    assert project.run("--etsi-only=5.1-3-2").ret == 0
    assert project.run("-k", "test_is_open").ret == 10
    assert project.run("-k", "test_passes or test_is_not_concerned").ret == 0
    assert project.run("-m", "etsi_functional").ret == 1


def test_secrets_do_not_reach_tracebacks_and_captured_output(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OWNER_PASSWORD", "correct-horse-battery")
    entry = {"ID": "AuthMech-web", "access": {"username": "owner", "password": "${env:OWNER_PASSWORD}"}}
    project.profile(ixit={"1-AuthMech": [entry]})
    body = "from pytest_etsi import reveal\nsent = reveal(auth_mech.access.password)\nprint('sent', sent)\nassert sent == 'other', sent"
    project.suite(test_one=one(body))
    result = project.run(
        "-l", "--junitxml=junit.xml", "--html=report.html", "--alluredir=allure", all_plugins=True
    )

    assert verdict(project) == ("FAIL", None)
    assert "correct-horse" not in result.stdout.str()
    written = [path for path in project.path.rglob("*") if path.is_file() and ".git" not in path.parts]
    assert [path for path in written if b"correct-horse" in path.read_bytes()] == []


@pytest.mark.parametrize(
    "hook",
    [
        "@pytest.hookimpl(tryfirst=True)\ndef pytest_pyfunc_call(pyfuncitem): return True",
        "@pytest.hookimpl(wrapper=True)\ndef pytest_runtest_setup(item):\n    pytest.skip('no bench')\n    yield",
        "@pytest.hookimpl(tryfirst=True)\ndef pytest_runtest_protocol(item, nextitem): return True",
    ],
)
def test_a_unit_that_another_plugin_kept_from_running_is_open(project: Project, hook: str) -> None:
    project.profile()
    project.suite(test_one=one("assert 1 == 2"))
    project.pytester.makepyfile(meddling=f"import pytest\n\n{hook}")

    assert project.run("-p", "meddling").ret == 10


def test_python_without_assertions_is_refused(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    project.profile()
    project.suite(test_one=one("assert 1 == 2"))
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")
    result = project.run("--assert=plain", anew=True)

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*Python runs without assertions*"])
