"""The verdicts in pytest-html, Allure, JUnit and on the terminal, read from what was written."""

from __future__ import annotations

import html
import json
import re
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import pytest

from pytest_etsi.report.terminal_summary import render
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    from pathlib import Path

    from plugin_project import Project

SUITE = """
    @unit("5.1-3-2", "a")
    def test_passes(auth_mech, etsi_evidence):
        etsi_evidence.add("handshake", {"version": "TLSv1.3"})

    @unit("5.1-4-2", "a")
    def test_fails(auth_mech):
        assert auth_mech.id == "other", "it says <script>alert(1)</script>"

    @unit("5.1-4-2", "b")
    def test_is_open(auth_mech):
        inconclusive("nobody answers", cause="access", settle="plug it in")

    @unit("5.1-5-2", "b")
    def test_is_not_concerned(auth_mech):
        not_applicable("nothing of that kind")

    @unit("5.1-5-2", "a")
    def test_breaks(etsi_ixit):
        raise LookupError("a defect of the suite")
"""
DISTRIBUTED = pytest.mark.parametrize("arguments", [(), ("-n2",)], ids=["serial", "distributed"])


def html_tests(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of pytest-html's report, from the JSON that its script renders."""
    blob = re.search(r'data-jsonblob="([^"]*)"', path.read_text(encoding="utf-8"))
    assert blob is not None
    tests = json.loads(html.unescape(blob[1]))["tests"]
    return {node.partition("::test_")[2].partition("[")[0]: rows[0] for node, rows in tests.items()}


def allure_tests(directory: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for file in directory.glob("*-result.json"):
        result = json.loads(file.read_text(encoding="utf-8"))
        found[result["name"].removeprefix("test_").partition("[")[0]] = result
    return found


@DISTRIBUTED
def test_pytest_html_has_verdict_and_provision(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    project.run("--html=out/report.html", *arguments)
    path = project.path / "out" / "report.html"
    rows = html_tests(path)

    assert {name: (row["verdict"], row["provision"]) for name, row in rows.items()} == {
        "passes": ("PASS", "5.1-3"),
        "fails": ("FAIL", "5.1-4"),
        "is_open": ("INCONCLUSIVE (access)", "5.1-4"),
        "is_not_concerned": ("NOT APPLICABLE", "5.1-5"),
        "breaks": ("INCONCLUSIVE (error)", "5.1-5"),
    }
    assert [extra["content"] for extra in rows["passes"]["extras"]] == [
        "../etsi-results/evidence/5.1-3-2_a/AuthMech-web/01-handshake.json"
    ]
    text = path.read_text(encoding="utf-8")
    assert '<div class="etsi-summary">' in text
    assert "ETSI EN 303 645: Example Cam, software 1.4.2" in text
    assert "it says &lt;script&gt;" in text
    assert "<script>alert(1)" not in text


@pytest.mark.parametrize("selection", ["5.1-3,5.1-4", ""])
def test_pytest_html_says_when_only_a_part_was_looked_at(project: Project, selection: str) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    project.run("--html=report.html", f"--etsi-only={selection}")
    text = (project.path / "report.html").read_text(encoding="utf-8")

    assert ("Only 5.1-3, 5.1-4 looked at" in text) == bool(selection)


@DISTRIBUTED
def test_allure_has_labels_statuses_and_evidence(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    project.run("--alluredir=allure", *arguments)
    results = allure_tests(project.path / "allure")

    assert {name: result["status"] for name, result in results.items()} == {
        "passes": "passed",
        "fails": "failed",
        "is_open": "broken",
        "is_not_concerned": "skipped",
        "breaks": "broken",
    }
    labels = {label["name"]: label["value"] for label in results["fails"]["labels"]}
    assert labels["epic"].startswith("5.1 ")
    assert labels["feature"].startswith("5.1-4 ")
    assert labels["story"].startswith("5.1-4-2 ")
    parameters = {parameter["name"] for parameter in results["fails"]["parameters"]}
    assert parameters == {"device", "unit", "entry"}
    attached = results["passes"]["attachments"][0]
    assert attached["name"].endswith("01-handshake.json")
    assert "TLSv1.3" in (project.path / "allure" / attached["source"]).read_text(encoding="utf-8")
    assert len({result["historyId"] for result in results.values()}) == 5
    categories = json.loads((project.path / "allure" / "categories.json").read_text(encoding="utf-8"))
    assert [category["matchedStatuses"] for category in categories] == [["failed"], ["broken"], ["skipped"]]


def test_allure_tells_the_entries_of_a_unit_apart(project: Project) -> None:
    project.profile(ixit={"1-AuthMech": [{"ID": "AuthMech-a"}, {"ID": "AuthMech-b"}]})
    project.suite(test_all='@unit("5.1-3-2", "a")\ndef test_x(auth_mech): pass')
    project.run("--alluredir=allure")
    files = (project.path / "allure").glob("*-result.json")

    assert len({json.loads(file.read_text())["historyId"] for file in files}) == 2


@DISTRIBUTED
def test_junit_has_properties_of_the_cases_and_of_the_run(
    project: Project, arguments: tuple[str, ...]
) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    project.run("--junitxml=junit.xml", *arguments)
    root = ET.parse(project.path / "junit.xml").getroot()
    cases = {
        case.attrib["name"].removeprefix("test_").partition("[")[0]: {
            item.attrib["name"]: item.attrib["value"] for item in case.iter("property")
        }
        for case in root.iter("testcase")
    }

    assert cases["is_open"] == {
        "etsi_device": "camera",
        "etsi_provision": "5.1-4",
        "etsi_case": "5.1-4-2",
        "etsi_unit": "5.1-4-2/b",
        "etsi_entry": "AuthMech-web",
        "etsi_verdict": "INCONCLUSIVE",
        "etsi_cause": "access",
        "etsi_decided_by": "program",
        "etsi_reason": "nobody answers",
    }
    assert {name: case["etsi_verdict"] for name, case in cases.items()} == {
        "passes": "PASS",
        "fails": "FAIL",
        "is_open": "INCONCLUSIVE",
        "is_not_concerned": "NOT APPLICABLE",
        "breaks": "INCONCLUSIVE",
    }
    suite = root.find("testsuite")
    assert suite is not None
    assert (suite.attrib["tests"], suite.attrib["failures"], suite.attrib["skipped"]) == ("5", "3", "1")
    run = {item.attrib["name"]: item.attrib["value"] for item in suite.findall("properties/property")}
    assert run["etsi.camera.overall"] == "FAIL"
    assert run["etsi.camera.dut.software"] == "1.4.2"
    assert run["etsi.camera.count.fail"] == "1"


@DISTRIBUTED
def test_the_terminal_shows_provisions_reasons_and_what_to_do(
    project: Project, arguments: tuple[str, ...]
) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    result = project.run(*arguments)

    result.stdout.fnmatch_lines(
        [
            "*= INCONCLUSIVE: errors =*",
            "*LookupError: a defect of the suite*",
            "*= EN 303 645: Example Cam 1.4.2 =*",
            "FAIL: 1 evaluation of 1 provision fails from 1 cause",
            "F1  it says <script>alert(1)</script>*",
            "    fails      5.1-4-2/a AuthMech-web",
            "    again      pytest --etsi-profile=camera.yaml --etsi-only=5.1-4-2/a",
            "No.     M/R  ICS  verdict         provision",
            "5.1-4   M    Y    FAIL            *",
            "5.3   *provisions left to judgement:*",
            "Overall: FAIL (1 FAIL,*",
            "What to do next",
            "  who runs the test: *",
            "    - access: 5.1-4-2/b AuthMech-web: plug it in",
            "Results: etsi-results/results.json",
        ]
    )
    summary = result.stdout.str().partition("EN 303 645: Example Cam")[2].partition("short test summary")[0]
    shown = [line for line in summary.splitlines() if not line.startswith("    again ")]  # to be copied
    assert max(map(len, shown)) <= 80
    assert "\x1b" not in result.stdout.str()


@DISTRIBUTED
def test_verbose_lines_name_unit_and_entry(project: Project, arguments: tuple[str, ...]) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    result = project.run("-v", "-p", "no:terminalprogress", *arguments)

    result.stdout.fnmatch_lines(
        ["*5.1-3-2/a AuthMech-web *PASS*"] if not arguments else ["*PASS* 5.1-3-2/a AuthMech-web*"]
    )
    assert "::test_passes" not in result.stdout.str()


def test_a_stream_that_has_only_ascii_gets_lines_as_well() -> None:
    from types import SimpleNamespace
    from typing import cast

    from pytest_etsi.plugin.compat import write_lines

    written: list[str] = []
    reporter = SimpleNamespace(
        _tw=SimpleNamespace(_file=SimpleNamespace(encoding="ascii")), write=written.append
    )
    write_lines(cast("Any", reporter), "F\u00fcr \u2039secret\u203a\n\u201cb\u201d \u2026")

    assert written == ["F\\xfcr <secret>\n", '"b" ...\n']


def test_colours_are_for_terminals(project: Project) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    result = project.run("--color=yes")

    assert "\x1b[" in result.stdout.str().partition("EN 303 645: Example Cam")[2]


@pytest.mark.parametrize("ending", ["raise LookupError(said)", "assert 0, said", "not_applicable(said)"])
def test_what_a_device_says_cannot_steer_the_terminal(project: Project, ending: str) -> None:
    project.profile()
    project.suite(
        test_all='@unit("5.1-3-2", "a")\ndef test_x(auth_mech):\n'
        '    said = "banner \\x1b]0;owned\\x07 \\x9b2J \\u202e end"\n    print(said)\n'
        f"    {ending}"
    )
    result = project.run("-rA")

    for char in ("\x1b", "\x07", "\x9b", "\u202e"):
        assert char not in result.stdout.str()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\r\nb", "a\\x0d b"),
        ("a\u202eb", "a\\u202eb"),
        ("[red]é[/red]", "[red]é[/red]"),
    ],
)
def test_control_characters_become_visible(text: str, expected: str) -> None:
    assert neutralised(text) == expected


@pytest.mark.parametrize("width", [20, 80, 120, 500])
def test_the_summary_fits_its_width(width: int) -> None:
    group = {
        "group": "5.1-1",
        "status": "M",
        "support": "Y",
        "verdict": "FAIL",
        "reason": "5.1-1-2/a: " + "x" * 5000 + " and " * 50,
        "cases": [],
    }
    text = render(
        {"groups": [group], "overall": "FAIL", "counts": {"FAIL": 1}}, width=width, path="results.json"
    )

    lines = text.splitlines()
    assert max(len(line) for line in lines) <= min(max(width, 60), 140)
