"""The forms of report: each is told of what is recorded when the run asks for it."""

from __future__ import annotations

import importlib
import pkgutil
from types import SimpleNamespace
from typing import Any

import pytest

import pytest_etsi.report
from pytest_etsi.plugin.hooks import _writers
from pytest_etsi.report.junit import JUnit
from pytest_etsi.report.terminal import Terminal
from pytest_etsi.report.writer import Writer

RECORD = {
    "device": "camera",
    "unit": "5.1-5-2/b",
    "entry": None,
    "verdict": "PASS",
    "cause": None,
    "decided_by": "program",
    "reason": "nothing answers",
}
ABOUT = {"group": "5.1-5", "case": "5.1-5-2"}


def config(
    *, html: str | None = None, allure: str | None = None, summary: str | None = None, plugins: bool = True
) -> Any:
    """Of a run with these options."""
    return SimpleNamespace(
        option=SimpleNamespace(htmlpath=html, allure_report_dir=allure),
        getoption={"etsi_fail_on": "inconclusive", "etsi_summary": summary}.get,
        getini={"render_collapsed": "passed"}.get,
        pluginmanager=SimpleNamespace(hasplugin=lambda _: plugins),
    )


def test_every_form_of_report_has_its_line_in_the_plugin():
    for module in pkgutil.iter_modules(pytest_etsi.report.__path__):
        importlib.import_module(f"pytest_etsi.report.{module.name}")

    # By name: runs of pytest within pytest import some modules anew.
    written = {
        form.__name__ for form in Writer.__subclasses__() if form.__module__.startswith("pytest_etsi.")
    }
    assert {
        type(writer).__name__
        for writer in _writers(config(html="report.html", allure="results", summary="summary.md"))
    } == written


@pytest.mark.parametrize("given", [config(), config(allure="results", plugins=False)])
def test_a_form_that_is_not_asked_for_is_told_nothing(given: Any):
    assert [type(writer) for writer in _writers(given)] == [Terminal, JUnit]


def test_what_is_recorded_replaces_what_a_test_had_concluded():
    report: Any = SimpleNamespace(user_properties=[("ticket", "17")])
    turned: list[tuple[str, ...]] = []
    xml: Any = SimpleNamespace(turn=lambda _, *how: turned.append(how))
    junit = JUnit(xml)
    junit.concluded(report, RECORD, ABOUT)
    final = RECORD | {"verdict": "INCONCLUSIVE", "cause": "bench", "reason": "cleaning up then failed"}
    junit.recorded(report, final, ABOUT)

    assert report.user_properties == [
        ("ticket", "17"),
        ("etsi_device", "camera"),
        ("etsi_provision", "5.1-5"),
        ("etsi_case", "5.1-5-2"),
        ("etsi_unit", "5.1-5-2/b"),
        ("etsi_verdict", "INCONCLUSIVE"),
        ("etsi_cause", "bench"),
        ("etsi_decided_by", "program"),
        ("etsi_reason", "cleaning up then failed"),
    ]
    assert turned == [("5.1-5-2/b", "error", "INCONCLUSIVE (bench): cleaning up then failed")]
