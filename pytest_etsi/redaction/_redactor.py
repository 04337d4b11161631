"""The redactor: every secret that a run knows, masked in texts, bytes and builtins."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

from pytest_etsi.redaction._forms import SHORT, Anchor, Form, anchors_of, forms_of
from pytest_etsi.redaction._views import views_of

__all__ = ["MASK", "Redactor", "suffix_of_capture"]

MASK = "‹secret›"  # noqa: RUF001 - meant to look unlike anything that a device sends
"""What stands in the place of a secret."""

_CAPTURES = {
    b"\xd4\xc3\xb2\xa1": "pcap",
    b"\xa1\xb2\xc3\xd4": "pcap",
    b"\x4d\x3c\xb2\xa1": "pcap",
    b"\xa1\xb2\x3c\x4d": "pcap",
    b"\x0a\x0d\x0d\x0a": "pcapng",
}
"""First bytes of files of captured packets -> how their names end."""

_CUT = re.compile(r"\s?(?:\.{3}|…|\[\.\.\.\])\s?")
"""How a text says that something of it was left out."""

_MOST_CUTS = 1000
_SHOWN_AT_A_CUT = 3
"""Fewest characters of a secret beside a cut, or at the end of a text, that are masked."""

_MAY_BE_CUT = 64
"""Shorter texts, in characters, were not cut where they end."""

_PIECE = 12
"""Fewest characters in a row of a long secret that are masked."""

_GRAM = 4
_AT_ONCE = 1 << 16
_BASE64 = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
_REMEMBERED = 20_000
_REMEMBERED_LENGTH = 80
_OF_LATE = 4
"""Long texts that are remembered: a document is looked through, and soon after kept."""

Span = tuple[int, int]
Bytes = bytes


def suffix_of_capture(data: bytes) -> str:
    """How the name of a file of captured packets ends; empty: `data` is no such file."""
    return _CAPTURES.get(data[:4], "")


class Redactor:
    """Masks secrets in whatever is about to be kept or shown.

    A value is masked as it is and in the encodings in which it travels: URL-encoded, JSON- and HTML-escaped, also one
    within the other; in UTF-8, UTF-16 and latin-1; as hexadecimal digits; and in base64 at any alignment (so also
    within ``user:password`` of an Authorization header), in lines, and once more in base64. Of several lines, each is
    masked. Pieces of a long one are masked too, and of every one what is left of it where a text was cut.

    Args:
        values: the secrets; empty ones are ignored.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._values: dict[str, None] = {}
        self._words: re.Pattern[str] | None = None
        self._anchors: dict[str, list[Anchor]] = {}
        self._by_gram: dict[str, list[str]] = {}
        self._grams: frozenset[str] = frozenset()
        self._codes: dict[int, str] = {}
        self._code_set: frozenset[int] = frozenset()
        self._always: list[str] = []
        self._cut: list[str] = []
        self._pad = 0
        self._clean: set[str] = set()
        self._clean_of_late: tuple[str, ...] = ()
        self.add(*values)

    def add(self, *values: str) -> None:
        """Mask these from now on too, e.g. a password that the run itself has made up."""
        # A text block of YAML ends with a line break that the device does not get.
        new = {value: None for one in values if (value := one.strip("\r\n")).strip()}
        if new.keys() <= self._values.keys():
            return
        self._values = {**self._values, **new}
        self._prepare()

    def _prepare(self) -> None:
        short = [re.escape(value) for value in self._values if len(value) < SHORT]
        self._words = re.compile(f"(?<![0-9A-Za-z])(?:{'|'.join(short)})(?![0-9A-Za-z])") if short else None
        forms = dict.fromkeys(
            form for value in self._values if len(value) >= SHORT for form in forms_of(value)
        )
        self._anchors = {}
        for form in forms:
            for anchor in anchors_of(form):
                self._anchors.setdefault(anchor.text, []).append(anchor)
        self._by_gram, self._always = {}, []
        for characters in self._anchors:
            if len(characters) < 2 * _GRAM - 1:
                self._always.append(characters)
            else:
                for offset in range(_GRAM):
                    gram = characters[offset : offset + _GRAM]
                    self._by_gram.setdefault(gram, []).append(characters)
        self._grams = frozenset(self._by_gram)
        self._codes = {_codes_of(gram)[0]: gram for gram in self._grams if gram.isascii()}
        self._code_set = frozenset(self._codes)
        self._cut = [form.text for form in forms if form.is_plain and len(form.text) > SHORT]
        self._pad = max((len(form.text) for form in forms), default=0)
        self._clean, self._clean_of_late = set(), ()

    def text(self, text: str) -> str:
        """`text` with every secret masked."""
        if not self._values or text in self._clean or text in self._clean_of_late:
            return text
        spans = self._spans(text)
        if not spans:
            if len(text) > _REMEMBERED_LENGTH:
                self._clean_of_late = (*self._clean_of_late[1 - _OF_LATE :], text)
            elif len(self._clean) < _REMEMBERED:
                self._clean.add(text)
            return text
        return _replaced(text, spans, lambda _: MASK)

    def bytes(self, data: bytes) -> bytes:
        """`data` with every secret masked, in every encoding of `text`."""
        if not self._values:
            return data
        # Latin-1 maps each byte to one character.
        text = data.decode("latin-1")
        spans = self._spans(text)
        if not spans:
            return data
        if suffix_of_capture(data):
            # Lengths stand in front of packets, so that one more or less would damage all that follow.
            return _replaced(text, spans, lambda length: "*" * length).encode("latin-1")
        mask = MASK.encode().decode("latin-1")
        return _replaced(text, spans, lambda _: mask).encode("latin-1")

    def pieces(self, pieces: Sequence[Bytes]) -> list[Bytes]:
        """What came piece by piece, with every secret masked that reaches over several of them.

        The mask stands where the secret begins.
        """
        whole = b"".join(pieces)
        spans = self._spans(whole.decode("latin-1")) if self._values else []
        if not spans:
            return list(pieces)
        mask = MASK.encode()
        made = []
        for piece, end in zip(pieces, accumulate(map(len, pieces)), strict=True):
            at, left = end - len(piece), b""
            for start, stop in spans:
                if stop > at and start < end:
                    left += whole[at : max(at, start)] + (mask if start >= end - len(piece) else b"")
                    at = min(stop, end)
            made.append(left + whole[at:end])
        return made

    def builtins(self, value: Any) -> Any:
        """`value`, made of dicts, lists, strings and numbers, with every secret masked in keys and values.

        Raises:
            TypeError: a part of it is none of these.
        """
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, bool) or value is None:
            return value
        if isinstance(value, int | float):
            return MASK if str(value) in self._values else value
        if isinstance(value, (dict, Mapping)):  # the first of them is told at once
            return {self.text(str(key)): self.builtins(item) for key, item in value.items()}
        if isinstance(value, (list, tuple, Sequence)) and not isinstance(value, (Bytes, bytearray)):
            return [self.builtins(item) for item in value]
        raise TypeError(f"expected values that JSON has, got {type(value).__name__}")

    def _spans(self, text: str) -> list[Span]:
        """Where secrets stand in `text`, in order, none within another."""
        found: list[Span] = []
        if self._words is not None:
            found += [match.span() for match in self._words.finditer(text)]
        if self._anchors and len(text) >= SHORT:
            for view, through in views_of(text, self._pad):
                for start, end in (*self._whole(view), *self._at_cuts(view)):
                    for step in reversed(through):
                        start, end = step.origin(start, end)
                    found.append((start, end))
        return _united(found) if found else found

    def _whole(self, text: str) -> Iterator[Span]:
        """The forms that stand in a text, and large pieces of long ones."""
        for characters in self._candidates(text):
            anchors = self._anchors[characters]
            at = text.find(characters)
            while at >= 0:
                beyond = at + 1
                for anchor in anchors:
                    start, end = _extended(text, at, anchor)
                    beyond = max(beyond, end)
                    if end - start >= min(_PIECE, len(anchor.form.text)):
                        yield _with_edges(text, start, end, anchor.form)
                at = text.find(characters, beyond - len(characters) + 1 if beyond > at + 1 else beyond)

    def _candidates(self, text: str) -> Iterable[str]:
        """The anchors that may stand in a text: few, so that to look for all of them takes no time.

        Wherever one of at least seven characters stands, four of its first seven stand at a multiple of four.
        """
        there: set[str] = set()
        if text.isascii():  # as most are, of which four characters are a number
            there.update(map(self._codes.__getitem__, self._code_set.intersection(_codes_of(text))))
        else:
            for begin in range(0, len(text), _AT_ONCE):
                end = min(len(text), begin + _AT_ONCE)
                there |= self._grams.intersection([text[at : at + _GRAM] for at in range(begin, end, _GRAM)])
        if not there:
            return self._always
        return dict.fromkeys((*self._always, *(one for gram in there for one in self._by_gram[gram])))

    def _at_cuts(self, text: str) -> Iterator[Span]:
        """What is left of a secret where something was left out, or where the text itself may have been cut."""
        cuts: list[tuple[int, int, int]] = []
        if "..." in text or "…" in text:
            for match, _ in zip(_CUT.finditer(text), range(_MOST_CUTS), strict=False):
                cuts.append((match.start(), match.end(), _SHOWN_AT_A_CUT))
        if len(text) >= _MAY_BE_CUT:
            cuts += [(len(text), len(text), SHORT), (0, 0, SHORT)]
        for before, after, least in cuts:
            for form in self._cut:
                if before and (head := _head_before(text, before, form, least)):
                    yield before - head, before
                if after < len(text) and (tail := _tail_after(text, after, form, least)):
                    yield after, after + tail


def _codes_of(text: str) -> Sequence[int]:
    """Each four characters of a text of ASCII as a number; fewer than four at its end are left out."""
    data = memoryview(text.encode("ascii"))
    return data[: len(data) // _GRAM * _GRAM].cast("I")


def _extended(text: str, at: int, anchor: Anchor) -> Span:
    """As much of a form as stands around an anchor that is at `at`."""
    form, offset = anchor.form.text, anchor.offset
    start, end = at, at + len(anchor.text)
    while start > 0 and offset > 0 and text[start - 1] == form[offset - 1]:
        start, offset = start - 1, offset - 1
    left = anchor.offset + len(anchor.text)
    while end < len(text) and left < len(form) and text[end] == form[left]:
        end, left = end + 1, left + 1
    return start, end


def _with_edges(text: str, start: int, end: int, form: Form) -> Span:
    """With the characters of base64 beside it that hold a part of it."""
    for _ in range(form.before):
        if start > 0 and text[start - 1] in _BASE64:
            start -= 1
    for _ in range(form.after):
        if end < len(text) and text[end] in _BASE64:
            end += 1
    if form.after:
        while text[end : end + 1] == "=":
            end += 1
    return start, end


def _head_before(text: str, at: int, form: str, least: int) -> int:
    """How many of the first characters of a form stand in front of `at`; 0: fewer than `least`."""
    window = text[max(0, at - len(form) + 1) : at]
    found = window.find(form[:least])
    while found >= 0:
        if form.startswith(window[found:]):
            return len(window) - found
        found = window.find(form[:least], found + 1)
    return 0


def _tail_after(text: str, at: int, form: str, least: int) -> int:
    """How many of the last characters of a form stand behind `at`; 0: fewer than `least`."""
    window = text[at : at + len(form) - 1]
    found = window.rfind(form[-least:])
    while found >= 0:
        if form.endswith(window[: found + least]):
            return found + least
        found = window.rfind(form[-least:], 0, found + least - 1)
    return 0


def _united(spans: list[Span]) -> list[Span]:
    spans.sort()
    united = [spans[0]]
    for start, end in spans[1:]:
        if start < united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united


def _replaced(text: str, spans: Sequence[Span], mask: Any) -> str:
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], mask(end - start)]
        at = end
    return "".join((*parts, text[at:]))
