"""The board's software: kernel, file system of the start, disks and update packages, made of the distribution's files."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
import subprocess
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import lz4.block
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.package_files import swu_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

__all__ = ["GENUINE", "KERNEL_PLACE", "RUNNING", "Software", "kernel", "missing", "program", "unpacked"]

RUNNING, GENUINE, OLDER = "1.0.1", "1.0.2", "1.0.0"
"""Versions: what the board is delivered with, the update, and an earlier one."""
KERNEL_PLACE = Path(os.environ.get("ETSI_QEMU_KERNEL") or Path(__file__).parents[2] / ".cache" / "kernel")
"""Where `./dev setup` unpacks the distribution's kernel, which is not installed."""
QEMU = "qemu-system-x86_64"

_GUEST = Path(__file__).with_name("guest")
_MODULES = (
    "failover",
    "net_failover",
    "virtio_ring",
    "virtio",
    "virtio_pci_modern_dev",
    "virtio_pci_legacy_dev",
    "virtio_pci",
    "virtio_blk",
    "virtio_net",
)
_PROGRAMS = ("busybox", "dropbear", "dropbearkey", "openssl", "mke2fs")
_SIGNED = b"~Module signature appended~\n"
"""What ends a signed module. Nobody asks the board for the signatures, and to verify them takes a twentieth of its start."""
_MEGABYTE = 1 << 20
_SECTORS, _PAYLOAD = 0x1F1, 0x248
"""Where the head of an image for PCs tells how many sectors its first part has, and where its compressed kernel lies."""
_LZ4 = b"\x02\x21\x4c\x18"
_STARTS_UNPACKED = re.compile(rb"\x04\0\0\0[\x04\x08]\0\0\0\x12\0\0\0Xen\0")
"""A note in the kernel: the address at which it is entered."""


def kernel() -> Path | None:
    """The kernel's file; None: there is none."""
    found = sorted(KERNEL_PLACE.glob("boot/vmlinuz-*"))
    return unpacked(found[-1]) if found else None


def unpacked(image: Path) -> Path:
    """What a kernel's image contains, as a file beside it: QEMU starts that as it is, and no guest has to unpack it each time.

    The image itself, where it is not compressed by LZ4, as Debian's are, or has no entry for a start without unpacking (PVH).
    """
    place = image.with_name(image.name.replace("vmlinuz", "vmlinux"))
    if place.exists():
        return place
    content = image.read_bytes()
    start = (content[_SECTORS] + 1) * 512 + int.from_bytes(content[_PAYLOAD : _PAYLOAD + 4], "little")
    end = start + int.from_bytes(content[_PAYLOAD + 4 : _PAYLOAD + 8], "little") - 4  # its length unpacked
    if not content[start:end].startswith(_LZ4):
        return image
    blocks, at = [], start + len(_LZ4)
    while at < end:
        block = at + 4, at + 4 + int.from_bytes(content[at : at + 4], "little")
        blocks.append(lz4.block.decompress(content[slice(*block)], uncompressed_size=8 * _MEGABYTE))
        at = block[1]
    elf = b"".join(blocks)
    if not _STARTS_UNPACKED.search(elf):
        return image
    coming = place.with_name(f"{place.name}.{os.getpid()}")
    coming.write_bytes(elf)
    coming.replace(place)
    return place


def missing() -> str:
    """What keeps the board from being started here, and how that is helped; empty: nothing."""
    absent = [name for name in (QEMU, *_PROGRAMS) if not program(name)]
    if absent:
        return f"{', '.join(absent)}: not installed; ./dev setup installs what the board is made of"
    return "" if kernel() else f"there is no kernel in {KERNEL_PLACE}; ./dev setup puts one there"


def program(name: str) -> str:
    """Path of a program of this machine; empty: it is not there."""
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin") or ""


@dataclass(frozen=True)
class Software:
    """What the maker of the board has built.

    Attributes:
        directory: where it lies.
        initrd: file system of the start.
        system: disk with the application.
        data: disk for what the user leaves.
        packages: update packages by name.
    """

    directory: Path

    @property
    def initrd(self) -> Path:
        return self.directory / "initrd.cpio"

    @property
    def system(self) -> Path:
        return self.directory / "system.img"

    @property
    def data(self) -> Path:
        return self.directory / "data.img"

    def package(self, name: str) -> Path:
        """A package: genuine, older, other-model."""
        return self.directory / f"{name}.swu"

    def build(self, change: Callable[[dict[str, bytes]], None] = lambda _: None) -> Software:
        """Build all of it.

        Args:
            change: is given the guest's files by name, to change some of them.
        """
        self.directory.mkdir(parents=True)
        files = _guest_files()
        change(files)
        key = rsa.generate_private_key(65537, 2048)
        public = key.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        application = {name[4:]: content for name, content in files.items() if name.startswith("app/")}
        base = {name: content for name, content in files.items() if not name.startswith("app/")}
        self.initrd.write_bytes(_cpio({**base, "etc/update.pem": public, **_programs(), **_modules()}))
        self._disks(application)
        for name, model, version in (
            ("genuine", "Board 1", GENUINE),
            ("older", "Board 1", OLDER),
            ("running", "Board 1", RUNNING),
            ("other-model", "Torch 1", GENUINE),
        ):
            self.package(name).write_bytes(_package(application, model, version, key))
        return self

    def _disks(self, application: Mapping[str, bytes]) -> None:
        tree = self.directory / "tree"
        slot = tree / "a"
        for name, content in {**application, "version": f"{RUNNING}\n".encode(), "complete": b""}.items():
            path = slot / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            path.chmod(0o755 if "/cgi-bin/" in name else 0o644)
        (tree / "active").write_text("a\n")
        empty = self.directory / "empty"
        empty.mkdir()
        for image, source in ((self.system, tree), (self.data, empty)):
            with image.open("wb") as file:
                file.truncate(8 * _MEGABYTE)
            make = [program("mke2fs"), "-q", "-t", "ext4", "-E", "root_owner=0:0", "-d", str(source)]
            subprocess.run([*make, str(image)], check=True, timeout=60)


def _guest_files() -> dict[str, bytes]:
    return {
        str(path.relative_to(_GUEST)): path.read_bytes()
        for path in sorted(_GUEST.rglob("*"))
        if path.is_file()
    }


def _programs() -> dict[str, bytes]:
    """The programs with the libraries that they are linked with."""
    found: dict[str, bytes] = {}
    for name in ("busybox", "dropbear", "dropbearkey", "openssl"):
        path = program(name)
        found[f"bin/{name}"] = Path(path).read_bytes()
        told = subprocess.run(["ldd", path], capture_output=True, text=True, check=False, timeout=30).stdout
        for library in re.findall(r"(/\S+\.so\S*) \(", told):
            found[library.lstrip("/")] = Path(library).read_bytes()
    return found


def _modules() -> dict[str, bytes]:
    place = next((KERNEL_PLACE / "lib" / "modules").iterdir())
    return {
        f"lib/modules/{name}.ko": next(place.rglob(f"{name}.ko")).read_bytes().removesuffix(_SIGNED)
        for name in _MODULES
    }


def _directories(names: Iterator[str]) -> set[str]:
    return {str(parent) for name in names for parent in Path(name).parents if str(parent) != "."} | {
        "dev",
        "proc",
        "sys",
        "bin",
    }


def _cpio(files: Mapping[str, bytes]) -> bytes:
    """The file system of the start: executable is what lies in bin or lib, or is a script."""
    parts: list[bytes] = []
    every = [(name, 0o40755, b"") for name in sorted(_directories(iter(files)))]
    for name, content in files.items():
        runs = name == "init" or name.startswith(("bin/", "lib"))
        every.append((name, 0o100755 if runs else 0o100644, content))
    for number, (name, mode, content) in enumerate([*every, ("TRAILER!!!", 0, b"")], 1):
        fields = (number, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name.encode()) + 1, 0)
        head = b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\x00"
        parts += [head, bytes(-len(head) % 4), content, bytes(-len(content) % 4)]
    return b"".join(parts)


def _package(application: Mapping[str, bytes], model: str, version: str, key: rsa.RSAPrivateKey) -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in {**application, "version": f"{version}\n".encode()}.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            info.mode = 0o755 if "/cgi-bin/" in name else 0o644
            tar.addfile(info, io.BytesIO(content))
    payload = archive.getvalue()
    described = (
        f'software =\n{{\n    version = "{version}";\n    model = "{model}";\n'
        f'    images: ({{ filename = "app.tar.gz";\n    sha256 = "{hashlib.sha256(payload).hexdigest()}";\n    }});\n}}\n'
    ).encode()
    signature = key.sign(described, padding.PKCS1v15(), hashes.SHA256())
    return swu_of(
        {"sw-description": described, "sw-description.sig": signature, "app.tar.gz": payload}, magic=b"070701"
    )
