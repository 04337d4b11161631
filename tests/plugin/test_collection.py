"""What is collected, under which node ids, beside what, and in which order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from plugin_project import LEFT_OPEN

from pytest_etsi.plugin.collection import stage

if TYPE_CHECKING:
    from plugin_project import Project

TWO = """
    @unit("5.1-3-2", "a")
    def test_first(auth_mech):
        pass

    @unit("5.1-4-2", "a")
    def test_second(auth_mech):
        pass
"""
ENTRIES = {"1-AuthMech": [{"ID": "AuthMech-web"}, {"ID": "AuthMech-ssh"}]}
MODULE = "etsi/camera/tso_5_01_passwords/test_two.py"


def collected(result: pytest.RunResult) -> list[str]:
    return [line for line in result.outlines if "::" in line and not line.startswith((" ", "ERROR"))]


def test_one_item_is_one_unit_and_one_entry(project: Project) -> None:
    project.profile(ixit=ENTRIES)
    project.suite(test_two=TWO)
    result = project.run("--collect-only", "-q")

    assert collected(result) == [
        f"{MODULE}::test_first[AuthMech-web]",
        f"{MODULE}::test_first[AuthMech-ssh]",
        f"{MODULE}::test_second[AuthMech-web]",
        f"{MODULE}::test_second[AuthMech-ssh]",
    ]
    assert not (project.path / "etsi-results").exists()


def test_a_unit_without_a_table_is_one_item_without_a_parameter(project: Project) -> None:
    project.profile()
    project.suite(
        test_two="""
        @unit("5.1-5-2", "a")
        def test_whole(etsi_ixit, user_info, auth_mech):
            assert len(auth_mech) == 1
            assert user_info.id == ""
    """
    )
    result = project.run("-q", "-rA")

    assert result.ret == LEFT_OPEN
    assert list(project.evaluations()) == [("5.1-5-2/a", None)]
    assert project.evaluations()["5.1-5-2/a", None]["node"] == f"{MODULE}::test_whole"


def test_a_function_may_evaluate_several_units(project: Project) -> None:
    project.profile()
    project.suite(
        test_two='@unit("5.1-3-2", "a")\n@unit("5.1-4-2", "a")\ndef test_both(auth_mech):\n    pass'
    )
    result = project.run("-q", "--collect-only")

    assert collected(result) == [
        f"{MODULE}::test_both[5.1-3-2a-AuthMech-web]",
        f"{MODULE}::test_both[5.1-4-2a-AuthMech-web]",
    ]


def test_the_profiles_edition_selects_the_units(project: Project) -> None:
    project.profile(edition="2.1.1")
    project.suite(
        test_two="""
        @unit("5.1-3-2", "a", editions=("1.1.1",))
        def test_old(auth_mech):
            pass

        @unit("5.1-3-2", "a", editions=("2.1.1",))
        def test_new(auth_mech):
            pass
    """
    )
    result = project.run("-q", "--collect-only")

    assert collected(result) == [f"{MODULE}::test_new[AuthMech-web]"]


def test_several_profiles_are_several_suites(project: Project) -> None:
    project.profile()
    project.profile("lamp")
    project.suite(test_two=TWO)
    result = project.run("--etsi-profile=lamp.yaml", "-v")

    assert result.ret == LEFT_OPEN
    assert result.parseoutcomes() == {"passed": 4}
    for device in ("camera", "lamp"):
        found = project.evaluations(f"etsi-results/{device}").values()
        assert [item["node"].split("/")[1] for item in found] == [device, device]


def test_the_suite_runs_beside_the_projects_own_tests(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    project.pytester.makepyfile(test_own="def test_own(): pass")

    assert project.run("--etsi-suite=auto").parseoutcomes() == {"passed": 3}
    assert project.run("--etsi-suite=only").parseoutcomes() == {"passed": 2}
    assert project.run("--etsi-suite=off").parseoutcomes() == {"passed": 1}
    assert project.run("test_own.py").parseoutcomes() == {"passed": 1}


def test_testpaths_go_on_working(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    project.pytester.mkdir("unit").joinpath("test_own.py").write_text("def test_own(): pass")
    project.pytester.makepyfile(test_elsewhere="def test_elsewhere(): assert 0")
    project.pytester.makeini("[pytest]\ntestpaths = unit\n")

    assert project.run().parseoutcomes() == {"passed": 3}
    project.pytester.makeini("[pytest]\ntestpaths = unit\netsi_suite = only\n")
    assert project.run().parseoutcomes() == {"passed": 2}
    assert project.run("unit").parseoutcomes() == {"passed": 1}


def test_paths_and_only_the_suite_contradict_each_other(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    project.pytester.makepyfile(test_own="def test_own(): pass")
    result = project.run("--etsi-suite=only", "test_own.py")

    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: --etsi-suite=only leaves no room for other tests: test_own.py"])


@pytest.mark.parametrize("arguments", [(), ("-n2",), ("--import-mode=importlib",)])
def test_hostile_settings_of_the_project_change_nothing(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_two=TWO)
    project.pytester.makeini(
        "[pytest]\npython_files = check_*.py\npython_functions = check_*\npython_classes = Check*\n"
        "addopts = --strict-markers --strict-config\nfilterwarnings = error\nxfail_strict = true\n"
    )
    project.pytester.makepyfile(check_own="def check_own(): pass")
    result = project.run(*arguments)

    assert result.parseoutcomes() == {"passed": 3}
    assert result.ret == LEFT_OPEN


def test_assertions_are_rewritten_whatever_the_project_calls_its_files(project: Project) -> None:
    project.profile()
    project.suite(test_two='@unit("5.1-3-2", "a")\ndef test_x(auth_mech):\n    assert auth_mech.id == "x"')
    project.pytester.makeini("[pytest]\npython_files = check_*.py\n")
    result = project.run()

    result.stdout.fnmatch_lines(["E       AssertionError: assert 'AuthMech-web' == 'x'"])


@pytest.mark.parametrize(
    ("argument", "number"),
    [
        (f"{MODULE}::test_first[AuthMech-web]", 1),
        (f"{MODULE}::test_first", 2),
        (f"../../{MODULE}::test_first", 2),
        (MODULE, 4),
        ("etsi/camera", 4),
        ("etsi/camera/", 4),
        ("bundled/tso_5_01_passwords/test_two.py::test_second", 2),
        ("bundled", 4),
    ],
)
def test_node_ids_select(project: Project, argument: str, number: int) -> None:
    project.profile(ixit=ENTRIES)
    project.suite(test_two=TWO)
    project.pytester.makepyfile(test_own="def test_own(): assert 0")
    result = project.run(argument)

    assert result.parseoutcomes() == {"passed": number}


def test_node_ids_of_a_suite_that_is_off_contradict(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    result = project.run("--etsi-suite=off", MODULE)

    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: --etsi-suite=off leaves nothing of: {MODULE}"])


def test_node_ids_and_paths_may_be_mixed(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    project.pytester.makepyfile(test_own="def test_own(): pass", test_other="def test_other(): pass")

    assert project.run("test_own.py", f"{MODULE}::test_first").parseoutcomes() == {"passed": 2}
    assert project.run("test_own.py", f"{MODULE}::test_first", "-n2").parseoutcomes() == {"passed": 2}


def test_an_unknown_node_id_names_its_neighbours(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    result = project.run(f"{MODULE}::test_frist")

    assert result.ret == 4
    result.stderr.fnmatch_lines([f"ERROR: not found: {MODULE}::test_frist", f"*near: {MODULE}::test_first*"])


def test_the_suites_directory_is_not_collected_a_second_time(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)
    result = project.run()

    assert result.parseoutcomes() == {"passed": 2}


def test_running_from_below_the_rootdir_keeps_the_node_ids(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.profile()
    project.suite(test_two=TWO)
    below = project.pytester.mkdir("below")
    monkeypatch.chdir(below)
    result = project.run("-v", profile="../camera.yaml")

    assert result.ret == LEFT_OPEN
    record = project.evaluations("below/etsi-results")["5.1-3-2/a", "AuthMech-web"]
    assert record["node"] == f"{MODULE}::test_first[AuthMech-web]"


def test_last_failed_runs_what_was_open_again(project: Project) -> None:
    project.profile()
    project.suite(
        test_two="""
        @unit("5.1-3-2", "a")
        def test_first(auth_mech):
            pass

        @unit("5.1-4-2", "a")
        def test_second(auth_mech):
            inconclusive("nobody answers", cause="access")
    """
    )
    project.pytester.makepyfile(test_own="def test_own(): assert 0")
    project.run()
    result = project.run("--lf")

    assert result.parseoutcomes() == {"failed": 1, "inconclusive": 1, "deselected": 1}


def test_keywords_and_markers_select(project: Project) -> None:
    project.profile()
    project.suite(test_two=TWO)

    assert project.run("-k", "functional").parseoutcomes() == {"passed": 2}
    assert project.run("-k", "test_first").parseoutcomes() == {"passed": 1, "deselected": 1}
    assert project.run("-m", "etsi_functional").parseoutcomes() == {"passed": 2}
    assert project.run("-m", "etsi_conceptual").parseoutcomes() == {"deselected": 2}


@pytest.mark.skipif(pytest.version_tuple < (8, 3), reason="-m takes arguments of markers since pytest 8.3")
@pytest.mark.parametrize(
    ("expression", "number"),
    [
        ("etsi_scenario(id='5.1')", 2),
        ("etsi_group(id='5.1-4')", 1),
        ("etsi_case(id='5.1-3-2')", 1),
        ("etsi_unit(id='5.1-4-2/a') or etsi_case(id='5.1-3-2')", 2),
        ("etsi_unit(entry='AuthMech-web')", 2),
    ],
)
def test_markers_select_by_id(project: Project, expression: str, number: int) -> None:
    project.profile()
    project.suite(test_two=TWO)

    assert project.run("-m", expression).parseoutcomes()["passed"] == number


def test_documents_come_first_and_what_cannot_be_undone_last(project: Project) -> None:
    project.profile(permissions=["brute-force", "change-credentials", "erase", "outage", "update", "fuzz"])
    project.suite(
        test_a="""
        @unit("5.1-1-2", "b", needs="erase", state="factory-default")
        def test_7_reset(auth_mech): pass

        @unit("5.1-5-2", "b", needs="brute-force")
        def test_3_guess(auth_mech): pass

        @unit("5.1-4-2", "a", needs="change-credentials")
        def test_2_change(auth_mech): pass
    """,
        test_b="""
        @unit("5.1-3-2", "a")
        def test_1_look(auth_mech): pass

        @unit("5.1-3-1", "a")
        def test_0_read(auth_mech): pass

        @unit("5.1-4-2", "b", needs=("outage", "change-credentials"))
        def test_5_cut(auth_mech): pass
    """,
    )
    result = project.run("-q", "--collect-only")

    names = [node.partition("::test_")[2][:1] for node in collected(result)]
    assert names == sorted(names)
    assert len(names) == 6


@pytest.mark.parametrize(("packages", "comes_last"), [({"newest": "b"}, True), ({"newest": None}, False)])
def test_updates_that_leave_other_software_come_after_the_erasing(
    packages: dict[str, str | None], *, comes_last: bool
) -> None:
    entry = SimpleNamespace(access=SimpleNamespace(restore=None, packages=SimpleNamespace(**packages)))
    device = SimpleNamespace(profile=SimpleNamespace(ixit=SimpleNamespace(upd_mech=[entry])))

    def planned(*needs: str, state: str | None = None) -> Any:
        return SimpleNamespace(device=device, needs=needs, state=state, unit=SimpleNamespace(functional=True))

    assert (stage(planned("update")) > stage(planned("erase", state="erased"))) is comes_last


def test_a_broken_module_of_the_suite_stops_the_run(project: Project) -> None:
    project.profile()
    project.suite(test_two="raise RuntimeError('broken')")
    result = project.run()

    assert result.ret == 4
    result.stderr.fnmatch_lines(["ERROR: *test_two.py: cannot be imported: RuntimeError: broken"])
