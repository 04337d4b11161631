"""What does not fit in the ICS is shown wherever a run is: the terminal, pytest-html, JUnit and Allure."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_etsi.report.allure import Allure
from pytest_etsi.report.html import summary_table
from pytest_etsi.report.junit import JUnit
from pytest_etsi.report.plausibility import HEADING, of_results
from pytest_etsi.report.terminal_summary import render


def finding(about: str = "5.3-13", message: str = "", **changes: Any) -> dict[str, str]:
    return {
        "about": about,
        "rule": "row-against-table",
        "level": "warning",
        "message": f"lamp/ics.yaml:7: {message or f'{about} states <5> years'}",
        "expected": "the same in both",
    } | changes


def results(*found: dict[str, str], partial: bool = False) -> dict[str, Any]:
    group = {"group": "5.3-13", "condition": ["12"], "verdict": "PASS", "reason": "", "cases": []}
    return {
        "profile": {"name": "lamp", "path": "/home/laboratory/lamp/profile.yaml"},
        "edition": "1.1.1",
        "groups": [group],
        "overall": "PASS",
        "counts": {"PASS": 1},
        "partial": partial,
        "ics_findings": list(found),
    }


def test_a_finding_is_shown_with_its_level_and_its_place():
    assert of_results(results(finding())) == [
        "warning: lamp/ics.yaml:7: 5.3-13 states <5> years; expected the same in both"
    ]


@pytest.mark.parametrize(
    ("about", "shown"), [("5.3-13", 1), ("condition 12", 1), ("6-1", 0), ("condition 3", 0)]
)
def test_a_selection_shows_what_concerns_it(about: str, shown: int):
    assert len(of_results(results(finding(about), partial=True))) == shown
    assert len(of_results(results(finding(about)))) == 1


def test_the_terminal_shows_them_under_a_heading():
    lines = render(results(finding()), width=120).splitlines()

    assert lines[lines.index(HEADING) + 1].strip().startswith("warning: lamp/ics.yaml:7: 5.3-13 states")


def test_the_terminal_shows_the_first_of_many_and_no_control_character():
    many = (finding(message=f"{number}\x1b[31m") for number in range(20))
    text = render(results(*many), width=120)

    assert "and 12 more" in text
    assert "\x1b" not in text


def test_without_findings_there_is_no_heading():
    assert HEADING not in render(results())
    assert HEADING not in summary_table(results())


def test_html_lists_them_escaped():
    text = summary_table(results(finding()))

    assert HEADING in text
    assert "states &lt;5&gt; years" in text


def test_junit_has_a_property_for_each():
    added: list[tuple[str, str]] = []
    xml: Any = SimpleNamespace(add_property=lambda name, value: added.append((name, value)))
    JUnit(xml).ended({Path("results.json"): results(finding(), finding("6-1"))})

    assert [name for name, _ in added if ".ics." in name] == ["etsi.lamp.ics.1", "etsi.lamp.ics.2"]


@pytest.mark.parametrize("own", [False, True])
def test_allure_has_them_in_its_environment_unless_the_project_has_one(tmp_path: Path, own: bool):
    target = tmp_path / "environment.properties"
    if own:
        target.write_text("bench = 3\n")
    config: Any = SimpleNamespace(option=SimpleNamespace(allure_report_dir=str(tmp_path)))
    Allure(config).ended({Path("results.json"): results(finding(message="für 5 Jahre"))})

    assert target.read_text() == (
        "bench = 3\n"
        if own
        else "lamp.edition = 1.1.1\nlamp.overall = PASS\nlamp.ics.1 = warning: lamp/ics.yaml:7: f\\u00fcr 5 Jahre; expected the same in both\n"
    )


def test_allure_s_environment_tells_device_firmware_edition_and_overall_verdict(tmp_path: Path):
    config: Any = SimpleNamespace(option=SimpleNamespace(allure_report_dir=str(tmp_path)))
    dut = {"manufacturer": "Example", "model": "Lamp", "software": "1.4.2"}
    Allure(config).ended({Path("results.json"): results() | {"dut": dut}})

    assert (tmp_path / "environment.properties").read_text().splitlines() == [
        "lamp.device = Example Lamp", "lamp.firmware = 1.4.2", "lamp.edition = 1.1.1", "lamp.overall = PASS",
    ]  # fmt: skip
