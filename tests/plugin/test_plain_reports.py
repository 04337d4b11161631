"""A verdict is shown as what was found, whole and without source; what nobody has foreseen keeps pytest's traceback."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from plugin_project import Project

LONG = "0123456789" * 300
SUITE = f'''
    from pytest_etsi.assessment.findings import Finding, Findings, Place

    AT = Place("ixit/01.yaml:7", "1-AuthMech/AuthMech-web", "facts.tls")

    @unit("5.1-3-2", "a")
    def test_violated(auth_mech):
        Findings([
            Finding("violation", "channel", "TLSv1.0 is accepted", "TLSv1.2", "TLSv1.0", place=AT),
            Finding("violation", "channel", "{LONG} is accepted", place=AT),
            Finding("note", "channel", "TLSv1.2 is accepted"),
        ]).decide()

    @unit("5.1-4-2", "b")
    def test_is_open(auth_mech):
        inconclusive("nobody answers", cause="access", settle="plug it in")

    @unit("5.1-5-2", "a")
    def test_breaks(etsi_ixit):
        raise LookupError("a defect of the suite")

    @unit("5.1-5-2", "b")
    def test_says_nothing(auth_mech):
        pass
'''
DISTRIBUTED = pytest.mark.parametrize("arguments", [(), ("-n1",)], ids=["serial", "distributed"])


def failures(project: Project) -> dict[str, tuple[str, str]]:
    """What JUnit says of the tests that did not pass: message and text."""
    root = ET.parse(project.path / "junit.xml").getroot()
    return {
        case.attrib["name"]: (ending.attrib["message"], ending.text or "")
        for case in root.iter("testcase")
        for ending in (*case.iter("failure"), *case.iter("error"))
    }


VIOLATED, OPEN, SILENT = "5.1-3-2/a AuthMech-web", "5.1-4-2/b AuthMech-web", "5.1-5-2/b AuthMech-web"
BROKEN = "5.1-5-2/a"


@DISTRIBUTED
def test_a_verdict_is_told_whole_and_without_source(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_all=SUITE, says=False)
    result = project.run("--junitxml=junit.xml", *arguments)
    said = failures(project)

    assert set(said) == {VIOLATED, OPEN, BROKEN, SILENT}
    place = "1-AuthMech/AuthMech-web: facts.tls (ixit/01.yaml:7)"
    message, text = said[VIOLATED]
    assert message == f"FAIL: {place}: TLSv1.0 is accepted; {LONG} is accepted"
    lines = text.strip().splitlines()
    assert lines[0] == "FAIL: 5.1-3-2/a AuthMech-web"
    assert lines[lines.index("1. against it: TLSv1.0 is accepted") :][:5] == [
        "1. against it: TLSv1.0 is accepted",
        "   expected: TLSv1.2",
        "   found: TLSv1.0",
        f"   documents: {place}",
        "",
    ]
    assert f"2. against it: {LONG} is accepted" in lines
    assert "3. to look at: TLSv1.2 is accepted" in lines
    assert said[OPEN][0] == "INCONCLUSIVE (access): nobody answers"
    assert "to settle it: plug it in" in said[OPEN][1]
    assert said[SILENT][0].startswith("INCONCLUSIVE (error): the test function ended without saying")
    for name in (VIOLATED, OPEN, SILENT):
        assert "def test_" not in said[name][1]
        assert ".py:" not in said[name][1]
    assert "def test_breaks" in said[BROKEN][1]
    assert "def test_violated" not in result.stdout.str()


def test_a_test_of_the_project_keeps_what_pytest_shows_of_it(project: Project) -> None:
    project.profile()
    project.suite(test_all="")
    project.pytester.makepyfile(
        test_own="""
        import pytest

        @pytest.mark.etsi_unit("5.1-5-2/a")
        def test_of_ours():
            tries = 51
            assert tries < 50
        """
    )
    result = project.run("--etsi-suite=off")

    result.stdout.fnmatch_lines(["*def test_of_ours*", "E *assert 51 < 50"])
