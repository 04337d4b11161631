"""The pytest plugin. Without a device profile it adds options and markers and does nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_etsi.plugin import compat
from pytest_etsi.plugin.options import add_options, given_profiles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_etsi.plugin.collection import Selection
    from pytest_etsi.plugin.devices import Run
    from pytest_etsi.report.schemes import Scheme
    from pytest_etsi.report.writer import Writer

__all__: list[str] = []

MARKERS = {
    "etsi_unit(id, entry=None)": "the test evaluates this test unit of TS 103 701, for this IXIT entry: "
    'etsi_unit("5.1-4-2/b", entry="AuthMech-web"); for a project\'s own tests',
    "etsi_case(id)": "belongs to this test case; select with -m \"etsi_case(id='5.1-5-2')\"",
    "etsi_group(id)": "belongs to this test group and provision; select with -m \"etsi_group(id='5.1-5')\"",
    "etsi_scenario(id)": "belongs to this test scenario; select with -m \"etsi_scenario(id='5.1')\"",
    "etsi_conceptual": "judged from the documents",
    "etsi_functional": "judged on the device, its services or its published documents",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Make options and ini keys known."""
    add_options(parser)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Make our own hooks known, so that a project's implementations are welcome even when no profile is given."""
    from pytest_etsi.plugin import hookspecs

    pluginmanager.add_hookspecs(hookspecs)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> int | None:
    """Print the plan, if that is what was asked for.

    Raises:
        pytest.UsageError: no profile is given, so that there is no plan.
    """
    if not config.getoption("etsi_plan") or compat.is_usage_query(config):
        return None
    if not given_profiles(config):
        raise pytest.UsageError("--etsi-plan needs a device profile: --etsi-profile=PROFILE")
    from pytest_etsi.plugin.start import print_plans

    print_plans(config)
    return 0


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and, with a profile, everything else."""
    for marker, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{marker}: {meaning}")
    if not given_profiles(config) or compat.is_usage_query(config):
        return
    from pytest_etsi.plugin import xdist
    from pytest_etsi.plugin.collection import select
    from pytest_etsi.plugin.devices import RUN
    from pytest_etsi.plugin.start import open_run

    xdist.check_distribution(config)
    compat.keep_screen(config)
    if config.getoption("etsi_assess"):
        from pytest_etsi.plugin.asking import check_somebody_is_there

        check_somebody_is_there(config)
    if config.getoption("etsi_attended"):
        from pytest_etsi.plugin.asking import check_somebody_is_there

        check_somebody_is_there(config, "--etsi-attended")
    run = open_run(config, xdist.received(config))
    config.stash[RUN] = run
    # Also when another plugin's start fails: a virtual device must not outlive pytest.
    config.add_cleanup(run.close)
    if config.getoption("etsi_assess"):
        from pytest_etsi.plugin.asking import ask_while_running

        ask_while_running(config, run)
    _register(config, run, select(config, run))


def _register(config: pytest.Config, run: Run, selection: Selection) -> None:
    from pytest_etsi.plugin import xdist
    from pytest_etsi.plugin.collection import Collection, WithoutLastFailed
    from pytest_etsi.plugin.masking import Masking
    from pytest_etsi.plugin.running import Running, VerdictsStand

    manager = config.pluginmanager
    notice = xdist.received(config).get("notice", "")
    writers = _writers(config, run.options.views)
    manager.register(Collection(run, selection, notice), "etsi-collection")
    manager.register(WithoutLastFailed(), "etsi-collection-unfiltered")
    manager.register(Running(run, writers), "etsi-running")
    manager.register(Masking(run), "etsi-masking")
    manager.register(VerdictsStand(), "etsi-verdicts-stand")
    if compat.is_worker(config):
        return
    from pytest_etsi.plugin.ending import TellsOfTheEnd
    from pytest_etsi.plugin.header import Header
    from pytest_etsi.plugin.recorder import RunRecorder

    recorder = RunRecorder(run, selection, writers)
    manager.register(recorder, "etsi-recorder")
    manager.register(Header(run), "etsi-header")
    manager.register(TellsOfTheEnd(), "etsi-ending")
    if manager.hasplugin("xdist"):
        manager.register(xdist.Distribution(recorder.message), "etsi-distribution")
    for writer in writers:
        manager.register(writer, f"etsi-report-{type(writer).__name__}")


def _writers(config: pytest.Config, views: Sequence[Scheme] = ()) -> list[Writer]:
    """The forms in which this run is reported."""
    from pytest_etsi.report.allure import Allure
    from pytest_etsi.report.html import PytestHtml
    from pytest_etsi.report.junit import JUnit
    from pytest_etsi.report.markdown import Summary
    from pytest_etsi.report.terminal import Terminal

    terminal = Terminal(compat.keep_out_of_failures, compat.write_lines, views)
    junit = JUnit(
        compat.JUnitReport(config), open_is_error=config.getoption("etsi_fail_on") == "inconclusive"
    )
    forms: list[Writer] = [
        terminal,
        junit,
        PytestHtml(config),
        Allure(config),
        Summary(config.getoption("etsi_summary"), views),
    ]
    return [form for form in forms if form.is_active()]
