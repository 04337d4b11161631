"""What the terminal says of the devices before the run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.assessment.one_way import one_ways
from pytest_etsi.clock import doubt
from pytest_etsi.plugin import compat
from pytest_etsi.report.terminal import as_written
from pytest_etsi.text import neutralised

if TYPE_CHECKING:
    import pytest

    from pytest_etsi.plugin.devices import Run

__all__ = ["Header"]


class Header:
    """The lines that pytest shows first, and what it calls the tests."""

    def __init__(self, run: Run) -> None:
        self._run = run

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Let ``-v`` name unit and entry, once pytest has its terminal."""
        compat.name_items(session.config, self._run.name_of)

    def pytest_report_header(self, config: pytest.Config) -> list[str]:
        """Say which devices are assessed, and where everything came from."""
        options = self._run.options
        suite = (
            f"{options.suite} (from {options.suite_from})"
            if options.suite_from != "default"
            else options.suite
        )
        lines = [
            f"etsi: suite {suite}; results in {as_written(options.output, config)}"
            + (f" (from {options.output_from})" if options.output_from != "default" else "")
            + (f"; only {', '.join(options.only)}" if options.only else "")
            + (f"; allowed {', '.join(sorted(options.allow))} (from --etsi-allow)" if options.allow else "")
            + (f"; {len(self._run.done)} evaluations done before (--etsi-resume)" if options.resume else "")
        ]
        if wrong := doubt():
            lines.append(f"etsi: {wrong}; what depends on the date is not decided")
        for device in self._run.devices:
            profile, dut = device.profile, device.profile.dut
            virtual = f"; virtual {profile.virtual}" if profile.virtual else ""
            flaws = f" with {', '.join(options.flaws)}" if options.flaws else ""
            lines += [
                neutralised(
                    f"etsi: DUT {dut.manufacturer} {dut.model}, hardware {dut.hardware}, software {dut.software}"
                    f"{virtual}{flaws}"
                ),
                neutralised(
                    f"etsi: profile {profile.name}: {as_written(profile.path, config)} (from {device.origin}), "
                    f"edition {profile.edition}"
                ),
            ]
            if number := len(profile.open_problems):
                what = "1 open problem" if number == 1 else f"{number} open problems"
                lines.append(f"etsi: {what} in the documents: pytest-etsi validate says which")
            lines += [
                neutralised(f"etsi: cannot be undone: {one}")
                for one in one_ways(profile, device.assessment.plan.permissions)
            ]
            lines += [
                neutralised(f"etsi: not as it was written: {damage}; its evaluation is INCONCLUSIVE")
                for damage in device.assessment.damaged
            ]
        return lines
