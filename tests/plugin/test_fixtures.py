"""The fixtures against the virtual camera: first of all the examples of their own documentation."""

from __future__ import annotations

import inspect
import re
import shutil
import textwrap
from typing import TYPE_CHECKING

from pytest_etsi.plugin import fixtures
from pytest_etsi.profile import shipped_profiles

if TYPE_CHECKING:
    from plugin_project import Project


def example(name: str) -> str:
    """The example in the documentation of a fixture."""
    source = inspect.getsource(fixtures)
    match = re.search(rf'def {name}\(.*?"""(.*?)"""', source, re.DOTALL)
    assert match is not None
    return textwrap.dedent(match[1].partition("Example::\n")[2])


def test_the_examples_of_the_documentation_run(project: Project) -> None:
    names = [name for name in fixtures.__all__ if name != "etsi_judgement"]
    project.pytester.makepyfile(test_examples="\n\n".join(map(example, names)))
    project.suite(test_judgement=example("etsi_judgement"))
    result = project.run("-k", "test_examples or AuthMech-web", profile="virtual-camera")

    assert result.parseoutcomes()["passed"] == len(names) + 1
    record = project.evaluations()["5.1-5-1/a", "AuthMech-web"]
    assert (record["verdict"], record["decided_by"]) == ("PASS", "judgement")


def test_what_goes_over_the_console_is_kept_as_evidence(project: Project) -> None:
    project.suite(
        test_console="""
        @unit("5.1-1-2", "a")
        def test_first(etsi_console):
            etsi_console.send("hello console")

        @unit("5.1-5-2", "a")
        def test_second(etsi_console):
            etsi_console.send("a second time")
    """
    )
    project.run(profile="virtual-camera")

    kept = {unit: item["evidence"] for (unit, _), item in project.evaluations().items()}
    texts = {
        unit: [
            (project.path / "etsi-results" / one["file"]).read_text()
            for one in items
            if "console" in one["file"]
        ]
        for unit, items in kept.items()
    }
    assert [len(found) for found in texts.values()] == [1, 1]
    assert "hello console" in texts["5.1-1-2/a"][0]
    assert "hello console" not in texts["5.1-5-2/a"][0]
    assert "a second time" in texts["5.1-5-2/a"][0]


def test_who_the_device_is_stands_in_the_results_at_start_and_end(project: Project) -> None:
    project.suite(test_one='@unit("5.1-5-2", "a")\ndef test_x(etsi_dut): pass')
    project.run(profile="virtual-camera")
    results = project.results()

    assert results["dut_at_start"]["verified"] is True
    assert results["dut_at_end"]["verified"] is True


def test_another_device_is_not_touched(project: Project) -> None:
    """The profile says another model than the one that answers."""
    other = project.path / "other"
    shutil.copytree(shipped_profiles()["virtual-camera"].parent, other)
    profile = other / "profile.yaml"
    profile.write_text(profile.read_text().replace("model: ExampleCam 2", "model: ExampleCam 3"))
    project.suite(
        test_one='@unit("5.1-5-2", "b")\ndef test_x(auth_mech, etsi_dut): etsi_dut.guess(auth_mech)'
    )
    project.run(profile="other")

    record = project.evaluations()["5.1-5-2/b", "AuthMech-web"]
    assert (record["verdict"], record["cause"]) == ("INCONCLUSIVE", "bench")
    assert "ExampleCam 3" in record["reason"]


def test_a_device_that_does_not_answer_leaves_units_open(project: Project) -> None:
    project.profile(
        access={
            "network": {"hosts": ["127.0.0.1"], "ports": "1", "ports_because": "nothing else"},
            "identity": {"url": "http://127.0.0.1:1/", "fields": {"model": "model"}},
        }
    )
    project.suite(
        test_one="""
        @unit("5.1-5-2", "b")
        def test_x(auth_mech, etsi_network):
            with etsi_network.http() as client:
                client.get("http://127.0.0.1:1/")
    """
    )
    result = project.run()

    record = project.evaluations()["5.1-5-2/b", "AuthMech-web"]
    assert (record["verdict"], record["cause"]) == ("INCONCLUSIVE", "error")
    assert result.ret == 10
    assert project.results()["dut_at_start"]["verified"] is None
