"""The console on which everything is shown to people: whatever a text holds, the terminal does not act on it.

Device and documents are untrusted: neither what one has said nor what the other holds moves the cursor, changes a
colour, or turns the direction of writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.segment import Segment

from pytest_etsi.text import neutral_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import ConsoleOptions, RenderableType

__all__ = ["NeutralConsole"]


class NeutralConsole(Console):
    """A console of rich whose own styles are the only thing that a terminal acts on."""

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The segments, with everything else made visible."""
        for segment in super().render(renderable, options):
            text = segment.text if segment.control else neutral_lines(segment.text)
            yield segment if text == segment.text else Segment(text, segment.style)
