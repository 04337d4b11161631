"""A line in a terminal, with the words that it may go on with shown behind the cursor (prompt_toolkit)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit import PromptSession
from prompt_toolkit.auto_suggest import AutoSuggest, Suggestion
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings

from pytest_etsi.interview.words import SIGNS, Draft

if TYPE_CHECKING:
    from prompt_toolkit.buffer import Buffer
    from prompt_toolkit.document import Document
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyPressEvent
    from prompt_toolkit.output import Output

    from pytest_etsi.interview.words import Words

__all__ = ["write_line"]


class _Writer(AutoSuggest):
    """What is offered for the buffer, and which of it is chosen.

    Attributes:
        words: what is offered.
        chosen: which one is shown, from 0.
    """

    def __init__(self, words: Words) -> None:
        self.words = words
        self.chosen = 0
        self._left = ""
        """The text as it was left with a space of ours at its end; "": with none."""

    def draft(self, text: str) -> Draft:
        """The line as a draft."""
        return Draft(self.words, text, spaced=bool(text) and text == self._left)

    def offer(self, text: str) -> str:
        """What is shown behind a text; "": nothing."""
        offered = self.draft(text).offered()
        return offered[self.chosen % len(offered)] if offered else ""

    def get_suggestion(self, buffer: Buffer, document: Document) -> Suggestion | None:  # noqa: ARG002
        """The rest of the line in grey."""
        if not document.is_cursor_at_the_end:
            return None
        shown = self.offer(document.text)
        if self.draft(document.text).spaced:
            shown = shown.removeprefix(" ")
        return Suggestion(shown) if shown else None

    def take(self, buffer: Buffer, *, whole: bool) -> None:
        """Take the next word of what is shown, or all of it."""
        draft = self.draft(buffer.text)
        if offer := self.offer(buffer.text):
            draft.take(offer, whole=whole)
            self.put(buffer, draft)

    def put(self, buffer: Buffer, draft: Draft) -> None:
        """Show a draft."""
        self._left = draft.text if draft.spaced else ""
        self.chosen = 0
        buffer.text = draft.text
        buffer.cursor_position = len(draft.text)


def write_line(prompt: str, words: Words, *, source: Input | None = None, shown: Output | None = None) -> str:
    """The line that is written.

    Tab takes the next word of what is shown in grey, the right arrow or End all of it; the down arrow shows another.

    Args:
        prompt: before it.
        words: what is offered.
        source: where keys come from; default: the terminal.
        shown: where the line is shown; default: the terminal.

    Raises:
        EOFError: the end of what is typed.
        KeyboardInterrupt: Ctrl-C.
    """
    writer = _Writer(words)
    session: PromptSession[str] = PromptSession(
        prompt,
        auto_suggest=writer,
        key_bindings=_bindings(writer),
        history=InMemoryHistory(),
        input=source,
        output=shown,
    )
    return session.prompt()


def _bindings(writer: _Writer) -> KeyBindings:
    bindings = KeyBindings()

    def at_end(event: KeyPressEvent) -> bool:
        return bool(event.current_buffer.document.is_cursor_at_the_end)

    @bindings.add("tab")
    def _(event: KeyPressEvent) -> None:
        if at_end(event):
            writer.take(event.current_buffer, whole=False)

    @bindings.add("right")
    @bindings.add("end")
    def _(event: KeyPressEvent) -> None:
        if at_end(event):
            writer.take(event.current_buffer, whole=True)
        elif event.key_sequence[0].key == "right":
            event.current_buffer.cursor_right()
        else:
            event.current_buffer.cursor_position = len(event.current_buffer.text)

    @bindings.add("down")
    def _(event: KeyPressEvent) -> None:
        writer.chosen += 1
        event.current_buffer.suggestion = writer.get_suggestion(
            event.current_buffer, event.current_buffer.document
        )
        event.app.invalidate()

    def follows_ours() -> bool:
        from prompt_toolkit.application import get_app

        buffer = get_app().current_buffer
        return bool(buffer.document.is_cursor_at_the_end) and writer.draft(buffer.text).spaced

    for sign in (*SIGNS, " "):

        @bindings.add(sign, filter=Condition(follows_ours))
        def _(event: KeyPressEvent) -> None:
            draft = writer.draft(event.current_buffer.text)
            draft.type(event.data)
            writer.put(event.current_buffer, draft)

    return bindings
