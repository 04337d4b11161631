"""The forms in which a secret stands in a text, beside those that `pytest_etsi.redaction._views` reads back."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["SHORT", "Anchor", "Form", "anchors_of", "forms_of"]

SHORT = 4
"""Secrets below this length, in characters, are masked as whole words only, and not in their encodings."""

_LONG = 24
"""From this length on a piece of a form is masked too: what shortens a text leaves pieces of a token."""

_WINDOW = 8
"""Characters of a long form by which a piece of it is found."""

_VERY_LONG = 200
_BOUNDARY = re.compile(r"-----(?:BEGIN|END) [A-Z0-9 ]+-----")
"""The first and last line of a key (RFC 7468), which are the same in all keys."""


@dataclass(frozen=True, slots=True)
class Form:
    """A secret as it stands somewhere.

    Attributes:
        text: its characters; of bytes, one character for each.
        before: characters of base64 in front of it that hold a part of it.
        after: those behind it.
        pieces: whether a long one is known by its pieces too.
        is_plain: whether it is written out, character by character.
    """

    text: str
    before: int = 0
    after: int = 0
    pieces: bool = False
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class Anchor:
    """Characters of a form that show that it, or a piece of it, is there.

    Attributes:
        text: those characters.
        offset: where they begin in the form.
        form: the form.
    """

    text: str
    offset: int
    form: Form


def forms_of(value: str) -> Iterator[Form]:
    """The forms of a secret of at least `SHORT` characters: itself, in other encodings, hexadecimal and base64.

    Of one of several lines, these are the forms of each line too.
    """
    lines = [line.strip() for line in value.splitlines()]
    known = [line for line in lines if len(line) >= SHORT and not _BOUNDARY.fullmatch(line)]
    if lines != [value]:
        # Pieces of the whole are those of its lines; the first and last line of a key are none.
        yield from _forms_of_text(value, pieces=False)
    for line in dict.fromkeys(known):
        yield from _forms_of_text(line, pieces=True)


def _forms_of_text(value: str, *, pieces: bool) -> Iterator[Form]:
    utf8 = value.encode("utf-8", "surrogatepass")
    utf16 = value.encode("utf-16-le", "surrogatepass")
    # Latin-1 gives each byte one character. In UTF-16, latin-1 is what is left without NULs (`_views`).
    plain = {value: None, utf8.decode("latin-1"): None}
    plain |= {text.replace(" ", "+"): None for text in plain}  # in queries and forms
    coded = [utf8, utf16]
    if not value.isascii():
        swapped = value.encode("utf-16-be", "surrogatepass")
        plain |= {utf16.decode("latin-1"): None, swapped.decode("latin-1"): None}
        coded += [value.encode("latin-1", "ignore"), swapped]
    for text in plain:
        yield Form(text, pieces=pieces, is_plain=True)
    for data in dict.fromkeys(coded):
        if len(data) >= SHORT:
            yield from _hexadecimal(data)
            for core, before, after in _cores(data):
                yield from _both_alphabets(core, before, after, pieces=pieces and data is utf8)
    for once, _, _ in _cores(utf8):
        for twice, _, _ in _cores(once.encode("ascii")):
            yield from _both_alphabets(twice, 2, 2)


def _hexadecimal(data: bytes) -> Iterator[Form]:
    for text in (data.hex(), *(data.hex(mark) for mark in ":.- ")):
        yield Form(text)
        yield Form(text.upper())


def _cores(data: bytes) -> Iterator[tuple[str, int, int]]:
    """The characters that `data` gives in base64 at each of the three alignments.

    At the edges a character also depends on a neighbour, and is left out: how many there are on either side.
    """
    for offset in range(3):
        whole = base64.b64encode(b"\0" * offset + data).decode("ascii")
        end = offset + len(data)
        yield whole[-(-offset * 8 // 6) : end * 8 // 6], int(offset > 0), int(end % 3 > 0)


def _both_alphabets(core: str, before: int, after: int, *, pieces: bool = False) -> Iterator[Form]:
    yield Form(core, before, after, pieces)
    if "+" in core or "/" in core:
        yield Form(core.replace("+", "-").replace("/", "_"), before, after, pieces)


def anchors_of(form: Form) -> Iterator[Anchor]:
    """What a form is found by: all of it, and of a long one pieces that are spread over it."""
    text = form.text
    yield Anchor(text, 0, form)
    if len(text) < _LONG or not form.pieces:
        return
    stride = _WINDOW if len(text) > _VERY_LONG else _WINDOW // 2
    for offset in (*range(0, len(text) - _WINDOW, stride), len(text) - _WINDOW):
        yield Anchor(text[offset : offset + _WINDOW], offset, form)
