"""``--etsi-attended``: a person at the bench is asked in the terminal for what operations need done by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.plugin import compat

if TYPE_CHECKING:
    import pytest

    from pytest_etsi.dut.reach.operations import Attendant

__all__ = ["attendant_of"]


def attendant_of(config: pytest.Config) -> Attendant | None:
    """The person at the bench; None: the run is not attended."""
    if not config.getoption("etsi_attended", False):
        return None
    from pytest_etsi.interview.bench import BenchAttendant
    from pytest_etsi.interview.keys import TerminalKeyboard
    from pytest_etsi.report.console import NeutralConsole

    return BenchAttendant(
        TerminalKeyboard(), NeutralConsole(highlight=False).print, lambda: compat.terminal_for_people(config)
    )
