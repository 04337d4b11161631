"""What was found in a firmware image: kinds and places, never a secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pytest_etsi.probes.observation import Observation

__all__ = ["ImageObservation", "InImage", "Kind", "NotRead"]

Kind = Literal[
    "private key",
    "encrypted private key",
    "password hash",
    "password",
    "token",
    "known secret",
    "certificate",
]


@dataclass(frozen=True, slots=True)
class InImage(Observation):
    """Something secret, or that belongs to something secret, in an image.

    Attributes:
        kind: what it is. Of certificates only those are told whose private key is there too.
        place: the containers that hold it, from the outside, and the file with the number of its line.
        about: what it is more closely: algorithm and size of a key, scheme of a hash, the words before it.
        fingerprint: salted with what only this run knows; tells two finds apart and gives neither away.
        key_sha256: of a key or certificate: SHA-256 of its public key (SubjectPublicKeyInfo), hex; empty: it has none.
        ssh_sha256: of a key: SHA-256 of its public key in the form of SSH (RFC 4253, 6.6), hex; empty: it has none.
        account: of a password hash: the account that has it in a file such as /etc/shadow; empty: it is in none.
        guessed: of a password hash: its password is one of a short list of usual ones.
        example: it lies among documentation, examples or tests, or is a well-known example itself.
        perhaps_example: the name of its place has a word of these, and does not tell whether the device uses it.
    """

    kind: Kind
    place: str
    about: str
    fingerprint: str
    key_sha256: str = ""
    ssh_sha256: str = ""
    account: str = ""
    guessed: bool = False
    example: bool = False
    perhaps_example: bool = False

    def __str__(self) -> str:
        about = f", {self.about}" if self.about else ""
        return f"{self.kind} at {self.place} (fingerprint {self.fingerprint}{about})"


@dataclass(frozen=True, slots=True)
class NotRead(Observation):
    """A part of an image that could not be searched.

    Attributes:
        place: where it begins.
        why: why not, in words.
    """

    place: str
    why: str

    def __str__(self) -> str:
        return f"{self.place}: {self.why}"


@dataclass(frozen=True, slots=True)
class ImageObservation(Observation):
    """The search of one image.

    Attributes:
        name: of the file or folder.
        sha256: of the file, or over names and hashes of the files of a folder, hex.
        size: bytes of it.
        containers: what was opened, and how often each.
        files: number of files that were searched.
        searched: bytes that were searched, unpacked.
        found: what was found, each secret once.
        not_read: what was not searched, the first ones.
        not_read_count: how many parts were not.
    """

    name: str
    sha256: str
    size: int
    containers: tuple[tuple[str, int], ...] = ()
    files: int = 0
    searched: int = 0
    found: tuple[InImage, ...] = ()
    not_read: tuple[NotRead, ...] = ()
    not_read_count: int = 0

    @property
    def complete(self) -> bool:
        """Whether all of it was read, and something was there to be searched."""
        return not self.not_read_count and self.files > 0

    def told(self) -> str:
        """What was searched and how much, in a phrase."""
        opened = ", ".join(f"{count} {kind}" for kind, count in self.containers) or "no container"
        return (
            f"{self.name} (SHA-256 {self.sha256[:16]}…): {self.files} files, {self.searched} bytes, {opened}; "
            f"{len(self.found)} finds, {self.not_read_count} parts not read"
        )
