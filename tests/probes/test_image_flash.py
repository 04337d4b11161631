"""File systems of raw flash, made by the programs of Linux: UBI, UBIFS and JFFS2; and what is wrong with some."""

from __future__ import annotations

import os
import random
import shutil
import struct
import subprocess
from typing import TYPE_CHECKING

import pytest
from image_files import FILES, KNOWN, cpio, noise

from pytest_etsi.probes.image import search_image
from pytest_etsi.probes.image._ubi import flash_crc
from tests import daemons

if TYPE_CHECKING:
    from pathlib import Path

TEXT = b"".join(b"line %d of the manual\n" % number for number in range(3000))
TREE = FILES | {
    "usr/share/manual.txt": TEXT,
    "usr/lib/large": noise(300_000) + b"salt = correct-horse-7\n",
    "bin/empty": b"",
}
FOUND = ["known secret", "password hash", "private key"]


def program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        daemons.missing(f"{name} is not installed (mtd-utils)")
    return found or ""


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files, with links that go round, lead out, and a pipe."""
    root = tmp_path_factory.mktemp("tree")
    for name, content in TREE.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    (root / "loop").symlink_to("loop")
    (root / "out").symlink_to("/etc/passwd")
    (root / "usr/up").symlink_to("..")
    os.mkfifo(root / "pipe")
    return root


@pytest.fixture(scope="module")
def images(tree: Path) -> dict[str, bytes]:
    """Images of it by name."""
    folder, made = tree.parent, {}
    ubifs = [program("mkfs.ubifs"), "-m", "2048", "-e", "126976", "-c", "100", "-F", "-r", str(tree)]
    for method in ("none", "lzo", "zlib", "zstd"):
        file = folder / f"{method}.ubifs"
        subprocess.run([*ubifs, "-x", method, "-o", str(file)], check=True, capture_output=True, timeout=60)
        made[f"UBIFS, {method}"] = file.read_bytes()
    jffs2 = [program("mkfs.jffs2"), "-e", "64KiB", "-d", str(tree)]
    for name, options in {
        "JFFS2": (),
        "JFFS2, without marks": ("-n",),
        "JFFS2, not packed": ("-m", "none"),
        "JFFS2, lzo": ("-x", "zlib", "-x", "rtime", "-X", "lzo"),
        "JFFS2, rtime": ("-x", "zlib", "-x", "lzo", "-X", "rtime"),
        "JFFS2 of big-endian order": ("-b", "-p"),
    }.items():
        file = folder / "image.jffs2"
        order = () if "-b" in options else ("-l",)
        subprocess.run(
            [*jffs2, *order, *options, "-o", str(file)], check=True, capture_output=True, timeout=60
        )
        made[name] = file.read_bytes()
    (folder / "other.bin").write_bytes(cpio(FILES))
    made["UBI"] = ubinized(folder, folder / "lzo.ubifs", folder / "other.bin")
    return made


def ubinized(folder: Path, *volumes: Path) -> bytes:
    """An image with a dynamic volume of a file system, and a static one of another file."""
    lines = [
        f"[v{number}]\nmode=ubi\nimage={path}\nvol_id={number}\nvol_name=v{number}\nvol_size=12MiB\n"
        f"vol_type={'static' if number else 'dynamic'}\n"
        for number, path in enumerate(volumes)
    ]
    (folder / "ubi.ini").write_text("".join(lines))
    done = [
        program("ubinize"),
        "-m",
        "2048",
        "-p",
        "128KiB",
        "-o",
        str(folder / "ubi"),
        str(folder / "ubi.ini"),
    ]
    subprocess.run(done, check=True, capture_output=True, timeout=60)
    return (folder / "ubi").read_bytes()


NAMES = [
    *(f"UBIFS, {method}" for method in ("none", "lzo", "zlib", "zstd")),
    "JFFS2", "JFFS2, without marks", "JFFS2, not packed", "JFFS2, lzo", "JFFS2, rtime", "JFFS2 of big-endian order", "UBI",
]  # fmt: skip


def searched(folder: Path, image: bytes):
    (folder / "firmware.bin").write_bytes(image)
    return search_image(folder / "firmware.bin", KNOWN)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("before", [0, 4096], ids=["alone", "in a raw image"])
def test_every_file_is_read(tmp_path: Path, images: dict[str, bytes], name: str, before: int) -> None:
    seen = searched(tmp_path, bytes(before) + images[name])

    assert sorted({one.kind for one in seen.found}) == FOUND
    assert [str(one) for one in seen.not_read if "look encrypted" not in str(one)] == []
    assert name.partition(",")[0] in dict(seen.containers)
    assert seen.searched >= sum(map(len, TREE.values()))


def test_volumes_have_their_names_and_hold_what_they_hold(tmp_path: Path, images: dict[str, bytes]) -> None:
    seen = searched(tmp_path, images["UBI"])

    assert dict(seen.containers) == {"UBI": 1, "UBIFS": 1, "cpio": 1}
    places = " ".join(one.place for one in seen.found)
    assert "UBI > v0 > UBIFS > etc/shadow" in places


def test_what_was_written_last_counts(tmp_path: Path, images: dict[str, bytes]) -> None:
    """A later node gives the file a new beginning; the former one is no longer what the file holds."""
    image = images["JFFS2, not packed"]
    at = image.index(b"name = lamp\nsalt") - 68
    node = bytearray(image[at : at + 68 + len(FILES["etc/app.conf"])])
    node[68:] = node[68:].replace(b"correct-horse-7", b"another-value-8")
    struct.pack_into("<I", node, 16, struct.unpack_from("<I", node, 16)[0] + 1)
    struct.pack_into("<I", node, 60, flash_crc(bytes(node[68:]), inverted=False))
    struct.pack_into("<I", node, 64, flash_crc(bytes(node[:60]), inverted=False))
    end = len(image.rstrip(b"\xff"))
    end += -end % 4
    seen = searched(tmp_path, image[:end] + bytes(node) + b"\xff" * 64)

    assert "known secret" not in {one.kind for one in seen.found if "app.conf" in one.place}


@pytest.mark.parametrize("name", ["UBIFS, lzo", "JFFS2", "UBI"])
def test_what_is_damaged_is_told(tmp_path: Path, images: dict[str, bytes], name: str) -> None:
    image = bytearray(images[name])
    places = range(len(image) // 8, len(image.rstrip(b"\xff")), 40_000)
    for place in places:
        image[place : place + 64] = b"\xa5" * 64
    seen = searched(tmp_path, bytes(image))

    assert not seen.complete
    assert "damaged" in " ".join(map(str, seen.not_read))


@pytest.mark.parametrize("name", ["UBIFS, none", "JFFS2, not packed", "UBI"])
def test_what_is_cut_is_told(tmp_path: Path, images: dict[str, bytes], name: str) -> None:
    image = images[name].rstrip(b"\xff")
    if name.startswith("UBIFS"):
        image = image[: image.index(FILES["etc/shadow"][:40])]
    seen = searched(tmp_path, image[: len(image) - 20_000])

    assert not seen.complete
    assert any("cut" in str(one) or "damaged" in str(one) for one in seen.not_read)


@pytest.mark.parametrize("name", ["UBIFS, zlib", "JFFS2", "UBI"])
def test_nothing_that_is_wrong_ends_the_search(tmp_path: Path, images: dict[str, bytes], name: str) -> None:
    made = random.Random(7)
    whole = images[name][: 1 << 19]
    for _ in range(6):
        image = bytearray(whole)
        for _ in range(60):
            image[made.randrange(len(image))] = made.randrange(256)
        assert searched(tmp_path, bytes(image[: made.randrange(4096, len(image))])).size > 0


def test_numbers_of_blocks_that_are_made_up_are_not_filled(tmp_path: Path, images: dict[str, bytes]) -> None:
    image = bytearray(images["UBI"])
    for at in range(0, len(image), 128 * 1024):
        head = image[at + 2048 : at + 2048 + 64]
        if head[:4] == b"UBI!" and struct.unpack_from(">II", head, 8) == (0, 1):
            struct.pack_into(">I", head, 12, 0xFFFFFF)
            struct.pack_into(">I", head, 60, flash_crc(bytes(head[:60])))
            image[at + 2048 : at + 2048 + 64] = head
    seen = searched(tmp_path, bytes(image))

    assert "cannot be right" in " ".join(map(str, seen.not_read))


def test_a_directory_that_is_in_itself_has_names_of_a_bounded_length(tmp_path: Path) -> None:
    from pytest_etsi.probes.image._flash_files import Tree

    tree = Tree(1)
    tree.name(5, b"..", 6, 1)
    tree.name(6, b"../../x", 5, 1)
    tree.file(5).mode = 0o100644

    ((path, _),) = tree.regular()
    assert path.count("../../x") <= 64


def with_spare(image: bytes, page: int, spare: int, *, written: bool) -> bytes:
    """As a reader of NAND flash gives it: behind each page its spare bytes, with sums of the controller or without."""
    made = random.Random(page)
    whole = bytearray()
    for at in range(0, len(image), page):
        one = image[at : at + page].ljust(page, b"\xff")
        blank = not written or not one.strip(b"\xff")
        whole += one + (b"\xff" * spare if blank else made.randbytes(spare))
    return bytes(whole)


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize(("page", "spare"), [(512, 16), (2048, 64), (4096, 224)])
@pytest.mark.parametrize("name", ["UBIFS, zlib", "JFFS2", "UBI"])
def test_an_image_with_the_spare_bytes_of_its_pages_is_never_read_as_clean(
    tmp_path: Path, images: dict[str, bytes], name: str, page: int, spare: int, written: bool
) -> None:
    seen = searched(tmp_path, with_spare(images[name], page, spare, written=written))

    assert not seen.complete
    if name == "UBI":
        assert "spare bytes (OOB) behind each page" in " ".join(map(str, seen.not_read))


def test_blocks_that_are_written_and_belong_to_no_volume_are_told(
    tmp_path: Path, images: dict[str, bytes]
) -> None:
    written, free = bytearray(images["UBI"]), bytearray(images["UBI"])
    for at in range(0, len(written), 128 * 1024):
        written[at + 2048 : at + 4096] = b"\xff" * 2048
        free[at + 2048 : at + 128 * 1024] = b"\xff" * 126 * 1024

    assert "damaged" in " ".join(map(str, searched(tmp_path, bytes(written)).not_read))
    assert "no volume is in it" in " ".join(map(str, searched(tmp_path, bytes(free)).not_read))


def test_a_node_of_jffs2_whose_head_is_damaged_is_missed_and_one_that_is_marked_as_old_is_not(
    tmp_path: Path, images: dict[str, bytes]
) -> None:
    image = images["JFFS2, not packed"]
    heads = [at for at in range(0, len(image) - 12, 4) if image[at : at + 4] == b"\x85\x19\x02\xe0"]
    middle = heads[len(heads) // 2]
    damaged, old = bytearray(image), bytearray(image)
    damaged[middle + 8] ^= 4
    sound = image[middle : middle + int.from_bytes(image[middle + 4 : middle + 8], "little")]
    old[middle + 3] &= 0xDF
    end = len(image.rstrip(b"\xff"))
    end += -end % 4
    moved = bytes(old[:end]) + sound + b"\xff" * 64

    assert "damaged" in " ".join(map(str, searched(tmp_path, bytes(damaged)).not_read))
    assert [one for one in searched(tmp_path, moved).not_read if "damaged" in str(one)] == []
