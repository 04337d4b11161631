"""The parts of an HTML page that tell something: title, generator, comments, visible text, scripts."""

from __future__ import annotations

from pytest_etsi.probes.http.markup import MarkupReader

__all__ = ["page_text"]

_SHOWN = {"alt", "placeholder", "title", "value", "aria-label", "content"}


def page_text(text: str, most: int = 400) -> list[tuple[str, str]]:
    """What stands in a page, however broken it is.

    Args:
        text: the page.
        most: pieces at most.

    Returns:
        (field, text) of each piece; field is "title", "generator", "comment", "text" or "script".
    """
    reader = _Reader()
    reader.read(text)
    return [(name, piece) for name, piece in reader.pieces if piece.strip()][:most]


class _Reader(MarkupReader):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[tuple[str, str]] = []
        self._field = "text"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"script", "style"}:
            self._field = "script"
        elif tag == "title":
            self._field = "title"
        if tag == "meta":
            name = values.get("name", "").lower()
            if name not in {"viewport", "robots", "theme-color"} and not values.get("http-equiv"):
                self.pieces.append(
                    ("generator" if name == "generator" else "text", values.get("content", ""))
                )
            return
        for name in _SHOWN & values.keys():
            self.pieces.append(("text", values[name]))

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style", "title"}:
            self._field = "text"

    def handle_data(self, data: str) -> None:
        self.pieces.append((self._field, data))

    def handle_comment(self, data: str) -> None:
        self.pieces.append(("comment", data))
