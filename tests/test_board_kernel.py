"""The kernel of the board is unpacked once, where QEMU can start it so; the file is that of the image otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lz4.block
import pytest

from tests.qemu.software import unpacked

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 8 << 20
_ENTRY = b"\x04\0\0\0\x08\0\0\0\x12\0\0\0Xen\0" + bytes(8)
"""A note in the form of Xen's, of the kind that tells where a kernel is entered."""
_KERNEL = b"\x7fELF" + bytes(_BLOCK) + _ENTRY + b"the end"


def _image(directory: Path, payload: bytes) -> Path:
    head = bytearray(512 * 3)
    head[0x1F1] = 2  # sectors behind the first
    described = payload + len(_KERNEL).to_bytes(4, "little")
    head[0x248:0x250] = (16).to_bytes(4, "little") + len(described).to_bytes(4, "little")
    path = directory / "vmlinuz-6"
    path.write_bytes(bytes(head) + bytes(16) + described + b"what lies behind it")
    return path


def _packed(kernel: bytes) -> bytes:
    blocks = (
        lz4.block.compress(kernel[at : at + _BLOCK], store_size=False) for at in range(0, len(kernel), _BLOCK)
    )
    return b"\x02\x21\x4c\x18" + b"".join(len(block).to_bytes(4, "little") + block for block in blocks)


def test_a_kernel_of_several_blocks_is_unpacked_beside_its_image(tmp_path: Path) -> None:
    found = unpacked(_image(tmp_path, _packed(_KERNEL)))

    assert found == tmp_path / "vmlinux-6"
    assert found.read_bytes() == _KERNEL


def test_it_is_unpacked_once(tmp_path: Path) -> None:
    image = _image(tmp_path, _packed(_KERNEL))
    first = unpacked(image)
    image.write_bytes(b"")

    assert unpacked(image) == first


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\x28\xb5\x2f\xfd" + bytes(100), id="compressed by zstd"),
        pytest.param(_packed(_KERNEL.replace(_ENTRY, b"")), id="with no entry for a start without unpacking"),
    ],
)
def test_any_other_image_is_left_as_it_is(tmp_path: Path, payload: bytes) -> None:
    image = _image(tmp_path, payload)

    assert unpacked(image) == image
    assert list(tmp_path.iterdir()) == [image]
