"""A plugin that repeats failures must not turn a FAIL into a PASS."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from plugin_project import Project

REPEAT = """
from _pytest.runner import runtestprotocol

def pytest_runtest_protocol(item, nextitem):
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    for _ in range(2):
        item._initrequest()
        for report in runtestprotocol(item, nextitem=nextitem, log=False):
            item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True
"""


def test_both_evaluations_count(project: Project) -> None:
    project.profile()
    project.suite(
        test_one="""
        import pathlib

        @unit("5.1-5-2", "b")
        def test_x(auth_mech):
            once = pathlib.Path("once")
            if not once.exists():
                once.touch()
                assert 0, "the first time"
    """
    )
    project.pytester.makeconftest(REPEAT)
    result = project.run("--junitxml=junit.xml")

    group = next(group for group in project.results()["groups"] if group["group"] == "5.1-5")
    unit = group["cases"][1]["units"][1]
    assert [item["verdict"] for item in unit["evaluations"]] == ["FAIL", "PASS"]
    assert unit["verdict"] == "FAIL"
    assert result.ret == 1
