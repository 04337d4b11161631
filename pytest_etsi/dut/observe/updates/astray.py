"""False servers of updates: certificates that no device should take, and manifests that say what is not so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pytest_etsi.probes.packages import NotRead, alterations, raised, read_package
from pytest_etsi.probes.updates.false_server import Answers
from pytest_etsi.probes.updates.manifests import altered_text, read_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytest_etsi.dut.observe.updates.leading import Leading
    from pytest_etsi.dut.observe.updates.model import Tried
    from pytest_etsi.dut.observe.updates.settling import Handed
    from pytest_etsi.probes.packages import Means
    from pytest_etsi.probes.updates.false_server import Trouble
    from pytest_etsi.probes.updates.manifests import Manifest
    from pytest_etsi.profile.entries import UpdMechEntry
    from pytest_etsi.profile.facts import UpdatePackages

    Way = Callable[[Path, str], Handed]

__all__ = ["BY_CERTIFICATE", "BY_MANIFEST", "OTHER_NAME", "Astray", "Attempt"]

OTHER_NAME = "false-server-other-name"
BY_CERTIFICATE = {
    "false-server-unknown": "a certificate of an authority that nobody knows",
    "false-server-self-signed": "a certificate that is signed by its own key",
    OTHER_NAME: "a certificate of an authority that the device trusts, for another name",
}
"""The certificates of false servers; each tells of an altered package, by its hash and size."""
_GENUINE, _OLDER = "false-server-genuine", "manifest-older"
BY_MANIFEST = {
    _GENUINE: "the genuine package, as a control",
    "manifest-unsigned": "an altered package, by a manifest without its signature",
    "manifest-signature": "an altered package, by a manifest whose signature is another one by a character",
    "manifest-unchanged": "an altered package, by the genuine manifest",
    "manifest-raised": "an altered package, by a manifest of a higher version",
    "manifest-other-model": "a package for another model, by a manifest that tells of it",
    "manifest-elsewhere": "an altered package, by a manifest that leads to another server, without TLS",
    "manifest-traversal": "an altered package, by a manifest whose name of a file leads elsewhere",
    "answer-error-page": "a page of an error in the place of the package",
    "answer-endless": "bytes without end in the place of the package",
    "answer-redirects": "redirects that go round in the place of the package",
    _OLDER: "a genuine package of an older version, by a manifest that tells of a newer one",
}
"""What a false server says besides, where the device has asked it for something."""
_TROUBLES: tuple[Trouble, ...] = ("error-page", "endless", "redirects")
_ALTERED = ("payload-and-hash", "payload-bit")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that is to be made.

    Attributes:
        name: a word.
        what: what is handed over, in words.
        means: what it means that it is installed.
        package: that the device gets.
        version: under which.
        by: hands it over.
    """

    name: str
    what: str
    means: Means
    package: Path
    version: str
    by: Way


class Astray:
    """The attempts of one series.

    Args:
        leading: leads the device.
        entry: of 7-UpdMech.
        packages: of the maker.
        target: where an altered package may be written.

    Attributes:
        answered: the genuine package was installed from a false server; None: it was not put there.
        sums: what in the manifest looks like a sum of the package, and is none that is known.
    """

    def __init__(self, leading: Leading, entry: UpdMechEntry, packages: UpdatePackages, target: Path) -> None:
        self._leading = leading
        self._network = leading.network
        self._marker = entry.access.marker
        self._packages = packages
        self._target = target
        self._manifest = read_manifest(self._network.manifest.file)
        self._version = self._network.manifest.version or packages.version
        self._taken: str | None = None
        self.answered: bool | None = None
        self.sums: tuple[str, ...] = ()

    def tried(self, attempt: Callable[[Attempt], Tried | None]) -> Iterator[Tried]:
        """All that are worth it: further ones only where a false server was asked for something.

        Args:
            attempt: makes one; None: no more are permitted.

        Raises:
            NotRead: nothing that could be altered is found in the package.
            OSError: a package cannot be read or written.
        """
        self._alter()
        told = self._manifest.telling_of(self._packages.genuine, self._target)
        for name, what in BY_CERTIFICATE.items():
            if name == OTHER_NAME and self._network.other_name is None:
                continue
            one = attempt(
                self._made(name, f"an altered package, by a false server with {what}", told, by=name)
            )
            if one is None:
                return
            yield one
            if one.met is not None and one.met.asked:
                self._taken = name
                # What is installed so shows all that further ones could.
                if one.outcome != "installed":
                    yield from self._where_it_asks(attempt, told)
                return

    def _where_it_asks(self, attempt: Callable[[Attempt], Tried | None], told: Manifest) -> Iterator[Tried]:
        genuine = self._packages.genuine
        control = attempt(self._further(_GENUINE, self._manifest, package=genuine, means="state"))
        if control is None:
            return
        yield control
        self.answered = control.outcome == "installed" and control.version == self._packages.version
        if not self.answered:
            return
        keys = self._network.manifest
        places = (keys.signature, keys.address, keys.name)
        named = (self._manifest.text_at(place) for place in places if place is not None)
        known = (*(text for text in named if text), self._version, *keys.no_sums)
        self.sums = self._manifest.unexplained(self._packages.genuine, known)
        for further in self._manipulated(told):
            if (one := attempt(further)) is None:
                return
            yield one

    def older(self) -> Attempt | None:
        """The older package once the genuine one runs; None: no false server was asked, or there is none."""
        older = self._packages.older
        if not self.answered or older is None:
            return None
        version = raised(self._version)
        told = self._manifest.telling_of(self._packages.genuine, older).of_version(self._version, version)
        return self._further(_OLDER, told, package=older)

    def _manipulated(self, told: Manifest) -> Iterator[Attempt]:
        keys = self._network.manifest
        if keys.signature is not None:
            yield from self._if(told.without(keys.signature), "manifest-unsigned")
            yield from self._if(told.with_value(keys.signature, altered_text), "manifest-signature")
        if told != self._manifest:
            yield self._further("manifest-unchanged", self._manifest)
        higher = told.of_version(self._version, raised(self._version))
        if higher != told:
            yield self._further("manifest-raised", higher)
        if (other := self._packages.other_model) is not None:
            of_other = self._manifest.telling_of(self._packages.genuine, other)
            yield self._further("manifest-other-model", of_other, package=other)
        if (at := keys.address) is not None and told.with_value(at, str) is not None:
            yield self._further("manifest-elsewhere", told, address=at)
        if (at := keys.name) is not None and (marker := self._marker) is not None:
            yield from self._if(told.with_value(at, lambda _: marker.name), "manifest-traversal")
        for trouble in _TROUBLES:
            yield self._further(f"answer-{trouble}", told, trouble=trouble)

    def _if(self, manifest: Manifest | None, name: str) -> Iterator[Attempt]:
        if manifest is not None:
            yield self._further(name, manifest)

    def _alter(self) -> None:
        made = {one.name: one for one in alterations(read_package(self._packages.genuine), self._version)}
        for name in _ALTERED:
            if name in made:
                try:
                    made[name].write(self._target)
                except NotRead:
                    continue
                return
        raise NotRead("nothing that could be altered is found in the package")

    def _further(
        self,
        name: str,
        manifest: Manifest,
        *,
        package: Path | None = None,
        means: Means = "misuse",
        address: str = "",
        trouble: Trouble = "",
    ) -> Attempt:
        assert self._taken is not None  # noqa: S101 - nothing further is tried otherwise
        return self._made(
            name,
            f"{BY_MANIFEST[name]}, by a false server",
            manifest,
            by=self._taken,
            package=package,
            means=means,
            address=address,
            trouble=trouble,
        )

    def _made(
        self,
        name: str,
        what: str,
        manifest: Manifest,
        *,
        by: str,
        package: Path | None = None,
        means: Means = "misuse",
        address: str = "",
        trouble: Trouble = "",
    ) -> Attempt:
        given = package or self._target
        network = self._network

        def answers(own: str) -> Answers:
            told = manifest
            if address:
                # The path stays: it is the one by which the package is known.
                told = manifest.with_value(address, lambda url: own + urlsplit(url).path) or manifest
            return Answers(network.manifest.path, told.content, network.package, given, trouble)

        def hand_over(_: Path, __: str) -> Handed:
            return self._leading.by_false_server(
                answers,
                certificate=network.other_name if by == OTHER_NAME else None,
                self_signed=by == "false-server-self-signed",
            )

        return Attempt(name, what, means, given, self._packages.version, hand_over)
