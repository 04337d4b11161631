"""The verdicts in pytest-html, Allure, JUnit and on the terminal, read from what was written."""

from __future__ import annotations

import base64
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


def html_data(path: Path) -> dict[str, Any]:
    """What the script of pytest-html's report renders."""
    blob = re.search(r'data-jsonblob="([^"]*)"', path.read_text(encoding="utf-8"))
    assert blob is not None
    data: dict[str, Any] = json.loads(html.unescape(blob[1]))
    return data


def html_tests(path: Path) -> dict[str, dict[str, Any]]:
    """The rows of pytest-html's report."""
    tests = html_data(path)["tests"]
    return {node.partition("::test_")[2].partition("[")[0]: rows[0] for node, rows in tests.items()}


def allure_tests(directory: Path) -> dict[str, dict[str, Any]]:
    found = {}
    for file in directory.glob("*-result.json"):
        result = json.loads(file.read_text(encoding="utf-8"))
        found[result["fullName"].partition("#test_")[2].partition("[")[0]] = result
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


def test_a_report_of_pytest_html_that_stands_alone_holds_what_was_found_and_the_evidence(
    project: Project,
) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    project.run("--html=report.html", "--self-contained-html")
    rows = html_tests(project.path / "report.html")

    assert {name: row["unit"] for name, row in rows.items()}["passes"] == "5.1-3-2/a AuthMech-web"
    (evidence,) = rows["passes"]["extras"]
    assert "TLSv1.3" in base64.b64decode(evidence["content"].partition("base64,")[2]).decode()
    assert "INCONCLUSIVE (access): 5.1-4-2/b AuthMech-web" in rows["is_open"]["log"]
    assert "to settle it: plug it in" in rows["is_open"]["log"]
    assert "a small suite" in rows["passes"]["log"]
    assert "def test_breaks" in rows["breaks"]["log"]


@pytest.mark.parametrize(("setting", "folded"), [("", ["all"]), ("passed,skipped", ["passed", "skipped"])])
def test_the_rows_of_pytest_html_are_folded_unless_the_project_says_otherwise(
    project: Project, setting: str, folded: list[str]
) -> None:
    project.profile()
    project.suite(test_all='@unit("5.1-3-2", "a")\ndef test_x(auth_mech): pass')
    project.run("--html=report.html", *(["-o", f"render_collapsed={setting}"] if setting else []))

    assert html_data(project.path / "report.html")["renderCollapsed"] == folded


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
    assert labels["epic"].startswith("5.01 ")
    assert labels["feature"].startswith("5.01-04 ")
    assert results["fails"]["name"].startswith("5.1-4-2/a AuthMech-web: ")
    assert "it says \\<script\\>alert(1)" in results["fails"]["description"]
    assert "to settle it: plug it in" in results["is_open"]["description"]
    assert results["is_open"]["statusDetails"]["message"] == "nobody answers"
    assert labels["story"].startswith("5.1-4-2 ")
    parameters = {parameter["name"] for parameter in results["fails"]["parameters"]}
    assert parameters == {"device", "unit", "entry"}
    attached = results["passes"]["attachments"][0]
    assert attached["name"].endswith("01-handshake.json")
    assert "TLSv1.3" in (project.path / "allure" / attached["source"]).read_text(encoding="utf-8")
    assert len({result["historyId"] for result in results.values()}) == 5
    categories = json.loads((project.path / "allure" / "categories.json").read_text(encoding="utf-8"))
    assert _category_of(results["fails"], categories).startswith("FAIL")
    assert _category_of(results["is_open"], categories).startswith("INCONCLUSIVE, access")
    assert _category_of(results["breaks"], categories).startswith("INCONCLUSIVE, error")
    assert _category_of(results["is_not_concerned"], categories).startswith("NOT APPLICABLE")


def test_allure_shows_the_reason_alone_also_in_the_second_session_of_a_process(project: Project) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    for directory in ("first", "second"):
        project.run(f"--alluredir={directory}")
        result = allure_tests(project.path / directory)["is_open"]

        assert result["statusDetails"]["message"] == "nobody answers"


def _category_of(result: dict[str, Any], categories: list[dict[str, Any]]) -> str:
    """The first that fits, as Allure looks for it."""
    trace = result.get("statusDetails", {}).get("trace", "")
    return next(
        one["name"]
        for one in categories
        if result["status"] in one["matchedStatuses"] and re.fullmatch(one.get("traceRegex", "(?s).*"), trace)
    )


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
        case.attrib["name"]: {item.attrib["name"]: item.attrib["value"] for item in case.iter("property")}
        for case in root.iter("testcase")
    }

    assert cases["5.1-4-2/b AuthMech-web"] == {
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
        "5.1-3-2/a AuthMech-web": "PASS",
        "5.1-4-2/a AuthMech-web": "FAIL",
        "5.1-4-2/b AuthMech-web": "INCONCLUSIVE",
        "5.1-5-2/b AuthMech-web": "NOT APPLICABLE",
        "5.1-5-2/a": "INCONCLUSIVE",
    }
    suite = root.find("testsuite")
    assert suite is not None
    counts = ("tests", "failures", "errors", "skipped")
    assert [suite.attrib[name] for name in counts] == ["5", "1", "2", "1"]
    run = {item.attrib["name"]: item.attrib["value"] for item in suite.findall("properties/property")}
    assert run["etsi.camera.overall"] == "FAIL"
    assert run["etsi.camera.dut.software"] == "1.4.2"
    assert run["etsi.camera.count.fail"] == "1"


def test_readers_of_junit_tell_fail_from_inconclusive(project: Project) -> None:
    from junitparser import Error, Failure, JUnitXml, Skipped

    project.profile()
    project.suite(test_all=SUITE)

    def endings(*arguments: str) -> dict[str, list[tuple[type, str]]]:
        project.run("--junitxml=junit.xml", *arguments)
        (suite,) = JUnitXml.fromfile(str(project.path / "junit.xml"))
        return {case.name: [(type(one), one.message) for one in case.result] for case in suite}

    strict, mild = endings(), endings("--etsi-fail-on=fail")
    assert strict["5.1-3-2/a AuthMech-web"] == []
    assert strict["5.1-4-2/a AuthMech-web"] == [(Failure, "FAIL: it says <script>alert(1)</script>")]
    assert strict["5.1-4-2/b AuthMech-web"] == [(Error, "INCONCLUSIVE (access): nobody answers")]
    assert strict["5.1-5-2/b AuthMech-web"] == [(Skipped, "NOT APPLICABLE: nothing of that kind")]
    assert mild["5.1-4-2/b AuthMech-web"] == [(Skipped, "INCONCLUSIVE (access): nobody answers")]
    assert mild["5.1-4-2/a AuthMech-web"] == strict["5.1-4-2/a AuthMech-web"]


def test_junit_holds_the_whole_run_after_a_resume(project: Project) -> None:
    from junitparser import JUnitXml

    project.profile()
    project.suite(test_all=SUITE)
    project.run("-k", "test_passes or test_fails")
    project.run("--junitxml=junit.xml", "--etsi-resume")
    (suite,) = JUnitXml.fromfile(str(project.path / "junit.xml"))

    assert sorted(case.name for case in suite) == [
        "5.1-3-2/a AuthMech-web", "5.1-4-2/a AuthMech-web", "5.1-4-2/b AuthMech-web", "5.1-5-2/a", "5.1-5-2/b AuthMech-web",
    ]  # fmt: skip
    assert (suite.tests, suite.failures, suite.errors, suite.skipped) == (5, 1, 2, 1)
    earlier = next(case for case in suite if case.name == "5.1-4-2/a AuthMech-web")
    assert earlier.classname == "etsi.camera.tso_5_01_passwords.test_all"
    assert earlier.result[0].message == "FAIL: it says <script>alert(1)</script>"


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


def test_a_summary_is_added_to_the_file_that_a_job_names(project: Project) -> None:
    project.profile()
    project.suite(test_all=SUITE)
    path = project.path / "job" / "summary.md"
    path.parent.mkdir()
    path.write_text("# The job\n", encoding="utf-8")
    project.run(f"--etsi-summary={path}")

    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ["# The job", "## EN 303 645: Example Cam 1.4.2: FAIL"]


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
