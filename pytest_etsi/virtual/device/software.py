"""The software of the camera: how a package of it reads, which ones are taken, and what runs.

A package is a tar archive: ``manifest.json`` says for which model and hardware it is, its version, and the SHA-512 of
each part; ``manifest.sig`` is an Ed25519 signature over that, by the key that ``signer.pem`` names. The camera takes
the keys of its own list only.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pytest_etsi.virtual.device.identity import HARDWARE, MODEL, SOFTWARE
from pytest_etsi.virtual.device.updates import numbers
from pytest_etsi.virtual.flaws import Flaw, UpdateFlaw

if TYPE_CHECKING:
    from pytest_etsi.virtual.device.updates import Offer

__all__ = ["LARGEST", "MANIFEST", "PARTS", "SIGNATURE", "SIGNER", "RefusedPackageError", "Software", "signed"]

MANIFEST, SIGNATURE, SIGNER = "manifest.json", "manifest.sig", "signer.pem"
PARTS = ("loader", "kernel", "base", "application")
_HASH_IS_ENOUGH = frozenset(
    {UpdateFlaw.UPDATE_SERVER_UNCHECKED, UpdateFlaw.UPDATE_SERVER_OF_ANY_NAME, UpdateFlaw.UPDATES_IN_CLEAR}
)
LARGEST = 2 * 1024 * 1024
"""Bytes of a package; what is larger does not fit into the memory in which it is looked at."""


class RefusedPackageError(Exception):
    """A package is not installed; says why."""


class Store(Protocol):
    """Where it survives a power cut."""

    def load(self) -> dict[str, Any] | None:
        """What was saved last; None: nothing."""

    def save(self, state: dict[str, Any]) -> None:
        """Keep it."""


def signed(manifest: bytes, flaws: frozenset[Flaw]) -> bytes:
    """What of a manifest the signature is over: all of it, but for a flaw.

    Raises:
        RefusedPackageError: it is no manifest.
    """
    if UpdateFlaw.METADATA_UNSIGNED not in flaws:
        return manifest
    return json.dumps(_object(manifest).get("parts"), sort_keys=True).encode()


@dataclass(slots=True)
class Software:
    """The two sets of software, of which one runs.

    Attributes:
        store: keeps it over a power cut.
        key: of the maker.
        version: of the set that runs.
        shown: what the camera tells of it.
        decisions: how many packages have been decided on.
        outcome: what came of the last one.
        dead: no set is there that starts.
        blocked: no package is taken any more, as a flaw has it.
        files: what a package has written beside the sets, as a flaw has it.
    """

    store: Store
    key: Ed25519PublicKey
    flaws: frozenset[Flaw] = frozenset()
    version: str = SOFTWARE
    shown: str = SOFTWARE
    decisions: int = 0
    outcome: str = ""
    dead: bool = False
    blocked: bool = False
    writing: bool = False
    files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name, value in (self.store.load() or {}).items():
            setattr(self, name, value)

    # What becomes of a package ------------------------------------------------------------------------------

    def decide(self, package: bytes, offer: Offer) -> str:
        """The version that a package brings; whoever calls this writes it then.

        Raises:
            RefusedPackageError: it is not installed.
        """
        try:
            if self.blocked:
                raise RefusedPackageError("no package is taken")
            return self._version_of(package, offer)
        except RefusedPackageError as error:
            self._refused(str(error), offer)
            raise

    def missed(self) -> None:
        """A package could not be fetched as a whole."""
        self.decisions += 1
        self.outcome = "not received"
        self._save()

    def begin(self) -> None:
        """The spare set is being written."""
        self.writing = True

    def installed(self, version: str) -> None:
        """The spare set is written, and is the next one to be started."""
        self.version = self.shown = version
        self.writing = False
        self.outcome = "to be started"
        self._save()

    def started(self) -> None:
        """The camera has started with the set that is the next one."""
        if self.outcome == "to be started":
            self.decisions += 1
            self.outcome = "installed"
            self._save()

    def interrupted(self) -> None:
        """The power has gone; a set that was being written is written anew later, but for a flaw."""
        if self.writing and UpdateFlaw.POWER_CUT_KILLS in self.flaws:
            self.dead = True
            self._save()
        self.writing = False

    def released(self) -> None:
        """Both sets are written anew by the bench, as they left the factory."""
        self.version = self.shown = SOFTWARE
        self.dead = self.blocked = False
        self.files.clear()
        self._save()

    # Inside -------------------------------------------------------------------------------------------------

    def _refused(self, why: str, offer: Offer) -> None:
        self.decisions += not self.dead
        self.outcome = f"refused: {why}"
        if UpdateFlaw.BLOCKED_AFTER_REFUSAL in self.flaws:
            self.blocked = True
        if UpdateFlaw.REFUSED_SHOWN_AS_INSTALLED in self.flaws:
            self.shown = offer.version
        self._save()

    def _version_of(self, package: bytes, offer: Offer) -> str:
        flaws = self.flaws
        if not package and UpdateFlaw.EMPTY_PACKAGE_TAKEN in flaws:
            return offer.version
        as_told = bool(offer.sha512) and hashlib.sha512(package).hexdigest() == offer.sha512
        if offer.sha512 and not as_told:
            raise RefusedPackageError("not as offered")
        try:
            parts = _members(package, LARGEST)
        except RefusedPackageError:
            beginning = _members(package, LARGEST, whole=False)
            if "kernel" in beginning and UpdateFlaw.CUT_PACKAGE_KILLS in flaws:
                self.dead = True
            if "kernel" in beginning and UpdateFlaw.CUT_TRANSFER_COUNTS in flaws:
                return str(_object(beginning.get(MANIFEST, b"")).get("version"))
            raise
        if UpdateFlaw.PACKAGE_WRITES_ANYWHERE in flaws:
            self.files |= {
                name.rpartition("/")[2]: content for name, content in parts.items() if ".." in name
            }
        manifest = parts.get(MANIFEST, b"")
        if not (as_told and flaws & _HASH_IS_ENOUGH):
            self._check_signature(manifest, parts)
        content = _object(manifest)
        self._check_kind(content)
        self._check_parts(content, parts)
        return str(content["version"])

    def _check_signature(self, manifest: bytes, parts: dict[str, bytes]) -> None:
        signature = parts.get(SIGNATURE)
        if signature is None and UpdateFlaw.UNSIGNED_PACKAGE_TAKEN in self.flaws:
            return
        if signature == b"" and UpdateFlaw.EMPTY_SIGNATURE_TAKEN in self.flaws:
            return
        key = self.key
        if UpdateFlaw.PACKAGE_NAMES_ITS_KEY in self.flaws:
            try:
                named = load_pem_public_key(parts.get(SIGNER, b""))
            except ValueError:
                raise RefusedPackageError("no signer") from None
            key = named if isinstance(named, Ed25519PublicKey) else key
        try:
            key.verify(signature or b"", signed(manifest, self.flaws))
        except InvalidSignature:
            raise RefusedPackageError("signature missing or wrong") from None

    def _check_kind(self, manifest: dict[str, Any]) -> None:
        kind = manifest.get("model"), manifest.get("hardware")
        if kind != (MODEL, HARDWARE) and UpdateFlaw.OTHER_MODEL_TAKEN not in self.flaws:
            raise RefusedPackageError("for another model")
        try:
            newer = numbers(str(manifest.get("version"))) > numbers(self.version)
        except ValueError:
            raise RefusedPackageError("no version") from None
        if not newer and UpdateFlaw.OLDER_PACKAGE_TAKEN not in self.flaws:
            raise RefusedPackageError("no newer version")

    def _check_parts(self, manifest: dict[str, Any], parts: dict[str, bytes]) -> None:
        expected = {MANIFEST, SIGNATURE, SIGNER, *PARTS}
        flaws = self.flaws
        there = set(parts) | ({SIGNATURE} if UpdateFlaw.UNSIGNED_PACKAGE_TAKEN in flaws else set())
        if there != expected:
            raise RefusedPackageError("parts missing, or too many")
        hashes = manifest.get("parts")
        for name in PARTS:
            wanted = hashes.get(name) if isinstance(hashes, dict) else None
            same = hashlib.sha512(parts.get(name, b"")).hexdigest() == wanted
            if not same and UpdateFlaw.PARTS_UNCHECKED not in flaws:
                raise RefusedPackageError(f"{name} is not as signed")

    def _save(self) -> None:
        names = ("version", "shown", "decisions", "outcome", "dead", "blocked")
        self.store.save({name: getattr(self, name) for name in names})


def _members(package: bytes, most: int, *, whole: bool = True) -> dict[str, bytes]:
    """The parts of a package by name; `whole`: one that ends too early is none."""
    found: dict[str, bytes] = {}
    if len(package) > most:
        raise RefusedPackageError("too large")
    try:
        with tarfile.open(fileobj=io.BytesIO(package), mode="r:") as archive:
            for member in archive:
                file = archive.extractfile(member)
                content = file.read() if file is not None else b""
                if len(content) != member.size:
                    raise tarfile.ReadError("cut off")
                found[member.name] = content
    except (tarfile.TarError, ValueError, OSError, EOFError):
        if whole:
            raise RefusedPackageError("no package") from None
    return found


def _object(manifest: bytes) -> dict[str, Any]:
    try:
        content = json.loads(manifest)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise RefusedPackageError("no manifest")
    return content
