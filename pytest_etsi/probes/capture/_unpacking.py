"""Opens a capture file for reading, unpacked where it is compressed by gzip."""

from __future__ import annotations

import mmap
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from pytest_etsi import bounds
from pytest_etsi.probes.capture._files import CaptureFile, NotACaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["MOST_UNPACKED", "opened_capture"]

MOST_UNPACKED = bounds.CAPTURE.most
"""Bytes to which a compressed file may grow; what comes after them is left out, and said to be."""
_CHUNK = 1 << 20


@contextmanager
def opened_capture(path: Path) -> Iterator[CaptureFile]:
    """Give a capture in memory until the end of the block.

    Args:
        path: it must not become shorter meanwhile.

    Raises:
        OSError: it cannot be read.
        NotACaptureError: it has fewer bytes than any capture, or nothing in it can be unpacked.
    """
    with path.open("rb") as raw:
        if raw.read(2) != b"\x1f\x8b":
            with _mapped(raw) as data:
                yield CaptureFile(data)
            return
    import tempfile

    with tempfile.TemporaryFile(prefix="etsi-capture-") as unpacked:
        damage = _unpack(path, unpacked)
        with _mapped(unpacked) as data:
            yield CaptureFile(data, packing=damage)


def _unpack(path: Path, into: IO[bytes]) -> str:
    """Unpack as much as can be; gives why that is not all."""
    import gzip
    import zlib

    size = 0
    with gzip.open(path) as packed:
        try:
            while chunk := packed.read1(_CHUNK):
                size += len(chunk)
                if size > MOST_UNPACKED:
                    return f"only the first {MOST_UNPACKED} bytes of it were unpacked"
                into.write(chunk)
        except (EOFError, OSError, zlib.error) as error:
            if not size:
                raise NotACaptureError(
                    f"expected a pcap or pcapng file, got one compressed by gzip that is damaged: unpack it ({error})"
                ) from None
            return f"its compression ends or is broken after {size} bytes"
    return ""


@contextmanager
def _mapped(file: IO[bytes]) -> Iterator[mmap.mmap]:
    file.seek(0, 2)
    file.flush()
    if file.tell() < 4:
        raise NotACaptureError(f"expected a pcap or pcapng file, got one of {file.tell()} bytes")
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        yield data
