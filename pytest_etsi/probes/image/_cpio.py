"""Archives of cpio in the forms "newc" and "crc" (070701, 070702), as an initramfs and SWUpdate have them."""

from __future__ import annotations

import re
import stat
from typing import TYPE_CHECKING

from pytest_etsi.probes.image._budget import UnreadableError
from pytest_etsi.probes.image._window import Window, size_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

__all__ = ["cpio_files"]

_HEAD = 110
_LONGEST_NAME = 4096
_END = b"TRAILER!!!"
_FORM = re.compile(rb"07070[12][0-9A-Fa-f]{104}")


def cpio_files(file: BinaryIO) -> Iterator[tuple[bytes, Window, int]]:
    """Name, content and end (bytes from the beginning of the archive) of every regular file; last the end alone.

    Raises:
        UnreadableError: it is damaged, or cut.
    """
    at, size = 0, size_of(file)
    while True:
        file.seek(at)
        head = file.read(_HEAD)
        if _FORM.fullmatch(head) is None:
            raise UnreadableError(f"no head of a file at byte {at}: it is damaged, or cut")
        fields = [int(head[place : place + 8], 16) for place in range(6, _HEAD, 8)]
        mode, length, named = fields[1], fields[6], fields[11]
        if not 0 < named <= _LONGEST_NAME:
            raise UnreadableError(f"a name of {named} bytes at byte {at}")
        name = file.read(named).rstrip(b"\0")
        begin = _aligned(at + _HEAD + named)
        at = _aligned(begin + length)
        if name == _END:
            yield b"", Window(file, 0, 0), min(at, size)
            return
        if begin + length > size:
            raise UnreadableError(f"{name.decode('utf-8', 'replace')} is cut")
        if stat.S_ISREG(mode):
            yield name, Window(file, begin, length), at


def _aligned(at: int) -> int:
    return at + -at % 4
