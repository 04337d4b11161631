"""The person at the bench: told what to do, asked what was seen, and for a photo or a file where one is wanted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pytest_etsi.dut.reach.operations import Told
from pytest_etsi.verdict import Cause, inconclusive

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from pytest_etsi.interview.keys import Keyboard

__all__ = ["BenchAttendant"]

_MOST_BYTES = 32 * 1024 * 1024
_TRIES = 5
"""How often an answer that is none is asked for again."""


class BenchAttendant:
    """Asks in the terminal.

    Args:
        keyboard: where the answers come from.
        say: shows a line.
        terminal: lets a person see and type, for as long as a block lasts.
    """

    def __init__(
        self,
        keyboard: Keyboard,
        say: Callable[[str], None],
        terminal: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._keyboard = keyboard
        self._say = say
        self._terminal = terminal

    def ask(self, instruction: str, *, question: str | None, wants: str | None) -> Told:
        """See `pytest_etsi.dut.reach.operations.Attendant`.

        Raises:
            Inconclusive: nobody answers any more (``access``).
        """
        try:
            with self._terminal():
                return self._asked(instruction, question, wants)
        except EOFError:
            inconclusive(
                f"nobody answered at the bench: {instruction}",
                cause=Cause.ACCESS,
                settle="run with --etsi-attended, and stay until the run is over",
            )

    def _asked(self, instruction: str, question: str | None, wants: str | None) -> Told:
        self._say(f"At the bench: {instruction}")
        for _ in range(_TRIES):
            key = self._keyboard.key("Done? [y]es, [n]o: ")
            if key == "n":
                return Told(
                    done=False, answer=self._keyboard.line("Why not? ").strip() or "no reason was given"
                )
            if key == "y":
                break
        else:
            return Told(done=False, answer="neither yes nor no was answered")
        answer = self._line(f"{question} ") if question else ""
        return Told(done=True, answer=answer, file=self._file(wants) if wants else None)

    def _line(self, prompt: str) -> str:
        for _ in range(_TRIES):
            if answer := self._keyboard.line(prompt).strip():
                return answer
        return ""

    def _file(self, wants: str) -> tuple[str, bytes] | None:
        for _ in range(_TRIES):
            path = Path(self._keyboard.line(f"Path of the {wants}: ").strip()).expanduser()
            try:
                if path.stat().st_size > _MOST_BYTES:
                    self._say(f"{path} is larger than {_MOST_BYTES >> 20} MiB")
                    continue
                return path.name, path.read_bytes()
            except (OSError, ValueError) as error:
                self._say(f"{path} cannot be read: {error}")
        return None
