"""What servers of devices send in place of HTTP, made HTTP again: as tolerant as wget, and every liberty noted.

A parser by the book gives up on a header line that is none, on a NUL, on a missing last chunk. Users of a device do
not notice any of it, so that its pages have to be read all the same. Where an answer could be read in two ways (two
lengths that differ, a body shorter than said) it stays an error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.probes.observation import printable

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Wire"]

_MAX_HEAD = 100 * 1024
_MAX_CHUNK_LINE = 4096
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"(?i)(?:HTTP/(\d{1,2})(?:\.(\d{1,2}))?|ICY)[ \t]+(\d{3})(?!\d)[ \t]*([^\r\n]*)")
_BEGINS = re.compile(rb"(?i)HTTP/|ICY\b")
_PAGE = re.compile(rb"(?i)<(?:!doctype|html)")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;.*)?")


class Wire:
    """The answers on one connection.

    Args:
        note: told of each liberty that was taken, in a phrase.
    """

    def __init__(self, note: Callable[[str], None]) -> None:
        self._note = note
        self._reads: Callable[[], bytes] = self._done
        self._pending = b""
        self._method = b""
        self._left = 0
        self.in_step = True
        """Whether the last answer ended where it said: otherwise the next one could not be told from its rest."""

    def asked(self, data: bytes) -> None:
        """A request, or a part of one, is sent."""
        if self._reads == self._done:
            self._method = data.partition(b" ")[0]
            self._pending = b""
            self._reads = self._head

    def feed(self, data: bytes) -> bytes:
        """Take in what came; gives what a strict parser may see, which may be nothing yet."""
        self._pending += data
        given = b""
        while self._pending:
            before, reads = len(self._pending), self._reads
            given += self._reads()
            if len(self._pending) == before and self._reads == reads:
                break
        return given

    def end(self) -> bytes:
        """The connection has ended; gives what may be added for a strict parser."""
        if self._reads == self._head and _STATUS.match(self._pending.lstrip()):
            self._note("the head of an answer ended with the connection")
            self._pending += b"\r\n\r\n"
            return self.feed(b"")
        if self._reads == self._chunk_size and re.fullmatch(rb"[\r\n]*(?:0+[\r\n]*)?", self._pending):
            self._note("chunks ended without a last one")
            self._pending, self._reads, self.in_step = b"", self._done, False
            return b"0\r\n\r\n"
        return b""

    def _take(self, size: int) -> bytes:
        taken, self._pending = self._pending[:size], self._pending[size:]
        return taken

    def _rest(self) -> bytes:
        return self._take(len(self._pending))

    def _done(self) -> bytes:
        """Nothing more belongs to the answer."""
        if self._rest():
            self._note("more was sent than belongs to the answer")
            self.in_step = False
        return b""

    def _head(self) -> bytes:
        text = self._pending.lstrip(b"\r\n")
        if len(text) < 9 and not _HEAD_END.search(text):
            return b""
        if _PAGE.match(text.lstrip()):
            self._note("HTTP/0.9: a page without a status line")
            self._reads = self._rest
            return b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n"
        status = _STATUS.match(text)
        end = _HEAD_END.search(text)
        if status is None and b"\n" not in text and _BEGINS.match(text) and len(text) <= _MAX_HEAD:
            return b""  # cut within the status line
        if status is None or (end is None and len(text) > _MAX_HEAD):
            self._reads = self._rest  # for the strict parser to refuse
            return b""
        if end is None:
            return b""
        head, self._pending = text[: end.start()], text[end.end() :]
        return self._rewritten(status, re.split(rb"\r?\n", head)[1:])

    def _rewritten(self, status: re.Match[bytes], lines: list[bytes]) -> bytes:
        if status[1] is None or (int(status[1]), int(status[2] or -1)) not in {(1, 0), (1, 1)}:
            self._note(f"a status line of its own kind: {printable(status[0], 60)}")
        version = b"1.0" if status[1] in {None, b"0"} or (status[1], status[2]) == (b"1", b"0") else b"1.1"
        code, fields = int(status[3]), self._fields(lines)
        if code == 101:
            self._reads = self._rest
        elif code < 200:
            pass  # another head follows
        else:
            fields = self._framed(code, fields)
        first = b"HTTP/%s %d %s" % (version, code, _CONTROL.sub(b" ", status[4]).strip())
        return b"\r\n".join([first, *(b"%s: %s" % field for field in fields), b"", b""])

    def _fields(self, lines: list[bytes]) -> list[tuple[bytes, bytes]]:
        fields: list[tuple[bytes, bytes]] = []
        for line in lines:
            if line[:1] in (b" ", b"\t") and fields:
                fields[-1] = (fields[-1][0], fields[-1][1] + b" " + _CONTROL.sub(b" ", line).strip())
                continue
            name, colon, value = line.partition(b":")
            if not colon or not _TOKEN.fullmatch(name.strip(b" \t")):
                what = "a second status line" if _STATUS.match(line) else "a header line that is none"
                self._note(f"{what}: {printable(line, 80)}")
                continue
            if name != name.strip(b" \t"):
                self._note(f"a space around the name of the header {printable(name.strip(), 40)}")
            if _CONTROL.search(value):
                self._note(f"control characters in the header {printable(name.strip(), 40)}")
            fields.append((name.strip(b" \t"), _CONTROL.sub(b" ", value).strip()))
        return fields

    def _framed(self, code: int, fields: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """Find out where the body ends, and leave one header that says so."""
        said = {b"transfer-encoding": list[bytes](), b"content-length": list[bytes]()}
        others = []
        for name, value in fields:
            if name.lower() in said:
                said[name.lower()] += [part.strip().lower() for part in value.split(b",")]
            else:
                others.append((name, value))
        codings, lengths = said[b"transfer-encoding"], said[b"content-length"]
        if codings and codings[-1] == b"chunked":
            if len(codings) > 1 or lengths:
                self._note("more than one way to tell the end of a body: chunks count")
            framing: list[tuple[bytes, bytes]] = [(b"Transfer-Encoding", b"chunked")]
            self._reads = self._chunk_size
        else:
            if codings and set(codings) != {b"identity"}:
                self._note(f"an unknown transfer coding: {printable(b', '.join(codings), 40)}")
            framing, self._reads = self._by_length(lengths)
        if self._method == b"HEAD" or code in {204, 304}:
            self._reads = self._done
        return [*others, *framing]

    def _by_length(self, lengths: list[bytes]) -> tuple[list[tuple[bytes, bytes]], Callable[[], bytes]]:
        if not lengths:
            return [], self._rest
        if not all(re.fullmatch(rb"[0-9]{1,18}", length) for length in lengths):
            self._note(f"a length that is none: {printable(b', '.join(lengths), 40)}")
            return [], self._rest
        if len({int(length) for length in lengths}) > 1:
            return [(b"Content-Length", length) for length in lengths], self._rest
        if len(lengths) > 1:
            self._note("the length of a body more than once")
        self._left = int(lengths[0])
        return [(b"Content-Length", b"%d" % self._left)], self._counted if self._left else self._done

    def _counted(self) -> bytes:
        given = self._take(self._left)
        self._left -= len(given)
        if not self._left:
            self._reads = self._done
        return given

    def _chunk_size(self) -> bytes:
        # The end of the chunk before stands in front of the size.
        start = len(self._pending) - len(self._pending.lstrip(b"\r\n"))
        end = self._pending.find(b"\n", start)
        if end < 0 and len(self._pending) < _MAX_CHUNK_LINE:
            return b""
        size = _CHUNK.fullmatch(self._pending[start : max(end, start)].rstrip(b"\r"))
        if size is None:
            self._reads = self._rest
            return b""
        self._take(end + 1)
        self._left = int(size[1], 16)
        if self._left:
            self._reads = self._chunk
            return b""
        self._reads = self._trailer
        self.in_step = False  # until the empty line after the last chunk has come
        return b"0\r\n\r\n"

    def _chunk(self) -> bytes:
        piece = self._take(self._left)
        self._left -= len(piece)
        if not self._left:
            self._reads = self._chunk_size
        return b"%x\r\n%s\r\n" % (len(piece), piece)

    def _trailer(self) -> bytes:
        if re.match(rb"\r?\n", self._pending) or _HEAD_END.search(self._pending):
            end = _HEAD_END.search(self._pending) or re.match(rb"\r?\n", self._pending)
            self._take(end.end() if end else 0)
            self.in_step, self._reads = True, self._done
        return b""
