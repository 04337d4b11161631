"""What of a log has not been expected yet, as text: follows the log, within bounds, from a position on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import Observation
from pytest_etsi.probes.serial.text import Text

if TYPE_CHECKING:
    import re

    from pytest_etsi.probes.serial.log import Log

__all__ = ["ConsoleMatch", "View"]

_MAX_TEXT = 256 * 1024
_WINDOW = 16 * 1024


@dataclass(frozen=True, slots=True)
class ConsoleMatch(Observation):
    """What `Console.expect` found.

    Attributes:
        before: text before the match.
        text: the matched text.
        after: text that had been received behind it; it stays in the buffer.
        groups: groups of the pattern.
        waited_s: seconds until it was there.
        dropped: bytes before it that came faster than they could be looked at; 0: none.
    """

    before: str
    text: str
    after: str
    groups: tuple[str | None, ...]
    waited_s: float
    dropped: int = 0


class View:
    """The text behind a position of a log.

    Attributes:
        began: the position.
        text: what was pulled and not taken yet; of more than 256 KiB the last.
        dropped: bytes that came faster than they were pulled, since something was taken.

    Args:
        log: the log.
        encoding: of its text.
        position: where the view begins.
    """

    def __init__(self, log: Log, encoding: str, position: int) -> None:
        self.began = self.at = position
        self.text = ""
        self.dropped = 0
        self._log = log
        self._reader = Text(encoding)
        self._looked = 0

    def pull(self) -> bool:
        """Take over what has come; whether there was something."""
        data, position = self._log.read(self.at, _MAX_TEXT)
        self.dropped += max(0, position - len(data) - self.at)
        self.at = position
        if not data:
            return False
        self.text = (self.text + self._reader.feed(data))[-_MAX_TEXT:]
        return True

    def search(self, wanted: re.Pattern[str], *, whole: bool) -> re.Match[str] | None:
        """Look for a pattern; in a long text only in what is new, unless it is to be the `whole` of it."""
        whole = whole or len(self.text) <= 4 * _WINDOW
        match = wanted.search(self.text, 0 if whole else max(0, self._looked - _WINDOW))
        self._looked = len(self.text)
        return match

    def take(self, end: int) -> None:
        """Take the text away up to a place in it."""
        self.text = self.text[end:]
        self.dropped = self._looked = 0
