"""Altered packages, made of a genuine one: each in one way that an attacker with basic means has.

They are written one at a time, when they are wanted, by copying the genuine file in pieces. Where the container has
sums or hashes that no key protects, they are made right again: what refuses the package then is no mere checksum.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pytest_etsi.probes.packages.build import Built, drawn, rewritten
from pytest_etsi.probes.packages.model import ARCHIVES, NotRead, Span, piece
from pytest_etsi.probes.packages.signing import signed_anew

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.probes.packages.model import Package, Part

__all__ = ["Alteration", "Marker", "Means", "alterations", "raised"]

Means = Literal["misuse", "perhaps", "state"]

_ERROR_PAGE = (
    b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head><body>Not Found</body></html>\n"
)
_NOISE = 64 * 1024
_LEAST_LARGE = 1024 * 1024
_MOST_LARGE = 64 * 1024 * 1024
_HASHES = ("sha512", "sha384", "sha256", "sha1", "md5")


@dataclass(frozen=True, slots=True)
class Marker:
    """A file that nobody needs, and the name that leads it out of where packages are unpacked."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Alteration:
    """One altered package.

    Attributes:
        name: of the attempt, a word.
        what: what is altered, in words.
        means: what it means that a device installs it: "misuse", it is not genuine; "perhaps", the bit may be one that
            means nothing; "state", what it installs may be genuine, and only its state afterwards counts.
        write: makes it; raises `NotRead` where this package does not permit it after all.
    """

    name: str
    what: str
    means: Means
    write: Callable[[Path], None]


def alterations(package: Package, version: str, marker: Marker | None = None) -> Iterator[Alteration]:
    """All that can be made of a package, the most telling first.

    Args:
        package: a genuine one.
        version: of it, as the device tells it: where it stands in the package, it is raised.
        marker: what an archive is given to write outside; None: nothing.
    """
    yield from _of_signatures(package)
    yield from _of_contents(package)
    yield from _of_metadata(package, version)
    yield from _of_length(package)
    if package.kind in ARCHIVES and marker is not None:
        yield Alteration(
            "traversal",
            f"a further part called {marker.name}",
            "state",
            lambda target: rewritten(package, target, added=((marker.name, marker.content),)),
        )


def raised(version: str) -> str:
    """A version of the same length that is higher, or another one at least."""
    for at in range(len(version) - 1, -1, -1):
        if version[at].isdigit() and version[at] != "9":
            return f"{version[:at]}9{version[at + 1 :]}"
    return version


def _of_signatures(package: Package) -> Iterator[Alteration]:
    signatures = package.of("signature")
    if not signatures:
        return
    yield Alteration(
        "unsigned",
        "its signature is left out",
        "misuse",
        lambda target: rewritten(package, target, without=signatures),
    )
    yield Alteration(
        "empty-signature",
        "its signature is empty",
        "misuse",
        lambda target: rewritten(package, target, dict.fromkeys(signatures, b"")),
    )
    yield Alteration(
        "signature-bit",
        "a bit of its signature is another one",
        "misuse",
        lambda target: rewritten(package, target, {one: _flipped(_read(package, one)) for one in signatures}),
    )

    def foreign(target: Path) -> None:
        rewritten(package, target, signed_anew(package))

    yield Alteration("other-key", "it is signed by another key", "misuse", foreign)


def _of_contents(package: Package) -> Iterator[Alteration]:
    payloads = sorted(package.of("payload"), key=lambda part: -part.content.size)
    if package.kind == "raw":
        yield Alteration(
            "payload-bit",
            "a bit in its middle is another one",
            "misuse",
            lambda target: _patched(package.path, target, package.size // 2),
        )
        return
    for part in payloads[:1]:
        if not part.content.size:
            return
        yield Alteration(
            "payload-bit",
            f"a bit of {part.name[:80]} is another one, and sums that no key protects are right",
            "misuse",
            lambda target, part=part: _bit_of(package, part, target),  # type: ignore[misc]
        )
        if package.kind in ARCHIVES:
            yield Alteration(
                "payload-and-hash",
                f"a bit of {part.name[:80]} is another one, and so is its hash wherever the package tells it",
                "misuse",
                lambda target, part=part: _consistent(package, part, target),  # type: ignore[misc]
            )


def _of_metadata(package: Package, version: str) -> Iterator[Alteration]:
    if package.kind == "raw":
        yield Alteration(
            "header-bit",
            "a bit of its first bytes is another one",
            "perhaps",
            lambda target: _patched(package.path, target, min(8, package.size // 4)),
        )
        yield Alteration(
            "tail-bit",
            "a bit of its last bytes is another one",
            "perhaps",
            lambda target: _patched(package.path, target, max(0, package.size - 24)),
        )
        return
    headers = package.of("header")
    if package.kind in ARCHIVES:
        for part in headers[:1]:
            yield Alteration(
                "header-bit",
                f"a bit of {part.name[:80]} is another one",
                "misuse",
                lambda target, part=part: rewritten(  # type: ignore[misc]
                    package, target, {part: _flipped(_read(package, part))}
                ),
            )
    else:
        yield Alteration(
            "header-bit",
            "a bit of its header is another one",
            "misuse" if package.kind == "mcuboot" else "perhaps",
            lambda target: _patched(package.path, target, headers[0].content.start + 20),
        )
    named = [part for part in headers if _names(package, part, version)]
    if named and raised(version) != version:
        yield Alteration(
            "version-raised",
            f"the version that it names is {raised(version)}",
            "misuse",
            lambda target: rewritten(
                package,
                target,
                {
                    part: _read(package, part).replace(version.encode(), raised(version).encode())
                    for part in named
                },
            ),
        )


def _of_length(package: Package) -> Iterator[Alteration]:
    path, size = package.path, package.size

    def cut(target: Path) -> None:
        shutil.copyfile(path, target)
        os.truncate(target, size // 2)

    def enlarged(target: Path) -> None:
        shutil.copyfile(path, target)
        os.truncate(target, size + min(max(_LEAST_LARGE, size), _MOST_LARGE))

    yield Alteration("cut", "it ends in the middle", "misuse", cut)
    yield Alteration("empty", "it has no bytes", "misuse", lambda target: _written(target, b""))
    yield Alteration(
        "error-page", "it is an error page", "misuse", lambda target: _written(target, _ERROR_PAGE)
    )
    yield Alteration("noise", "it is noise", "misuse", lambda target: _written(target, drawn(_NOISE)))
    yield Alteration("enlarged", "zeros follow it", "state", enlarged)


# Bits and hashes --------------------------------------------------------------------------------------------


def _bit_of(package: Package, part: Part, target: Path) -> None:
    """One bit of a part, with the sums of its container made right."""
    if package.kind == "zip":
        rewritten(package, target, {part: _flipped(_read(package, part))})
        return
    at = part.content.start + part.content.size // 2
    _patched(package.path, target, at)
    Built(package).mend(target, part)


def _consistent(package: Package, part: Part, target: Path) -> None:
    content = _read(package, part)
    altered = _flipped(content)
    changes = {part: altered}
    for header in package.of("header"):
        text = before = _read(package, header)
        for name in _HASHES:
            old = hashlib.new(name, content, usedforsecurity=False).hexdigest().encode()
            new = hashlib.new(name, altered, usedforsecurity=False).hexdigest().encode()
            text = re.sub(re.escape(old), new, text, flags=re.IGNORECASE)
        if text != before:
            changes[header] = text
    if len(changes) == 1:
        raise NotRead("the package tells no hash of it")
    rewritten(package, target, changes)


def _names(package: Package, part: Part, version: str) -> bool:
    try:
        return bool(version) and version.encode() in _read(package, part)
    except NotRead:
        return False


def _read(package: Package, part: Part) -> bytes:
    return Built(package).read(part)


def _flipped(content: bytes) -> bytes:
    """Another bit in the middle; of a text another letter or digit, so that it stays a text of its form."""
    if not content:
        return b"\x01"
    middle = len(content) // 2
    digit = re.compile(rb"[0-9]").search(content, middle) if content.isascii() else None
    at = digit.start() if digit else middle
    return content[:at] + bytes((content[at] ^ 0x01,)) + content[at + 1 :]


def _patched(source: Path, target: Path, at: int) -> None:
    """A copy of a file in which one bit is another one."""
    before = piece(source, Span(at, 1))
    if not before:
        raise NotRead("the package is empty")
    shutil.copyfile(source, target)
    with target.open("r+b") as file:
        file.seek(at)
        file.write(bytes((before[0] ^ 0x01,)))


def _written(target: Path, content: bytes) -> None:
    target.write_bytes(content)
