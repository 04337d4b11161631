"""What the firmware images that the profile names give away, and whether the device uses keys that lie in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_etsi.dut.observe.consoles import known_secrets
from pytest_etsi.probes.needles import Needles
from pytest_etsi.verdict import Cause, Inconclusive, inconclusive

if TYPE_CHECKING:
    from pytest_etsi.dut.core import Core
    from pytest_etsi.probes.image import ImageObservation
    from pytest_etsi.probes.services import Service

__all__ = ["ImagesSeen", "KeyInUse", "observe_images"]


@dataclass(frozen=True, slots=True)
class KeyInUse:
    """A key in an image by which a service of the device identifies itself.

    Attributes:
        port: of the service, by TCP.
        what: "TLS" or "SSH".
        place: in the image.
        fingerprint: of the find in the image.
    """

    port: int
    what: str
    place: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class ImagesSeen:
    """The search of all images.

    Attributes:
        images: each of them.
        in_use: keys in them that services show; looked for where an image has keys only.
        gaps: what could not be looked at, one sentence each.
        short: names of known secrets that are too short to be searched for.
    """

    images: tuple[ImageObservation, ...] = ()
    in_use: tuple[KeyInUse, ...] = ()
    gaps: tuple[str, ...] = ()
    short: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Builtins only."""
        return {
            "images": [one.to_json() for one in self.images],
            "in_use": [
                {"port": one.port, "what": one.what, "place": one.place, "fingerprint": one.fingerprint}
                for one in self.in_use
            ],
            "gaps": list(self.gaps),
            "short": list(self.short),
        }


def observe_images(dut: Core) -> ImagesSeen:
    """Search the images of the profile, once in a run; nothing is asked of the device unless they hold keys.

    Raises:
        Inconclusive: one of them cannot be read (``bench``).
    """
    return dut.recorder.once("images", lambda: _observe(dut))


def _observe(dut: Core) -> ImagesSeen:
    from pytest_etsi.probes.image import search_image

    known = known_secrets(dut)
    images = []
    for number, named in enumerate(dut.profile.access.images, start=1):
        dut.progress(f"searching image {number} of {len(dut.profile.access.images)}")
        try:
            images.append(search_image(named.path, known))
        except OSError as error:
            inconclusive(
                f"the image {named.path.name} cannot be read: {error.strerror or error}",
                cause=Cause.BENCH,
                settle="make it readable, or name another one under access.images",
            )
        finally:
            dut.progress("")
    gaps: list[str] = []
    # Without an image nothing is searched for.
    short = Needles(known).short if images else ()
    seen = ImagesSeen(tuple(images), tuple(_in_use(dut, images, gaps)), tuple(gaps), short)
    dut.recorder.observed("images", seen)
    return seen


def _in_use(dut: Core, images: list[ImageObservation], gaps: list[str]) -> list[KeyInUse]:
    """Keys in the images that services show: whoever has one of them is taken for the device."""
    finds = [
        one
        for image in images
        for one in image.found
        if one.kind == "private key" and (one.key_sha256 or one.ssh_sha256)
    ]
    if not finds or dut.profile.access.network is None:
        return []
    used: dict[tuple[int, str], KeyInUse] = {}
    try:
        services = dut.network.services_so_far().services
    except Inconclusive as error:
        gaps.append(f"whether services use the keys in the image was not seen: {error.reason}")
        return []
    for service in services:
        keys = _shown(dut, service, gaps)
        what = "SSH" if service.kind == "ssh" else "TLS"
        for one in finds:
            if keys & ({one.key_sha256, one.ssh_sha256} - {""}):
                used[service.port, one.fingerprint] = KeyInUse(service.port, what, one.place, one.fingerprint)
    return list(used.values())


def _shown(dut: Core, service: Service, gaps: list[str]) -> frozenset[str]:
    """SHA-256 of the keys that a service shows."""
    try:
        if service.kind == "ssh":
            return dut.network.ssh_settings(service.host, service.port).keys
        if service.tls:
            return dut.network.tls(service.host, service.port, service=service).keys
    except Inconclusive as error:
        gaps.append(f"the key of tcp/{service.port} was not seen: {error.reason}")
    return frozenset()
