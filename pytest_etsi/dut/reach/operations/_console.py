"""Operations on the serial console, and all that operations ask of a console: to take a line, and to say something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.handing_over import fill_in
from pytest_etsi.probes.serial import ConsoleError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_etsi.dut.reach.auth import Device
    from pytest_etsi.dut.reach.operations._model import Came
    from pytest_etsi.probes.serial import Console
    from pytest_etsi.profile.operations import ConsoleOperation

__all__ = ["ConsoleDriver", "Line"]

_ANYTHING = r"[\s\S]+"


class Line:
    """A console, as operations use it."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def says(self, pattern: str, within_s: float) -> str | None:
        """What fits of what it says within so many seconds, or has said unheard; None: nothing does, or it is gone."""
        try:
            return self._console.expect(pattern, timeout_s=within_s).text
        except ConsoleError:
            return None

    def hush(self) -> None:
        """Leave what it has said so far behind."""
        self._console.clear()

    def speaks(self, within_s: float) -> bool:
        """Whether it says anything within so many seconds."""
        return self.says(_ANYTHING, within_s) is not None


class ConsoleDriver:
    """Sends lines and waits for what has to come back."""

    def __init__(self, dut: Device) -> None:
        self._dut = dut

    def run(self, declared: ConsoleOperation, arguments: Mapping[str, str], came: Came) -> None:
        """See `Driver`."""
        console = self._dut.console
        # What was said before the operation began answers none of its steps.
        since = console.mark()
        for number, step in enumerate(declared.steps, start=1):
            if step.send:
                console.send_line(fill_in(step.send, arguments))
                came.note(f"step {number}: a line was sent", "")
            if step.expect is not None:
                met = console.expect(step.expect, timeout_s=step.timeout_s, since=since)
                came.text = met.before + met.text
                came.note(f"step {number}: {step.expect!r} was waited for", met.text)
