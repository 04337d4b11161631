"""Runs that end before all planned evaluations were run, in every way there is, with every value of ``--etsi-fail-on``.

None of them ends with 0, and each says which evaluations it did not run, and why.
"""

from __future__ import annotations

import signal
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plugin_project import Project

FAIL_ON = ("inconclusive", "fail")
"""The values of the option."""

SUITE = """
    import os
    import pytest

    @unit("5.1-3-2", "a")
    def test_first(auth_mech):
        {first}

    @unit("5.1-4-2", "a")
    def test_second(auth_mech):
        {second}

    @unit("5.1-4-2", "b")
    def test_third(auth_mech):
        pass
"""

HOOKS = {
    "internal error": """
        def pytest_runtest_logreport(report):
            if report.when == "call" and "test_second" in report.nodeid:
                raise RuntimeError("a hook of the project")
    """,
    "error around a test": """
        def pytest_runtest_protocol(item):
            if "test_second" in item.nodeid:
                raise RuntimeError("a hook of the project")
    """,
    "session.shouldstop": """
        def pytest_runtest_logreport(report):
            if report.when == "call" and "test_first" in report.nodeid:
                SESSION.shouldstop = "a plugin has seen enough"

        def pytest_sessionstart(session):
            global SESSION
            SESSION = session
    """,
    "exit in a hook": """
        import pytest

        def pytest_runtest_setup(item):
            if "test_second" in item.nodeid:
                pytest.exit("enough", returncode=0)
    """,
}


@dataclass(frozen=True)
class Early:
    """A way to end early.

    Attributes:
        arguments: of pytest.
        first, second: what two of three test units do.
        plugin: another one that is loaded, by its key in `HOOKS`.
        left: how many of the planned evaluations were not run.
        why: how the reason begins that the results give for each of them.
        fresh: in a process of its own.
    """

    arguments: tuple[str, ...] = ()
    first: str = "pass"
    second: str = "pass"
    plugin: str = ""
    left: int = 2
    why: str = "the run was stopped: "
    fresh: bool = False


OPEN = 'inconclusive("nobody answers", cause="access", settle="plug it in")'
"""Not a FAIL, so that ``--etsi-fail-on=fail`` has no reason of its own for another status."""

WAYS = {
    "-x": Early(("-x",), first=OPEN),
    "--maxfail=2": Early(("--maxfail=2",), first=OPEN, second=OPEN, left=1),
    "--sw": Early(("--sw",), first=OPEN, why="the run was "),
    "-x -n1": Early(("-x", "-n1"), first=OPEN),
    "Ctrl-C": Early(second="raise KeyboardInterrupt", fresh=True, why="the run was interrupted"),
    "Ctrl-C at a worker": Early(("-n1",), second="raise KeyboardInterrupt", left=1, why="the run was "),
    "pytest.exit": Early(
        second='pytest.exit("enough", returncode=0)', fresh=True, why="the run ended before it"
    ),
    "pytest.exit in a hook": Early(plugin="exit in a hook", fresh=True, why="the run ended before it"),
    "a worker crashes": Early(
        ("-n1", "--max-worker-restart=0"), second="os._exit(7)", left=1, why="the run ended before it"
    ),
    "a worker crashes, and another goes on": Early(("-n1",), second="os._exit(7)", left=0),
    "SIGTERM": Early(second="os.kill(os.getpid(), 15)", fresh=True, why="the run was interrupted"),
    "INTERNALERROR": Early(plugin="internal error", why="pytest had an internal error"),
    "INTERNALERROR at a worker": Early(("-n1",), plugin="internal error", why="pytest had an internal error"),
    "INTERNALERROR around a test": Early(plugin="error around a test", why="pytest had an internal error"),
    "shouldstop": Early(plugin="session.shouldstop", why="the run was stopped: a plugin has seen enough"),
}


@pytest.mark.parametrize("fail_on", FAIL_ON)
@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_ends_early_does_not_end_with_0_and_says_what_it_left(
    project: Project, way: str, fail_on: str
) -> None:
    early = WAYS[way]
    project.profile()
    project.suite(test_ends=SUITE.format(first=early.first, second=early.second))
    loaded: tuple[str, ...] = ()
    if early.plugin:
        (project.path / "another_plugin.py").write_text(
            textwrap.dedent(HOOKS[early.plugin]), encoding="utf-8"
        )
        loaded = ("-p", "another_plugin")
    result = project.run(f"--etsi-fail-on={fail_on}", *loaded, *early.arguments, fresh=early.fresh)

    assert result.ret != 0
    left = project.results()["not_run"]
    assert len(left) == early.left
    assert all(one["why"].startswith(early.why) for one in left), left


def test_what_a_signal_does_is_as_it_was_after_a_run(project: Project) -> None:
    project.profile()
    project.suite(test_ends=SUITE.format(first="pass", second="pass"))
    before = signal.getsignal(signal.SIGTERM)
    project.run()

    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("fail_on", FAIL_ON)
@pytest.mark.parametrize("selection", ["-k=test_first", "-m=etsi_case(id='5.1-3-2')", "--lf"])
def test_what_was_left_out_by_choice_says_so_and_the_status_is_that_of_the_rest(
    project: Project, selection: str, fail_on: str
) -> None:
    project.profile()
    project.suite(test_ends=SUITE.format(first="assert not os.path.exists('deviates')", second="pass"))
    if selection == "--lf":
        (project.path / "deviates").touch()
        assert project.run().ret == 1
        (project.path / "deviates").unlink()
    result = project.run(f"--etsi-fail-on={fail_on}", selection)

    assert result.ret == 0
    assert [one["why"] for one in project.results()["not_run"]] == ["it was not selected"] * 2
    assert project.results()["overall"] == "INCONCLUSIVE"
