"""The serial consoles of the device: opened once in a run, drained all the time, written down as it comes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.operations import OperationFailedError
from pytest_etsi.probes.serial import Console, ConsoleError, Line, LogFile, Transcript
from pytest_etsi.probes.serial.leaks import LeakMask
from pytest_etsi.profile.labgrid import LABGRID
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_etsi.profile.access import SerialAccess

__all__ = ["Consoles", "line_of"]

_AT_ONCE = 1024 * 1024
"""Bytes of one evaluation's transcript that are kept with it; all of it stands in the file of the run."""


def line_of(access: SerialAccess, url: str | None = None) -> Line:
    """The settings of a line as the profile gives them, also for another URL."""
    return Line(
        str(url or access.url),
        access.baudrate,
        dtr=access.dtr,
        rts=access.rts,
        exclusive=access.exclusive,
        line_end=access.line_end,
        pace_s=access.pace_s,
        reopen_s=access.reopen_s,
    )


class Consoles:
    """The consoles of one device.

    Args:
        access: what the profile says of the serial console; None: nothing.
        directory: where ``console.log`` is written; None: nowhere.
        mask: takes secrets out of a line before it is written.
        offered: the URL of a console that labgrid offers, by its name or none; raises `OperationFailedError`.
    """

    def __init__(
        self,
        access: SerialAccess | None,
        *,
        directory: Path | None = None,
        mask: Callable[[bytes], bytes] = bytes,
        offered: Callable[[str], str] | None = None,
    ) -> None:
        self._access = access
        self._directory = directory
        self._mask = mask
        self._offered = offered
        self._opened: dict[str, Console] = {}
        self._told: dict[str, int] = {}

    def main(self) -> Console:
        """The console of ``access.serial``, opened.

        Raises:
            Inconclusive: the profile gives no serial access (``access``), or it cannot be opened (``bench``).
        """
        if self._access is None:
            inconclusive(
                "the profile gives no serial access to the device",
                cause=Cause.ACCESS,
                settle="give the console's URL under access.serial.url",
            )
        return self.at(str(self._access.url))

    def at(self, url: str) -> Console:
        """The console at a URL, opened; its other settings are those of ``access.serial``.

        Raises:
            Inconclusive: it cannot be opened (``bench``).
        """
        if url not in self._opened:
            try:
                line = self._line(url)
                console = Console(line, file=self._file())
                console.open()
            except (ConsoleError, OperationFailedError) as error:
                inconclusive(
                    f"the serial console {url} cannot be opened: {error}",
                    cause=Cause.BENCH,
                    settle="check cable, device name, permissions and settings, and that no other program uses it",
                )
            self._opened[url] = console
        return self._opened[url]

    def new(self) -> tuple[Transcript, ...]:
        """What went over each console since this was last asked; none of those over which nothing went."""
        found = []
        for url, console in self._opened.items():
            since, self._told[url] = self._told.get(url, 0), console.log.number
            transcript = console.log.transcript(since, limit=_AT_ONCE)
            if any(line.direction != "!" for line in transcript.lines):
                found.append(transcript)
        return tuple(found)

    def close(self) -> None:
        """Close them; they are opened again when they are needed."""
        opened, self._opened = self._opened, {}
        for console in opened.values():
            console.close()

    def _line(self, url: str) -> Line:
        """The settings of the line at a URL; one that labgrid offers is where labgrid tells it."""
        if url.startswith(LABGRID) and self._offered is not None:
            url = self._offered(url.removeprefix(LABGRID).strip("/"))
        return Line(url) if self._access is None else line_of(self._access, url)

    def _file(self) -> LogFile | None:
        if self._directory is None:
            return None
        number = len(self._opened) + 1
        name = "console.log" if number == 1 else f"console-{number}.log"
        by_grammar = LeakMask()
        return LogFile(self._directory / name, lambda lines: self._mask(by_grammar(lines)))
