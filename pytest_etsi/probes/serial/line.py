"""How a serial line is opened and spoken to: all that is decided before its first byte."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

__all__ = ["LINE_ENDS", "Line", "stable_name"]

LINE_ENDS = {"cr": "\r", "lf": "\n", "crlf": "\r\n"}
"""What ends a line that is typed, by its name; CR is what the Enter key of a terminal sends."""

_BY_NAME = (Path("/dev/serial/by-id"), Path("/dev/serial/by-path"))


@dataclass(frozen=True, slots=True)
class Line:
    """The settings of one line.

    Attributes:
        url: device file or pyserial URL (``socket://``, ``rfc2217://``, ``loop://``).
        baudrate: symbols per second.
        dtr: state of DTR, set before the line is opened; None: whatever the system does.
        rts: state of RTS, likewise. Asserted ones hold many boards in reset; some USB devices are mute without DTR.
        exclusive: refuse to share the line with another program.
        line_end: "cr", "lf" or "crlf": what ends a line that is typed.
        pace_s: seconds between two characters typed; 0: as fast as it goes.
        reopen_s: seconds within which a line that went away may come back.
        encoding: of the text; what does not fit it is replaced.
    """

    url: str
    baudrate: int = 115200
    dtr: bool | None = False
    rts: bool | None = False
    exclusive: bool = True
    line_end: str = "cr"
    pace_s: float = 0.0
    reopen_s: float = 10.0
    encoding: str = "utf-8"

    @property
    def scheme(self) -> str:
        """The scheme of the URL in lower case; empty: a device file."""
        scheme, separator, _ = self.url.partition("://")
        return scheme.lower() if separator else ""

    @property
    def end(self) -> str:
        """The characters that end a line."""
        return LINE_ENDS[self.line_end]


def stable_name(url: str, places: tuple[Path, ...] = _BY_NAME) -> str:
    """The name under which a device file will be found again, whatever number the system gives it next time.

    Args:
        url: device file or pyserial URL.
        places: folders with links that are made of what the adapter says of itself, best first.
    """
    if "://" in url:
        return url
    try:
        device = Path(url).resolve(strict=True)
        for place in places:
            for link in sorted(place.iterdir()) if place.is_dir() else ():
                if link.resolve() == device:
                    return str(link)
    except OSError:
        pass
    return url
