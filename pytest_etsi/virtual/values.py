"""Everything a profile needs to know about the virtual camera, as text by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_etsi.virtual.device import firmware, identity
from pytest_etsi.virtual.device.certificates import Certificates
from pytest_etsi.virtual.device.storage import write
from pytest_etsi.virtual.maker.packages import NEWER, release

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_etsi.virtual.device.identity import Factory
    from pytest_etsi.virtual.place import Place

__all__ = ["TLS12_SUITES", "TLS13_SUITES", "prepare", "values"]

TLS12_SUITES = (
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
)
TLS13_SUITES = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
"""The cipher suites that the camera and its cloud offer, by their IANA names."""


def values(directory: Path, factory: Factory, place: Place) -> dict[str, str]:
    """The values of the camera in `directory`; they do not change while it runs."""
    camera = factory.camera
    certificates = Certificates.at(directory)
    site = f"https://{place.host}:{place.site}"
    return {
        "host": place.host,
        "ports": str(place.base),
        "block": place.block,
        "http": str(place.http),
        "https": str(place.https),
        "telnet": str(place.telnet),
        "rtsps": str(place.rtsps),
        "mdns": str(place.mdns),
        "ssdp": str(place.ssdp),
        "site": str(place.site),
        "cloud": str(place.cloud),
        "push": str(place.push),
        "control": str(place.control),
        "http_url": f"http://{place.host}:{place.http}",
        "https_url": f"https://{place.host}:{place.https}",
        "site_url": site,
        "manual_url": f"{site}/manual",
        "policy_url": f"{site}/security",
        "support_url": f"{site}/support",
        "privacy_url": f"{site}/privacy",
        "cloud_url": f"https://{place.host}:{place.cloud}",
        "control_url": f"http://{place.host}:{place.control}",
        "control_token": factory.secret("control", 24),
        "cloud_token": factory.secret("customer", 24),
        "neighbour_token": factory.secret("neighbour", 24),
        "console": str(directory / "console"),
        "packages": str(directory / "packages"),
        "newer": NEWER,
        "factory_csv": str(directory / "factory.csv"),
        "ca": str(certificates.ca),
        "image": str(directory / "firmware.bin"),
        "state": str(directory),
        "manufacturer": identity.MANUFACTURER,
        "model": identity.MODEL,
        "hardware": identity.HARDWARE,
        "software": identity.SOFTWARE,
        "serial": camera.serial,
        "spare_serial": factory.spare.serial,
        "mac": camera.mac,
        "ssid": camera.ssid,
        "owner_username": "owner",
        "owner_password": factory.secret("owner", 16),
        "viewer_username": "viewer",
        "viewer_password": factory.secret("viewer", 16),
        "stream_username": "stream",
        "stream_password": camera.password,
        "uuid": factory.uuid("discovery"),
        "password_alphabet": identity.ALPHABET,
        "tls12_suites": ",".join(TLS12_SUITES),
        "tls13_suites": ",".join(TLS13_SUITES),
    }


def prepare(directory: Path, factory: Factory, place: Place) -> None:
    """Write the files that the values name: certificates, the factory's list and packages."""
    certificates = Certificates.at(directory)
    certificates.ensure(place.host, factory.camera.serial)
    certificates.special("elsewhere.pem", identity.MANUFACTURER, ["www.example.net"])
    write(directory / "factory.csv", factory.to_csv())
    write(directory / "firmware.bin", firmware.image(directory, factory))
    release(directory / "packages", factory)
